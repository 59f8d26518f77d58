# SPDX-License-Identifier: GPL-3.0-or-later
"""Crops for training the bundled model: windows of the images as the tiler would cut them.

A crop is a window of half a tile to three tiles, squashed to the model's square, turned by one of
the eight dihedral symmetries and changed in colour. Masks are augmented before anything is
encoded, because codes are not equivariant.

Three quarters of the images have a black frame where the projection left no pixels, and the masks
call it water in one image and land in the next: there is nothing to learn from it. Such pixels
take the colour of the nearest with data, as they do in the pipeline, and no loss counts them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from torch.utils.data import DataLoader, Dataset

Pixels = NDArray[np.uint8]
Bools = NDArray[np.bool_]
TILE_PX = 256
"""Side of a serving tile in the image's own pixels."""
CROP_PX = (112, 720)
"""Shortest and longest side of a training crop, each octave as often as the next."""
BLACK, BLEED_PX = 16, 2
"""Brightest value of a frame pixel in a JPEG, and how far its edge bleeds into the image."""


@dataclass(frozen=True)
class Pair:
    """One image, uint8 `(h, w, 3)`; mask and where it counts, uint8 `(h, w)` of 0 and 255."""

    name: str
    rgb: Pixels
    mask: Pixels
    known: Pixels

    @property
    def water(self) -> Bools:
        """True where there is water for sure, `(h, w)`."""
        return (self.mask > 0) & (self.known > 0)


def load_pairs(root: Path, names: list[str]) -> list[Pair]:
    """Read images and masks; a mask is JPEG, so it is thresholded at 127."""

    def read(name: str) -> Pair:
        rgb = np.asarray(Image.open(root / "images" / name).convert("RGB"))
        grey = np.asarray(Image.open(root / "masks" / name).convert("L"))
        known, filled = without_frame(rgb)
        return Pair(name, filled, as_bytes(grey > 127), as_bytes(known))

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(read, names))


def as_bytes(mask: Bools) -> Pixels:
    """False and True as 0 and 255."""
    return np.where(mask, np.uint8(255), np.uint8(0))


def frame(rgb: Pixels) -> Bools:
    """True on the black frame of an image, `(h, w)`: dark pixels connected with its edge."""
    regions, _ = ndimage.label(rgb.max(-1) <= BLACK)
    edge = np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]])
    return np.isin(regions, edge[edge > 0])


def without_frame(rgb: Pixels) -> tuple[Bools, Pixels]:
    """(where an image has data, the image with the nearest of them where it has none)."""
    black = frame(rgb)
    if not black.any():
        return ~black, rgb
    black = ndimage.binary_dilation(black, iterations=BLEED_PX)
    if black.all():
        return ~black, rgb
    row, col = ndimage.distance_transform_edt(black, return_distances=False, return_indices=True)
    return ~black, rgb[row, col]


def validation_names() -> set[str]:
    """The fixed validation part, grouped by near-duplicates (see split.py)."""
    return set((Path(__file__).parent / "val_names.txt").read_text().split())


def suspicious(pair: Pair) -> bool:
    """Labels that teach the wrong thing: all water, a black image, or fields and towns as speckle.

    Speckle is the share of water that a 5x5 majority would change; above 15 % in a mask with
    more than a little water, a threshold on NDWI caught roofs, shadows and wet fields.
    """
    known = pair.known > 0
    if float(known.mean()) < 0.5:
        return True
    share = float(pair.water.sum() / known.sum())
    majority = ndimage.uniform_filter((pair.mask > 0).astype(np.float32), 5) > 0.5
    changed = float((pair.water ^ (majority & known)).sum())
    return share > 0.97 or (share > 0.05 and changed > 0.15 * float(pair.water.sum()))


