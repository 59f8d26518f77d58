# SPDX-License-Identifier: GPL-3.0-or-later
"""What a set needs to go on after Cancel, a failure, or the end of QGIS.

The engine keeps the chips. Here stands which job they belong to, and what was asked for, with
what was drawn then: one JSON file per set in the user's profile, like the records of runs that
look for water.
"""

import os
import uuid
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timezone

from qgis.core import QgsRectangle

from . import layer_tiles
from .record_shelf import Shelf
from .run_record import check_grid, grid_of, layer_again
from .training_request import TrainingRequest
from .words import tr

_shelf = Shelf("sets")


@dataclass(frozen=True)
class Unfinished:
    """How far a run came, kept as long as QGIS runs. request: a `TrainingRequest`."""

    request: object = None
    job: str = ""
    engine: str = ""
    done: int = 0
    total: int = 0
    message: str = ""

    def changed(self, **values):
        """The same run, further on."""
        return replace(self, **values)

    def begin(self):
        """It goes on: nothing to note."""

    def end(self):
        """It does not go on any more: nothing to note."""

    def discard(self):
        """There is nothing on disk that would have to go."""


@dataclass(frozen=True)
class TrainingRecord(Unfinished):
    """The same, on disk from the moment when it has a job. created: UTC, ISO 8601.

    kept: what was read from disk, as long as there is no request.
    """

    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    created: str = field(default_factory=lambda: datetime.now(timezone.utc).isoformat())
    kept: dict = field(default_factory=dict)

    @property
    def name(self):
        """What the set is called."""
        output = self.kept.get("output") if self.request is None else self.request.output
        return os.path.basename(output or "")

    def revived(self):
        """The same with its request again; on the main thread. Raises LayerError."""
        return self if self.request is not None else replace(self, request=_request(self.kept))

    def changed(self, **values):
        """The same run, further on; written if that is more than some chips."""
        new = replace(self, **values)
        if new.job and values.keys() & {"job", "message", "request"}:
            new.write()
        return new

    def write(self):
        """Write it: whole or not at all."""
        said = {"job": self.job, "engine": self.engine, "created": self.created}
        said["request"] = self.kept if self.request is None else _kept(self.request)
        _shelf.write(self.key, said)

    def discard(self):
        """Forget it here; the engine's job is another matter."""
        _shelf.discard(self.key)

    def begin(self):
        """Say that it goes on in this QGIS."""
        _shelf.begin(self.key)

    def end(self):
        """Say that it does not any more."""
        _shelf.end(self.key)


def unfinished():
    """Every `TrainingRecord` of a set that was cut off or cancelled, newest first; quick."""
    return _shelf.unfinished(_read)


def _read(key, said):
    return TrainingRecord(
        job=str(said["job"]),
        engine=str(said["engine"]),
        key=key,
        created=str(said["created"]),
        kept=dict(said["request"]),
    )


def _kept(request):
    """A request without its pixels, which are read again."""
    names = [one.name for one in fields(TrainingRequest) if one.name != "pixels"]
    return {**{name: getattr(request, name) for name in names}, "grid": grid_of(request)}


def _request(kept):
    known = {one.name for one in fields(TrainingRequest)}
    place, extent = kept["layer"], kept["layer"].get("extent")
    layer = layer_again(place["id"], place["uri"], kept["layer_name"], place["provider"])
    bands = place.get("bands")
    pixels = layer_tiles.pixels_of(
        layer,
        QgsRectangle(*extent) if extent else None,
        kept.get("resolution"),
        tuple(bands) if isinstance(bands, list) else bands,
    )
    values = {name: value for name, value in kept.items() if name in known}
    request = TrainingRequest(pixels=pixels, **values)
    check_grid(request, kept["grid"])
    return request


def told(record):
    """A line about a set that was cut off."""
    return tr("{name} is not finished yet: resume it, or write another one.").format(
        name=record.name
    )
