# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a training set: which chips there are, what each is, and who trains with it.

No pixel is needed for it, only where the grid lies and what is drawn: a dialog plans while the
person draws, and a builder reads only what the plan wants.

    sites -> chips on a grid, each looked at -> dry ones chosen -> splits dealt -> Plan
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from waterseg_core.dataset.drawn import Drawn
from waterseg_core.dataset.folder import SPLITS
from waterseg_core.dataset.look import DECISIONS, STATES, Look, Site, chip_windows, look
from waterseg_core.dataset.places import Fixed, Layout, OldChip, layouts_of, places_of
from waterseg_core.dataset.split import deal_chips
from waterseg_core.errors import OptionError
from waterseg_core.geo import Georef, Window
from waterseg_core.options_dataset import BuildOptions

__all__ = [
    "DECISIONS",
    "STATES",
    "Plan",
    "PlannedChip",
    "Site",
    "chip_grid",
    "plan_chips",
    "plan_sites",
]

#: Dry chips are chosen from squares of so many chips in turn, so that they spread over the land.
SQUARE = 4
#: After so many chips a plan tells how far it is.
TICK = 100
#: A set that would lose a larger share of its chips to the usual distance between splits does
#: without it, unless somebody asked for it. Chips that share a pixel are kept apart in any case.
MOST_LOST = 0.2
TOO_NEAR = "too near to a chip of another split (--buffer)"


@dataclass(frozen=True, slots=True)
class PlannedChip(Look):
    """A chip of a plan. split: empty where it is not taken; why: what speaks against it."""

    site: int = 0
    split: str = ""
    group: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether it will be in the set."""
        return bool(self.split)


@dataclass(frozen=True)
class Plan:
    """All chips, site by site and row by row. layout: how blocks lie, to add to the set later."""

    chips: tuple[PlannedChip, ...]
    notes: tuple[str, ...] = ()
    layout: Layout | None = None

    @property
    def taken(self) -> tuple[PlannedChip, ...]:
        """The chips of the set to be."""
        return tuple(chip for chip in self.chips if chip.is_taken)

    @property
    def counts(self) -> dict[str, int]:
        """How many chips of each state there are, and how many are taken for each split."""
        states = Counter(chip.state for chip in self.chips)
        splits = Counter(chip.split for chip in self.taken)
        return {**{state: states[state] for state in STATES}, **splits}


def chip_grid(
    georef: Georef, height: int, width: int, resolution: float | None
) -> tuple[Georef, int, int]:
    """The grid that chips are cut from, (georef, height, width), as `Scene` makes it.

    Raises OptionError where the raster has no CRS or is coarser.
    """
    if resolution is None:
        return georef, height, width
    native = georef.pixel_size_m(height, width)
    if native is None or resolution < native * 0.99:
        have = "no CRS" if native is None else f"pixels of {native:.4g} m"
        raise OptionError(f"--resolution {resolution:g}: the raster has {have}.")
    if resolution <= native * 1.01:
        return georef, height, width
    rows, cols = (max(round(side * native / resolution), 1) for side in (height, width))
    return georef.scaled(height / rows, width / cols), rows, cols


def plan_chips(
    georef: Georef,
    height: int,
    width: int,
    drawn: Drawn,
    options: BuildOptions,
    decided: Mapping[tuple[int, int], str] | None = None,
    data: Callable[[Window], float] | None = None,
) -> Plan:
    """The plan of one raster, or of its grid at another resolution (see `chip_grid`).

    decided: what the person said of chips, by (row, col) of their corners: `include`, `exclude`
    or `dry`. data: as `Site` has it.
    """
    return plan_sites([Site("", georef, height, width, drawn, decided or {}, data)], options)


def plan_sites(
    sites: Sequence[Site],
    options: BuildOptions,
    fixed: Fixed | None = None,
    tick: Callable[[int, int], None] | None = None,
) -> Plan:
    """The plan of several rasters together.

    fixed: the chips of a set that is added to. tick: called now and then with the number of chips
    looked at, and of all; it may raise Cancelled.
    """
    chips: list[PlannedChip] = []
    total = sum(1 for s in sites for _ in chip_windows(s.height, s.width, options))
    for number, site in enumerate(sites):
        for seen in look(site, options):
            chips.append(_planned(seen, number))
            if tick is not None and len(chips) % TICK == 0:
                tick(len(chips), total)
    old = fixed.chips if fixed is not None else ()
    wanted = _with_dry(chips, sites, options, {(chip.source, chip.window) for chip in old})
    if not wanted:
        return Plan(tuple(chips))
    layout = fixed.layout if fixed is not None else None
    layouts = [layout] if layout else layouts_of(sites, options, len(wanted))
    layout, dealt, notes = _deal(sites, [chips[number] for number in wanted], options, layouts, old)
    dealt_chips = _dealt(chips, dict(zip(wanted, dealt, strict=True)))
    present = {chip.split for chip in dealt_chips} | {chip.split for chip in old}
    return Plan(tuple(dealt_chips), (*notes, *_missing(present, options)), layout)


def _planned(seen: Look, site: int) -> PlannedChip:
    return PlannedChip(seen.window, seen.state, seen.why, seen.trusted, seen.water_px, site)


def _with_dry(
    chips: list[PlannedChip],
    sites: Sequence[Site],
    options: BuildOptions,
    old: Set[tuple[str, Window]],
) -> list[int]:
    """Numbers of the chips that are wanted: all with water, and the chosen dry ones.

    First the dry ones that a person chose or that are in the set already, then others.
    """
    wet = [n for n, chip in enumerate(chips) if chip.state == "water"]
    dry = [n for n, chip in enumerate(chips) if chip.state == "dry"]
    decided = [n for n in dry if _is_decided(chips[n], sites)]
    free = [n for n in dry if not _is_decided(chips[n], sites)]
    before = [n for n in free if _is_in(chips[n], sites, old)]
    room = max(round(options.negatives * len(wet)) - len(decided), 0)
    # The same land gives the same choice again, though a chip of it may have found no split.
    chosen = [n for n in itertools.islice(_spread(free, chips, options), room) if n not in before]
    return sorted([*wet, *decided, *before, *chosen[: max(room - len(before), 0)]])


def _is_decided(chip: PlannedChip, sites: Sequence[Site]) -> bool:
    said = sites[chip.site].decided.get((chip.window.row, chip.window.col))
    return said in ("include", "dry")


def _is_in(chip: PlannedChip, sites: Sequence[Site], old: Set[tuple[str, Window]]) -> bool:
    return (sites[chip.site].name, chip.window) in old


def _spread(
    numbers: Sequence[int], chips: Sequence[PlannedChip], options: BuildOptions
) -> Iterator[int]:
    """The same chips in random order, but from every square of land one before another's second."""
    rng = np.random.default_rng([options.seed, 1])
    squares: dict[tuple[int, int, int], list[int]] = {}
    side = SQUARE * options.step
    for number in numbers:
        chip = chips[number]
        at = chip.site, chip.window.row // side, chip.window.col // side
        squares.setdefault(at, []).append(number)
    queues = [rng.permutation(members).tolist() for members in squares.values()]
    while queues:
        queues = [queues[k] for k in rng.permutation(len(queues))]
        for queue in queues:
            yield queue.pop()
        queues = [queue for queue in queues if queue]


