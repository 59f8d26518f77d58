# SPDX-License-Identifier: GPL-3.0-or-later
"""Pairs of images and mask rasters, by their names.

Names match without their endings; if not, without what tools add to them: `lake_12_sat.jpg` goes
with `lake_12_mask.png`. Both may lie in one folder if the masks' names say that they are masks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from waterseg_core.errors import DatasetError

__all__ = ["Pair", "find_pairs"]

#: Endings of files that can hold pixels.
RASTERS = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".bmp", ".gif", ".webp"),
    *(".jp2", ".j2k", ".pgm", ".ppm", ".vrt", ".img"),
)
_MASK = r"masks?|labels?|gt|seg|annotations?|target"
_IMAGE = r"images?|img|sat|rgb|photo"
_AFFIX = re.compile(rf"^(?:{_MASK}|{_IMAGE})[-_. ]+|[-_. ]+(?:{_MASK}|{_IMAGE})$", re.IGNORECASE)
_SAYS_MASK = re.compile(rf"^(?:{_MASK})[-_. ]|[-_. ](?:{_MASK})$", re.IGNORECASE)
NAMED = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """An image and its mask."""

    image: Path
    mask: Path


def find_pairs(images: Path, masks: Path) -> tuple[list[Pair], list[str]]:
    """The pairs in two folders, by name, and sentences about files that are alone.

    Raises DatasetError if a folder is missing, if two images have the same name, or if there is
    no pair at all.
    """
    pictures, drawn = _rasters(images), _rasters(masks)
    if images.resolve() == masks.resolve():
        drawn = [path for path in drawn if _SAYS_MASK.search(path.stem)]
        pictures = [path for path in pictures if path not in set(drawn)]
    pairs = _match(_by_name(pictures), _by_name(drawn))
    if not pairs:
        raise DatasetError(
            f"No image of {images} ({_some(pictures)}) has a mask of its name in {masks} "
            f"({_some(drawn)})."
        )
    notes = []
    for one, other, all_, used in (
        ("image", "mask", pictures, {pair.image for pair in pairs}),
        ("mask", "image", drawn, {pair.mask for pair in pairs}),
    ):
        alone = [path for path in all_ if path not in used]
        if len(alone) == 1:
            notes.append(f"1 {one} has no {other} and was left out: {_some(alone)}.")
        elif alone:
            notes.append(f"{len(alone)} {one}s have no {other} and were left out: {_some(alone)}.")
    return pairs, notes


def _rasters(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.is_file())
    except FileNotFoundError:
        raise DatasetError(f"The folder {folder} does not exist.") from None
    except NotADirectoryError:
        raise DatasetError(f"{folder} is a file; give the folder that it lies in.") from None
    except OSError as error:
        raise DatasetError(f"{folder} cannot be read: {error.strerror}.") from error
    return [path for path in found if path.suffix.lower() in RASTERS and path.name[0] != "."]


def _by_name(paths: Iterable[Path]) -> dict[str, Path]:
    named: dict[str, Path] = {}
    for path in paths:
        other = named.setdefault(path.stem, path)
        if other is not path:
            raise DatasetError(
                f"{other.name} and {path.name} in {path.parent} have the same name, so nobody can "
                "say which is meant. Rename one, or move it away."
            )
    return named


def _match(images: dict[str, Path], masks: dict[str, Path]) -> list[Pair]:
    bare = _bare(masks)
    bare_images = _bare(images)
    pairs = []
    for stem, image in images.items():
        key = _AFFIX.sub("", stem).lower()
        mask = masks.get(stem)
        if mask is None and bare_images.get(key) is image:  # only where the short name is unique
            mask = bare.get(key)
        if mask is not None:
            pairs.append(Pair(image, mask))
    return pairs


def _bare(paths: dict[str, Path]) -> dict[str, Path]:
    """The files by name without what tools add; those that would share a name are left out."""
    found: dict[str, list[Path]] = {}
    for stem, path in paths.items():
        found.setdefault(_AFFIX.sub("", stem).lower(), []).append(path)
    return {key: own[0] for key, own in found.items() if len(own) == 1}


def _some(paths: list[Path]) -> str:
    if not paths:
        return "no pictures"
    names = ", ".join(path.name for path in paths[:NAMED])
    return names if len(paths) <= NAMED else f"{names} and {len(paths) - NAMED} more"
