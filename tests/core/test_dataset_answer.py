# SPDX-License-Identifier: GPL-3.0-or-later
"""A mask becomes the answer that PaliGemma's transfer expects, and comes back from it."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.typing import NDArray

from waterseg_core.dataset.answer import UNKNOWN, answer_of, iou_of, say_again
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.tokens import parse_text

WATER = ("water",)
OBJECT = re.compile(r"(<loc\d{4}>){4}(<seg\d{3}>){16} (\w+)")


@pytest.fixture(scope="module")
def codec() -> MaskCodec:
    return MaskCodec.load()


def disc(row: int, col: int, radius: int, side: int = 200) -> NDArray[np.bool_]:
    y, x = np.mgrid[:side, :side]
    return np.hypot(y - row, x - col) < radius


def classes(*masks: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The k-th mask is class k."""
    out = np.zeros(masks[0].shape, np.uint8)
    for number, mask in enumerate(masks, 1):
        out[mask] = number
    return out


def test_a_dry_chip_has_the_empty_answer(codec: MaskCodec) -> None:
    answer = answer_of(np.zeros((64, 64), np.uint8), WATER, codec)
    assert (answer.suffix, answer.instances, answer.iou) == ("", (), None)
    unknown = np.full((64, 64), UNKNOWN, np.uint8)
    assert answer_of(unknown, WATER, codec).suffix == ""


def test_boxes_are_rows_first_in_1023rds(codec: MaskCodec) -> None:
    mask = np.zeros((200, 400), np.uint8)
    mask[20:120, 300:400] = 1
    answer = answer_of(mask, WATER, codec, "union")
    assert answer.suffix.startswith("<loc0102><loc0767><loc0614><loc1023><seg")
    assert OBJECT.fullmatch(answer.suffix)


def test_a_union_is_one_object_and_components_are_one_each(codec: MaskCodec) -> None:
    mask = classes(disc(50, 50, 30) | disc(150, 140, 20) | disc(40, 160, 12))
    union = answer_of(mask, WATER, codec, "union")
    components = answer_of(mask, WATER, codec, "components")
    assert len(union.instances) == 1
    assert len(components.instances) == 3
    assert components.suffix.count(" ; ") == 2
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (i.box for i in components.instances)]
    assert areas == sorted(areas, reverse=True)


def test_auto_takes_what_is_carried_better(codec: MaskCodec) -> None:
    mask = classes(disc(30, 30, 16) | disc(170, 170, 16))
    both = [answer_of(mask, WATER, codec, kind) for kind in ("union", "components")]
    auto = answer_of(mask, WATER, codec, "auto")
    assert auto.kind == "components"
    assert auto.iou == max(answer.iou or 0 for answer in both)


def test_at_most_the_largest_eight_bodies_are_named(codec: MaskCodec) -> None:
    discs = [disc(20 + 40 * (k // 4), 20 + 40 * (k % 4), 6 + k) for k in range(12)]
    mask = classes(np.logical_or.reduce(discs))
    answer = answer_of(mask, WATER, codec, "components")
    assert len(answer.instances) == 8
    said = say_again(answer.instances, WATER, codec, 200, 200)
    assert not (said[discs[0]] > 0).any()


def test_islands_stay_holes(codec: MaskCodec) -> None:
    island = disc(100, 100, 30)
    mask = classes(disc(100, 100, 80) & ~island)
    for kind in ("union", "components"):
        answer = answer_of(mask, WATER, codec, kind)
        said = say_again(answer.instances, WATER, codec, 200, 200)
        assert (said[disc(100, 100, 20)] == 0).mean() > 0.9
        assert answer.iou is not None
        assert answer.iou > 0.85


def test_classes_have_objects_with_labels_of_their_own(codec: MaskCodec) -> None:
    mask = classes(disc(50, 60, 40), disc(150, 140, 40))
    answer = answer_of(mask, ("lake", "river"), codec, "union")
    assert [one.label for one in answer.instances] == ["lake", "river"]
    said = say_again(parse_text(answer.suffix), ("lake", "river"), codec, 200, 200)
    assert (said[disc(50, 60, 30)] == 1).all()
    assert (said[disc(150, 140, 30)] == 2).all()


def test_the_iou_is_that_of_the_text_decoded_where_the_mask_is_known(codec: MaskCodec) -> None:
    mask = classes(disc(90, 110, 60))
    mask[:40] = UNKNOWN
    answer = answer_of(mask, WATER, codec)
    said = say_again(parse_text(answer.suffix), WATER, codec, 200, 200)
    known = mask != UNKNOWN
    wet, told = (mask == 1) & known, (said == 1) & known
    assert answer.iou == pytest.approx((wet & told).sum() / (wet | told).sum())


def test_iou_counts_a_wrong_class_as_wrong() -> None:
    truth, said = np.array([[1, 1, 2, 0]], np.uint8), np.array([[1, 2, 2, 0]], np.uint8)
    assert iou_of(truth, said) == pytest.approx(2 / 3)
    assert iou_of(truth * 0, said * 0) == 1
