# SPDX-License-Identifier: GPL-3.0-or-later
"""State: how far a study is, as the wire tells it and as it survives a restart."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from waterseg_core.jobs_files import write_whole
from waterseg_core.jobs_state import CANCELLED, DONE, FAILED, FINISHING, OVER, RUNNING, WAITING

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


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class State:
    """What there is to tell about a study, beside its curve.

    go: somebody said yes to the estimate, or need not. at_epoch: it shall end with the epoch.
    step, steps: of the seed at work, or cases of an evaluation. best: a look's words.
    """

    state: str = WAITING
    message: str = ""
    error: str = ""
    notes: list[str] = field(default_factory=list)
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
    model: str = ""
    created: str = field(default_factory=_now)
    order: float = field(default_factory=time.time)

    @property
    def is_over(self) -> bool:
        """Whether nothing happens any more unless somebody resumes it."""
        return self.state in OVER

    def save(self, path: Path) -> None:
        """Keep it, whole. Raises OutputError."""
        write_whole(path, json.dumps(asdict(self)).encode(), durable=True)

    @classmethod
    def load(cls, path: Path) -> State:
        """What `save` kept. Raises OSError and ValueError."""
        known = {one.name for one in fields(cls)}
        kept = json.loads(path.read_bytes())
        return cls(**{name: value for name, value in kept.items() if name in known})
