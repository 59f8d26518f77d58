# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether it worked: the trained model beside the one before, on the same chips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..evaluation.scores import draws, interval_of

Values = npt.NDArray[np.float64]
RESAMPLES = 10_000
#: With fewer groups of chips an interval says more than it knows.
FEW = 8
#: Fewer are no sample at all: of one, every resample is the same.
FEWEST = 3


@dataclass(frozen=True)
class Verdict:
    """word: `better`, `worse` or `not to be told apart`; mean and 95 % interval of the difference.

    sentence: all of that for a person.
    """

    word: str
    difference: float
    low: float
    high: float
    sentence: str

    @property
    def gained(self) -> bool:
        """Whether the new model is the better one on average: else nobody should go on with it."""
        return self.difference > 0


def verdict_of(
    after: Values, before: Values, groups: Sequence[str], kind: str = "validation"
) -> Verdict:
    """Compare the IoU of each chip, float64 (n,), by a paired bootstrap of whole groups.

    kind: what the chips are called, `validation` or `test`; `training` where there are no others
    than those that the model learned from, which prove nothing.
    """
    gain, few = after - before, len(set(groups)) < FEWEST
    drawn = [(w @ gain) / w.sum(axis=1) for w in draws(groups, RESAMPLES) if len(gain)]
    low, high = interval_of(np.concatenate(drawn))
    word = "better" if low > 0 else "worse" if high < 0 else "not to be told apart"
    if few or kind == "training":
        word = "not to be told apart"
    mean = float(gain.mean())
    than = f"{word} than" if word != "not to be told apart" else f"{word} from"
    between = f" (95 % between {_signed(low)} and {_signed(high)}, paired bootstrap)"
    sentence = (
        f"The new model is {than} the one before on {_chips(len(gain), kind)} with water: IoU "
        f"per image {after.mean():.3f} against {before.mean():.3f}, a difference of "
        f"{_signed(mean)}{'' if few else between}."
    )
    if mean <= 0:
        sentence += " Go on with the one before; more chips or longer training may do better."
    if kind == "training":
        sentence += " It learned from these very chips, which says nothing of others: draw more."
    elif len(set(groups)) < FEW:
        sentence += " So few chips say little: keep more of them."
    return Verdict(word, mean, low, high, sentence)


def _signed(value: float) -> str:
    """Three decimals with a sign, which nothing has none of."""
    text = f"{value:+.3f}"
    return "0.000" if float(text) == 0 else text


def _chips(count: int, kind: str) -> str:
    return f"1 {kind} chip" if count == 1 else f"{count} {kind} chips"
