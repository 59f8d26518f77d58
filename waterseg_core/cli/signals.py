# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl-C and SIGTERM ask the work to stop at the next tile; the second one stops it at once."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType

from waterseg_core.cli.console import Console

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def stop_on_signals(console: Console) -> Iterator[threading.Event]:
    """An event that the first signal sets. The second one has its usual effect."""
    stop = threading.Event()
    usual = {number: signal.getsignal(number) for number in SIGNALS}

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()
        for each, handler in usual.items():
            signal.signal(each, handler)
        if not console.quiet:  # a handler may interrupt a print, so this does not print
            os.write(2, b"\nStopping; once more to stop at once.\n")

    for number in SIGNALS:
        signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)
