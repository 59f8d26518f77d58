# SPDX-License-Identifier: GPL-3.0-or-later
"""evaluate: let one or two models answer every case, score it, and say what came of it.

    source -> answers of a model -> record per case (on disk) -> scores -> comparison -> report

Records are kept in a work folder, one folder per model, until everything is done: an evaluation
that was stopped goes on at the case where it stopped.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from waterseg_core.errors import Cancelled, DatasetError, OptionError
from waterseg_core.evaluation.cases import Looked, Source
from waterseg_core.evaluation.ratios import METRICS
from waterseg_core.evaluation.record import Record, Spoken, measured, table
from waterseg_core.evaluation.result import About, Evaluation, Subject, evaluated, model_result
from waterseg_core.evaluation.sets import source_of
from waterseg_core.evaluation.speech import judged
from waterseg_core.options import SegmentOptions
from waterseg_core.options_evaluate import EvaluateOptions
from waterseg_core.places import work_folder
from waterseg_core.segmenter import Segmenter
from waterseg_core.workfolder import WorkFolder, told

__all__ = ["Progress", "evaluate"]

#: What records look like on disk and how models are asked: another number, and older evaluations
#: are not continued. 2: joined looks are lifted.
FORMAT = 2
RECORD, MASK = "record", "mask.png"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: done of total, in `unit`; the model at work, and its IoU per image so far."""

    done: int
    total: int
    unit: str
    model: str
    iou: float | None


def evaluate(
    source: Source | str | os.PathLike[str] | None,
    segmenter: Segmenter,
    baseline: Segmenter | None = None,
    options: EvaluateOptions | None = None,
    *,
    title: str = "",
    progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
    work_dir: str | os.PathLike[str] | None = None,
) -> Evaluation:
    """Score a model on a source, and compare it with another one.

    Parameters
    ----------
    source
        A JSONL file, the folder of a set, or a raster where `options.truth` names its water; None
        where `options` name folders; or any object like `cases.Source`.
    segmenter, baseline
        From `load_segmenter`, or any objects like `Segmenter`.
    options
        How, and where the report goes; those that say which models and how they answer are for
        `load_segmenter` and not used here.
    title
        What was evaluated on, for people.
    progress
        Called with a `Progress` after every case.
    cancel
        Set it from another thread to stop; the same call goes on later.
    work_dir
        Where unfinished evaluations are kept, instead of the user's cache folder.

    Raises
    ------
    OptionError, DatasetError, RasterError, AreaError, ModelError, OutputError, Cancelled
        Each with a sentence for the user.
    """
    options = options or EvaluateOptions()
    root = work_folder() if work_dir is None else Path(work_dir)
    with contextlib.ExitStack() as stack:
        if source is None or isinstance(source, (str, os.PathLike)):
            title = title or str(source or options.images)
            source = source_of(None if source is None else os.fspath(source), options)
            stack.callback(source.close)
        runs = [
            _Run(source, model, options, options.pipeline(number == 0), root)
            for number, model in enumerate((segmenter, baseline))
            if model is not None
        ]
        if len(runs) > 1 and runs[0].job == runs[1].job:
            raise OptionError(
                "--baseline is the same model, answering in the same way. Name another one, or "
                "another --baseline-answer."
            )
        for run in runs:
            run.open(stack)
            run.finish(progress, cancel)
        found = _found(source, runs, options, title)
        if options.report is not None:
            from waterseg_core.evaluation.report import write_report

            masks = [run.mask for run in runs]
            write_report(found, Path(options.report), source.cases, masks)
        for run in runs:
            run.folder.remove()
    return found


