# SPDX-License-Identifier: GPL-3.0-or-later
"""StudyFolder: where everything of one study is.

order.json    what is wanted        parts/     the zip, until it is unpacked
state.json    how far it is         samples/   pictures after each look
curve.jsonl   points and looks      work/, report.html, summary.json   of an evaluation
log.txt       what its process said
"""

from __future__ import annotations

import json
import threading
from pathlib import Path

from waterseg_core.studies.house import House
from waterseg_core.studies.journal import Journal
from waterseg_core.studies.order import Order
from waterseg_core.studies.parts import Parts
from waterseg_core.studies.state import State

__all__ = ["LOCK", "ORDER", "STATE", "StudyFolder"]

ORDER, STATE, LOCK = "order.json", "state.json", ".lock"


class StudyFolder:
    """A study's folder. Raises OSError and ValueError if it holds none.

    order: what is wanted. parts: what was sent of its set. state, journal: how far it is, guarded
    by `lock`. arrived: set when something was sent, or somebody waits no longer.
    """

    def __init__(self, path: Path, house: House) -> None:
        self.path, self.house, self.id = path, house, path.name
        self.order = Order.of(json.loads((path / ORDER).read_bytes()))
        self.parts = Parts(path / "parts", self.order.bytes, self.order.part_bytes)
        self.lock = threading.RLock()
        self.arrived = threading.Event()
        self.read()

    @property
    def output(self) -> Path:
        """The folder of the new model."""
        return self.house.models / self.order.name

    @property
    def log(self) -> Path:
        """What the process printed."""
        return self.path / "log.txt"

    @property
    def journal_file(self) -> Path:
        """The curve."""
        return self.path / "curve.jsonl"

    @property
    def samples_folder(self) -> Path:
        """Pictures after each look."""
        return self.path / "samples"

    @property
    def report(self) -> Path:
        """The page of an evaluation."""
        return self.path / "report.html"

    @property
    def summary(self) -> Path:
        """The numbers of an evaluation."""
        return self.path / "summary.json"

    def read(self) -> None:
        """Everything from disk, as another server may have left it."""
        self.state = State.load(self.path / STATE)
        self.journal = Journal(self.journal_file)
        if self.journal.points:
            last = self.journal.points[-1]
            self.state.seed, self.state.step = last["seed"], last["step"]
            self.state.loss = last["loss"]

    def save(self) -> None:
        """Keep the state. Raises OutputError."""
        with self.lock:
            self.state.save(self.path / STATE)
