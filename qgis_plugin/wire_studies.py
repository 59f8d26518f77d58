# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine answers about trainings, as small objects."""

from dataclasses import dataclass, field

from .wire import CANCELLED, DONE, FAILED, FINISHING, RUNNING, WAITING, known

PREPARING, READY = "preparing", "ready"
#: States in which nothing was learned yet.
EARLY = (WAITING, PREPARING, READY)
OVER = (DONE, CANCELLED, FAILED)
#: When a training shall stop.
NOW, EPOCH = "now", "epoch"

__all__ = [
    "CANCELLED",
    "DONE",
    "EARLY",
    "EPOCH",
    "FAILED",
    "FINISHING",
    "NOW",
    "OVER",
    "PREPARING",
    "READY",
    "RUNNING",
    "WAITING",
    "Curve",
    "Look",
    "Point",
    "Training",
]


@dataclass(frozen=True)
class Look:
    """One measurement on the validation chips; step 0 is the model before.

    iou: mean over chips with water, pooled: all chips as one picture, score: what decides; all
    0 to 1.
    """

    seed: int = 0
    step: int = 0
    score: float = 0.0
    iou: float = 0.0
    pooled: float = 0.0
    threshold: float = 0.5
    loss: float = None


@dataclass(frozen=True)
class Point:
    """One step of the curve."""

    seed: int = 0
    step: int = 0
    loss: float = 0.0
    rate: float = None


@dataclass(frozen=True)
class Training:
    """A training as the engine tells it.

    wanted: numbers of the parts of the zip that are to be sent, of part_bytes each. estimate:
    sentences; estimate_seconds: None until it is known. before, best: `Look` or None. looks,
    points: how many there are in the curve, which is without the look before. verdict: a
    sentence when it is over. gained: False where nobody should go on with the new model, None if
    it was not compared. model: the name under which the result is on offer, or empty.
    """

    id: str = ""
    kind: str = "finetune"
    name: str = ""
    state: str = WAITING
    message: str = ""
    error: str = ""
    notes: tuple = ()
    created: str = ""
    wanted: tuple = ()
    part_bytes: int = 8 << 20
    estimate: tuple = ()
    estimate_seconds: float = None
    seed: int = 0
    seeds: int = 1
    step: int = 0
    steps: int = 0
    epoch: float = None
    seconds_left: float = None
    loss: float = None
    before: Look = None
    best: Look = None
    looks: int = 0
    verdict: str = ""
    gained: bool = None
    model: str = ""
    points: int = 0
    options: dict = field(default_factory=dict)

    @classmethod
    def of(cls, answer):
        """From a `Training` of the wire."""
        made = {
            name: known(Look, answer[name]) if answer.get(name) else None
            for name in ("before", "best")
        }
        for name in ("notes", "wanted", "estimate"):
            made[name] = tuple(answer.get(name) or ())
        return known(cls, {**answer, **made, "options": answer.get("options") or {}})

    @property
    def is_over(self):
        """Whether nothing happens any more unless somebody resumes it."""
        return self.state in OVER

    @property
    def looked(self):
        """How often it was looked at the validation chips, also before the first step."""
        return self.looks + (self.before is not None)

    @property
    def base(self):
        """The model that it starts from; empty if the engine does not say."""
        return str(self.options.get("model") or "")


@dataclass(frozen=True)
class Curve:
    """points: `Point`s since those that were asked for. looks: all. next: where to go on."""

    points: tuple = ()
    looks: tuple = ()
    next: int = 0

    @classmethod
    def of(cls, answer):
        """From the answer of /curve."""
        points = tuple(known(Point, one) for one in answer.get("points") or ())
        looks = tuple(known(Look, one) for one in answer.get("looks") or ())
        return cls(points, looks, int(answer.get("next") or 0))