class CropSampler(Dataset[tuple[Pixels, Pixels, Pixels]]):
    """Draws augmented crops; every draw depends on the seed and its number only."""

    def __init__(self, pairs: list[Pair], size: int, seed: int) -> None:
        self.pairs, self.size, self.seed = pairs, size, seed
        areas = np.array([p.mask.size for p in pairs], dtype=float)
        weights = np.clip(areas / areas.mean(), 0.05, None) ** 0.6
        self.weights = weights / weights.sum()

    def __getitem__(self, number: int) -> tuple[Pixels, Pixels, Pixels]:
        """Crop `number`: uint8 `(size, size, 3)`, and `(size, size)` for mask and known."""
        rng = np.random.default_rng((self.seed, number))
        pair = self.pairs[rng.choice(len(self.pairs), p=self.weights)]
        height, width = pair.mask.shape
        side = np.exp(rng.uniform(*np.log(CROP_PX)))
        stretch = 2 ** rng.uniform(-0.25, 0.25)
        h = int(np.clip(side * stretch, 24, None))
        w = int(np.clip(side / stretch, 24, None))
        h, w = min(h, height), min(w, width)
        part = self.place(pair, h, w, rng)
        planes = (pair.rgb[part], pair.mask[part], pair.known[part])
        return augment(*(self.squash(plane) for plane in planes), rng)

    def place(self, pair: Pair, h: int, w: int, rng: np.random.Generator) -> tuple[slice, slice]:
        """A window of h x w at random; one in five is the driest of several, for dry chips."""
        height, width = pair.mask.shape
        tries = 10 if rng.random() < 1 / 5 else 1
        rows = rng.integers(0, height - h + 1, tries)
        cols = rng.integers(0, width - w + 1, tries)
        parts = [np.s_[r : r + h, c : c + w] for r, c in zip(rows, cols, strict=True)]
        return min(parts, key=lambda part: int(pair.water[part][::4, ::4].sum()))

    def squash(self, part: Pixels) -> Pixels:
        """The window at the model's size, bilinear with antialias, as the segmenter does it."""
        image = Image.fromarray(np.ascontiguousarray(part))
        return np.asarray(image.resize((self.size, self.size), Image.Resampling.BILINEAR))


def augment(
    rgb: Pixels, mask: Pixels, known: Pixels, rng: np.random.Generator
) -> tuple[Pixels, Pixels, Pixels]:
    """A random dihedral turn of all, and a random change of colour of the image."""
    turns, mirrored = int(rng.integers(4)), rng.random() < 0.5
    planes = [np.rot90(plane, turns) for plane in (rgb, mask, known)]
    rgb, mask, known = (plane[:, ::-1] if mirrored else plane for plane in planes)
    if rng.random() < 0.3:
        rgb = stretch(rgb, known, rng)
    if rng.random() < 0.6:
        rgb = recolour(rgb, rng)
    if rng.random() < 0.1:
        rgb = recompress(rgb, int(rng.integers(35, 85)))
    return np.ascontiguousarray(rgb), np.ascontiguousarray(mask), np.ascontiguousarray(known)


def stretch(rgb: Pixels, known: Pixels, rng: np.random.Generator) -> Pixels:
    """Percentiles of each band to black and white, as scenes of 16 bits are read."""
    seen = rgb[::2, ::2][known[::2, ::2] > 0]
    if len(seen) < 256:
        return rgb
    low = np.percentile(seen, rng.uniform(0.5, 4), axis=0)
    high = np.percentile(seen, rng.uniform(95, 99.5), axis=0)
    out = (rgb - low) * (255 / np.maximum(high - low, 8))
    return out.clip(0, 255).astype(np.uint8)


def recolour(rgb: Pixels, rng: np.random.Generator) -> Pixels:
    """Gain and offset per channel, gamma, saturation and haze, as a table and a mix.

    One in seven is dimmed a lot: beside a bright city a scene's forests are nearly black.
    """
    values = np.linspace(0, 1, 256)[:, None]
    dimmed = 2 ** -rng.uniform(0.5, 2.5) if rng.random() < 0.15 else 1.0
    gain = dimmed * 2 ** (rng.normal(0, 0.25) + rng.normal(0, 0.12, 3))
    gamma = 2 ** rng.normal(0, 0.2)
    haze = max(0.0, rng.normal(-0.05, 0.12))
    table = ((values**gamma) * gain + rng.normal(0, 0.02, 3)) * (1 - haze) + 0.7 * haze
    table = (table * 255).clip(0, 255).astype(np.float32)
    out = np.stack([table[:, c][rgb[..., c]] for c in range(3)], axis=-1)
    grey = out.mean(-1, keepdims=True)
    out = grey + (out - grey) * np.float32(2 ** rng.normal(0, 0.25))
    return out.clip(0, 255).astype(np.uint8)


def recompress(rgb: Pixels, quality: int) -> Pixels:
    """The image after a round trip through JPEG."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgb)).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def batches(sampler: CropSampler, batch: int, workers: int = 1) -> Iterator[list[Pixels]]:
    """Endless batches `(B, size, size, 3)` and twice `(B, size, size)`, made by other processes.

    They do not depend on the number of processes.
    """

    def stacked(crops: list[tuple[Pixels, Pixels, Pixels]]) -> list[Pixels]:
        return [np.stack(planes) for planes in zip(*crops, strict=True)]

    numbers = range(2**62)  # the loader counts on and never comes to the end
    return iter(
        DataLoader(
            sampler, batch, sampler=numbers, num_workers=workers, collate_fn=stacked, timeout=600
        )
    )
