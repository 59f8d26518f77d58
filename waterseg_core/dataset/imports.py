# SPDX-License-Identifier: GPL-3.0-or-later
"""import_set: from pairs of images and mask rasters to a training set, the story on one screen.

    pairs -> survey (sizes, fingerprints) -> split by groups of look-alikes -> hidden folder
          -> chips, pair by pair, looked at -> index, card, audit -> rename

Memory is a few images, whatever their number. A pair that cannot be used is named and set aside,
and the rest goes on. The set is complete or absent; a run that is stopped or killed goes on.
"""

from __future__ import annotations

import importlib.metadata
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from waterseg_core.dataset.audit_records import Record, write_csv
from waterseg_core.dataset.audit_sheet import keep_files, write_sheet
from waterseg_core.dataset.audit_witness import Witness, load_witness
from waterseg_core.dataset.card import write_card
from waterseg_core.dataset.folder import About, Chip, write_index
from waterseg_core.dataset.hidden import Hidden, told
from waterseg_core.dataset.imports_chips import REJECTED, Workshop, copy_aside
from waterseg_core.dataset.imports_finish import finished, write_mosaic
from waterseg_core.dataset.imports_pairs import Pair, find_pairs
from waterseg_core.dataset.imports_plan import plan_pairs
from waterseg_core.dataset.imports_read import Survey, survey
from waterseg_core.dataset.imports_run import Run, Watch, key_of
from waterseg_core.errors import Cancelled, DatasetError, OutputError
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.options_dataset_audit import ImportOptions

__all__ = ["Imported", "import_set"]

WORKERS = 2


@dataclass(frozen=True)
class Imported:
    """A set that was made: its folder, chips, what was found, and sentences for the person."""

    path: Path
    chips: tuple[Chip, ...]
    records: tuple[Record, ...]
    notes: tuple[str, ...]
    resumed: int


def import_set(
    images: Path,
    masks: Path,
    out: Path,
    options: ImportOptions,
    *,
    witness: Witness | None = None,
    progress: Watch | None = None,
    cancel: threading.Event | None = None,
) -> Imported:
    """Make a training set of the pairs in two folders, in the folder `out`.

    witness: the model to ask, if somebody has it already; else the options name it.
    progress: is called with the chips done, all chips, and at how many something was found.
    Raises DatasetError, CodecError, ModelError, OutputError, and Cancelled once `cancel` is set:
    then the same call goes on later.
    """
    if out.exists():
        raise OutputError(f"{out} exists already; name another folder, or move that one away.")
    if not out.parent.is_dir():
        raise OutputError(f"The folder {out.parent} does not exist; make it first.")
    pairs, notes = find_pairs(images, masks)
    codec = MaskCodec.load(options.codec)
    surveys = _surveys(pairs, cancel)
    planned = plan_pairs([each for each in surveys if each.fault is None], options)
    if options.audit == "off":
        witness = None
    elif witness is None:
        witness = load_witness(options.model, options.prompt, options.device)
    about = _about(surveys, options, codec)
    job = _job(about, surveys, witness)
    key = key_of(job)
    hidden = Hidden.claim(out, job)
    try:
        pictures = hidden.path / f"pictures-{key}"
        workshop = Workshop(hidden.set, pictures, options, codec, witness)
        run = Run(hidden, workshop, key, progress, cancel)
        chips, records = run.make(planned)
        with told(out):
            records += [_fault(workshop, each) for each in surveys if each.fault is not None]
            chips, records = finished(hidden.set, options, chips, records)
            if not any(not chip.is_dry for chip in chips):
                hidden.remove()
                raise DatasetError(_nothing(records, images))
            _finish(hidden, workshop, replace(about, notes=tuple(notes)), chips, records)
    finally:
        hidden.release()
    return Imported(out, tuple(chips), tuple(records), tuple(notes), run.resumed)


def _surveys(pairs: Sequence[Pair], cancel: threading.Event | None) -> list[Survey]:
    """A look at each pair, by a few threads."""

    def one(pair: Pair) -> Survey:
        if cancel is not None and cancel.is_set():
            raise Cancelled("Stopped before any chip was made. Run the same again to go on.")
        return survey(pair)

    with ThreadPoolExecutor(WORKERS, "waterseg-survey") as pool:
        return list(pool.map(one, pairs))


def _about(surveys: Sequence[Survey], options: ImportOptions, codec: MaskCodec) -> About:
    said = {**vars(options), "codec": Path(options.codec).name if options.codec else None}
    return About(
        prefix=options.prompt,
        labels=options.labels,
        codec=codec.path.name,
        codec_sha256=codec.sha256,
        options=said,
        sources=tuple(each.pair.image.name for each in surveys if each.fault is None),
        licence=options.licence,
        waterseg=importlib.metadata.version("waterseg-core"),
    )


def _job(about: About, surveys: Sequence[Survey], witness: Witness | None) -> dict[str, Any]:
    """Everything that finished chips depend on."""
    model = [witness.name, witness.revision] if witness is not None else []
    return {"about": vars(about), "pairs": [each.stamp for each in surveys], "model": model}


def _fault(workshop: Workshop, found: Survey) -> Record:
    """The record of a pair that could not be used at all; its files are copied aside."""
    assert found.fault is not None
    copy_aside(found.pair, workshop.folder / REJECTED)
    image = found.pair.image
    keep_files(workshop.pictures, image.stem, image, found.pair.mask)
    return Record(image.stem, "", image.name, (found.fault,), done="set aside")


def _nothing(records: Sequence[Record], images: Path) -> str:
    """The sentence for pairs of which nothing is left to learn from."""
    reasons = [record.reason(f) for record in records for f in record.findings]
    first = f" The first reason: {reasons[0]}" if reasons else ""
    return f"No pair of {images} gave a chip with water that can be used.{first}"


def _finish(
    hidden: Hidden,
    workshop: Workshop,
    about: About,
    chips: Sequence[Chip],
    records: Sequence[Record],
) -> None:
    """Write what describes the chips, and put the set in its place."""
    folder, options = hidden.set, workshop.options
    write_mosaic(folder / "map.png", folder, chips)
    write_card(folder / "README.md", hidden.target.name, about, chips, options.min_iou)
    rejected = folder / REJECTED
    if not any(rejected.iterdir()):
        rejected.rmdir()
    if options.audit != "off" or rejected.is_dir():
        write_csv(folder / "audit.csv", records)
        write_sheet(folder / "audit.html", hidden.target.name, records, workshop.pictures)
    write_index(folder, about, chips)
    hidden.finish()
