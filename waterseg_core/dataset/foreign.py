# SPDX-License-Identifier: GPL-3.0-or-later
"""Training sets that others made, read as if they were ours.

Roboflow's PaliGemma export is JSONL with our three keys and images beside it, and so is what most
scripts write. There are no masks in it: they are what the suffixes decode to, with the codec that
encoded them, which nearly always is Google's. A set with boxes only has no masks at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from waterseg_core.dataset.answer import say_again
from waterseg_core.dataset.entries import Entry, read_entries
from waterseg_core.dataset.folder import (
    ABOUT,
    MANIFEST,
    SPLITS,
    About,
    Chip,
    DatasetFolder,
    read_picture,
)
from waterseg_core.errors import DatasetError, GrammarError
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.tokens import Instance, parse_text

__all__ = ["ForeignSet", "TrainingSet", "is_foreign", "open_set"]

Pixels = npt.NDArray[np.uint8]

#: What others call the splits.
WORDS = {"train": ("train",), "val": ("valid", "val", "validation"), "test": ("test",)}
#: Where the lines of a split are, below the set's folder or its folder `dataset`.
PLACES = ("_annotations.{}.jsonl", "{}.jsonl", "{}/_annotations.jsonl", "{}/annotations.jsonl")
TASK = "segment "

_BOX = re.compile(r"(?:<loc\d{4}>){4}(?!<seg)")
_UNSAFE = re.compile(r"[^\w.-]+")
_LICENCE = re.compile(r"^\s*licen[cs]e:\s*(\S.*?)\s*$", re.IGNORECASE | re.MULTILINE)


class TrainingSet(Protocol):
    """What ours and those of others have in common; see `DatasetFolder`."""

    path: Path
    about: About
    chips: tuple[Chip, ...]

    def image(self, chip: Chip) -> Pixels:
        """uint8 (h, w, 3). Raises DatasetError."""

    def mask(self, chip: Chip) -> Pixels:
        """Classes, uint8 (h, w): 0 dry, k the k-th label, 255 unknown. Raises DatasetError."""

    def entries(self, split: str) -> list[Entry]:
        """The lines of one split; none if it has no file."""


def is_foreign(path: Path) -> bool:
    """Whether a folder holds a set of others: lines, but neither index of ours."""
    ours = (path / ABOUT).is_file() or (path / MANIFEST).is_file()
    return not ours and any(True for _ in _files(path))


def open_set(path: Path, codec: MaskCodec | None = None) -> DatasetFolder | ForeignSet:
    """The training set in a folder, ours or that of others.

    codec: decodes the masks of a set of others; our own sets have theirs. Raises DatasetError
    if the folder is neither.
    """
    return ForeignSet(path, codec) if is_foreign(path) else DatasetFolder(path)


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a set of others: where it stands, what it says, and what is wrong with it.

    instances: the objects that its suffix names with masks; none if `fault` is not empty.
    """

    file: Path
    split: str
    entry: Entry
    instances: tuple[Instance, ...]
    fault: str

    @property
    def has_box_only(self) -> bool:
        """Whether there is a box without the segment tokens of a mask."""
        return bool(_BOX.search(self.entry.suffix))


class ForeignSet:
    """A set of others with the members of `DatasetFolder`.

    A line is a chip; its id is the image's file name without ending, made unique, its source
    the file of the line; it carries nothing else that a suffix does not say. `about.notes` tell
    what is unusual. Images are opened when they are asked for. Raises DatasetError if there are
    no lines, or one is no entry.
    """

    def __init__(self, path: Path, codec: MaskCodec | None = None) -> None:
        self.path = path
        self._codec = codec
        lines = list(_lines(path))
        if not lines:
            raise DatasetError(
                f"{path} is no training set: there is neither a {ABOUT} of waterseg nor a JSONL "
                "file of PaliGemma's lines such as _annotations.train.jsonl."
            )
        self._lines = dict(zip(_ids(lines), lines, strict=True))
        self.about = _about(path, lines, codec)
        self.chips = tuple(_chip(id, line, path) for id, line in self._lines.items())

    @property
    def has_masks(self) -> bool:
        """Whether any suffix carries the segment tokens of a mask."""
        return any(chip.instances for chip in self.chips)

    def image_path(self, chip: Chip) -> Path:
        """Where a chip's image should be; the first place if it is nowhere."""
        line = self._lines[chip.id]
        places = ("", "images", *WORDS[line.split])
        paths = [line.file.parent / place / line.entry.image for place in places]
        return next((path for path in paths if path.is_file()), paths[0])

    def image(self, chip: Chip) -> Pixels:
        """uint8 (h, w, 3). Raises DatasetError if the file is missing or broken."""
        return read_picture(self.image_path(chip), "RGB")

    def mask(self, chip: Chip) -> Pixels:
        """What the suffix decodes to, as large as the image: uint8 (h, w), 0 dry, k a label.

        Raises DatasetError if the suffix carries no mask or there is no codec to decode it.
        """
        line = self._lines[chip.id]
        if line.fault:
            raise DatasetError(line.fault)
        height, width = self.image(chip).shape[:2]
        if not line.instances:
            return np.zeros((height, width), np.uint8)
        if self._codec is None:
            raise DatasetError(
                f"{self.path} has no masks but segment tokens, and cannot say which codec made "
                "them: give it with --codec FILE, or --codec google if it was Google's."
            )
        return say_again(line.instances, self.about.labels, self._codec, height, width)

    def entries(self, split: str) -> list[Entry]:
        """The lines of one split, as they are."""
        return [line.entry for line in self._lines.values() if line.split == split]


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    """The file of each split that has one, with our name of the split."""
    for split in SPLITS:
        candidates = (
            folder / place.format(word)
            for folder in (path, path / "dataset")
            for word in WORDS[split]
            for place in PLACES
        )
        found = next((file for file in candidates if file.is_file()), None)
        if found is not None:
            yield split, found


