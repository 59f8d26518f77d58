# SPDX-License-Identifier: GPL-3.0-or-later
"""The charts of a report: what is drawn of one or two models, and the words below."""

from __future__ import annotations

from markupsafe import Markup

from waterseg_core.evaluation import charts
from waterseg_core.evaluation.compare import Comparison
from waterseg_core.evaluation.confidence import thresholds
from waterseg_core.evaluation.ratios import METRICS
from waterseg_core.evaluation.record import table
from waterseg_core.evaluation.result import Evaluation

__all__ = ["STYLES", "Figure", "figures"]

#: A title, what the chart shows, and the chart.
Figure = tuple[str, str, Markup]

#: Classes of the model and of the baseline.
STYLES = ("model", "baseline")
#: Metrics that the chart of differences shows.
COMPARED = ("iou", "f1", "precision", "recall", "boundary_iou", "boundary_f1", "object_f1", "pq")
THRESHOLDS = (
    "Of the probabilities, before small water bodies are left out: solid per image, dashed "
    "pooled. The vertical line is the threshold that was used."
)


def figures(found: Evaluation) -> list[Figure]:
    """(title, what it shows, chart)."""
    drawn = [
        ("IoU by threshold", THRESHOLDS, _threshold_chart(found)),
        ("Reliability", _reliability_words(found), _reliability_chart(found)),
    ]
    drawn += _single(found) if found.baseline is None else _pair(found)
    if found.comparison is not None:
        drawn.insert(
            0, ("Differences", _difference_words(found), _difference_chart(found.comparison))
        )
    return drawn


def _single(found: Evaluation) -> list[Figure]:
    """What one model's images look like."""
    unit, records = found.about.unit, found.model.records
    iou = METRICS[0].of(table(records))
    frame = charts.Frame("share of water", "IoU")
    points = [(one.share, float(value), one.name) for one, value in zip(records, iou, strict=True)]
    return [
        (
            f"IoU of the {unit}",
            f"How many {unit} have which IoU.",
            charts.histogram("IoU", unit, iou),
        ),
        ("IoU by water", f"A dot is one of the {unit}.", charts.scatter(frame, points)),
    ]


def _pair(found: Evaluation) -> list[Figure]:
    """Two models, image by image."""
    names = [found.called(result) for result in found.results]
    ious = [METRICS[0].of(table(result.records)).tolist() for result in found.results]
    frame = charts.Frame(f"IoU of {names[1]}", f"IoU of {names[0]}")
    points = zip(ious[1], ious[0], (one.name for one in found.model.records), strict=True)
    words = f"A dot is one of the {found.about.unit}; above the diagonal {names[0]} is better."
    return [("One by one", words, charts.scatter(frame, points, diagonal=True))]


def _threshold_chart(found: Evaluation) -> Markup:
    series, marks = [], []
    for result, style in zip(found.results, STYLES, strict=False):
        for way, dash in (("per image", ""), ("pooled", " dashed")):
            name = f"{found.called(result)}, {way}"
            series.append(charts.Series(name, thresholds(), result.curves[way], style + dash))
        marks.append((result.about.threshold, style))
    return charts.lines(charts.Frame("threshold", "IoU"), series, marks)


def _reliability_chart(found: Evaluation) -> Markup:
    series = [
        charts.Series(
            found.called(result),
            result.reliability.probability,
            result.reliability.water,
            style,
            dots=True,
        )
        for result, style in zip(found.results, STYLES, strict=False)
    ]
    return charts.lines(charts.Frame("probability", "share that is water"), series, diagonal=True)


def _reliability_words(found: Evaluation) -> str:
    errors = ", ".join(
        f"{found.called(result)} {result.reliability.error:.3f}" for result in found.results
    )
    return (
        "How often pixels of a probability are water; on the diagonal, a model is as sure as it "
        f"should be. Calibration error: {errors}."
    )


def _difference_chart(comparison: Comparison) -> Markup:
    names = {metric.key: metric.title for metric in METRICS}
    rows = [
        (names[key], one.value, *one.interval, one.verdict)
        for key, one in comparison.per_image.items()
        if key in COMPARED
    ]
    return charts.differences(rows)


def _difference_words(found: Evaluation) -> str:
    names = [found.called(result) for result in found.results]
    return (
        f"{names[0]} less {names[1]}, per image, with the 95 % interval of the paired bootstrap; "
        f"to the right of 0 {names[0]} is better."
    )
