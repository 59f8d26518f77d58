# SPDX-License-Identifier: GPL-3.0-or-later
"""Merge: several sets as one, with ids made unique, splits kept and labels united.

Only sets that speak alike can be merged: one codec and one prompt, or a model would learn two
languages at once. What it should not learn either is told: chips that show the same place while
one trains and the other tests.
"""

from __future__ import annotations

import dataclasses
import importlib.metadata
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from waterseg_core.dataset.answer import TARGETS
from waterseg_core.dataset.card import write_card
from waterseg_core.dataset.duplicates import alike_pairs, fingerprint
from waterseg_core.dataset.folder import (
    MASKS,
    About,
    Chip,
    DatasetFolder,
    write_index,
    write_picture,
)
from waterseg_core.dataset.foreign import is_foreign
from waterseg_core.dataset.imports_finish import write_mosaic
from waterseg_core.dataset.passing import MAP, check_new, copy, making, title_of
from waterseg_core.errors import Cancelled, DatasetError, OptionError

__all__ = ["Merged", "merge"]

#: So many pairs of near-duplicates are named.
NAMED = 3

Progress = Callable[[int, int], None]
Values = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Merged:
    """A set that was made of others: its folder, chips, and sentences for the person."""

    path: Path
    chips: tuple[Chip, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Part:
    """A set that is merged: its name among the others, and what class its classes become."""

    name: str
    source: DatasetFolder
    values: Values

    def mask(self, chip: Chip) -> Values:
        """A chip's mask in the classes of the whole."""
        return self.values[self.source.mask(chip)]


@dataclass(frozen=True, eq=False)
class _Pair:
    """A chip as it is in a part and as it will be in the whole."""

    part: _Part
    old: Chip
    new: Chip


def merge(
    paths: Sequence[Path],
    output: Path,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Merged:
    """Make one set of several, in their order; they stay as they are.

    Raises OptionError, DatasetError if they speak differently or a file is broken, OutputError,
    and Cancelled once `cancel` is set: nothing is left then.
    """
    sources = _opened(paths)
    check_new(output, list(paths))
    _check_alike(sources)
    labels = tuple(dict.fromkeys(label for each in sources for label in each.about.labels))
    parts = [
        _Part(name, source, _values(source.about, labels))
        for name, source in zip(_names(paths), sources, strict=True)
    ]
    pairs = list(_renamed(parts))
    if not pairs:
        raise DatasetError("None of the sets has a chip.")
    with making(output) as hidden:
        prints = _written(pairs, hidden.set, progress, cancel)
        notes = tuple(_notes(pairs, prints))
        about, chips = _about(parts, labels, notes), [pair.new for pair in pairs]
        maps = [part.source.path / MAP for part in parts]
        if not _join_maps(maps, hidden.set / MAP):
            write_mosaic(hidden.set / MAP, hidden.set, chips)
        least = float(about.options["min_iou"])
        write_card(hidden.set / "README.md", title_of(about), about, chips, least)
        write_index(hidden.set, about, chips)
    return Merged(output, tuple(chips), notes)


def _opened(paths: Sequence[Path]) -> list[DatasetFolder]:
    if len({path.resolve() for path in paths}) < max(2, len(paths)):
        raise OptionError("Name two sets or more to merge, each once.")
    for path in paths:
        if is_foreign(path):
            raise DatasetError(
                f"{path} is a set of others. Make it one of ours first: waterseg dataset retarget "
                f"{path} -o NEW_FOLDER."
            )
    return [DatasetFolder(path) for path in paths]


def _check_alike(sources: Sequence[DatasetFolder]) -> None:
    first = sources[0]
    for other in sources[1:]:
        if other.about.codec_sha256 != first.about.codec_sha256:
            _refuse(first, other, "codecs", first.about.codec, other.about.codec, "--codec")
        if other.about.prefix != first.about.prefix:
            one, two = f"'{first.about.prefix}'", f"'{other.about.prefix}'"
            _refuse(first, other, "prompts", one, two, "--prefix")


def _refuse(
    first: DatasetFolder, other: DatasetFolder, what: str, one: str, two: str, flag: str
) -> None:
    raise DatasetError(
        f"{first.path} and {other.path} have different {what} ({one} and {two}). Make one speak "
        f"like the other first: waterseg dataset retarget {other.path} {flag} ..."
    )


def _names(paths: Sequence[Path]) -> list[str]:
    """The folders' names, with a number where two are called alike."""
    taken: set[str] = set()
    return [_claimed(path.resolve().name, taken) for path in paths]


def _claimed(name: str, taken: set[str]) -> str:
    """The name, or with a number behind it if it is taken; it is taken then.

    taken: names in small letters, as not every disk tells A from a.
    """
    found, count = name, 1
    while found.casefold() in taken:
        count += 1
        found = f"{name}-{count}"
    taken.add(found.casefold())
    return found


def _values(about: About, labels: tuple[str, ...]) -> Values:
    """What each value of a mask becomes; a value without a label stays what it is."""
    values = np.arange(256, dtype=np.uint8)
    for number, label in enumerate(about.labels, start=1):
        values[number] = labels.index(label) + 1
    return values


def _renamed(parts: Sequence[_Part]) -> Iterator[_Pair]:
    """Every chip with an id and a group that no other set uses."""
    ids: set[str] = set()
    groups: set[str] = set()
    for part in parts:
        own = {chip.group for chip in part.source.chips if chip.group}
        clash = own & groups
        names = {group: f"{part.name}/{group}" if group in clash else group for group in own}
        groups |= set(names.values())
        for chip in part.source.chips:
            is_taken = chip.id.casefold() in ids
            id = _claimed(f"{part.name}-{chip.id}" if is_taken else chip.id, ids)
            group = names.get(chip.group, "")
            yield _Pair(part, chip, dataclasses.replace(chip, id=id, group=group))


def _written(
    pairs: Sequence[_Pair],
    into: Path,
    progress: Progress | None,
    cancel: threading.Event | None,
) -> list[npt.NDArray[np.float32]]:
    """Put every image and mask in its place; the images' fingerprints."""
    prints = []
    for done, pair in enumerate(pairs):
        if cancel is not None and cancel.is_set():
            raise Cancelled("Stopped; nothing was written.")
        if progress is not None:
            progress(done, len(pairs))
        source = pair.part.source
        prints.append(fingerprint(source.image(pair.old)))
        mask = source.mask(pair.old)
        copy(source.path / pair.old.image, into / pair.new.image)
        target = into / MASKS / f"{pair.new.id}.png"
        if np.array_equal(changed := pair.part.values[mask], mask):
            copy(source.path / MASKS / f"{pair.old.id}.png", target)
        else:
            write_picture(target, changed)
    return prints


def _notes(pairs: Sequence[_Pair], prints: Sequence[npt.NDArray[np.float32]]) -> Iterator[str]:
    """What the person should know: the parts' own notes, new names, near-duplicates."""
    renamed = sum(pair.old.id != pair.new.id for pair in pairs)
    if renamed:
        yield f"{renamed} chips have a new id, because two sets used the same."
    apart, doubled = [], 0
    for first, second, _ in alike_pairs(np.array(prints)):
        one, two = pairs[first], pairs[second]
        doubled += one.part is not two.part
        if one.new.split != two.new.split:
            apart.append(f"{one.new.image} and {two.new.image}")
    if doubled:
        yield f"{doubled} pairs of chips of different sets look alike."
    if apart:
        yield (
            f"{len(apart)} pairs of chips that look alike are in different splits, so a test would "
            f"flatter the model: {_some(apart)}. See waterseg dataset audit."
        )


def _some(words: Sequence[str]) -> str:
    more = f" and {len(words) - NAMED} more" if len(words) > NAMED else ""
    return ", ".join(words[:NAMED]) + more


def _about(parts: Sequence[_Part], labels: tuple[str, ...], notes: Iterable[str]) -> About:
    abouts = [part.source.about for part in parts]
    targets = {about.options.get("target") for about in abouts}
    target = targets.pop() if len(targets) == 1 else "auto"
    options = {
        "target": target if target in TARGETS else "auto",
        "min_iou": min(float(about.options.get("min_iou", 0.5)) for about in abouts),
        "merged": ", ".join(part.name for part in parts),
    }
    licences = dict.fromkeys(about.licence or "not stated" for about in abouts)
    own = (note for about in abouts for note in about.notes)
    return dataclasses.replace(
        abouts[0],
        labels=labels,
        options=options,
        sources=tuple(dict.fromkeys(source for about in abouts for source in about.sources)),
        licence="" if set(licences) == {"not stated"} else " and ".join(licences),
        notes=tuple(dict.fromkeys([*own, *notes])),
        waterseg=importlib.metadata.version("waterseg-core"),
    )


def _join_maps(maps: Sequence[Path], target: Path) -> bool:
    """Write the maps of the parts, one below the other; whether any part has one."""
    pictures: list[Image.Image] = []
    for path in maps:
        if path.is_file():
            with Image.open(path) as file:
                pictures.append(file.convert("RGB"))
    if not pictures:
        return False
    size = max(each.width for each in pictures), sum(each.height for each in pictures)
    page, top = Image.new("RGB", size, "white"), 0
    for picture in pictures:
        page.paste(picture, (0, top))
        top += picture.height
    page.save(target, "PNG")
    return True
