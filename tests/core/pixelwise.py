# SPDX-License-Identifier: GPL-3.0-or-later
"""A segmenter that looks at each pixel alone, and scenes to try it on.

Blue against red through a logistic: no context, so whatever way a scene is cut into tiles the
answer must be the same. It is a real segmenter, only a simple one.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning
from scipy.ndimage import gaussian_filter

from waterseg_core.segmenter import Segmentation


class PixelwiseSegmenter:
    """p(water) = logistic((blue - red) / 16) for each pixel; `seconds` slows each image down."""

    name = "pixelwise"
    revision = "1"
    threshold = 0.5

    def __init__(
        self, tile_size: int = 64, labels: tuple[str, ...] = ("water",), seconds: float = 0.0
    ) -> None:
        self.tile_size, self.labels, self.seconds = tile_size, labels, seconds
        self.seen = 0

    def segment(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
        """Masks of the images; a second label is what is not the first."""
        self.seen += len(images)
        time.sleep(self.seconds * len(images))
        return [self._one(image) for image in images]

    def _one(self, image: np.ndarray) -> Segmentation:
        red, blue = image[..., 0].astype(np.float32), image[..., 2].astype(np.float32)
        water = 1 / (1 + np.exp((red - blue) / np.float32(16)))
        masks = [water, 1 - water][: len(self.labels)]
        return Segmentation(np.stack(masks).astype(np.float32))


def lakes(height: int, width: int, seed: int = 0, smooth: float = 6.0) -> np.ndarray:
    """RGB uint8 (height, width, 3) with blue lakes, islands and some speckle in brown land."""
    chance = np.random.default_rng(seed)
    field = gaussian_filter(chance.normal(size=(height, width)), smooth)
    field = field / field.std() + 0.15 * chance.normal(size=(height, width))
    blue = np.clip(110 + 40 * field, 1, 254)
    red = np.clip(130 - 30 * field, 1, 254)
    return np.stack([red, np.full_like(red, 105.0), blue], axis=-1).astype(np.uint8)


def write_scene(
    path: Path,
    rgb: np.ndarray,
    crs: str | None = "EPSG:32633",
    transform: Affine | None = None,
    collar: int = 0,
) -> Path:
    """Write RGB as a tiled GeoTIFF with 10 m pixels; `collar` pixels around it are nodata 0."""
    rgb = rgb.copy()
    if collar:
        for edge in (rgb[:collar], rgb[-collar:], rgb[:, :collar], rgb[:, -collar:]):
            edge[:] = 0
    profile = {
        "driver": "GTiff",
        "height": rgb.shape[0],
        "width": rgb.shape[1],
        "count": 3,
        "dtype": "uint8",
        "photometric": "RGB",
        "tiled": True,
        "blockxsize": 64,
        "blockysize": 64,
    }
    if crs:
        profile["crs"] = crs
        profile["transform"] = transform or Affine(10, 0, 500_000, 0, -10, 5_000_000)
    if collar:
        profile["nodata"] = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # where that is wanted
        with rasterio.open(path, "w", **profile) as scene:
            scene.write(np.moveaxis(rgb, -1, 0))
    return path
