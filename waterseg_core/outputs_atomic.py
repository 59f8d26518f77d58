# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a file whole or not at all: a temporary name in the same folder, fsync, rename.

Whatever goes wrong while writing, nothing half-written stays, a file that was there before is
untouched, and the person gets one sentence that says what to do.
"""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waterseg_core.errors import OutputError

__all__ = ["replacing"]

#: Libraries whose errors, while a file is being written, mean that it could not be written.
WRITERS = {"pyarrow", "pyogrio", "rasterio", "sqlite3"}
#: How GDAL, SQLite and the system say that there is no room.
FULL_WORDS = ("no space left", "disk full", "disk is full", "quota exceeded", "file too large")
FULL_CODES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
LITTLE = 2**20  # bytes: with less left, a failed write is a full disk, whatever GDAL calls it


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Inside, write to the path that this gives; it takes the place of `path` at the end.

    The temporary file has the same ending and lies in the same folder, hidden; whatever lies
    beside it under a name that begins like its own (journals, overviews) is removed. Raises
    OutputError if the folder is missing or not writable, or if the disk is full.
    """
    _check(path)
    stem = f".{path.stem}.{uuid.uuid4().hex[:8]}"
    temporary = path.with_name(stem + path.suffix)
    try:
        yield temporary
        _synced(temporary)
        os.replace(temporary, path)
        _synced(path.parent)
    except Exception as error:
        if isinstance(error, OSError) or _module(error) in WRITERS:
            raise _told(path, error) from error
        raise
    finally:
        for left in path.parent.glob(f"{_escaped(stem)}*"):
            left.unlink(missing_ok=True)


def _check(path: Path) -> None:
    if not path.parent.is_dir():
        raise OutputError(f"The folder {path.parent} does not exist; make it first.")
    if path.is_dir():
        raise OutputError(f"{path} is a folder; give the name of a file.")


def _module(error: Exception) -> str:
    return type(error).__module__.partition(".")[0]


def _escaped(name: str) -> str:
    """A name in which * ? and [ stand for themselves in a glob pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _synced(path: Path) -> None:
    """Wait until the disk holds what was written; folders cannot be synced everywhere."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _told(path: Path, error: Exception) -> OutputError:
    """The sentence for what went wrong."""
    if isinstance(error, OutputError):
        return error
    if _is_full(path.parent, error):
        return OutputError(
            f"{path} was not written: the disk is full. Free some space or choose another folder."
        )
    if isinstance(error, PermissionError) or getattr(error, "errno", None) == errno.EROFS:
        return OutputError(
            f"{path} cannot be written: the folder is read-only for you, or the file is open in "
            "another program. Choose another folder or close the file."
        )
    return OutputError(
        f"{path} was not written ({str(error).rstrip('.')}); check the folder and the disk, or "
        "choose another folder."
    )


def _is_full(folder: Path, error: Exception) -> bool:
    # The text of the first cause is GDAL's or SQLite's own.
    texts: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        texts.append(str(cause).lower())
        if getattr(cause, "errno", None) in FULL_CODES:
            return True
        cause = cause.__cause__ or cause.__context__
    if any(word in text for word in FULL_WORDS for text in texts):
        return True
    return _module(error) in WRITERS and shutil.disk_usage(folder).free < LITTLE