def _lines(path: Path) -> Iterator[_Line]:
    for split, file in _files(path):
        for number, entry in enumerate(read_entries(file), start=1):
            yield _line(file, number, split, entry)


def _line(file: Path, number: int, split: str, entry: Entry) -> _Line:
    try:
        return _Line(file, split, entry, tuple(parse_text(entry.suffix)), "")
    except GrammarError as error:
        what = f"the suffix is no answer that can be decoded. {error}"
    if _BOX.search(entry.suffix):
        what = (
            "the suffix has a box without the 16 segment tokens of a mask. Such a set teaches to "
            "detect; to segment, masks are needed: import them with waterseg dataset import."
        )
    return _Line(file, split, entry, (), f"{file}, entry {number}: {what}")


def _ids(lines: Iterable[_Line]) -> Iterator[str]:
    """An id for each line: its image's name, with a number where it was used before."""
    taken: set[str] = set()
    for line in lines:
        name = _UNSAFE.sub("_", Path(line.entry.image).stem).strip("._") or "chip"
        id, count = name, 1
        while id in taken:
            count += 1
            id = f"{name}-{count}"
        taken.add(id)
        yield id


def _chip(id: str, line: _Line, path: Path) -> Chip:
    suffix = line.entry.suffix.strip()  # some write " " for nothing
    source = line.file.relative_to(path).as_posix()
    return Chip(id, line.split, suffix, source=source, instances=len(line.instances))


def _about(path: Path, lines: list[_Line], codec: MaskCodec | None) -> About:
    prefixes = Counter(line.entry.prefix.strip() for line in lines)
    prefix = prefixes.most_common(1)[0][0]
    return About(
        prefix=prefix,
        labels=_labels(prefix, lines),
        codec=codec.path.name if codec else "",
        codec_sha256=codec.sha256 if codec else "",
        options={},
        sources=tuple(file.relative_to(path).as_posix() for _, file in _files(path)),
        licence=_licence(path),
        notes=tuple(_notes(prefixes, lines)),
    )


def _labels(prefix: str, lines: list[_Line]) -> tuple[str, ...]:
    """Those that the prompt names, then those that answers name beside, as they come."""
    asked = prefix.removeprefix(TASK).split(";") if prefix.startswith(TASK) else []
    said = (instance.label for line in lines for instance in line.instances)
    labels = dict.fromkeys(label.strip() for label in [*asked, *said])
    return tuple(label for label in labels if label) or ("object",)


def _notes(prefixes: Counter[str], lines: list[_Line]) -> Iterator[str]:
    if len(prefixes) > 1:
        yield f"{len(prefixes)} different prefixes; the most frequent stands for all."
    faulty = [line for line in lines if line.fault]
    boxes = sum(line.has_box_only for line in faulty)
    if boxes:
        yield f"{boxes} of {len(lines)} suffixes have boxes without the segment tokens of a mask."
    if len(faulty) > boxes:
        count = len(faulty) - boxes
        yield f"{count} of {len(lines)} suffixes are no answer of boxes and 16 segment tokens."


def _licence(path: Path) -> str:
    """What Roboflow's README.dataset.txt or README.roboflow.txt states, if it is there."""
    for file in sorted(path.glob("README*.txt")):
        if found := _LICENCE.search(file.read_text(encoding="utf-8", errors="replace")):
            return found[1]
    return ""
