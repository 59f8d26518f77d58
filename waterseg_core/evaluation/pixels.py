# SPDX-License-Identifier: GPL-3.0-or-later
"""Pixels: what of the water was found, what was found that is none, and how sure the model was.

Masks are bool `(h, w)`; a pixel that is not `known` counts nowhere. Results are sums, because sums
of images add up: per image, pooled, resampled and sliced numbers all come from the same table.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

__all__ = ["LEVELS", "confidence_counts", "dry_windows", "pixel_sums"]

Bools = npt.NDArray[np.bool_]
Sums = dict[str, float]

#: Steps of probability that are told apart: 0, 1/255, .. 1.
LEVELS = 256
#: A dry window has this side, or what the image leaves of it, but not less than the second.
DRY_PX, LEAST_PX = 256, 64


def pixel_sums(truth: Bools, found: Bools, known: Bools) -> Sums:
    """Pixels that are water in both, in the answer, in the truth; and those that are known."""
    truth, found = truth & known, found & known
    return {
        "both": float(np.count_nonzero(truth & found)),
        "found": float(np.count_nonzero(found)),
        "truth": float(np.count_nonzero(truth)),
        "known": float(np.count_nonzero(known)),
    }


def dry_windows(truth: Bools, found: Bools, known: Bools) -> Sums:
    """What is called water where there is none: windows of 256 px without water in the truth.

    Windows at the right and lower edge are smaller, but at least 64 px on a side.
    """
    sums = {"dry_windows": 0.0, "dry_known": 0.0, "dry_found": 0.0}
    for part in _windows(*truth.shape):
        if known[part].any() and not (truth[part] & known[part]).any():
            sums["dry_windows"] += 1
            sums["dry_known"] += float(np.count_nonzero(known[part]))
            sums["dry_found"] += float(np.count_nonzero(found[part] & known[part]))
    return sums


def _windows(height: int, width: int) -> Iterator[tuple[slice, slice]]:
    for row in range(0, height, DRY_PX):
        for col in range(0, width, DRY_PX):
            if min(height - row, width - col) >= LEAST_PX:
                yield slice(row, row + DRY_PX), slice(col, col + DRY_PX)


def confidence_counts(
    truth: Bools, probability: npt.NDArray[np.float32], known: Bools
) -> npt.NDArray[np.int64]:
    """Known pixels by probability and truth: int64 `(2, 256)`, dry first, then water.

    Level k holds the probabilities that round to k / 255. IoU at every threshold, reliability and
    the Brier score all come from this (see `confidence`).
    """
    level = np.rint(probability[known] * np.float32(LEVELS - 1)).astype(np.int64)
    both = np.bincount(level + LEVELS * truth[known], minlength=2 * LEVELS)
    return both.reshape(2, LEVELS).astype(np.int64)
