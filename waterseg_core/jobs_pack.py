# SPDX-License-Identifier: GPL-3.0-or-later
"""Pack: a folder becomes a zip, file by file, the same bytes for the same files.

Pictures and weights are stored as they are, because deflating them gains nothing; texts are.
"""

from __future__ import annotations

import shutil
import threading
import zipfile
from collections.abc import Collection
from pathlib import Path

from waterseg_core.errors import Cancelled
from waterseg_core.outputs_atomic import replacing

__all__ = ["pack"]

#: The earliest time that a zip can say: when a set was made is nobody's business.
EPOCH = (1980, 1, 1, 0, 0, 0)
DEFLATED_ALREADY = {".png", ".jpg", ".webp", ".safetensors"}
#: rw-r--r--, where zips of Unix keep it.
READABLE = 0o100644 << 16


def pack(
    folder: Path,
    path: Path,
    last: str,
    stop: threading.Event,
    leave_out: Collection[str] = (),
) -> None:
    """Write all files in `folder` to the zip `path`, named relative to it, `last` at the end.

    leave_out: names of files and folders directly in `folder` that stay out.

    Raises OutputError, and Cancelled once `stop` is set; then there is no zip.
    """
    names = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*"))
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as sink:
        for name in sorted(names, key=last.__eq__):
            if name.partition("/")[0] in leave_out:
                continue
            if stop.is_set():
                raise Cancelled("Stopped.")
            if (folder / name).is_file():
                _add(sink, folder / name, name)


def _add(sink: zipfile.ZipFile, file: Path, name: str) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = READABLE
    stored = file.suffix.lower() in DEFLATED_ALREADY
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    entry.file_size = file.stat().st_size  # so that an entry beyond 4 GB is told in time
    with file.open("rb") as source, sink.open(entry, "w") as into:
        shutil.copyfileobj(source, into, 1 << 20)
