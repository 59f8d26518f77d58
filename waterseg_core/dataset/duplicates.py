# SPDX-License-Identifier: GPL-3.0-or-later
"""Which images show the same place: fingerprints that survive turning, resizing and JPEG.

A fingerprint is the low frequencies of the grey thumbnail (its cosine transform), weighted by
their frequency so that every scale counts alike; the scalar product of two is the correlation of
the pictures' details. Turns and mirrors of a picture only permute the frequencies and change
their signs, so all eight are compared without seeing a picture again: augmented copies are found.
A black frame left by reprojection is filled with the mean first; else all images with the same
frame would look alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import fft, ndimage

__all__ = ["ALIKE", "LENGTH", "alike_pairs", "fingerprint", "frame_of", "groups_of"]

#: Correlation from which two images count as near-duplicates: of 2.5 million pairs of different
#: lakes, 5 reach it, each a like shape in a like place.
ALIKE = 0.8
#: Brightest value of a black frame after JPEG.
BLACK = 20
#: A picture whose thumbnail varies less than this (of 255) is blank; blank ones are all alike.
BLANK = 1.0
#: What covers more of an image than this is no frame: the image is dark.
LARGEST_FRAME = 0.8

_SIDE, _KEPT, _BLOCK = 64, 12, 2048
_V, _U = np.meshgrid(np.arange(_KEPT), np.arange(_KEPT))
_WEIGHT = np.hypot(_U, _V)
LENGTH = _KEPT * _KEPT

Fingerprint = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]


def fingerprint(image: Pixels | Image.Image) -> Fingerprint:
    """The fingerprint of an image: float32 (LENGTH,) of length 1, or zeros for a blank one.

    image: uint8 (h, w, 3) or (h, w), or a PIL image (of a JPEG only what is needed is decoded).
    """
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    picture.draft("RGB", (_SIDE, _SIDE))
    small = picture.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    grey = _without_frame(np.asarray(small))
    if grey.std() < BLANK:
        return np.zeros(LENGTH, np.float32)
    low = fft.dctn(grey, norm="ortho")[:_KEPT, :_KEPT] * _WEIGHT
    return np.asarray(low / np.linalg.norm(low), np.float32).ravel()


def frame_of(dark: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Those dark pixels (h, w) that are connected with the edge of the image."""
    regions, _ = ndimage.label(dark)
    edge = np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]])
    return np.isin(regions, np.unique(edge[edge > 0]))


def _without_frame(small: Pixels) -> npt.NDArray[np.float64]:
    """Grey (64, 64), its black frame and the dim pixels beside it filled with the mean."""
    frame = ndimage.binary_dilation(frame_of(small.max(axis=2) <= BLACK), iterations=2)
    grey: npt.NDArray[np.float64] = small @ np.array([0.299, 0.587, 0.114])
    if frame.mean() < LARGEST_FRAME:
        grey[frame] = grey[~frame].mean()
    return grey


def alike_pairs(
    fingerprints: npt.ArrayLike, alike: float = ALIKE
) -> Iterator[tuple[int, int, float]]:
    """(first, second, correlation) of all pairs that are alike in one of the eight turns.

    fingerprints: (n, LENGTH). Memory grows with n, not with its square. Blank images are paired
    with the first blank one only.
    """
    prints = np.asarray(fingerprints, np.float32).reshape(-1, LENGTH)
    blank = np.flatnonzero(~prints.any(axis=1))
    for number in blank[1:].tolist():
        yield int(blank[0]), number, 1.0
    for start in range(0, len(prints), _BLOCK):
        turned = _turns(prints[start : start + _BLOCK])
        for other in range(start, len(prints), _BLOCK):
            best = np.full((len(turned[0]), len(prints[other : other + _BLOCK])), -1, np.float32)
            for turn in turned:
                np.maximum(best, turn @ prints[other : other + _BLOCK].T, out=best)
            for row, col in np.argwhere(best >= alike).tolist():
                if start + row < other + col:
                    yield start + row, other + col, float(best[row, col])


def _turns(prints: Fingerprint) -> list[Fingerprint]:
    """The fingerprints of the eight turns and mirrors of images: eight times (n, LENGTH)."""
    odd_rows, odd_cols = (-1.0) ** _U, (-1.0) ** _V
    square = prints.reshape(-1, _KEPT, _KEPT)
    turned = [
        way * signs
        for way in (square, square.swapaxes(1, 2))
        for signs in (np.ones_like(odd_rows), odd_rows, odd_cols, odd_rows * odd_cols)
    ]
    return [np.asarray(way, np.float32).reshape(-1, LENGTH) for way in turned]


def groups_of(
    fingerprints: npt.ArrayLike, names: Sequence[str] | None = None, alike: float = ALIKE
) -> list[str]:
    """The name of each image's group: those alike, directly or through others, have the same.

    fingerprints: (n, LENGTH). names: of the images, for names of groups that do not depend on
    the images' order (a hash of the first name in the group); else numbers are used.
    """
    count = len(np.asarray(fingerprints, np.float32).reshape(-1, LENGTH))
    parent = list(range(count))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number

    for first, second, _ in alike_pairs(fingerprints, alike):
        low, high = sorted((root(first), root(second)))
        parent[high] = low
    own = list(names) if names is not None else [f"{number:09d}" for number in range(count)]
    firsts: dict[int, str] = {}
    for number, name in enumerate(own):
        top = root(number)
        firsts[top] = min(firsts.get(top, name), name)
    return [hashlib.sha256(firsts[root(n)].encode()).hexdigest()[:12] for n in range(count)]
