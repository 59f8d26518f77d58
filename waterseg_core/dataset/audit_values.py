# SPDX-License-Identifier: GPL-3.0-or-later
"""From the values of a mask raster to classes: 0 dry, 1.. the labels, 255 unknown.

Masks come as 0 and 255, as 0 and 1, as numbers of classes, and as JPEG, where every shore is a
band of greys. Greys have one right answer, the nearer of black and white; a photograph has none.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.audit_kinds import Finding
from waterseg_core.errors import DatasetError

__all__ = ["THRESHOLD", "classes_of", "classes_of_chip"]

#: A grey above this is white.
THRESHOLD = 127
#: Values this far from black and white are neither. Of masks stored as JPEG at most a third of
#: the pixels are (tiny ones that were resized); of photographs nearly all.
NEITHER = (32, 224)
MOST_NEITHER = 0.4
#: What JPEG may add to the difference of a grey pixel's channels.
GREY_TOLERANCE = 24

Pixels = npt.NDArray[np.uint8]


def classes_of(raw: npt.NDArray[np.generic], labels: int = 1) -> tuple[Pixels, list[Finding]]:
    """Classes uint8 (h, w) of a mask's values, and what was done to get them.

    raw: integers or bools, (h, w) or (h, w, channels) with equal channels. labels: how many
    classes there may be. Two values of which one is 0 are dry and water, whatever the other is
    (but with 0 and 1 alone, or 1.. to `labels`, 255 is unknown). Raises DatasetError, with the
    end of a sentence, if this is no mask.
    """
    flat = _one_channel(raw)
    values = np.unique(flat)
    known = values[values != UNKNOWN]
    if len(known) and 1 <= known.max() <= labels:
        return flat.astype(np.uint8), []
    if set(values.tolist()) <= {0, 255}:
        return (flat > 0).astype(np.uint8), []
    if len(values) == 2 and values[0] == 0:
        return (flat > 0).astype(np.uint8), []
    if values.min() < 0 or values.max() > 255:
        raise DatasetError(f"its values go from {values.min()} to {values.max()}, not 0 to 255")
    if labels > 1:
        raise DatasetError(
            f"its values ({_some(values)}) are not those of {labels} classes, 0 to {labels}, or 255"
        )
    return _cut(flat, len(values))


def _one_channel(raw: npt.NDArray[np.generic]) -> npt.NDArray[np.int64]:
    """The values (h, w); alpha is left out, and channels must be alike."""
    values = np.asarray(raw, np.int64)
    if values.ndim == 2:
        return values
    if values.ndim != 3 or not values.shape[2]:
        raise DatasetError(f"it has {values.ndim} dimensions")
    colours = values[..., : 3 if values.shape[2] >= 3 else 1]
    if np.ptp(colours, axis=2).max(initial=0) > GREY_TOLERANCE:
        raise DatasetError("it is coloured; a mask has one value for dry and one for water")
    return colours[..., 0]


def _cut(flat: npt.NDArray[np.int64], values: int) -> tuple[Pixels, list[Finding]]:
    neither = float(((flat > NEITHER[0]) & (flat < NEITHER[1])).mean())
    if neither > MOST_NEITHER:
        raise DatasetError(
            f"{neither:.0%} of its pixels are neither black nor white, as in a photograph"
        )
    why = f"The mask has {values} grey values, as JPEG leaves them; above {THRESHOLD} became water."
    return (flat > THRESHOLD).astype(np.uint8), [Finding("grey", why)]


def _some(values: npt.NDArray[np.int64]) -> str:
    text = ", ".join(str(value) for value in values[:6])
    return text if len(values) <= 6 else f"{text}, ..."


def classes_of_chip(raw: Pixels, labels: int, dry: bool) -> tuple[Pixels, list[Finding]]:
    """The same for a mask of a training set of ours, which should need nothing.

    dry: whether the chip's suffix is empty. 255 is unknown there, so 0 and 255 alone say water
    only if the suffix does. Raises DatasetError as `classes_of` does.
    """
    values = np.unique(raw)
    known = values[values != UNKNOWN]
    if known.max(initial=0) > labels:
        return classes_of(raw, labels)
    if dry or known.max(initial=0) > 0 or UNKNOWN not in values:
        return raw, []
    why = "The mask says 255, unknown, where its suffix says water; it became water."
    return (raw > 0).astype(np.uint8), [Finding("grey", why)]
