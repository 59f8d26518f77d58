# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks: a run and a question to the engine in QGIS's task manager, told by signals.

All signals come on the main thread.
"""

from qgis.core import QgsRasterBlockFeedback, QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from .client import Client
from .client_remote import Remote
from .engine import the_engine
from .errors import PluginError, Stopped
from .run import Run
from .settings import SERVER
from .words import tr


class SegmentTask(QgsTask):
    """Segments the water of a `SegmentRequest`; `resume` is the `Record` of a run to go on with.

    progressed(done, total, seconds left or None, water bodies so far).
    featuresArrived(list of GeoJSON features in the layer's CRS).
    said(sentence): what is going on. At the end exactly one of finishedWith(path, message),
    cancelledWith(path or "", message) and failedWith(sentence).
    """

    progressed = pyqtSignal(int, int, object, int)
    featuresArrived = pyqtSignal(list)
    said = pyqtSignal(str)
    finishedWith = pyqtSignal(str, str)
    cancelledWith = pyqtSignal(str, str)
    failedWith = pyqtSignal(str)

    #: What does the work.
    run_kind = Run

    def __init__(self, request, resume=None):
        super().__init__(self._title(request), task_flags())
        self.request = request
        self._feedback = QgsRasterBlockFeedback()
        self._run = self.run_kind(request, the_engine(), self._feedback, self, resume)
        self._outcome = None
        self._failure = ""

    @staticmethod
    def _title(request):
        return tr("Water in {layer}").format(layer=request.layer_name)

    def run(self):
        """In the background: everything. False only for a failure, which QGIS tells as one."""
        self._outcome, self._failure = attempt(self._run.go)
        return self._outcome is not None

    def cancel(self):
        """Answers at once; what is finished is kept."""
        self._feedback.cancel()
        super().cancel()

    def finished(self, fine):
        """On the main thread: tell how it ended."""
        if self._outcome is None and self._feedback.isCanceled():
            self.cancelledWith.emit("", tr("Cancelled."))
        elif self._outcome is None:
            self.failedWith.emit(self._failure or tr("The run was taken off the task list."))
        elif self._outcome.cancelled:
            self.cancelledWith.emit(self._outcome.path, self._outcome.message)
        else:
            self.finishedWith.emit(self._outcome.path, self._outcome.message)

    @property
    def found(self):
        """The line about the polygons that it ended with: "12 water bodies, 3.40 km²"."""
        return self._outcome.found if self._outcome is not None else ""

    def progress_made(self, done, total, seconds_left, water):
        """From the run: so much is done."""
        if total:
            self.setProgress(100.0 * done / total)
        self.progressed.emit(done, total, seconds_left, water)

    def features_came(self, features):
        """From the run: polygons that are finished."""
        self.featuresArrived.emit(features)

    def say(self, sentence):
        """From the run: what is going on."""
        self.said.emit(sentence)


class InfoTask(QgsTask):
    """Asks who answers. With `settings` it tries those: a server without touching the engine.

    answered(Info) or failedWith(sentence).
    """

    answered = pyqtSignal(object)
    failedWith = pyqtSignal(str)

    def __init__(self, settings=None):
        super().__init__(tr("Asking the engine of waterseg"), task_flags())
        self._settings = settings
        self._feedback = QgsRasterBlockFeedback()
        self._info = None
        self._failure = ""

    def run(self):
        """In the background."""
        self._info, self._failure = attempt(self._ask)
        return self._info is not None

    def cancel(self):
        """Stop asking."""
        self._feedback.cancel()
        super().cancel()

    def finished(self, fine):
        """On the main thread."""
        if self._info is not None:
            self.answered.emit(self._info)
        else:
            self.failedWith.emit(self._failure or str(Stopped(tr("Cancelled."))))

    def _ask(self):
        chosen = self._settings
        if chosen is not None and chosen.mode == SERVER:
            return Client(Remote(chosen.server_url, chosen.auth_id)).info(self._feedback)
        return the_engine().info(self._feedback)


def task_flags():
    """Can be cancelled, and without QGIS's own "Task complete": what came of it is told by us."""
    silent = getattr(QgsTask.Flag, "Silent", None)  # from QGIS 3.26 on
    return QgsTask.Flag.CanCancel if silent is None else QgsTask.Flag.CanCancel | silent


def attempt(work):
    """(what `work()` gives, "") or (None, why not in a sentence)."""
    try:
        return work(), ""
    except PluginError as why:
        return None, str(why)
    except Exception as why:  # whatever it is, the user gets a sentence and the log the rest
        return None, unexpected(why)


def unexpected(why):
    """A sentence for an error that nobody thought of; its trace goes to the log."""
    import traceback

    the_engine().logged.emit(traceback.format_exc())
    return tr("Something unexpected went wrong: {why}. The log says more.").format(
        why=f"{type(why).__name__}: {why}"
    )
