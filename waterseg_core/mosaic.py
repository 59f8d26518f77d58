# SPDX-License-Identifier: GPL-3.0-or-later
"""Mosaic: feed it the soft masks of overlapping tiles, take finished strips of probability.

A tile's mask is quantised to 0..65535 once and then only integers are added: the weights of
all tiles sum to 65536 on every pixel, so the weighted sum fits 32 bits and one shift ends it.
Integer sums have no order: the result is the same for every order of tiles and every height of
strips, on every machine, and where all tiles agree it is exactly what they agree on. Memory is
one strip and the overlap below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from waterseg_core.errors import ModelError
from waterseg_core.grid import GridTile, Strip, TileGrid

__all__ = ["FULL", "FinishedRows", "Mosaic", "quantise"]

FULL = 65535  # the integer that stands for probability 1
WEIGHT_BITS = 16  # the weights of a pixel sum to 2 ** 16


class FinishedRows(NamedTuple):
    """Rows that no later tile changes.

    probability: uint16 `(labels, rows, width)`, 0..65535 for 0..1, 0 where invalid.
    valid: bool `(rows, width)`, True where some tile had data.
    """

    probability: npt.NDArray[np.uint16]
    valid: npt.NDArray[np.bool_]


def quantise(mask: npt.NDArray[np.float32]) -> npt.NDArray[np.uint16]:
    """Probabilities 0..1 (float32, any shape) as the integers 0..65535 that a mosaic adds."""
    integers: npt.NDArray[np.uint16] = np.rint(mask * np.float32(FULL)).astype(np.uint16)
    return integers


class Mosaic:
    """Blends the tiles of a grid, strip by strip from the top.

    For each strip of `grid.strips`: `feed` its tiles in any order, then `take` it. A tile without
    any valid pixel need not be fed. labels: masks per tile.
    """

    def __init__(self, grid: TileGrid, labels: int = 1) -> None:
        self.grid, self.labels = grid, labels
        rows = max(_reach(strip) - strip.row_start for strip in grid.strips)
        self._sums = np.zeros((labels, rows, grid.width), np.uint32)
        self._valid = np.zeros((rows, grid.width), np.bool_)
        self._next = 0
        self._fed: set[int] = set()
        tile = (min(grid.tile, grid.height), min(grid.tile, grid.width))
        self._row_weights: dict[int, npt.NDArray[np.uint32]] = {}
        self._col_weights: dict[int, npt.NDArray[np.int32]] = {}
        self._real, self._whole = np.empty(tile, np.float32), np.empty(tile, np.int32)

    @property
    def next_strip(self) -> int:
        """Index of the strip that is being fed; the number of strips when all are taken."""
        return self._next

    @property
    def nbytes(self) -> int:
        """Bytes held, whatever the height of the raster."""
        held = (self._sums, self._valid, self._real, self._whole)
        return sum(array.nbytes for array in held)

    def feed(
        self, tile: GridTile, masks: npt.NDArray[np.float32], valid: npt.NDArray[np.bool_]
    ) -> None:
        """Add one tile: masks float32 `(labels, h, w)` in 0..1, valid bool `(h, w)`.

        Whatever the masks say where `valid` is False is left out. Raises ModelError for masks
        outside 0..1 (NaN among them), ValueError for a tile of another strip, a tile that was
        fed before or arrays of another shape.
        """
        self._check(tile, masks, valid)
        rows, cols = tile.window.shifted(-self._top, 0).slices
        row_weight, col_weight = self._weights(tile)
        somewhere_invalid = not valid.all()
        for mask, sums in zip(masks, self._sums, strict=True):
            np.multiply(mask, np.float32(FULL), out=self._real)
            np.rint(self._real, out=self._real)
            np.copyto(self._whole, self._real, casting="unsafe")
            if somewhere_invalid:
                self._whole *= valid
            self._whole *= col_weight
            # The product may pass 2 ** 31: the same bits read as unsigned are the right sum.
            weighted = self._whole.view(np.uint32)
            weighted *= row_weight
            sums[rows, cols] += weighted
        self._valid[rows, cols] |= valid
        self._fed.add(tile.index)

    def take(self, strip: Strip) -> FinishedRows:
        """The strip's rows, blended; strips are taken once each, from the top."""
        if strip.index != self._next:
            raise ValueError(f"Strip {self._next} comes next, not strip {strip.index}.")
        rows = strip.row_stop - strip.row_start
        probability = np.empty((self.labels, rows, self.grid.width), np.uint16)
        np.right_shift(self._sums[:, :rows], WEIGHT_BITS, out=probability, casting="unsafe")
        finished = FinishedRows(probability, self._valid[:rows].copy())
        kept = _reach(strip) - strip.row_stop
        for buffer in (*self._sums, self._valid):
            buffer[:kept] = buffer[rows : rows + kept]
            buffer[kept:] = 0
        self._next += 1
        self._fed.clear()
        return finished

    def carry(self) -> dict[str, npt.NDArray[Any]]:
        """What later strips need of the strips taken so far: arrays for `numpy.savez`.

        `next_strip` int64 scalar, `sums` uint32 `(labels, rows, width)` and `valid` bool
        `(rows, width)` of the rows below the last strip that tiles have reached. Only between
        strips: ValueError if tiles were fed since the last `take`.
        """
        if self._fed:
            raise ValueError("A mosaic is carried over between strips, not within one.")
        rows = self._carried_rows()
        return {
            "next_strip": np.array(self._next, np.int64),
            "sums": self._sums[:, :rows].copy(),
            "valid": self._valid[:rows].copy(),
        }

    @classmethod
    def restore(cls, grid: TileGrid, carried: Mapping[str, npt.NDArray[Any]]) -> Mosaic:
        """The mosaic that `carry` was called on: goes on with the very same integers.

        Raises ValueError if what was carried is not of this grid.
        """
        mosaic = cls(grid, labels=carried["sums"].shape[0])
        mosaic._next = int(carried["next_strip"])
        shape = (mosaic.labels, mosaic._carried_rows(), grid.width)
        if carried["sums"].shape != shape or carried["valid"].shape != shape[1:]:
            raise ValueError(f"Carried sums of {grid} are {shape}, not {carried['sums'].shape}.")
        mosaic._sums[:, : shape[1]] = carried["sums"]
        mosaic._valid[: shape[1]] = carried["valid"]
        return mosaic

    @property
    def _top(self) -> int:
        """The raster row that row 0 of the buffers stands for."""
        strips = self.grid.strips
        return strips[self._next].row_start if self._next < len(strips) else self.grid.height

    def _weights(self, tile: GridTile) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int32]]:
        """Row weights as a column, column weights as a row; computed once per row and column."""
        if tile.row_index not in self._row_weights or tile.col_index not in self._col_weights:
            down, across = self.grid.weights(tile)
            # One strip's rows are enough: the next strip has others.
            if len(self._row_weights) > self.grid.rows_per_strip:
                self._row_weights.clear()
            self._row_weights[tile.row_index] = down.astype(np.uint32)[:, None]
            self._col_weights[tile.col_index] = across.astype(np.int32)
        return self._row_weights[tile.row_index], self._col_weights[tile.col_index]

    def _carried_rows(self) -> int:
        """Rows below the taken strips that their tiles have reached."""
        if self._next == 0:
            return 0
        return _reach(self.grid.strips[self._next - 1]) - self._top

    def _check(
        self, tile: GridTile, masks: npt.NDArray[np.float32], valid: npt.NDArray[np.bool_]
    ) -> None:
        strips, shape = self.grid.strips, tile.window.shape
        if self._next >= len(strips) or tile.row_index not in strips[self._next].tile_rows:
            raise ValueError(f"Tile {tile.index} is not in strip {self._next}, which comes next.")
        if tile.index in self._fed:
            raise ValueError(f"Tile {tile.index} was fed before.")
        if masks.shape != (self.labels, *shape) or valid.shape != shape:
            raise ValueError(
                f"Tile {tile.index} has masks {(self.labels, *shape)}, not {masks.shape}."
            )
        # Written so that NaN, which compares false with everything, is caught as well.
        if not (masks.min() >= 0.0 and masks.max() <= 1.0):
            raise ModelError(
                f"The model's answer for the tile at row {tile.window.row}, column "
                f"{tile.window.col} is not a probability between 0 and 1; try --dtype fp32."
            )


def _reach(strip: Strip) -> int:
    """The first row that no tile of the strip and of the strips before it reaches."""
    last = strip.tile_rows[-1]
    return strip.grid.tile_at(last, 0).window.stop_row
