# SPDX-License-Identifier: GPL-3.0-or-later
"""AuditRun: the chips of a set, looked at by a few threads, noted one by one, stopped at once."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from waterseg_core.dataset.audit_chip import Verdict, examine, sizes_differ
from waterseg_core.dataset.audit_kinds import Finding
from waterseg_core.dataset.audit_records import Journal, Record
from waterseg_core.dataset.audit_sheet import keep_picture
from waterseg_core.dataset.audit_values import classes_of_chip
from waterseg_core.dataset.audit_witness import Witness
from waterseg_core.dataset.chips import png_of
from waterseg_core.dataset.duplicates import fingerprint
from waterseg_core.dataset.folder import Chip
from waterseg_core.dataset.foreign import TrainingSet
from waterseg_core.errors import Cancelled, DatasetError

__all__ = ["AuditRun", "Seen"]

WORKERS = 2

Pixels = npt.NDArray[np.uint8]
Watch = Callable[[int, int, int], None]


@dataclass(frozen=True, eq=False)
class Seen:
    """A chip that was looked at. hash, fingerprint: of its image, if it could be read."""

    record: Record
    hash: str = ""
    fingerprint: npt.NDArray[np.float32] | None = None


class AuditRun:
    """Looks at every chip of a set; `work` keeps the journal, pictures and better masks."""

    def __init__(
        self,
        found: TrainingSet,
        work: Path,
        witness: Witness | None,
        watch: Watch | None,
        cancel: threading.Event | None,
    ) -> None:
        self._set, self._work, self._witness = found, work, witness
        self._watch, self._cancel = watch, cancel
        model = f"{witness.name} {witness.revision}" if witness is not None else ""
        self._salt = model.encode()
        self._journal = Journal(work / "audit.jsonl")
        self._old = dict(self._journal.records)
        self.resumed = 0

    def look(self) -> list[Seen]:
        """Every chip, looked at, in the set's order. Raises Cancelled and OSError."""
        seen: list[Seen] = []
        found = 0
        for one in self._in_order():
            seen.append(one)
            found += one.record.is_doubtful
            if self._watch is not None:
                self._watch(len(seen), len(self._set.chips), found)
        return seen

    def _in_order(self) -> Iterator[Seen]:
        waiting: deque[Future[Seen]] = deque()
        with ThreadPoolExecutor(WORKERS, "waterseg-audit") as pool:
            try:
                for chip in self._set.chips:
                    self._stop_if_asked()
                    waiting.append(pool.submit(self._one, chip))
                    if len(waiting) > 2 * WORKERS:
                        yield self._kept(waiting.popleft())
                while waiting:
                    self._stop_if_asked()
                    yield self._kept(waiting.popleft())
            finally:
                for future in waiting:
                    future.cancel()

    def _one(self, chip: Chip) -> Seen:
        try:
            image = self._set.image(chip)
            raw = self._set.mask(chip)
        except DatasetError as error:
            return Seen(self._record(chip, (Finding("unreadable", str(error)),)))
        hash = hashlib.sha256(f"{image.shape}".encode() + image.tobytes()).hexdigest()
        key = hashlib.sha256(self._salt + hash.encode() + raw.tobytes()).hexdigest()
        old = self._old.get(chip.id)
        if old is not None and old.key == key and old.split == chip.split:
            self.resumed += 1
            return Seen(old, hash, fingerprint(image))
        record = dataclasses.replace(self._looked_at(chip, image, raw), key=key)
        return Seen(record, hash, fingerprint(image))

    def _looked_at(self, chip: Chip, image: Pixels, raw: Pixels) -> Record:
        try:
            classes, greys = classes_of_chip(raw, len(self._set.about.labels), chip.is_dry)
        except DatasetError as error:
            keep_picture(self._work, chip.id, image, raw)
            return self._record(chip, (Finding("not_a_mask", f"The mask is none: {error}."),))
        if classes.shape != image.shape[:2]:
            keep_picture(self._work, chip.id, image, classes)
            size = (image.shape[0], image.shape[1])
            return self._record(chip, (sizes_differ(size, (raw.shape[0], raw.shape[1])),))
        opinion = self._witness.opinion(image) if self._witness is not None else None
        verdict = examine(image, classes, opinion)
        findings = (*greys, *verdict.findings)
        if findings:
            self._keep(chip, image, classes, verdict)
        return self._record(chip, findings, verdict.model_iou)

    def _keep(self, chip: Chip, image: Pixels, classes: Pixels, verdict: Verdict) -> None:
        """Keep what a report and a mending will need."""
        keep_picture(self._work, chip.id, image, classes)
        (self._work / f"{chip.id}.png").write_bytes(png_of(verdict.mended))

    def _record(
        self, chip: Chip, findings: tuple[Finding, ...], model_iou: float | None = None
    ) -> Record:
        return Record(chip.id, chip.split, chip.image, findings, model_iou)

    def _kept(self, future: Future[Seen]) -> Seen:
        seen = future.result()
        if self._journal.records.get(seen.record.id) != seen.record:
            self._journal.keep(seen.record)
        return seen

    def _stop_if_asked(self) -> None:
        if self._cancel is not None and self._cancel.is_set():
            raise Cancelled(
                f"Stopped after {len(self._journal.records)} of {len(self._set.chips)} chips. Run "
                "the same again to go on."
            )
