# SPDX-License-Identifier: GPL-3.0-or-later
"""build_set: from scenes and what is drawn on them to a training set, the story on one screen.

    inputs -> plan (no pixels) -> hidden folder -> chips, row by row -> index, card, map -> rename

Memory is one row of chips, whatever the scenes' size. A set is complete or absent; a run that is
stopped or killed goes on with the chips it has made, and gives the same bytes.
"""

from __future__ import annotations

import importlib.metadata
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from waterseg_core.dataset.card import write_card
from waterseg_core.dataset.chips import Made, chip_id, make_chip, write_chip
from waterseg_core.dataset.drawn import Drawn
from waterseg_core.dataset.folder import About, Chip, write_index
from waterseg_core.dataset.hidden import Hidden, told
from waterseg_core.dataset.map import write_map
from waterseg_core.dataset.plan import Plan, PlannedChip, Site, plan_sites
from waterseg_core.errors import Cancelled, DatasetError
from waterseg_core.geo import Window
from waterseg_core.maskcodec import MaskCodec, compute_on_one_core
from waterseg_core.options_dataset import BuildOptions
from waterseg_core.raster import Scene

__all__ = ["BuildProgress", "Built", "Input", "build_set", "site_of"]

#: Chips that are made at once.
WORKERS = min(os.cpu_count() or 1, 8)


@dataclass(frozen=True, eq=False)
class Input:
    """A scene, what is drawn on its grid, and what a person decided about chips (see `Site`)."""

    scene: Scene
    drawn: Drawn
    decided: Mapping[tuple[int, int], str] = field(default_factory=dict)
    alike: str = ""


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """Chips done of all chips that the plan wants, and how many of them hold water."""

    done: int
    total: int
    wet: int


@dataclass(frozen=True)
class Built:
    """A set that was made: its folder, chips, and sentences for the person."""

    path: Path
    chips: tuple[Chip, ...]
    notes: tuple[str, ...]
    resumed: int


Watch = Callable[[BuildProgress], None]


def site_of(given: Input) -> Site:
    """What a plan needs to know of an input."""
    scene = given.scene
    overview = scene.overview.valid

    def data(window: Window) -> float:
        rows, cols = overview.shape
        top, low = (row * rows // scene.height for row in (window.row, window.stop_row - 1))
        left, right = (col * cols // scene.width for col in (window.col, window.stop_col - 1))
        return float(overview[top : low + 1, left : right + 1].mean())

    return Site(
        scene.name,
        scene.georef,
        scene.height,
        scene.width,
        given.drawn,
        given.decided,
        data,
        given.alike,
    )


def build_set(
    inputs: Sequence[Input],
    out: Path,
    options: BuildOptions,
    *,
    plan: Plan | None = None,
    progress: Watch | None = None,
    cancel: threading.Event | None = None,
) -> Built:
    """Make a training set of the inputs in the folder `out`, which appears when it is whole.

    All inputs have the same labels. plan: of the same inputs, if somebody has it already.
    Raises DatasetError, RasterError, CodecError, OutputError, and Cancelled once `cancel` is
    set: then the same call goes on later.
    """
    codec = MaskCodec.load(options.codec)
    _check_names(inputs)
    plan = plan or plan_sites([site_of(each) for each in inputs], options)
    if not any(chip.state == "water" for chip in plan.taken):
        raise DatasetError(_no_water(plan, options))
    about = _about(inputs, options, codec, plan)
    hidden = Hidden.claim(out, _job(inputs, plan, about))
    try:
        resumed = len(hidden.chips)
        work = _Work(inputs, plan, options, codec, hidden, progress, cancel)
        chips, notes = work.run()
        notes = (*about.notes, *notes)
        with told(out):
            _finish(hidden, inputs, About(**{**vars(about), "notes": notes}), chips, options)
    finally:
        hidden.release()
    return Built(out, chips, notes, resumed)


def _finish(
    hidden: Hidden,
    inputs: Sequence[Input],
    about: About,
    chips: Sequence[Chip],
    options: BuildOptions,
) -> None:
    """Write what describes the chips, and put the set in its place."""
    write_map(hidden.set / "map.png", [each.scene for each in inputs], chips)
    write_card(hidden.set / "README.md", hidden.target.name, about, chips, options.min_iou)
    write_index(hidden.set, about, chips)
    hidden.finish()


@dataclass(eq=False)
class _Work:
    """The chips of a plan, made one after the other."""

    inputs: Sequence[Input]
    plan: Plan
    options: BuildOptions
    codec: MaskCodec
    hidden: Hidden
    watch: Watch | None
    cancel: threading.Event | None

    def run(self) -> tuple[tuple[Chip, ...], tuple[str, ...]]:
        """All chips in the plan's order, and notes about those that could not be made."""
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
        notes: tuple[str, ...] = ()
        if useless:
            notes = (f"{useless} chips left out that hold too little data (--min-known).",)
        return tuple(chips), notes

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

    def _make(self, planned: PlannedChip, given: Input, tile: Any) -> Chip | None:
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


def _check_names(inputs: Sequence[Input]) -> None:
    names = [each.scene.name for each in inputs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DatasetError(
            f"Two rasters are called {twice[0]}: their chips could not be told apart. Rename one."
        )


def _no_water(plan: Plan, options: BuildOptions) -> str:
    counts = ", ".join(f"{count} {state}" for state, count in plan.counts.items() if count)
    return (
        f"No chip of {options.tile} pixels holds enough water to learn from ({counts}). Draw more, "
        "or look at --tile, --min-water, --min-known and --aoi."
    )


def _about(inputs: Sequence[Input], options: BuildOptions, codec: MaskCodec, plan: Plan) -> About:
    labels = inputs[0].drawn.labels
    notes: Iterable[str] = (
        *(note for each in inputs for note in (*each.scene.notes, *each.drawn.notes)),
        *plan.notes,
    )
    return About(
        prefix=options.prefix or "segment " + " ; ".join(labels),
        labels=labels,
        codec=codec.path.name,
        codec_sha256=codec.sha256,
        options=_said(options, plan),
        sources=tuple(each.scene.name for each in inputs),
        licence=options.licence,
        notes=tuple(dict.fromkeys(notes)),
        waterseg=importlib.metadata.version("waterseg-core"),
    )


def _said(options: BuildOptions, plan: Plan) -> dict[str, Any]:
    """The options as `dataset.json` states them: nothing in it depends on where files are."""
    values = dict(vars(options))
    for name in ("masks", "aoi", "codec"):
        values[name] = Path(values[name]).name if values[name] else None
    layout = vars(plan.layout) if plan.layout is not None else None
    return {**values, "layout": layout}


def _job(inputs: Sequence[Input], plan: Plan, about: About) -> dict[str, Any]:
    """Everything that finished chips depend on."""
    return {
        "scenes": [each.scene.fingerprint() for each in inputs],
        "drawn": [each.drawn.fingerprint() for each in inputs],
        "about": vars(about),
        "chips": [
            [chip.site, chip.id, chip.split, chip.group, chip.trusted] for chip in plan.taken
        ],
    }
