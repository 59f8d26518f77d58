# SPDX-License-Identifier: GPL-3.0-or-later
"""TrainingSet: the chips to learn from and those to look at, checked before anything is learned.

Suffixes are made from masks while it trains, after augmentation and by the model's own codec, so
a set made with another codec is as good. A set without masks is learned from its suffixes: those
say masks too, but only through the codec that they were made with.
"""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..dataset.answer import say_again
from ..dataset.folder import MANIFEST, MASKS, SPLITS, Chip, DatasetFolder
from ..errors import CodecError, DatasetError, GrammarError
from ..maskcodec import MaskCodec
from ..tokens import parse_text

Pixels = npt.NDArray[np.uint8]
#: The share of the chips that is held out where a set has no validation split.
HELD_OUT = 0.1
#: The verdict needs no more chips than these.
MOST_TESTED = 256
_CACHED = 256


class TrainingSet:
    """A data set as training reads it.

    Attributes
    ----------
    name
        The folder's name.
    prefix, labels, licence
        As `dataset.json` says them.
    train, val, test
        The chips of each part, in the manifest's order. Nothing is chosen by those of `test`, so
        the verdict is about them; there may be none.
    apart
        Whether val are other chips than train; a set may be too small for that.
    notes
        Sentences about what was decided, for the person and the model's card.
    sha256
        Of everything that is learned from, looked at or tested on.
    """

    def __init__(self, path: Path, codec: MaskCodec | None) -> None:
        """Read and check a set.

        Raises
        ------
        DatasetError
            If it is no set, has nothing to learn from, or a file of it is broken.
        """
        self.folder = opened(path)
        self.name = path.resolve().name
        about = self.folder.about
        self.prefix, self.labels, self.licence = about.prefix, about.labels, about.licence
        self.notes: list[str] = []
        self._codec = codec
        self._masks = (path / MASKS).is_dir()
        self.train, self.val = self._parts()
        self.apart = not set(self.val) <= set(self.train)
        self.test = evenly([c for c in self.folder.chips if c.split == "test"], MOST_TESTED)
        self._check_target(codec)
        self.sha256 = self._digest()
        self.read: Callable[[Chip], tuple[Pixels, Pixels]] = functools.lru_cache(_CACHED)(
            self._read
        )

    def _parts(self) -> tuple[list[Chip], list[Chip]]:
        chips = self.folder.chips
        train = [chip for chip in chips if chip.split == "train"]
        val = [chip for chip in chips if chip.split == "val"]
        if all(chip.is_dry for chip in val):
            missing = "no validation chips with water" if val else "no validation chips"
            train, more = held_out(train)
            apart = not set(more) <= set(train)
            val = [*val, *more] if apart else more
            held = f"{len(more)} of its training chips {'is' if len(more) == 1 else 'are'} held out"
            self.notes.append(
                f"The set has {missing}: {held}."
                if apart
                else f"The set has {missing}, and water in one group only: it is measured on the "
                "chips that it learns from, which says nothing of others."
            )
        return train, val

    def _check_target(self, codec: MaskCodec | None) -> None:
        about = self.folder.about
        if codec is None:
            if not self._masks:
                raise DatasetError(f"{self.folder.path} has no masks, which a mask head needs.")
            return
        same = about.codec_sha256 == codec.sha256
        if self._masks and not same:
            self.notes.append(
                f"The set's suffixes were made with another codec ({about.codec}) than the "
                "model's; they are made again from its masks."
            )
        elif not self._masks and not same:
            raise DatasetError(
                f"{self.folder.path} has no masks, and its suffixes were made with another codec "
                f"({about.codec}) than the model's ({codec.path.name}): to this model they mean "
                "other shapes. Build the set again, with its masks."
            )

    def _read(self, chip: Chip) -> tuple[Pixels, Pixels]:
        """Image uint8 (h, w, 3) and classes uint8 (h, w) of a chip. Raises DatasetError."""
        rgb = self.folder.image(chip)
        classes = self.folder.mask(chip) if self._masks else self._said(chip, rgb.shape[:2])
        if classes.shape != rgb.shape[:2]:
            raise DatasetError(
                f"{self.folder.path}: the mask of {chip.id} is {classes.shape[1]} x "
                f"{classes.shape[0]} pixels, its image {rgb.shape[1]} x {rgb.shape[0]}."
            )
        return np.array(rgb), np.array(classes)  # pictures are read-only, torch warns of that

    def _said(self, chip: Chip, shape: tuple[int, ...]) -> Pixels:
        try:
            instances = parse_text(chip.suffix)
            assert self._codec is not None
            return say_again(instances, self.labels, self._codec, *shape)
        except (GrammarError, CodecError) as error:
            raise DatasetError(f"{self.folder.path}: the suffix of {chip.id}: {error}") from error

    def _digest(self) -> str:
        """The hash of all parts; on the way, that every picture is whole."""
        chips = list(dict.fromkeys([*self.train, *self.val, *self.test]))

        def one(chip: Chip) -> bytes:
            rgb, classes = self._read(chip)
            words = f"{chip.id}\0{chip.split}\0{rgb.shape}".encode()
            return hashlib.sha256(words + rgb.tobytes() + classes.tobytes()).digest()

        digest = hashlib.sha256(f"{self.prefix}\0{self.labels}".encode())
        with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
            for part in pool.map(one, chips):
                digest.update(part)
        return digest.hexdigest()


