# SPDX-License-Identifier: GPL-3.0-or-later
"""SendRun: a training set on its way to the engine, from the folder to the last part of its zip."""

import os
import shutil
import tempfile
import threading

from qgis.core import QgsFeedback

from .errors import NotFound, PluginError, Stopped
from .finetune_pack import pack
from .finetune_patience import Patient
from .words import tr

#: Seconds that a training nobody wants any more is waited for.
SHORT_PATIENCE = 5


class SendRun(Patient):
    """`go` describes a training and sends what it wants of the set; gives the `Training`.

    listener: say(sentence), sent(done, total) in bytes. training_id: of one that was cut off while
    it was sent, or empty.
    """

    def __init__(self, request, engine, feedback, listener, training_id=""):
        super().__init__(engine, feedback, listener)
        self._request = request
        self._id = training_id
        self._is_new = not training_id

    @property
    def training_id(self):
        """The id of the training, once it has one: what was cut off goes on with it."""
        return self._id

    def go(self):
        """Everything. Raises PluginError with a sentence, Stopped when it was cancelled."""
        folder = tempfile.mkdtemp(prefix="waterseg-")
        try:
            self._request.check()
            self._listener.say(tr("Packing the training set…"))
            packed = pack(
                self._request.folder,
                os.path.join(folder, "set.zip"),
                self._feedback,
                self._listener.sent,
            )
            return self._send(packed)
        except Stopped:
            self._forget()
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _send(self, packed):
        self._listener.say(tr("Starting the engine…"))
        training = self._patiently(self._open, packed)
        while training.wanted and not training.is_over:
            training = self._patiently(self._send_parts, packed)
        self._stop_if_cancelled()  # an engine that knows the set wants nothing of it
        return training

    def _open(self, packed):
        training = self._known()
        if training is None:
            described = self._request.description(packed)
            training = self._client.create_training(described, self._feedback)
            self._id = training.id
        self._listener.say(tr("Sending the training set…"))
        return training

    def _known(self):
        """The training that was cut off, if the engine still has it."""
        try:
            return self._client.training(self._id, self._feedback) if self._id else None
        except NotFound:
            return None

    def _send_parts(self, packed):
        training = self._client.training(self._id, self._feedback)
        size = training.part_bytes
        parts = -(-packed.bytes // size)
        for missing, number in enumerate(training.wanted):
            self._stop_if_cancelled()
            there = parts - len(training.wanted) + missing
            self._listener.sent(min(there * size, packed.bytes), packed.bytes)
            self._client.put_part(self._id, number, packed.part(number, size), self._feedback)
        self._listener.sent(packed.bytes, packed.bytes)
        return self._client.training(self._id, self._feedback)

    def _forget(self):
        """A new training whose set never arrived is of no use to anybody."""
        if self._client is None or not self._id or not self._is_new:
            return
        deadline = QgsFeedback()
        timer = threading.Timer(SHORT_PATIENCE, deadline.cancel)
        timer.start()
        try:
            self._client.forget_training(self._id, deadline)
        except PluginError as why:  # the engine may be gone: it ends all the same
            self._listener.say(str(why))
        finally:
            timer.cancel()
