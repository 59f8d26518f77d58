# SPDX-License-Identifier: GPL-3.0-or-later
"""State: how far a study is, as the wire tells it and as it survives a restart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from waterseg_core.jobs_state import CANCELLED, DONE, FAILED, FINISHING, RUNNING, WAITING, Kept

__all__ = [
    "CANCELLED",
    "DONE",
    "FAILED",
    "FINISHING",
    "PREPARING",
    "READY",
    "RUNNING",
    "WAITING",
    "State",
]

PREPARING, READY = "preparing", "ready"


@dataclass(kw_only=True)
class State(Kept):
    """What there is to tell about a study, beside its curve.

    go: somebody said yes to the estimate, or need not. at_epoch: it shall end with the epoch.
    step, steps: of the seed at work, or cases of an evaluation. best: a look's words.
    """

    go: bool = False
    at_epoch: bool = False
    estimate: list[str] = field(default_factory=list)
    estimate_seconds: float | None = None
    seed: int = 0
    step: int = 0
    steps: int = 0
    epoch: float | None = None
    loss: float | None = None
    best: dict[str, Any] | None = None
    verdict: str = ""
    gained: bool | None = None
    model: str = ""
