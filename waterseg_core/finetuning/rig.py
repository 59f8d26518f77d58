# SPDX-License-Identifier: GPL-3.0-or-later
"""Rig: all that takes the steps of one seed, in the leader and in every helper."""

from __future__ import annotations

from dataclasses import dataclass

from .collate import Collator
from .examples import Look, Teacher
from .loop import Feed, Stepper
from .shared import Shared
from .trainee import Trainee, make_trainee


@dataclass(frozen=True)
class Rig:
    """What learns, what it learns from, and what moves it."""

    trainee: Trainee
    feed: Feed
    stepper: Stepper


def make_rig(shared: Shared, seed: int, part: int) -> Rig:
    """The rig of a seed, with the weights that it begins with. part: examples at once."""
    base = shared.fresh()
    trainee = make_trainee(base, shared.recipe, shared.codec, shared.options, seed)
    config = base.model.config
    square = int(config.vision_config.image_size)
    teacher = Teacher(
        shared.recipe.answer,
        shared.data.prefix,
        shared.data.labels,
        base.tokenizer,
        shared.codec,
        base.settings.grid,
        Look(square, shared.recipe.smallest, shared.options.augment),
    )
    ids = teacher.vocabulary
    tokens = (square // int(config.vision_config.patch_size)) ** 2
    collator = Collator(ids.image, tokens, ids.pad)
    feed = Feed(shared.data, teacher, shared.recipe.batch, seed, shared.crew)
    return Rig(trainee, feed, Stepper(trainee, collator, seed, part, shared.crew))
