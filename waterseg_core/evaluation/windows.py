# SPDX-License-Identifier: GPL-3.0-or-later
"""A raster with polygons of its water, cut into windows that are scored one by one.

The raster is segmented once, as a whole; windows only serve the statistics: they are what is
averaged and resampled. Memory holds one row of windows.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from waterseg_core.errors import Cancelled
from waterseg_core.evaluation.answers import answered
from waterseg_core.evaluation.cases import Answered, Looked, Watch, smallest_body
from waterseg_core.geo import Window
from waterseg_core.options import SegmentOptions
from waterseg_core.pipeline import Progress, open_scene
from waterseg_core.raster import Scene
from waterseg_core.raster_area import Area, area_of_interest
from waterseg_core.segmenter import Segmenter

__all__ = ["WindowSource"]


@dataclass(frozen=True, eq=False)
class WindowCase:
    """One window of a raster."""

    scene: Scene
    water: Area
    window: Window
    smallest: float

    @property
    def name(self) -> str:
        """The raster's name, and where the window is."""
        return f"{self.scene.name} row {self.window.row} col {self.window.col}"

    @property
    def group(self) -> str:
        """Windows are blocks of land: each is a group of its own."""
        return self.name

    def look(self) -> Looked:
        """Pixels, the truth burnt on them, and where the raster has data."""
        tile = self.scene.read(self.window)
        water = self.water.inside(tile.georef, tile.height, tile.width)
        return Looked(tile.rgb, water, tile.valid, self.smallest)


class WindowSource:
    """A raster and the vector file of its water; see `cases.Source`.

    Raises RasterError if the raster cannot be used or has no CRS where polygons have one, and
    AreaError if the polygons cannot be used or lie elsewhere.
    """

    unit = "windows"
    prompt: str | None = None

    def __init__(self, raster: str, truth: str, options: SegmentOptions, side: int) -> None:
        self._scene = scene = open_scene(raster, options)
        self._truth = truth
        size = (scene.height, scene.width)
        water = area_of_interest(None, None, truth, scene.georef, size)
        assert water is not None
        water.window(scene.georef, *size, margin=0)  # raises AreaError where they do not overlap
        self._side = side
        smallest = smallest_body(scene, options)
        self.cases = [
            WindowCase(scene, water, Window(row, col, *_shape(size, row, col, side)), smallest)
            for row in range(0, scene.height, side)
            for col in range(0, scene.width, side)
        ]
        cut = f"{scene.name} is scored in {len(self.cases)} windows of up to {side} px."
        self.notes = (*scene.notes, *water.notes, cut)

    def fingerprint(self) -> str:
        """Of the raster as it is shown, and of the truth's file."""
        file = Path(self._truth.split("|")[0])
        stamp = file.stat().st_mtime_ns if file.exists() else 0
        words = f"{self._scene.fingerprint()} {self._truth} {stamp} {self._side}"
        return hashlib.sha256(words.encode()).hexdigest()

    def answers(
        self,
        segmenter: Segmenter,
        options: SegmentOptions,
        start: int,
        work: Path,
        cancel: threading.Event | None,
        watch: Watch,
    ) -> Iterator[Answered]:
        """Segment the raster, then read the answer window by window."""
        scene, cases = self._scene, iter(self.cases)
        show = partial(_show, watch)
        with answered(scene, segmenter, options, work, cancel, show) as answer:
            per_pixel = answer.seconds / (scene.height * scene.width)
            number = 0
            for rows in answer.probability(self._side):
                for col in range(0, scene.width, self._side):
                    if cancel is not None and cancel.is_set():
                        raise Cancelled("Stopped.")
                    window = next(cases).window
                    if number >= start:
                        part = np.ascontiguousarray(rows[:, col : col + self._side])
                        found, seconds = answer.found(window), per_pixel * part.size
                        peak = answer.peak
                        yield Answered(found, part, seconds, peak.process, peak.gpu)
                    number += 1

    def close(self) -> None:
        """Close the raster."""
        self._scene.close()


def _show(watch: Watch, done: Progress) -> None:
    watch(done.tiles_done, done.tiles_total, "tiles")


def _shape(size: tuple[int, int], row: int, col: int, side: int) -> tuple[int, int]:
    return min(side, size[0] - row), min(side, size[1] - col)
