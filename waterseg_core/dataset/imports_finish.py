# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of an import: copies and surplus dry chips are taken out, and the set is described."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from waterseg_core.dataset.audit_records import Record
from waterseg_core.dataset.audit_same import copies_of
from waterseg_core.dataset.audit_sheet import picture_of
from waterseg_core.dataset.folder import MASKS, Chip, read_picture
from waterseg_core.dataset.imports_chips import REJECTED
from waterseg_core.options_dataset_audit import ImportOptions
from waterseg_core.outputs_atomic import replacing

__all__ = ["finished", "write_mosaic"]

#: How many chips the picture of a set shows, and in how many columns.
SHOWN, COLUMNS, CELL = 48, 6, (348, 176)


def finished(
    folder: Path, options: ImportOptions, chips: Sequence[Chip], records: Sequence[Record]
) -> tuple[list[Chip], list[Record]]:
    """The chips and records of a set once all are made, its files in `folder` to match."""
    kept = list(chips)
    if options.audit != "off":
        kept, records = _without_copies(folder, kept, records, options.audit == "fix")
    if options.negatives is not None:
        kept = _without_surplus(folder, kept, options)
    return kept, list(records)


def _without_copies(
    folder: Path, chips: list[Chip], records: Sequence[Record], fix: bool
) -> tuple[list[Chip], list[Record]]:
    """Images that are there already, pixel by pixel, are found; `fix` sets them aside."""
    copies = copies_of(chips, {chip.id: chip.sha256 for chip in chips})
    told = []
    for record in records:
        if record.id in copies:
            findings = (*record.findings, copies[record.id])
            done = "set aside" if fix else record.done
            record = dataclasses.replace(record, findings=findings, done=done)
        told.append(record)
    if not fix:
        return chips, told
    for chip in chips:
        if chip.id in copies:
            os.replace(folder / chip.image, folder / REJECTED / f"{chip.id}.png")
            os.replace(folder / MASKS / f"{chip.id}.png", folder / REJECTED / f"{chip.id}_mask.png")
    return [chip for chip in chips if chip.id not in copies], told


def _without_surplus(folder: Path, chips: list[Chip], options: ImportOptions) -> list[Chip]:
    """As many dry chips as wanted for those with water, chosen by a hash of their names."""
    dry = [chip for chip in chips if chip.is_dry]
    most = round((options.negatives or 0.0) * (len(chips) - len(dry)))
    dry.sort(key=lambda chip: hashlib.sha256(f"{options.seed} {chip.id}".encode()).digest())
    for chip in dry[most:]:
        (folder / chip.image).unlink()
        (folder / MASKS / f"{chip.id}.png").unlink()
    surplus = {chip.id for chip in dry[most:]}
    return [chip for chip in chips if chip.id not in surplus]


def write_mosaic(path: Path, folder: Path, chips: Sequence[Chip]) -> None:
    """A picture of some chips, spread over the set, each with its mask. Raises OutputError."""
    step = max(len(chips) / SHOWN, 1)
    shown = [chips[int(n * step)] for n in range(min(len(chips), SHOWN))]
    rows = -(-len(shown) // COLUMNS)
    page = np.full((rows * CELL[1], COLUMNS * CELL[0], 3), 255, np.uint8)
    for number, chip in enumerate(shown):
        picture = _cell(folder, chip)
        row, col = divmod(number, COLUMNS)
        page[
            row * CELL[1] : row * CELL[1] + picture.shape[0],
            col * CELL[0] : col * CELL[0] + picture.shape[1],
        ] = picture
    with replacing(path) as temporary:
        Image.fromarray(page).save(temporary, "PNG")


def _cell(folder: Path, chip: Chip) -> np.ndarray:
    image = read_picture(folder / chip.image, "RGB")
    mask = read_picture(folder / MASKS / f"{chip.id}.png", "L")
    return picture_of(image, mask)
