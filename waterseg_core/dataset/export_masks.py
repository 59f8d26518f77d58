# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks: a raster of classes per chip, with its place on Earth where that is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.chips import georef_of
from waterseg_core.dataset.export_objects import bodies_of
from waterseg_core.dataset.folder import About, Chip, write_picture
from waterseg_core.mosaic import FULL, FinishedRows
from waterseg_core.outputs_cog import write_mask

__all__ = ["Masks"]

Pixels = npt.NDArray[np.uint8]


class Masks:
    """Writes `masks/train/ID.tif`, or `.png` without a place, beside `images/train/ID.png`."""

    def __init__(self, folder: Path, about: About) -> None:
        self._folder, self._about = folder, about
        self._placed = self._total = 0
        self.objects = 0

    def image(self, chip: Chip) -> Path:
        """Where a chip's image goes."""
        return self._folder / "images" / chip.split / f"{chip.id}.png"

    def add(self, chip: Chip, mask: Pixels) -> None:
        """Take a chip with its mask: 0 dry, k the k-th label, 255 unknown."""
        file = self._folder / "masks" / chip.split / f"{chip.id}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        georef = georef_of(chip)
        placed = georef is not None and georef.crs is not None
        if georef is None or not placed:  # numbers without a CRS are no place on Earth
            write_picture(file, mask)
        else:
            rows, labels = _rows(mask, self._about.labels), self._about.labels
            write_mask(file.with_suffix(".tif"), [rows], georef, *mask.shape, labels=labels)
        self._placed += placed
        self._total += 1
        self.objects += sum(1 for _ in bodies_of(mask))

    def finish(self) -> tuple[str, ...]:
        """Nothing more to write; sentences for the person."""
        if self._placed in (0, self._total):
            return ()
        return (f"{self._total - self._placed} masks are PNG, as their place is not known.",)


def _rows(mask: Pixels, labels: Sequence[str]) -> FinishedRows:
    """A mask as the writer of masks takes it: surely its class where it is known."""
    surely = [np.where(mask == number, FULL, 0) for number in range(1, len(labels) + 1)]
    return FinishedRows(np.stack(surely).astype(np.uint16), mask != UNKNOWN)
