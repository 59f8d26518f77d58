# SPDX-License-Identifier: GPL-3.0-or-later
"""The store: every model that was or is being sent to a server.

    uploads = Uploads(root, models, allowed=True)
    upload = uploads.create("ponds", bytes, sha256)      what is told: see docs/PROTOCOL.md
    uploads.put(id, number, body)                        parts of the zip, in any order
    uploads.tell(id)                                     waiting, checking, done or failed
    uploads.remove("ponds")

What was sent survives a restart; several servers may share a root.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from waterseg_core import model_list
from waterseg_core.errors import (
    BusyError,
    JobStateError,
    NoSuchModelError,
    NotAllowedError,
    OutputError,
    TooLargeError,
)
from waterseg_core.jobs_models import Models
from waterseg_core.studies.order import check_name
from waterseg_core.uploads.checks import Checks
from waterseg_core.uploads.names import Users, check_free
from waterseg_core.uploads.removal import removable
from waterseg_core.uploads.upload import CHECKING, DONE, FAILED, WAITING, Promise, Upload

__all__ = ["PART_BYTES", "Uploads"]

PART_BYTES = 8 << 20
#: Uploads under way at once; one of which nothing was heard for an hour does not count.
MOST_AT_ONCE, SILENCE_S = 16, 3600
#: What never became a model is removed after so long.
KEPT_S = 7 * 86400
DISK_RESERVE = 64 << 20


class Uploads:
    """The uploads in `root`, and the models that came of them.

    allowed: whether anything is taken or removed. most: bytes of a model, packed and unpacked.
    part_bytes: of a part. homes: folders whose own models may be removed as well. users: what
    uses a model now.
    """

    def __init__(
        self,
        root: Path,
        models: Models,
        *,
        allowed: bool = False,
        most: int = 16 << 30,
        part_bytes: int = PART_BYTES,
        homes: Sequence[Path] = (),
        users: Users = lambda name: [],
    ) -> None:
        self.root, self.allowed = root, allowed
        self._models, self._users, self._homes = models, users, (root, *homes)
        self._most, self._part_bytes = most, part_bytes
        self._lock = threading.Lock()
        self._checks = Checks(models, users, most)

    def create(self, name: str, size: int, sha256: str) -> dict[str, Any]:
        """Promise a zip of so many bytes, or go on with one that was promised before.

        Raises NotAllowedError, OptionError for a name that cannot be or is taken, TooLargeError,
        BusyError, and OutputError if the disk has no room.
        """
        self._check_allowed()
        check_name(name)
        if size > self._most:
            raise TooLargeError(
                f"A model of {size / 1e9:.1f} GB is more than the {self._most / 1e9:.1f} GB that "
                "this server takes."
            )
        with self._lock:
            self._forget_old()
            upload = self._same(name, size, sha256)
            if upload is None:
                check_free(name, self._models, self._users)
                self._check_busy()
                self._check_disk(2 * size)
                promise = Promise(name, size, sha256, self._part_bytes)
                upload = Upload.create(self.root / uuid.uuid4().hex, promise)
            elif upload.promise.state == FAILED:
                upload.to(WAITING)
            elif upload.promise.state == DONE:
                model_list.remember(upload.model)
        self._checks.begin(upload)
        return upload.tell()

    def tell(self, id: str) -> dict[str, Any]:
        """How far it is. Raises NoSuchModelError."""
        upload = self._upload(id)
        self._checks.begin(upload)
        return upload.tell()

    def put(self, id: str, number: int, body: bytes) -> None:
        """Keep a part; again is harmless.

        Raises NotAllowedError, NoSuchModelError, OptionError, OutputError, JobStateError.
        """
        self._check_allowed()
        upload = self._upload(id)
        upload.parts.bytes_of(number)
        if upload.promise.state == FAILED:
            raise JobStateError("What was sent is no model here; order the upload again.")
        if upload.promise.state == WAITING:
            self._check_disk(len(body))
            upload.put(number, body)
            self._checks.begin(upload)

    def remove(self, name: str) -> None:
        """Remove an own model that was sent or trained here; or an upload under way, by its id.

        Raises NotAllowedError, NoSuchModelError, and JobStateError while it is used.
        """
        self._check_allowed()
        with self._lock:
            upload = self._find(name)
            if upload is not None and upload.promise.state != DONE:
                if upload.promise.state == CHECKING:
                    raise JobStateError("The model is being checked; remove it in a moment.")
                shutil.rmtree(upload.path, ignore_errors=True)
                return
            folder = removable(name, self._models, self._users, self._homes)
            try:
                model_list.forget(name)
            except OSError as error:
                raise OutputError(
                    f"The server cannot change its list of models ({error.strerror or error})."
                ) from error
            shutil.rmtree(folder, ignore_errors=True)
            self._forget_old()

    def stop(self, seconds: float = 10.0) -> None:
        """End the checks; they begin anew when somebody asks for their uploads."""
        self._checks.stop(seconds)

    def _check_allowed(self) -> None:
        if not self.allowed:
            raise NotAllowedError(
                "This server takes and removes no models. Whoever runs it can allow that: waterseg "
                "serve --allow-uploads."
            )

    def _check_busy(self) -> None:
        recent = time.time() - SILENCE_S
        under_way = [one for one in self._all() if one.promise.state in (WAITING, CHECKING)]
        if sum(one.touched > recent for one in under_way) >= MOST_AT_ONCE:
            raise BusyError(
                f"{MOST_AT_ONCE} models are being sent; try again when one has arrived."
            )

    def _check_disk(self, more: int) -> None:
        place = next(path for path in (self.root, *self.root.parents) if path.is_dir())
        if shutil.disk_usage(place).free - more < DISK_RESERVE:
            raise OutputError(
                f"The server's disk has no room for {more / 1e6:.0f} MB more. Whoever runs it can "
                "free some space; then go on: what was sent is kept."
            )

    def _upload(self, id: str) -> Upload:
        upload = self._find(id)
        if upload is None:
            raise NoSuchModelError("There is no such upload here; order it again.")
        return upload

    def _find(self, id: str) -> Upload | None:
        with contextlib.suppress(OSError, ValueError, TypeError):
            if re.fullmatch("[0-9a-f]{32}", id):
                return Upload(self.root / id)
        return None

    def _all(self) -> Iterator[Upload]:
        names = [path.name for path in self.root.iterdir()] if self.root.is_dir() else []
        return (one for one in map(self._find, names) if one is not None)

    def _same(self, name: str, size: int, sha256: str) -> Upload | None:
        """An upload of the same, whatever became of it."""
        for one in self._all():
            promise = one.promise
            if (promise.name, promise.bytes, promise.sha256) == (name, size, sha256):
                return one
        return None

    def _forget_old(self) -> None:
        """Remove what never became a model, and what is left of models that are gone."""
        oldest = time.time() - KEPT_S
        for one in self._all():
            is_model = one.promise.state == DONE
            if not one.model.is_dir() if is_model else one.touched < oldest:
                shutil.rmtree(one.path, ignore_errors=True)
