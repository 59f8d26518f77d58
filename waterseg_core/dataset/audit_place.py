# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a mask lies where its water is: turned, mirrored and shifted masks.

A mask in its place parts the image into two kinds of pixels. How well it does is the R² of the
linear discriminant between inside and outside (Fisher 1936): the share of "is water" that colour
and texture explain. A misplaced mask explains little, and much more once it is put back. So no
model is needed, and nothing is assumed about what water looks like.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from waterseg_core.dataset.audit_kinds import Finding
from waterseg_core.dataset.audit_look import SIDE, Look

__all__ = ["explained", "place_of", "turned"]

#: What a turn, or a shift, must explain more than the mask as it is. Measured: docs/AUDIT.md.
TURN_GAIN, SHIFT_GAIN = 0.1, 0.08
#: A mask that is alike after a turn cannot be told from it: their IoU at most.
MOST_ALIKE = 0.9
#: With less than this of water or of land there is too little to compare.
LEAST_SHARE = 0.01
#: Shifts that are tried, in pixels of 96, and the largest after refining.
RADII = (4, 8, 12)
#: Variance added to every feature: what JPEG and rounding leave in a flat picture.
NOISE = 4.0

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]

TURNS = (
    "as it is",
    "turned left by 90°",
    "turned by 180°",
    "turned right by 90°",
    "mirrored along the diagonal",
    "mirrored upside down",
    "mirrored along the other diagonal",
    "mirrored left to right",
)


def place_of(look: Look) -> list[Finding]:
    """Whether the mask fits better after a turn or a small shift."""
    if not LEAST_SHARE < look.share < 1 - LEAST_SHARE:
        return []
    now = explained(look.features, look.water, look.known)
    gains = [_turn_gain(look, turn, now) for turn in range(1, 8)]
    best = int(np.argmax(gains)) + 1
    if gains[best - 1] >= TURN_GAIN:
        return [Finding("turned", f"The mask fits the image better {TURNS[best]}.")]
    gain, down, right = _best_shift(look)
    if gain < SHIFT_GAIN:
        return []
    return [Finding("shifted", f"The mask fits the image better {_shift_in_words(down, right)}.")]


def explained(features: Floats, water: Bools, known: Bools) -> float:
    """R² of the linear discriminant of water, 0..1; 0 where one side has less than 8 pixels.

    features: (h, w, n); water and known: (h, w).
    """
    values, is_water = features[known], water[known]
    count = int(np.count_nonzero(is_water))
    if min(count, len(values) - count) < 8:
        return 0.0
    share = count / len(values)
    apart = values[is_water].mean(axis=0) - values[~is_water].mean(axis=0)
    scatter = np.cov(values, rowvar=False) + NOISE * np.eye(values.shape[1])
    return float(share * (1 - share) * apart @ np.linalg.solve(scatter, apart))


def turned(mask: Bools, turn: int) -> Bools:
    """A mask in one of the eight positions of a square.

    Quarter turns to the left; from 4 on of the mask mirrored along its main diagonal.
    """
    return np.rot90(mask.T if turn >= 4 else mask, turn % 4)


def _turn_gain(look: Look, turn: int, now: float) -> float:
    mask = turned(look.water, turn)
    either = np.count_nonzero(mask | look.water)
    if np.count_nonzero(mask & look.water) > MOST_ALIKE * either:
        return 0.0
    return explained(look.features, mask, look.known) - now


def _best_shift(look: Look) -> tuple[float, int, int]:
    """(gain, rows down, columns right) of the shift that fits best; refined by halving steps."""
    best = max(_gains(look, _around(0, 0, RADII)))
    if best[0] < SHIFT_GAIN:
        return best
    for step in (2, 1):
        best = max(best, *_gains(look, _around(best[1], best[2], (step,))))
    return best


def _around(row: int, col: int, radii: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    for radius in radii:
        for down in (-radius, 0, radius):
            for right in (-radius, 0, radius):
                if (down or right) and (row + down or col + right):
                    yield row + down, col + right


def _gains(look: Look, shifts: Iterator[tuple[int, int]]) -> Iterator[tuple[float, int, int]]:
    """What each shift explains more, on the pixels where both masks are known."""
    for down, right in shifts:
        here, there = _overlap(down, right), _overlap(-down, -right)
        features, known = look.features[here], look.known[here] & look.known[there]
        now = explained(features, look.water[here], known)
        yield explained(features, look.water[there], known) - now, down, right


def _overlap(down: int, right: int) -> tuple[slice, slice]:
    """Where a mask that was shifted still lies in the picture."""
    return (
        slice(max(down, 0), SIDE + min(down, 0)),
        slice(max(right, 0), SIDE + min(right, 0)),
    )


def _shift_in_words(down: int, right: int) -> str:
    parts = [
        (abs(down), "down" if down > 0 else "up"),
        (abs(right), "to the right" if right > 0 else "to the left"),
    ]
    said = [f"{size / SIDE:.0%} of the side {way}" for size, way in parts if size]
    return " and ".join(said)
