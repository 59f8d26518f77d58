# SPDX-License-Identifier: GPL-3.0-or-later
"""SetStore: training sets that were sent, unpacked once whoever learns from them.

sets/<sha256 of the zip>/<name>/   a set, under the name that it was first sent for
"""

from __future__ import annotations

import shutil
import threading
import uuid
from collections.abc import Collection
from pathlib import Path

from waterseg_core.dataset.folder import ABOUT
from waterseg_core.errors import DatasetError, OutputError
from waterseg_core.studies.parts import Parts
from waterseg_core.studies.unpack import unpack

__all__ = ["SetStore"]


class SetStore:
    """The sets in `root`, each whole or not there. most: bytes of one, unpacked."""

    def __init__(self, root: Path, most: int) -> None:
        self._root, self._most = root, most

    def find(self, sha256: str) -> Path | None:
        """The folder of a set that is there."""
        place = self._root / sha256
        return next(place.iterdir(), None) if place.is_dir() else None

    def take(self, sha256: str, name: str, parts: Parts, stop: threading.Event) -> Path:
        """The folder of a set, made of what was sent if it is not there yet.

        Raises DatasetError if that is not what was promised, or no set; TooLargeError,
        OutputError, Cancelled.
        """
        found = self.find(sha256)
        if found is not None:
            return found
        if parts.sha256() != sha256:
            parts.clear()
            raise DatasetError(
                "What arrived has another SHA-256 than was promised. Resume, and send it again."
            )
        hidden = self._root / f".{uuid.uuid4().hex}"
        try:
            with parts.open() as source:
                unpack(source, hidden / name, self._most, stop)
            if not (hidden / name / ABOUT).is_file():
                raise DatasetError(f"The zip is no training set: it has no {ABOUT} at its root.")
            try:
                hidden.rename(self._root / sha256)
            except OSError as error:  # another study was faster, or the disk is broken
                found = self.find(sha256)
                if found is None:
                    raise OutputError(f"The set cannot be kept: {error.strerror}.") from error
        finally:
            shutil.rmtree(hidden, ignore_errors=True)
        return found or self._root / sha256 / name

    def keep_only(self, wanted: Collection[str]) -> None:
        """Remove the sets that nobody wants any more."""
        for path in self._root.iterdir() if self._root.is_dir() else ():
            if not path.name.startswith(".") and path.name not in wanted:
                shutil.rmtree(path, ignore_errors=True)
