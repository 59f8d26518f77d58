# SPDX-License-Identifier: GPL-3.0-or-later
"""Burn: polygons become pixels, a window at a time, whatever their size.

Polygons are given in pixels of the grid (x the column, y the row, from the outer corner of pixel
(0, 0)), so rotated grids are no special case. A pixel belongs to a polygon if its centre lies in
it. Large polygons are cut once into pieces along the edges of pixels, where no centre lies: a
window of an ocean's shore costs what lies in the window, and gives the same pixels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine

from waterseg_core.geo import Window
from waterseg_core.silence import one_at_a_time

__all__ = ["Burner"]

#: A piece has at most so many vertices, or is at most so many pixels high and wide.
VERTICES, SIDE = 256, 64
POLYGON = 3  # as shapely.get_type_id says it


class Burner:
    """Polygons on a grid of `height` x `width` pixels, ready to be burnt.

    geometries: polygons and multipolygons, valid, in pixels. values: for each what its pixels
    become, 1..255. Where several lie on a pixel the last one counts.
    """

    def __init__(
        self, geometries: Iterable[Any], values: Iterable[int], height: int, width: int
    ) -> None:
        pieces: list[Any] = []
        numbers: list[int] = []
        for geometry, value in zip(geometries, values, strict=True):
            for piece in _pieces(geometry, height, width):
                pieces.append(piece)
                numbers.append(value)
        self._pieces = np.array(pieces, dtype=object)
        self._values = np.array(numbers, dtype=np.uint8)
        self._tree = shapely.STRtree(self._pieces)

    def __len__(self) -> int:
        return len(self._pieces)

    def burn(self, window: Window) -> npt.NDArray[np.uint8]:
        """The window's pixels, uint8 (h, w): 0 where no polygon is, else its value."""
        near = self._near(window)
        burnt = np.zeros(window.shape, np.uint8)
        if len(near):
            _rasterize(self._pieces[near], self._values[near], window, burnt)
        return burnt

    def fingerprint(self) -> str:
        """64 hex digits that change when a polygon does."""
        digest = hashlib.sha256(self._values.tobytes())
        for piece in self._pieces:
            digest.update(piece.wkb)
        return digest.hexdigest()

    def _near(self, window: Window) -> npt.NDArray[np.int64]:
        box = shapely.box(window.col, window.row, window.stop_col, window.stop_row)
        return np.sort(self._tree.query(box))


def _rasterize(
    pieces: npt.NDArray[Any],
    values: npt.NDArray[np.uint8],
    window: Window,
    out: npt.NDArray[np.uint8],
) -> None:
    from rasterio.features import rasterize

    pairs = zip(pieces.tolist(), values.tolist(), strict=True)
    with one_at_a_time():  # rasterio silences a warning of its own while it burns
        rasterize(pairs, out=out, transform=Affine.translation(window.col, window.row))


def _pieces(geometry: Any, height: int, width: int) -> Iterator[Any]:
    """The parts of a geometry that may reach into the grid, cut until each is small."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    polygons = parts[shapely.get_type_id(parts) == POLYGON]
    todo = [part for part in polygons if _reaches(part, height, width)]
    while todo:
        part = todo.pop()
        left, top, right, bottom = part.bounds
        large = max(right - left, bottom - top) > SIDE
        if shapely.get_num_coordinates(part) <= VERTICES or not large:
            yield part
            continue
        for half in _halves(left, top, right, bottom):
            cut = shapely.get_parts(shapely.clip_by_rect(part, *half))
            cut = cut[shapely.get_type_id(cut) == POLYGON]
            todo += [one for one in cut if _reaches(one, height, width)]


def _reaches(part: Any, height: int, width: int) -> bool:
    left, top, right, bottom = part.bounds
    return bool(right > 0 and bottom > 0 and left < width and top < height)


def _halves(
    left: float, top: float, right: float, bottom: float
) -> tuple[tuple[float, float, float, float], ...]:
    """A box cut in two along the edge of a pixel, across its longer side."""
    if right - left >= bottom - top:
        middle = round((left + right) / 2)
        return (left - 1, top - 1, middle, bottom + 1), (middle, top - 1, right + 1, bottom + 1)
    middle = round((top + bottom) / 2)
    return (left - 1, top - 1, right + 1, middle), (left - 1, middle, right + 1, bottom + 1)
