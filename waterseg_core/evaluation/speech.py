# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers in tokens: empty, malformed, or saying the same thing twice.

The grammar makes malformed answers impossible; what a model would say without it tells how well
it has learned the language. An answer is malformed if `tokens.parse_text` refuses it, or if it
was still going on where the longest allowed answer ends.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from waterseg_core.errors import GrammarError
from waterseg_core.tokens import Box, Instance, parse_text

__all__ = ["SPOKEN", "box_iou", "judged"]

#: Two instances whose boxes overlap so much are one said twice.
TWICE = 0.9
#: What `judged` counts, beside the answers themselves.
SPOKEN = ("answers", "empty", "malformed", "duplicate", "instances")


def judged(text: str, ended: bool = True) -> dict[str, int]:
    """What is wrong with one answer: counts by the names in `SPOKEN`, each 0 or 1 but instances.

    empty: it names nothing. duplicate: two of its instances have alike labels and boxes whose IoU
    is at least 0.9. ended: whether the model said that it was done.
    """
    told = dict.fromkeys(SPOKEN, 0) | {"answers": 1}
    try:
        instances = parse_text(text)
    except GrammarError:
        return told | {"malformed": 1}
    if not ended:
        return told | {"malformed": 1}
    if not instances:
        return told | {"empty": 1}
    return told | {"instances": len(instances), "duplicate": int(_repeats(instances))}


def _repeats(instances: Sequence[Instance]) -> bool:
    return any(
        one.label == other.label and box_iou(one.box, other.box) >= TWICE
        for one, other in itertools.combinations(instances, 2)
    )


def box_iou(one: Box, other: Box) -> float:
    """IoU of two boxes (y1, x1, y2, x2)."""
    high = min(one[2], other[2]) - max(one[0], other[0])
    wide = min(one[3], other[3]) - max(one[1], other[1])
    both = max(high, 0.0) * max(wide, 0.0)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return both / (areas - both)
