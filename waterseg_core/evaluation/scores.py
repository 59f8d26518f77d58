# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores: each metric per image and pooled, with what chance could have made of it.

The bootstrap draws as many images as there are, with replacement, again and again (Efron 1979),
whole groups at once where images are not independent. The draws depend on the groups only, so two
models that answered the same images are drawn alike, and their difference is paired.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from waterseg_core.evaluation.ratios import METRICS, Metric, Table, ratio

__all__ = ["CONFIDENCE", "Interval", "Score", "Scores", "scores_of"]

Values = npt.NDArray[np.float64]
Interval = tuple[float, float]

#: How sure an interval is, and the seed of all draws.
CONFIDENCE, SEED = 0.95, 20240914
#: Weights held at once: bounds the memory.
HELD = 2_000_000


@dataclass(frozen=True, eq=False)
class Score:
    """A number and how it would vary with other images: float64 `(resamples,)`; NaN is undefined.

    images: over how many it is a mean, or how many a pooled one is made of.
    """

    value: float
    samples: Values
    images: int

    @property
    def interval(self) -> Interval:
        """Low and high end of the 95 % interval (percentiles)."""
        return interval_of(self.samples)


def interval_of(samples: Values) -> Interval:
    """The central 95 % of samples; NaN if there is none."""
    defined = samples[np.isfinite(samples)]
    if not len(defined):
        return np.nan, np.nan
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(defined, [tail, 100 - tail])
    return float(low), float(high)


@dataclass(frozen=True, eq=False)
class Scores:
    """Every metric by key: as a mean over images, where that makes sense, and pooled."""

    per_image: dict[str, Score]
    pooled: dict[str, Score]


def scores_of(
    columns: Table,
    groups: Sequence[str],
    resamples: int,
    metrics: Sequence[Metric] = METRICS,
) -> Scores:
    """The scores of a table of sums with a row per image; `groups` names each row's group."""
    images = len(groups)
    singles = {metric.key: metric.of(columns) for metric in metrics if metric.means}
    # The images as they are come first, then every draw of them.
    drawn = itertools.chain([np.ones((1, images))], draws(groups, resamples))
    parts = [_drawn(columns, singles, metrics, weights) for weights in drawn]
    means, pools = ([part[which] for part in parts] for which in (0, 1))
    per_image = {
        key: _score([mean[key] for mean in means], int(np.isfinite(values).sum()))
        for key, values in singles.items()
    }
    pooled = {
        metric.key: _score([pool[metric.key] for pool in pools], images)
        for metric in metrics
        if metric.pools
    }
    return Scores(per_image, pooled)


def _drawn(
    columns: Table, singles: dict[str, Values], metrics: Sequence[Metric], weights: Values
) -> tuple[dict[str, Values], dict[str, Values]]:
    """Every metric of some draws `(draws, rows)`: over images, and pooled."""
    over = {"mean": _mean, "median": _median}
    sums = {name: weights @ column for name, column in columns.items()}
    means = {m.key: over[m.means](singles[m.key], weights) for m in metrics if m.means}
    return means, {metric.key: metric.of(sums) for metric in metrics if metric.pools}


def _score(drawn: list[Values], images: int) -> Score:
    samples = np.concatenate(drawn)
    return Score(float(samples[0]), samples[1:], images)


def draws(groups: Sequence[str], resamples: int) -> Iterator[Values]:
    """How often each row is drawn: float64 `(some, rows)`, all parts with `resamples` rows."""
    _, group = np.unique(np.asarray(groups, dtype=object).astype(str), return_inverse=True)
    count = int(group.max(initial=-1)) + 1
    rng = np.random.default_rng(SEED)
    step = max(1, HELD // max(len(groups), 1))
    for start in range(0, resamples, step):
        size = min(step, resamples - start)
        often = rng.multinomial(count, np.full(count, 1 / count), size)
        yield often[:, group].astype(np.float64)


def _mean(values: Values, weights: Values) -> Values:
    """The weighted mean `(draws,)` of the values that are defined."""
    defined = np.isfinite(values)
    weight = weights @ defined.astype(np.float64)
    total = weights @ np.where(defined, values, 0.0)
    return ratio(total, weight)


def _median(values: Values, weights: Values) -> Values:
    """The weighted median `(draws,)` of the values that are defined; the lower one of two."""
    defined = np.flatnonzero(np.isfinite(values))
    if not len(defined):
        return np.full(len(weights), np.nan)
    order = defined[np.argsort(values[defined])]
    reached = np.cumsum(weights[:, order], axis=1)
    middle = (reached >= reached[:, -1:] / 2).argmax(axis=1)
    return np.where(reached[:, -1] > 0, values[order][middle], np.nan)
