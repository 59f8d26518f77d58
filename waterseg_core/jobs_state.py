# SPDX-License-Identifier: GPL-3.0-or-later
"""State: how far a job is, as the wire tells it and as it survives a restart."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from waterseg_core.jobs_files import write_whole

__all__ = [
    "CANCELLED",
    "DONE",
    "FAILED",
    "FINISHING",
    "OVER",
    "RUNNING",
    "WAITING",
    "Kept",
    "State",
]

WAITING, RUNNING, FINISHING = "waiting", "running", "finishing"
DONE, CANCELLED, FAILED = "done", "cancelled", "failed"
#: Nothing happens any more unless somebody resumes the job.
OVER = (DONE, CANCELLED, FAILED)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(kw_only=True)
class Kept:
    """What all long work tells, and how it is kept.

    error: the class of what went wrong, message: its sentence; notes: sentences for the user;
    order: when it was created, for sorting.
    """

    state: str = WAITING
    message: str = ""
    error: str = ""
    notes: list[str] = field(default_factory=list)
    created: str = field(default_factory=_now)
    order: float = field(default_factory=time.time)

    @property
    def is_over(self) -> bool:
        """Whether nothing happens any more."""
        return self.state in OVER

    def save(self, path: Path) -> None:
        """Keep it, whole. Raises OutputError."""
        write_whole(path, json.dumps(asdict(self)).encode(), durable=True)

    @classmethod
    def load(cls, path: Path) -> Self:
        """What `save` kept. Raises OSError and ValueError."""
        known = {one.name for one in fields(cls)}
        kept = json.loads(path.read_bytes())
        return cls(**{name: value for name, value in kept.items() if name in known})


@dataclass(kw_only=True)
class State(Kept):
    """What there is to tell about a job.

    done, total: the model's tiles, or chips; empty: those without data.
    """

    done: int = 0
    total: int = 0
    empty: int = 0
    undecodable: int = 0
    water_pixels: int = 0
