# SPDX-License-Identifier: GPL-3.0-or-later
"""TrainingRun: from a layer and what was drawn to a training set on the user's own disk.

The same run as one that looks for water, as far as pixels go; what differs is what is asked for
and what comes back: a zip, which is unpacked here, wherever the engine is.
"""

import os
import tempfile

from . import training_folder
from .errors import Busy, LayerError, PluginError, Unreachable
from .run import PATIENCE, Outcome, Run
from .training_marked import settled
from .training_record import Unfinished
from .words import tr


class TrainingRun(Run):
    """Does a `TrainingRequest`; `go` as `Run.go`, the outcome's path is the set's folder."""

    def __init__(self, request, engine, feedback, listener, record=None):
        super().__init__(request, engine, feedback, listener, record or Unfinished(request))

    @property
    def unfinished(self):
        """What is needed to go on, or None where nothing was begun."""
        return self._record if self._record.job else None

    def drop(self):
        """Nobody will go on with a run that was cancelled: the engine need not keep it."""
        if self._client is None or not self._record.job:
            return
        try:
            self._client.forget(self._record.job)
        except PluginError as why:  # then it stays there until it is cleared away
            self._listener.say(str(why))
        self._record.discard()
        self._record = self._record.changed(job="")

    def _at_work(self):
        return tr("Cutting chips…")

    def _open(self):
        """Before a new job it must be known where everything is labelled."""
        if not self._record.job:
            self._client = self._engine.ensure_started(self._feedback)
            self._request = settled(self._client, self._request, self._feedback)
            self._record = self._record.changed(request=self._request)
        return super()._open()

    def _fetch_features(self, job):
        """A set has no polygons that could be shown on the way."""

    def _finish(self, job):
        self._tell(job)
        self._listener.say(tr("Fetching the training set…"))
        folder = self._request.output
        above = os.path.dirname(os.path.abspath(folder))
        # Beside the folder, where there is room for the set as well.
        handle, archive = tempfile.mkstemp(".zip", f".{os.path.basename(folder)}.", above)
        os.close(handle)
        try:
            self._save(job, archive)
            self._listener.say(tr("Unpacking…"))
            training_folder.unpack(archive, folder)
        finally:
            os.remove(archive)
        self._forget(job.id)
        return Outcome(folder, training_folder.read(folder).summary)

    def _save(self, job, archive):
        """Fetch the zip; what the network swallows is asked for again."""
        lost = 0
        while True:
            try:
                return self._client.save_large(job.id, archive, "zip", self._feedback)
            except Busy as why:
                self._wait(why.retry_after)
            except Unreachable as why:
                if lost >= len(PATIENCE):
                    raise self._given_up(why) from why
                self._wait(PATIENCE[lost])
                lost += 1
            except OSError as why:
                raise LayerError(
                    tr("{path} cannot be written: {why}").format(
                        path=self._request.output, why=why.strerror or why
                    )
                ) from why

    def _cancelled(self):
        if self._client is not None and self._record.job:
            try:
                self._client.cancel(self._record.job)
            except PluginError as why:  # the engine may be gone: cancelling must end all the same
                self._listener.say(str(why))
        return Outcome("", tr("Cancelled."), True)


class SuggestRun(Run):
    """A run that looks for water as `Run` does, but is not offered again when it is cancelled."""

    def __init__(self, request, engine, feedback, listener, record=None):
        super().__init__(request, engine, feedback, listener, record or Unfinished(request))
