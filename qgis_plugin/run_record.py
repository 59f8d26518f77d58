# SPDX-License-Identifier: GPL-3.0-or-later
"""Record: a run on disk, from its start until its result is written, so that it can go on.

One small JSON file per run in the user's profile. The polygons are kept by the engine, the
record only says which job they belong to and how to read the layer again.
"""

import uuid
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timezone

from qgis.core import QgsProject, QgsRasterLayer, QgsRectangle

from .errors import LayerError
from .record_shelf import Shelf
from .request import SegmentRequest
from .words import tr

_shelf = Shelf("runs")


@dataclass(frozen=True)
class Record:
    """One run. job: its id on `engine` ("local" or a server's address); empty before it has one.

    created: UTC, ISO 8601. grid: [height, width, *transform], to see whether the layer is
    still the same. message: why it stopped.
    """

    key: str
    created: str
    engine: str
    job: str = ""
    layer_id: str = ""
    layer_name: str = ""
    layer_uri: str = ""
    provider: str = ""
    extent: list = None
    aoi: dict = None
    resolution: float = None
    bands: object = None
    options: dict = field(default_factory=dict)
    output: str = ""
    grid: list = field(default_factory=list)
    done: int = 0
    total: int = 0
    message: str = ""

    @classmethod
    def of(cls, request, engine):
        """A new record, not written yet."""
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        same = {
            f.name: getattr(request, f.name)
            for f in fields(request)
            if f.name in {own.name for own in fields(cls)}
        }
        return cls(key=uuid.uuid4().hex, created=now, engine=engine, grid=grid_of(request), **same)

    @property
    def title(self):
        """What a list calls it."""
        if not self.total:
            return self.layer_name
        return tr("{layer}: {done} of {total} tiles").format(
            layer=self.layer_name, done=self.done, total=self.total
        )

    def request(self):
        """The same `SegmentRequest` again; on the main thread. Raises LayerError."""
        again = SegmentRequest.of(
            layer_again(self.layer_id, self.layer_uri, self.layer_name, self.provider),
            self.output,
            extent=QgsRectangle(*self.extent) if self.extent else None,
            resolution=self.resolution,
            bands=tuple(self.bands) if isinstance(self.bands, list) else self.bands,
            options=self.options,
        )
        again = replace(again, aoi=self.aoi)
        check_grid(again, self.grid)
        return again

    def changed(self, **values):
        """Another record of the same run, written to disk."""
        new = replace(self, **values)
        new.write()
        return new

    def write(self):
        """Write it: whole or not at all."""
        _shelf.write(self.key, asdict(self))

    def discard(self):
        """Forget the run here; the engine's job is another matter."""
        _shelf.discard(self.key)

    def begin(self):
        """Say that it goes on in this QGIS."""
        _shelf.begin(self.key)

    def end(self):
        """Say that it does not any more."""
        _shelf.end(self.key)


def unfinished():
    """Every `Record` of a run that was cut off or cancelled, newest first; quick."""
    return _shelf.unfinished(_read)


def _read(_key, kept):
    known = {f.name for f in fields(Record)}
    return Record(**{name: value for name, value in kept.items() if name in known})


def layer_again(layer_id, uri, name, provider):
    """The raster layer of the project, or the same one anew if the project has it no more."""
    layer = QgsProject.instance().mapLayer(layer_id)
    if layer is None or layer.source() != uri:
        layer = QgsRasterLayer(uri, name, provider)
    return layer


def check_grid(request, grid):
    """Raises LayerError if the layer is not what it was when the run began."""
    if grid_of(request) != list(grid):
        raise LayerError(
            tr(
                "{layer} has changed since the run began, so it cannot go on. Start it anew."
            ).format(layer=request.layer_name)
        )


def grid_of(request):
    """[height, width, *transform] of a request's pixels."""
    grid = request.pixels.grid
    return [grid.height, grid.width, *grid.transform]
