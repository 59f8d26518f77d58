# SPDX-License-Identifier: GPL-3.0-or-later
"""Run: one attempt at a job, in a thread: started, stopped, and what it says in the end.

Each kind of job is a class of its own beside this one (`jobs_run_segment`), which says what is
done (`_go`), what must be right before (`check`), and which files there are after (`files`).
"""

from __future__ import annotations

import contextlib
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from waterseg_core.errors import Cancelled, WatersegError
from waterseg_core.jobs_description import Description
from waterseg_core.jobs_folder import JobFolder
from waterseg_core.jobs_models import Models
from waterseg_core.jobs_state import CANCELLED, DONE, FAILED

__all__ = ["Run"]


class Run(ABC):
    """One attempt at a job, in a thread of its own. `stop` ends it after the step at hand.

    before: the run that was stopped, if it still is about to end; what it says does not count
    any more. at_end: called at the very end.
    """

    @classmethod
    @abstractmethod
    def check(cls, job: JobFolder, models: Models) -> int:
        """Before a job is taken: how many steps it has, 0 if that is not known yet.

        Raises what is wrong with the order.
        """

    @classmethod
    @abstractmethod
    def bytes_needed(cls, job: JobFolder) -> int:
        """Bytes that the job keeps, about, with its pixels."""

    @classmethod
    @abstractmethod
    def files(cls, about: Description) -> dict[str, str]:
        """The formats of the result, the usual one first, and the file of each."""

    @classmethod
    @abstractmethod
    def write(cls, job: JobFolder, format: str, path: Path) -> None:
        """Write a format that is not there yet. Raises JobStateError where nothing can be made."""

    @abstractmethod
    def _go(self) -> None:
        """Do it, from the first pixel to the result, and say `_over(DONE)`.

        Raises Cancelled soon after `_stop` is set.
        """

    def _leave_something(self) -> None:
        """Make sure that `write` can say how far a job came that is over."""
        return

    def __init__(
        self,
        job: JobFolder,
        models: Models,
        before: Run | None,
        at_end: Callable[[], None],
    ) -> None:
        self.job, self._models, self._before, self._at_end = job, models, before, at_end
        self._replaced = False
        if before is not None:
            before._replaced = True
        self._stop = threading.Event()
        self._leaving = False
        self._clock: tuple[float, int] | None = None
        self._thread = threading.Thread(target=self._work, name=f"waterseg-{job.id}", daemon=True)
        self._thread.start()

    def stop(self, leaving: bool = False) -> None:
        """End soon. leaving: the server ends, and the job goes on when it is started again."""
        self._leaving = self._leaving or leaving
        self._stop.set()
        self.job.spool.stop()

    def ended(self, seconds: float | None = None) -> bool:
        """Wait until it has ended; False if that took longer."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def seconds_left(self) -> float | None:
        """By the pace of this run; None until there is one."""
        if self._clock is None:
            return None
        began, first = self._clock
        state = self.job.state
        done = state.done - first
        if done <= 0:
            return None
        return round((time.monotonic() - began) / done * (state.total - state.done), 1)

    def _work(self) -> None:
        try:
            if self._before is not None:
                self._before.ended()
                self._before = None
            if not self._stop.is_set() and self.job.state.state != DONE:
                self._attempt()
        finally:
            self._at_end()

    def _attempt(self) -> None:
        self.job.spool.go_on()
        if self._stop.is_set():  # it came while the spool was told to go on
            self.job.spool.stop()
        try:
            self._go()
        except Cancelled:
            if not self._leaving:
                self._over(CANCELLED)
        except WatersegError as error:
            self._over(FAILED, type(error).__name__, str(error))
        except Exception as error:
            said = f"Something unexpected went wrong on the server: {type(error).__name__}: {error}"
            self._over(FAILED, type(error).__name__, said)

    def _count(self, done: int) -> None:
        """So many steps are done. The caller holds the job's lock."""
        self.job.state.done = done
        if self._clock is None:
            self._clock = (time.monotonic(), done)

    def _to(self, state: str) -> None:
        """The next state, unless somebody stopped the job."""
        with self.job.lock:
            if self._stop.is_set():
                raise Cancelled("Stopped.")
            self.job.state.state = state
            self.job.save()

    def _over(self, state: str, error: str = "", message: str = "") -> None:
        """The last word.

        What is done is done, also if somebody cancelled in the last moment; a job that was
        cancelled stays so, whatever went wrong after that.
        """
        job = self.job
        with contextlib.suppress(WatersegError):
            self._leave_something()
        with job.lock:
            if state == DONE or not (self._replaced or job.state.state == CANCELLED):
                job.state.state, job.state.error, job.state.message = state, error, message
            with contextlib.suppress(WatersegError):  # a full disk: memory still knows
                job.save()
