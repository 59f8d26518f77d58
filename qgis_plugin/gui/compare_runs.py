# SPDX-License-Identifier: GPL-3.0-or-later
"""Two models look at the same view, one after the other; each is a task of its own."""

from contextlib import suppress

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..errors import PluginError
from ..run import Outcome
from ..tasks import SegmentTask
from ..training_run import SuggestRun
from ..words import tr
from .background import start

SIGNALS = ("progressed", "finishedWith", "cancelledWith", "failedWith")


class LookRun(SuggestRun):
    """A run of which nothing is kept when it is cancelled, here or by the engine."""

    def _cancelled(self):
        if self._client is not None and self._record.job:
            with suppress(PluginError):  # the engine may be gone: cancelling must end all the same
                self._client.cancel(self._record.job)
                self._client.forget(self._record.job)
        return Outcome("", tr("Cancelled."), True)


class LookTask(SegmentTask):
    """One model's look, named after the model in the task manager."""

    run_kind = LookRun

    @staticmethod
    def _title(request):
        title = tr("{model}: water in {layer}")
        return title.format(model=request.options["model"], layer=request.layer_name)


class CompareRuns(QObject):
    """Does requests in their order.

    progressed(percent of all, sentence). At the end exactly one of finished(list of (path,
    request, message), list of lines about their polygons), one for each request, failed(sentence)
    and cancelled().
    """

    progressed = pyqtSignal(float, str)
    finished = pyqtSignal(list, list)
    failed = pyqtSignal(str)
    cancelled = pyqtSignal()

    def __init__(self, requests, parent=None):
        super().__init__(parent)
        self._requests = list(requests)
        self._results, self._lines = [], []
        self._task = None

    def start(self):
        """Begin with the first one."""
        request = self._requests[len(self._results)]
        self._task = task = LookTask(request)
        task.progressed.connect(self._on_progress)
        task.finishedWith.connect(self._on_finished)
        task.cancelledWith.connect(self._on_cancelled)
        task.failedWith.connect(self._on_failed)
        self._tell(0, 0)
        start(task)

    def cancel(self):
        """Stop; what was found so far is dropped."""
        if self._task is not None:
            self._task.cancel()

    def take_down(self):
        """Stop, and tell nobody."""
        if self._task is not None:
            for signal in SIGNALS:
                getattr(self._task, signal).disconnect()
            self._task.cancel()
            self._task = None

    def _on_progress(self, done, total, _seconds_left, _water):
        self._tell(done, total)

    def _tell(self, done, total):
        model = self._requests[len(self._results)].options["model"]
        part = done / total if total else 0.0
        percent = 100.0 * (len(self._results) + part) / len(self._requests)
        if total:
            text = tr("{model} looks for water: {done} of {total} tiles").format(
                model=model, done=done, total=total
            )
        else:
            text = tr("{model} looks for water…").format(model=model)
        self.progressed.emit(percent, text)

    def _on_finished(self, path, message):
        self._results.append((path, self._task.request, message))
        self._lines.append(self._task.found)
        self._task = None
        if len(self._results) < len(self._requests):
            self.start()
        else:
            self.finished.emit(self._results, self._lines)

    def _on_cancelled(self, _path, _message):
        self._task = None
        self.cancelled.emit()

    def _on_failed(self, sentence):
        self._task = None
        self.failed.emit(sentence)
