# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics equal what a person counts on a small grid, and what well-known libraries say."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pixelwise import lakes
from skimage.segmentation import find_boundaries
from torchmetrics.functional.classification import (
    binary_calibration_error,
    binary_f1_score,
    binary_jaccard_index,
    binary_precision,
    binary_recall,
)
from torchmetrics.functional.detection import panoptic_quality

from waterseg_core.evaluation.bodies import body_sums, labelled
from waterseg_core.evaluation.boundary import band, boundary_sums, shore
from waterseg_core.evaluation.confidence import (
    iou_by_threshold,
    reliability,
    squares,
    thresholds,
)
from waterseg_core.evaluation.pixels import confidence_counts, dry_windows, pixel_sums
from waterseg_core.evaluation.ratios import METRICS
from waterseg_core.evaluation.speech import box_iou, judged
from waterseg_core.tokens import Instance, format_text

OF = {metric.key: metric.of for metric in METRICS}
Masks = tuple[np.ndarray, np.ndarray, np.ndarray]


def value(key: str, sums: dict[str, float]) -> float:
    return float(OF[key]({name: np.array(number) for name, number in sums.items()}))


def grid(*rows: str) -> np.ndarray:
    """A mask of rows in which # is True."""
    return np.array([[letter == "#" for letter in row] for row in rows])


def scene(seed: int, height: int = 60, width: int = 90) -> Masks:
    """Truth, a found mask that is like it, and what is known: real shapes, not noise."""
    one, other = (lakes(height, width, seed=number) for number in (seed, seed + 1))
    truth = one[..., 2] > one[..., 0]
    mixed = one.astype(float) * 0.8 + other * 0.2
    known = np.ones_like(truth)
    known[:, -7:] = False
    return truth, mixed[..., 2] > mixed[..., 0], known


masks = arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12)))


@st.composite
def three_masks(draw: st.DrawFn) -> Masks:
    shape = draw(st.tuples(st.integers(1, 12), st.integers(1, 12)))
    one, two, three = (draw(arrays(np.bool_, shape)) for _ in range(3))
    return one, two, three


def test_pixels_are_counted_as_by_hand() -> None:
    truth = grid("##..", "##..", "....")
    found = grid(".##.", ".##.", "...#")
    known = grid("####", "####", "###.")
    sums = pixel_sums(truth, found, known)
    assert sums == {"both": 2, "found": 4, "truth": 4, "known": 11}
    assert value("iou", sums) == pytest.approx(2 / 6)
    assert value("f1", sums) == pytest.approx(0.5)
    assert value("precision", sums) == value("recall", sums) == 0.5
    assert value("area_error", sums) == 0.0


def test_an_image_dry_in_truth_and_answer_is_right_and_has_no_precision() -> None:
    dry = np.zeros((3, 3), bool)
    sums = pixel_sums(dry, dry, ~dry)
    assert value("iou", sums) == value("f1", sums) == 1.0
    assert math.isnan(value("precision", sums))
    assert math.isnan(value("recall", sums))
    wet = pixel_sums(dry, ~dry, ~dry)
    assert value("iou", wet) == 0.0
    assert math.isnan(value("area_error", wet))


@pytest.mark.parametrize("seed", [0, 5])
def test_pixel_metrics_equal_those_of_torchmetrics(seed: int) -> None:
    truth, found, known = scene(seed)
    sums = pixel_sums(truth, found, known)
    given, said = torch.from_numpy(truth[known]), torch.from_numpy(found[known])
    theirs = {
        "iou": binary_jaccard_index,
        "f1": binary_f1_score,
        "precision": binary_precision,
        "recall": binary_recall,
    }
    for key, metric in theirs.items():
        assert value(key, sums) == pytest.approx(float(metric(said.int(), given.int())), abs=1e-6)


@given(three_masks())
def test_pixel_metrics_do_not_look_at_what_is_unknown(three: Masks) -> None:
    truth, found, known = three
    assert pixel_sums(truth, found, known) == pixel_sums(truth | ~known, found & known, known)
    assert pixel_sums(truth, found, known) == pixel_sums(truth & known, found | ~known, known)


@given(three_masks())
def test_sums_of_images_add_up(three: Masks) -> None:
    truth, found, known = three
    whole = pixel_sums(truth, found, known)
    halves = [pixel_sums(truth[rows], found[rows], known[rows]) for rows in (np.s_[:3], np.s_[3:])]
    assert whole == {name: halves[0][name] + halves[1][name] for name in whole}


