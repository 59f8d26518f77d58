# SPDX-License-Identifier: GPL-3.0-or-later
"""House: what all studies of a server share: folders, models, limits, places at work."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import filelock

from waterseg_core.errors import OutputError
from waterseg_core.studies.sets import SetStore

__all__ = ["House", "StudyLimits"]

STUDIES, SETS, MODELS = "studies", "sets", "models"


@dataclass(frozen=True)
class StudyLimits:
    """What a server takes.

    set_bytes: of a set, packed and unpacked. at_once: trainings at work, and as many evaluations;
    others wait. waiting: studies that are not over. part_bytes: of a part of a zip. disk_reserve:
    bytes that stay free. ready_seconds: how long a training that waits for a yes keeps its process.
    """

    set_bytes: int = 32 << 30
    at_once: int = 1
    waiting: int = 64
    part_bytes: int = 8 << 20
    disk_reserve: int = 64 << 20
    ready_seconds: float = 600.0


@dataclass(frozen=True)
class House:
    """Everything that studies need of the place where they are.

    root: studies/, sets/ and models/ are in it. source: what `load_segmenter` takes for the name
    of a model; raises OptionError for one that is not on offer. device, dtype: as in `serve`.
    """

    root: Path
    source: Callable[[str], str]
    device: str = "auto"
    dtype: str = "auto"
    limits: StudyLimits = field(default_factory=StudyLimits)

    @property
    def studies(self) -> Path:
        """A folder per study."""
        return self.root / STUDIES

    @property
    def models(self) -> Path:
        """A folder per model that was trained here, by its name."""
        return self.root / MODELS

    @property
    def sets(self) -> SetStore:
        """The sets that were sent."""
        return SetStore(self.root / SETS, self.limits.set_bytes)

    def check_disk(self, more: int) -> None:
        """Raise OutputError if the disk has no room for so many bytes more."""
        if shutil.disk_usage(self.root).free - more < self.limits.disk_reserve:
            raise OutputError(
                f"The server's disk has no room for {more / 1e6:.0f} MB more. Free some space in "
                "its work folder, or forget trainings that are done; then go on."
            )

    @contextlib.contextmanager
    def place(self, kind: str) -> Iterator[bool]:
        """A place at work for a study of that kind, also among other servers; False if none."""
        for number in range(self.limits.at_once):
            lock = filelock.FileLock(self.studies / f".{kind}-{number}", thread_local=False)
            try:
                lock.acquire(timeout=0)
            except filelock.Timeout:
                continue
            try:
                yield True
            finally:
                lock.release()
            return
        yield False
