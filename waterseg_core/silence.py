# SPDX-License-Identifier: GPL-3.0-or-later
"""Silence: warnings of other libraries that would say nothing new, in one thread at a time.

Python keeps its filters of warnings per process. Two threads that silence something at once put
them back in the wrong order, and the warning comes out after all, so they take turns.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["one_at_a_time", "without"]

_TURN = threading.RLock()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Around a call that silences warnings by itself. Short work only: others wait."""
    with _TURN:
        yield


@contextmanager
def without(category: type[Warning] = Warning, message: str = "") -> Iterator[None]:
    """Without warnings of a category whose text begins as the regular expression `message`.

    Short work only: other threads that want silence wait.
    """
    with _TURN, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message, category)
        yield