def test_the_band_is_as_wide_as_the_paper_says() -> None:
    mask = np.zeros((9, 9), bool)
    mask[1:8, 1:8] = True
    inner = np.zeros((9, 9), bool)
    inner[3:6, 3:6] = True
    assert (band(mask, 2) == mask & ~inner).all()
    assert (band(mask, 4) == mask).all()


def test_the_band_takes_the_edge_of_the_image_for_dry_land() -> None:
    whole = np.ones((6, 6), bool)
    assert band(whole, 1).sum() == 20


def test_the_boundary_iou_of_a_shifted_square_is_as_by_hand() -> None:
    truth, found = np.zeros((40, 40), bool), np.zeros((40, 40), bool)
    truth[10:20, 10:20] = True
    found[10:20, 11:21] = True
    sums = boundary_sums(truth, found, np.ones_like(truth))
    # d = round(0.02 * 56.6) = 1: two frames of 36 pixels, in common the upper and lower edge
    # over nine columns and no column of the sides but where a side crosses an edge.
    assert (sums["band_both"], sums["band_either"]) == (18, 54)
    assert value("boundary_iou", sums) == pytest.approx(1 / 3)


def test_a_shore_ends_where_the_image_or_the_known_part_ends() -> None:
    mask = grid("###", "###", "...")
    known = grid("###", "###", "##.")
    assert (shore(mask, known) == grid("...", "##.", "...")).all()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_shore_is_the_inner_boundary_of_scikit_image(seed: int) -> None:
    truth, _, known = scene(seed)
    everywhere = np.ones_like(known)
    assert (shore(truth, everywhere) == find_boundaries(truth, 1, mode="inner") & truth).all()


def test_boundary_f1_forgives_what_is_near_and_nothing_else() -> None:
    truth, found = np.zeros((100, 100), bool), np.zeros((100, 100), bool)
    truth[20:60, 20:60] = True
    found[20:60, 21:61] = True  # near is round(0.0075 * 141) = 1 pixel
    everywhere = np.ones_like(truth)
    assert value("boundary_f1", boundary_sums(truth, found, everywhere)) == 1.0
    far = np.roll(truth, 30, axis=1)
    sums = boundary_sums(truth, far, everywhere)
    assert sums["shore_truth"] == sums["shore_found"] == 156
    assert value("boundary_f1", sums) < 0.4


def test_boundary_metrics_of_two_masks_without_shore_are_undefined() -> None:
    dry = np.zeros((5, 5), bool)
    sums = boundary_sums(dry, dry, ~dry)
    assert math.isnan(value("boundary_f1", sums))
    assert math.isnan(value("boundary_iou", sums))


@given(three_masks())
def test_a_mask_is_equal_to_itself_by_every_metric(three: Masks) -> None:
    truth, _, known = three
    sums = {
        **pixel_sums(truth, truth, known),
        **boundary_sums(truth, truth, known),
        **body_sums(truth, truth, known, 1),
    }
    for key in ("iou", "f1", "boundary_iou", "boundary_f1", "object_f1", "pq"):
        assert value(key, sums) == 1.0 or math.isnan(value(key, sums))


def test_bodies_are_matched_as_by_hand() -> None:
    truth = grid("##...##", "##...##", ".......", "###....")
    found = grid("##...#.", "#....#.", ".......", "...#.#.")
    # Left: IoU 3/4, matched. Right: 2/4 is not above a half. Below: missed; two made up.
    sums = body_sums(truth, found, np.ones_like(truth), 1)
    assert sums == {"bodies_matched": 1, "bodies_found": 4, "bodies_truth": 3, "bodies_iou": 0.75}
    assert value("object_f1", sums) == pytest.approx(2 / 7)
    assert value("pq", sums) == pytest.approx(0.75 / (1 + 3 / 2 + 2 / 2))


def test_bodies_below_the_smallest_size_do_not_count_on_either_side() -> None:
    truth = grid("##.#", "##..", "...#")
    found = grid("##..", "##..", "#...")
    sums = body_sums(truth, found, np.ones_like(truth), 2)
    assert (sums["bodies_matched"], sums["bodies_found"], sums["bodies_truth"]) == (1, 1, 1)


def test_bodies_that_touch_at_a_corner_are_two() -> None:
    assert labelled(grid("#.", ".#"), 1).max() == 2


