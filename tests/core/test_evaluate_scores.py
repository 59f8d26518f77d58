# SPDX-License-Identifier: GPL-3.0-or-later
"""Means, pooled numbers and their intervals; and verdicts that chance does not give."""

from __future__ import annotations

import numpy as np
import pytest

from waterseg_core.evaluation.compare import BETTER, SAME, WORSE, compared
from waterseg_core.evaluation.ratios import METRICS
from waterseg_core.evaluation.scores import draws, scores_of

PIXELS = tuple(m for m in METRICS if m.key in ("iou", "f1", "precision", "recall", "area_off"))
Columns = dict[str, np.ndarray]


def columns(both: list[float], found: list[float], truth: list[float]) -> Columns:
    table = {"both": both, "found": found, "truth": truth}
    return {name: np.array(numbers, np.float64) for name, numbers in table.items()}


def names(count: int) -> list[str]:
    return [f"image {number}" for number in range(count)]


def hundred(shift: float, seed: int = 0) -> Columns:
    """A hundred images with an IoU around 0.6 plus `shift`."""
    rng = np.random.default_rng(seed)
    iou = np.clip(rng.normal(0.6, 0.15, 100) + shift, 0.05, 0.95)
    truth = np.exp(rng.normal(8, 1, 100))
    both = iou / (1 + iou) * 2 * truth  # of masks that are equally large
    return {"both": both, "found": truth, "truth": truth}


def test_the_mean_over_images_and_the_pooled_number_are_as_by_hand() -> None:
    table = columns([1, 90], [1, 100], [2, 90])
    scores = scores_of(table, names(2), 100, PIXELS)
    assert scores.per_image["iou"].value == pytest.approx((0.5 + 0.9) / 2)
    assert scores.pooled["iou"].value == pytest.approx(91 / 102)


def test_images_where_a_metric_is_undefined_are_left_out_of_its_mean() -> None:
    table = columns([1, 0], [2, 0], [2, 5])
    scores = scores_of(table, names(2), 100, PIXELS)
    assert scores.per_image["precision"].value == 0.5
    assert scores.per_image["precision"].images == 1
    assert scores.per_image["recall"].images == 2


def test_one_image_that_is_wildly_off_does_not_move_the_median() -> None:
    table = columns([10] * 5, [11, 11, 11, 11, 5000], [10] * 5)
    scores = scores_of(table, names(5), 100, PIXELS)
    assert scores.per_image["area_off"].value == pytest.approx(0.1)
    assert "area_off" not in scores.pooled


def test_the_interval_is_that_of_the_normal_distribution_for_many_images() -> None:
    table = hundred(0.0)
    each = PIXELS[0].of(table)
    scores = scores_of(table, names(100), 4000, PIXELS)
    low, high = scores.per_image["iou"].interval
    error = each.std() / 10
    assert low == pytest.approx(each.mean() - 1.96 * error, abs=0.2 * error)
    assert high == pytest.approx(each.mean() + 1.96 * error, abs=0.2 * error)


def test_draws_repeat_and_keep_the_number_of_images() -> None:
    one, other = (np.concatenate(list(draws(names(7), 500))) for _ in range(2))
    assert (one == other).all()
    assert (one.sum(axis=1) == 7).all()
    assert len(one) == 500


def test_images_of_one_group_are_drawn_together() -> None:
    drawn = np.concatenate(list(draws(["a", "b", "a", "c"], 200)))
    assert (drawn[:, 0] == drawn[:, 2]).all()
    assert not (drawn[:, 0] == drawn[:, 1]).all()


def test_groups_make_intervals_wider_where_images_are_alike() -> None:
    table = {name: np.repeat(values[:20], 5) for name, values in hundred(0.0).items()}
    apart = scores_of(table, names(100), 2000, PIXELS).per_image["iou"].interval
    groups = [f"lake {number // 5}" for number in range(100)]
    together = scores_of(table, groups, 2000, PIXELS).per_image["iou"].interval
    assert together[1] - together[0] > 1.8 * (apart[1] - apart[0])


@pytest.mark.parametrize(("shift", "verdict"), [(0.05, BETTER), (-0.05, WORSE), (0.0, SAME)])
def test_a_small_shift_of_every_image_is_told_apart_because_the_draws_are_paired(
    shift: float, verdict: str
) -> None:
    rng = np.random.default_rng(3)
    model, baseline = hundred(shift), hundred(0.0)
    model["both"] = model["both"] * (1 + rng.normal(0, 0.01, 100))
    scores = [scores_of(table, names(100), 2000, PIXELS) for table in (model, baseline)]
    told = compared("ponds", scores[0], "nano", scores[1])
    assert told.verdict == told.per_image["iou"].verdict == verdict
    assert told.sentence.startswith(f"ponds is {verdict}")
    assert "100 images" in told.sentence


def test_less_is_better_where_it_is() -> None:
    exact, off = columns([10] * 30, [10] * 30, [10] * 30), columns([10] * 30, [12] * 30, [10] * 30)
    scores = [scores_of(table, names(30), 200, PIXELS) for table in (exact, off)]
    told = compared("exact", scores[0], "off", scores[1])
    assert told.per_image["area_off"].value == pytest.approx(-0.2)
    assert told.per_image["area_off"].verdict == BETTER


def test_chance_alone_is_seldom_called_a_difference() -> None:
    wrong = 0
    for seed in range(40):
        scores = [
            scores_of(hundred(0.0, seed=2 * seed + part), names(100), 300, PIXELS)
            for part in (0, 1)
        ]
        wrong += compared("one", scores[0], "other", scores[1]).verdict != SAME
    assert wrong <= 6
