# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a run: the best model is published, with its threshold, its verdict and its card."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..dataset.folder import Chip
from ..paligemma.settings import FILE
from ..segmenter import Segmenter, devices, load_segmenter
from .card import PICTURE, Story, draw_looks, write_story
from .export import publish
from .looking import Counts, count
from .shared import Shared
from .state import RunState
from .telling import Look
from .trainee import Trainee
from .verdict import FEWEST, verdict_of

_PICTURES = 8


@dataclass(frozen=True)
class Published:
    """What was published: the best look at its best threshold, all looks, the verdict in words."""

    best: Look | None
    looks: tuple[Look, ...]
    verdict: str


def publish_best(shared: Shared, state: RunState, finished: bool) -> Published:
    """Put the best model into the output folder, with its card."""
    if state.best is None:
        return Published(None, (), "Nothing was measured yet.")
    files = shared.folder.state / state.best_files
    counts = Counts.of(state.counts["best"])
    place = _best(shared, counts)
    best = _at(state.best, counts, place)
    _say(files / FILE, shared.recipe.answer, best)
    publish(files, shared.folder.path)
    segmenter = _segmenter(shared, str(shared.folder.path))
    verdict = _on_test_chips(shared, state, segmenter) if finished else None
    verdict = verdict or _verdict(shared, state, counts, place)
    chips = _shown(shared.looked, counts, place)
    draw_looks(shared.folder.path / PICTURE, segmenter, shared.data, chips)
    looks = [best if look == state.best else look for look in state.looks]
    story = replace(state, best=best, looks=looks)
    write_story(shared.folder.path, _story(shared, story, verdict, finished))
    return Published(best, tuple(looks), verdict)


def _segmenter(shared: Shared, folder: str) -> Segmenter:
    trainee = _trainee(shared)
    adapts = trainee.peft is not None
    return load_segmenter(
        shared.model if adapts else folder,
        prompt=shared.data.prefix,
        answer=shared.recipe.answer,
        device=shared.options.device,
        adapter=folder if adapts else None,
        revision=shared.options.revision if adapts else None,
    )


def _trainee(shared: Shared) -> Trainee:
    assert shared.trained is not None
    return shared.trained


def _at(look: Look, counts: Counts, place: int) -> Look:
    iou, pooled = counts.scores(place)
    threshold = counts.thresholds[place]
    return Look(look.seed, look.step, (iou + pooled) / 2, iou, pooled, threshold, look.loss)


def _say(path: Any, answer: str, best: Look) -> None:
    """Write threshold and accuracy into the settings of the best model."""
    says = json.loads(path.read_text("utf-8"))
    says["threshold"] = {answer: best.threshold}
    says["iou_per_image"], says["iou_pooled"] = round(best.iou, 3), round(best.pooled, 3)
    path.write_text(json.dumps(says, indent=2) + "\n", "utf-8")


def _on_test_chips(shared: Shared, state: RunState, segmenter: Segmenter) -> str | None:
    """Against the model before, on test chips with water; None if they are too few to count.

    Weights, threshold and when to stop were chosen by the validation chips, nothing by these: so
    what is said of these holds for chips that are still to come. Each model has the threshold
    that is best for it on the validation chips: what that alone brings is not what was learned.
    """
    chips = shared.data.test
    places = {_place(chip) for chip in chips if not chip.is_dry}
    before = shared.before() if "before" in state.counts and len(places) >= FEWEST else None
    if before is None:
        return None
    old, new = (
        count(one, shared.data, chips, lambda done: shared.check_cancel())
        for one in (before, segmenter)
    )
    groups = [_place(chip) for chip, wet in zip(chips, new.wet, strict=True) if wet]
    earlier = Counts.of(state.counts["before"])
    threshold = earlier.thresholds[_best(shared, earlier)]
    said = old.each(old.thresholds.index(threshold))
    return verdict_of(new.each(0)[new.wet], said[new.wet], groups, "test").sentence


def _best(shared: Shared, counts: Counts) -> int:
    """The place of the threshold to publish with: only a mask head has a choice."""
    return counts.best() if shared.recipe.answer == "dense" else 0


def _place(chip: Chip) -> str:
    return chip.group or chip.id


def _verdict(shared: Shared, state: RunState, counts: Counts, place: int) -> str:
    """Against the model before, on validation chips with water."""
    iou, pooled = counts.scores(place)
    if "before" not in state.counts:
        return (
            f"IoU per image {iou:.3f}, pooled {pooled:.3f} on {len(shared.looked)} validation "
            "chips; the model before could not answer so."
        )
    wet = counts.wet
    if not wet.any():
        return "The validation chips show no water, so nothing can be said."
    earlier = Counts.of(state.counts["before"])
    before = earlier.each(_best(shared, earlier))
    groups = [_place(chip) for chip, is_wet in zip(shared.looked, wet, strict=True) if is_wet]
    return verdict_of(counts.each(place)[wet], before[wet], groups).sentence


def _shown(chips: list[Chip], counts: Counts, place: int) -> list[Chip]:
    """Some chips with water, from the worst to the best."""
    order = [int(n) for n in np.argsort(counts.each(place)) if counts.wet[n]]
    few = min(_PICTURES, len(order))
    return [chips[order[math.floor(n * (len(order) - 1) / max(1, few - 1))]] for n in range(few)]


def _story(shared: Shared, state: RunState, verdict: str, finished: bool) -> Story:
    trainee = _trainee(shared)
    learned = sum(w.numel() for group in trainee.groups() for w in group["params"])
    weights = sum(w.numel() for w in trainee.learner.parameters())
    says = json.loads((shared.folder.path / FILE).read_text("utf-8"))
    kind = shared.device.type
    return Story(
        name=shared.folder.path.resolve().name,
        recipe=shared.recipe,
        data=shared.data,
        base=trainee.base.name,
        base_revision=trainee.base.revision,
        licence=says.get("licence", ""),
        options=state.options,
        plan=state.plan,
        looks=state.looks,
        before=state.before,
        best=state.best,
        verdict=verdict,
        device=f"{kind} ({devices().get(kind, '')})",
        seconds=state.seconds,
        finished=finished,
        learned=learned,
        parameters=weights,
    )
