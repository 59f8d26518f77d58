# SPDX-License-Identifier: GPL-3.0-or-later
"""A training set of a few chips of 32 pixels: dark ponds on noisy land."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from waterseg_core.dataset.answer import answer_of
from waterseg_core.dataset.folder import About, Chip, write_index, write_picture
from waterseg_core.maskcodec import MaskCodec

SIDE = 32


def pond(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Chip `number`: uint8 (32, 32, 3) and classes uint8 (32, 32); every fifth chip is dry."""
    rng = np.random.default_rng(number)
    rows, cols = np.mgrid[:SIDE, :SIDE]
    centre = rng.uniform(8, 24, 2)
    wet = np.hypot(rows - centre[0], cols - centre[1]) < rng.uniform(5, 12)
    wet &= number % 5 != 4
    land = rng.integers(120, 200, (SIDE, SIDE, 3))
    return np.where(wet[..., None], land // 4, land).astype(np.uint8), wet.astype(np.uint8)


def write_set(
    folder: Path,
    codec: Path,
    train: int = 6,
    val: int = 3,
    test: int = 0,
    masks: bool = True,
    **about: Any,
) -> Path:
    """A set whose suffixes were made by the codec in a file."""
    coder = MaskCodec.load(codec)
    chips = []
    for number, split in enumerate(["train"] * train + ["val"] * val + ["test"] * test):
        rgb, classes = pond(number)
        (folder / split).mkdir(parents=True, exist_ok=True)
        (folder / "masks").mkdir(exist_ok=True)
        write_picture(folder / split / f"chip{number}.png", rgb)
        write_picture(folder / "masks" / f"chip{number}.png", classes)
        suffix = answer_of(classes, ("water",), coder).suffix
        chips.append(Chip(f"chip{number}", split, suffix, group=f"place{number}"))
    says: dict[str, Any] = {
        "prefix": "segment water",
        "labels": ("water",),
        "codec": "tiny",
        "codec_sha256": coder.sha256,
        "options": {},
        "licence": "CC0-1.0",
    }
    write_index(folder, About(**says | about), chips)
    if not masks:
        for path in (folder / "masks").iterdir():
            path.unlink()
        (folder / "masks").rmdir()
    return folder
