# SPDX-License-Identifier: GPL-3.0-or-later
"""Slices: some of the images, by water's share or by size, with scores of their own."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from waterseg_core.evaluation.ratios import METRICS
from waterseg_core.evaluation.record import Record, table
from waterseg_core.evaluation.scores import Scores, scores_of

__all__ = ["Slice", "by_share", "by_size"]

SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
#: Sides of squares as large as the image, in pixels.
SIZES = (0, 128, 256, 512, 1024)
#: The metrics that are told of a slice.
SLICED = tuple(metric for metric in METRICS if metric.key in ("iou", "boundary_iou", "object_f1"))


@dataclass(frozen=True, eq=False)
class Slice:
    """Some of the images, by water's share or by size."""

    title: str
    images: int
    scores: Scores


def by_share(records: Sequence[Record], resamples: int) -> Iterator[Slice]:
    """By water's share of the known pixels: dry, and five parts."""
    dry = [record for record in records if not record.sums["truth"]]
    if dry:
        yield _slice("dry", dry, resamples)
    for low, high in itertools.pairwise(SHARES):
        some = [
            record for record in records if record.sums["truth"] and (low < record.share <= high)
        ]
        if some:
            yield _slice(f"{100 * low:.0f} to {100 * high:.0f} %", some, resamples)


def by_size(records: Sequence[Record], resamples: int) -> Iterator[Slice]:
    """By the side of a square as large as the image."""
    for low, high in itertools.pairwise((*SIZES, math.inf)):
        some = [r for r in records if low <= math.sqrt(r.height * r.width) < high]
        if some:
            title = f"{low} to {high} px" if high < math.inf else f"{low} px and more"
            yield _slice(title, some, resamples)


def _slice(title: str, records: Sequence[Record], resamples: int) -> Slice:
    groups = [record.group for record in records]
    return Slice(title, len(records), scores_of(table(records), groups, resamples, SLICED))
