# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults planted into drawn landscapes are found by their kind, and right labels are left alone."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from drawn_lakes import BlueIsWater, lake, landscape
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.audit_chip import Opinion, examine, warnings_of
from waterseg_core.dataset.audit_pixels import border_of, frame_lines_of, no_data
from waterseg_core.dataset.audit_place import turned
from waterseg_core.dataset.audit_values import classes_of, classes_of_chip
from waterseg_core.errors import DatasetError

SEEDS = range(2)


def opinion_of(image: np.ndarray) -> Opinion:
    return Opinion(BlueIsWater().segment([image])[0].masks[0])


def kinds(image: np.ndarray, classes: np.ndarray, model: bool = True) -> set[str]:
    opinion = opinion_of(image) if model else None
    return {finding.kind for finding in examine(image, classes, opinion).findings}


def in_frame(image: np.ndarray) -> np.ndarray:
    """The image with a black frame on the left and below."""
    framed = image.copy()
    framed[:, :9] = framed[-7:] = 0
    return framed


Plant = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def with_lines(mask: np.ndarray) -> np.ndarray:
    lined = mask.copy()
    lined[:2] = lined[:, -1] = 1
    return lined


def peppered(mask: np.ndarray) -> np.ndarray:
    return mask ^ (np.random.default_rng(0).random(mask.shape) < 0.2)


#: Ten faults, each in two landscapes: twenty.
FAULTS: dict[str, tuple[str, Plant]] = {
    "all water": ("all_water", lambda image, mask: (image, np.ones_like(mask))),
    "empty": ("empty", lambda image, mask: (image, np.zeros_like(mask))),
    "inverted": ("inverted", lambda image, mask: (image, 1 - mask)),
    "a quarter turn": ("turned", lambda image, mask: (image, turned(mask, 1))),
    "mirrored": ("turned", lambda image, mask: (image, turned(mask, 7))),
    "shifted": ("shifted", lambda image, mask: (image, ndimage.shift(mask, (9, -7), order=0))),
    "on the frame": (
        "border",
        lambda image, mask: (in_frame(image), mask | (in_frame(image).max(-1) == 0)),
    ),
    "frame lines": ("frame_line", lambda image, mask: (image, with_lines(mask))),
    "salt and pepper": ("speckle", lambda image, mask: (image, peppered(mask))),
    "a blank image": ("blank", lambda image, mask: (np.full_like(image, 90), mask)),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_by_its_kind_and_by_no_other(name: str, seed: int) -> None:
    kind, plant = FAULTS[name]
    mask = lake(seed).astype(np.uint8)
    image, classes = plant(landscape(mask > 0, seed), mask)
    assert kinds(image, classes.astype(np.uint8)) == {kind}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("model", [False, True])
def test_a_right_label_is_left_alone(seed: int, model: bool) -> None:
    mask = lake(seed)
    assert kinds(landscape(mask, seed), mask.astype(np.uint8), model) == set()


@pytest.mark.parametrize("name", ["inverted", "a quarter turn", "mirrored", "shifted"])
def test_place_and_side_need_no_model(name: str) -> None:
    kind, plant = FAULTS[name]
    mask = lake(0).astype(np.uint8)
    image, classes = plant(landscape(mask > 0, 0), mask)
    assert kinds(image, classes.astype(np.uint8), model=False) == {kind}


def test_dry_land_and_open_water_are_right_labels() -> None:
    dry, wet = np.zeros((96, 96), bool), np.ones((96, 96), bool)
    assert kinds(landscape(dry, 0), dry.astype(np.uint8)) == set()
    image = landscape(wet, 0)
    image[::7, ::5] += 9  # waves: not one colour everywhere
    assert kinds(image, wet.astype(np.uint8)) == set()


def test_a_shift_is_told_with_its_way_and_size() -> None:
    mask = lake(0).astype(np.uint8)
    moved = ndimage.shift(mask, (9, -7), order=0)
    (finding,) = examine(landscape(mask > 0, 0), moved).findings
    assert (
        finding.why == "The mask fits the image better 9% of the side up and 7% of the side to "
        "the right."
    )


def test_a_turn_is_told_so_that_it_puts_the_mask_right() -> None:
    mask = lake(0).astype(np.uint8)
    (finding,) = examine(landscape(mask > 0, 0), np.rot90(mask, -1).copy()).findings
    assert finding.why == "The mask fits the image better turned left by 90°."


def test_a_mask_of_another_size_is_told_with_both_sizes() -> None:
    mask = lake(0, 96, 64).astype(np.uint8)
    (finding,) = examine(landscape(mask > 0, 0), mask.T.copy()).findings
    assert finding.kind == "size"
    assert finding.why == (
        "The image has 64x96 pixels, the mask 96x64. It would fit if it were turned."
    )


def test_what_is_mended_is_unknown_and_the_rest_stays() -> None:
    mask = lake(0).astype(np.uint8)
    image = in_frame(landscape(mask > 0, 0))
    frame = image.max(-1) == 0
    verdict = examine(image, with_lines(mask | frame.astype(np.uint8)))
    assert {finding.kind for finding in verdict.findings} == {"border", "frame_line"}
    assert (verdict.mended[frame] == UNKNOWN).all()
    assert (verdict.mended[:2] == UNKNOWN).all()
    inside = np.s_[3:-9, 11:-3]
    np.testing.assert_array_equal(verdict.mended[inside], mask[inside])


def test_mending_twice_changes_nothing() -> None:
    mask = lake(1).astype(np.uint8)
    image = in_frame(landscape(mask > 0, 1))
    once = examine(image, with_lines(mask | (image.max(-1) == 0)))
    twice = examine(image, once.mended)
    assert twice.findings == ()
    np.testing.assert_array_equal(once.mended, twice.mended)


def test_dark_water_at_the_edge_is_no_frame() -> None:
    rng = np.random.default_rng(0)
    image = landscape(np.zeros((96, 96), bool), 0)
    image[:, :30] = rng.integers(5, 13, (96, 30, 1)) + np.array([0, 2, 4])
    assert not no_data(image).any()


def test_a_frame_that_jpeg_blurred_is_found_whole() -> None:
    image = in_frame(landscape(lake(0), 0))
    sink = io.BytesIO()
    Image.fromarray(image).save(sink, "JPEG", quality=75)
    blurred = np.asarray(Image.open(sink))
    frame = image.max(-1) == 0
    found = no_data(blurred)
    assert found[frame].mean() > 0.99
    assert found[~ndimage.binary_dilation(frame, iterations=3)].sum() == 0


def test_a_lake_that_reaches_the_edge_is_no_frame_line() -> None:
    classes = np.zeros((60, 60), np.uint8)
    classes[:20] = 1
    mended, findings = frame_lines_of(classes)
    assert not findings
    np.testing.assert_array_equal(mended, classes)


def test_a_frame_line_that_lies_mostly_on_missing_data_is_found_where_there_is_some() -> None:
    classes = np.zeros((96, 96), np.uint8)
    classes[:2] = 1
    classes[:40, 15:] = UNKNOWN
    mended, (finding,) = frame_lines_of(classes)
    assert finding.kind == "frame_line"
    assert (mended[:2] == UNKNOWN).all()
    assert (mended[2:, :15] == 0).all()


def test_little_water_on_the_frame_is_mended_without_a_word() -> None:
    classes, missing = np.ones((100, 100), np.uint8), np.zeros((100, 100), bool)
    missing[0, :5] = True
    mended, findings = border_of(classes, missing)
    assert not findings
    assert (mended[0, :5] == UNKNOWN).all()


def test_tiny_and_odd_chips_are_looked_at_without_error() -> None:
    rng = np.random.default_rng(0)
    for height, width in ((1, 1), (8, 14), (14, 8), (3, 200), (200, 3), (24, 24)):
        image = rng.integers(0, 256, (height, width, 3)).astype(np.uint8)
        for classes in (np.zeros, np.ones):
            assert isinstance(warnings_of(image, classes((height, width), np.uint8)), list)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 7), st.integers(0, 7))
