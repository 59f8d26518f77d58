# SPDX-License-Identifier: GPL-3.0-or-later
"""One run at a time, from Run to the result on the map: progress, cancel, resume, how it ends."""

from qgis.core import QgsCoordinateReferenceSystem, QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .. import results
from ..errors import PluginError
from ..run_record import unfinished
from ..tasks import SegmentTask
from ..words import tr
from .background import start
from .leaving import Leaving
from .messages import log
from .preview import Preview
from .run_bar import IDLE, RESUMABLE, RUNNING, STOPPING


class RunControl(QObject):
    """Tells the dock's run bar and result box what a `SegmentTask` tells."""

    ended = pyqtSignal()

    def __init__(self, dock, messages, parent=None):
        super().__init__(parent)
        self._dock = dock
        self._messages = messages
        self._task = None
        self._record = None
        self._preview = None
        self._partial = ""  # id of the layer of a run that was cancelled
        dock.bar.cancel.connect(self.cancel)
        dock.bar.resume.connect(self.resume)
        dock.bar.forget.connect(self.forget)

    @property
    def is_running(self):
        """Whether a run goes on."""
        return self._task is not None

    def start(self, request, resume=None):
        """Begin a run; the form is locked until it ends."""
        self._messages.clear()
        self._remove_partial()
        crs = QgsCoordinateReferenceSystem(request.pixels.grid.crs)
        self._preview = Preview(request.layer_name, crs, self)
        self._task = task = SegmentTask(request, resume)
        task.progressed.connect(self._on_progress)
        task.featuresArrived.connect(self._preview.add)
        task.said.connect(self._on_said)
        task.finishedWith.connect(self._on_finished)
        task.cancelledWith.connect(self._on_cancelled)
        task.failedWith.connect(self._on_failed)
        self._dock.set_busy(True)
        self._dock.bar.show_preparing(tr("Starting…"))
        start(task)

    def cancel(self):
        """Stop the run; what is finished is kept."""
        if self._task is not None:
            self._dock.bar.set_state(STOPPING)
            self._task.cancel()

    def resume(self):
        """Go on with the run that was cut off last."""
        if self._record is None or self.is_running:
            return
        try:
            request = self._record.request()
        except PluginError as why:
            self._messages.problem(str(why))
            return
        self.start(request, self._record)

    def forget(self):
        """Drop the run that was cut off."""
        if self._record is not None:
            self._record.discard()
        self.offer_unfinished()

    def offer_unfinished(self):
        """Show Resume if there is a run that was cut off."""
        found = unfinished()
        self._record = found[0] if found else None
        if self._record is None:
            self._dock.bar.set_state(IDLE)
            return
        self._dock.bar.set_state(RESUMABLE)
        self._dock.bar.show_unfinished(self._record)

    def _on_progress(self, done, total, seconds_left, water):
        if total and self._dock.bar.state == RUNNING:
            self._dock.bar.show_progress(done, total, seconds_left, water)

    def _on_said(self, sentence):
        if self._dock.bar.state == RUNNING:
            self._dock.bar.set_text(sentence)

    def _on_finished(self, path, message):
        layer, found = self._show_layer(path, message), self._task.found
        self._end()
        if layer is not None:
            first, notes = _split(message, found)
            self._dock.result.show_result(layer, found, notes)
            self._messages.success(first)
            if notes:
                log(notes)

    def _on_cancelled(self, path, message):
        layer = self._show_layer(path, message) if path else None
        if layer is not None:
            layer.setName(tr("{layer} (so far)").format(layer=layer.name()))
            self._partial = layer.id()
            self._dock.result.show_result(layer, self._task.found)
        self._end()
        self._messages.info(message)

    def _on_failed(self, sentence):
        self._end()
        if self._record is None:
            self._dock.bar.tell(sentence)
        self._messages.problem(sentence)

    def _show_layer(self, path, message):
        try:
            return results.add_result(path, self._task.request, message)
        except PluginError as why:
            self._messages.problem(str(why))
            return None

    def _end(self):
        self._task = None
        if self._preview is not None:
            self._preview.remove()
            self._preview.deleteLater()
            self._preview = None
        self._dock.set_busy(False)
        self.offer_unfinished()
        self.ended.emit()

    def _remove_partial(self):
        """The layer of a cancelled run goes when the run goes on: it would be there twice."""
        if self._partial and QgsProject.instance().mapLayer(self._partial):
            QgsProject.instance().removeMapLayer(self._partial)
        self._partial = ""

    def take_down(self):
        """Stop the run, and take its polygons off the map."""
        if self._task is not None:
            for signal in (
                self._task.progressed,
                self._task.featuresArrived,
                self._task.said,
                self._task.finishedWith,
                self._task.cancelledWith,
                self._task.failedWith,
            ):
                signal.disconnect()
            self._task.cancel()
            self._task = None
        if self._preview is not None:
            self._preview.remove()
        for layer in self.findChildren(Leaving):
            layer.drop()


def _split(message, summary):
    """The first sentence of a message, which begins with the summary, and what comes after it."""
    end = message.find(". ", len(summary))
    if end < 0:
        return message, ""
    first, notes = message[:end], message[end + 1 :]
    return first + ".", notes.strip()
