# SPDX-License-Identifier: GPL-3.0-or-later
"""What the step Write does: one set at a time, from Write to the folder; cancel and resume."""

from qgis.PyQt.QtCore import QObject, pyqtSignal

from .. import training_folder
from ..errors import PluginError
from ..training_record import told, unfinished
from ..training_task import BuildTask
from ..words import tr
from .background import start
from .messages import log


class Writing(QObject):
    """ended(): it is over. planning: says what is to be written, as a `Planning` does."""

    ended = pyqtSignal()

    def __init__(self, dock, messages, planning):
        super().__init__(dock)
        self._dock, self._page = dock, dock.write
        self._messages, self._planning = messages, planning
        self._task = None
        self._unfinished = None
        self._planned = None  # the `Plan` that a person was shown when it began
        self._page.result.problem.connect(messages.problem)
        self._page.write.connect(self.write)
        self._page.resume.connect(self.resume)
        self._page.cancel.connect(self.cancel)
        self.offer_unfinished()

    @property
    def is_running(self):
        """Whether a set is being written."""
        return self._task is not None

    def write(self):
        """Write what the panel says."""
        try:
            request = self._planning.request(self._page.output())
            request.check()
        except PluginError as why:
            self._messages.problem(str(why))
            self._page.tell(str(why))
            return
        if self._unfinished is not None:  # somebody who writes anew does not go on with it
            self._unfinished.discard()
        self._planned = self._planning.plan
        self._start(request, None)

    def resume(self):
        """Go on where it was cut off, with what was drawn then."""
        if self._unfinished is None or self.is_running:
            return
        try:
            record = self._unfinished.revived()
        except PluginError as why:
            self._messages.problem(str(why))
            self._page.tell(str(why))
            return
        self._start(record.request, record)

    def offer_unfinished(self):
        """Offer to go on with the set that was cut off last, perhaps in an earlier QGIS."""
        found = unfinished()
        self._unfinished = found[0] if found else None
        self._planned = None
        if self._unfinished is not None:
            self._page.show_running(False, True, self.waiting())

    def waiting(self):
        """A line about the set that waits to be resumed; empty where there is none."""
        return told(self._unfinished) if self._unfinished is not None else ""

    def cancel(self):
        """Stop; what is finished is kept by the engine."""
        if self._task is not None:
            self._page.cancel_button.setEnabled(False)
            self._page.tell(tr("Cancelling…"))
            self._task.cancel()

    def _start(self, request, unfinished):
        self._messages.clear()
        self._task = task = BuildTask(request, unfinished)
        task.progressed.connect(self._on_progress)
        task.said.connect(self._page.tell)
        task.finishedWith.connect(self._on_finished)
        task.cancelledWith.connect(self._on_cancelled)
        task.failedWith.connect(self._on_failed)
        self._page.show_running(True, said=tr("Starting…"))
        start(task)

    def _on_progress(self, done, total, _seconds_left, _water):
        if total and not self._task.isCanceled():
            self._page.show_progress(done, total)

    def _on_finished(self, folder, message):
        self._end("")
        try:
            written = training_folder.read(folder)
        except PluginError as why:
            self._messages.problem(str(why))
            return
        self._page.result.show_written(written)
        self._planning.leave_out(self._planned, written.keys)
        self._dock.reveal(self._page.result)
        self._messages.success(tr("Written: {summary}.").format(summary=written.summary))
        for note in written.notes:
            log(note)

    def _on_cancelled(self, _path, message):
        self._end(message)

    def _on_failed(self, sentence):
        self._end(sentence)
        self._messages.problem(sentence)

    def _end(self, said):
        self._unfinished = self._task.unfinished
        self._task = None
        self._page.show_running(False, self._unfinished is not None, said)
        self.ended.emit()

    def take_down(self):
        """Stop."""
        if self._task is not None:
            for signal in (
                self._task.progressed,
                self._task.said,
                self._task.finishedWith,
                self._task.cancelledWith,
                self._task.failedWith,
            ):
                signal.disconnect()
            self._task.cancel()
            self._task = None
