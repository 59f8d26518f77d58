# SPDX-License-Identifier: GPL-3.0-or-later
"""YOLO-seg: a text file per chip with a line per object, its class and its outline.

Format: https://docs.ultralytics.com/datasets/segment/. Coordinates are shares of width and height.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.export_objects import bodies_of
from waterseg_core.dataset.folder import SPLITS, About, Chip

__all__ = ["Yolo"]


class Yolo:
    """Writes `labels/train/ID.txt` beside `images/train/ID.png`, and `data.yaml` at the end."""

    def __init__(self, folder: Path, about: About) -> None:
        self._folder, self._about = folder, about
        self._splits: set[str] = set()
        self._unknown = 0
        self.objects = 0

    def image(self, chip: Chip) -> Path:
        """Where a chip's image goes."""
        return self._folder / "images" / chip.split / f"{chip.id}.png"

    def add(self, chip: Chip, mask: npt.NDArray[np.uint8]) -> None:
        """Take a chip with its mask; a dry one has an empty file."""
        height, width = mask.shape
        lines = []
        for body in bodies_of(mask):
            shares = (f"{x / width:.6f} {y / height:.6f}" for x, y in body.ring)
            lines.append(f"{body.label - 1} {' '.join(shares)}\n")
        file = self._folder / "labels" / chip.split / f"{chip.id}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(lines), encoding="utf-8", newline="\n")
        self.objects += len(lines)
        self._splits.add(chip.split)
        self._unknown += bool(np.any(mask == UNKNOWN))

    def finish(self) -> tuple[str, ...]:
        """Write `data.yaml`; sentences for the person."""
        splits = [f"{split}: images/{split}" for split in SPLITS if split in self._splits]
        names = [
            f"  {number}: {json.dumps(label, ensure_ascii=False)}"
            for number, label in enumerate(self._about.labels)
        ]
        text = "\n".join([*splits, "names:", *names]) + "\n"
        (self._folder / "data.yaml").write_text(text, encoding="utf-8", newline="\n")
        if not self._unknown:
            return ()
        return (
            f"{self._unknown} chips have pixels of which nobody knows what they are; YOLO's format "
            "cannot say that, and they count as dry.",
        )
