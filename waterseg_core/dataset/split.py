# SPDX-License-Identifier: GPL-3.0-or-later
"""Who trains and who tests: groups of chips dealt to the splits, with a distance between them.

A group is a block of land, or pictures of which nobody knows the place but that look alike. All
of a group goes to one split. Then chips that lie nearer to a chip of another split than the
buffer are left out, so that no place is seen in two splits. Of many deals, some scattered and
some in a few patches, the one is taken that meets the wanted shares best, leaves out least, and
has as much water in each split as in all; the same seed gives the same deal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from waterseg_core.dataset.folder import SPLITS

__all__ = ["Chips", "Deal", "deal", "deal_chips", "neighbours"]

#: How often cards are dealt, and around how many centres a split's blocks lie in turn; 0: anywhere.
DRAWS, CENTRES = 96, (1, 2, 4, 0)
#: What a chip left out costs, and a split whose chips have no or twice the water of all, beside
#: one chip that is in another split than it should be.
LOSS, UNLIKE = 0.5, 0.5
#: What a split without chips costs, and one whose chips are all dry, of all chips: neither tells
#: anything.
EMPTY, DRY = 1.0, 0.5
TRAIN, VAL, TEST = range(3)
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Chips:
    """What is to be dealt, all of the same length n.

    groups: the name of each chip's group. places: (n, 2) on some map, for patches; NaN where
    there is none. water: its share, 0..1. kept: True for chips that may not be left out. pairs:
    (m, 2) chips that may not be in different splits (see `neighbours`).
    """

    groups: Sequence[str]
    places: Floats
    water: Floats
    kept: npt.NDArray[np.bool_]
    pairs: Ints


@dataclass(frozen=True, eq=False)
class Deal:
    """split: for each chip a number of SPLITS, or -1 where it is left out. groups: name → split.

    cost: how far it is from what was wanted, in chips.
    """

    split: Ints
    groups: dict[str, str]
    cost: float


@dataclass(frozen=True, eq=False)
class _Groups:
    """The groups of chips: names, the group of each chip, sizes, centres."""

    names: list[str]
    member: Ints
    sizes: Ints
    centres: Floats

    @classmethod
    def of(cls, chips: Chips) -> _Groups:
        names, member = np.unique(np.array(chips.groups, dtype=np.str_), return_inverse=True)
        sizes = np.bincount(member, minlength=len(names))
        sums = [np.bincount(member, axis, len(names)) for axis in chips.places.T]
        return cls(names.tolist(), member, sizes, np.stack(sums, axis=1) / sizes[:, None])


def neighbours(footprints: Sequence[Any], distance: float) -> Ints:
    """Pairs (n, 2) of footprints nearer to each other than `distance`, first < second.

    footprints: polygons of one map, a trifle smaller than the chips, so that chips that only
    share an edge are no neighbours at distance 0.
    """
    shapes = np.array(footprints, dtype=object)
    pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=distance)
    ordered: Ints = pairs[:, pairs[0] < pairs[1]].T
    return ordered


def deal(groups: Sequence[str], pairs: Ints, shares: Sequence[float], seed: int) -> Deal:
    """Deal chips of which only the groups are known, and which may not be apart (see `Chips`)."""
    count = len(groups)
    nowhere, none = np.full((count, 2), np.nan), np.zeros(count, bool)
    return deal_chips(Chips(groups, nowhere, np.zeros(count), none, pairs), shares, seed)


def deal_chips(
    chips: Chips, shares: Sequence[float], seed: int, fixed: Mapping[str, str] | None = None
) -> Deal:
    """Deal groups to train, val and test. fixed: groups whose split is decided already."""
    groups = _Groups.of(chips)
    decided = np.full(len(groups.names), -1)
    for number, name in enumerate(groups.names):
        if fixed and name in fixed:
            decided[number] = SPLITS.index(fixed[name])
    wanted = np.array(shares, float) / sum(shares)
    rng = np.random.default_rng(seed)
    best: tuple[float, Ints, Ints] | None = None
    for number in range(DRAWS):
        order = _order(groups.centres, CENTRES[number % len(CENTRES)], rng)
        by_group = _draw(groups.sizes, wanted * len(chips.groups), decided, order)
        split = _apart(by_group[groups.member], chips)
        cost = _cost(split, chips.water, wanted)
        if best is None or cost < best[0]:
            best = cost, by_group, split
    assert best is not None
    _, by_group, split = best
    filled = [which for which, share in enumerate(shares) if share]
    by_group, split = _placed(by_group, split, groups.member, chips.pairs, decided, filled)
    cost = _cost(split, chips.water, wanted)
    names = zip(groups.names, by_group.tolist(), strict=True)
    return Deal(split, {name: SPLITS[number] for name, number in names}, cost)


def _order(centres: Floats, patches: int, rng: np.random.Generator) -> dict[int, Ints]:
    """For test and val, the order in which groups are offered: by chance, or around centres."""
    count = len(centres)
    orders = {which: rng.permutation(count) for which in (TEST, VAL)}
    if not patches or not np.isfinite(centres).all():
        return orders
    for which, order in orders.items():
        nuclei = centres[order[:patches]]
        far = np.linalg.norm(centres[:, None] - nuclei[None], axis=2).min(axis=1)
        orders[which] = np.argsort(far, kind="stable")
    return orders


def _draw(sizes: Ints, goal: Floats, decided: Ints, orders: Mapping[int, Ints]) -> Ints:
    """One deal: groups are offered to test, then to val, until these are full; the rest trains."""
    split = decided.copy()
    for which, order in orders.items():
        room = goal[which] - sizes[decided == which].sum()
        for number in order.tolist():
            free = np.flatnonzero(split < 0)
            last = len(free) < 2 and not (split == TRAIN).any()  # something must train
            empty = goal[which] > 0 and not (split == which).any()
            fits = room > 0 and sizes[number] <= 1.5 * room
            if split[number] < 0 and not last and (fits or empty):
                split[number] = which
                room -= sizes[number]
    split[split < 0] = TRAIN
    return split


def _apart(split: Ints, chips: Chips) -> Ints:
    """The same with -1 for chips too near to a chip of another split.

    Of two such chips the one is left out that trains, or else the one of val.
    """
    split = split.copy()
    rank = split + np.where(chips.kept, len(SPLITS), 0)
    first, second = chips.pairs[:, 0], chips.pairs[:, 1]
    for lower in (VAL, TRAIN, TEST):
        here, there = split[first], split[second]
        apart = (here != there) & (here >= 0) & (there >= 0)
        for loser, winner in ((first[apart], second[apart]), (second[apart], first[apart])):
            lost = (rank[loser] == lower) & (rank[winner] > lower)
            split[loser[lost]] = -1
    return split


def _placed(
    by_group: Ints, split: Ints, member: Ints, pairs: Ints, decided: Ints, wanted: Sequence[int]
) -> tuple[Ints, Ints]:
    """The same, and groups of which every chip was left out go where most of them may be.

    So no chip is left out that has a place beside the others, and who builds the same set again
    finds none to add. wanted: the splits that are to have chips.
    """
    by_group, split = by_group.copy(), split.copy()
    both = np.concatenate([pairs, pairs[:, ::-1]])
    taken = np.bincount(member[split >= 0], minlength=len(by_group))
    for number in np.flatnonzero((taken == 0) & (decided < 0)).tolist():
        chips = np.flatnonzero(member == number)
        beside = both[np.isin(both[:, 0], chips)]
        free = {}
        for which in wanted:
            others = split[beside[:, 1]]
            free[which] = np.setdiff1d(chips, beside[(others >= 0) & (others != which), 0])
        best = max(free, key=lambda which: len(free[which]))
        by_group[number], split[free[best]] = best, best
    return by_group, split


def _cost(split: Ints, water: Floats, wanted: Floats) -> float:
    """How far a deal is from what was wanted, in chips."""
    counts = np.bincount(split[split >= 0], minlength=len(SPLITS))
    cost = float(np.abs(counts - counts.sum() * wanted).sum())
    cost += LOSS * int((split < 0).sum())
    usual = float(water.mean())
    for number, count in enumerate(counts.tolist()):
        if count and usual > 0:
            ratio = float(water[split == number].mean()) / usual
            cost += UNLIKE * count * min(abs(ratio - 1), 1.0)
            cost += DRY * len(split) * int(ratio == 0 and wanted[number] > 0)
    return cost + EMPTY * len(split) * int(((counts == 0) & (wanted > 0)).sum())
