# SPDX-License-Identifier: GPL-3.0-or-later
"""Silence holds in every thread that asks for it, and only there."""

from __future__ import annotations

import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from waterseg_core.silence import without


class _OddWarning(UserWarning):
    pass


def test_a_silence_that_ends_does_not_end_that_of_another_thread() -> None:
    inside, ended = threading.Event(), threading.Event()

    def later() -> None:
        with without(_OddWarning, "odd"):
            inside.set()
            ended.wait(60)
            warnings.warn("odd news", _OddWarning, stacklevel=1)  # an error here, if it comes out

    with ThreadPoolExecutor(1) as pool:
        with without(_OddWarning, "odd"):
            other = pool.submit(later)
            inside.wait(0.5)
        ended.set()
        other.result()


def test_other_warnings_come_out() -> None:
    with pytest.warns(UserWarning, match="other"), without(_OddWarning):
        warnings.warn("other news", UserWarning, stacklevel=1)


def test_the_filters_are_as_before() -> None:
    before = list(warnings.filters)
    with without(_OddWarning):
        pass
    assert list(warnings.filters) == before
