# SPDX-License-Identifier: GPL-3.0-or-later
"""What an evaluation found: of each model everything, and what can be said of both."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from waterseg_core.evaluation.compare import Comparison, Difference, compared
from waterseg_core.evaluation.confidence import Reliability, iou_by_threshold, reliability
from waterseg_core.evaluation.ratios import METRICS
from waterseg_core.evaluation.record import Record, table
from waterseg_core.evaluation.scores import Score, Scores, scores_of
from waterseg_core.evaluation.slices import Slice, by_share, by_size
from waterseg_core.evaluation.speech import SPOKEN

__all__ = ["About", "Evaluation", "ModelResult", "Subject", "evaluated", "model_result"]

#: With fewer groups than these a bootstrap promises too much.
FEW = 20


@dataclass(frozen=True)
class About:
    """Which model answered, and how."""

    name: str
    revision: str
    answer: str
    prompt: str
    threshold: float
    device: str
    dtype: str


@dataclass(frozen=True, eq=False)
class ModelResult:
    """One model on all images.

    curves: IoU at each of `confidence.thresholds`, per image and pooled, of the probabilities
    before small bodies are left out. dry: images without water; dry_wet: those of them in which
    some was found. memory, gpu_memory: peak bytes. spoken: counts of `speech.judged`.
    """

    about: About
    records: tuple[Record, ...]
    scores: Scores
    shares: tuple[Slice, ...]
    sizes: tuple[Slice, ...]
    curves: dict[str, np.ndarray[Any, Any]]
    reliability: Reliability
    dry: int
    dry_wet: int
    memory: int | None
    gpu_memory: int | None
    spoken: dict[str, dict[str, int]] = field(default_factory=dict)

    def items(self) -> Iterator[tuple[str, float]]:
        """(metric, value) of everything that is one number."""
        for metric in METRICS:
            if metric.key in self.scores.per_image:
                yield f"{metric.key} per image", self.scores.per_image[metric.key].value
            if metric.key in self.scores.pooled:
                yield f"{metric.key} pooled", self.scores.pooled[metric.key].value
        yield "calibration error", self.reliability.error
        yield "dry images", self.dry
        yield "dry images with water", self.dry_wet
        for way, counts in self.spoken.items():
            for what in SPOKEN:
                yield f"{what} {way}", counts[what]
        if self.memory is not None:
            yield "peak memory", self.memory
        if self.gpu_memory is not None:
            yield "peak GPU memory", self.gpu_memory

    def _each(self) -> Iterator[dict[str, Any]]:
        """Every image with its own values, for JSON."""
        columns = table(self.records)
        values = {metric.key: metric.of(columns) for metric in METRICS if metric.means}
        for row, record in enumerate(self.records):
            own = {key: _number(value[row]) for key, value in values.items()}
            yield {"name": record.name, "share_of_water": _number(record.share), **own}

    def to_dict(self) -> dict[str, Any]:
        """Everything but the pictures, ready for JSON; undefined numbers are None."""
        return {
            **vars(self.about),
            "images": len(self.records),
            "metrics": _scores_dict(self.scores),
            "by_share_of_water": [_slice_dict(one) for one in self.shares],
            "by_size": [_slice_dict(one) for one in self.sizes],
            "calibration_error": _number(self.reliability.error),
            "dry_images": self.dry,
            "dry_images_with_water": self.dry_wet,
            "answers": self.spoken,
            "each_image": list(self._each()),
            "peak_memory": self.memory,
            "peak_gpu_memory": self.gpu_memory,
        }


@dataclass(frozen=True)
class Subject:
    """What models were evaluated on: a title, what its cases are called, the protocol.

    notes: sentences about it. left_out: names of cases without a known pixel.
    """

    title: str
    unit: str
    protocol: str
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Evaluation:
    """All of it. Iterating gives (metric, value), those of a baseline with `baseline` before."""

    about: Subject
    model: ModelResult
    baseline: ModelResult | None
    comparison: Comparison | None

    def __iter__(self) -> Iterator[tuple[str, float]]:
        yield from self.model.items()
        if self.baseline is not None:
            yield from ((f"baseline {name}", value) for name, value in self.baseline.items())
        if self.comparison is not None:
            for metric, one in self.comparison.per_image.items():
                yield f"difference {metric} per image", one.value

    @property
    def caution(self) -> str:
        """What is to be said where there are too few images for the bootstrap; else empty."""
        groups = len({record.group for record in self.model.records})
        if groups >= FEW:
            return ""
        kind = self.about.unit if groups == len(self.model.records) else "groups of images"
        return f"Only {groups} {kind}: real intervals are wider, and verdicts less sure."

    @property
    def results(self) -> tuple[ModelResult, ...]:
        """The model, and the baseline if there is one."""
        return (self.model,) if self.baseline is None else (self.model, self.baseline)

    def called(self, result: ModelResult) -> str:
        """A model's name, with its way of answering where both have the same."""
        return _called(result, self.results)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the pictures, ready for JSON."""
        told: dict[str, Any] = {
            "evaluated_on": self.about.title,
            "protocol": self.about.protocol,
            "notes": [*self.about.notes, *filter(None, [self.caution])],
            "left_out": list(self.about.left_out),
            "model": self.model.to_dict(),
        }
        if self.baseline is not None and self.comparison is not None:
            told["baseline"] = self.baseline.to_dict()
            told["verdict"] = self.comparison.verdict
            told["sentence"] = self.comparison.sentence
            told["difference"] = {
                "per_image": _differences_dict(self.comparison.per_image),
                "pooled": _differences_dict(self.comparison.pooled),
            }
        return told


def model_result(about: About, records: Sequence[Record], resamples: int) -> ModelResult:
    """Everything about one model from its records, of which each has a known pixel."""
    counts = np.stack([record.counts for record in records])
    by_image, pooled = iou_by_threshold(counts), iou_by_threshold(counts.sum(axis=0))
    dry = [record for record in records if not record.sums["truth"]]
    return ModelResult(
        about=about,
        records=tuple(records),
        scores=scores_of(table(records), [record.group for record in records], resamples),
        shares=tuple(by_share(records, resamples)),
        sizes=tuple(by_size(records, resamples)),
        curves={"per image": by_image.mean(axis=0), "pooled": pooled},
        reliability=reliability(counts.sum(axis=0)),
        dry=len(dry),
        dry_wet=sum(record.sums["found"] > 0 for record in dry),
        memory=_most(record.memory for record in records),
        gpu_memory=_most(record.gpu_memory for record in records),
        spoken=_spoken(records),
    )


def evaluated(about: Subject, results: Sequence[ModelResult]) -> Evaluation:
    """Put one or two models' results together, and compare two."""
    model, *others = results
    baseline = others[0] if others else None
    comparison = None
    if baseline is not None:
        names = [_called(one, results) for one in results]
        both = (names[0], model.scores, names[1], baseline.scores)
        comparison = compared(*both, about.unit)
    return Evaluation(about, model, baseline, comparison)


