# SPDX-License-Identifier: GPL-3.0-or-later
"""DatasetFolder: a training set on disk, read; and the pieces that a writer puts there.

The layout is described in docs/DATASET.md. A set is complete when its `dataset.json` is there:
it is written last, and whoever makes a set makes it in a hidden folder beside and renames that.
"""

from __future__ import annotations

import csv
import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from waterseg_core.dataset.entries import Entry, read_entries, write_entries
from waterseg_core.errors import DatasetError
from waterseg_core.outputs_atomic import replacing

__all__ = ["FORMAT", "SPLITS", "About", "Chip", "DatasetFolder", "write_index"]

#: The version of the layout. A newer one is refused, an older one is read.
FORMAT = 1
SPLITS = ("train", "val", "test")
#: Of satellite images level 6 takes 2.5 times as long as 3 and saves 5 % at most.
PNG_LEVEL = 3
ABOUT, MANIFEST, MASKS, METADATA = "dataset.json", "manifest.csv", "masks", "metadata.jsonl"

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Chip:
    """One chip, a row of `manifest.csv`; empty texts and None where nothing is known.

    id: its file name without ending, unique in the set. source: the raster's file name, and the
    window that was read of it, in pixels of the resolution that the set was built at. footprint:
    WKT polygon in `crs`. group: chips of one group (a block of land, or near-duplicates) are in
    one split. target: how objects were made of the mask. Shares and IoU are 0..1.
    """

    id: str
    split: str
    suffix: str
    source: str = ""
    row: int = 0
    col: int = 0
    height: int = 0
    width: int = 0
    crs: str = ""
    footprint: str = ""
    group: str = ""
    water_share: float = 0.0
    known_share: float = 1.0
    target: str = ""
    instances: int = 0
    round_trip_iou: float | None = None
    sha256: str = ""

    @property
    def image(self) -> str:
        """The image's path in the set."""
        return f"{self.split}/{self.id}.png"

    @property
    def is_dry(self) -> bool:
        """Whether nothing is to be said of it."""
        return not self.suffix


@dataclass(frozen=True)
class About:
    """What `dataset.json` says of a set as a whole.

    labels: class k of a mask (from 1) is labels[k - 1]. prefix: the prompt of every chip. codec:
    sha256 of the codec's file, and its name. options: those of the command that made it. nothing
    in it depends on when or where it was made: the same input gives the same bytes.
    """

    prefix: str
    labels: tuple[str, ...]
    codec: str
    codec_sha256: str
    options: dict[str, Any]
    sources: tuple[str, ...] = ()
    licence: str = ""
    notes: tuple[str, ...] = ()
    format: int = FORMAT
    waterseg: str = ""


