# SPDX-License-Identifier: GPL-3.0-or-later
"""From one pair to its chips: read, looked at, mended or set aside, written."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from waterseg_core.dataset.audit_chip import Verdict, examine
from waterseg_core.dataset.audit_kinds import Finding
from waterseg_core.dataset.audit_records import Record
from waterseg_core.dataset.audit_sheet import keep_files, keep_picture
from waterseg_core.dataset.audit_witness import Witness
from waterseg_core.dataset.chips import chip_id, make_chip, png_of, write_chip
from waterseg_core.dataset.folder import Chip
from waterseg_core.dataset.imports_pairs import Pair
from waterseg_core.dataset.imports_read import Faulty, read_mask, read_pixels
from waterseg_core.geo import Georef, Tile, Window
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.options_dataset_audit import ImportOptions
from waterseg_core.strips import without_blanks

__all__ = ["REJECTED", "Outcome", "Planned", "Workshop", "copy_aside"]

REJECTED = "rejected"
#: What is mended whether or not it was asked for, as missing data never are water; and if it was.
MENDED = ("grey", "border")
MENDED_IF_FIXED = (*MENDED, "frame_line")

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Planned:
    """A pair and the chips that it should become: windows, each with its split, and a group."""

    pair: Pair
    windows: tuple[Window, ...]
    splits: tuple[str, ...]
    group: str

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the chips."""
        return tuple(chip_id(self.pair.image.name, window) for window in self.windows)


@dataclass(frozen=True)
class Outcome:
    """What became of one chip: a row of the manifest, or None where it is set aside."""

    record: Record
    chip: Chip | None


@dataclass(frozen=True, eq=False)
class Workshop:
    """Everything that chips are made with. folder: the set to be. pictures: for the sheet."""

    folder: Path
    pictures: Path
    options: ImportOptions
    codec: MaskCodec
    witness: Witness | None

    def make(self, planned: Planned) -> list[Outcome]:
        """All chips of a pair, written. Raises OSError."""
        return list(self._outcomes(planned))

    def _outcomes(self, planned: Planned) -> Iterator[Outcome]:
        pair = planned.pair
        made = 0
        try:
            classes, greys = read_mask(pair.mask, len(self.options.labels))
            tiles = read_pixels(pair.image, planned.windows)
            for window, split, (tile, place) in zip(
                planned.windows, planned.splits, tiles, strict=True
            ):
                part = classes[window.slices]
                record, done = self._looked_at(planned, split, tile, part, greys)
                chip = None
                if done is not None:
                    chip = self._written(planned, window, split, place, *done)
                yield Outcome(record, chip)
                made += 1
        except Faulty as error:
            for id, split in list(zip(planned.ids, planned.splits, strict=True))[made:]:
                yield self._fault(pair, id, split, error.finding)

    def _looked_at(
        self, planned: Planned, split: str, tile: Tile, classes: Pixels, greys: list[Finding]
    ) -> tuple[Record, tuple[Tile, Pixels] | None]:
        """What was found at a chip, and its tile and classes, or None where it is set aside."""
        name = planned.pair.image.name
        verdict = self._look(tile, classes)
        findings = (*greys, *verdict.findings)
        record = Record(chip_id(name, tile.window), split, name, findings, verdict.model_iou)
        if findings:
            self._picture(record.id, tile.rgb, classes)
        fix = self.options.audit == "fix"
        if fix and record.is_aside:
            self._set_aside(record.id, tile.rgb, classes)
            return dataclasses.replace(record, done="set aside"), None
        if any(finding.kind in (MENDED_IF_FIXED if fix else MENDED) for finding in findings):
            record = dataclasses.replace(record, done="mended")
        if fix:
            return record, (_without(tile, verdict), verdict.mended)
        return record, (tile, classes)

    def _written(
        self,
        planned: Planned,
        window: Window,
        split: str,
        place: Georef,
        tile: Tile,
        classes: Pixels,
    ) -> Chip:
        made = make_chip(tile, classes, self.options.labels, self.codec, self.options.target)
        name = planned.pair.image.name
        return write_chip(self.folder, made, name, place, window, split, planned.group)

    def _look(self, tile: Tile, classes: Pixels) -> Verdict:
        if self.options.audit == "off":
            return Verdict((), classes)
        opinion = None
        if self.witness is not None and tile.valid.any():
            opinion = self.witness.opinion(without_blanks(tile))
        return examine(tile.rgb, classes, opinion, ~tile.valid)

    def _picture(self, id: str, image: Pixels, classes: Pixels | None) -> None:
        if self.options.audit != "off":
            keep_picture(self.pictures, id, image, classes)

    def _set_aside(self, id: str, image: Pixels, classes: Pixels) -> None:
        aside = self.folder / REJECTED
        (aside / f"{id}.png").write_bytes(png_of(image))
        (aside / f"{id}_mask.png").write_bytes(png_of(classes))

    def _fault(self, pair: Pair, id: str, split: str, finding: Finding) -> Outcome:
        copy_aside(pair, self.folder / REJECTED)
        keep_files(self.pictures, id, pair.image, pair.mask)
        return Outcome(Record(id, split, pair.image.name, (finding,), done="set aside"), None)


def copy_aside(pair: Pair, folder: Path) -> None:
    """Copy the files of a pair that cannot be used; the mask's name says that it is one."""
    shutil.copyfile(pair.image, folder / pair.image.name)
    shutil.copyfile(pair.mask, folder / f"{pair.mask.stem}_mask{pair.mask.suffix}")


def _without(tile: Tile, verdict: Verdict) -> Tile:
    """The tile without the pixels that turned out to hold no data."""
    if verdict.missing is None:
        return tile
    return dataclasses.replace(tile, valid=tile.valid & ~verdict.missing)