def _called(result: ModelResult, results: Sequence[ModelResult]) -> str:
    about = result.about
    if len({one.about.name for one in results}) == len(results):
        return about.name
    if len({one.about.answer for one in results}) == len(results):
        return f"{about.name} ({about.answer})"
    return f"{about.name} ({'the baseline' if result is results[-1] else 'the model'})"


def _spoken(records: Sequence[Record]) -> dict[str, dict[str, int]]:
    ways = dict.fromkeys(way for record in records for way in record.spoken)
    return {
        way: {what: sum(r.spoken[way][what] for r in records if way in r.spoken) for what in SPOKEN}
        for way in ways
    }


def _most(values: Iterator[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)


def _number(value: float) -> float | None:
    return None if not math.isfinite(value) else round(float(value), 6)


def _score_dict(score: Score) -> dict[str, Any]:
    low, high = score.interval
    return {
        "value": _number(score.value),
        "low": _number(low),
        "high": _number(high),
        "images": score.images,
    }


def _scores_dict(scores: Scores) -> dict[str, Any]:
    return {
        "per_image": {key: _score_dict(score) for key, score in scores.per_image.items()},
        "pooled": {key: _score_dict(score) for key, score in scores.pooled.items()},
    }


def _slice_dict(one: Slice) -> dict[str, Any]:
    return {"slice": one.title, "images": one.images, **_scores_dict(one.scores)}


def _differences_dict(differences: dict[str, Difference]) -> dict[str, Any]:
    return {
        key: {
            "value": _number(one.value),
            "low": _number(one.interval[0]),
            "high": _number(one.interval[1]),
            "verdict": one.verdict,
        }
        for key, one in differences.items()
    }
