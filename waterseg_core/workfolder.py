# SPDX-License-Identifier: GPL-3.0-or-later
"""WorkFolder: what an unfinished job keeps on disk, so that it can go on after any interruption.

A job's folder is named by the hash of everything its result depends on, so "resume" means that
the folder exists. Each strip is a few blobs and, last, a small marker that lists them; every
file is written under a temporary name, flushed to disk and renamed. Whatever moment the process
dies at, the strips with markers are whole and the others do not count.

One process at a time: the folder is held by a lock of the operating system, which a dead
process cannot keep.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import filelock

from waterseg_core.errors import OutputError
from waterseg_core.places import CACHE_VARIABLE

LOCK = ".lock"
JOB = "job.json"
#: Unfinished jobs that nobody touched for so long are removed when another job starts.
KEPT_DAYS = 30


class WorkFolder:
    """The folder of one job: claimed, filled strip by strip, and removed or released.

    `finished` is the number of strips that are complete, counted from the first.
    """

    def __init__(self, path: Path, lock: filelock.BaseFileLock) -> None:
        self.path = path
        self._lock = lock
        self.finished = 0

    @classmethod
    def claim(
        cls, root: Path, name: str, job: Mapping[str, Any], resume: bool = True
    ) -> WorkFolder:
        """Take the folder of `job` under `root`, with its finished strips if `resume`.

        `name` makes the folder's name readable; `job` is everything the result depends on,
        as JSON can say it. Raises OutputError if another process works on the same job or
        the folder cannot be written.
        """
        text = json.dumps(job, sort_keys=True, indent=1, default=str)
        slug = re.sub(r"[^A-Za-z0-9_.-]+", "_", name)[:40].strip(".") or "job"
        path = root / f"{slug}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
        with told(path):
            path.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(path / LOCK)
            try:
                lock.acquire(timeout=0)
            except filelock.Timeout:
                raise OutputError(
                    f"Another run is working on the same job ({path}). Wait for it, or stop it."
                ) from None
            folder = cls(path, lock)
            if not resume or not (path / JOB).is_file():
                folder._empty()
                _write(path / JOB, text.encode())
            folder.finished = folder._count()
            os.utime(path)
            _remove_old(root, path)
        return folder

    def blob(self, index: int, name: str) -> Path:
        """Where the blob `name` of strip `index` is kept."""
        return self.path / f"{index:06d}.{name}"

    def finish(self, index: int, blobs: Sequence[str], carry: bytes) -> None:
        """Strip `index`, the next one, is finished: its `blobs` are written, whole, in place.

        `carry` is what the strip hands to the next one; only the newest is kept.
        """
        with told(self.path):
            sizes = {name: self.blob(index, name).stat().st_size for name in blobs}
            _write(self._carry(index), carry)
            _write(self._marker(index), json.dumps(sizes).encode())
            self._carry(index - 1).unlink(missing_ok=True)
        self.finished = index + 1

    def carry(self) -> bytes:
        """What the last finished strip hands to the next one."""
        with told(self.path):
            return self._carry(self.finished - 1).read_bytes()

    def note(self, name: str, text: str) -> None:
        """Keep a small text beside the strips."""
        with told(self.path):
            _write(self.path / f"{name}.note", text.encode())

    def noted(self, name: str) -> str | None:
        """The text that `note` kept, or None."""
        path = self.path / f"{name}.note"
        return path.read_text() if path.is_file() else None

    def __enter__(self) -> WorkFolder:
        return self

    def __exit__(self, *about: object) -> None:
        self.release()

    def release(self) -> None:
        """Let go of the folder; its strips stay for the next run of the same job."""
        self._lock.release()

    def remove(self) -> None:
        """Delete the folder: the job is done and its result is in place."""
        self._empty()
        with contextlib.suppress(OSError):  # Windows keeps a lock's file until it is released
            (self.path / LOCK).unlink()
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)

    def _marker(self, index: int) -> Path:
        return self.path / f"{index:06d}.json"

    def _carry(self, index: int) -> Path:
        return self.path / f"{index:06d}.carry"

    def _empty(self) -> None:
        for entry in self.path.iterdir():
            if entry.name != LOCK:
                entry.unlink()

    def _count(self) -> int:
        """How many strips from the first on are whole; none if the last one's carry is gone."""
        index = 0
        while self._is_whole(index):
            index += 1
        return index if index == 0 or self._carry(index - 1).is_file() else 0

    def _is_whole(self, index: int) -> bool:
        """Whether a strip has its marker and every blob that the marker lists."""
        try:
            sizes = json.loads(self._marker(index).read_bytes())
        except (FileNotFoundError, ValueError):
            return False
        blobs = {name: self.blob(index, name) for name in sizes}
        return all(blobs[n].is_file() and blobs[n].stat().st_size == sizes[n] for n in sizes)


def _write(path: Path, blob: bytes) -> None:
    """Write a file whole or not at all, also through a loss of power."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        file.write(blob)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses at the work folder `path` into a sentence."""
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"The work folder {path} cannot be used: {reason}. Free some space, or name another "
            f"place with the environment variable {CACHE_VARIABLE}."
        ) from error


def _remove_old(root: Path, own: Path) -> None:
    """Remove jobs beside `own` that nobody touched for KEPT_DAYS and nobody holds."""
    oldest = time.time() - KEPT_DAYS * 86400
    for path in root.iterdir():
        with contextlib.suppress(OSError):  # held by a run, or removed by another one just now
            if path != own and path.is_dir() and path.stat().st_mtime < oldest:
                lock = filelock.FileLock(path / LOCK)
                lock.acquire(timeout=0)
                WorkFolder(path, lock).remove()
