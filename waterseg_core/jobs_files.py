# SPDX-License-Identifier: GPL-3.0-or-later
"""Small files of a job, each whole or not there."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

from waterseg_core.errors import BusyError, OutputError

#: How long a request waits for a file that is being written.
PATIENCE_S = 20.0


def written(
    path: Path, is_there: Callable[[], bool], write: Callable[[], None], lock: threading.Lock
) -> Path:
    """A file that is written when somebody asks for it; a long one goes on without the request.

    Raises what `write` raises, and BusyError while it is written.
    """
    failed: list[Exception] = []

    def work() -> None:
        with lock:
            if not is_there():
                try:
                    write()
                except Exception as error:
                    failed.append(error)

    writer = threading.Thread(target=work, name="waterseg-result", daemon=True)
    writer.start()
    writer.join(PATIENCE_S)
    if failed:
        raise failed[0]
    if writer.is_alive():
        raise BusyError("The file is being written; ask again in some seconds.")
    return path


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
