# SPDX-License-Identifier: GPL-3.0-or-later
"""Run: the pairs of an import, made by a few threads, noted one by one, stopped at once."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from waterseg_core.dataset.audit_records import Journal, Record
from waterseg_core.dataset.folder import Chip
from waterseg_core.dataset.hidden import Hidden, told
from waterseg_core.dataset.imports_chips import REJECTED, Outcome, Planned, Workshop
from waterseg_core.errors import Cancelled

__all__ = ["Run", "key_of"]

WORKERS = 2

Watch = Callable[[int, int, int], None]


def key_of(job: Mapping[str, Any]) -> str:
    """A name for files that belong to one job only."""
    text = json.dumps(job, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Run:
    """Makes the chips of planned pairs; `resumed` is how many an earlier run had made."""

    def __init__(
        self,
        hidden: Hidden,
        workshop: Workshop,
        key: str,
        watch: Watch | None,
        cancel: threading.Event | None,
    ) -> None:
        self._hidden, self._workshop = hidden, workshop
        self._watch, self._cancel = watch, cancel
        with told(hidden.target):
            (workshop.folder / REJECTED).mkdir(exist_ok=True)
            workshop.pictures.mkdir(exist_ok=True)
            self._journal = Journal(hidden.path / f"audit-{key}.jsonl")
        self.resumed = 0

    def make(self, planned: Sequence[Planned]) -> tuple[list[Chip], list[Record]]:
        """The chips that were made, and the records of all. Raises Cancelled and OutputError."""
        chips: list[Chip] = []
        records: list[Record] = []
        total = sum(len(each.windows) for each in planned)
        found = 0
        with told(self._hidden.target):
            for outcome in self._in_order(planned, total):
                records.append(outcome.record)
                chips += [outcome.chip] if outcome.chip is not None else []
                found += outcome.record.is_doubtful
                # What an earlier run made says nothing about how long the rest takes.
                if self._watch is not None and len(records) >= self.resumed:
                    self._watch(len(records), total, found)
        return chips, records

    def _in_order(self, planned: Sequence[Planned], total: int) -> Iterator[Outcome]:
        waiting: deque[Future[list[Outcome]]] = deque()
        with ThreadPoolExecutor(WORKERS, "waterseg-import") as pool:
            try:
                for each in planned:
                    self._stop_if_asked(total)
                    old = self._old(each)
                    if old is None:
                        waiting.append(pool.submit(self._workshop.make, each))
                    else:
                        waiting.append(_ready(old))
                    if len(waiting) > 2 * WORKERS:
                        yield from self._kept(waiting.popleft())
                while waiting:
                    self._stop_if_asked(total)
                    yield from self._kept(waiting.popleft())
            finally:
                for future in waiting:
                    future.cancel()

    def _old(self, planned: Planned) -> list[Outcome] | None:
        """What an earlier run of the same job made of a pair, if all of it is there."""
        outcomes = []
        for id in planned.ids:
            record = self._journal.records.get(id)
            chip = self._hidden.chips.get(id)
            if record is None or (chip is None and record.done != "set aside"):
                return None
            outcomes.append(Outcome(record, chip))
        self.resumed += len(outcomes)
        return outcomes

    def _kept(self, future: Future[list[Outcome]]) -> list[Outcome]:
        outcomes = future.result()
        for outcome in outcomes:
            chip, record = outcome.chip, outcome.record
            if chip is not None and chip.id not in self._hidden.chips:
                self._hidden.keep(chip)
                self._hidden.chips[chip.id] = chip
            if record.id not in self._journal.records:
                self._journal.keep(record)
        return outcomes

    def _stop_if_asked(self, total: int) -> None:
        if self._cancel is not None and self._cancel.is_set():
            raise Cancelled(
                f"Stopped after {len(self._journal.records)} of {total} chips. Run the same again "
                "to go on."
            )


def _ready(outcomes: list[Outcome]) -> Future[list[Outcome]]:
    future: Future[list[Outcome]] = Future()
    future.set_result(outcomes)
    return future
