# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending: which windows of a raster a client shall send, and in which order.

Blocks that do not overlap, so that no pixel travels twice; only those that the area needs. For
a raster that is larger than its overview also four lines, one pixel thick, along its sides: a
collar thinner than the overview's step is looked for there before the first block is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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

    def holders(self, window: Window) -> Iterator[tuple[int, Window]]:
        """Numbers of the windows that together hold `window`, each with its share of it."""
        for number, line in enumerate(self.windows[: self.lines]):
            if line.contains(window):
                yield number, window
                return
        top, left = self.area.row // BLOCK, self.area.col // BLOCK
        cols = (self.area.stop_col - 1) // BLOCK - left + 1
        inside = window.intersection(self.area)
        if inside is None:
            return
        for row in range(inside.row // BLOCK, (inside.stop_row - 1) // BLOCK + 1):
            for col in range(inside.col // BLOCK, (inside.stop_col - 1) // BLOCK + 1):
                number = self.lines + (row - top) * cols + col - left
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


def _blocks(area: Window, height: int, width: int) -> Iterator[Window]:
    for row in range(area.row // BLOCK * BLOCK, area.stop_row, BLOCK):
        for col in range(area.col // BLOCK * BLOCK, area.stop_col, BLOCK):
            yield Window(row, col, min(BLOCK, height - row), min(BLOCK, width - col))
