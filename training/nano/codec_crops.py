# SPDX-License-Identifier: GPL-3.0-or-later
"""The masks that the codec learns from: crops of real water masks as they occur in use.

From every image several 256-pixel windows are cut at scales 0.3 to 2, and from every window
the boxes that the three ways of answering use: grid cells, union boxes, single components.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from scipy import ndimage

SIDE = 64
WINDOW = 256
WHITE = 127  # masks are JPEG: above this is water
MAX_SIDE = 1024  # larger masks are read at a reduced size
Box = tuple[int, int, int, int]  # y1, x1, y2, x2 in pixels, half-open


def read_mask(path: Path, max_side: int = MAX_SIDE) -> np.ndarray:
    """Water of a JPEG mask, bool (h, w); its longer side at most about 2 x `max_side`."""
    with Image.open(path) as image:
        image.draft("L", (max_side, max_side))
        return np.asarray(image.convert("L")) > WHITE


def window_mask(mask: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """Part x1, y1, x2, y2 of a mask, antialiased to the window's size, bool (256, 256)."""
    grey = Image.fromarray(mask.astype(np.uint8) * 255)
    small = grey.resize((WINDOW, WINDOW), Image.Resampling.BILINEAR, box=box)
    return np.asarray(small) > WHITE


def crop(mask: np.ndarray, box: Box) -> np.ndarray:
    """Part of a bool mask as the codec sees it: uint8 (64, 64), 255 is water."""
    y1, x1, y2, x2 = box
    part = Image.fromarray(mask[y1:y2, x1:x2].astype(np.uint8) * 255)
    return np.asarray(part.resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def tight_box(mask: np.ndarray) -> Box | None:
    """The smallest box around all water, or None where there is none."""
    rows, cols = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not rows.size:
        return None
    return int(rows[0]), int(cols[0]), int(rows[-1]) + 1, int(cols[-1]) + 1


def cell_boxes(side: int) -> list[Box]:
    """The cells of a side x side grid over the window, row-major."""
    step = WINDOW // side
    return [
        (row * step, col * step, (row + 1) * step, (col + 1) * step)
        for row in range(side)
        for col in range(side)
    ]


def _random_window(
    shape: tuple[int, ...], rng: np.random.Generator
) -> tuple[float, float, float, float]:
    height, width = shape
    size = WINDOW / float(np.exp(rng.uniform(np.log(0.3), np.log(2.0))))
    across, down = min(size, width), min(size, height)
    left, top = rng.uniform(0, width - across), rng.uniform(0, height - down)
    return left, top, left + across, top + down


def _mixed(part: np.ndarray) -> bool:
    return 0.002 < part.mean() < 0.998


def _window_crops(mask: np.ndarray, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Crops of one window: whole, union box, cells (some tight), two components."""
    whole = tight_box(mask)
    if whole is None or mask.all():
        return
    yield crop(mask, (0, 0, WINDOW, WINDOW))
    yield crop(mask, whole)
    for side, count in ((2, 3), (4, 5)):
        cells = [b for b in cell_boxes(side) if _mixed(mask[b[0] : b[2], b[1] : b[3]])]
        for index in rng.permutation(len(cells))[:count]:
            yield _cell_crop(mask, cells[index], tight=bool(rng.random() < 0.4))
    labels, count = ndimage.label(mask)
    for number in rng.permutation(min(count, 6))[:2] + 1:
        part = labels == number
        box = tight_box(part)
        if box is not None and part.sum() >= 16:
            yield crop(part, box)


def _cell_crop(mask: np.ndarray, cell: Box, *, tight: bool) -> np.ndarray:
    if not tight:
        return crop(mask, cell)
    part = mask[cell[0] : cell[2], cell[1] : cell[3]]
    inner = tight_box(part)
    if inner is None or min(inner[2] - inner[0], inner[3] - inner[1]) < 4:
        return crop(mask, cell)
    return crop(part, inner)


def image_crops(path: Path, windows: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Crops of one mask file: of the whole image squashed, and of random windows of it."""
    mask = read_mask(path)
    if mask.all() or not mask.any():
        return []
    height, width = mask.shape
    crops = list(_window_crops(window_mask(mask, (0, 0, width, height)), rng))
    for _ in range(windows):
        crops += _window_crops(window_mask(mask, _random_window(mask.shape, rng)), rng)
    return crops


def training_crops(mask_dir: Path, left_out: frozenset[str], windows: int, seed: int) -> np.ndarray:
    """Crops of every mask that is not left out, uint8 (n, 64, 64)."""
    rng = np.random.default_rng(seed)
    paths = sorted(p for p in mask_dir.glob("*.jpg") if p.name not in left_out)
    return np.stack([one for path in paths for one in image_crops(path, windows, rng)])
