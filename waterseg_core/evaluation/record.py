# SPDX-License-Identifier: GPL-3.0-or-later
"""A record: all that is kept of one case and one model, small enough to keep for every image."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from waterseg_core.evaluation.bodies import body_sums
from waterseg_core.evaluation.boundary import boundary_sums
from waterseg_core.evaluation.cases import Answered, Case, Looked
from waterseg_core.evaluation.confidence import squares
from waterseg_core.evaluation.pixels import confidence_counts, dry_windows, pixel_sums

__all__ = ["Record", "measured", "table"]

Spoken = dict[str, dict[str, int]]


@dataclass(frozen=True, eq=False)
class Record:
    """What one model made of one case.

    sums: the columns that `ratios.METRICS` are made of. counts: `pixels.confidence_counts`, int64
    `(2, 256)`. memory, gpu_memory: peak bytes. spoken: `speech.judged` of the answer without
    (`free`) and under the grammar (`bound`).
    """

    name: str
    group: str
    height: int
    width: int
    sums: dict[str, float]
    counts: npt.NDArray[np.int64]
    memory: int | None = None
    gpu_memory: int | None = None
    spoken: Spoken = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Water's share of the known pixels."""
        return self.sums["truth"] / self.sums["known"] if self.sums["known"] else 0.0

    def to_json(self) -> bytes:
        """The record as JSON, for `from_json`."""
        words = {**vars(self), "counts": self.counts.tolist()}
        return json.dumps(words).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Record:
        """The record that `to_json` wrote."""
        words: dict[str, Any] = json.loads(text)
        return cls(**{**words, "counts": np.array(words["counts"], np.int64)})


def measured(case: Case, looked: Looked, answer: Answered, spoken: Spoken) -> Record:
    """Compare an answer with the truth."""
    truth, known, found = looked.water, looked.known, answer.found
    counts = confidence_counts(truth, answer.probability, known)
    height, width = truth.shape
    sums = {
        **pixel_sums(truth, found, known),
        **boundary_sums(truth, found, known),
        **body_sums(truth, found, known, looked.smallest),
        **dry_windows(truth, found, known),
        "squares": squares(counts),
        "seconds": answer.seconds,
        "megapixels": height * width / 1e6,
    }
    size = (height, width)
    memory = (answer.memory, answer.gpu_memory)
    return Record(case.name, case.group, *size, sums, counts, *memory, spoken)


def table(records: Sequence[Record]) -> dict[str, npt.NDArray[np.float64]]:
    """The sums of all records, a float64 column `(records,)` each."""
    names = records[0].sums if records else ()
    return {name: np.array([record.sums[name] for record in records]) for name in names}