class DatasetFolder:
    """A training set that is there: `about`, `chips` in the manifest's order, images and masks.

    Raises DatasetError if the folder is no set, or one that a newer waterseg wrote.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.about = _about(path)
        self.chips = _chips(path)

    def image(self, chip: Chip) -> Pixels:
        """uint8 (h, w, 3). Raises DatasetError if the file is missing or broken."""
        return read_picture(self.path / chip.image, "RGB")

    def mask(self, chip: Chip) -> Pixels:
        """Classes, uint8 (h, w): 0 dry, k the k-th label, 255 unknown. Raises DatasetError."""
        return read_picture(self.path / MASKS / f"{chip.id}.png", "L")

    def entries(self, split: str) -> list[Entry]:
        """The lines of one split; none if it has no file."""
        path = self.path / f"{split}.jsonl"
        return read_entries(path) if path.is_file() else []


def read_picture(path: Path, mode: str) -> Pixels:
    """A picture as `RGB` (h, w, 3) or `L` (h, w), uint8. Raises DatasetError."""
    try:
        with Image.open(path) as picture:
            return np.asarray(picture.convert(mode) if picture.mode != mode else picture)
    except FileNotFoundError:
        raise DatasetError(f"{path} is missing, though the set names it.") from None
    except (OSError, UnidentifiedImageError, ValueError) as error:
        raise DatasetError(f"{path} is not a whole picture: {error}.") from error


def write_picture(path: Path | IO[bytes], pixels: Pixels) -> None:
    """A PNG of uint8 (h, w, 3) or (h, w), the same bytes for the same pixels."""
    Image.fromarray(pixels).save(path, "PNG", compress_level=PNG_LEVEL)


def write_index(folder: Path, about: About, chips: Iterable[Chip]) -> None:
    """All files that derive from chips: the JSONL of each split, its metadata, the manifest.

    `dataset.json` comes last. Images and masks must be there already. Raises OutputError.
    """
    rows = list(chips)
    for split in SPLITS:
        _write_split(folder, split, about.prefix, [chip for chip in rows if chip.split == split])
    with replacing(folder / MANIFEST) as temporary, temporary.open("w", newline="") as sink:
        names = [field.name for field in dataclasses.fields(Chip)]
        writer = csv.DictWriter(sink, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_row(chip) for chip in rows)
    with replacing(folder / ABOUT) as temporary:
        words = json.dumps(dataclasses.asdict(about), ensure_ascii=False, indent=2)
        temporary.write_text(words + "\n", encoding="utf-8", newline="\n")


def _write_split(folder: Path, split: str, prefix: str, chips: list[Chip]) -> None:
    """`train.jsonl` for PaliGemma's tools, `train/metadata.jsonl` for `datasets`' imagefolder."""
    lines, metadata = folder / f"{split}.jsonl", folder / split / METADATA
    if not chips:  # readers of others stumble over empty files
        lines.unlink(missing_ok=True)
        metadata.unlink(missing_ok=True)
        return
    write_entries(lines, (Entry(chip.image, prefix, chip.suffix) for chip in chips))
    with replacing(metadata) as temporary:
        words = [
            {"file_name": f"{chip.id}.png", "prefix": prefix, "suffix": chip.suffix}
            for chip in chips
        ]
        text = "".join(json.dumps(word, ensure_ascii=False) + "\n" for word in words)
        temporary.write_text(text, encoding="utf-8", newline="\n")


def _row(chip: Chip) -> dict[str, str]:
    values = dataclasses.asdict(chip)
    return {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def _about(path: Path) -> About:
    file = path / ABOUT
    if not path.is_dir():
        raise DatasetError(
            f"{path} is a file. Give the folder of a training set."
            if path.exists()
            else f"There is no folder {path}. Give the folder of a training set."
        )
    if not file.is_file():
        raise DatasetError(
            f"{path} is no training set of waterseg: there is no {ABOUT}. Make one with waterseg "
            "dataset build or import."
        )
    try:
        words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if int(words["format"]) > FORMAT:
            raise DatasetError(
                f"{path} was written by a newer waterseg (layout {words['format']}; this one "
                f"reads up to {FORMAT}). Update waterseg."
            )
        known = {field.name for field in dataclasses.fields(About)}
        for name in ("labels", "sources", "notes"):
            words[name] = tuple(words.get(name, ()))
        return About(**{name: value for name, value in words.items() if name in known})
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, DatasetError):
            raise
        raise DatasetError(f"{file} is broken: {error}.") from error


def _chips(path: Path) -> tuple[Chip, ...]:
    file = path / MANIFEST
    try:
        with file.open(newline="", encoding="utf-8") as source:
            return tuple(_chip(row) for row in csv.DictReader(source))
    except FileNotFoundError:
        raise DatasetError(f"{path} is incomplete: {MANIFEST} is missing.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{file} is broken: {error}.") from error


_KINDS = {
    **dict.fromkeys(("row", "col", "height", "width", "instances"), int),
    **dict.fromkeys(("water_share", "known_share", "round_trip_iou"), float),
}


def _chip(row: dict[str, str]) -> Chip:
    known = {field.name for field in dataclasses.fields(Chip)}
    values: dict[str, Any] = {}
    for name, text in row.items():
        if name in known:
            values[name] = _KINDS[name](text) if name in _KINDS and text else text
    if values.get("round_trip_iou") == "":  # 0 is an IoU too
        values["round_trip_iou"] = None
    return Chip(**values)
