# SPDX-License-Identifier: GPL-3.0-or-later
"""Study: one training or evaluation on its way: a folder that holds all of it, and its run.

waiting -> preparing -> ready -> running -> finishing -> done
    any of them -> cancelled or failed -> resumed: waiting
"""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path
from typing import Any

import filelock

from waterseg_core.errors import BusyError, JobStateError, NoSuchJobError
from waterseg_core.finetuning.telling import sample_name
from waterseg_core.jobs_files import write_whole
from waterseg_core.studies.folder import LOCK, ORDER, STATE, StudyFolder
from waterseg_core.studies.house import House
from waterseg_core.studies.order import FINETUNE, Order
from waterseg_core.studies.results import model_zip
from waterseg_core.studies.run import Run
from waterseg_core.studies.state import (
    CANCELLED,
    DONE,
    FINISHING,
    READY,
    RUNNING,
    WAITING,
    State,
)

__all__ = ["Study"]

#: Points in one answer.
PAGE = 2000


class Study(StudyFolder):
    """A study that goes on at once, unless it is over. All methods may be called from any thread.

    While it is not over a lock of the operating system says so to other servers on the same root.
    asleep: wait for `wake` instead. Raises BusyError if another server works on it, OSError and
    ValueError if the folder holds none.
    """

    def __init__(self, path: Path, house: House, asleep: bool = False) -> None:
        super().__init__(path, house)
        self._run: Run | None = None
        self._left = False
        self._held = filelock.FileLock(path / LOCK, thread_local=False)
        self._holding = threading.Lock()
        self._making = threading.Lock()
        self._asleep = asleep and not self.state.is_over
        if not self.state.is_over:
            self._hold()
            self.read()  # another server may have ended it just before
            self._take_up()

    @classmethod
    def create(cls, path: Path, order: Order, house: House, notes: list[str]) -> Study:
        """A new study. Raises OutputError; then nothing is left."""
        path.mkdir(parents=True)
        try:
            write_whole(path / ORDER, json.dumps(order.words()).encode(), durable=True)
            State(go=not order.ask, notes=notes).save(path / STATE)
            return cls(path, house)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise

    # -- whose it is ----------------------------------------------------------------------------

    def _hold(self) -> None:
        # A run that ends lets go in its own thread, and a file lock counts without a lock.
        try:
            with self._holding:
                self._held.acquire(timeout=0)
        except filelock.Timeout:
            raise BusyError("Another waterseg server works on this one; wait for it.") from None

    def _let_go(self) -> None:
        """The run has ended: others may have it, unless it waits for a yes."""
        if self.state.state == READY and not self._left:
            return
        with self._holding:
            self._held.release()

    def _take_up(self) -> None:
        """Go on as an earlier server left it."""
        if self.state.is_over:
            self._let_go()
        elif self.state.state != READY:
            self.state.state = WAITING
            if not self._asleep:
                self._start()

    def _start(self) -> None:
        self._run = Run(self, self._run, self._let_go)

    def wake(self) -> None:
        """Somebody asks for it: go on if it sleeps."""
        with self.lock:
            if self._asleep:
                self._asleep = False
                self._take_up()

    # -- what can be asked ----------------------------------------------------------------------

    def tell(self, whole: bool = True) -> dict[str, Any]:
        """The study as the wire tells it. whole: with the summary of an evaluation."""
        with self.lock:
            state, order = self.state, self.order
            names = ("state", "message", "error", "estimate_seconds", "created", "verdict", "model")
            numbers = ("seed", "step", "steps", "epoch", "loss", "best", "gained")
            about = {name: getattr(state, name) for name in names + numbers}
            about |= {"notes": list(state.notes), "estimate": list(state.estimate)}
            left = self._run.seconds_left if self._run is not None else None
            about |= {"seconds_left": left if state.state == RUNNING else None}
            about |= {"points": len(self.journal.points), "looks": len(self.journal.looks)}
            about |= {"before": self.journal.before}
        done = whole and order.kind != FINETUNE and self.summary.is_file()
        return {
            "id": self.id,
            "kind": order.kind,
            "name": order.name,
            "options": dict(order.given),
            "wanted": self._wanted(),
            "part_bytes": self.order.part_bytes,
            "seeds": order.seeds,
            **about,
            "summary": json.loads(self.summary.read_bytes()) if done else None,
        }

    def _wanted(self) -> list[int]:
        if self.state.state != WAITING or self.house.sets.find(self.order.sha256) is not None:
            return []
        return self.parts.wanted()

    def put(self, number: int, body: bytes) -> None:
        """Take a part of the zip. Raises JobStateError if nobody wants it any more."""
        if self.state.is_over:
            raise JobStateError(f"It is {self.state.state}; resume it before you send more of it.")
        self.parts.bytes_of(number)
        if self._wanted():
            self.parts.put(number, body)
            self.arrived.set()

    def start(self) -> None:
        """Yes to the estimate; nothing happens to one that does not wait for it."""
        with self.lock:
            if self.state.state != READY:
                return
            self.state.go, self.state.state = True, RUNNING
            self.save()
            if self._run is None or self._run.is_over:
                self.state.state = WAITING
                self._asleep = False
                self._start()
            else:
                self._run.go()

    def stop(self, at_epoch: bool = False) -> None:
        """Stop now, or with the epoch; what was reached is kept. Nothing happens to one over."""
        with self.lock:
            state, run = self.state, self._run
            if state.is_over:
                return
            if at_epoch and state.state in (RUNNING, FINISHING):
                self._end_with_epoch()
                return
            if state.state in (RUNNING, FINISHING) and run is not None:
                state.state, state.message = FINISHING, "It stops, and keeps the best so far."
                self.save()
                run.stop()
                return
            if run is not None:
                run.stop()
            state.state, state.message = CANCELLED, ""
            self.save()
            self._asleep = False
            if run is None or run.is_over:
                self._let_go()

    def _end_with_epoch(self) -> None:
        """Every chip is to be seen equally often; what is about to end is left alone."""
        if self.state.state == RUNNING and self._run is not None:
            self.state.at_epoch, self.state.message = True, "It ends with this epoch."
            self.save()
            self._run.end_with_epoch()

    def resume(self) -> None:
        """Go on where it stopped; nothing happens to one that is under way or done.

        Raises BusyError if another server works on it.
        """
        with self.lock:
            if not self.state.is_over or self.state.state == DONE:
                return
            self._hold()
            if self._run is None or self._run.ended(0):
                self.read()  # another server may have gone on with it meanwhile
            if self.state.state == DONE:
                self._let_go()
                return
            self.state.state, self.state.error, self.state.message = WAITING, "", ""
            self.state.at_epoch, self.state.verdict, self.state.gained = False, "", None
            self.save()
            self._start()

    def leave(self) -> None:
        """Stop because the server ends; it goes on when it is opened again."""
        with self.lock:
            self._left = True
            if self._run is not None and not self._run.is_over:
                self._run.stop(leaving=True)
            else:
                self._let_go()

    def ended(self, seconds: float) -> bool:
        """Wait for the run to end; False if it did not in that time."""
        return self._run is None or self._run.ended(seconds)

    def curve(self, after: int) -> dict[str, Any]:
        """Points from number `after` on, PAGE at most, and all looks."""
        with self.lock:
            points = self.journal.points[after : after + PAGE]
            looks = list(self.journal.looks)
        return {
            "points": points,
            "looks": looks,
            "next": min(after, len(self.journal.points)) + len(points),
        }

    def sample(self, look: int | None) -> Path:
        """The picture after a look; the last one for None. Raises NoSuchJobError before one."""
        folder = self.samples_folder
        there = sorted(path.name for path in folder.glob("[0-9]*.png")) if folder.is_dir() else []
        name = there[-1] if look is None and there else sample_name(look or 0)
        if name not in there:
            raise NoSuchJobError("There is no picture of such a look yet.")
        return folder / name

    def result(self) -> Path:
        """The zip of the model, or the report.

        Raises JobStateError where there is none, BusyError while it is being packed.
        """
        if not self.state.is_over:
            raise JobStateError("It is under way; ask again when it is over, or stop it.")
        if self.order.kind != FINETUNE:
            if not self.report.is_file():
                raise JobStateError("There is no report: the evaluation is not done. Resume it.")
            return self.report
        if not self.state.model:
            raise JobStateError("There is no model: nothing was measured before it ended.")
        return model_zip(self.output, self.path / f"{self.order.name}.zip", self._making)
