# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixed validation part: whole groups of near-duplicate images, chosen by a hash.

The rule depends on nothing but the images' pixels and names. `val_names.txt` is what it
gave and is the truth from then on: `python training/nano/split.py IMAGES --write` makes it.
Those of them whose labels would have kept them out of training (`data.suspicious`, a rule that
sees no model's answer) are named in `val_suspicious.txt`, so that both numbers can be told.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
from data import load_pairs, suspicious
from PIL import Image

VAL_SHARE = 0.12
MAX_DISTANCE = 4  # bits of 64 in which near-duplicates may differ
MAX_GROUP_SHARE = 0.05  # a larger group means that the hash chains unlike images
NAMES_FILE = Path(__file__).with_name("val_names.txt")
SUSPICIOUS_FILE = Path(__file__).with_name("val_suspicious.txt")


def difference_hash(path: Path) -> np.ndarray:
    """64 bits, bool (64,): is each cell of the 8x9 grey thumbnail darker than its right one."""
    with Image.open(path) as image:
        image.draft("L", (64, 64))
        thumbnail = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    grey = np.asarray(thumbnail, dtype=np.int16)
    return (grey[:, 1:] > grey[:, :-1]).ravel()


def near_duplicate_groups(hashes: np.ndarray, distance: int = MAX_DISTANCE) -> np.ndarray:
    """Group number per row of bool (n, 64): connected where at most `distance` bits differ."""
    signs = hashes.astype(np.float32) * 2 - 1
    near = signs @ signs.T >= signs.shape[1] - 2 * distance
    group = np.arange(len(hashes))
    for first, second in np.argwhere(np.triu(near, 1)):
        low, high = sorted((group[first], group[second]))
        if low != high:
            group[group == high] = low
    return group


def split_names(image_dir: str | Path) -> dict[str, str]:
    """File name to "train" or "val" for every JPEG in a folder, the same on every computer.

    Raises RuntimeError if near-duplicates chain into one giant group.
    """
    paths = sorted(Path(image_dir).glob("*.jpg"), key=lambda path: path.name)
    group = near_duplicate_groups(np.stack([difference_hash(path) for path in paths]))
    members: dict[int, list[str]] = {}
    for path, number in zip(paths, group.tolist(), strict=True):
        members.setdefault(number, []).append(path.name)
    largest = max(len(names) for names in members.values())
    if largest > max(MAX_GROUP_SHARE * len(paths), 2):
        raise RuntimeError(f"{largest} of {len(paths)} images chain into one group")
    return _assign(list(members.values()), round(VAL_SHARE * len(paths)))


def _assign(groups: list[list[str]], wanted: int) -> dict[str, str]:
    """Whole groups go to validation, in the order of their hash, until it is full."""
    part: dict[str, str] = {}
    taken = 0
    for names in sorted(groups, key=lambda names: hashlib.sha256(min(names).encode()).digest()):
        chosen = "val" if taken < wanted else "train"
        taken += len(names) if chosen == "val" else 0
        part.update(dict.fromkeys(names, chosen))
    return part


def validation_names() -> frozenset[str]:
    """The committed list of validation images."""
    return frozenset(NAMES_FILE.read_text(encoding="utf-8").split())


def suspicious_names(images: Path, names: list[str]) -> list[str]:
    """Those of the named images whose labels training leaves out; masks lie in `../masks`."""
    return [pair.name for pair in load_pairs(images.parent, names) if suspicious(pair)]


def write_names(path: Path, names: list[str]) -> None:
    """One name a line."""
    path.write_text("\n".join(names) + "\n", encoding="utf-8")


def main() -> None:
    """Print the size of the two parts, and write the lists if asked to."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    part = split_names(args.images)
    names = sorted(name for name, chosen in part.items() if chosen == "val")
    print(f"{len(names)} of {len(part)} images are validation")
    if args.write:
        write_names(NAMES_FILE, names)
        write_names(SUSPICIOUS_FILE, suspicious_names(args.images, names))
    elif NAMES_FILE.exists():
        print("the committed list", "agrees" if set(names) == validation_names() else "DIFFERS")


if __name__ == "__main__":
    main()
