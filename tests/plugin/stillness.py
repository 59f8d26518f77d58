# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the main loop stands still, as far as that is its own doing.

What counts is the time that the main thread works, sleeps, or waits for a lock, a file or the
network. Time in which it could have gone on but the machine had no processor for it does not: on
a busy machine that would measure the neighbours.
"""

import time
from pathlib import Path

from qgis.PyQt.QtCore import QTimer

SCHEDULER = Path("/proc/thread-self/schedstat")


def own_time():
    """Seconds on a clock that stops while this thread waits for a processor (Linux)."""
    if not SCHEDULER.exists():
        return time.monotonic()
    waited = int(SCHEDULER.read_text().split()[1])  # nanoseconds in the queue for a processor
    return time.monotonic() - waited / 1e9


class Gaps:
    """Measures the longest time that the main loop stood still, in seconds."""

    def __init__(self):
        self._longest, self._last = 0.0, own_time()
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def tick(self):
        """The main loop came by."""
        now = own_time()
        self._longest, self._last = max(self._longest, now - self._last), now

    def end(self):
        """The longest gap until now; nothing is measured any more."""
        self._timer.stop()
        return self._longest
