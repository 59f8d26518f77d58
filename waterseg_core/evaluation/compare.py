# SPDX-License-Identifier: GPL-3.0-or-later
"""Two models on the same images: better, worse, or not to be told apart, in a sentence.

The verdict is about IoU per image: a model is better if the 95 % interval of the paired bootstrap
of the difference lies above 0. The pooled difference is told beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from waterseg_core.evaluation.ratios import METRICS
from waterseg_core.evaluation.scores import Interval, Score, Scores, interval_of

__all__ = ["BETTER", "SAME", "WORSE", "Comparison", "Difference", "compared"]

BETTER, WORSE, SAME = "better", "worse", "not to be told apart"


@dataclass(frozen=True)
class Difference:
    """A metric of the model less that of the baseline; verdict: what the interval says."""

    value: float
    interval: Interval
    verdict: str


@dataclass(frozen=True)
class Comparison:
    """Differences by metric, per image and pooled; the verdict, as a word and in a sentence."""

    per_image: dict[str, Difference]
    pooled: dict[str, Difference]
    verdict: str
    sentence: str


def compared(
    name: str, model: Scores, other: str, baseline: Scores, unit: str = "images"
) -> Comparison:
    """Compare a model with a baseline that answered the same images, or what `unit` calls them."""
    per_image = _differences(model.per_image, baseline.per_image)
    pooled = _differences(model.pooled, baseline.pooled)
    first, second = per_image["iou"], pooled["iou"]
    images = model.per_image["iou"].images
    sentence = (
        f"{name} is {_than(first.verdict, other)}: IoU per image "
        f"{model.per_image['iou'].value:.3f} against {baseline.per_image['iou'].value:.3f}, "
        f"{_told(first)}; pooled {model.pooled['iou'].value:.3f} against "
        f"{baseline.pooled['iou'].value:.3f}, {_told(second)} "
        f"({images} {unit if images != 1 else unit[:-1]}, paired bootstrap)."
    )
    return Comparison(per_image, pooled, first.verdict, sentence)


def _differences(mine: dict[str, Score], theirs: dict[str, Score]) -> dict[str, Difference]:
    better = {metric.key: metric.better for metric in METRICS}
    return {key: _difference(mine[key], theirs[key], better[key]) for key in mine if key in theirs}


def _difference(mine: Score, theirs: Score, better: int) -> Difference:
    samples = mine.samples - theirs.samples
    value, interval = mine.value - theirs.value, interval_of(samples)
    if better == 0:  # nearer to 0 is better
        samples = np.abs(theirs.samples) - np.abs(mine.samples)
    elif better < 0:
        samples = -samples
    low, high = interval_of(samples)
    verdict = BETTER if low > 0 else WORSE if high < 0 else SAME
    return Difference(value, interval, verdict)


def _than(verdict: str, other: str) -> str:
    return f"{verdict} from {other}" if verdict == SAME else f"{verdict} than {other}"


def _told(difference: Difference) -> str:
    low, high = difference.interval
    told = f"a difference of {difference.value:+.3f} (95 % between {low:+.3f} and {high:+.3f})"
    return told.replace("-", "−")