def test_turns_form_the_group_of_the_square(first: int, second: int) -> None:
    mask = np.arange(9).reshape(3, 3)
    twice = turned(turned(mask, first), second)
    assert any((twice == turned(mask, turn)).all() for turn in range(8))


@pytest.mark.parametrize(
    ("values", "labels", "meant"),
    [
        ([0, 255], 1, [0, 1]),
        ([0, 1], 1, [0, 1]),
        ([0, 7], 1, [0, 1]),
        ([0, 1, 255], 1, [0, 1, 255]),
        ([0, 1, 2, 255], 2, [0, 1, 2, 255]),
        ([255], 1, [1]),
        ([0], 1, [0]),
        ([1], 1, [1]),
    ],
)
def test_values_become_classes(values: list[int], labels: int, meant: list[int]) -> None:
    classes, findings = classes_of(np.array([values], np.uint8), labels)
    assert classes.tolist() == [meant]
    assert findings == []


def test_a_jpeg_mask_is_cut_and_said() -> None:
    mask = lake(0)
    sink = io.BytesIO()
    Image.fromarray(mask.astype(np.uint8) * 255).save(sink, "JPEG", quality=75)
    classes, findings = classes_of(np.asarray(Image.open(sink)))
    np.testing.assert_array_equal(classes, mask)
    assert [finding.kind for finding in findings] == ["grey"]


def test_a_photograph_is_no_mask() -> None:
    photo = landscape(lake(0), 0)
    with pytest.raises(DatasetError, match="coloured"):
        classes_of(photo)
    with pytest.raises(DatasetError, match="neither black nor white, as in a photograph"):
        classes_of(photo[..., 0])


def test_values_that_are_no_classes_are_told() -> None:
    with pytest.raises(DatasetError, match=r"0, 1, 2, 9.* are not those of 2 classes"):
        classes_of(np.array([[0, 1, 2, 9]], np.uint8), 2)
    with pytest.raises(DatasetError, match="from 0 to 900"):
        classes_of(np.array([[0, 5, 900]], np.uint16))


def test_in_a_set_of_ours_255_is_unknown_unless_the_suffix_says_water() -> None:
    raw = np.array([[0, 255]], np.uint8)
    assert classes_of_chip(raw, 1, dry=True)[0].tolist() == [[0, 255]]
    classes, findings = classes_of_chip(raw, 1, dry=False)
    assert classes.tolist() == [[0, 1]]
    assert [finding.kind for finding in findings] == ["grey"]
