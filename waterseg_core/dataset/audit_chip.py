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

__all__ = ["Opinion", "Verdict", "examine", "warnings_of"]

#: Chips with a shorter side than this are too small to compare a mask with its image.
LEAST_PX = 24

Pixels = npt.NDArray[np.uint8]


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
    """What is wrong with a chip, its classes with all mended that can be, and the model's IoU."""

    findings: tuple[Finding, ...]
    mended: Pixels
    model_iou: float | None = None


def examine(image: Pixels, classes: Pixels, opinion: Opinion | None = None) -> Verdict:
    """All that is wrong with a chip.

    image: uint8 (h, w, 3). classes: uint8 (h, w), 0 dry, 1.. labels, 255 unknown.
    """
    if classes.shape != image.shape[:2]:
        return Verdict((_size(image, classes),), classes)
    missing = no_data(image)
    if blank := blank_of(image, missing):
        return Verdict(tuple(blank), classes)
    mended, border = border_of(classes, missing)
    mended, lines = frame_lines_of(mended)
    found = [*border, *lines]
    if min(classes.shape) < LEAST_PX:
        return Verdict(tuple(found), mended)
    look = look_at(image, mended)
    probability = None if opinion is None else _seen(opinion)
    found += _whole(look, mended, probability, opinion.threshold if opinion else 0.5)
    iou = None
    if opinion is not None and probability is not None:
        iou = agreement(look, probability, opinion.threshold)
    return Verdict(tuple(found), mended, iou)


def warnings_of(image: Pixels, classes: Pixels) -> list[str]:
    """What is wrong with a chip, in sentences; quick, and without a model.

    image: uint8 (h, w, 3). classes: uint8 (h, w), 0 dry, 1.. labels, 255 unknown.
    """
    return [finding.why for finding in examine(image, classes).findings]


def _whole(
    look: Look, mended: Pixels, probability: npt.NDArray[np.float32] | None, threshold: float
) -> list[Finding]:
    """What the chip as a whole shows.

    A mask that lies in the wrong place disagrees of course; one of the wrong side lies right.
    """
    water = water_of(look, probability, threshold)
    if any(finding.kind != "disagrees" for finding in water):
        return water
    return place_of(look) or speckle_of(mended) + water


def _seen(opinion: Opinion) -> npt.NDArray[np.float32]:
    pixels = np.clip(np.round(opinion.probability * 255), 0, 255).astype(np.uint8)
    return small(pixels) / np.float32(255)


def _size(image: Pixels, classes: Pixels) -> Finding:
    sizes = ["x".join(str(side) for side in shape[1::-1]) for shape in (image.shape, classes.shape)]
    turned = classes.shape == image.shape[1::-1]
    hint = " It would fit if it were turned." if turned else ""
    return Finding("size", f"The image has {sizes[0]} pixels, the mask {sizes[1]}.{hint}")