@pytest.mark.parametrize("seed", [3, 4, 8])
def test_panoptic_quality_equals_that_of_torchmetrics(seed: int) -> None:
    truth, found, known = scene(seed)
    theirs, mine = labelled(truth & known, 1), labelled(found & known, 1)
    # Category 1 is water, of which bodies are counted; category 0 is land, one of its own.
    pairs = [np.stack([(body > 0).astype(int), body], axis=-1)[None] for body in (mine, theirs)]
    told = panoptic_quality(
        *(torch.from_numpy(pair) for pair in pairs), things={1}, stuffs={0}, return_per_class=True
    )
    assert value("pq", body_sums(truth, found, known, 1)) == pytest.approx(float(told[0, 0]))


def test_only_windows_without_water_are_dry() -> None:
    truth, found = np.zeros((256, 600), bool), np.zeros((256, 600), bool)
    truth[0, 0] = True  # the first window is wet
    found[:, 256:266] = True
    known = np.ones_like(truth)
    known[:128] = False
    known[0, 0] = True
    sums = dry_windows(truth, found, known)
    # The second of 256 px, and the third of 88 px.
    assert sums == {"dry_windows": 2, "dry_known": 128 * (600 - 256), "dry_found": 128 * 10}
    assert value("false_water", sums) == pytest.approx(10 / 344)


def test_windows_too_small_to_judge_are_left_out() -> None:
    dry = np.zeros((256, 256 + 63), bool)
    assert dry_windows(dry, dry, ~dry)["dry_windows"] == 1


def test_the_iou_of_each_threshold_is_that_of_the_mask_above_it() -> None:
    truth, _, known = scene(6)
    probability = np.random.default_rng(0).random(truth.shape).astype(np.float32)
    curve = iou_by_threshold(confidence_counts(truth, probability, known))
    level = np.rint(probability * 255) / 255
    for place in (0, 60, 127, 254):
        found = level >= thresholds()[place] - 1e-9
        assert curve[place] == pytest.approx(value("iou", pixel_sums(truth, found, known)))


def test_calibration_error_equals_that_of_torchmetrics() -> None:
    rng = np.random.default_rng(1)
    probability = (rng.integers(0, 256, (80, 80)) / 255).astype(np.float32)
    truth = rng.random((80, 80)) < probability**2
    counts = confidence_counts(truth, probability, np.ones_like(truth))
    theirs = binary_calibration_error(
        torch.from_numpy(probability.ravel()), torch.from_numpy(truth.ravel()).int(), n_bins=10
    )
    assert reliability(counts).error == pytest.approx(float(theirs), abs=2e-3)


def test_a_model_that_is_always_right_and_sure_has_no_error() -> None:
    truth, _, known = scene(7)
    counts = confidence_counts(truth, truth.astype(np.float32), known)
    told = reliability(counts)
    assert told.error == squares(counts) == 0.0
    assert told.pixels.sum() == known.sum()
    assert np.isnan(told.probability[4])


@given(arrays(np.float32, (6, 6), elements=st.floats(0, 1, width=32)), arrays(np.bool_, (6, 6)))
def test_squares_are_near_the_exact_sum(probability: np.ndarray, truth: np.ndarray) -> None:
    counts = confidence_counts(truth, probability, np.ones_like(truth))
    exact = float(((probability - truth) ** 2).sum())
    assert squares(counts) == pytest.approx(exact, abs=36 / 255)


def test_answers_are_judged() -> None:
    lake = Instance((0.1, 0.1, 0.5, 0.5), tuple(range(16)), "water")
    again = Instance((0.1, 0.1, 0.5, 0.51), (7,) * 16, "water")
    river = Instance((0.1, 0.1, 0.5, 0.5), tuple(range(16)), "river")
    fine = judged(format_text([lake, river]))
    assert fine == {"answers": 1, "empty": 0, "malformed": 0, "duplicate": 0, "instances": 2}
    assert judged(format_text([lake, again]))["duplicate"] == 1
    assert judged("")["empty"] == judged(" ")["empty"] == 1
    seventeen = format_text([lake]).replace(" water", "<seg001> water")
    assert judged(seventeen)["malformed"] == 1
    assert judged(format_text([lake]), ended=False)["malformed"] == 1
    upside_down = "<loc0900><loc0000><loc0100><loc1023>" + "<seg001>" * 16
    assert judged(upside_down)["malformed"] == 1


def test_the_iou_of_boxes_is_as_by_hand() -> None:
    assert box_iou((0, 0, 1, 1), (0, 0, 1, 1)) == 1
    assert box_iou((0, 0, 0.5, 1), (0.25, 0, 0.75, 1)) == pytest.approx(1 / 3)
    assert box_iou((0, 0, 0.5, 0.5), (0.5, 0.5, 1, 1)) == 0
