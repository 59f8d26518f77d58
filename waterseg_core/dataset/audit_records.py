# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audit notes of each chip, kept line by line so that an interrupted one goes on."""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from waterseg_core.dataset.audit_kinds import ASIDE, KINDS, MEND, MENDED, Finding
from waterseg_core.outputs_atomic import replacing

__all__ = ["COLUMNS", "Journal", "Record", "write_csv"]

COLUMNS = ("id", "split", "image", "kind", "cure", "done", "model_iou", "why")


@dataclass(frozen=True)
class Record:
    """One chip: where it is, what was found, and the IoU of its mask with the model's, if asked.

    done: what was done about it, `mended`, `set aside` or nothing. key: a hash of what was looked
    at; another one means that this is out of date.
    """

    id: str
    split: str
    image: str
    findings: tuple[Finding, ...] = ()
    model_iou: float | None = None
    done: str = ""
    key: str = ""

    @property
    def is_aside(self) -> bool:
        """Whether something was found that `--fix` sets aside."""
        return any(finding.cure == ASIDE for finding in self.findings)

    @property
    def is_mended(self) -> bool:
        """Whether something was found that `--fix` mends, and nothing worse."""
        return not self.is_aside and any(finding.cure == MEND for finding in self.findings)

    @property
    def is_doubtful(self) -> bool:
        """Whether something was found beside greys, which nearly every JPEG has."""
        return any(finding.kind != "grey" for finding in self.findings)

    def done_about(self, cure: str) -> str:
        """What was done about a finding with this cure: its label may be mended for another."""
        return self.done if cure == MEND or self.done != MENDED else ""

    def reason(self, finding: Finding) -> str:
        """Why, with the image's name before it unless it is said anyway."""
        named = finding.why.startswith(self.image)
        return finding.why if named else f"{self.image}: {finding.why}"

    @classmethod
    def from_words(cls, words: dict[str, Any]) -> Record:
        """The record that `asdict` took apart. Raises KeyError or TypeError if it is none."""
        findings = tuple(Finding(**finding) for finding in words.pop("findings"))
        return cls(findings=findings, **words)


class Journal:
    """The records of a run, by id, in a file that each is appended to; torn lines do not count."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.records: dict[str, Record] = {}
        if path.is_file():
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
                with contextlib.suppress(ValueError, TypeError, KeyError):
                    record = Record.from_words(json.loads(line))
                    self.records[record.id] = record

    def keep(self, record: Record) -> None:
        """Note one more record. Raises OSError."""
        self.records[record.id] = record
        with self.path.open("a", encoding="utf-8") as sink:
            sink.write(json.dumps(asdict(record)) + "\n")


def write_csv(path: Path, records: Sequence[Record]) -> None:
    """`audit.csv`: a row per finding, in the order of KINDS; the worst disagreement first.

    Raises OutputError.
    """
    order = list(KINDS)
    rows = [(record, finding) for record in records for finding in record.findings]
    rows.sort(key=lambda row: (order.index(row[1].kind), _iou(row[0]), row[0].id))
    with replacing(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as sink:
        writer = csv.writer(sink, lineterminator="\n")
        writer.writerow(COLUMNS)
        for record, finding in rows:
            iou = "" if record.model_iou is None else f"{record.model_iou:.4f}"
            head = (record.id, record.split, record.image, finding.kind, finding.cure)
            writer.writerow((*head, record.done_about(finding.cure), iou, finding.why))


def _iou(record: Record) -> float:
    return 1.0 if record.model_iou is None else record.model_iou
