# SPDX-License-Identifier: GPL-3.0-or-later
"""JobFolder: everything there is to know about one job, on disk.

description.json  what was ordered          pixels/   what has arrived
state.json        how far it is             strips/   the finished strips
raster.vrt        the raster, no pixels     preview/  their polygons, for the map
aoi.fgb           the area of interest      set/      the training set, until it is packed
                                            result/   the polygons or the packed set, and files
                                                      made of them
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
import shapely.geometry

from waterseg_core.errors import OptionError, OutputError
from waterseg_core.geo import Window
from waterseg_core.jobs_description import Description
from waterseg_core.jobs_description_dataset import DatasetDescription
from waterseg_core.jobs_description_segment import SegmentDescription
from waterseg_core.jobs_files import write_whole
from waterseg_core.jobs_pixels import AHEAD_BYTES, Spool
from waterseg_core.jobs_preview import Preview
from waterseg_core.jobs_source import SpoolSource, write_frame
from waterseg_core.jobs_state import State
from waterseg_core.jobs_windows import Sending
from waterseg_core.raster import Scene
from waterseg_core.raster_opening import Opening

__all__ = ["JobFolder", "described"]

DESCRIPTION, STATE, AOI = "description.json", "state.json", "aoi.fgb"
PIXELS, STRIPS, PREVIEW, RESULT = "pixels", "strips", "preview", "result"
SET = "set"
#: The kinds of jobs. Another one is a class here, and one in `jobs_job.RUNS` that does it.
KINDS: tuple[type[Description], ...] = (SegmentDescription, DatasetDescription)


class JobFolder:
    """One job's folder, opened. Raises what `Description.of` raises, AreaError and OutputError.

    about: what was ordered. shape: (height, width) of the scene that the model will see.
    sending, spool, preview, state: see their modules. `lock` guards the state.
    """

    def __init__(
        self, path: Path, ahead: int = AHEAD_BYTES, about: Description | None = None
    ) -> None:
        self.path, self.id = path, path.name
        self.about = about or described(json.loads((path / DESCRIPTION).read_bytes()))
        self.lock = threading.RLock()
        area, self.shape = self._area()
        self.sending = Sending.of(self.about, area)
        self.spool = Spool(path / PIXELS, self.about, self.sending, ahead)
        self.preview = Preview(path / PREVIEW)
        self.state = State.load(path / STATE) if (path / STATE).is_file() else State()

    @classmethod
    def create(
        cls,
        path: Path,
        words: Mapping[str, Any],
        about: Description,
        ahead: int = AHEAD_BYTES,
    ) -> JobFolder:
        """The folder of a new job, if its area makes sense; nothing is left if not.

        about: what the `words` say.
        """
        try:
            path.mkdir(parents=True)
        except OSError as error:
            raise OutputError(
                f"The server cannot make the job's folder: {error.strerror}. Whoever runs it can "
                "name another place with --work-dir."
            ) from error
        try:
            write_frame(path, about)
            if about.aoi is not None and about.crops:
                _write_area(path / AOI, about)
            write_whole(path / DESCRIPTION, json.dumps(dict(words)).encode(), durable=True)
            folder = cls(path, ahead, about)
            folder.save()
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
        return folder

    @property
    def strips(self) -> Path:
        """Where the finished strips are."""
        return self.path / STRIPS

    @property
    def set(self) -> Path:
        """Where a training set is made."""
        return self.path / SET

    def result(self, name: str) -> Path:
        """Where a file of the result is."""
        return self.path / RESULT / name

    def save(self) -> None:
        """Keep the state."""
        with self.lock:
            self.state.save(self.path / STATE)

    def disown(self) -> None:
        """Nobody takes this folder for a job any more."""
        (self.path / DESCRIPTION).unlink(missing_ok=True)

    def clear_result(self) -> None:
        """Forget the result of an earlier run."""
        shutil.rmtree(self.path / RESULT, ignore_errors=True)

    def clear_pixels(self) -> None:
        """Forget the pixels: they are not needed any more."""
        shutil.rmtree(self.path / PIXELS, ignore_errors=True)

    def open_scene(self) -> Scene:
        """The scene as a file's would be; waits for the pixels that decide about it."""
        options = self.about.options
        return Scene.of(
            SpoolSource(self.path, self.about, self.spool),
            bands=tuple(range(1, self.about.bands + 1)),
            stretch=options.stretch,
            nodata=options.nodata,
            resolution=options.resolution,
            aoi=self._aoi,
            **self.about.crop,
        )

    @property
    def _aoi(self) -> str | None:
        """The file with the area that the scene is cropped to, if it is."""
        return str(self.path / AOI) if self.about.crops and self.about.aoi is not None else None

    def _area(self) -> tuple[Window, tuple[int, int]]:
        """The part of the raster that is needed, and the size of the scene made of it."""
        about = self.about
        nothing = Sending((), 0, None, Window(0, 0, 1, 1))
        spool = Spool(self.path / PIXELS, about, nothing)
        source = SpoolSource(self.path, about, spool)
        try:
            opening = Opening(source)
            opening.scale(about.options.resolution)
            opening.crop(aoi=self._aoi, **about.crop)
        finally:
            source.close()
        return opening.window, opening.shape


def described(words: Mapping[str, Any]) -> Description:
    """What was ordered. Raises what `Description.of` raises, OptionError for an unknown kind."""
    kind = words.get("kind", SegmentDescription.kind)
    for known in KINDS:
        if known.kind == kind:
            return known.of(words)
    raise OptionError(f"kind {kind}: this server knows {', '.join(known.kind for known in KINDS)}.")


def _write_area(path: Path, about: Description) -> None:
    shape = shapely.geometry.shape(about.aoi)
    pyogrio.raw.write(
        path,
        geometry=np.array([shapely.to_wkb(shape)], object),
        field_data=[],
        fields=[],
        crs=about.georef.crs.to_wkt() if about.georef.crs else None,
        geometry_type=shape.geom_type,
        driver="FlatGeobuf",
    )
