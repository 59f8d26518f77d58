# SPDX-License-Identifier: GPL-3.0-or-later
"""Hidden: the folder in which a set is made, beside the place where it will appear.

    .ponds.building/
      job.json       everything the chips depend on; another job does not go on with them
      journal.jsonl  a line per chip whose files are written
      set/           the set to be; renamed to ponds/ when it is whole
      old/           the set that was there, for the moment between two renames

Whatever moment the process dies at, the chips with a line whose files have the right hash are
whole and the others do not count. A lock of the operating system guards the folder: a dead
process cannot hold it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import filelock

from waterseg_core.dataset.folder import MASKS, SPLITS, Chip
from waterseg_core.errors import OutputError

__all__ = ["Hidden", "is_full", "told"]

JOB, JOURNAL = "job.json", "journal.jsonl"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Hidden:
    """The hidden folder of one set, claimed by `claim` and left by `finish` or `release`.

    chips: what earlier runs of the same job have made, by id.
    """

    def __init__(self, target: Path, lock: filelock.BaseFileLock) -> None:
        self.target = target
        self.path = _hidden(target)
        self.set = self.path / "set"
        self.chips: dict[str, Chip] = {}
        self._lock = lock

    @classmethod
    def claim(cls, target: Path, job: Mapping[str, Any]) -> Hidden:
        """Take the hidden folder of a set, with the chips that the same job has made.

        Raises OutputError if another process is at it or it cannot be written.
        """
        path = _hidden(target)
        text = json.dumps(job, sort_keys=True, indent=1, default=str)
        with told(target):
            path.mkdir(exist_ok=True)
            lock = filelock.FileLock(path / ".lock")
            try:
                lock.acquire(timeout=0)
            except filelock.Timeout:
                raise OutputError(
                    f"Another run is making {target}. Wait for it, or stop it."
                ) from None
            hidden = cls(target, lock)
            file = path / JOB
            if not file.is_file() or file.read_text(encoding="utf-8") != text:
                hidden._begin(text)
            for part in (*SPLITS, MASKS):
                (hidden.set / part).mkdir(parents=True, exist_ok=True)
            hidden._read_journal()
        return hidden

    def keep(self, chip: Chip) -> None:
        """A chip's files are written: an interrupted run will not make it again."""
        words = dataclasses.asdict(chip) | {"mask_sha256": self._hash(self._mask(chip))}
        with told(self.target), (self.path / JOURNAL).open("a", encoding="utf-8") as sink:
            sink.write(json.dumps(words) + "\n")

    def finish(self) -> None:
        """The set is whole: put it in its place, and remove the hidden folder."""
        old = self.path / "old"
        with told(self.target):
            if hasattr(os, "sync"):  # names must not reach the disk before what they name
                os.sync()
            if self.target.exists():
                os.replace(self.target, old)
            os.replace(self.set, self.target)
        self.remove()

    def remove(self) -> None:
        """Remove the hidden folder and everything in it."""
        for part in ("set", "old"):
            shutil.rmtree(self.path / part, ignore_errors=True)
        for part in (JOB, JOURNAL):
            (self.path / part).unlink(missing_ok=True)
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)

    def release(self) -> None:
        """Let go of the folder; its chips stay for the next run of the same job."""
        self._lock.release()

    @staticmethod
    def recover(target: Path) -> None:
        """Put the old set back if a run died between the two renames."""
        old = _hidden(target) / "old"
        if not old.is_dir() or target.exists():
            return
        lock = filelock.FileLock(_hidden(target) / ".lock", timeout=0)
        with told(target), contextlib.suppress(filelock.Timeout), lock:  # else a run is at it
            os.replace(old, target)

    def _begin(self, text: str) -> None:
        for part in ("set", "old"):
            shutil.rmtree(self.path / part, ignore_errors=True)
        (self.path / JOURNAL).unlink(missing_ok=True)
        (self.path / JOB).write_text(text, encoding="utf-8")

    def _read_journal(self) -> None:
        """Take over the chips that are whole, and write the journal anew with their lines."""
        file = self.path / JOURNAL
        if not file.is_file():
            return
        lines = []
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            with contextlib.suppress(ValueError, TypeError, KeyError, OSError):  # a torn line
                words = json.loads(line)
                mask_sha256 = words.pop("mask_sha256")
                chip = Chip(**words)
                whole = self._hash(self.set / chip.image) == chip.sha256
                if whole and self._hash(self._mask(chip)) == mask_sha256:
                    self.chips[chip.id] = chip
                    lines.append(line + "\n")
        temporary = file.with_name(JOURNAL + ".tmp")
        temporary.write_text("".join(lines), encoding="utf-8")
        temporary.replace(file)

    def _mask(self, chip: Chip) -> Path:
        return self.set / MASKS / f"{chip.id}.png"

    @staticmethod
    def _hash(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()


def _hidden(target: Path) -> Path:
    return target.with_name(f".{target.name}.building")


@contextlib.contextmanager
def told(target: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a sentence about the set."""
    try:
        yield
    except OutputError as error:
        if not is_full(error, target):
            raise
        raise OutputError(_full(target)) from error
    except OSError as error:
        if is_full(error, target):
            raise OutputError(_full(target)) from error
        if isinstance(error, PermissionError) or error.errno == errno.EROFS:
            raise OutputError(
                f"{target} cannot be made: its folder is read-only for you. Choose another one."
            ) from error
        reason = error.strerror or str(error)
        raise OutputError(f"{target} was not made: {reason}. Check the folder.") from error


def is_full(error: Exception, target: Path) -> bool:
    """Whether the disk had no room for a file of a set's hidden folder."""
    if isinstance(error, OutputError):  # of a file there, whose name means nothing to a person
        hidden = f".{target.name}." in str(error)
        return hidden and getattr(error.__cause__, "errno", None) in FULL
    return getattr(error, "errno", None) in FULL


def _full(target: Path) -> str:
    return (
        f"{target} was not made: the disk is full. Free some space and run the same again; it goes "
        "on where it stopped."
    )
