# SPDX-License-Identifier: GPL-3.0-or-later
"""Patient: calls about a training that are made again when the engine is out of reach."""

import time

from .engine.engine import STOPPED
from .errors import Busy, Stopped, Unreachable
from .words import tr

#: The pause before each retry in a row, seconds: a laptop that wakes up needs some.
PAUSES = (0.5, 2.0, 5.0, 10.0, 20.0, 30.0)
#: How often an engine that died is started again.
RESTARTS = 1
#: How soon a waiting thread notices that it is to end, seconds.
TICK = 0.05


class Patient:
    """One talk with the engine, in any one thread but the main thread of QGIS Desktop.

    feedback: a QgsFeedback, cancelled by whoever wants it to end. listener: has say(sentence).
    """

    def __init__(self, engine, feedback, listener):
        self._engine, self._feedback, self._listener = engine, feedback, listener
        self._client = None
        self._lost = 0  # calls that failed in a row
        self._deaths = 0  # how often the engine on this computer died

    def _patiently(self, do, *arguments):
        """Do a step, again and again until the engine answers. Raises what cannot be waited for."""
        while True:
            try:
                if self._client is None:
                    self._client = self._engine.ensure_started(self._feedback)
                done = do(*arguments)
            except Busy as why:
                self._listener.say(str(why))
                self._wait(why.retry_after)
            except Unreachable as why:
                self._after_silence(why)
            else:
                self._lost = 0
                return done

    def _after_silence(self, why):
        self._stop_if_cancelled()
        if self._engine.state == STOPPED:
            raise Unreachable(tr("The engine was stopped.")) from why
        died = self._engine.obituary()
        self._deaths += bool(died)
        if self._lost >= len(PAUSES) or self._deaths > RESTARTS:
            raise Unreachable(died or str(why)) from why
        self._listener.say(tr("{why} Trying again…").format(why=died or why))
        self._client = None
        self._wait(PAUSES[self._lost])
        self._lost += 1

    def _wait(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._stop_if_cancelled()
            time.sleep(min(TICK, seconds))

    def _stop_if_cancelled(self):
        if self._feedback.isCanceled():
            raise Stopped(tr("Cancelled."))
