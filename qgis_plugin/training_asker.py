# SPDX-License-Identifier: GPL-3.0-or-later
"""Asker: short questions to the engine while a person works; only the newest of a kind counts.

They go one after another through one thread, which is also the only one that looks at pixels for
them. Nothing shows in the task manager: a question takes tenths of a second and comes with every
movement of the hand.
"""

import threading

from qgis.core import QgsRasterBlockFeedback
from qgis.PyQt.QtCore import QObject, QThread, pyqtSignal

from .engine import the_engine
from .errors import PluginError, Stopped

#: How long a question may take to end when nobody needs the answer any more, milliseconds.
FAREWELL_MS = 2000
#: Threads that still wait for an answer. Qt wants them kept until they end.
_ending = []


class Asker(QObject):
    """answered(kind, key, answer) and failed(kind, key, sentence) come on the main thread."""

    answered = pyqtSignal(str, object, object)
    failed = pyqtSignal(str, object, str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._thread = _Thread()
        self._thread.answered.connect(self.answered)
        self._thread.failed.connect(self.failed)
        self._thread.start()

    def ask(self, kind, key, question):
        """Have `question(client, feedback)` answered; it replaces one of its kind that waits."""
        self._thread.put(kind, (key, question))

    def drop(self, kind):
        """Nobody needs the answer of this kind any more, unless it is on its way."""
        self._thread.put(kind, None)

    def close(self):
        """End the thread soon."""
        self._thread.answered.disconnect(self.answered)
        self._thread.failed.disconnect(self.failed)
        self._thread.stop()
        _ending[:] = [one for one in _ending if not one.isFinished()]
        if not self._thread.wait(FAREWELL_MS):
            _ending.append(self._thread)


class _Thread(QThread):
    """A QThread, because QGIS's network needs one. It may outlive whoever asked."""

    answered = pyqtSignal(str, object, object)
    failed = pyqtSignal(str, object, str)

    def __init__(self):
        super().__init__()
        self._waiting = {}
        self._changed = threading.Condition()
        self._feedback = QgsRasterBlockFeedback()
        self._stopped = False

    def put(self, kind, question):
        with self._changed:
            self._waiting.pop(kind, None)
            if question is not None:
                self._waiting[kind] = question
            self._changed.notify()

    def stop(self):
        with self._changed:
            self._stopped = True
            self._waiting = {}
            self._changed.notify()
        self._feedback.cancel()

    def run(self):
        """Answer until there is nobody to ask any more."""
        while True:
            with self._changed:
                while not self._waiting and not self._stopped:
                    self._changed.wait()
                if self._stopped:
                    return
                kind = next(iter(self._waiting))
                key, question = self._waiting.pop(kind)
            self._answer(kind, key, question)

    def _answer(self, kind, key, question):
        try:
            client = the_engine().ensure_started(self._feedback)
            answer = question(client, self._feedback)
        except Stopped:
            return
        except PluginError as why:
            self.failed.emit(kind, key, str(why))
        except Exception as why:  # a person gets a sentence, whatever it is
            self.failed.emit(kind, key, f"{type(why).__name__}: {why}")
        else:
            self.answered.emit(kind, key, answer)
