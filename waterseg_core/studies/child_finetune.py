# SPDX-License-Identifier: GPL-3.0-or-later
"""A training in the child: `finetune`, its progress as lines, its curve in a journal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waterseg_core.finetuning.card import TRAINING
from waterseg_core.finetuning.run import finetune
from waterseg_core.finetuning.state import FILE, STATE
from waterseg_core.options_finetune import FinetuneOptions
from waterseg_core.studies.journal import Journal
from waterseg_core.studies.talk import Talk

if TYPE_CHECKING:
    from waterseg_core.finetuning import Progress
    from waterseg_core.finetuning.estimate import Estimate

__all__ = ["train"]


def train(task: dict[str, Any], talk: Talk) -> None:
    """Train, or go on with a training, and say what came of it."""
    output = Path(task["output"])
    journal = Journal(Path(task["journal"]), writes=True)
    resumes = (output / STATE / FILE).is_file()
    if not resumes and (story := _finished(output)) is not None:
        talk.say("over", finished=True, has_model=True, **story)
        return
    if task["at_epoch"]:
        talk.enough.set()
    outcome = finetune(
        FinetuneOptions(**task["options"]),
        Path(task["set"]),
        output,
        resume=resumes,
        given=["device"] if resumes else None,
        progress=_Teller(talk, journal),
        cancel=talk.cancel,
        enough=talk.enough,
        ask=lambda plan: _asked(plan, talk, task["go"]),
        samples=Path(task["samples"]),
    )
    for look in outcome.looks:
        _note(talk, journal, {"look": look.words()})
    talk.say(
        "over",
        finished=outcome.finished,
        verdict=outcome.verdict,
        gained=outcome.gained,
        notes=list(outcome.notes),
        best=outcome.best.words() if outcome.best else None,
        has_model=outcome.best is not None,
    )


class _Teller:
    """Says how far it is."""

    def __init__(self, talk: Talk, journal: Journal) -> None:
        self._talk, self._journal = talk, journal

    def __call__(self, done: Progress) -> None:
        if done.look is not None:
            _note(self._talk, self._journal, {"look": done.look.words()})
        if done.stage == "train":
            point = {"seed": done.seed, "step": done.step, "loss": done.loss, "rate": done.rate}
            _note(self._talk, self._journal, {"point": point})
        self._talk.say(
            "progress",
            stage=done.stage,
            seed=done.seed,
            step=done.step,
            steps=done.steps,
            loss=done.loss,
            epoch=done.epoch,
            best=done.best.words() if done.best else None,
            seconds_left=done.seconds_left,
        )


def _note(talk: Talk, journal: Journal, entry: dict[str, Any]) -> None:
    if journal.add(entry):
        talk.say("note", entry=entry)


def _asked(plan: Estimate, talk: Talk, go: bool) -> bool:
    """Tell the estimate and wait for a yes, if one is needed."""
    talk.say("estimate", sentences=plan.sentences(), seconds=plan.seconds, steps=plan.steps)
    while not go and not talk.go.wait(0.1):
        if talk.cancel.is_set():
            return False
    return True


def _finished(output: Path) -> dict[str, Any] | None:
    """What came of a training that is over though its server was not there to hear it."""
    try:
        story = json.loads((output / TRAINING).read_text("utf-8"))
        told = {name: story[name] for name in ("verdict", "notes", "best")}
        told["gained"] = story.get("gained")
    except (OSError, ValueError, LookupError):
        return None
    return told if story.get("finished") else None