def opened(path: Path) -> DatasetFolder:
    """A set that has something to learn, of which the manifest and the JSONL files say the same.

    What is learned is the manifest's; whoever changed a JSONL file by hand must not find out that
    it was passed over after the training. Raises DatasetError.
    """
    folder = DatasetFolder(path)
    train = [chip for chip in folder.chips if chip.split == "train"]
    if not train:
        raise DatasetError(f"{path} has no chips to learn from (split train).")
    if all(chip.is_dry for chip in train):
        raise DatasetError(
            f"{path}: no chip to learn from has a suffix, so there is nothing to find. Draw water, "
            "or build the set again with waterseg dataset build."
        )
    _check_lines(folder)
    return folder


def _check_lines(folder: DatasetFolder) -> None:
    path = folder.path
    for split in SPLITS:
        if not (path / f"{split}.jsonl").is_file():
            continue
        lines = {entry.image: entry.suffix for entry in folder.entries(split)}
        chips = {chip.image: chip.suffix for chip in folder.chips if chip.split == split}
        for image in sorted(lines.keys() | chips.keys()):
            if lines.get(image) != chips.get(image):
                raise DatasetError(
                    f"{path}: {split}.jsonl and {MANIFEST} say different things of {image}. One of "
                    "them was changed by hand: build the set again with waterseg dataset build or "
                    "import."
                )


def held_out(chips: Sequence[Chip]) -> tuple[list[Chip], list[Chip]]:
    """Chips to learn from and to look at: whole groups by the hash of their name, the same always.

    Both show water. If all water is in one group, both are all chips.
    """
    wet = {_group(chip) for chip in chips if not chip.is_dry}
    first = min(wet, key=_order)
    groups = sorted({_group(chip) for chip in chips}, key=lambda g: (g != first, _order(g)))
    wanted = max(1, round(HELD_OUT * len(chips)))
    held: set[str] = set()
    for group in groups[:-1]:
        if sum(_group(chip) in held for chip in chips) >= wanted:
            break
        held.add(group)
    val = [chip for chip in chips if _group(chip) in held]
    train = [chip for chip in chips if _group(chip) not in held]
    if not val or all(chip.is_dry for chip in train):
        return list(chips), list(chips)
    return train, val


def evenly(chips: Sequence[Chip], most: int) -> list[Chip]:
    """At most so many of them, evenly chosen."""
    if len(chips) <= most:
        return list(chips)
    return [chips[place * len(chips) // most] for place in range(most)]


def _group(chip: Chip) -> str:
    return chip.group or chip.id


def _order(group: str) -> bytes:
    return hashlib.sha256(group.encode()).digest()
