# SPDX-License-Identifier: GPL-3.0-or-later
"""Child: a process that this plugin started, in a clean environment, read line by line.

A QProcess belongs to the thread that made it, so each child is made and read in one thread, and
without an event loop: so it works in QGIS, in a background task and in qgis_process alike.
"""

import time

from qgis.PyQt.QtCore import QProcess

from .environ import clean_environment

#: How long one wait for output lasts, milliseconds; a cancelled child is noticed as soon.
PATIENCE_MS = 100
#: Seconds that a child gets to end by itself.
FAREWELL = 3.0


class Child:
    """A running program. Raises OSError if it does not start. Made and used in one thread.

    out, err: functions that get each line of standard output and standard error.
    """

    def __init__(self, program, arguments, out, err, extra=None):
        self._sinks = (out, err)
        self._rest = [b"", b""]
        self._process = QProcess()
        self._process.setProcessEnvironment(clean_environment(extra))
        self._process.start(program, list(arguments))
        if not self._process.waitForStarted(10_000):
            raise OSError(self._process.errorString())

    @property
    def pid(self):
        """The number of the process."""
        return int(self._process.processId())

    @property
    def is_running(self):
        """Whether it has not ended."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def exit_code(self):
        """0 if it ended well; -1 if something killed it."""
        if self._process.exitStatus() != QProcess.ExitStatus.NormalExit:
            return -1
        return self._process.exitCode()

    def listen(self):
        """Wait a moment for output and hand on what came, line by line."""
        before = time.monotonic()
        self._process.waitForReadyRead(PATIENCE_MS)
        got = self._drain()
        if not got and self.is_running and time.monotonic() - before < PATIENCE_MS / 2000:
            # A child that closed its output makes the wait return at once.
            time.sleep(PATIENCE_MS / 1000)

    def follow(self, cancelled=lambda: False):
        """Listen until it ends; True if it ended by itself, False if it was cancelled."""
        while self.is_running:
            if cancelled():
                self.stop()
                return False
            self.listen()
        self._drain(last=True)
        return True

    def stop(self):
        """End it: close its input, then ask, then kill."""
        self._process.closeWriteChannel()
        for end in (lambda: None, self._process.terminate, self._process.kill):
            end()
            until = time.monotonic() + FAREWELL
            while self.is_running and time.monotonic() < until:
                self.listen()
            if not self.is_running:
                break
        self._drain(last=True)

    def _drain(self, last=False):
        """Hand on whole lines; at the end also the last one without an end."""
        raw = (self._process.readAllStandardOutput(), self._process.readAllStandardError())
        for channel, (piece, sink) in enumerate(zip(raw, self._sinks)):
            *lines, rest = (self._rest[channel] + bytes(piece)).split(b"\n")
            if last and rest:
                lines, rest = [*lines, rest], b""
            self._rest[channel] = rest
            for line in lines:
                sink(line.decode("utf-8", "replace").rstrip("\r"))
        return any(len(piece) for piece in raw)


def output_of(program, arguments, seconds=20, extra=None):
    """(exit code, lines of both outputs) of a short command; (-1, [why]) if it does not start."""
    lines = []
    until = time.monotonic() + seconds
    try:
        child = Child(program, arguments, lines.append, lines.append, extra)
    except OSError as why:
        return -1, [str(why)]
    ended = child.follow(lambda: time.monotonic() > until)
    return (child.exit_code if ended else -1), lines
