# SPDX-License-Identifier: GPL-3.0-or-later
"""Who trains and who tests: groups of chips dealt to the splits, with a distance between them.

A group is a block of land, or pictures of which nobody knows the place but that look alike. All
of a group goes to one split. Then chips that lie nearer to a chip of another split than the
buffer are left out, so that no place is seen in two splits. Of many deals the one is taken that
meets the wanted shares best and leaves out least; the same seed gives the same deal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from waterseg_core.dataset.folder import SPLITS

__all__ = ["Deal", "deal", "neighbours"]

DRAWS = 64
#: What one chip left out costs, beside one chip in the wrong split.
LOSS = 0.5
TRAIN, VAL, TEST = range(3)
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Deal:
    """split: for each chip a number of SPLITS, or -1 where it is left out. groups: name → split."""

    split: Ints
    groups: dict[str, str]


def neighbours(footprints: Sequence[Any], distance: float) -> Ints:
    """Pairs (n, 2) of footprints nearer to each other than `distance`, first < second.

    footprints: polygons of one map, a trifle smaller than the chips, so that chips that only
    share an edge are no neighbours at distance 0.
    """
    shapes = np.array(footprints, dtype=object)
    pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=distance)
    ordered: Ints = pairs[:, pairs[0] < pairs[1]].T
    return ordered


def deal(
    groups: Sequence[str],
    pairs: Ints,
    shares: Sequence[float],
    seed: int,
    fixed: Mapping[str, str] | None = None,
    kept: npt.NDArray[np.bool_] | None = None,
) -> Deal:
    """Deal the groups to train, val and test.

    groups: the name of each chip's group. pairs: chips that may not be in different splits (see
    `neighbours`). shares: of the three splits. fixed: groups whose split is decided. kept: chips
    that may not be left out.
    """
    names, member = np.unique(np.array(groups, dtype=object).astype(str), return_inverse=True)
    sizes = np.bincount(member, minlength=len(names))
    decided = np.full(len(names), -1)
    for number, name in enumerate(names):
        if fixed and name in fixed:
            decided[number] = SPLITS.index(fixed[name])
    kept = np.zeros(len(member), bool) if kept is None else kept
    goal = np.array(shares, float) / sum(shares) * len(member)
    rng = np.random.default_rng(seed)
    best: tuple[float, Ints, Ints] | None = None
    for _ in range(DRAWS):
        split = _draw(sizes, goal, decided, rng)
        chips = _apart(split[member], pairs, kept)
        counts = np.bincount(chips[chips >= 0], minlength=3)
        share = counts.sum() * goal / len(member)
        cost = float(np.abs(counts - share).sum() + LOSS * (chips < 0).sum())
        cost += len(member) * int(((counts == 0) & (goal > 0)).sum())  # an empty split is worst
        if best is None or cost < best[0]:
            best = cost, split, chips
    assert best is not None
    _, split, chips = best
    return Deal(chips, {str(n): SPLITS[k] for n, k in zip(names, split.tolist(), strict=True)})


def _draw(
    sizes: Ints, goal: npt.NDArray[np.float64], decided: Ints, rng: np.random.Generator
) -> Ints:
    """One deal: groups in random order to test, then val, as long as they fit; the rest trains."""
    split = decided.copy()
    room = goal.copy()
    for number in np.flatnonzero(decided >= 0):
        room[decided[number]] -= sizes[number]
    open_groups = np.flatnonzero(decided < 0)
    order = rng.permutation(open_groups)
    last = len(order) - 1  # something must be left to train with
    for position, number in enumerate(order.tolist()):
        if position == last and not (split == TRAIN).any():
            break
        for which in (TEST, VAL):
            empty = goal[which] > 0 and not (split == which).any()
            if (sizes[number] <= room[which] + sizes[number] / 2 and room[which] > 0) or empty:
                split[number] = which
                room[which] -= sizes[number]
                break
    split[split < 0] = TRAIN
    return split


def _apart(split: Ints, pairs: Ints, kept: npt.NDArray[np.bool_]) -> Ints:
    """The same with -1 for chips too near to a chip of another split.

    Of two such chips the one is left out of whose split there is more: train, then val.
    """
    chips = split.copy()
    rank = split + np.where(kept, len(SPLITS), 0)
    for lower in range(2 * len(SPLITS) - 1, -1, -1):
        here = chips[pairs]
        apart = (here[:, 0] != here[:, 1]) & (here >= 0).all(axis=1)
        for mine, other in ((0, 1), (1, 0)):
            loser, winner = pairs[apart, mine], pairs[apart, other]
            lost = (rank[loser] == lower) & (rank[winner] > lower) & ~kept[loser]
            chips[loser[lost]] = -1
    return chips
