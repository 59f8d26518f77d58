# SPDX-License-Identifier: GPL-3.0-or-later
"""A call of QGIS's network that the main thread wants: done beside it, while it works on events.

Scripts and qgis_process run algorithms on the main thread. QGIS asks that thread what to think of
a certificate or of a proxy that wants a password, and its own blocking call, waiting there, does
not always hear the question: then both wait for ever (QgsBlockingNetworkRequest, seen in 3.22).
"""

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QThread

#: How long the main thread rests between two looks at its events, milliseconds.
REST_MS = 5


def on_main():
    """Whether this is the main thread."""
    return QThread.currentThread() == QgsApplication.instance().thread()


def aside(work):
    """What `work()` gives or raises, done in another thread; on the main thread only.

    Meanwhile events are worked on, but no clicks and no keys: nobody starts a second run in the
    middle of a first.
    """
    thread = _Aside(work)
    thread.start()
    try:
        while not thread.wait(REST_MS):
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    finally:
        thread.wait()  # Qt ends the program where a thread is dropped that still runs
    if thread.error is not None:
        raise thread.error
    return thread.answer


class _Aside(QThread):
    """One call, in a thread of Qt: QGIS's network has timers, which only run in such a thread."""

    def __init__(self, work):
        super().__init__()
        self._work = work
        self.answer = self.error = None

    def run(self):
        """In the thread."""
        try:
            self.answer = self._work()
        except Exception as why:
            self.error = why
