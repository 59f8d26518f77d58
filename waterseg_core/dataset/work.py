# SPDX-License-Identifier: GPL-3.0-or-later
"""Work: the chips of a plan, made one after the other, a few at a time, and kept as they come.

Pixels are read row by row in one thread; masks, answers and files are made in others. Chips that
an interrupted run has made are taken as they are.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from waterseg_core.dataset.chips import Made, chip_id, make_chip, write_chip
from waterseg_core.dataset.drawn import Drawn
from waterseg_core.dataset.folder import Chip
from waterseg_core.dataset.hidden import Hidden, told
from waterseg_core.dataset.plan import Plan, PlannedChip
from waterseg_core.errors import Cancelled
from waterseg_core.geo import Tile
from waterseg_core.maskcodec import MaskCodec, compute_on_one_core
from waterseg_core.options_dataset import BuildOptions
from waterseg_core.raster import Scene

__all__ = ["BuildProgress", "Input", "Watch", "Work"]

#: Chips that are made at once.
WORKERS = min(os.cpu_count() or 1, 8)


@dataclass(frozen=True, eq=False)
class Input:
    """A scene, what is drawn on its grid, and what a person decided about chips (see `Site`).

    alike: its group of pictures, where its place is unknown. notes: about the input.
    """

    scene: Scene
    drawn: Drawn
    decided: Mapping[tuple[int, int], str] = field(default_factory=dict)
    alike: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """Chips done of all chips that the plan wants, and how many of them hold water.

    planning: first all chips of the grid are looked at, without pixels, and that is counted.
    """

    done: int
    total: int
    wet: int
    planning: bool = False


Watch = Callable[[BuildProgress], None]


@dataclass(eq=False)
class Work:
    """The chips of a plan, made one after the other."""

    inputs: Sequence[Input]
    plan: Plan
    options: BuildOptions
    codec: MaskCodec
    hidden: Hidden
    watch: Watch | None
    cancel: threading.Event | None

    def run(self) -> tuple[tuple[Chip, ...], str]:
        """All chips in the plan's order, and a note about those that could not be made."""
        chips: list[Chip] = []
        useless = 0
        taken = self.plan.taken
        wet = 0
        for done, chip in enumerate(self._in_order(taken), start=1):
            if chip is None:
                useless += 1
            else:
                chips.append(chip)
                wet += not chip.is_dry
            if self.watch is not None:
                self.watch(BuildProgress(done, len(taken), wet))
        note = (
            f"{useless} of {len(taken)} planned chips left out: only their pixels show that they "
            "hold too little data (--min-known)."
        )
        return tuple(chips), note if useless else ""

    def _in_order(self, taken: Sequence[PlannedChip]) -> Iterator[Chip | None]:
        """Each chip, written; a few are in the making at any time."""
        waiting: deque[Future[Chip | None]] = deque()
        with ThreadPoolExecutor(WORKERS, "waterseg-chip", compute_on_one_core) as pool:
            try:
                for planned in taken:
                    self._stop_if_asked(taken)
                    waiting.append(self._start(planned, pool))
                    if len(waiting) > 2 * WORKERS:
                        yield self._kept(waiting.popleft())
                while waiting:
                    yield self._kept(waiting.popleft())
            finally:
                for future in waiting:
                    future.cancel()

    def _start(self, planned: PlannedChip, pool: ThreadPoolExecutor) -> Future[Chip | None]:
        given = self.inputs[planned.site]
        old = self.hidden.chips.get(chip_id(given.scene.name, planned.window))
        if old is not None:
            future: Future[Chip | None] = Future()
            future.set_result(old)
            return future
        tile = given.scene.read(planned.window)
        return pool.submit(self._make, planned, given, tile)

    def _make(self, planned: PlannedChip, given: Input, tile: Tile) -> Chip | None:
        classes = given.drawn.classes(planned.window, planned.trusted)
        drawn = given.drawn
        made = make_chip(tile, classes, drawn.labels, self.codec, self.options.target)
        if self._is_useless(made, planned):
            return None
        scene = given.scene
        with told(self.hidden.target):
            return write_chip(
                self.hidden.set,
                made,
                scene.name,
                scene.georef,
                planned.window,
                planned.split,
                planned.group,
            )

    def _is_useless(self, made: Made, planned: PlannedChip) -> bool:
        """Whether the pixels turned out to hold no data where the plan needs some."""
        dried = planned.state == "water" and not made.answer.suffix
        return dried or made.known_share < self.options.min_known

    def _kept(self, future: Future[Chip | None]) -> Chip | None:
        chip = future.result()
        if chip is not None and chip.id not in self.hidden.chips:
            self.hidden.keep(chip)
            self.hidden.chips[chip.id] = chip
        return chip

    def _stop_if_asked(self, taken: Sequence[PlannedChip]) -> None:
        if self.cancel is not None and self.cancel.is_set():
            raise Cancelled(
                f"Stopped after {len(self.hidden.chips)} of {len(taken)} chips. Run the same again "
                "to go on."
            )
