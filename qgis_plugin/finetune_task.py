# SPDX-License-Identifier: GPL-3.0-or-later
"""SendTask sends a set in QGIS's task manager; Follower looks after a training for hours.

A task holds one of the few threads that QGIS draws maps with. Sending ends soon, following does
not, so that has a thread of its own. All signals come on the main thread.
"""

from qgis.core import QgsFeedback, QgsTask
from qgis.PyQt.QtCore import QObject, QThread, pyqtSignal
from qgis.PyQt.QtGui import QImage

from .engine import the_engine
from .errors import PluginError, Stopped
from .finetune_follow import FollowRun
from .finetune_send import SendRun
from .tasks import attempt, task_flags, unexpected
from .words import tr

#: How long a follower may take to end when nobody listens any more, milliseconds.
FAREWELL_MS = 2000
#: Threads that still wait for an answer. Qt wants them kept until they end.
_ending = []


class SendTask(QgsTask):
    """Sends the set of a `FinetuneRequest`.

    said(sentence), sent(done, total) in bytes; at the end exactly one of arrived(Training),
    cancelledWith(sentence) and failedWith(sentence).
    """

    said = pyqtSignal(str)
    sent = pyqtSignal(object, object)
    arrived = pyqtSignal(object)
    cancelledWith = pyqtSignal(str)
    failedWith = pyqtSignal(str)

    def __init__(self, request, training_id=""):
        super().__init__(tr("Training set for {name}").format(name=request.name), task_flags())
        self._feedback = QgsFeedback()
        self._run = SendRun(request, the_engine(), self._feedback, _Told(self), training_id)
        self._training = None
        self._failure = ""

    @property
    def training_id(self):
        """As `SendRun.training_id`."""
        return self._run.training_id

    def run(self):
        """In the background: everything."""
        self._training, self._failure = attempt(self._run.go)
        return self._training is not None

    def cancel(self):
        """Answers at once."""
        self._feedback.cancel()
        super().cancel()

    def finished(self, fine):
        """On the main thread: tell how it ended."""
        if self._training is not None:
            self.arrived.emit(self._training)
        elif self._feedback.isCanceled():
            self.cancelledWith.emit(tr("Cancelled."))
        else:
            self.failedWith.emit(self._failure or tr("The run was taken off the task list."))


class _Told:
    """Hands what a sender tells to the task's signals."""

    def __init__(self, task):
        self._task = task

    def say(self, sentence):
        self._task.said.emit(sentence)

    def sent(self, done, total):
        if total:
            self._task.setProgress(100.0 * done / total)
        self._task.sent.emit(done, total)


class Follower(QObject):
    """Follows one training.

    said(sentence), changed(Training), curveGrew(Curve), samplesCame(QImage); at the end one of
    ended(Training) and failedWith(sentence); nothing after `leave`.
    """

    said = pyqtSignal(str)
    changed = pyqtSignal(object)
    curveGrew = pyqtSignal(object)
    samplesCame = pyqtSignal(QImage)
    ended = pyqtSignal(object)
    failedWith = pyqtSignal(str)
    NAMES = ("said", "changed", "curveGrew", "samplesCame", "ended", "failedWith")

    def __init__(self, training_id, parent=None):
        super().__init__(parent)
        self._thread = _Thread(training_id)
        for name in self.NAMES:
            getattr(self._thread, name).connect(getattr(self, name))

    def start(self, *orders):
        """Begin to follow; orders: what is ordered at once, as (what, how)."""
        for order in orders:
            self.order(*order)
        self._thread.start()

    def order(self, what, how=""):
        """As `FollowRun.order`."""
        self._thread.run_.order(what, how)

    def leave(self):
        """Do not look any more; the training goes on. Answers at once."""
        self.blockSignals(True)  # what is on its way to the main thread is for nobody
        for name in self.NAMES:
            getattr(self._thread, name).disconnect(getattr(self, name))
        self._thread.feedback.cancel()
        _ending[:] = [one for one in _ending if not one.isFinished()]
        _ending.append(self._thread)

    @staticmethod
    def wait_for_all():
        """Wait a moment until all that were left have ended."""
        for thread in _ending:
            thread.wait(FAREWELL_MS)
        _ending[:] = [one for one in _ending if not one.isFinished()]


class _Thread(QThread):
    """A QThread, because QGIS's network needs one. It is also what its run tells."""

    said = pyqtSignal(str)
    changed = pyqtSignal(object)
    curveGrew = pyqtSignal(object)
    samplesCame = pyqtSignal(QImage)
    ended = pyqtSignal(object)
    failedWith = pyqtSignal(str)

    def __init__(self, training_id):
        super().__init__()
        self.feedback = QgsFeedback()
        self.run_ = FollowRun(training_id, the_engine(), self.feedback, _Heard(self))

    def run(self):
        """Follow until the end."""
        try:
            self.ended.emit(self.run_.go())
        except Stopped:
            return
        except PluginError as why:
            self.failedWith.emit(str(why))
        except Exception as why:  # a person gets a sentence, whatever it is
            self.failedWith.emit(unexpected(why))


class _Heard:
    """Hands what a run tells to the thread's signals."""

    def __init__(self, thread):
        self._thread = thread

    def say(self, sentence):
        self._thread.said.emit(sentence)

    def changed(self, training):
        self._thread.changed.emit(training)

    def curve_grew(self, curve):
        self._thread.curveGrew.emit(curve)

    def samples_came(self, png):
        picture = QImage.fromData(png)
        if not picture.isNull():
            self._thread.samplesCame.emit(picture)
