# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict on a training says whether it worked, and what to do if it did not."""

from __future__ import annotations

import numpy as np
import pytest

from waterseg_core.finetuning.verdict import verdict_of

GROUPS = [str(number) for number in range(40)]
BEFORE = np.random.default_rng(0).uniform(0.3, 0.7, len(GROUPS))


@pytest.mark.parametrize(
    ("gain", "word", "advised"),
    [(0.1, "better", False), (-0.1, "worse", True)],
)
def test_only_a_model_that_is_no_better_comes_with_advice(
    gain: float, word: str, advised: bool
) -> None:
    verdict = verdict_of(BEFORE + gain, BEFORE, GROUPS)
    assert verdict.word == word
    assert ("Go on with the one before" in verdict.sentence) is advised


def test_what_cannot_be_told_apart_and_is_lower_on_average_is_not_recommended() -> None:
    noise = np.random.default_rng(1).normal(0, 0.2, len(GROUPS))
    verdict = verdict_of(BEFORE + noise - noise.mean() - 0.001, BEFORE, GROUPS)
    assert verdict.word == "not to be told apart"
    assert "Go on with the one before" in verdict.sentence


def test_few_groups_are_told() -> None:
    verdict = verdict_of(BEFORE[:4] + 0.1, BEFORE[:4], GROUPS[:4])
    assert "So few chips say little" in verdict.sentence


def test_two_places_are_no_sample_however_large_the_gain() -> None:
    verdict = verdict_of(BEFORE[:2] + 0.3, BEFORE[:2], GROUPS[:2])
    assert verdict.word == "not to be told apart"
    assert "a difference of +0.300. So few" in verdict.sentence  # an interval would be of nothing


def test_chips_that_were_learned_from_prove_nothing() -> None:
    verdict = verdict_of(BEFORE + 0.3, BEFORE, GROUPS, "training")
    assert verdict.word == "not to be told apart"
    assert "on 40 training chips" in verdict.sentence
    assert "It learned from these very chips" in verdict.sentence


def test_nothing_has_no_sign() -> None:
    sentence = verdict_of(BEFORE - 1e-5, BEFORE, GROUPS).sentence
    assert "a difference of 0.000 (95 % between 0.000 and 0.000" in sentence


def test_one_chip_is_counted_in_the_singular() -> None:
    assert "on 1 validation chip with water" in verdict_of(BEFORE[:1], BEFORE[:1], ["a"]).sentence
