# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit of one chip: all that can be said of it without seeing another one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from waterseg_core.dataset.audit_kinds import Finding
from waterseg_core.dataset.audit_look import Look, look_at, small
from waterseg_core.dataset.audit_pixels import (
    blank_of,
    border_of,
    frame_lines_of,
    no_data,
    speckle_of,
)
from waterseg_core.dataset.audit_place import place_of
from waterseg_core.dataset.audit_water import agreement, water_of

__all__ = ["Opinion", "Verdict", "examine", "sizes_differ", "warnings_of"]

#: Chips with a shorter side than this are too small to compare a mask with its image.
LEAST_PX = 24

Pixels = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Opinion:
    """What a segmenter says of a chip.

    probability: of water, float (h, w) in 0..1, of any size. threshold: from which its makers
    call a pixel water.
    """

    probability: npt.NDArray[np.float32]
    threshold: float = 0.5


@dataclass(frozen=True, eq=False)
class Verdict:
    """What is wrong with a chip.

    mended: its classes with all put right that can be. missing: its pixels without data, None if
    nobody looked. model_iou: of its mask and the model's.
    """

    findings: tuple[Finding, ...]
    mended: Pixels
    missing: Bools | None = None
    model_iou: float | None = None


def examine(
    image: Pixels, classes: Pixels, opinion: Opinion | None = None, missing: Bools | None = None
) -> Verdict:
    """All that is wrong with a chip.

    image: uint8 (h, w, 3). classes: uint8 (h, w), 0 dry, 1.. labels, 255 unknown. missing: bool
    (h, w), pixels that are known to hold no data, beside those that look so.
    """
    size = (image.shape[0], image.shape[1])
    if classes.shape != size:
        return Verdict((sizes_differ(size, (classes.shape[0], classes.shape[1])),), classes)
    lost = no_data(image) if missing is None else no_data(image) | missing
    if blank := blank_of(image, lost):
        return Verdict(tuple(blank), classes, lost)
    mended, border = border_of(classes, lost)
    mended, lines = frame_lines_of(mended)
    found = [*border, *lines]
    if min(classes.shape) < LEAST_PX:
        return Verdict(tuple(found), mended, lost)
    look = look_at(image, mended)
    probability = None if opinion is None else _seen(opinion)
    found += _whole(look, mended, probability, opinion.threshold if opinion else 0.5)
    iou = None
    if opinion is not None and probability is not None:
        iou = agreement(look, probability, opinion.threshold)
    return Verdict(tuple(found), mended, lost, iou)


def warnings_of(image: Pixels, classes: Pixels) -> list[str]:
    """What is wrong with a chip, in sentences; quick, and without a model.

    image: uint8 (h, w, 3). classes: uint8 (h, w), 0 dry, 1.. labels, 255 unknown.
    """
    return [finding.why for finding in examine(image, classes).findings]


def _whole(
    look: Look, mended: Pixels, probability: npt.NDArray[np.float32] | None, threshold: float
) -> list[Finding]:
    """What the chip as a whole shows.

    The place comes first: an inverted mask lies in its place, so turning it gains nothing, while
    a turned one may well look inverted. And a mask in the wrong place disagrees of course.
    """
    if place := place_of(look):
        return place
    water = water_of(look, probability, threshold)
    if any(finding.kind != "disagrees" for finding in water):
        return water
    return speckle_of(mended) + water


def _seen(opinion: Opinion) -> npt.NDArray[np.float32]:
    pixels = np.clip(np.round(opinion.probability * 255), 0, 255).astype(np.uint8)
    return small(pixels) / np.float32(255)


def sizes_differ(image: tuple[int, int], mask: tuple[int, int]) -> Finding:
    """The finding that a mask has another size than its image; both (height, width)."""
    hint = " It would fit if it were turned." if mask == image[::-1] else ""
    why = f"The image has {image[1]}x{image[0]} pixels, the mask {mask[1]}x{mask[0]}.{hint}"
    return Finding("size", why)
