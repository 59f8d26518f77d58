# SPDX-License-Identifier: GPL-3.0-or-later
"""One chip in many ways: a window of it, turned and recoloured, image and mask together.

It happens before anything is encoded, because codes do not turn with their mask. North is no
rule in satellite images, so all eight symmetries of a square are as good. Nothing here is
random by itself: the same generator gives the same chip.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
#: No window has fewer pixels along a side, if the chip has them.
LEAST = 32


def augment(
    rgb: Pixels, classes: Pixels, rng: np.random.Generator, smallest: float
) -> tuple[Pixels, Pixels]:
    """A window of a chip, turned and recoloured.

    rgb: uint8 (h, w, 3); classes: uint8 (h, w). smallest: the least share of the chip's sides
    that a window keeps, 0..1. The result has a size of its own.
    """
    rows, cols = window(rgb.shape[0], rgb.shape[1], rng, smallest)
    rgb, classes = rgb[rows, cols], classes[rows, cols]
    turns, mirrored = int(rng.integers(4)), bool(rng.integers(2))
    rgb, classes = np.rot90(rgb, turns), np.rot90(classes, turns)
    if mirrored:
        rgb, classes = rgb[:, ::-1], classes[:, ::-1]
    if rng.random() < 0.8:
        rgb = recolour(rgb, rng)
    return np.ascontiguousarray(rgb), np.ascontiguousarray(classes)


def window(
    height: int, width: int, rng: np.random.Generator, smallest: float
) -> tuple[slice, slice]:
    """A window at random; one in three is the whole. Sides may differ by a fifth."""
    if rng.random() < 1 / 3:
        return slice(0, height), slice(0, width)
    share = np.exp(rng.uniform(np.log(smallest), 0))
    stretch = 2 ** rng.uniform(-0.25, 0.25)
    return _span(height, share * stretch, rng), _span(width, share / stretch, rng)


def _span(size: int, share: float, rng: np.random.Generator) -> slice:
    length = min(size, max(round(size * share), min(size, LEAST)))
    start = int(rng.integers(0, size - length + 1))
    return slice(start, start + length)


def recolour(rgb: Pixels, rng: np.random.Generator) -> Pixels:
    """Another exposure: gain and offset per band, gamma, saturation; uint8 (h, w, 3)."""
    values = np.linspace(0, 1, 256)[:, None]
    gain = 2 ** (rng.normal(0, 0.2) + rng.normal(0, 0.08, 3))
    table = values ** (2 ** rng.normal(0, 0.15)) * gain + rng.normal(0, 0.02, 3)
    table = (table * 255).clip(0, 255).astype(np.float32)
    out = np.stack([table[:, band][rgb[..., band]] for band in range(3)], axis=-1)
    grey = out.mean(-1, keepdims=True)
    out = grey + (out - grey) * np.float32(2 ** rng.normal(0, 0.2))
    return np.asarray(np.rint(out).clip(0, 255), np.uint8)
