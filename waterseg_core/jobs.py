# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs: everything that a server has been asked for, on disk and at work.

    jobs = Jobs(folder, Models())
    job = jobs.create(words)            what was ordered, see docs/PROTOCOL.md
    job.folder.spool.put(number, body)  pixels, in any order
    job.tell()                          how far it is
    job.result("gpkg")                  the file

Nothing here knows HTTP. Jobs that were under way when the process ended go on when it is
started again; those that nobody touched for 30 days are forgotten.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waterseg_core.errors import (
    BusyError,
    NoSuchJobError,
    OutputError,
    TooLargeError,
    WatersegError,
)
from waterseg_core.jobs_folder import STATE, JobFolder, described
from waterseg_core.jobs_job import RUNS, Job
from waterseg_core.jobs_models import Models
from waterseg_core.jobs_pixels import AHEAD_BYTES
from waterseg_core.jobs_state import DONE
from waterseg_core.workfolder import KEPT_DAYS

__all__ = ["Job", "Jobs", "Limits", "Models"]

#: What a job needs beside its pixels, at least: strips, preview and result.
DISK_RESERVE = 64 << 20


@dataclass(frozen=True)
class Limits:
    """What a server takes: pixels of a raster, jobs that are under way, bytes ahead of a model."""

    pixels: int = 10_000_000_000
    jobs: int = 16
    ahead_bytes: int = AHEAD_BYTES
    disk_reserve: int = DISK_RESERVE


class Jobs:
    """The jobs in `root`, which is made if it is missing. Raises OutputError if it cannot be.

    eager: unfinished jobs of an earlier process go on at once, else when somebody asks for them.
    Several processes may share a root: each works on what no other one works on.
    """

    def __init__(
        self, root: Path, models: Models, limits: Limits | None = None, eager: bool = True
    ) -> None:
        self.root, self.models, self.limits = root, models, limits or Limits()
        self._eager = eager
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        try:
            root.mkdir(parents=True, exist_ok=True)
            self._forget_old()
            names = [path.name for path in root.iterdir() if path.is_dir()]
        except OSError as error:
            raise OutputError(
                f"The work folder {root} cannot be used: {error.strerror}. Name another one with "
                "--work-dir."
            ) from error
        for name in names:
            self._take_up(name)

    def _take_up(self, name: str) -> None:
        """A job of another process, if it is whole and nobody works on it."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, WatersegError):
            folder = JobFolder(self.root / name, self.limits.ahead_bytes)
            self._jobs[name] = Job(folder, self.models, asleep=not self._eager)

    def _forget_old(self) -> None:
        """Remove the jobs that nobody touched for a month and nobody works on."""
        oldest = time.time() - KEPT_DAYS * 86400
        for path in self.root.iterdir():
            job = self._jobs.get(path.name)
            with contextlib.suppress(OSError):
                if (job is None or job.folder.state.is_over) and _touched(path) < oldest:
                    self._jobs.pop(path.name, None)
                    shutil.rmtree(path, ignore_errors=True)

    def create(self, words: Mapping[str, Any]) -> Job:
        """A new job, waiting for its pixels.

        Raises what `Description.of` raises, OptionError for a model that is not on offer,
        TooLargeError, BusyError, and OutputError if the disk has no room for its pixels.
        """
        self._check_size(words)
        about = described(words)  # thousands of polygons take a while, which nobody else shall wait
        with self._lock:
            self._forget_old()
            self._check_room()
            path = self.root / uuid.uuid4().hex
            folder = JobFolder.create(path, words, about, self.limits.ahead_bytes)
            try:
                self._check(folder)
            except BaseException:
                shutil.rmtree(folder.path, ignore_errors=True)
                raise
            job = Job(folder, self.models)
            self._jobs[folder.id] = job
        return job

    def __getitem__(self, name: str) -> Job:
        """The job of that id, awake. Raises NoSuchJobError."""
        with self._lock:
            if name not in self._jobs and re.fullmatch("[0-9a-f]{32}", name):
                self._take_up(name)
            job = self._jobs.get(name)
        if job is None:
            raise NoSuchJobError(
                "There is no such job here. It was forgotten, or it is another server's; start a "
                "new one."
            )
        job.wake()
        return job

    def __iter__(self) -> Any:
        """All jobs, newest first."""
        jobs = list(self._jobs.values())
        return iter(sorted(jobs, key=lambda job: job.folder.state.order, reverse=True))

    def resume(self, name: str) -> Job:
        """A job that was cancelled or failed goes on. Raises NoSuchJobError and BusyError."""
        job = self[name]
        with self._lock:
            if job.folder.state.is_over and job.folder.state.state != DONE:
                self._check_room()
            job.resume()
        return job

    def forget(self, name: str) -> None:
        """Stop a job and remove all there is of it. Raises NoSuchJobError."""
        job = self[name]
        job.cancel()
        with self._lock:
            job.folder.disown()
            self._jobs.pop(name, None)
        threading.Thread(target=job.remove, name="waterseg-forget", daemon=True).start()

    def stop(self, seconds: float = 10.0) -> None:
        """Stop all work, to go on when the jobs are opened again."""
        jobs = list(self._jobs.values())
        for job in jobs:
            job.leave()
        until = time.monotonic() + seconds
        for job in jobs:
            job.ended(max(until - time.monotonic(), 0))
        self.models.stop()

    @property
    def disk_free(self) -> int:
        """Bytes that are free where the jobs are."""
        return shutil.disk_usage(self.root).free

    def check_disk(self, more: int) -> None:
        """Raise OutputError if the disk has no room for so many bytes more."""
        if self.disk_free - more < self.limits.disk_reserve:
            raise OutputError(
                f"The server's disk has no room for {more / 1e6:.0f} MB more. Free some space in "
                "its work folder, or forget jobs that are done; then go on."
            )

    def _check_room(self) -> None:
        under_way = sum(job.is_under_way for job in self._jobs.values())
        if under_way >= self.limits.jobs:
            raise BusyError(
                f"The server works on {under_way} jobs and takes no more now. Try again when one "
                "is done."
            )

    def _check_size(self, words: Mapping[str, Any]) -> None:
        pixels = int(words["height"]) * int(words["width"])
        if pixels > self.limits.pixels:
            raise TooLargeError(
                f"A raster of {pixels / 1e6:.0f} million pixels is more than the "
                f"{self.limits.pixels / 1e6:.0f} million that this server takes. Choose a part of "
                "it, or a coarser resolution."
            )

    def _check(self, folder: JobFolder) -> None:
        kind = RUNS[folder.about.kind]
        total = kind.check(folder, self.models)
        self.check_disk(kind.bytes_needed(folder))
        folder.state.total = total


def _touched(path: Path) -> float:
    """When a job was last written to, seconds since 1970; raises OSError for what is no job."""
    return (path / STATE).stat().st_mtime
