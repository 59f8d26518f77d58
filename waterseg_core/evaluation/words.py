# SPDX-License-Identifier: GPL-3.0-or-later
"""An evaluation in words: how numbers are written, and the table that a terminal shows."""

from __future__ import annotations

import math
from collections.abc import Iterator

from waterseg_core.evaluation.ratios import METRICS, Metric
from waterseg_core.evaluation.result import Evaluation, ModelResult
from waterseg_core.evaluation.scores import Score

__all__ = ["facts", "number", "percent", "spoken_sentence", "summary", "with_interval"]


def number(value: float, metric: Metric) -> str:
    """A metric's value as people read it; a dash where it is undefined."""
    if not math.isfinite(value):
        return "–"
    if metric.unit == "%":
        return percent(value, signed=metric.better == 0)
    if metric.unit:
        return _signs(f"{value:.3g} {metric.unit}")
    return _signs(f"{value:.3f}")


def percent(value: float, signed: bool = False) -> str:
    """A share as percent."""
    return _signs(f"{100 * value:{'+' if signed else ''}.1f} %")


def _few(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _signs(text: str) -> str:
    """With a minus sign, which a hyphen is not."""
    return text.replace("-", "−")


def with_interval(score: Score, metric: Metric) -> tuple[str, str]:
    """A score, and its interval in words; the second is empty where there is none."""
    low, high = score.interval
    if not (math.isfinite(low) and math.isfinite(high)):
        return number(score.value, metric), ""
    ends = (number(end, metric).removesuffix(metric.unit).strip() for end in (low, high))
    return number(score.value, metric), " to ".join(ends)


def spoken_sentence(counts: dict[str, int], way: str) -> str:
    """How a model answered in tokens."""
    held = "Without the grammar" if way == "free" else "Under the grammar"
    return (
        f"{held}: of {counts['answers']} answers {counts['empty']} empty, "
        f"{counts['malformed']} malformed, {counts['duplicate']} with a thing said twice; "
        f"{counts['instances']} instances."
    )


def summary(found: Evaluation) -> str:
    """The numbers as a table for a terminal, and what they mean in sentences."""
    return "\n".join(_lines(found))


def _lines(found: Evaluation) -> Iterator[str]:
    images = len(found.model.records)
    about = found.about
    yield f"{about.title}: {images} {about.unit}, protocol {about.protocol}"
    for result in found.results:
        yield ""
        yield from _model_lines(result)
    if about.left_out:
        count = len(about.left_out)
        yield f"{count} {about.unit} have no pixel whose truth is known; they are left out."
    if found.comparison is not None:
        yield ""
        yield found.comparison.sentence
    if found.caution:
        yield found.caution


def _model_lines(result: ModelResult) -> Iterator[str]:
    about = result.about
    how = ", ".join(filter(None, (about.answer, f"threshold {about.threshold:g}", about.device)))
    yield f"{about.name} ({how})"
    yield f"  {'':<22}{'per image':<12}{'95 % interval':<20}{'pooled':<12}95 % interval"
    for metric in METRICS:
        cells = [
            with_interval(scores[metric.key], metric) if metric.key in scores else ("", "")
            for scores in (result.scores.per_image, result.scores.pooled)
        ]
        (mean, around), (pool, about_pool) = cells
        yield f"  {metric.title:<22}{mean:<12}{around:<20}{pool:<12}{about_pool}".rstrip()
    yield from (f"  {line}" for line in facts(result))
    yield from (f"  {spoken_sentence(counts, way)}" for way, counts in result.spoken.items())


def facts(result: ModelResult) -> Iterator[str]:
    """What is not a metric of pixels: calibration, dry images, memory."""
    yield f"Calibration error {result.reliability.error:.3f}."
    if result.dry:
        images, are = _few(result.dry, "dry image"), "is" if result.dry_wet == 1 else "are"
        yield f"Of {images}, {result.dry_wet} {are} said to have water."
    memory = [("of the process", result.memory), ("of the GPU", result.gpu_memory)]
    told = [f"{size / 2**20:.0f} MiB {where}" for where, size in memory if size]
    if told:
        yield f"Peak memory: {', '.join(told)}."
