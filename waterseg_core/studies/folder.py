# SPDX-License-Identifier: GPL-3.0-or-later
"""StudyFolder: where everything of one study is.

order.json    what is wanted        parts/     the zip, until it is unpacked
state.json    how far it is         samples/   pictures after each look
curve.jsonl   points and looks      work/, report.html, summary.json   of an evaluation
log.txt       what its process said
"""

from __future__ import annotations

import json
from pathlib import Path

from waterseg_core.studies.house import House
from waterseg_core.studies.order import Order
from waterseg_core.studies.parts import Parts

__all__ = ["LOCK", "ORDER", "STATE", "StudyFolder"]

ORDER, STATE, LOCK = "order.json", "state.json", ".lock"


class StudyFolder:
    """A study's folder. Raises OSError and ValueError if it holds none.

    order: what is wanted. parts: what was sent of its set.
    """

    def __init__(self, path: Path, house: House) -> None:
        self.path, self.house, self.id = path, house, path.name
        self.order = Order.of(json.loads((path / ORDER).read_bytes()))
        self.parts = Parts(path / "parts", self.order.bytes, self.order.part_bytes)

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
