# SPDX-License-Identifier: GPL-3.0-or-later
"""An evaluation in the child: one or two models judged on a set, a report and a summary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from waterseg_core.errors import DatasetError
from waterseg_core.evaluation.result import Evaluation
from waterseg_core.evaluation.run import Progress, evaluate
from waterseg_core.evaluation.sets import source_of
from waterseg_core.jobs_files import write_whole
from waterseg_core.segmenter import Segmenter, load_segmenter
from waterseg_core.studies.order import EvaluateWishes
from waterseg_core.studies.talk import Talk

__all__ = ["judge"]


def judge(task: dict[str, Any], talk: Talk) -> None:
    """Judge, or go on judging, and say what came of it."""
    options = EvaluateWishes(**task["options"], report=task["report"], overwrite=True)
    source = source_of(_lines(Path(task["set"]), options.split), options)
    try:
        prompt = options.prompt or source.prompt or "segment water"
        model = _load(options, options.model, options.answer, prompt)
        baseline = None
        if options.baseline is not None:
            baseline = _load(options, options.baseline, options.baseline_answer, prompt)
        found = evaluate(
            source,
            model,
            baseline,
            options,
            title=Path(task["set"]).name,
            progress=_Teller(talk, 1 + (baseline is not None)),
            cancel=talk.cancel,
            work_dir=task["work"],
        )
    finally:
        source.close()
    told = found.to_dict()
    write_whole(Path(task["summary"]), json.dumps(told).encode(), durable=True)
    talk.say("over", finished=True, verdict=_sentence(found), notes=told["notes"])


def _load(options: EvaluateWishes, name: str, answer: str, prompt: str) -> Segmenter:
    return load_segmenter(
        name,
        prompt=prompt,
        answer=answer,
        device=options.device,
        dtype=options.dtype,
        batch=options.batch,
    )


def _lines(folder: Path, split: str) -> str:
    """What is judged by. Raises DatasetError if the set has no such part."""
    if split == "auto":
        return str(folder)
    path = folder / f"{split}.jsonl"
    if not path.is_file():
        raise DatasetError(f"{folder.name} has no chips in the part {split}; choose another one.")
    return str(path)


def _sentence(found: Evaluation) -> str:
    """What came of it, for a person."""
    if found.comparison is not None:
        return found.comparison.sentence
    per_image, pooled = found.model.scores.per_image["iou"], found.model.scores.pooled["iou"]
    return (
        f"{found.called(found.model)}: IoU per image {per_image.value:.3f}, pooled "
        f"{pooled.value:.3f} on {len(found.model.records)} {found.about.unit}."
    )


class _Teller:
    """Says how far it is: cases of all models together."""

    def __init__(self, talk: Talk, models: int) -> None:
        self._talk, self._models = talk, models
        self._before, self._last = 0, 0

    def __call__(self, done: Progress) -> None:
        if done.done < self._last:  # the next model begins
            self._before += done.total
        self._last = done.done
        steps = self._models * done.total
        self._talk.say("progress", stage="train", step=self._before + done.done, steps=steps)
