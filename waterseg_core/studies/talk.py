# SPDX-License-Identifier: GPL-3.0-or-later
"""Talk: what the child says to its server, and what it hears."""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

__all__ = ["Talk"]


class Talk:
    """The child's side of the pipe.

    go: somebody said yes to the estimate. cancel: end soon; also when the server is gone. enough:
    end with the epoch.
    """

    def __init__(self, stdout: int) -> None:
        self._stdout = stdout
        self.go, self.cancel, self.enough = threading.Event(), threading.Event(), threading.Event()

    def say(self, what: str, **words: Any) -> None:
        """A line for the server; without one, end soon."""
        line = json.dumps({"say": what, **words}).encode() + b"\n"
        try:
            while line:
                line = line[os.write(self._stdout, line) :]
        except OSError:
            self.cancel.set()

    def listen(self) -> None:
        """Hear words until there is nobody to say any."""
        words = {"go": self.go, "now": self.cancel, "epoch": self.enough}
        for line in sys.stdin:
            event = words.get(line.strip())
            if event is not None:
                event.set()
        self.cancel.set()