@dataclass
class _Run:
    """One model on its way through the cases."""

    source: Source
    segmenter: Segmenter
    options: EvaluateOptions
    pipeline: SegmentOptions
    root: Path

    @property
    def job(self) -> dict[str, Any]:
        """What this work is: of the same job records are kept in the same folder."""
        return description(self.source, self.segmenter, self.options, self.pipeline)

    def open(self, stack: contextlib.ExitStack) -> None:
        """Take the folder of this model and these cases; known afterwards: what is done."""
        claimed = WorkFolder.claim(self.root, "evaluate", self.job, self.options.resume)
        self.folder = stack.enter_context(claimed)

    def finish(
        self, progress: Callable[[Progress], None] | None, cancel: threading.Event | None
    ) -> None:
        """Answer and score the cases that are left."""
        cases, start = self.source.cases, self.folder.finished
        tell = _Teller(progress, self.segmenter.name)
        for number in range(start):
            tell.take(self.record(number))
        tell(start, len(cases), self.source.unit)
        if start == len(cases):
            return
        answers = self.source.answers(self.segmenter, self.pipeline, start, self.root, cancel, tell)
        with contextlib.closing(answers):  # type: ignore[type-var]
            left = iter(enumerate(cases[start:], start))
            try:
                for answer in answers:
                    number, case = next(left)
                    looked = case.look()
                    spoken = self._spoken(looked)
                    record = measured(case, looked, answer, spoken)
                    self._keep(number, record, answer.found)
                    tell.take(record)
                    tell(number + 1, len(cases), self.source.unit)
            except Cancelled:
                raise Cancelled(self._stopped()) from None

    def record(self, number: int) -> Record:
        """The record of a case that is done."""
        with told(self.folder.path):
            return Record.from_json(self.folder.blob(number, RECORD).read_bytes())

    def mask(self, number: int) -> np.ndarray[Any, Any]:
        """What was found in a case that is done, bool `(h, w)`."""
        with told(self.folder.path), Image.open(self.folder.blob(number, MASK)) as picture:
            return np.asarray(picture, bool)

    def _keep(self, number: int, record: Record, found: np.ndarray[Any, Any]) -> None:
        with told(self.folder.path):
            self.folder.blob(number, RECORD).write_bytes(record.to_json())
            Image.fromarray(found).save(self.folder.blob(number, MASK), "PNG")
        self.folder.finish(number, [RECORD, MASK], b"")

    def _spoken(self, looked: Looked) -> Spoken:
        """What a PaliGemma says to the image in tokens, if that is wanted."""
        if not self.options.tokens:
            return {}
        from waterseg_core.paligemma.runtime import PaliGemmaSegmenter

        if not isinstance(self.segmenter, PaliGemmaSegmenter):
            return {}
        from waterseg_core.paligemma.free import say

        (said,) = say(self.segmenter, [np.array(looked.rgb)])
        return {"free": judged(said.free, said.ended), "bound": judged(said.bound)}

    def _stopped(self) -> str:
        done, total = self.folder.finished, len(self.source.cases)
        counted = f"{done} of {total} {self.source.unit}"
        return f"Stopped after {counted} with {self.segmenter.name}. Run the same again to go on."


class _Teller:
    """Tells how far a model is, and how good it looks."""

    def __init__(self, progress: Callable[[Progress], None] | None, model: str) -> None:
        self._progress, self._model = progress, model
        self._images, self._ious = 0, 0.0

    def take(self, record: Record) -> None:
        """Count a record in."""
        if record.sums["known"]:
            self._images += 1
            self._ious += float(METRICS[0].of(table([record]))[0])

    def __call__(self, done: int, total: int, unit: str) -> None:
        if self._progress is not None:
            iou = self._ious / self._images if self._images else None
            self._progress(Progress(done, total, unit, self._model, iou))


def description(
    source: Source, segmenter: Segmenter, options: EvaluateOptions, pipeline: SegmentOptions
) -> dict[str, Any]:
    """Everything that records depend on; another description is another evaluation."""
    about = ("name", "revision", "labels", "prompt", "answer", "device", "dtype", "threshold")
    return {
        "format": FORMAT,
        "evaluate": source.fingerprint(),
        "model": {name: str(getattr(segmenter, name, "")) for name in about},
        "pipeline": pipeline.job_key(),
        "min_area": pipeline.min_area,
        "tokens": options.tokens,
    }


def _found(source: Source, runs: list[_Run], options: EvaluateOptions, title: str) -> Evaluation:
    """Scores of what is known, from the records of all runs."""
    numbers = range(len(source.cases))
    known = [n for n in numbers if runs[0].record(n).sums["known"]]
    if not known:
        raise DatasetError(f"No image of {title or 'the source'} has a pixel whose truth is known.")
    left_out = [source.cases[n].name for n in numbers if n not in set(known)]
    results = [
        model_result(_about(run), [run.record(n) for n in known], options.resamples) for run in runs
    ]
    about = Subject(title, source.unit, options.protocol, source.notes, tuple(left_out))
    return evaluated(about, results)


def _about(run: _Run) -> About:
    model, threshold = run.segmenter, run.pipeline.threshold
    prompt = getattr(model, "prompt", "")
    return About(
        name=model.name,
        revision=model.revision,
        answer=str(getattr(model, "answer", "")),
        prompt=str(getattr(prompt, "text", prompt)),
        threshold=model.threshold if threshold is None else threshold,
        device=str(getattr(model, "device", "")),
        dtype=str(getattr(model, "dtype", "")).removeprefix("torch."),
    )
