# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker: one running engine on this computer, with the thread that listens to it.

Its first line of standard output says where it listens; everything else it says is kept as its
last words. Its standard input stays open as long as we live, and it ends when that closes.
"""

import collections
import json
import threading

from ..client_loopback import Loopback
from ..errors import EngineError, Stopped
from ..words import tr
from .child import Child

PROGRAM = "from waterseg_core.cli.main import main; main()"
#: Seconds until it must have said where it listens: a virus scanner reads PyTorch slowly.
PATIENCE = 180
KEPT_LINES = 40


class Worker:
    """A worker of the interpreter `python`; starting begins at once, in a thread of its own.

    options: for `waterseg serve --worker`, a list of texts.
    said: function that gets every line it writes, from that thread. gone: function without
    arguments, called when it has ended, however that came.
    """

    def __init__(self, python, options, said, gone):
        self.python = python
        self._arguments = ["-I", "-c", PROGRAM, "serve", "--worker", *options]
        self.last_words = collections.deque(maxlen=KEPT_LINES)
        self.announced = None
        self._killed = False
        self._said, self._gone = said, gone
        self._ready, self._over, self._stop = (threading.Event() for _ in range(3))
        self._thread = threading.Thread(target=self._keep, name="waterseg-engine", daemon=True)
        self._thread.start()

    @property
    def is_running(self):
        """Whether its process has not ended and was not asked to."""
        return not self._over.is_set() and not self._stop.is_set()

    def transport(self, feedback=None):
        """Wait until it listens; the way to it. Raises EngineError, Stopped."""
        for _ in range(PATIENCE * 10):
            if self._ready.wait(0.1):
                break
            if feedback is not None and feedback.isCanceled():
                raise Stopped(tr("Cancelled while the engine was starting."))
        if self.announced is None:
            raise EngineError(self.obituary())
        return Loopback(int(self.announced["port"]), str(self.announced["token"]))

    def obituary(self):
        """One sentence about why it does not run, with its last words."""
        if self._stop.is_set():
            return tr("The engine was stopped.")
        if self._killed:
            return tr(
                "The engine on this computer was killed: by another program, or because there was "
                "not enough memory."
            )
        words = [line.strip() for line in self.last_words if line.strip()]
        if not words:
            return tr(
                "The engine did not start: {python} said nothing. Choose or make another Python "
                "environment in the options of waterseg."
            ).format(python=self.python)
        return tr("The engine on this computer stopped: {words}").format(words=words[-1])

    def ask_to_stop(self):
        """Have it ended soon; does not wait."""
        self._stop.set()

    def stop(self):
        """End it and wait until it has ended: some tenths of a second."""
        self._stop.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=15)

    def _keep(self):
        """The thread: start, listen, end. The process lives and dies in here."""
        try:
            child = Child(self.python, self._arguments, self._heard_out, self._heard_err)
            if child.follow(self._stop.is_set):
                self._killed = child.exit_code < 0
        except OSError as why:
            self._heard_err(
                tr("{python} cannot be started: {why}").format(python=self.python, why=why)
            )
        self._over.set()
        self._ready.set()
        self._gone()

    def _heard_out(self, line):
        if self.announced is None:
            try:
                said = json.loads(line)
            except ValueError:
                said = None
            if isinstance(said, dict) and said.get("waterseg") == 1 and "port" in said:
                self.announced = said
                self._ready.set()
                return
        self._heard_err(line)

    def _heard_err(self, line):
        self.last_words.append(line)
        self._said(line)
