# SPDX-License-Identifier: GPL-3.0-or-later
"""The report: one HTML file that needs no network, light or dark as the reader's system is.

What is said where is in `report.html`, a Jinja template beside this module.
"""

from __future__ import annotations

import importlib.metadata
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from waterseg_core.evaluation import pictures
from waterseg_core.evaluation.cases import Case
from waterseg_core.evaluation.figures import STYLES, figures
from waterseg_core.evaluation.ratios import METRICS, Metric
from waterseg_core.evaluation.result import Evaluation, ModelResult
from waterseg_core.evaluation.words import facts, number, percent, with_interval
from waterseg_core.outputs_atomic import replacing

__all__ = ["page", "write_report"]

PROTOCOLS = {
    "native": "each image at its own resolution, through the whole pipeline",
    "256": "images and masks resized to 256 × 256 pixels, as U-Nets are published",
}


def write_report(
    found: Evaluation, path: Path, cases: Sequence[Case], masks: Sequence[pictures.Mask]
) -> None:
    """Write the page, whole or not at all; `masks` answer a case's mask for each model.

    Raises OutputError.
    """
    text = page(found, pictures.drawn(found, cases, masks))
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def page(found: Evaluation, shown: pictures.Pictures) -> str:
    """The page as text."""
    loader = PackageLoader("waterseg_core.evaluation", "")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "watery": _watery}
    return environment.get_template("report.html").render(
        found=found,
        version=importlib.metadata.version("waterseg-core"),
        protocol=PROTOCOLS[found.about.protocol],
        images=len(found.model.records),
        models=[_model(found, result) for result in found.results],
        headline=_headline(found.model),
        rows=[_row(found, metric) for metric in METRICS],
        slices=_slices(found),
        metrics=METRICS,
        figures=figures(found),
        shown=shown,
        most=pictures.MOST,
        truth="rgb({}, {}, {})".format(*pictures.TRUTH),
        answer="rgb({}, {}, {})".format(*pictures.ANSWER),
    )


def _watery(share: float) -> str:
    """How much of an image is water; little is not none."""
    if not share:
        return "dry"
    return f"{percent(share)} water" if share >= 0.0005 else "less than 0.1 % water"


def _model(found: Evaluation, result: ModelResult) -> dict[str, Any]:
    """How a model is called, and what is said of it beside the metrics."""
    about = result.about
    how = [about.answer, f"threshold {about.threshold:g}", about.device, about.dtype]
    return {
        "name": found.called(result),
        "style": STYLES[found.results.index(result)],
        "how": ", ".join(filter(None, how)),
        "revision": about.revision,
        "prompt": about.prompt,
        "facts": list(facts(result)),
        "spoken": result.spoken,
    }


def _headline(result: ModelResult) -> list[tuple[str, str, str]]:
    """(title, number, interval) of what matters most."""
    scores, by_key = result.scores, {metric.key: metric for metric in METRICS}
    wanted = [
        ("IoU per image", "iou", scores.per_image),
        ("IoU pooled", "iou", scores.pooled),
        ("Boundary IoU per image", "boundary_iou", scores.per_image),
        ("Object F1 pooled", "object_f1", scores.pooled),
        ("Seconds per megapixel", "seconds", scores.pooled),
    ]
    return [(name, *with_interval(some[key], by_key[key])) for name, key, some in wanted]


def _row(found: Evaluation, metric: Metric) -> dict[str, Any]:
    """One row of the large table: a metric of each model, and the difference."""
    cells = []
    for result in found.results:
        for scores in (result.scores.per_image, result.scores.pooled):
            known = metric.key in scores
            cells.append(with_interval(scores[metric.key], metric) if known else ("", ""))
    differences = []
    if found.comparison is not None:
        for some in (found.comparison.per_image, found.comparison.pooled):
            one = some.get(metric.key)
            if one is None or not math.isfinite(one.value):
                differences.append(("", "", ""))
                continue
            text = number(one.value, metric)
            signed = text if text.startswith(("+", "−")) else f"+{text}"
            differences.append((signed, one.verdict.split()[0], one.verdict))
    return {"metric": metric, "cells": cells, "differences": differences}


def _slices(found: Evaluation) -> list[dict[str, Any]]:
    """Both tables of slices: by water's share and by size."""
    tables = []
    for name, which in (("Share of water", "shares"), ("Size of the image", "sizes")):
        rows = []
        for place, one in enumerate(getattr(found.model, which)):
            both = [getattr(result, which)[place] for result in found.results]
            rows.append({"title": one.title, "images": one.images, "values": _bars(both)})
        tables.append({"title": name, "rows": rows})
    return tables


def _bars(slices: Sequence[Any]) -> list[list[dict[str, Any]]]:
    """For each column of a table of slices, each model's value and its bar's length in percent."""
    columns = (("iou", "per_image"), ("iou", "pooled"), ("boundary_iou", "per_image"))
    told = []
    for key, way in columns:
        scores = [getattr(one.scores, way)[key] for one in slices]
        told.append(
            [
                {
                    "text": f"{score.value:.3f}" if math.isfinite(score.value) else "–",
                    "wide": 100 * score.value if math.isfinite(score.value) else 0,
                    "told": " to ".join(f"{end:.3f}" for end in score.interval),
                    "style": style,
                }
                for score, style in zip(scores, STYLES, strict=False)
            ]
        )
    return told
