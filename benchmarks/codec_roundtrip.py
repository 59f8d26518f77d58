# SPDX-License-Identifier: GPL-3.0-or-later
"""What survives the mask codec: IoU of real water masks with themselves, boxes and codes between.

    python benchmarks/codec_roundtrip.py ../shared/data/water_bodies/masks

Every validation mask is squashed to a square, cut into boxes, encoded, decoded, pasted back
and compared with what went in, at one, four and sixteen boxes. This is the ceiling of every
answer that speaks in codes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from waterseg_core.maskcodec import Box, MaskCodec, box_slices, crop_to_box, paste

NAMES = Path(__file__).parents[1] / "training" / "nano" / "val_names.txt"
WHITE = 127  # masks are JPEG: above this is water
UNIT: Box = (0.0, 0.0, 1.0, 1.0)


def squashed(path: Path, side: int) -> np.ndarray:
    """Water of a mask file at side x side pixels, bool, antialiased before the threshold."""
    with Image.open(path) as image:
        grey = np.asarray(image.convert("L")) > WHITE
    small = Image.fromarray(grey.astype(np.uint8) * 255)
    return np.asarray(small.resize((side, side), Image.Resampling.BILINEAR)) > WHITE


def cells(mask: np.ndarray, count: int) -> list[Box]:
    """The cells of a count x count grid, as the grid answer forces them."""
    edges = [index / count for index in range(count + 1)]
    return [
        (edges[row], edges[col], edges[row + 1], edges[col + 1])
        for row in range(count)
        for col in range(count)
    ]


def tight_cells(mask: np.ndarray, count: int) -> list[Box]:
    """In every cell of the grid the smallest box around its water, if it has any."""
    boxes = []
    for cell in cells(mask, count):
        rows, cols = box_slices(cell, *mask.shape)
        part = mask[rows, cols]
        down, across = np.flatnonzero(part.any(1)), np.flatnonzero(part.any(0))
        if down.size:
            top, left = rows.start + down[0], cols.start + across[0]
            bottom, right = rows.start + down[-1] + 1, cols.start + across[-1] + 1
            height, width = mask.shape
            boxes.append((top / height, left / width, bottom / height, right / width))
    return boxes


def round_trip(codec: MaskCodec | None, mask: np.ndarray, boxes: list[Box]) -> np.ndarray:
    """What comes back of a mask through its boxes, bool; without a codec only the 64x64 grids."""
    crops = np.stack([crop_to_box(mask, box) for box in boxes])
    raw = crops * 2 - 1 if codec is None else codec.decode(codec.encode(crops))
    found = np.zeros(mask.shape, bool)
    for one, box in zip(raw, boxes, strict=True):
        found |= paste(one, box, *mask.shape) > 0.5
    return found


def score(
    codec: MaskCodec | None, masks: list[np.ndarray], boxes: Callable[[np.ndarray], list[Box]]
) -> tuple[float, float, float]:
    """Mean, 10th percentile and pooled IoU over masks."""
    shared, union = [], []
    for mask in masks:
        found = round_trip(codec, mask, boxes(mask))
        shared.append(int((found & mask).sum()))
        union.append(int((found | mask).sum()))
    ratio = np.array(shared) / np.array(union)
    return float(ratio.mean()), float(np.quantile(ratio, 0.1)), sum(shared) / sum(union)


def load_masks(folder: Path, side: int, limit: int | None) -> list[np.ndarray]:
    """The validation masks that hold water and are not all water, as the latter are bad labels."""
    names = NAMES.read_text(encoding="utf-8").split()[:limit]
    masks = [squashed(folder / name, side) for name in names]
    kept = [mask for mask in masks if mask.any() and not mask.all()]
    print(f"{len(kept)} masks at {side} px; {len(masks) - len(kept)} all or no water left out")
    return kept


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("masks", type=Path)
    parser.add_argument("--codec", help="a codec file, or 'google'; the bundled one otherwise")
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--limit", type=int)
    args = parser.parse_args()
    codec = MaskCodec.load(args.codec)
    print(f"codec {codec.path.name}, sha256 {codec.sha256[:16]}")
    masks = load_masks(args.masks, args.side, args.limit)
    print(f"{'boxes':<34}{'per image':>10}{'p10':>8}{'pooled':>8}")
    for name, coded, boxes in (
        ("1 union box, no codes", False, lambda mask: tight_cells(mask, 1)),
        ("1 union box", True, lambda mask: tight_cells(mask, 1)),
        ("4 = 2x2 boxes", True, lambda mask: tight_cells(mask, 2)),
        ("16 = 4x4 boxes", True, lambda mask: tight_cells(mask, 4)),
        ("4 = 2x2 whole cells", True, lambda mask: cells(mask, 2)),
        ("16 = 4x4 whole cells", True, lambda mask: cells(mask, 4)),
    ):
        mean, low, pooled = score(codec if coded else None, masks, boxes)
        print(f"{name:<34}{mean:>10.3f}{low:>8.3f}{pooled:>8.3f}", flush=True)


if __name__ == "__main__":
    main()