def _deal(
    sites: Sequence[Site],
    chips: Sequence[PlannedChip],
    options: BuildOptions,
    layouts: Sequence[Layout],
    old: Sequence[OldChip],
) -> tuple[Layout, list[tuple[str, str]], list[str]]:
    """The layout, (split, group) of each chip, empty where it is left out, and what that cost."""
    if options.buffer is None and layouts[0].buffer is not None:  # as it is in the set already
        options = dataclasses.replace(options, buffer=layouts[0].buffer)
    layout, dealt = _best_deal(sites, chips, options, layouts, old)
    lost = _lost(dealt)
    if options.buffer is not None or old or lost <= MOST_LOST * len(chips):
        return layout, dealt, [_cost(lost, len(chips), options.buffer_px)] if lost else []
    touching = dataclasses.replace(options, buffer=0)
    close, bare = _best_deal(sites, chips, touching, layouts, old)
    left = _lost(bare)
    if left >= lost:  # they overlap: then the buffer is not what it costs
        return layout, dealt, [_cost(lost, len(chips), 0)]
    note = (
        f"Chips of different splits may touch in this small set: the usual {options.buffer_px} "
        f"pixels between them would cost {lost} of {len(chips)} chips (see --buffer)."
    )
    return close, bare, [note, _cost(left, len(chips), 0)] if left else [note]


def _lost(dealt: Sequence[tuple[str, str]]) -> int:
    return sum(not split for split, _ in dealt)


def _cost(lost: int, count: int, buffer: int) -> str:
    """A sentence about the chips that were left out for a buffer, or because they overlap."""
    if buffer:
        return (
            f"{lost} of {count} chips left out that are nearer than {buffer} pixels to a chip of "
            "another split (see --buffer)."
        )
    return (
        f"{lost} of {count} chips left out because they overlap a chip of another split; chips "
        "side by side lose none (see --stride)."
    )


def _best_deal(
    sites: Sequence[Site],
    chips: Sequence[PlannedChip],
    options: BuildOptions,
    layouts: Sequence[Layout],
    old: Sequence[OldChip],
) -> tuple[Layout, list[tuple[str, str]]]:
    fixed = {chip.group: chip.split for chip in old}
    deals = []
    for layout in layouts:
        places = places_of(sites, chips, options, layout, old)
        deal = deal_chips(places, options.split, options.seed, fixed)
        splits = deal.split[: len(chips)].tolist()
        dealt = [
            (SPLITS[split] if split >= 0 else "", group)
            for split, group in zip(splits, places.groups, strict=False)
        ]
        deals.append((deal.cost, layout, dealt))
    _, layout, dealt = min(deals, key=lambda each: each[0])
    return dataclasses.replace(layout, buffer=options.buffer_px), dealt


def _dealt(chips: Sequence[PlannedChip], dealt: Mapping[int, tuple[str, str]]) -> list[PlannedChip]:
    """All chips, with their splits and, for those that are not taken, why not."""
    planned = []
    for number, chip in enumerate(chips):
        split, group = dealt.get(number, ("", ""))
        why = chip.why
        if number in dealt and not split:
            why = TOO_NEAR
        elif number not in dealt and chip.state == "dry":
            why = "there are enough dry chips (--negatives)"
        planned.append(dataclasses.replace(chip, split=split, group=group, why=why))
    return planned


def _missing(present: Set[str], options: BuildOptions) -> tuple[str, ...]:
    """Which splits could not be had. present: those that have chips."""
    shares = zip(SPLITS, options.split, strict=True)
    missing = [name for name, share in shares if share and name not in present]
    if not missing:
        return ()
    return (f"There are too few chips to have any for {' and '.join(missing)}.",)
