# SPDX-License-Identifier: GPL-3.0-or-later
"""Small files of a job, each whole or not there."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from waterseg_core.errors import OutputError


def write_whole(path: Path, blob: bytes, durable: bool = False) -> None:
    """Write a file under a temporary name, then rename it.

    durable: flush it to the disk first, so that a loss of power cannot take it. Raises
    OutputError if the disk is full or the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(blob)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(
            f"The server cannot keep the job's files: {error.strerror or error}. Free some space "
            "in its work folder, then resume the job."
        ) from error
