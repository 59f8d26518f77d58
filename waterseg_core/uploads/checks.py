# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks: what was sent becomes a model on offer, whole, or nothing but a sentence that says why.

One at a time, in a thread: a model that is loaded for a trial takes memory.
"""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import filelock

from waterseg_core import model_list
from waterseg_core.errors import Cancelled, ModelError, OutputError, WatersegError
from waterseg_core.jobs_models import Models
from waterseg_core.uploads.files import point_to_base, unpack_model
from waterseg_core.uploads.names import Users, check_free
from waterseg_core.uploads.trial import try_model
from waterseg_core.uploads.upload import CHECKING, DONE, FAILED, WAITING, Upload

__all__ = ["Checks"]

_LOCK, _NEW = ".lock", "new"


class Checks:
    """The checks of a server. most: bytes of a model, unpacked."""

    def __init__(self, models: Models, users: Users, most: int) -> None:
        self._models, self._users, self._most = models, users, most
        self._lock, self._turn = threading.Lock(), threading.Lock()
        self._threads: dict[str, threading.Thread] = {}
        self._stop = threading.Event()

    def begin(self, upload: Upload) -> None:
        """Check an upload that is whole, unless this or another server does so already."""
        with self._lock:
            if self._stop.is_set() or upload.id in self._threads:
                return
            try:
                upload.read()
            except (OSError, ValueError):  # removed meanwhile
                return
            if not upload.is_whole and upload.promise.state != CHECKING:
                return
            held = filelock.FileLock(upload.path / _LOCK, thread_local=False)
            try:
                held.acquire(timeout=0)
            except (filelock.Timeout, OSError):
                return
            if not upload.is_whole:  # the power went while the last check ended
                upload.to(DONE if upload.model.is_dir() else WAITING)
                held.release()
                return
            upload.to(CHECKING)
            thread = threading.Thread(
                target=self._work, args=[upload, held], name="waterseg-upload", daemon=True
            )
            self._threads[upload.id] = thread
            thread.start()

    def stop(self, seconds: float) -> None:
        """End; what was not checked is when somebody asks for it again."""
        self._stop.set()
        for thread in list(self._threads.values()):
            thread.join(seconds)

    def _work(self, upload: Upload, held: filelock.BaseFileLock) -> None:
        try:
            with self._turn:
                self._check(upload)
        finally:
            held.release()
            with self._lock:
                del self._threads[upload.id]

    def _check(self, upload: Upload) -> None:
        try:
            try:
                self._make(upload)
            finally:
                shutil.rmtree(upload.path / _NEW, ignore_errors=True)
        except Cancelled:
            return
        except Exception as error:
            if not isinstance(error, OutputError):  # else it can be tried with what was sent
                upload.parts.clear()
            self._failed(upload, error)
        else:
            upload.to(DONE)
            upload.parts.clear()

    def _make(self, upload: Upload) -> None:
        if upload.parts.sha256() != upload.promise.sha256:
            raise ModelError(
                "What arrived is not what was promised (another SHA-256). Send it again."
            )
        folder = upload.path / _NEW / upload.promise.name
        shutil.rmtree(folder.parent, ignore_errors=True)
        with upload.parts.open() as source:
            unpack_model(source, folder, self._most, self._stop)
        base = point_to_base(folder, self._models.sources(), model_list.own())
        try_model(folder, base, self._stop)
        self._publish(upload, folder)

    def _publish(self, upload: Upload, folder: Path) -> None:
        try:
            with model_list.changing():
                check_free(upload.promise.name, self._models, self._users)
                upload.model.parent.mkdir(exist_ok=True)
                folder.rename(upload.model)
                if model_list.remember(upload.model) != upload.promise.name:
                    shutil.rmtree(upload.model, ignore_errors=True)
                    raise OutputError("The server cannot add the model to its list of models.")
        except OSError as error:
            if isinstance(error, WatersegError):
                raise
            raise OutputError(
                f"The server cannot keep the model ({error.strerror or error})."
            ) from error

    def _failed(self, upload: Upload, error: Exception) -> None:
        """Tell why, by names: where files are is the server's own business."""
        said = str(error)
        if not isinstance(error, WatersegError):
            said = f"Something unexpected went wrong on the server: {type(error).__name__}: {said}"
        places = {name: source for name, source in self._models.sources().items() if "/" in source}
        hidden = {upload.promise.name: str(upload.path / _NEW / upload.promise.name), **places}
        for name, place in hidden.items():
            said = said.replace(place, name)
        upload.to(FAILED, said, type(error).__name__)
