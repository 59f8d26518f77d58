# SPDX-License-Identifier: GPL-3.0-or-later
"""Child: the process in which a model learns or is judged, seen from the server.

It gets its task as a line on standard input, hears words there (`go`, `now`, `epoch`), says what
it does as lines of JSON on standard output, and ends in good order when its input closes, so it
cannot outlive the server, however that ends. What else it prints goes into a log.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import waterseg_core

__all__ = ["Child"]

_MODULE = "waterseg_core.studies.child"


class Child:
    """A process that is at work. Raises OSError if it cannot be started."""

    def __init__(self, task: dict[str, Any], log: Path) -> None:
        self._lock = threading.Lock()
        package = str(Path(waterseg_core.__file__).parents[1])
        paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
        with log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", _MODULE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                encoding="utf-8",
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                **_apart(),
            )
        self.say(json.dumps(task))

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def say(self, word: str) -> None:
        """Tell it something; one that has ended does not mind."""
        assert self._process.stdin is not None
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(word + "\n")
            self._process.stdin.flush()

    def heard(self) -> Iterator[dict[str, Any]]:
        """What it says, until it ends."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with contextlib.suppress(ValueError):
                yield json.loads(line)

    def leave(self) -> None:
        """Let it end in good order."""
        assert self._process.stdin is not None
        with self._lock, contextlib.suppress(OSError):
            self._process.stdin.close()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def ended(self) -> int:
        """Wait for it; its exit code."""
        self.leave()
        code = self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        return code


def _apart() -> dict[str, Any]:
    """So that Ctrl-C reaches the server only, which tells the child; lowered priority on Windows.

    Elsewhere the child lowers its own.
    """
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags | subprocess.BELOW_NORMAL_PRIORITY_CLASS}
    return {"start_new_session": True}
