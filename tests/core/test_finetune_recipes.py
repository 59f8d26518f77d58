# SPDX-License-Identifier: GPL-3.0-or-later
"""Recipes: what a model that knows water needs, and what one that does not."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterseg_core.errors import OptionError
from waterseg_core.finetuning.recipes import MANY, MEANT, ModelFacts, Recipe, recipe_for
from waterseg_core.options_finetune import ANSWERS, FinetuneOptions

NANO = ModelFacts(6_700_000, 256, "dense", has_head=True, looks=2)
PLAIN = ModelFacts(6_700_000, 256, "objects", has_head=False)
GOOGLES = ModelFacts(3_000_000_000, 224, "objects", has_head=False)


def recipe(facts: ModelFacts, chips: int = 64, **wishes: object) -> Recipe:
    return recipe_for(facts, chips, FinetuneOptions(**wishes))  # type: ignore[arg-type]


def test_few_chips_teach_the_middle_between_both_models() -> None:
    assert recipe(NANO).blend == 0.5
    assert recipe(NANO, method="frozen-tower").blend == 0.5


@pytest.mark.parametrize(
    "other",
    [
        recipe(NANO, chips=MANY),
        recipe(NANO, answer="grid"),
        recipe(NANO, answer="objects"),
        recipe(NANO, method="lora"),
        recipe(PLAIN, answer="dense"),
        recipe(GOOGLES),
    ],
)
def test_what_did_not_know_water_so_or_learns_from_many_chips_keeps_all_it_learned(
    other: Recipe,
) -> None:
    assert other.blend == 1


def test_a_model_that_goes_on_is_not_stopped_while_it_is_still_getting_worse() -> None:
    assert recipe(NANO).patience > FinetuneOptions().looks
    assert recipe(NANO, answer="grid").patience == 5
    assert recipe(NANO, patience=3).patience == 3


def test_a_person_decides_otherwise() -> None:
    own = recipe(NANO, blend=0.8, epochs=3.0, rate=2e-4)
    assert (own.blend, own.epochs, own.rate) == (0.8, 3.0, 2e-4)
    assert own.sources["blend"] == "--blend"


@pytest.mark.parametrize("method", ["lora", "qlora"])
def test_an_adapter_is_not_blended_and_who_asks_for_it_is_told(method: str) -> None:
    with pytest.raises(OptionError, match=r"--blend 0.5: an adapter is kept as a whole"):
        recipe(NANO, method=method, blend=0.5)
    with pytest.raises(OptionError, match="--method full"):
        recipe(NANO, method=method, blend=0.5)
    assert recipe(NANO, method=method, blend=1.0).blend == 1


@pytest.mark.parametrize("method", ["auto", "full", "frozen-tower", "lora"])
def test_a_blend_that_the_memory_does_not_hold_is_refused(method: str) -> None:
    with pytest.raises(OptionError, match=r"--blend 0.5: .* more than 300 million weights"):
        recipe(GOOGLES, method=method, blend=0.5)
    assert recipe(GOOGLES, method=method, blend=1.0).blend == 1


def test_no_card_tells_of_a_blend_that_the_memory_did_not_hold() -> None:
    assert recipe(dataclasses.replace(NANO, parameters=MEANT + 1)).blend == 1
    assert recipe(dataclasses.replace(NANO, parameters=MEANT)).blend == 0.5


def test_a_model_that_goes_on_sees_about_a_thousand_chips() -> None:
    for chips in (17, 64, 200):
        assert recipe(NANO, chips).epochs * chips == pytest.approx(1000)
    assert recipe(NANO, 5).epochs == 60


@given(st.integers(1, 5000), st.sampled_from(ANSWERS), st.sampled_from([NANO, PLAIN, GOOGLES]))
def test_every_number_of_a_recipe_says_where_it_comes_from(
    chips: int, answer: str, facts: ModelFacts
) -> None:
    found = recipe(facts, chips, answer=answer)
    numbers = {field.name for field in dataclasses.fields(found)} - {"method", "answer", "sources"}
    assert numbers == set(found.sources)
    assert found.steps(chips) >= 1
