# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of an import: copies and surplus dry chips are taken out, and the set is described."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from waterseg_core.dataset.audit_records import Record
from waterseg_core.dataset.audit_same import copies_of
from waterseg_core.dataset.audit_sheet import picture_of
from waterseg_core.dataset.folder import MASKS, SPLITS, Chip, read_picture
from waterseg_core.dataset.imports_chips import REJECTED
from waterseg_core.options_dataset_audit import ImportOptions
from waterseg_core.outputs_atomic import replacing

__all__ = ["finished", "write_mosaic"]

#: How many chips the picture of a set shows, and in how many columns.
SHOWN, COLUMNS, CELL = 48, 6, (354, 206)
#: Its margins, the line above it, the name of a chip and the letters that fit, in pixels.
GAP, HEAD_PX, NAME_PX, NAME_LETTERS = 12, 30, 18, 40
INK, GREY, PAPER = (25, 35, 45), (105, 115, 125), (255, 255, 255)

Pixels = npt.NDArray[np.uint8]


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
    page = Image.new("RGB", (COLUMNS * CELL[0] + GAP, rows * CELL[1] + GAP + HEAD_PX), PAPER)
    draw = ImageDraw.Draw(page)
    draw.text((GAP, GAP), _legend(chips, len(shown)), INK, ImageFont.load_default(15))
    font = ImageFont.load_default(12)
    for number, chip in enumerate(shown):
        row, col = divmod(number, COLUMNS)
        left, top = GAP + col * CELL[0], GAP + HEAD_PX + row * CELL[1]
        draw.text((left, top), f"{_short(chip.id)}  {chip.split}", GREY, font)
        page.paste(Image.fromarray(_cell(folder, chip)), (left, top + NAME_PX))
    with replacing(path) as temporary:
        page.save(temporary, "PNG")


def _legend(chips: Sequence[Chip], shown: int) -> str:
    counts = ", ".join(f"{sum(c.split == split for c in chips):,} {split}" for split in SPLITS)
    some = "" if shown == len(chips) else f"; {shown} of them, spread over the set"
    return f"{len(chips):,} chips ({counts}){some}. Blue is water, black dry, grey unknown."


def _short(name: str) -> str:
    return name if len(name) <= NAME_LETTERS else f"{name[: NAME_LETTERS - 1]}…"


def _cell(folder: Path, chip: Chip) -> Pixels:
    image = read_picture(folder / chip.image, "RGB")
    mask = read_picture(folder / MASKS / f"{chip.id}.png", "L")
    return picture_of(image, mask)
