# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening: the decisions about a raster as a whole, taken once, before any window is read.

Bands and nodata, then the part inside the area, then the resolution, then collar and contrast
from a sample that spans the whole raster. So a place looks the same whichever area it is in.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from waterseg_core.errors import NoPixelsError, OptionError
from waterseg_core.geo import Window
from waterseg_core.raster_area import Area, area_of_interest
from waterseg_core.raster_collar import Collar, blackest, find_collar, is_black
from waterseg_core.raster_pixels import Pixels
from waterseg_core.raster_rows import RowBuffer, View
from waterseg_core.raster_source import Source
from waterseg_core.raster_stretch import Stretch, choose_stretch

__all__ = ["Opening"]

# The raster is thinned out to at most this many rows and columns to decide about it.
SAMPLE = 1024
# A resolution this near to the raster's own is meant to be the same.
SAME_RESOLUTION = 0.01


class Opening:
    """The steps from an open file to a View of it; call them in the order they stand here."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.sources = [source]
        self.notes = list(source.notes)
        self.area: Area | None = None
        self.factor = 1.0

    def choose(self, bands: Sequence[int] | None, nodata: str) -> None:
        """Decide which bands are read and what marks missing pixels; look at a sample."""
        source = self.source
        self.pixels = Pixels(source, None if bands is None else tuple(bands), nodata)
        self.notes += self.pixels.notes
        shape = (min(source.height, SAMPLE), min(source.width, SAMPLE))
        self.sample, self.known = self.pixels.read(self.whole, shape)
        self.guess = nodata == "auto"

    @property
    def whole(self) -> Window:
        """All of the raster."""
        return Window(0, 0, self.source.height, self.source.width)

    def scale(self, resolution: float | None) -> None:
        """Decide how many of the raster's pixels make one of the scene's, along each axis."""
        if resolution is None:
            return
        native = self.source.georef.pixel_size_m(*self.whole.shape)
        if not (math.isfinite(resolution) and resolution > 0):
            raise OptionError(f"--resolution {resolution:g}: must be metres per pixel, above 0.")
        if native is None:
            raise OptionError(
                f"--resolution {resolution:g}: {self.source.name} has no CRS, so the size of its "
                "pixels in metres is not known."
            )
        if resolution < native * (1 - SAME_RESOLUTION):
            raise OptionError(
                f"--resolution {resolution:g}: {self.source.name} has pixels of {native:.4g} m; "
                "only coarser ones can be made of them."
            )
        if resolution > native * (1 + SAME_RESOLUTION):
            self.factor = resolution / native
            self.notes.append(f"Pixels of {native:.4g} m are averaged to {resolution:.4g} m.")

    def crop(
        self,
        bbox: Sequence[float] | None,
        bbox_crs: str | None,
        aoi: str | None,
        context_px: int,
    ) -> None:
        """Decide which part of the raster is read: the area and some pixels around it."""
        self.window, georef = self.whole, self.source.georef
        self.area = area_of_interest(bbox, bbox_crs, aoi, georef, self.whole.shape)
        if self.area is not None:
            margin = math.ceil(context_px * self.factor)
            self.window = self.area.window(georef, *self.whole.shape, margin)
            self.notes += self.area.notes

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) of the scene, once area and resolution are decided."""
        height, width = (max(round(side / self.factor), 1) for side in self.window.shape)
        return height, width

    def view(self, stretch: str) -> View:
        """Decide about collar and contrast, and put everything together."""
        collar = None
        if self.guess:
            collar = find_collar(self.pixels, self.window, self.sample, self.known)
        if collar is not None:
            self.known &= ~self._black(self.sample)
            if collar.area:
                share = collar.area / self.window.area
                self.notes.append(
                    f"A black collar that the file does not declare ({share:.1%} of the pixels) "
                    "is taken as missing (see --nodata)."
                )
        shown, note = choose_stretch(stretch, self._values(collar), self.pixels.dtype)
        self.notes += [note] if note else []
        self._warn_of_storage()
        return self._view(shown, collar)

    def _view(self, stretch: Stretch, collar: Collar | None) -> View:
        window = self.window
        height, width = self.shape
        georef = self.source.georef.at(window)
        pixels = self.pixels
        crop: tuple[float, ...] = (window.row, window.col, *window.shape)
        if (height, width) != window.shape:
            georef = georef.scaled(window.height / height, window.width / width)
            pixels = self._overview() if collar is None else pixels
            down = pixels.source.height / self.source.height
            across = pixels.source.width / self.source.width
            crop = tuple(part * by for part, by in zip(crop, (down, across) * 2, strict=True))
        return View(pixels, crop, (height, width), georef, stretch, collar, self.area)

    def _overview(self) -> Pixels:
        """The coarsest overview that is still finer than the scene, else the raster itself."""
        level = self.source.overview(self.pixels.bands, self.factor)
        if level is None:
            return self.pixels
        self.sources.append(Source(self.source.path, overview=level))
        return self.pixels.of(self.sources[-1])

    def _values(self, collar: Collar | None) -> npt.NDArray[Any]:
        """Valid values `(bands, n)` to take the contrast from; raises NoPixelsError."""
        if self.known.any():
            return self.sample[:, self.known]
        for strip in self.source.strips(self.whole):
            for piece in self.source.pieces(strip):
                values, valid = self.pixels.read(piece)
                if collar is not None:
                    valid &= ~self._black(values)
                if valid.any():
                    return values[:, valid]
        raise NoPixelsError(
            f"{self.source.name} has no valid pixel: all of it is marked as missing (see --nodata)."
        )

    def _black(self, values: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        return is_black(values, blackest(self.pixels) or 0)

    def check(self, rows: RowBuffer) -> None:
        """Raise NoPixelsError if nothing that is shown is valid."""
        if self.area is None and self.known.any():
            return
        if not rows.any_valid():
            raise NoPixelsError(
                f"{self.source.name} has no valid pixel inside the area: either its pixels there "
                "are marked as missing, or the area holds no pixel's centre."
            )

    def digest(self) -> str:
        """A hash of the sample: it changes with the raster's content, wherever the raster is."""
        return hashlib.sha256(np.ascontiguousarray(self.sample).tobytes()).hexdigest()

    def _warn_of_storage(self) -> None:
        if self.source.one_block:
            self.notes.append(
                f"{self.source.name} is stored in blocks of more than a thousand rows and reads "
                "slowly; a copy made with gdal_translate -of COG reads fast."
            )
