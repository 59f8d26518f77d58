# SPDX-License-Identifier: GPL-3.0-or-later
"""Senders: a few threads that do calls while the thread of the run reads pixels.

They are QThreads, because QGIS's network needs timers, and those only run in a thread of Qt.
"""

import queue
import threading

from qgis.PyQt.QtCore import QThread

#: Requests on their way at once.
IN_FLIGHT = 4
#: How long an errand may take to end when nobody needs it any more, milliseconds.
FAREWELL_MS = 300
#: Threads that are still busy with a call that nobody answers. Qt wants them kept until they end.
_ending = []


class Errand:
    """One call on its way: `done` is set when it is over, `error` is what it raised or None."""

    def __init__(self, call, arguments):
        self._call, self._arguments = call, arguments
        self._over = threading.Event()
        self.error = None

    @property
    def is_over(self):
        """Whether it arrived or failed."""
        return self._over.is_set()

    def wait(self, seconds):
        """Wait at most so long until it is over."""
        self._over.wait(seconds)

    def go(self):
        """In a sender's thread."""
        try:
            self._call(*self._arguments)
        except Exception as why:
            self.error = why
        finally:
            self._over.set()


class Senders:
    """IN_FLIGHT threads and what waits for them."""

    def __init__(self):
        self._waiting = queue.SimpleQueue()
        self._threads = [_Sender(self._waiting) for _ in range(IN_FLIGHT)]
        for thread in self._threads:
            thread.start()

    def send(self, call, *arguments):
        """Have `call(*arguments)` done; its `Errand`."""
        errand = Errand(call, arguments)
        self._waiting.put(errand)
        return errand

    def close(self):
        """End the threads soon; what is on its way is waited for a moment only."""
        for _ in self._threads:
            self._waiting.put(None)
        _ending[:] = [thread for thread in _ending if not thread.isFinished()]
        _ending.extend(thread for thread in self._threads if not thread.wait(FAREWELL_MS))


class _Sender(QThread):
    """One thread."""

    def __init__(self, waiting):
        super().__init__()
        self._waiting = waiting

    def run(self):
        """Do errands until there is none any more."""
        for errand in iter(self._waiting.get, None):
            errand.go()
