# SPDX-License-Identifier: GPL-3.0-or-later
"""TileGrid: the window that each tile of a raster reads, its blending weight and its strip.

Along each axis tiles are as few as the overlap allows and spread evenly. Between neighbours
i and i+1 lies one ramp S_i, a raised cosine of the overlap's width, quantised to 0..256. The
weight of tile i is S_{i-1} - S_i: a telescoping sum, so the weights of all tiles add up to
exactly 256 on every row and every column, and their products to 65536 on every pixel, in
integers. A tile's weight is flat in its middle and falls only inside the overlap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from waterseg_core.errors import OptionError
from waterseg_core.geo import Window

__all__ = ["AXIS_WEIGHT", "PIXEL_WEIGHT", "GridTile", "Strip", "TileGrid"]

AXIS_WEIGHT = 256  # what the weights of one axis add up to
PIXEL_WEIGHT = AXIS_WEIGHT * AXIS_WEIGHT  # what row weight x column weight adds up to


@dataclass(frozen=True, slots=True)
class GridTile:
    """One tile's place: running number, tile row, tile column and the pixels it reads."""

    index: int
    row_index: int
    col_index: int
    window: Window


@dataclass(frozen=True)
class Strip:
    """Rows `row_start` to `row_stop` of the raster (half-open), final once `tiles` are fed.

    The tiles reach further down than `row_stop`: what lies below is finished by the next strip.
    """

    index: int
    row_start: int
    row_stop: int
    grid: TileGrid
    tile_rows: range

    @property
    def tiles(self) -> tuple[GridTile, ...]:
        """The strip's tiles, row by row. Made on demand: a large raster has a million."""
        cols = range(self.grid.cols)
        return tuple(self.grid.tile_at(row, col) for row in self.tile_rows for col in cols)

    @property
    def height(self) -> int:
        """Rows that are final after this strip, at least 1."""
        return self.row_stop - self.row_start


@dataclass(frozen=True)
class _Axis:
    """One axis of the grid: where tiles start and how their weights hand over."""

    size: int
    tile: int
    overlap: int

    @cached_property
    def extent(self) -> int:
        """Length of every tile; a raster smaller than a tile has one of its own size."""
        return min(self.size, self.tile)

    @cached_property
    def count(self) -> int:
        """The fewest tiles that cover the axis with neighbours overlapping enough."""
        if self.size <= self.tile:
            return 1
        return 1 + -(-(self.size - self.tile) // (self.tile - self.overlap))

    def start(self, index: int) -> int:
        """First pixel of a tile: evenly spread, in integers."""
        if index == 0:
            return 0
        return index * (self.size - self.extent) // (self.count - 1)

    def weights(self, index: int) -> npt.NDArray[np.uint16]:
        """Weights 0..256 of a tile, uint16 `(extent,)`."""
        pixels = np.arange(self.extent) + self.start(index)
        rising = self._ramp(index - 1, pixels)
        return (rising - self._ramp(index, pixels)).astype(np.uint16)

    def _ramp(self, index: int, pixels: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """S_index at these pixels: 0 before the seam between tile `index` and the next, 256 after.

        Every ramp is the same function of the distance to its seam, shifted; that is why the
        difference of two neighbours is never negative, however much they overlap.
        """
        if index < 0:
            return np.full(pixels.shape, AXIS_WEIGHT)
        if index >= self.count - 1:
            return np.zeros(pixels.shape, np.int64)
        # Twice the distance from the pixel's centre to the seam keeps everything an integer.
        seam = self.start(index + 1) + self.start(index) + self.extent
        twice = 2 * pixels + 1 - seam
        if self.overlap == 0:
            return np.where(twice >= 0, AXIS_WEIGHT, 0)
        along = np.clip((twice / self.overlap + 1) / 2, 0.0, 1.0)
        return np.rint(AXIS_WEIGHT * (0.5 - 0.5 * np.cos(np.pi * along))).astype(np.int64)


class TileGrid:
    """The tiles of a raster of `height` x `width` pixels.

    tile: side in pixels; overlap_px: the least overlap of neighbours, 0 <= overlap_px < tile;
    rows_per_strip: tile rows that make one strip of work. Raises OptionError for nonsense.
    """

    def __init__(
        self, height: int, width: int, tile: int, overlap_px: int, rows_per_strip: int = 1
    ) -> None:
        if height < 1 or width < 1:
            raise OptionError(f"A raster of {height} x {width} pixels has nothing to tile.")
        if tile < 1:
            raise OptionError(f"The tile size must be at least 1 pixel, not {tile}.")
        if not 0 <= overlap_px < tile:
            raise OptionError(
                f"The overlap of {overlap_px} px must be at least 0 and less than the tile's "
                f"{tile} px."
            )
        if rows_per_strip < 1:
            raise OptionError(f"A strip has at least one row of tiles, not {rows_per_strip}.")
        self.height, self.width = height, width
        self.tile, self.overlap_px, self.rows_per_strip = tile, overlap_px, rows_per_strip
        self._down = _Axis(height, tile, overlap_px)
        self._across = _Axis(width, tile, overlap_px)

    @property
    def rows(self) -> int:
        """Number of tile rows."""
        return self._down.count

    @property
    def cols(self) -> int:
        """Number of tile columns."""
        return self._across.count

    def __len__(self) -> int:
        return self.rows * self.cols

    def __iter__(self) -> Iterator[GridTile]:
        return (self.tile_at(row, col) for row in range(self.rows) for col in range(self.cols))

    def __repr__(self) -> str:
        return (
            f"TileGrid({self.height}, {self.width}, tile={self.tile}, "
            f"overlap_px={self.overlap_px}, rows_per_strip={self.rows_per_strip})"
        )

    def tile_at(self, row_index: int, col_index: int) -> GridTile:
        """The tile of that tile row and tile column."""
        window = Window(
            self._down.start(row_index),
            self._across.start(col_index),
            self._down.extent,
            self._across.extent,
        )
        return GridTile(row_index * self.cols + col_index, row_index, col_index, window)

    @cached_property
    def strips(self) -> tuple[Strip, ...]:
        """The work from top to bottom: the strips' rows partition the raster's."""
        strips = []
        row_start = 0
        for index, first in enumerate(range(0, self.rows, self.rows_per_strip)):
            stop = min(first + self.rows_per_strip, self.rows)
            row_stop = self._down.start(stop) if stop < self.rows else self.height
            strips.append(Strip(index, row_start, row_stop, self, range(first, stop)))
            row_start = row_stop
        return tuple(strips)

    def weights(self, tile: GridTile) -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]]:
        """(row weights `(h,)`, column weights `(w,)`), uint16 0..256.

        A pixel's weight in this tile is the product of the two. Over all tiles that hold the
        pixel these products add up to exactly 65536.
        """
        return self._down.weights(tile.row_index), self._across.weights(tile.col_index)
