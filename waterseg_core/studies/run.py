# SPDX-License-Identifier: GPL-3.0-or-later
"""Run: one attempt at a study, in a thread: its set, its turn, its process, what came of it.

waiting (for zip and turn) -> preparing -> ready (for a yes) -> running -> finishing -> done
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from waterseg_core.errors import Cancelled, WatersegError
from waterseg_core.studies.folder import StudyFolder
from waterseg_core.studies.process import Child
from waterseg_core.studies.state import (
    CANCELLED,
    DONE,
    FAILED,
    FINISHING,
    PREPARING,
    READY,
    RUNNING,
    WAITING,
)
from waterseg_core.studies.task import task_of

__all__ = ["Run"]

#: How often a study looks whether it is its turn, and whether its set is there.
LOOK_S = 0.5
#: Progress is kept on disk so often, beside every change.
SAVE_S = 10.0


class Run:
    """One attempt. `stop` ends it. before: an attempt that may be about to end."""

    def __init__(self, study: StudyFolder, before: Run | None, at_end: Callable[[], None]) -> None:
        self._study, self._before, self._at_end = study, before, at_end
        self._stop = threading.Event()
        self._leaving = self._replaced = False
        if before is not None:
            before._replaced = True
        self._child: Child | None = None
        self._said: dict[str, Any] = {}
        self._parked = False
        self._saved = 0.0
        self.seconds_left: float | None = None
        self.is_over = False
        name = f"waterseg-study-{study.id}"
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    # -- asked from other threads ---------------------------------------------------------------

    def stop(self, leaving: bool = False) -> None:
        """End; a training keeps what it has reached. leaving: the server ends."""
        study = self._study
        with study.lock:
            self._leaving = self._leaving or leaving
            self._stop.set()
            study.arrived.set()
            child = self._child
            if child is None:
                return
            if leaving:
                child.leave()
            elif study.state.state in (RUNNING, FINISHING):
                child.say("now")
            else:
                child.kill()

    def go(self) -> None:
        """Somebody says yes to the estimate."""
        if self._child is not None and not self._parked:
            self._child.say("go")

    def end_with_epoch(self) -> None:
        """Stop when every chip was seen equally often."""
        if self._child is not None:
            self._child.say("epoch")

    def ended(self, seconds: float | None = None) -> bool:
        """Wait until it has ended; False if that took longer."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    # -- the story ------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            if self._before is not None:
                self._before.ended()
                self._before = None
            if not self._stop.is_set():
                self._attempt()
        finally:
            self.is_over = True
            self._at_end()

    def _attempt(self) -> None:
        try:
            folder = self._set()
            with self._turn():
                while self._goes_on(folder):
                    pass
        except Cancelled:
            self._over(CANCELLED)
        except WatersegError as error:
            self._over(FAILED, type(error).__name__, str(error))
        except Exception as error:
            said = f"Something unexpected went wrong on the server: {type(error).__name__}: {error}"
            self._over(FAILED, type(error).__name__, said)

    def _set(self) -> Path:
        """The set, as soon as it is there."""
        study, sets = self._study, self._study.house.sets
        while (found := sets.find(study.order.sha256)) is None and study.parts.wanted():
            study.arrived.wait(10 * LOOK_S)
            study.arrived.clear()
            self._check()
        if found is None:
            self._to(PREPARING, "The set is being unpacked.")
            name = study.order.name
            found = sets.take(study.order.sha256, name, study.parts, self._stop)
        study.parts.clear()
        return found

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait until there is a place at work."""
        study = self._study
        while True:
            with study.house.place(study.order.kind) as mine:
                if mine:
                    yield
                    return
            self._to(WAITING, "It waits until another one is over.")
            self._stop.wait(LOOK_S)
            self._check()

    def _goes_on(self, folder: Path) -> bool:
        """Let a process work; whether another one is needed, because somebody said yes late."""
        study = self._study
        self._to(PREPARING)
        self._said, self._parked = {}, False
        with study.lock:
            self._check()
            self._child = child = Child(task_of(study, folder), study.log)
        timer: threading.Timer | None = None
        for line in child.heard():
            if self._hear(line):
                timer = threading.Timer(study.house.limits.ready_seconds, self._park)
                timer.daemon = True
                timer.start()
        if timer is not None:
            timer.cancel()
        code = child.ended()
        with study.lock:
            self._child = None
            if self._parked and not self._stop.is_set():
                self.is_over = not study.state.go
                return study.state.go
        self._conclude(code)
        return False

    def _park(self) -> None:
        """Nobody says yes: the process ends, so that others have their turn."""
        with self._study.lock:
            if self._study.state.state == READY and self._child is not None:
                self._parked = True
                self._child.leave()

    def _conclude(self, code: int) -> None:
        """What the process said at last becomes the state."""
        said, state = self._said, self._study.state
        if said.get("say") == "over":
            with self._study.lock:
                state.verdict, state.gained = said.get("verdict", ""), said.get("gained")
                state.notes += [n for n in said.get("notes", []) if n not in state.notes]
                state.best = said.get("best") or state.best
                if said.get("has_model"):
                    state.model = self._study.order.name
            self._over(DONE if said["finished"] else CANCELLED)
        elif said.get("say") == "failed":
            self._over(FAILED, said["error"], said["message"])
        elif self._stop.is_set():
            self._over(CANCELLED)
        else:
            self._over(
                FAILED,
                "ModelError",
                f"The process that was at work ended without a word (code {code}); the memory may "
                "have been too small. Resume: it goes on where it was kept last.",
            )

    def _hear(self, line: dict[str, Any]) -> bool:
        """Take a line of the child; whether it waits for a yes now."""
        study, state = self._study, self._study.state
        with study.lock:
            say = line.get("say")
            if say == "note":
                study.journal.add(line["entry"])
                self._keep("look" in line["entry"])
            elif say == "progress":
                self._progress(line)
            elif say == "estimate":
                state.estimate, state.estimate_seconds = line["sentences"], line["seconds"]
                state.steps = line["steps"]
                if not state.go and not self._stop.is_set():
                    state.state = READY
                    self._keep(True)
                    return True
            elif say in ("over", "failed"):
                self._said = line
        return False

    def _progress(self, line: dict[str, Any]) -> None:
        state = self._study.state
        self.seconds_left = line.get("seconds_left")
        if line["stage"] == "write" or not line["steps"]:
            if line["stage"] == "write" and state.state == RUNNING:
                state.state = FINISHING
                self._keep(True)
            return
        for name in ("seed", "step", "steps", "loss", "epoch", "best"):
            if line.get(name) is not None:
                setattr(state, name, line[name])
        first = state.state in (PREPARING, READY)
        if first:
            state.state, state.message = RUNNING, ""
        self._keep(first)

    def _keep(self, now: bool) -> None:
        """Save the state, if it is worth it. A full disk stops nothing: memory still knows."""
        if now or time.monotonic() - self._saved > SAVE_S:
            self._saved = time.monotonic()
            with contextlib.suppress(WatersegError):
                self._study.save()

    def _check(self) -> None:
        if self._stop.is_set():
            raise Cancelled("Stopped.")

    def _to(self, state: str, message: str = "") -> None:
        """The next state, unless somebody stopped the study."""
        study = self._study
        with study.lock:
            self._check()
            if (study.state.state, study.state.message) != (state, message):
                study.state.state, study.state.message = state, message
                study.save()

    def _over(self, state: str, error: str = "", message: str = "") -> None:
        """The last word; a study that goes on with another server gets none."""
        study = self._study
        with study.lock:
            self.is_over = True
            if self._replaced or (self._leaving and state != DONE):
                return
            if state == DONE or study.state.state != CANCELLED:
                study.state.state, study.state.error, study.state.message = state, error, message
            self._keep(True)
