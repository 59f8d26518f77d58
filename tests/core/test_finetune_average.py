# SPDX-License-Identifier: GPL-3.0-or-later
"""The running mean of the weights, and the statistics of a head that has learned before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tiny_paligemma as tiny
import torch

from waterseg_core.finetuning.average import Average, start_of
from waterseg_core.finetuning.recipes import recipe_for
from waterseg_core.finetuning.trainee import Trainee, facts_of, load_base, make_trainee
from waterseg_core.options_finetune import FinetuneOptions

CPU = torch.device("cpu")


def trainee(base: Path, answer: str = "dense", **wishes: Any) -> Trainee:
    options = FinetuneOptions(model=str(base), device="cpu", dtype="fp32", answer=answer, **wishes)
    loaded = load_base(options, CPU, large=False)
    return make_trainee(loaded, recipe_for(facts_of(loaded), 8, options), None, options, 0)


@torch.no_grad()
def shift(one: Trainee, by: float) -> None:
    for weight in one.learner.parameters():
        if weight.requires_grad:
            weight.add_(by)


def test_at_first_the_mean_is_over_the_start_and_all_steps(base: Path) -> None:
    one = trainee(base)
    average = Average(one, steps=100)
    start = {name: value.clone() for name, value in average.values.items()}
    for step in (1, 2, 3):
        shift(one, 1.0)
        average.feed(step)
    moved = {name for name, weight in one.learner.named_parameters() if weight.requires_grad}
    for name in moved & set(start):
        torch.testing.assert_close(average.values[name], start[name] + 1.5)  # mean of 0, 1, 2, 3


def test_a_short_training_is_not_averaged_at_all(base: Path) -> None:
    one = trainee(base)
    average = Average(one, steps=10)
    shift(one, 1.0)
    average.feed(1)
    for name, value in one.learned().items():
        assert torch.equal(average.values[name], value.to(average.values[name].dtype))


def test_the_weights_come_back_bit_for_bit_after_the_mean_stood_in_their_place(base: Path) -> None:
    one = trainee(base)
    average = Average(one, steps=100)
    shift(one, 0.25)
    average.feed(1)
    before = {name: value.clone() for name, value in one.learned().items()}
    with average.in_place():
        within = {name: value.clone() for name, value in one.learned().items()}
    assert any(not torch.equal(within[name], before[name]) for name in before)
    assert all(torch.equal(value, before[name]) for name, value in one.learned().items())


def test_a_mean_that_was_kept_goes_on_to_the_same_numbers(base: Path) -> None:
    one = trainee(base)
    average = Average(one, steps=100)
    shift(one, 0.25)
    average.feed(1)
    again = Average(one, 100, {name: value.clone() for name, value in average.values.items()})
    shift(one, 0.25)
    for mean in (average, again):
        mean.feed(2)
    assert all(torch.equal(value, again.values[name]) for name, value in average.values.items())


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_what_is_put_in_place_lies_between_the_start_and_the_mean(base: Path, share: float) -> None:
    one = trainee(base, blend=share)
    start = start_of(one)
    assert start is not None
    average = Average(one, steps=10, start=start)
    shift(one, 1.0)
    average.feed(1)
    weights = {name for name, weight in one.learner.named_parameters() if weight.requires_grad}
    with average.in_place():
        within = {name: value.clone() for name, value in one.learned().items()}
    for name in weights & set(start):
        torch.testing.assert_close(within[name], start[name] + share)
    for name in weights & set(start):
        torch.testing.assert_close(average.values[name], start[name] + 1)


def test_a_start_of_which_nothing_is_kept_is_not_copied(base: Path) -> None:
    assert start_of(trainee(base, blend=1.0)) is None


def test_a_copy_of_the_start_stays_as_it_was(base: Path) -> None:
    one = trainee(base)
    kept = {name: value.clone() for name, value in one.learned().items()}
    start = start_of(one)
    shift(one, 1.0)
    assert start is not None
    assert all(torch.equal(value, kept[name]) for name, value in start.items())


def norms(one: Trainee) -> list[torch.nn.BatchNorm2d]:
    assert one.learner.head is not None
    return [m for m in one.learner.head.modules() if isinstance(m, torch.nn.BatchNorm2d)]


def test_a_head_that_has_learned_keeps_its_statistics(base: Path) -> None:
    assert not any(norm.training for norm in norms(trainee(base)))


def test_a_new_head_learns_its_statistics(base: Path, tmp_path: Path) -> None:
    plain = tiny.write_checkpoint(tmp_path / "plain")
    assert all(norm.training for norm in norms(trainee(plain)))


def test_an_answer_without_a_head_has_nothing_to_keep(base: Path) -> None:
    assert trainee(base, "objects").learner.head is None


def test_a_model_too_large_for_a_second_copy_keeps_its_own_weights(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waterseg_core.finetuning.average.MEANT", 10)
    one = trainee(base)
    average = Average(one, steps=100)
    before = {name: value.clone() for name, value in one.learned().items()}
    average.feed(1)
    with average.in_place():
        assert all(torch.equal(value, before[name]) for name, value in one.learned().items())
    assert average.values == {}
