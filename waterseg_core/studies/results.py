# SPDX-License-Identifier: GPL-3.0-or-later
"""The zip of a trained model, made when somebody asks for it."""

from __future__ import annotations

import functools
import threading
from pathlib import Path

from waterseg_core.errors import JobStateError
from waterseg_core.jobs_files import written
from waterseg_core.jobs_pack import pack

__all__ = ["model_zip"]

SETTINGS = "waterseg.json"
#: What lies beside a model and is no part of it.
BESIDE = frozenset({"state", "log", ".lock"})


def model_zip(folder: Path, path: Path, making: threading.Lock) -> Path:
    """Pack the model in `folder` into `path`, unless that is newer; long ones go on without us.

    Raises JobStateError if the model is gone, BusyError while it is packed, OutputError.
    """
    says = folder / SETTINGS
    if not says.is_file():
        raise JobStateError("The model was removed.")
    if _is_newer(path, says):
        return path
    write = functools.partial(pack, folder, path, SETTINGS, threading.Event(), BESIDE)
    return written(path, lambda: _is_newer(path, says), write, making)


def _is_newer(path: Path, than: Path) -> bool:
    try:
        return path.stat().st_mtime >= than.stat().st_mtime
    except OSError:
        return False
