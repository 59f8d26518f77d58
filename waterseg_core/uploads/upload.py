# SPDX-License-Identifier: GPL-3.0-or-later
"""Upload: a model on its way to the server. All that is known of it is on disk.

<id>/upload.json     what was promised, and how far it is
<id>/parts/          the zip, until it is a model
<id>/model/<name>/   the model, when it is one
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from waterseg_core.errors import OutputError
from waterseg_core.jobs_files import write_whole
from waterseg_core.studies.parts import Parts

__all__ = ["CHECKING", "DONE", "FAILED", "MODEL", "WAITING", "Promise", "Upload"]

WAITING, CHECKING, DONE, FAILED = "waiting", "checking", "done", "failed"
MODEL, _STATE = "model", "upload.json"
_KEEP = "The server cannot keep the model ({}). Whoever runs it can free some space; then go on."


@dataclass(frozen=True)
class Promise:
    """What was promised, and how far it is. message, error: why it failed, and of which class."""

    name: str
    bytes: int
    sha256: str
    part_bytes: int
    state: str = WAITING
    message: str = ""
    error: str = ""


class Upload:
    """The upload in `path`. Raises OSError, ValueError and TypeError if there is none."""

    def __init__(self, path: Path) -> None:
        self.path, self.id = path, path.name
        self.read()
        self.parts = Parts(path / "parts", self.promise.bytes, self.promise.part_bytes)

    @classmethod
    def create(cls, path: Path, promise: Promise) -> Upload:
        """A new one, waiting for its parts. Raises OutputError; then nothing is left."""
        try:
            path.mkdir(parents=True)
            _save(path, promise)
        except OSError as error:
            shutil.rmtree(path, ignore_errors=True)
            raise OutputError(_KEEP.format(error.strerror or error)) from error
        return cls(path)

    def read(self) -> None:
        """Look again how far it is: another thread, or another server, may have come further."""
        self.promise = Promise(**json.loads((self.path / _STATE).read_text("utf-8")))

    @property
    def model(self) -> Path:
        """The folder of the model."""
        return self.path / MODEL / self.promise.name

    @property
    def is_whole(self) -> bool:
        """Whether all of it is there, and nobody has said yet what it is."""
        return self.promise.state in (WAITING, CHECKING) and not self.parts.wanted()

    @property
    def touched(self) -> float:
        """When something arrived, in seconds since 1970."""
        places = [self.path / _STATE, self.path / "parts"]
        return max(place.stat().st_mtime for place in places if place.exists())

    def put(self, number: int, body: bytes) -> None:
        """Keep a part. Raises OptionError for a wrong length, OutputError."""
        try:
            self.parts.put(number, body)
        except OSError as error:
            cause = error.__cause__ or error
            raise OutputError(_KEEP.format(getattr(cause, "strerror", None) or cause)) from error

    def to(self, state: str, message: str = "", error: str = "") -> None:
        """The next state. Raises OutputError."""
        self.promise = replace(self.promise, state=state, message=message, error=error)
        _save(self.path, self.promise)

    def tell(self) -> dict[str, Any]:
        """As the wire tells it."""
        promise = self.promise
        return {
            "id": self.id,
            "name": promise.name,
            "wanted": self.parts.wanted() if promise.state == WAITING else [],
            "part_bytes": promise.part_bytes,
            "state": promise.state,
            "message": promise.message,
            "error": promise.error,
        }


def _save(path: Path, promise: Promise) -> None:
    write_whole(path / _STATE, json.dumps(asdict(promise)).encode(), durable=True)
