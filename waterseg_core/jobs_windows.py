# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending: which windows of a raster a client shall send, and in which order.

Blocks that do not overlap, so that no pixel travels twice; only those that the area needs. For
a raster that is larger than its overview also four lines, one pixel thick, along its sides: a
collar thinner than the overview's step is looked for there before the first block is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from waterseg_core.geo import Window
from waterseg_core.jobs_description import Description
from waterseg_core.raster_opening import SAMPLE

__all__ = ["BLOCK", "Sending"]

#: Side of a block, in pixels.
BLOCK = 512


@dataclass(frozen=True)
class Sending:
    """What is to be sent.

    windows: the lines, if any, then the blocks row by row. lines: how many are lines. overview:
    (height, width) of the thinned-out raster, None where the raster is small enough to be its
    own. area: the part of the raster whose blocks are sent.
    """

    windows: tuple[Window, ...]
    lines: int
    overview: tuple[int, int] | None
    area: Window

    @classmethod
    def of(cls, about: Description, area: Window) -> Sending:
        """What `about` needs for that part of its raster."""
        height, width = about.height, about.width
        small = height <= SAMPLE and width <= SAMPLE
        if small:
            area = Window(0, 0, height, width)
        lines = () if small or not _looks_for_collar(about) else _sides(height, width)
        windows = (*lines, *_blocks(area, height, width))
        overview = None if small else (min(height, SAMPLE), min(width, SAMPLE))
        return cls(windows, len(lines), overview, area)

    def touched(self, parts: Iterable[Window]) -> npt.NDArray[np.bool_]:
        """For each window whether one of the parts reaches into it; lines count as touched."""
        blocks = _rows_of_blocks(self.area)
        touched = np.zeros(blocks.shape, bool)
        for part in parts:
            inside = part.intersection(self.area)
            if inside is not None:
                there = _rows_of_blocks(inside).shifted(-blocks.row, -blocks.col)
                touched[there.slices] = True
        return np.concatenate([np.ones(self.lines, bool), touched.ravel()])

    def holders(self, window: Window) -> Iterator[tuple[int, Window]]:
        """Numbers of the windows that together hold `window`, each with its share of it."""
        for number, line in enumerate(self.windows[: self.lines]):
            if line.contains(window):
                yield number, window
                return
        blocks = _rows_of_blocks(self.area)
        inside = window.intersection(self.area)
        if inside is None:
            return
        there = _rows_of_blocks(inside)
        for row in range(there.row, there.stop_row):
            for col in range(there.col, there.stop_col):
                number = self.lines + (row - blocks.row) * blocks.width + col - blocks.col
                common = self.windows[number].intersection(window)
                assert common is not None
                yield number, common


def _looks_for_collar(about: Description) -> bool:
    """Whether `raster_collar.find_collar` looks at all."""
    return about.options.nodata == "auto" and not about.lossy and about.nodata != 0


def _sides(height: int, width: int) -> tuple[Window, ...]:
    return (
        Window(0, 0, 1, width),
        Window(height - 1, 0, 1, width),
        Window(0, 0, height, 1),
        Window(0, width - 1, height, 1),
    )


def _rows_of_blocks(area: Window) -> Window:
    """The blocks that hold a part of the raster, counted in blocks."""
    row, col = area.row // BLOCK, area.col // BLOCK
    stop_row, stop_col = (area.stop_row - 1) // BLOCK + 1, (area.stop_col - 1) // BLOCK + 1
    return Window(row, col, stop_row - row, stop_col - col)


def _blocks(area: Window, height: int, width: int) -> Iterator[Window]:
    for row in range(area.row // BLOCK * BLOCK, area.stop_row, BLOCK):
        for col in range(area.col // BLOCK * BLOCK, area.stop_col, BLOCK):
            yield Window(row, col, min(BLOCK, height - row), min(BLOCK, width - col))
