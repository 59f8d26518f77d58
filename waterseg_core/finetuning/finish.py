# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a run: the best model is published, with its threshold, its verdict and its card."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..dataset.folder import Chip
from ..outputs_atomic import replacing
from ..paligemma.settings import FILE
from ..segmenter import Segmenter, devices, load_segmenter
from .card import PICTURE, Story, draw_looks, write_story
from .export import publish
from .looking import Counts, count
from .shared import Shared
from .state import RunState
from .telling import Look
from .trainee import Trainee
from .verdict import FEWEST, Verdict, verdict_of

_PICTURES = 8


@dataclass(frozen=True)
class Published:
    """What was published: the best look at its best threshold, all looks, the verdict in words.

    gained: as in `Outcome`.
    """

    best: Look | None
    looks: tuple[Look, ...]
    verdict: str
    gained: bool | None = None


def publish_best(shared: Shared, state: RunState, finished: bool) -> Published:
    """Put the best model into the output folder, with its card."""
    if state.best is None:
        return Published(None, (), "Nothing was measured yet.")
    files = shared.folder.state / state.best_files
    counts = Counts.of(state.counts["best"])
    place = _best(shared, counts)
    best = _at(state.best, counts, place)
    _say(files / FILE, _measured(shared.recipe.answer, best))
    publish(files, shared.folder.path)
    segmenter = _segmenter(shared, str(shared.folder.path))
    compared = _on_test_chips(shared, state, segmenter) if finished else None
    compared = compared or _on_validation_chips(shared, state, counts, place)
    verdict = compared.sentence if compared else _alone(shared, state, counts, place)
    gained = compared.gained if compared else None
    if compared:
        _say(shared.folder.path / FILE, {"gained": gained})
    chips = _shown(shared.looked, counts, place)
    draw_looks(shared.folder.path / PICTURE, segmenter, shared.data, chips)
    looks = [best if look == state.best else look for look in state.looks]
    story = replace(state, best=best, looks=looks)
    write_story(shared.folder.path, _story(shared, story, verdict, gained, finished))
    return Published(best, tuple(looks), verdict, gained)


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


def _measured(answer: str, best: Look) -> dict[str, Any]:
    """Threshold and accuracy, as the settings of a model say them."""
    ious = {"iou_per_image": round(best.iou, 3), "iou_pooled": round(best.pooled, 3)}
    return {"threshold": {answer: best.threshold}} | ious


def _say(path: Path, more: dict[str, Any]) -> None:
    """Write more into the settings of a model."""
    says = json.loads(path.read_text("utf-8")) | more
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(says, indent=2) + "\n", "utf-8")


def _on_test_chips(shared: Shared, state: RunState, segmenter: Segmenter) -> Verdict | None:
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
    return verdict_of(new.each(0)[new.wet], said[new.wet], groups, "test")


def _best(shared: Shared, counts: Counts) -> int:
    """The place of the threshold to publish with: only a mask head has a choice."""
    return counts.best() if shared.recipe.answer == "dense" else 0


def _place(chip: Chip) -> str:
    return chip.group or chip.id


def _alone(shared: Shared, state: RunState, counts: Counts, place: int) -> str:
    """What is said of a model that nothing can be compared with."""
    if "before" in state.counts:
        return "The validation chips show no water, so nothing can be said."
    iou, pooled = counts.scores(place)
    return (
        f"IoU per image {iou:.3f}, pooled {pooled:.3f} on {len(shared.looked)} validation "
        "chips; the model before could not answer so."
    )


def _on_validation_chips(
    shared: Shared, state: RunState, counts: Counts, place: int
) -> Verdict | None:
    """Against the model before, on validation chips with water; None if that cannot be."""
    wet = counts.wet
    if "before" not in state.counts or not wet.any():
        return None
    earlier = Counts.of(state.counts["before"])
    before = earlier.each(_best(shared, earlier))
    groups = [_place(chip) for chip, is_wet in zip(shared.looked, wet, strict=True) if is_wet]
    kind = "validation" if shared.data.apart else "training"
    return verdict_of(counts.each(place)[wet], before[wet], groups, kind)


def _shown(chips: list[Chip], counts: Counts, place: int) -> list[Chip]:
    """Some chips, with water if there are any, from the worst to the best."""
    ranked = np.argsort(counts.each(place)).tolist()
    order = [n for n in ranked if counts.wet[n]] or ranked
    few = min(_PICTURES, len(order))
    return [chips[order[math.floor(n * (len(order) - 1) / max(1, few - 1))]] for n in range(few)]


def _story(
    shared: Shared, state: RunState, verdict: str, gained: bool | None, finished: bool
) -> Story:
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
        gained=gained,
        device=f"{kind} ({devices().get(kind, '')})",
        seconds=state.seconds,
        finished=finished,
        learned=learned,
        parameters=weights,
    )
