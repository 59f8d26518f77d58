# SPDX-License-Identifier: GPL-3.0-or-later
"""Unpack: a zip that somebody sent becomes a folder, and nothing beside that folder.

Names that lead out of it, links, devices, what is encrypted, and more bytes than are allowed are
refused before the first file is written.
"""

from __future__ import annotations

import errno
import shutil
import stat
import threading
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from waterseg_core.errors import Cancelled, DatasetError, OutputError, TooLargeError

__all__ = ["unpack"]

MOST_FILES = 1_000_000
_BLOCK = 1 << 20
_IN_THE_WAY = (FileExistsError, NotADirectoryError, IsADirectoryError)
#: What a name may not have anywhere: Windows reads them as something else than a letter.
_NOT_IN_NAMES = frozenset('\\:*?"<>|\0')


def unpack(source: IO[bytes], folder: Path, most: int, stop: threading.Event) -> None:
    """Write the files of a zip into a new folder, `most` bytes of them at most.

    Raises DatasetError for what is no zip that can be used, TooLargeError, OutputError, and
    Cancelled once `stop` is set.
    """
    try:
        with zipfile.ZipFile(source) as packed:
            entries = _checked(packed, most)
            folder.mkdir(parents=True)
            for entry in entries:
                if stop.is_set():
                    raise Cancelled("Stopped.")
                _write(packed, entry, folder / entry.filename)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        if isinstance(error, DatasetError):
            raise
        raise DatasetError(
            f"What was sent is no zip that can be read ({error}). Send it again."
        ) from error
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        if isinstance(error, _IN_THE_WAY) or error.errno == errno.ENAMETOOLONG:
            raise DatasetError(
                "The zip has files whose names are too long, or that are in each other's way."
            ) from error
        raise OutputError(
            f"The set cannot be unpacked: {error.strerror or error}. Free some space where the "
            "server keeps its work, then resume."
        ) from error


def _checked(packed: zipfile.ZipFile, most: int) -> list[zipfile.ZipInfo]:
    """The files of a zip. Raises DatasetError and TooLargeError."""
    entries = packed.infolist()
    if len(entries) > MOST_FILES:
        raise TooLargeError(f"A set of {len(entries)} files is more than this server takes.")
    total = sum(entry.file_size for entry in entries)
    if total > most:
        raise TooLargeError(
            f"Unpacked the set has {total / 1e9:.1f} GB, more than the {most / 1e9:.1f} GB that "
            "this server takes."
        )
    for entry in entries:
        _check(entry)
    files = [entry for entry in entries if not entry.is_dir()]
    if len({entry.filename.casefold() for entry in files}) < len(files):
        raise DatasetError("Two files in the zip have the same name.")
    return files


def _check(entry: zipfile.ZipInfo) -> None:
    name, kind = entry.filename, stat.S_IFMT(entry.external_attr >> 16)
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or _NOT_IN_NAMES & set(name):
        raise DatasetError(f"The zip has a file called {name!r}, which leads out of its folder.")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise DatasetError(f"{name} in the zip is a link or a device; send files only.")
    if entry.flag_bits & 1:
        raise DatasetError(f"{name} in the zip is encrypted; send it without a password.")


def _write(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with packed.open(entry) as inside, path.open("xb") as file:
        shutil.copyfileobj(inside, file, _BLOCK)
