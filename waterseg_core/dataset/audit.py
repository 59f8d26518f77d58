# SPDX-License-Identifier: GPL-3.0-or-later
"""audit_set: names the bad labels of a training set, and mends or sets aside if it is asked to.

Every chip is looked at alone (audit_chip), then all are compared (audit_same). The report is
`audit.csv`, a row per finding, and `audit.html`, a contact sheet. Nothing is deleted.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import filelock

from waterseg_core.dataset.audit_chip import warnings_of
from waterseg_core.dataset.audit_fix import Plan, apply_plan, read_plan, write_plan
from waterseg_core.dataset.audit_kinds import MENDED
from waterseg_core.dataset.audit_records import Record, write_csv
from waterseg_core.dataset.audit_run import AuditRun, Seen, Watch
from waterseg_core.dataset.audit_same import same_of
from waterseg_core.dataset.audit_sheet import keep_picture, write_sheet
from waterseg_core.dataset.audit_witness import load_witness
from waterseg_core.dataset.codecs import codec_of, open_decoded
from waterseg_core.dataset.folder import DatasetFolder
from waterseg_core.dataset.foreign import TrainingSet, is_foreign
from waterseg_core.errors import DatasetError, OutputError
from waterseg_core.options_dataset_audit import AuditOptions

__all__ = ["Audited", "audit_set", "warnings_of"]

WORK = ".audit"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class Audited:
    """What an audit found: a record per chip, and where the report is.

    left: how many chips the set has now. resumed: how many an interrupted audit had looked at.
    """

    path: Path
    records: tuple[Record, ...]
    report: Path
    left: int
    resumed: int


def audit_set(
    path: Path,
    options: AuditOptions,
    *,
    report: Path | None = None,
    progress: Watch | None = None,
    cancel: threading.Event | None = None,
) -> Audited:
    """Audit the training set in a folder, ours or that of others.

    report: the folder for audit.csv and audit.html, the set itself if None. progress: is called
    with the chips looked at, all chips, and at how many something was found. Raises DatasetError,
    CodecError, ModelError, OutputError, and Cancelled once `cancel` is set: then the same call
    goes on later.
    """
    found = _opened(path, options)
    target = report or path
    witness = load_witness(options.model, found.about.prefix, options.device)
    with _work_folder(target) as work:
        if isinstance(found, DatasetFolder) and options.fix:
            found = _completed(found, work, options)
        run = AuditRun(found, work, witness, progress, cancel)
        records = _compared(found, run.look(), work)
        left = len(found.chips)
        _write(target, path.name, records, work)
        if options.fix and isinstance(found, DatasetFolder):
            records, left = _fixed(found, records, work, options)
            _write(target, path.name, records, work)
        shutil.rmtree(work, ignore_errors=True)
    return Audited(path, tuple(records), target / "audit.html", left, run.resumed)


def _write(target: Path, name: str, records: Sequence[Record], pictures: Path) -> None:
    write_csv(target / "audit.csv", records)
    write_sheet(target / "audit.html", name, records, pictures)


def _opened(path: Path, options: AuditOptions) -> TrainingSet:
    if not is_foreign(path):
        return DatasetFolder(path)
    if options.fix:
        raise DatasetError(
            f"{path} is a set that others made; --fix mends those of waterseg. Make one of it with "
            "waterseg dataset retarget, then audit that."
        )
    return open_decoded(path, options.codec)[0]


@contextlib.contextmanager
def _work_folder(target: Path) -> Iterator[Path]:
    """A hidden folder for what an audit keeps until it is done; one audit at a time."""
    work = target / WORK
    try:
        work.mkdir(exist_ok=True)
        lock = filelock.FileLock(work / ".lock")
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            raise OutputError(f"Another audit of {target} is running. Wait for it.") from None
        try:
            yield work
        finally:
            lock.release()
    except OutputError:
        raise
    except OSError as error:
        raise _told(target, error) from error


def _told(target: Path, error: OSError) -> OutputError:
    if error.errno in FULL:
        return OutputError(
            f"The audit in {target} stopped: the disk is full. Free some space and run the same "
            "again; it goes on where it stopped."
        )
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return OutputError(
            f"{target} is read-only for you; name another folder for the report with --output."
        )
    return OutputError(f"The audit in {target} stopped: {error.strerror or error}.")


def _completed(found: DatasetFolder, work: Path, options: AuditOptions) -> DatasetFolder:
    """The set, after a mending that was interrupted is done."""
    plan = read_plan(work)
    if plan is None:
        return found
    apply_plan(found, work, plan, codec_of(found.path, found.about, options.codec))
    return DatasetFolder(found.path)


def _compared(found: TrainingSet, seen: Sequence[Seen], work: Path) -> list[Record]:
    """The records, with what shows only when chips are compared."""
    hashes = {one.record.id: one.hash for one in seen if one.hash}
    prints = {one.record.id: one.fingerprint for one in seen if one.fingerprint is not None}
    same = same_of(found.chips, hashes, prints)
    chips = {chip.id: chip for chip in found.chips}
    records = []
    for one in seen:
        record = one.record
        if record.id in same:
            findings = (*record.findings, same[record.id])
            record = dataclasses.replace(record, findings=findings)
            if not (work / f"{record.id}.jpg").is_file():
                chip = chips[record.id]
                keep_picture(work, record.id, found.image(chip), found.mask(chip))
        records.append(record)
    return records


def _fixed(
    found: DatasetFolder, records: Sequence[Record], work: Path, options: AuditOptions
) -> tuple[list[Record], int]:
    """The records with what was done, and how many chips are left."""
    plan = Plan(
        mended=tuple(record.id for record in records if record.is_mended),
        aside=tuple(record.id for record in records if record.is_aside),
    )
    if plan.mended or plan.aside:
        codec = codec_of(found.path, found.about, options.codec)
        if len(plan.aside) < len(found.chips):
            write_plan(work, plan)
        apply_plan(found, work, plan, codec)
    done = {**dict.fromkeys(plan.mended, MENDED), **dict.fromkeys(plan.aside, "set aside")}
    told = [dataclasses.replace(record, done=done.get(record.id, "")) for record in records]
    return told, len(found.chips) - len(plan.aside)
