# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that a chip's own pixels show at full resolution, and the mending of those that can be.

A frame without data, left by reprojection, is black and reaches the edge; JPEG lifts it to a few
grey values. A frame line is one or two rows of water along the edge, with dry land behind it.
Both become unknown: nobody can say what is there.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.audit_kinds import Finding
from waterseg_core.dataset.duplicates import frame_of

__all__ = ["blank_of", "border_of", "frame_lines_of", "no_data", "speckle_of"]

#: Brightest value of missing pixels, of most and of all that JPEG lifted, and how far it bleeds.
BLACK, LIFTED, DIM, BLEED_PX = 2, 6, 16, 2
#: A dim region at the edge is a frame if so much of it is black, and so much at most lifted: dark
#: water is neither.
BLACK_SHARE, LIFTED_SHARE = 0.1, 0.6
#: Fewer wrong pixels than this are not worth a word, as a share of the chip.
LEAST_SHARE = 0.001
#: A chip with less data than this, or whose data varies less (of 255), shows nothing. Open water
#: varies by a half at least.
LEAST_DATA, LEAST_CONTRAST = 0.05, 0.3
#: A frame line is at most so wide, its first row so full of water, and what lies behind so much
#: drier.
LINE_PX, LINE_FULL, LINE_DROP = 3, 0.85, 0.4
#: So much of a row must hold data to speak of it, as a share and in pixels: most of a line often
#: lies on missing data.
LINE_KNOWN, LINE_KNOWN_PX = 0.08, 8
#: So much of a chip changes where the majority of 5 x 5 pixels decides, if it is speckled.
SPECKLE_PX, MOST_SPECKLE = 5, 0.08

Pixels = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]


def no_data(image: Pixels) -> Bools:
    """Pixels (h, w) of an image uint8 (h, w, 3) that hold no data: a black frame, and its blur."""
    brightest = np.max(image, axis=2)
    if brightest.min(initial=255) > BLACK:
        return np.zeros(brightest.shape, bool)
    regions, count = ndimage.label(frame_of(brightest <= DIM))
    if not count:
        return np.zeros(brightest.shape, bool)
    numbers = np.arange(1, count + 1)
    black = np.asarray(ndimage.mean(brightest <= BLACK, regions, numbers))
    lifted = np.asarray(ndimage.mean(brightest <= LIFTED, regions, numbers))
    is_frame = (black >= BLACK_SHARE) & (lifted >= LIFTED_SHARE)
    frame: Bools = np.concatenate([[False], is_frame])[regions]
    near: Bools = ndimage.binary_dilation(frame, iterations=BLEED_PX)
    bled: Bools = near & (frame | (brightest <= 4 * DIM))
    return bled


def blank_of(image: Pixels, missing: Bools) -> list[Finding]:
    """Whether an image shows nothing."""
    data = ~missing
    if data.mean() < LEAST_DATA:
        return [Finding("blank", f"Only {data.mean():.1%} of the image hold data.")]
    contrast = float(image[data].std(axis=0).max())
    if contrast < LEAST_CONTRAST:
        return [Finding("blank", "The image has one colour everywhere: nothing can be seen.")]
    return []


def border_of(classes: Pixels, missing: Bools) -> tuple[Pixels, list[Finding]]:
    """The classes with missing data unknown, and a finding if some was drawn as water."""
    wet = int(np.count_nonzero(missing & _water(classes)))
    mended = classes.copy()
    mended[missing] = UNKNOWN
    if wet <= LEAST_SHARE * classes.size:
        return mended, []
    share = wet / max(int(np.count_nonzero(_water(classes))), 1)
    why = f"{share:.0%} of the water lies on the black frame, where there is no data."
    return mended, [Finding("border", why)]


def frame_lines_of(classes: Pixels) -> tuple[Pixels, list[Finding]]:
    """The classes with frame lines unknown, and a finding that names the sides."""
    mended, sides = classes.copy(), []
    for side, turns in (("top", 0), ("right", 1), ("bottom", 2), ("left", 3)):
        width = _line_width(np.rot90(classes, turns))
        if width:
            np.rot90(mended, turns)[:width] = UNKNOWN  # a view: mends in place
            sides.append(side)
    if not sides:
        return mended, []
    where = sides[0] if len(sides) == 1 else ", ".join(sides[:-1]) + " and " + sides[-1]
    return mended, [Finding("frame_line", f"A thin line of water runs along the edge ({where}).")]


def _line_width(classes: Pixels) -> int:
    """How many of the first rows are a frame line; 0 if the water goes on behind them."""
    if min(classes.shape) < 4 * LINE_PX:
        return 0
    known, water = classes != UNKNOWN, _water(classes)
    behind = _share(water[LINE_PX : 2 * LINE_PX], known[LINE_PX : 2 * LINE_PX])
    shares = [_share(water[row], known[row]) for row in range(LINE_PX)]
    if shares[0] < LINE_FULL or shares[0] - behind < LINE_DROP:
        return 0
    return next((row for row, share in enumerate(shares) if share < behind + 0.1), LINE_PX)


def _share(water: Bools, known: Bools) -> float:
    """The share of water in what is known; a half if that is too little to speak of."""
    count = int(np.count_nonzero(known))
    if count <= max(LINE_KNOWN * known.size, LINE_KNOWN_PX):
        return 0.5
    return float(np.count_nonzero(water & known) / count)


def speckle_of(classes: Pixels) -> list[Finding]:
    """Whether so much of a mask is salt and pepper that nobody can have drawn it."""
    water, known = _water(classes), classes != UNKNOWN
    if min(classes.shape) < 4 * SPECKLE_PX or not known.any():
        return []
    votes = ndimage.uniform_filter(water.astype(np.float32), SPECKLE_PX)
    share = float(((votes > 0.5) != water)[known].mean())
    if share <= MOST_SPECKLE:
        return []
    return [Finding("speckle", f"{share:.0%} of the mask are single pixels, salt and pepper.")]


def _water(classes: Pixels) -> Bools:
    water: Bools = (classes > 0) & (classes != UNKNOWN)
    return water
