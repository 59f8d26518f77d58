# SPDX-License-Identifier: GPL-3.0-or-later
"""RowBuffer: finished rows of a scene, each read, stretched and (if asked) averaged once.

Tiles are asked for row by row, and neighbours overlap. So whole rows of the file's blocks are
kept as bytes while tiles need them: each block is decoded once, and memory depends on the
width of the scene, not on its height. Where cuts lie depends on the scene alone, never on the
window that is asked for, so a pixel has one value whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from waterseg_core.geo import Georef, Window
from waterseg_core.raster_area import Area
from waterseg_core.raster_collar import Collar
from waterseg_core.raster_pixels import Pixels
from waterseg_core.raster_stretch import Stretch

__all__ = ["RowBuffer", "View", "averaged"]

# At most this much is kept for one chunk of rows, however wide the scene is.
CHUNK_PX = 1 << 25


@dataclass(frozen=True, eq=False)
class View:
    """How a scene shows a raster: which part, how coarse, how bright, and where it is valid.

    pixels: the raster or its overview to read from. crop: the part shown, in that source's
    pixels, as (row, col, height, width), fractions where it is an overview. shape: (height,
    width) of the scene; a scene's pixel is the average of the crop's pixels under it.
    """

    pixels: Pixels
    crop: tuple[float, ...]
    shape: tuple[int, int]
    georef: Georef
    stretch: Stretch
    collar: Collar | None
    area: Area | None

    @property
    def native(self) -> bool:
        """True if the scene's pixels are the source's own."""
        return self.crop[2:] == self.shape


class RowBuffer:
    """Rows of a View, kept in chunks as uint8 RGB and validity."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.cuts = _cuts(view)
        self._chunks: dict[int, tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]] = {}

    def read(self, window: Window) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
        """(rgb uint8 `(h, w, 3)`, valid bool `(h, w)`), copies, of a window inside the scene."""
        rgb = np.empty((*window.shape, 3), np.uint8)
        valid = np.empty(window.shape, bool)
        first = int(np.searchsorted(self.cuts, window.row, "right")) - 1
        last = int(np.searchsorted(self.cuts, window.stop_row, "left")) - 1
        needed = range(first, last + 1)
        self._chunks = {k: chunk for k, chunk in self._chunks.items() if k in needed}
        for k in needed:
            start, stop = max(self.cuts[k], window.row), min(self.cuts[k + 1], window.stop_row)
            to = slice(start - window.row, stop - window.row)
            of = slice(start - self.cuts[k], stop - self.cuts[k])
            chunk_rgb, chunk_valid = self.chunk(k)
            cols = slice(window.col, window.stop_col)
            rgb[to], valid[to] = chunk_rgb[of, cols], chunk_valid[of, cols]
        return rgb, valid

    def any_valid(self) -> bool:
        """True if the scene has at least one valid pixel; reads until it finds one."""
        for k in range(len(self.cuts) - 1):
            self._chunks.clear()
            if self.chunk(k)[1].any():
                return True
        return False

    def chunk(self, k: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
        """Rows `cuts[k]` to `cuts[k + 1]` of the scene; read if they are not in the buffer."""
        if k not in self._chunks:
            self._chunks[k] = self._read_chunk(self.cuts[k], self.cuts[k + 1])
        return self._chunks[k]

    def _read_chunk(
        self, start: int, stop: int
    ) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
        view = self.view
        rows = Window(start, 0, stop - start, view.shape[1])
        rgb = np.empty((*rows.shape, 3), np.uint8)
        valid = np.empty(rows.shape, bool)
        for piece in self._pieces(rows):
            values, good = _values(view, piece)
            to = piece.shifted(-start, 0).slices
            # One band fills all three colours.
            rgb[to] = np.moveaxis(view.stretch.apply(values), 0, -1)
            rgb[to][~good] = 0
            valid[to] = good
        if view.area is not None:
            # What lies around the area stays visible: the model needs to see the whole shore.
            valid &= view.area.inside(view.georef.at(rows), *rows.shape)
        return rgb, valid

    def _pieces(self, rows: Window) -> Iterator[Window]:
        """The same rows, a piece at a time, in the scene's pixels."""
        view = self.view
        row, col = int(view.crop[0]), int(view.crop[1])
        if view.native:
            for piece in view.pixels.source.pieces(rows.shifted(row, col)):
                yield piece.shifted(-row, -col)
            return
        step = max(int(512 * view.shape[1] / view.crop[3]), 1)
        for start in range(0, rows.width, step):
            yield Window(rows.row, start, rows.height, min(step, rows.width - start))


def _cuts(view: View) -> list[int]:
    """Rows of the scene where chunks begin, and its height: where rows of blocks begin."""
    height, width = view.shape
    source = view.pixels.source
    if not view.native:
        step = max(int(source.block_rows * height / view.crop[2]), 1)
        return [*range(0, height, step), height]
    rows = source.block_rows
    if rows * width > CHUNK_PX:
        rows = max(CHUNK_PX // width, 16)
    top = int(view.crop[0])
    first = rows - top % rows
    return [0, *range(first, height, rows), height] if first < height else [0, height]


def _values(view: View, window: Window) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """Raw values and validity of a window of the scene."""
    top, left, crop_height, crop_width = view.crop
    if view.native:
        return _read(view, window.shifted(int(top), int(left)))
    height, width = view.shape
    row_edges = top + np.arange(window.row, window.stop_row + 1) * (crop_height / height)
    col_edges = left + np.arange(window.col, window.stop_col + 1) * (crop_width / width)
    source = view.pixels.source
    row_edges = np.clip(row_edges, 0, source.height)
    col_edges = np.clip(col_edges, 0, source.width)
    row, col = int(row_edges[0]), int(col_edges[0])
    stop_row, stop_col = int(np.ceil(row_edges[-1])), int(np.ceil(col_edges[-1]))
    values, valid = _read(view, Window(row, col, stop_row - row, stop_col - col))
    return averaged(values, valid, row_edges - row, col_edges - col)


def _read(view: View, window: Window) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    values, valid = view.pixels.read(window)
    if view.collar is not None:
        valid &= ~view.collar.mask(window)
    return values, valid


def averaged(
    values: npt.NDArray[Any],
    valid: npt.NDArray[np.bool_],
    row_edges: npt.NDArray[np.float64],
    col_edges: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """The mean of the valid pixels in each cell that the edges cut out of `(bands, h, w)`.

    Edges are in pixels, rising, not necessarily whole: a pixel counts by its share in the cell.
    A cell is valid if at least half of it is. Float64 `(bands, H, W)` and bool `(H, W)`.
    """
    share = _box_sums(_box_sums(valid.astype(np.float64), row_edges, 0), col_edges, 1)
    cells = np.multiply.outer(np.diff(row_edges), np.diff(col_edges))
    means = np.empty((len(values), *share.shape))
    for band, mean in zip(values, means, strict=True):
        known = np.where(valid, band, 0).astype(np.float64)
        total = _box_sums(_box_sums(known, row_edges, 0), col_edges, 1)
        np.divide(total, share, out=mean, where=share > 0)
        mean[share <= 0] = 0
    return means, share >= cells * (0.5 - 1e-9)


def _box_sums(
    values: npt.NDArray[np.float64], edges: npt.NDArray[np.float64], axis: int
) -> npt.NDArray[np.float64]:
    """Sums between edges along an axis: differences of the running sum, linear inside a pixel."""
    running = np.cumsum(values, axis=axis)
    running = np.insert(running, 0, 0.0, axis=axis)
    below = np.minimum(edges.astype(int), values.shape[axis] - 1)
    part = (edges - below).reshape((-1, 1) if axis == 0 else (1, -1))
    lower = np.take(running, below, axis=axis)
    upper = np.take(running, below + 1, axis=axis)
    return np.diff(lower + part * (upper - lower), axis=axis)
