# SPDX-License-Identifier: GPL-3.0-or-later
"""A quick look at the validation images during training: dense masks over overlapping tiles.

The published numbers come from the real pipeline (`benchmarks/accuracy.py`); this one is for
choosing while training, so it repeats the tiling in its simplest form.
"""

from __future__ import annotations

import numpy as np
import torch
from data import TILE_PX, Pair
from model import Nano
from numpy.typing import NDArray
from PIL import Image
from precision import lowered


def starts(length: int, overlap: int = 64) -> list[int]:
    """Where tiles begin along a side of `length` pixels, spread evenly."""
    if length <= TILE_PX:
        return [0]
    count = -(-(length - overlap) // (TILE_PX - overlap))
    return [round(i * (length - TILE_PX) / (count - 1)) for i in range(count)]


@torch.no_grad()
def predict(model: Nano, pair: Pair, size: int) -> NDArray[np.float32]:
    """Mean water probability `(h, w)` over the tiles that cover a pixel."""
    height, width = pair.mask.shape
    total, hits = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    windows = [
        np.s_[r : r + TILE_PX, c : c + TILE_PX] for r in starts(height) for c in starts(width)
    ]
    for first in range(0, len(windows), 16):
        some = windows[first : first + 16]
        tiles = [Image.fromarray(np.ascontiguousarray(pair.rgb[w])) for w in some]
        stack = np.stack(
            [np.asarray(t.resize((size, size), Image.Resampling.BILINEAR)) for t in tiles]
        )
        device = model.prefix_ids.device
        pixels = torch.from_numpy(stack).to(device).permute(0, 3, 1, 2).float() / 127.5 - 1
        with lowered(device.type):
            states, _ = model.run(pixels)
            logits = model.head(states, pixels.contiguous(memory_format=torch.channels_last))
        for window, soft in zip(
            some, torch.sigmoid(logits.float())[:, 0].cpu().numpy(), strict=True
        ):
            h, w = total[window].shape
            total[window] += np.asarray(
                Image.fromarray(soft).resize((w, h), Image.Resampling.BILINEAR)
            )
            hits[window] += 1
    return total / hits


def quick_iou(model: Nano, pairs: list[Pair], size: int) -> dict[str, float]:
    """IoU per image and pooled at some thresholds, on pixels with data."""
    model.eval()
    thresholds = (0.3, 0.4, 0.5)
    both, either = [], []
    for pair in pairs:
        soft, truth = predict(model, pair, size) * (pair.known > 0), pair.water
        both.append([(truth & (soft > t)).sum() for t in thresholds])
        either.append([(truth | (soft > t)).sum() for t in thresholds])
    model.train()
    inter, union = np.array(both, float), np.array(either, float)
    each = np.where(union > 0, inter / np.maximum(union, 1), 1.0).mean(0)
    pooled = inter.sum(0) / union.sum(0)
    out: dict[str, float] = {}
    for i, t in enumerate(thresholds):
        out[f"image@{t}"] = round(float(each[i]), 4)
        out[f"pooled@{t}"] = round(float(pooled[i]), 4)
    return out
