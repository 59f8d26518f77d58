# SPDX-License-Identifier: GPL-3.0-or-later
"""How a mask becomes an answer of 16 codes per object, and what that answer can say of it.

The suffix is what PaliGemma's own transfer expects (big_vision, segmentation.py): for each object
four `<loc>` tokens in the order y1 x1 y2 x2, sixteen `<seg>` tokens, and its label. Islands stay
holes: an object's mask is cropped from the drawn one, not filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from waterseg_core.maskcodec import MaskCodec, crop_to_box, paste
from waterseg_core.tokens import (
    MAX_INSTANCES,
    Box,
    Instance,
    bins_to_box,
    box_to_bins,
    format_text,
    parse_text,
)

__all__ = ["TARGETS", "UNKNOWN", "Answer", "answer_of", "iou_of", "say_again"]

#: A pixel of a chip's mask of which nobody knows what it is: no data, or outside the labelling.
UNKNOWN = 255
TARGETS = ("auto", "union", "components")

Classes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Answer:
    """What a model should say of one chip.

    kind: how objects were made of the mask, `union` or `components`; empty for a dry chip.
    iou: of the mask and what the answer decodes to, where the mask is known, over all classes;
    None for a dry chip, of which the answer is empty.
    """

    instances: tuple[Instance, ...]
    suffix: str
    kind: str
    iou: float | None


def answer_of(
    classes: Classes,
    labels: Sequence[str],
    codec: MaskCodec,
    target: str = "auto",
    most: int = MAX_INSTANCES,
) -> Answer:
    """The answer for a chip's mask.

    classes: uint8 (h, w), 0 dry, k the k-th of `labels` (from 1), 255 unknown. target: `union`
    makes one object of each class, `components` one of each connected body, the `most` largest
    of the chip; `auto` takes what decodes to the higher IoU, the shorter one if they are alike.
    """
    if not np.any((classes > 0) & (classes != UNKNOWN)):
        return Answer((), "", "", None)
    kinds = ("union", "components") if target == "auto" else (target,)
    answers = [_answer(classes, labels, codec, kind, most) for kind in kinds]
    return max(answers, key=lambda answer: (round(answer.iou or 0.0, 3), -len(answer.instances)))


def _answer(
    classes: Classes, labels: Sequence[str], codec: MaskCodec, kind: str, most: int
) -> Answer:
    bodies = _unions(classes, labels) if kind == "union" else _components(classes, labels, most)
    boxes = [_box_of(mask) for _, mask in bodies]
    crops = [crop_to_box(mask, box) for (_, mask), box in zip(bodies, boxes, strict=True)]
    codes = codec.encode(np.stack(crops))
    instances = tuple(
        Instance(box, tuple(int(code) for code in row), labels[label])
        for (label, _), box, row in zip(bodies, boxes, codes, strict=True)
    )
    suffix = format_text(instances)
    said = say_again(parse_text(suffix), labels, codec, *classes.shape)  # of the text itself
    return Answer(instances, suffix, kind, iou_of(classes, said))


def _unions(classes: Classes, labels: Sequence[str]) -> list[tuple[int, Bools]]:
    masks = ((number, classes == number + 1) for number in range(len(labels)))
    return [(number, mask) for number, mask in masks if mask.any()]


def _components(classes: Classes, labels: Sequence[str], most: int) -> list[tuple[int, Bools]]:
    """The largest connected bodies (8-connected), those of the first label first."""
    found: list[tuple[int, int, Bools]] = []
    for label, mask in _unions(classes, labels):
        bodies, count = ndimage.label(mask, structure=np.ones((3, 3)))
        areas = np.bincount(bodies.ravel(), minlength=count + 1)[1:]
        for number in np.argsort(-areas, kind="stable")[:most]:
            found.append((label, int(areas[number]), bodies == number + 1))
    largest = sorted(found, key=lambda body: -body[1])[:most]
    return [(label, mask) for label, _, mask in sorted(largest, key=lambda body: body[0])]


def _box_of(mask: Bools) -> Box:
    """The box of a mask as its tokens will say it: what is encoded is what will be decoded."""
    rows, cols = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    height, width = mask.shape
    box = (rows[0] / height, cols[0] / width, (rows[-1] + 1) / height, (cols[-1] + 1) / width)
    return bins_to_box(box_to_bins(box))


def say_again(
    instances: Sequence[Instance],
    labels: Sequence[str],
    codec: MaskCodec,
    height: int,
    width: int,
) -> Classes:
    """What an answer says, as a mask of classes: uint8 (height, width), 0 dry.

    Of several objects on a pixel the surest one counts; a pixel is water above 1/2. An unknown
    label is taken for the first.
    """
    classes = np.zeros((height, width), np.uint8)
    best = np.full((height, width), 0.5, np.float32)
    if not instances:
        return classes
    raws = codec.decode(np.array([instance.codes for instance in instances]))
    for instance, raw in zip(instances, raws, strict=True):
        placed = paste(raw, instance.box, height, width)
        surer = placed > best
        number = labels.index(instance.label) if instance.label in labels else 0
        classes[surer] = number + 1
        best = np.maximum(best, placed)
    return classes


def iou_of(truth: Classes, said: Classes) -> float:
    """IoU of two masks of classes where the truth is known, pooled over the classes; 1 if empty."""
    known = truth != UNKNOWN
    wet, told = (truth > 0) & known, (said > 0) & known
    either = np.count_nonzero(wet | told)
    return float(np.count_nonzero(wet & (truth == said)) / either) if either else 1.0
