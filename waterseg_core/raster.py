# SPDX-License-Identifier: GPL-3.0-or-later
"""Scene: the only reader of pixels. A raster as the model should see it, window by window.

Bands, contrast, missing pixels, area and resolution are decided once, when a scene is opened,
and told in `notes`. After that a pixel has one value, whatever window it is read in.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import numpy as np

from waterseg_core.geo import Tile, Window
from waterseg_core.raster_opening import Opening
from waterseg_core.raster_rows import RowBuffer, View
from waterseg_core.raster_source import Source

__all__ = ["Scene"]


class Scene:
    """A raster as the model sees it; made by `Scene.open`, closed by `close` or `with`.

    name: the file's name. height, width, georef: of the grid that `read` speaks of, which is
    that of the area, at the resolution asked for. bands: numbers from 1, one (grey) or three.
    notes: sentences about what was decided and what the user should know. overview: the whole
    raster, whatever the area, thinned out to at most 1024 rows and columns by the nearest pixel.
    """

    def __init__(self, opening: Opening, stretch: str) -> None:
        self._view = view = opening.view(stretch)
        self._sources = opening.sources
        self._sample = opening.digest()
        self.path = opening.source.path
        self.name = opening.source.name
        self.height, self.width = view.shape
        self.georef = view.georef
        self.bands = view.pixels.bands
        self.notes = tuple(opening.notes)
        self._rows = RowBuffer(view)
        self._lock = threading.Lock()
        self.overview = _overview(opening, view)
        opening.check(self._rows)

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        bands: Sequence[int] | None = None,
        stretch: str = "auto",
        nodata: str = "auto",
        bbox: Sequence[float] | None = None,
        bbox_crs: str | None = None,
        aoi: str | os.PathLike[str] | None = None,
        resolution: float | None = None,
        context_px: int = 0,
    ) -> Scene:
        """Open a file, /vsi... path or URL that GDAL can read, and decide how to show it.

        bands: from 1, one or three (red, green, blue). stretch: auto, none, minmax, percentile
        or "LO,HI". nodata: auto, none or a number. bbox: left, bottom, right, top in `bbox_crs`
        (the raster's own CRS if None). aoi: a vector file, `|layername=NAME` where it has
        several. resolution: metres per pixel, not finer than the raster's own. context_px:
        pixels around the area that are read, for the model to see, though they are not valid.

        Raises RasterError (NoPixelsError if nothing is valid), AreaError and OptionError.
        """
        return cls.of(
            Source(os.fspath(path)),
            bands=bands,
            stretch=stretch,
            nodata=nodata,
            bbox=bbox,
            bbox_crs=bbox_crs,
            aoi=None if aoi is None else os.fspath(aoi),
            resolution=resolution,
            context_px=context_px,
        )

    @classmethod
    def of(
        cls,
        source: Source,
        *,
        bands: Sequence[int] | None = None,
        stretch: str = "auto",
        nodata: str = "auto",
        bbox: Sequence[float] | None = None,
        bbox_crs: str | None = None,
        aoi: str | None = None,
        resolution: float | None = None,
        context_px: int = 0,
    ) -> Scene:
        """The scene of an open source, which is closed with it; the rest is as in `open`."""
        opening = Opening(source)
        try:
            opening.choose(bands, nodata)
            opening.scale(resolution)
            opening.crop(bbox, bbox_crs, aoi, context_px)
            return cls(opening, stretch)
        except BaseException:
            for source in opening.sources:
                source.close()
            raise

    def read(self, window: Window) -> Tile:
        """The pixels of a window that lies inside the scene.

        Cheap if windows are read row by row of tiles. Raises RasterError where the file is
        damaged, ValueError for a window that reaches outside.
        """
        if not Window(0, 0, self.height, self.width).contains(window):
            raise ValueError(f"{window} reaches outside a scene of {self.height} x {self.width}.")
        with self._lock:
            rgb, valid = self._rows.read(window)
        return Tile(rgb, valid, window, self.georef.at(window))

    def fingerprint(self) -> str:
        """64 hex digits that change when the file or what is shown of it changes."""
        view = self._view
        about: dict[str, Any] = {
            "path": self.path if self._sources[0].remote else os.path.abspath(self.path),
            "files": [_stamp(file) for file in self._sources[0].files],
            "grid": [self.height, self.width, *self.georef.transform],
            "crs": self.georef.crs.to_wkt() if self.georef.crs else None,
            "crop": view.crop,
            "bands": view.pixels.bands,
            "nodata": repr(view.pixels.nodata),
            "stretch": [view.stretch.low, view.stretch.high, view.stretch.lift],
            "collar": view.collar.area if view.collar else None,
            "area": view.area.geometry.wkb_hex if view.area else None,
            "sample": self._sample,
        }
        return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()

    def close(self) -> None:
        """Close the file; reading is over."""
        for source in self._sources:
            source.close()

    def __enter__(self) -> Scene:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Scene {self.name}: {self.height} x {self.width}>"


def _overview(opening: Opening, view: View) -> Tile:
    """The sample that the decisions were taken from, as the scene shows it."""
    known = opening.known
    height, width = known.shape
    # One band fills all three colours.
    rgb = np.empty((height, width, 3), np.uint8)
    rgb[:] = np.moveaxis(view.stretch.apply(opening.sample), 0, -1)
    rgb[~known] = 0
    source = opening.source
    georef = source.georef.scaled(source.height / height, source.width / width)
    return Tile(rgb, known, Window(0, 0, height, width), georef)


def _stamp(file: str) -> list[Any]:
    """What changes when a file does; nothing for files that are not on this computer."""
    try:
        about = os.stat(file)
    except OSError:
        return [file]
    return [file, about.st_size, about.st_mtime_ns]
