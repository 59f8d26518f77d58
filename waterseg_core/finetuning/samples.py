# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples: some validation chips after each look, so that a person sees what the model learns.

Each chip is a row: the image, the drawn outline in yellow, the model's in blue.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from ..dataset.answer import UNKNOWN
from ..dataset.folder import Chip
from ..outputs_atomic import replacing
from .card import DRAWN, SAID, outlined, shrunk
from .telling import sample_name

__all__ = ["MOST", "Samples"]

#: Chips on a picture, evenly chosen among those that are looked at.
MOST = 6
_SIDE, _GAP = 192, 6

Pixels = npt.NDArray[np.uint8]
Masks = npt.NDArray[np.float32]


class Samples:
    """Takes notice of some chips while they are counted, and draws them into `folder`."""

    def __init__(self, folder: Path, chips: Sequence[Chip]) -> None:
        self._folder, count = folder, len(chips)
        some = range(count) if count <= MOST else (n * count // MOST for n in range(MOST))
        self._places = frozenset(some)
        self._seen: dict[int, tuple[Pixels, Pixels, Masks]] = {}

    def see(self, place: int, rgb: Pixels, classes: Pixels, masks: Masks) -> None:
        """A chip, its classes uint8 (h, w) and the probabilities of each label (labels, h, w)."""
        if place in self._places:
            self._seen[place] = (rgb, classes, masks)

    def draw(self, number: int, threshold: float) -> None:
        """Draw what was seen, water from the threshold on. Raises OutputError."""
        rows = []
        for _, (rgb, classes, masks) in sorted(self._seen.items()):
            square = shrunk(rgb, _SIDE)
            drawn = (classes > 0) & (classes != UNKNOWN)
            said = np.asarray((masks > threshold).any(axis=0))
            rows.append([square, outlined(square, drawn, DRAWN), outlined(square, said, SAID)])
        self._seen.clear()
        if not rows:
            return
        step = _SIDE + _GAP
        sheet = np.full((len(rows) * step - _GAP, 3 * step - _GAP, 3), 255, np.uint8)
        for down, row in enumerate(rows):
            for across, square in enumerate(row):
                top, left = down * step, across * step
                sheet[top : top + _SIDE, left : left + _SIDE] = square
        self._folder.mkdir(parents=True, exist_ok=True)
        with replacing(self._folder / sample_name(number)) as temporary:
            Image.fromarray(sheet).save(temporary)
