# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawn landscapes for tests of imports and audits: a lopsided lake in rough land, and its mask."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

from waterseg_core.dataset.audit_witness import Witness
from waterseg_core.segmentation import Segmentation

SIDE = 96


def lake(seed: int, height: int = SIDE, width: int = SIDE) -> np.ndarray:
    """A third of the picture is water, in bodies that are like none of their turns.

    Bool (height, width).
    """
    rng = np.random.default_rng(seed)
    field = ndimage.gaussian_filter(rng.normal(size=(height, width)), min(height, width) / 10)
    found: np.ndarray = field > np.quantile(field, 0.67)
    return found


def landscape(mask: np.ndarray, seed: int) -> np.ndarray:
    """What a camera sees of a lake: uint8 (h, w, 3), smooth blue water, rough reddish land."""
    rng = np.random.default_rng(seed + 1000)
    broad = ndimage.gaussian_filter(rng.normal(size=mask.shape), 6) * 120
    fine = rng.normal(size=mask.shape) * 14
    land = np.stack([120 + broad + fine, 108 + broad * 0.8 + fine, 84 + broad * 0.6 + fine], -1)
    water = np.array([38, 70, 98]) + rng.normal(size=(*mask.shape, 1)) * 2
    rgb: np.ndarray = np.clip(np.where(mask[..., None], water, land), 17, 255).astype(np.uint8)
    return rgb


class BlueIsWater:
    """A segmenter that knows one thing: water is bluer than it is red."""

    name, revision, tile_size, threshold = "blue", "1", 96, 0.5
    labels = ("water",)

    def segment(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
        """See Segmenter."""
        return [Segmentation(self._one(image)[None]) for image in images]

    def _one(self, image: np.ndarray) -> np.ndarray:
        smooth = ndimage.uniform_filter(image.astype(np.float32), (3, 3, 0))
        bluer = smooth[..., 2] - smooth[..., 0]
        found: np.ndarray = (1 / (1 + np.exp(-bluer / 8))).astype(np.float32)
        return found


def blue_witness() -> Witness:
    """A witness with that segmenter."""
    return Witness(BlueIsWater())


def write_pair(folder: Path, name: str, image: np.ndarray, mask: np.ndarray) -> None:
    """An image and a mask of 0 and 255, as PNG, in the folders `images` and `masks`."""
    for part, pixels in (("images", image), ("masks", mask.astype(np.uint8) * 255)):
        (folder / part).mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(folder / part / f"{name}.png")


def write_lakes(folder: Path, count: int, side: int = SIDE) -> list[str]:
    """Pairs of drawn lakes, each another; their names."""
    names = [f"lake{number:02d}" for number in range(count)]
    for seed, name in enumerate(names):
        mask = lake(seed, side, side)
        write_pair(folder, name, landscape(mask, seed), mask)
    return names
