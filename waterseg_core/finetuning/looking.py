# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking: what a model says of the validation chips, asked as a user would ask it.

The files that were written are loaded by `load_segmenter` and decode as they always do, so a
number here is a number of the real thing: precision of the files, grammar, looks and all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..dataset.answer import UNKNOWN
from ..dataset.folder import Chip
from ..segmenter import Segmenter
from .sets import TrainingSet

#: Probabilities that may become the threshold; the one in the middle wins ties.
THRESHOLDS = (0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7)
#: A threshold other than the model's own must be better by so much.
WORTH = 0.003
_AT_ONCE = 16

#: Told the number of a chip, its image, its classes and the probabilities of each label.
Seen = Callable[[int, npt.NDArray[np.uint8], npt.NDArray[np.uint8], npt.NDArray[np.float32]], None]


@dataclass(frozen=True)
class Counts:
    """Pixels of each chip and threshold: in both, in either `(chips, thresholds)`; wet `(chips,)`.

    Summed over labels; pixels of which nothing is known do not count.
    """

    both: npt.NDArray[np.int64]
    either: npt.NDArray[np.int64]
    wet: npt.NDArray[np.bool_]
    thresholds: tuple[float, ...]

    def words(self) -> dict[str, list[Any]]:
        """As plain lists, to be kept."""
        arrays = {name: getattr(self, name).tolist() for name in ("both", "either", "wet")}
        return arrays | {"thresholds": list(self.thresholds)}

    @classmethod
    def of(cls, words: dict[str, list[Any]]) -> Counts:
        """Counts that were kept."""
        both, either = np.array(words["both"], np.int64), np.array(words["either"], np.int64)
        return cls(both, either, np.array(words["wet"], np.bool_), tuple(words["thresholds"]))

    def each(self, place: int) -> npt.NDArray[np.float64]:
        """IoU of each chip at the threshold of this place; 1 for a dry chip found dry."""
        either = self.either[:, place]
        return np.where(either > 0, self.both[:, place] / np.maximum(either, 1), 1.0)

    def scores(self, place: int) -> tuple[float, float]:
        """IoU per image (over chips with water) and pooled (over all)."""
        wet = self.each(place)[self.wet]
        pooled = self.both[:, place].sum() / max(1, self.either[:, place].sum())
        return float(wet.mean()) if wet.size else 1.0, float(pooled)

    def best(self) -> int:
        """The place of the best threshold; the first one unless another is worth it."""
        means = [sum(self.scores(place)) / 2 for place in range(len(self.thresholds))]
        top = int(np.argmax(means))
        return top if means[top] > means[0] + WORTH else 0


def count(
    segmenter: Segmenter,
    data: TrainingSet,
    chips: Sequence[Chip],
    tick: Callable[[int], None] = lambda done: None,
    seen: Seen | None = None,
) -> Counts:
    """Segment chips and count. `tick` is told how many are done; what it raises ends it."""
    thresholds = tuple(dict.fromkeys((segmenter.threshold, *THRESHOLDS)))
    both = np.zeros((len(chips), len(thresholds)), np.int64)
    either = np.zeros_like(both)
    wet = np.zeros(len(chips), np.bool_)
    for start in range(0, len(chips), _AT_ONCE):
        tick(start)
        pairs = [data.read(chip) for chip in chips[start : start + _AT_ONCE]]
        said = segmenter.segment([rgb for rgb, _ in pairs])
        for place, (one, (rgb, classes)) in enumerate(zip(said, pairs, strict=True), start=start):
            if seen is not None:
                seen(place, rgb, classes, one.masks)
            wet[place] = bool(((classes > 0) & (classes != UNKNOWN)).any())
            for column, threshold in enumerate(thresholds):
                b, e = _overlap(one.masks, classes, threshold)
                both[place, column], either[place, column] = b, e
    return Counts(both, either, wet, thresholds)


def _overlap(
    masks: npt.NDArray[np.float32], classes: npt.NDArray[np.uint8], threshold: float
) -> tuple[int, int]:
    """Pixels in both and in either, over all labels, where the truth is known."""
    known = classes != UNKNOWN
    both = either = 0
    for number, mask in enumerate(masks, start=1):
        said, true = (mask > threshold) & known, classes == number
        both += int(np.count_nonzero(said & true))
        either += int(np.count_nonzero(said | true))
    return both, either
