# SPDX-License-Identifier: GPL-3.0-or-later
"""Look: a chip as an audit sees it as a whole, small and square.

At 96 x 96 a mask and its seven turns and mirrors have the same shape, whatever the chip's, and
looking at all of them takes milliseconds. What a pixel is like is told by four numbers: its colour
and how much its neighbourhood varies; water is smooth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from waterseg_core.dataset.answer import UNKNOWN

__all__ = ["SIDE", "Look", "look_at", "small"]

SIDE = 96
#: How much the texture counts beside a colour of 0..255, and the window that it is taken from.
TEXTURE_WEIGHT, TEXTURE_PX = 8.0, 5

Pixels = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Look:
    """rgb: float32 (96, 96, 3), 0..255. features: float32 (96, 96, 4). water, known: bool (96, 96).

    A small pixel is water if most of it is, and known if nearly all of it is.
    """

    rgb: Floats
    features: Floats
    water: Bools
    known: Bools

    @property
    def share(self) -> float:
        """The share of water in what is known, 0..1."""
        return float(self.water[self.known].mean()) if self.known.any() else 0.0


def look_at(image: Pixels, classes: Pixels) -> Look:
    """The look of a chip: image uint8 (h, w, 3), classes uint8 (h, w) with 255 unknown."""
    rgb = small(image)
    unknown = classes == UNKNOWN
    water = small(((classes > 0) & ~unknown).view(np.uint8) * np.uint8(255)) > 127
    known = small((~unknown).view(np.uint8) * np.uint8(255)) > 200
    grey = rgb @ np.array([0.299, 0.587, 0.114], np.float32)
    mean = ndimage.uniform_filter(grey, TEXTURE_PX)
    square = ndimage.uniform_filter(grey * grey, TEXTURE_PX)
    texture = TEXTURE_WEIGHT * np.log1p(np.sqrt(np.maximum(square - mean * mean, 0)))
    return Look(rgb, np.dstack([rgb, texture]).astype(np.float32), water & known, known)


def small(picture: Pixels) -> Floats:
    """A picture (h, w) or (h, w, 3) as float32 of 96 x 96, averaged where it shrinks."""
    image = Image.fromarray(picture)
    shrinks = min(image.size) >= SIDE
    how = Image.Resampling.BOX if shrinks else Image.Resampling.BILINEAR
    return np.asarray(image.resize((SIDE, SIDE), how, reducing_gap=2.0), np.float32)
