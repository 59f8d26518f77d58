# SPDX-License-Identifier: GPL-3.0-or-later
"""What a training tells while it runs and when it is over; no torch here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Look", "Outcome", "Progress", "sample_name"]


def sample_name(number: int) -> str:
    """The file of the picture after that look; 0 is the model before."""
    return f"{number:04d}.png"


@dataclass(frozen=True)
class Look:
    """One measurement on the validation chips, through the real segmenter.

    step: after so many steps; 0 is the model before. iou: the mean over chips with water of each
    one's own IoU. pooled: all chips' pixels as one image, dry chips too. score: the mean of both,
    which decides. threshold: the probability from which a pixel counted as water.
    """

    seed: int
    step: int
    score: float
    iou: float
    pooled: float
    threshold: float
    loss: float | None = None

    def words(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Progress:
    """Where a training is.

    stage: `estimate`, `train`, `look` or `write`. loss: smoothed, of the last steps. look: the
    measurement that was just made, if one was; that of the model before has the step 0.
    seconds_left: an estimate, None at the start. epoch: how often every chip was seen.
    """

    stage: str
    seed: int
    step: int
    steps: int
    loss: float | None = None
    rate: float | None = None
    look: Look | None = None
    best: Look | None = None
    seconds_left: float | None = None
    message: str = ""
    epoch: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a training.

    before: the model that it started from on the same chips, None if it could not answer so.
    verdict: whether it is better, in a sentence. gained: False where the model before was as good
    or better on average, so that nobody should go on with this one; None where they could not be
    compared. finished: False if it was stopped.
    """

    folder: Path
    finished: bool
    best: Look | None
    before: Look | None
    verdict: str
    steps: int
    seconds: float
    looks: tuple[Look, ...] = ()
    notes: tuple[str, ...] = field(default=())
    gained: bool | None = None
