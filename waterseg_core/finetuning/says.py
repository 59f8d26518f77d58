# SPDX-License-Identifier: GPL-3.0-or-later
"""What a trained model says of itself in `waterseg.json`: how it answers, and what made it."""

from __future__ import annotations

import statistics
from typing import Any

from ..paligemma.load import Checkpoint
from .recipes import Recipe
from .sets import TrainingSet
from .telling import Look


def settings_of(
    base: Checkpoint,
    recipe: Recipe,
    data: TrainingSet,
    head: dict[str, Any] | None,
    licence: str,
    look: Look | None,
) -> dict[str, Any]:
    """The words of `waterseg.json`.

    The answer that was trained is the only one that counts. A tile is as large as the chips were:
    what a model sees when it works is what it saw when it learned.
    """
    settings, answer = base.settings, recipe.answer
    side = _side(data, int(base.model.config.vision_config.image_size))
    says: dict[str, Any] = {
        "answer": answer,
        "answers": [answer],
        "grid": settings.grid,
        "tile": {answer: side},
        "looks": settings.looks if answer == "dense" else 1,
        "codec": "codec.safetensors" if settings.codec else None,
        "licence": licence,
        "prompt": data.prefix,
        "base": {"name": base.name, "revision": base.revision},
        "data": {"name": data.name, "sha256": data.sha256, "chips": len(data.train)},
    }
    if head is not None:
        says["head"] = head
    if look is not None:
        says["threshold"] = {answer: look.threshold}
        says["iou_per_image"], says["iou_pooled"] = round(look.iou, 3), round(look.pooled, 3)
    return {name: value for name, value in says.items() if value is not None}


def _side(data: TrainingSet, square: int) -> int:
    """The usual side of a chip, between half and four times the model's square."""
    sides = [max(data.read(chip)[0].shape[:2]) for chip in data.train[:32]]
    return int(min(4 * square, max(square // 2, statistics.median_low(sides))))


def licence_of(base: str | None, data: str) -> str:
    """The licence of what was made, in words: that of its base, and whose data it saw."""
    name = base or "that of the base model"
    return f"{name}; trained on data under: {data}" if data else name
