# SPDX-License-Identifier: GPL-3.0-or-later
"""Studies: every training and evaluation that a server has been asked for.

    studies = Studies(House(root, models.source))
    study = studies.create({"kind": "finetune", "name": …, "set": …, "options": …, "ask": True})
    study.put(number, body)             parts of the set's zip, in any order
    study.tell()                        how far it is

Those that were under way when the process ended go on when it is started again.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import filelock

from waterseg_core.errors import (
    BusyError,
    NoSuchJobError,
    NotAllowedError,
    OutputError,
    TooLargeError,
    WatersegError,
)
from waterseg_core.studies.folder import ORDER, STATE
from waterseg_core.studies.house import House
from waterseg_core.studies.names import free_name
from waterseg_core.studies.order import FINETUNE, Order
from waterseg_core.studies.study import Study

__all__ = ["Studies"]

#: Studies that are over are forgotten after so many days.
KEPT_DAYS = 90


class Studies:
    """The studies of a house. Raises OutputError if its folders cannot be made.

    eager: unfinished ones go on at once, else when somebody asks for them. trains: whether
    trainings are allowed. Several processes may share a house: each works on what no other does.
    """

    def __init__(self, house: House, eager: bool = True, trains: bool = True) -> None:
        self.house, self.trains, self._eager = house, trains, eager
        self._lock = threading.Lock()
        self._studies: dict[str, Study] = {}
        try:
            house.studies.mkdir(parents=True, exist_ok=True)
            house.models.mkdir(parents=True, exist_ok=True)
            names = [path.name for path in house.studies.iterdir() if path.is_dir()]
        except OSError as error:
            raise OutputError(
                f"The work folder {house.root} cannot be used: {error.strerror}. Name another one "
                "with --work-dir."
            ) from error
        for name in names:
            self._take_up(name)
        self._forget_old()

    def _take_up(self, name: str) -> None:
        """A study of another process, if it is whole and nobody works on it."""
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError, WatersegError):
            asleep = not self._eager or not self.trains
            self._studies[name] = Study(self.house.studies / name, self.house, asleep)

    def create(self, words: Mapping[str, Any]) -> Study:
        """A new study, waiting for its set.

        Raises OptionError for what makes no sense, NotAllowedError, TooLargeError, BusyError, and
        OutputError if the disk has no room for its set.
        """
        limits = self.house.limits
        order = Order.of({**words, "part_bytes": limits.part_bytes})
        self._check_allowed(order.kind)
        for name in order.models:
            self.house.source(name)
        if order.bytes > limits.set_bytes:
            raise TooLargeError(
                f"A set of {order.bytes / 1e9:.1f} GB is more than the "
                f"{limits.set_bytes / 1e9:.1f} GB that this server takes."
            )
        if self.house.sets.find(order.sha256) is None:
            self.house.check_disk(2 * order.bytes)
        with self._lock, filelock.FileLock(self.house.studies / ".names"):
            self._check_room()
            notes = []
            if order.kind == FINETUNE:
                name, note = free_name(order.name, self.house)
                order, notes = order.named(name), [note] if note else []
            path = self.house.studies / uuid.uuid4().hex
            try:
                study = self._studies[path.name] = Study.create(path, order, self.house, notes)
            except OSError as error:
                if isinstance(error, WatersegError):
                    raise
                raise OutputError(
                    f"The server cannot keep that: {error.strerror}. Whoever runs it can name "
                    "another place with --work-dir."
                ) from error
        return study

    def get(self, kind: str, name: str) -> Study:
        """The study of that kind and id, awake. Raises NoSuchJobError."""
        with self._lock:
            if name not in self._studies and re.fullmatch("[0-9a-f]{32}", name):
                self._take_up(name)
            study = self._studies.get(name)
        if study is None or study.order.kind != kind:
            raise NoSuchJobError(
                "There is no such training or evaluation here. It was forgotten, or it is another "
                "server's; start a new one."
            )
        if kind != FINETUNE or self.trains:
            study.wake()
        return study

    def all(self, kind: str) -> Iterator[Study]:
        """Those of a kind, newest first."""
        mine = [study for study in list(self._studies.values()) if study.order.kind == kind]
        return iter(sorted(mine, key=lambda study: study.state.order, reverse=True))

    def start(self, kind: str, name: str) -> Study:
        """Yes to an estimate. Raises NoSuchJobError and NotAllowedError."""
        self._check_allowed(kind)
        study = self.get(kind, name)
        study.start()
        return study

    def resume(self, kind: str, name: str) -> Study:
        """One that was stopped goes on. Raises NoSuchJobError, NotAllowedError and BusyError."""
        self._check_allowed(kind)
        study = self.get(kind, name)
        with self._lock:
            if study.state.is_over:
                self._check_room()
            study.resume()
        return study

    def forget(self, kind: str, name: str) -> None:
        """Stop a study and remove all there is of it but a model. Raises NoSuchJobError."""
        study = self.get(kind, name)
        study.stop()
        with self._lock:
            (study.path / ORDER).unlink(missing_ok=True)  # nobody takes it for a study any more
            self._studies.pop(name, None)
        threading.Thread(
            target=self._remove, args=[study], name="waterseg-forget", daemon=True
        ).start()

    def stop(self, seconds: float = 10.0) -> None:
        """Stop all work, to go on when the studies are opened again."""
        studies = list(self._studies.values())
        for study in studies:
            study.leave()  # all of them first: their processes take a while to end
        until = time.monotonic() + seconds
        for study in studies:
            study.ended(max(until - time.monotonic(), 0))

    def _remove(self, study: Study) -> None:
        study.ended(600)
        if study.order.kind == FINETUNE:
            whole = (study.output / "waterseg.json").is_file()
            shutil.rmtree(study.output / "state" if whole else study.output, ignore_errors=True)
        shutil.rmtree(study.path, ignore_errors=True)
        self._sweep()

    def _sweep(self) -> None:
        """Remove sets that no study refers to; studies of other servers count too."""
        with self._lock:
            wanted = set()
            for path in self.house.studies.glob(f"*/{ORDER}"):
                with contextlib.suppress(OSError, ValueError, LookupError, WatersegError):
                    wanted.add(json.loads(path.read_bytes())["set"]["sha256"])
            self.house.sets.keep_only(wanted)

    def _forget_old(self) -> None:
        """Remove the studies that are over and that nobody touched for a long time."""
        oldest = time.time() - KEPT_DAYS * 86400
        for name, study in list(self._studies.items()):
            with contextlib.suppress(OSError):
                if study.state.is_over and (study.path / STATE).stat().st_mtime < oldest:
                    self._studies.pop(name, None)
                    self._remove(study)

    def _check_allowed(self, kind: str) -> None:
        if kind == FINETUNE and not self.trains:
            raise NotAllowedError(
                "This server trains no models. Whoever runs it can allow that: leave --no-train "
                "out; or train on your own computer."
            )

    def _check_room(self) -> None:
        under_way = sum(not study.state.is_over for study in self._studies.values())
        if under_way >= self.house.limits.waiting:
            raise BusyError(
                f"{under_way} trainings and evaluations wait here already; try again when one is "
                "over, or forget some."
            )
