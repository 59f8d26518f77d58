# SPDX-License-Identifier: GPL-3.0-or-later
"""What was added to QGIS, and how each of it is taken away again, last first."""

import traceback

from .messages import log


class Undo:
    """A pile of calls that take something back."""

    def __init__(self):
        self._calls = []

    def add(self, call, *arguments):
        """Remember how to take back what was just done."""
        self._calls.append((call, arguments))

    def everything(self):
        """Take back everything, last first; one that fails does not keep the rest."""
        while self._calls:
            call, arguments = self._calls.pop()
            try:
                call(*arguments)
            except Exception:
                log(traceback.format_exc(), warning=True)
