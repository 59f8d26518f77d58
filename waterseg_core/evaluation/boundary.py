# SPDX-License-Identifier: GPL-3.0-or-later
"""Shores: whether the outline is right, which the area of a large lake hides.

Boundary IoU (Cheng et al. 2021, Boundary IoU, eq. 2): IoU of the inner bands of both masks, the
pixels within d of what lies outside, d being 2 % of the image's diagonal; as in the authors' code
distance is that of chess kings and the image ends at dry land.

Boundary F1 (Csurka et al. 2013): the share of each mask's shore pixels that have one of the other
within 0.75 % of the diagonal, Euclidean. Where the image or the known part ends is no shore.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy import ndimage

__all__ = ["BAND", "NEAR", "band", "boundary_sums", "shore"]

Bools = npt.NDArray[np.bool_]

#: Width of the band, and what is near, as shares of the image's diagonal.
BAND, NEAR = 0.02, 0.0075


def boundary_sums(truth: Bools, found: Bools, known: Bools) -> dict[str, float]:
    """Pixels of both bands, of either; shore pixels of answer and truth, and those that are near.

    Masks bool `(h, w)`; unknown pixels are as outside of the image.
    """
    truth, found = truth & known, found & known
    diagonal = math.hypot(*truth.shape)
    wide, near = max(1, round(BAND * diagonal)), max(1, round(NEAR * diagonal))
    of_truth, of_found = band(truth, wide), band(found, wide)
    mine, theirs = shore(found, known), shore(truth, known)
    return {
        "band_both": float(np.count_nonzero(of_truth & of_found)),
        "band_either": float(np.count_nonzero(of_truth | of_found)),
        "shore_found": float(np.count_nonzero(mine)),
        "shore_found_near": float(_near(mine, theirs, near)),
        "shore_truth": float(np.count_nonzero(theirs)),
        "shore_truth_near": float(_near(theirs, mine, near)),
    }


def band(mask: Bools, wide: int) -> Bools:
    """The pixels of a mask with something else within `wide` pixels, diagonals counting 1."""
    inner = ndimage.minimum_filter(mask.view(np.uint8), 2 * wide + 1, mode="constant", cval=0)
    outer: Bools = mask & (inner == 0)
    return outer


def shore(mask: Bools, known: Bools) -> Bools:
    """The pixels of a mask that have a known pixel outside of it above, below, left or right."""
    edge: Bools = mask & known & ndimage.binary_dilation(known & ~mask)
    return edge


def _near(some: Bools, others: Bools, near: int) -> int:
    """How many of `some` have one of `others` within `near` pixels."""
    if not some.any() or not others.any():
        return 0
    distance = ndimage.distance_transform_edt(~others)
    return int(np.count_nonzero(distance[some] <= near))
