# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a mask calls the right side water: inverted, empty and full masks, and disagreement.

Two witnesses. Colours: inside and outside are compared as a pair, since water is bluer, darker
and smoother than the land beside it and reaches the edge less often; the weights were fitted on
lakes in Sentinel-2 mosaics (docs/AUDIT.md) and speak of true colours. And a segmenter, where there
is one: it alone can say that there is water where none was drawn.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from waterseg_core.dataset.audit_kinds import Finding
from waterseg_core.dataset.audit_look import Look
from waterseg_core.dataset.audit_place import explained

__all__ = ["agreement", "looks_like_water", "water_of"]

#: Weights of the differences between inside and outside, in standard deviations: blue minus red,
#: brightness, texture, share of the edge, green minus red.
WEIGHTS = np.array([1.79, -0.64, -1.33, -0.53, 1.33])
#: Right masks score 1.8 at least; an inverted one scores the same below zero.
SURELY = 1.5
#: What a model must agree more with the inverted mask than with the mask, in IoU.
MODEL_GAIN = 0.2
#: A mask is all water above this share, and empty below that.
FULL, EMPTY = 0.985, 0.0
#: A model sees land, or water, if it says so of so much of the chip, this surely.
SEEN, SURE = 0.1, 0.75
#: But models err too: what it says must part the image into two kinds of pixels (R²) of different
#: colours (of 255), unless it says one thing of nearly everything, in an image that varies.
PARTS_LAND, PARTS_WATER, SHADE = 0.3, 0.45, 20.0
NEARLY_ALL, VARIED = 0.9, 12.0
#: Below this IoU with the model, a label is worth a look.
DISAGREES = 0.4

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


def water_of(look: Look, opinion: Floats | None, threshold: float) -> list[Finding]:
    """Whether the mask is inverted, all water or empty though the image is not, or disagrees.

    opinion: a segmenter's probability of water, (96, 96) in 0..1, or None. threshold: from which
    its makers call a pixel water.
    """
    if look.share > FULL:
        return _full(look, opinion, threshold)
    if look.share <= EMPTY:
        return _empty(look, opinion, threshold)
    inverted = _inverted(look, opinion, threshold)
    if inverted or opinion is None:
        return inverted
    iou = agreement(look, opinion, threshold)
    if iou >= DISAGREES:
        return []
    return [Finding("disagrees", f"The model's water and the mask have an IoU of {iou:.2f}.")]


def agreement(look: Look, opinion: Floats, threshold: float) -> float:
    """IoU of the mask and a segmenter's, where the mask is known; 1 where both are dry."""
    return _iou(opinion > threshold, look.water, look.known)


def looks_like_water(look: Look, water: Bools) -> float:
    """How much more the inside of a mask looks like water than its outside; below 0 it is less."""
    known = look.known
    inside = water[known]
    if min(np.count_nonzero(inside), np.count_nonzero(~inside)) < 8:
        return 0.0
    red, green, blue, texture = (look.features[..., channel][known] for channel in range(4))
    grey = 0.3 * red + 0.59 * green + 0.11 * blue
    pairs = [
        _difference(blue - red, inside),
        _difference(grey, inside),
        _difference(texture, inside),
        _at_edge(water, known) - float(inside.mean()),
        _difference(green - red, inside),
    ]
    return float(WEIGHTS @ np.array(pairs))


def _difference(values: Floats, inside: Bools) -> float:
    spread = float(values.std()) + 4
    return float(values[inside].mean() - values[~inside].mean()) / spread


def _at_edge(water: Bools, known: Bools) -> float:
    """The share of water along the edge of what is known."""
    inner = ndimage.binary_erosion(known, iterations=2, border_value=0)
    edge = known & ~inner
    return float(water[edge].mean()) if edge.any() else 0.0


def _inverted(look: Look, opinion: Floats | None, threshold: float) -> list[Finding]:
    score = looks_like_water(look, look.water)
    if opinion is None:
        if score > -SURELY or explained(look.features, look.water, look.known) < 0.3:
            return []
        return [Finding("inverted", "Outside the mask it looks like water, inside like land.")]
    said = opinion > threshold
    now = _iou(said, look.water, look.known)
    gain = _iou(said, ~look.water, look.known) - now
    if gain > MODEL_GAIN and score < 0:
        why = "Outside the mask it looks like water, inside like land, to the model as well."
        return [Finding("inverted", why)]
    return []


def _full(look: Look, opinion: Floats | None, threshold: float) -> list[Finding]:
    if opinion is None:
        return []
    land = _seen(1 - opinion, look.known)
    parts = _parts(look, opinion > threshold)
    everywhere = land > NEARLY_ALL and float(look.rgb[look.known].std(axis=0).max()) > VARIED
    if land < SEEN or not (everywhere or (parts > PARTS_LAND and _apart(look, opinion, threshold))):
        return []
    return [Finding("all_water", f"All is water, but the model sees land on {land:.0%}.")]


def _empty(look: Look, opinion: Floats | None, threshold: float) -> list[Finding]:
    if opinion is None:
        return []
    water = _seen(opinion, look.known)
    parts = _parts(look, opinion > threshold)
    if water < SEEN / 2 or not (water > NEARLY_ALL or parts > PARTS_WATER):
        return []
    return [Finding("empty", f"No water is drawn, but the model sees it on {water:.0%}.")]


def _parts(look: Look, said: Bools) -> float:
    """How well the model's water and land part the image; 0 if they look the other way round."""
    if looks_like_water(look, said) < SURELY:
        return 0.0
    return explained(look.features, said, look.known)


def _apart(look: Look, opinion: Floats, threshold: float) -> bool:
    """Whether the model's water and land have different colours, and not two shades of one."""
    said, known = opinion > threshold, look.known
    inside, outside = look.rgb[said & known], look.rgb[~said & known]
    if not len(inside) or not len(outside):
        return False
    return float(np.abs(inside.mean(axis=0) - outside.mean(axis=0)).max()) > SHADE


def _seen(probability: Floats, known: Bools) -> float:
    return float((probability[known] > SURE).mean()) if known.any() else 0.0


def _iou(said: Bools, water: Bools, known: Bools) -> float:
    either = np.count_nonzero((said | water) & known)
    return float(np.count_nonzero(said & water & known) / either) if either else 1.0
