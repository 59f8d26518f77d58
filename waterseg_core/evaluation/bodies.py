# SPDX-License-Identifier: GPL-3.0-or-later
"""Water bodies: each lake counts once, the small ones as much as the large.

A body is a 4-connected part of a mask, as polygons are. A found body matches a true one if their
IoU is above 0.5, which at most one can (Kirillov et al. 2019, Panoptic Segmentation). From the
matches come object F1 and the panoptic quality, PQ = sum of IoU / (TP + FP/2 + FN/2).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import ndimage
from skimage.metrics import contingency_table

__all__ = ["body_sums", "labelled"]

Bools = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.intp]

MATCH = 0.5


def body_sums(truth: Bools, found: Bools, known: Bools, smallest: float) -> dict[str, float]:
    """Bodies that match, of the answer, of the truth; and the sum of the matches' IoU.

    smallest: pixels below which a body does not count, in the truth as in the answer.
    """
    theirs, mine = labelled(truth & known, smallest), labelled(found & known, smallest)
    ious = _matches(theirs, mine)
    return {
        "bodies_matched": float(len(ious)),
        "bodies_found": float(mine.max(initial=0)),
        "bodies_truth": float(theirs.max(initial=0)),
        "bodies_iou": float(ious.sum()),
    }


def labelled(mask: Bools, smallest: float) -> Labels:
    """The bodies of a mask, numbered from 1 without gaps; 0 is dry or too small."""
    labels, _ = ndimage.label(mask)
    large = np.bincount(labels.ravel()) >= smallest
    large[0] = False
    numbers = np.where(large, np.cumsum(large), 0)
    compact: Labels = numbers[labels]
    return compact


def _matches(theirs: Labels, mine: Labels) -> npt.NDArray[np.float64]:
    """IoU of each pair of bodies that match."""
    table = contingency_table(theirs, mine).tocoo()  # type: ignore[no-untyped-call]
    true_px, found_px = np.bincount(theirs.ravel()), np.bincount(mine.ravel())
    bodies = (table.row > 0) & (table.col > 0)
    row, col, both = table.row[bodies], table.col[bodies], table.data[bodies].astype(np.float64)
    iou = both / (true_px[row] + found_px[col] - both)
    matched: npt.NDArray[np.float64] = iou[iou > MATCH]
    return matched
