# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts: a file that is sent in parts, each whole on disk or not there, read as one file."""

from __future__ import annotations

import hashlib
import io
import shutil
from pathlib import Path

from waterseg_core.errors import OptionError
from waterseg_core.jobs_files import write_whole

__all__ = ["Parts"]

_BLOCK = 1 << 20


class Parts:
    """The parts in `folder` of a file of `size` bytes; all have `part` bytes but the last one."""

    def __init__(self, folder: Path, size: int, part: int) -> None:
        self._folder, self._size, self._part = folder, size, part
        self.count = -(-size // part)

    def wanted(self) -> list[int]:
        """Numbers of the parts that are not there yet."""
        there = {path.name for path in self._folder.glob("*")} if self._folder.is_dir() else set()
        return [number for number in range(self.count) if f"{number:06d}" not in there]

    def bytes_of(self, number: int) -> int:
        """How long a part is. Raises OptionError if there is no such part."""
        if not 0 <= number < self.count:
            raise OptionError(f"There is no part {number}: these are 0 to {self.count - 1}.")
        return min(self._part, self._size - number * self._part)

    def put(self, number: int, body: bytes) -> None:
        """Keep a part; again is harmless. Raises OptionError for a wrong length, OutputError."""
        expected = self.bytes_of(number)
        if len(body) != expected:
            raise OptionError(
                f"Part {number} has {len(body)} bytes instead of {expected}; send it again."
            )
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / f"{number:06d}", body)

    def sha256(self) -> str:
        """Of the whole file, in hex."""
        found = hashlib.sha256()
        with self.open() as file:
            while block := file.read(_BLOCK):
                found.update(block)
        return found.hexdigest()

    def open(self) -> io.BufferedReader:
        """The whole file, for reading and seeking."""
        return io.BufferedReader(_Joined(self._folder, self._size, self._part), _BLOCK)

    def clear(self) -> None:
        """Forget what was sent."""
        shutil.rmtree(self._folder, ignore_errors=True)


class _Joined(io.RawIOBase):
    """The parts, one behind the other."""

    def __init__(self, folder: Path, size: int, part: int) -> None:
        self._folder, self._size, self._part = folder, size, part
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, begin + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._at >= self._size:
            return 0
        number, inside = divmod(self._at, self._part)
        with (self._folder / f"{number:06d}").open("rb") as file:
            file.seek(inside)
            count = file.readinto(buffer)
        self._at += count
        return count
