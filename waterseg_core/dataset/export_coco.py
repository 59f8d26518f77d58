# SPDX-License-Identifier: GPL-3.0-or-later
"""COCO instances: a JSON file per split, images in a folder of its name.

Format: https://cocodataset.org/#format-data. What nobody knows of a mask is said as `iscrowd`,
which evaluations by COCO's rules leave out.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.export_objects import Body, bodies_of, run_lengths
from waterseg_core.dataset.folder import SPLITS, About, Chip

__all__ = ["Coco"]

Pixels = npt.NDArray[np.uint8]


class Coco:
    """Collects chips and writes `annotations/instances_train.json` and so on at the end."""

    def __init__(self, folder: Path, about: About, geometry: str) -> None:
        self._folder, self._about, self._geometry = folder, about, geometry
        self._images: dict[str, list[dict[str, Any]]] = {split: [] for split in SPLITS}
        self._objects: dict[str, list[dict[str, Any]]] = {split: [] for split in SPLITS}
        self._image_id = self._object_id = 0
        self.objects = 0

    def image(self, chip: Chip) -> Path:
        """Where a chip's image goes."""
        return self._folder / chip.split / f"{chip.id}.png"

    def add(self, chip: Chip, mask: Pixels) -> None:
        """Take a chip with its mask."""
        height, width = mask.shape
        self._image_id += 1
        self._images[chip.split].append(
            {
                "id": self._image_id,
                "file_name": f"{chip.id}.png",
                "width": width,
                "height": height,
                "license": 1,
            }
        )
        for body in bodies_of(mask):
            self._add(chip, body.label, self._said(body, height, width), body.box, body.pixels)
            self.objects += 1
        unknown = mask == UNKNOWN
        if unknown.any():
            self._add_unknown(chip, unknown)

    def finish(self) -> tuple[str, ...]:
        """Write the files; sentences for the person."""
        folder = self._folder / "annotations"
        folder.mkdir()
        for split in SPLITS:
            if self._images[split]:
                words = self._words(split)
                text = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
                (folder / f"instances_{split}.json").write_text(text + "\n", encoding="utf-8")
        return ()

    def _said(self, body: Body, height: int, width: int) -> Any:
        if self._geometry == "rle":
            return {"counts": body.runs, "size": [height, width]}
        return [[value for corner in body.ring for value in corner]]

    def _add_unknown(self, chip: Chip, unknown: npt.NDArray[np.bool_]) -> None:
        """Nobody may be judged by what nobody knows, whatever the class."""
        rows, cols = np.flatnonzero(unknown.any(1)), np.flatnonzero(unknown.any(0))
        top, left = int(rows[0]), int(cols[0])
        box = (left, top, int(cols[-1]) + 1 - left, int(rows[-1]) + 1 - top)
        said = {"counts": run_lengths(unknown), "size": list(unknown.shape)}
        for label in range(1, len(self._about.labels) + 1):
            self._add(chip, label, said, box, int(unknown.sum()), crowd=1)

    def _add(
        self,
        chip: Chip,
        label: int,
        said: Any,
        box: tuple[int, int, int, int],
        pixels: int,
        crowd: int = 0,
    ) -> None:
        self._object_id += 1
        self._objects[chip.split].append(
            {
                "id": self._object_id,
                "image_id": self._image_id,
                "category_id": label,
                "segmentation": said,
                "area": pixels,
                "bbox": list(box),
                "iscrowd": crowd,
            }
        )

    def _words(self, split: str) -> dict[str, Any]:
        about = self._about
        licence = about.licence or "not stated"
        return {
            "info": {"description": f"{about.prefix}, {split}", "contributor": "waterseg"},
            "licenses": [{"id": 1, "name": licence, "url": ""}],
            "categories": [
                {"id": number, "name": label, "supercategory": "water"}
                for number, label in enumerate(about.labels, start=1)
            ],
            "images": self._images[split],
            "annotations": self._objects[split],
        }
