# SPDX-License-Identifier: GPL-3.0-or-later
"""DrawnMask: a mask raster of the scene's size, as what is drawn on it.

With one class any value that is not 0 is water. With several, value k is the k-th class, 255 is
unknown. Nodata is unknown. Anything else is no mask, and said to be none: a grey JPEG has
dozens of values, and guessing a threshold is for `waterseg dataset import --audit fix`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.drawn import Classes
from waterseg_core.errors import DatasetError
from waterseg_core.geo import Georef, Window
from waterseg_core.raster_burn import Burner
from waterseg_core.raster_source import Source

__all__ = ["DrawnMask"]

#: A mask lies where the scene does if no corner is further off than this, in pixels.
OFF_PX = 0.5


class DrawnMask:
    """A mask raster, on the grid of `height` x `width` pixels that chips are cut from.

    scene: (height, width) and place of the raster that it belongs to; the grid may be coarser:
    then the value under a pixel's centre counts. area: where the labelling is complete.
    Raises DatasetError if it has another size or place, or is no mask.
    """

    def __init__(
        self,
        path: str,
        labels: Sequence[str],
        scene: tuple[Georef, int, int],
        grid: tuple[int, int],
        area: Burner | None = None,
    ) -> None:
        self.labels = tuple(labels)
        self._source = Source(path)
        self._grid, self._area = grid, area
        self.notes: tuple[str, ...] = ()
        try:
            self._check_place(*scene)
            self._values = self._check_values()
        except BaseException:
            self._source.close()
            raise

    @property
    def is_everywhere(self) -> bool:
        """See `Drawn`."""
        return self._area is None

    def classes(self, window: Window, trusted: bool = False) -> Classes:
        """See `Drawn`."""
        rows = self._under(window.row, window.height, self._grid[0], self._source.height)
        cols = self._under(window.col, window.width, self._grid[1], self._source.width)
        read = Window(
            int(rows[0]),
            int(cols[0]),
            int(rows[-1] - rows[0]) + 1,
            int(cols[-1] - cols[0]) + 1,
        )
        values, known = self._read(read)
        at = np.ix_(rows - rows[0], cols - cols[0])
        classes = np.where(known[at], self._classes_of(values[at]), UNKNOWN).astype(np.uint8)
        if self._area is not None and not trusted:
            classes[self._area.burn(window) == 0] = UNKNOWN
        return classes

    def fingerprint(self) -> str:
        """See `Drawn`."""
        stamps = []
        for file in self._source.files:
            about = os.stat(file)
            stamps.append(f"{file} {about.st_size} {about.st_mtime_ns}")
        area = self._area.fingerprint() if self._area is not None else ""
        return " ".join([*self.labels, *stamps, area])

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    @staticmethod
    def _under(start: int, count: int, grid: int, size: int) -> npt.NDArray[np.int64]:
        """The mask's rows (or columns) under the centres of the grid's."""
        centres = (np.arange(start, start + count) + 0.5) * (size / grid)
        return np.minimum(centres.astype(np.int64), size - 1)

    def _read(self, window: Window) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
        source = self._source
        values = source.read([1], window)[0]
        nodata = source.dataset.nodatavals[0]
        known = np.ones(values.shape, bool)
        if nodata is not None and nodata != 0:  # a nodata of 0 is how tools write "no water"
            known = values != nodata
        return values, known

    def _classes_of(self, values: npt.NDArray[Any]) -> Classes:
        if len(self.labels) == 1 and self._values <= {0, self._one}:
            values = values == self._one
        return np.asarray(values, np.uint8)

    @property
    def _one(self) -> int:
        """The one value that is water where there are no others."""
        return next(iter(self._values - {0}), 1)

    def _check_place(self, georef: Georef, height: int, width: int) -> None:
        own, name = self._source, self._source.name
        if (own.height, own.width) != (height, width):
            raise DatasetError(
                f"{name} has {own.height} x {own.width} pixels, the scene {height} x {width}: a "
                "mask raster must have the scene's own size."
            )
        if own.georef.crs is None or georef.crs is None:
            return
        corners = np.array(own.georef.corners(height, width))
        meant = np.array([~georef.transform @ tuple(at) for at in corners])
        there = np.array([(0, 0), (width, 0), (width, height), (0, height)])
        if np.abs(meant - there).max() > OFF_PX or not own.georef.crs.equals(georef.crs):
            raise DatasetError(
                f"{name} does not lie where the scene does: its corners or its CRS are others."
            )

    def _check_values(self) -> set[int]:
        """The values that there are, if they are those of a mask."""
        name = self._source.name
        if self._source.dtype.kind not in "iub":
            raise DatasetError(f"{name} is not a mask: it holds {self._source.dtype} values.")
        found: set[int] = set()
        for strip in self._source.strips(Window(0, 0, self._source.height, self._source.width)):
            for piece in self._source.pieces(strip):
                values, known = self._read(piece)
                found |= set(np.unique(values[known]).tolist())
            if len(found) > UNKNOWN + 1:
                break
        wet = found - {0}
        if not wet:
            raise DatasetError(f"{name} is empty: nothing is drawn in it.")
        if not self._fits(wet):
            raise DatasetError(_no_mask(name, found, self.labels))
        return found

    def _fits(self, wet: set[int]) -> bool:
        if len(wet) == 1 and len(self.labels) == 1:
            return True
        return wet - {UNKNOWN} <= set(range(1, len(self.labels) + 1))


def _no_mask(name: str, found: set[int], labels: Sequence[str]) -> str:
    some = ", ".join(str(value) for value in sorted(found)[:6])
    more = f" and {len(found) - 6} more" if len(found) > 6 else ""
    means = ", ".join(f"{number} {label}" for number, label in enumerate(labels, 1))
    return (
        f"{name} is not a mask: it holds the values {some}{more}. A mask holds 0 (dry), {means} "
        "and 255 (unknown); name several classes with --label, and make a mask of a grey picture "
        "with waterseg dataset import --audit fix."
    )
