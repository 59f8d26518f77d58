# SPDX-License-Identifier: GPL-3.0-or-later
"""Every metric as a ratio of sums: one image's sums give its own value, added sums the pooled one.

A metric is a function of a table: column name to float64 array of any shape. Where it is undefined
(precision where nothing was found) it is NaN, and a mean over images leaves that image out.
IoU and F1 of an image that is dry in truth and answer are 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["METRICS", "Metric", "Table"]

Values = npt.NDArray[np.float64]
Table = Mapping[str, Values]


@dataclass(frozen=True)
class Metric:
    """A number that is told of a model.

    of: the metric as a function of sums. title and help: for people. better: 1 if more is better,
    -1 if less is, 0 if nearer to 0 is. means: how values of images are put
    together, `mean`, `median` or not at all. pools: whether there is a pooled value. unit: `%` is
    shown as percent, other units behind the number.
    """

    key: str
    title: str
    help: str
    of: Callable[[Table], Values]
    better: int = 1
    means: str = "mean"
    pools: bool = True
    unit: str = ""


def ratio(above: Values, below: Values, empty: float = np.nan) -> Values:
    """One divided by the other, and `empty` where below is 0."""
    above, below = np.asarray(above, np.float64), np.asarray(below, np.float64)
    whole = np.full(np.broadcast(above, below).shape, empty)
    np.divide(above, below, out=whole, where=below != 0)
    return whole


def f_score(matched: Values, found: Values, truth: Values, empty: float = np.nan) -> Values:
    """2 matched / (found + truth): the harmonic mean of precision and recall."""
    return ratio(2 * matched, found + truth, empty)


def _shore_f1(sums: Table) -> Values:
    """Harmonic mean of two shares with counts of their own; NaN if neither mask has a shore."""
    precision = ratio(sums["shore_found_near"], sums["shore_found"], 0.0)
    recall = ratio(sums["shore_truth_near"], sums["shore_truth"], 0.0)
    any_shore = sums["shore_found"] + sums["shore_truth"] > 0
    mean = ratio(2 * precision * recall, precision + recall, 0.0)
    return np.where(any_shore, mean, np.nan)


METRICS = (
    Metric(
        "iou",
        "IoU",
        "Pixels that are water in answer and truth, of those that are in either.",
        lambda s: ratio(s["both"], s["found"] + s["truth"] - s["both"], 1.0),
    ),
    Metric(
        "f1",
        "F1",
        "The harmonic mean of precision and recall; the Dice coefficient.",
        lambda s: f_score(s["both"], s["found"], s["truth"], 1.0),
    ),
    Metric(
        "precision",
        "Precision",
        "Of the pixels called water, those that are.",
        lambda s: ratio(s["both"], s["found"]),
    ),
    Metric(
        "recall",
        "Recall",
        "Of the pixels that are water, those that were found.",
        lambda s: ratio(s["both"], s["truth"]),
    ),
    Metric(
        "boundary_iou",
        "Boundary IoU",
        "IoU of the bands along the shores, 2 % of the diagonal wide (Cheng et al. 2021).",
        lambda s: ratio(s["band_both"], s["band_either"]),
    ),
    Metric(
        "boundary_f1",
        "Boundary F1",
        "Shore pixels with one of the other mask within 0.75 % of the diagonal.",
        _shore_f1,
    ),
    Metric(
        "object_f1",
        "Object F1",
        "Water bodies that were found with an IoU above 0.5.",
        lambda s: f_score(s["bodies_matched"], s["bodies_found"], s["bodies_truth"]),
    ),
    Metric(
        "object_precision",
        "Object precision",
        "Of the bodies found, those that match a true one.",
        lambda s: ratio(s["bodies_matched"], s["bodies_found"]),
    ),
    Metric(
        "object_recall",
        "Object recall",
        "Of the true bodies, those that were matched.",
        lambda s: ratio(s["bodies_matched"], s["bodies_truth"]),
    ),
    Metric(
        "pq",
        "Panoptic quality",
        "IoU of the matched bodies, lowered by those missed and made up (Kirillov et al. 2019).",
        lambda s: f_score(s["bodies_iou"], s["bodies_found"], s["bodies_truth"]),
    ),
    Metric(
        "area_error",
        "Area error",
        "Area of the answer less that of the truth, as a share of the truth.",
        lambda s: ratio(s["found"] - s["truth"], s["truth"]),
        better=0,
        means="",
        unit="%",
    ),
    Metric(
        "area_off",
        "Area off by",
        "The same without its sign; the median, because a puddle can be off by a thousand percent.",
        lambda s: np.abs(ratio(s["found"] - s["truth"], s["truth"])),
        better=-1,
        means="median",
        pools=False,
        unit="%",
    ),
    Metric(
        "false_water",
        "False water",
        "Of the pixels in dry windows of 256 px, those that are called water.",
        lambda s: ratio(s["dry_found"], s["dry_known"]),
        better=-1,
        means="",
        unit="%",
    ),
    Metric(
        "brier",
        "Brier score",
        "Mean squared difference of probability and truth.",
        lambda s: ratio(s["squares"], s["known"]),
        better=-1,
    ),
    Metric(
        "seconds",
        "Seconds per megapixel",
        "Of the whole pipeline, reading included, loading the model not.",
        lambda s: ratio(s["seconds"], s["megapixels"]),
        better=-1,
        means="",
        unit="s",
    ),
)
