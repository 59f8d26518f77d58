# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances survive being written and read, as text and as ids; anything else is a GrammarError."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_paligemma import tiny_tokenizer

from waterseg_core.errors import GrammarError, ModelError
from waterseg_core.tokens import (
    Instance,
    bins_to_box,
    box_to_bins,
    format_text,
    parse_text,
)
from waterseg_core.vocabulary import Grammar, State, Vocabulary, format_ids, parse_ids

LABELS = ("water", "lake", "lake bed")
TOKENIZER = tiny_tokenizer()
VOCABULARY = Vocabulary.of(TOKENIZER, LABELS)
CODES = tuple(range(0, 128, 8))


def sides() -> st.SearchStrategy[tuple[int, int]]:
    pair = st.tuples(st.integers(0, 1023), st.integers(0, 1023))
    return pair.filter(lambda ends: ends[0] != ends[1]).map(lambda ends: tuple(sorted(ends)))  # type: ignore[arg-type, return-value]


@st.composite
def instances(draw: st.DrawFn, labels: tuple[str, ...] = ("", *LABELS)) -> Instance:
    (y1, y2), (x1, x2) = draw(sides()), draw(sides())
    codes = draw(st.lists(st.integers(0, 127), min_size=16, max_size=16))
    return Instance(bins_to_box((y1, x1, y2, x2)), tuple(codes), draw(st.sampled_from(labels)))


@given(st.lists(instances(), max_size=5))
def test_text_is_read_as_it_was_written(said: list[Instance]) -> None:
    assert parse_text(format_text(said)) == said


@given(st.lists(instances(), max_size=5))
def test_ids_are_read_as_they_were_written(said: list[Instance]) -> None:
    assert parse_ids(format_ids(said, VOCABULARY), VOCABULARY) == said


@given(st.lists(instances(), max_size=4))
def test_ids_are_those_that_the_tokenizer_gives_the_text(said: list[Instance]) -> None:
    ids = TOKENIZER.encode(format_text(said), add_special_tokens=False)
    assert [*ids, VOCABULARY.eos] == format_ids(said, VOCABULARY)


def test_text_names_y_before_x_and_rounds_by_1023() -> None:
    instance = Instance((0.1, 0.0, 0.5, 1.0), CODES, "water")
    codes = "".join(f"<seg{code:03d}>" for code in CODES)
    assert format_text([instance]) == f"<loc0102><loc0000><loc0512><loc1023>{codes} water"


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0, 0), (0.5 / 1023, 0), (1.5 / 1023, 2), (2.5 / 1023, 2), (0.5, 512)]
)
def test_halves_round_to_even(value: float, expected: int) -> None:
    assert box_to_bins((0, value, 1, 1)) == (0, expected, 1023, 1023)


@given(st.tuples(*[st.floats(-0.5, 1.5)] * 4))
def test_bins_always_make_a_box(box: tuple[float, float, float, float]) -> None:
    y1, x1, y2, x2 = box
    bins = box_to_bins((min(y1, y2), min(x1, x2), max(y1, y2), max(x1, x2)))
    assert 0 <= bins[0] < bins[2] <= 1023
    assert 0 <= bins[1] < bins[3] <= 1023


@given(st.tuples(sides(), sides()))
def test_bins_survive_being_numbers(ends: tuple[tuple[int, int], tuple[int, int]]) -> None:
    (y1, y2), (x1, x2) = ends
    assert box_to_bins(bins_to_box((y1, x1, y2, x2))) == (y1, x1, y2, x2)


PIECES = st.sampled_from(
    [
        "<loc0000>",
        "<loc1023>",
        "<loc1024>",
        "<seg000>",
        "<seg127>",
        "<seg128>",
        " ; ",
        ";",
        " water",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=45).map("".join)))
def test_any_text_is_instances_or_a_grammar_error(text: str) -> None:
    try:
        said = parse_text(text)
    except GrammarError:
        return
    assert parse_text(format_text(said)) == said


SOME_IDS = st.sampled_from(
    [
        *VOCABULARY.locations[:3],
        *VOCABULARY.segments[:3],
        *VOCABULARY.separator,
        *VOCABULARY.labels["lake bed"],
        VOCABULARY.eos,
        VOCABULARY.pad,
    ]
)


@given(st.lists(st.one_of(st.integers(-5, 3000), SOME_IDS), max_size=50))
def test_any_ids_are_instances_or_a_grammar_error(ids: list[int]) -> None:
    try:
        said = parse_ids(ids, VOCABULARY)
    except GrammarError:
        return
    assert parse_ids(format_ids(said, VOCABULARY), VOCABULARY) == said


@settings(max_examples=25)
@given(st.data())
def test_whatever_follows_the_grammar_can_be_read(data: st.DataObject) -> None:
    grammar, state, ids = Grammar(VOCABULARY, max_instances=3), State(), []
    while allowed := sorted(grammar.allowed(state)):
        ids.append(data.draw(st.sampled_from(allowed)))
        state = grammar.advance(state, ids[-1])
    said = parse_ids(ids, VOCABULARY)
    assert len(said) <= 3
    assert all(instance.label in LABELS for instance in said)
    assert format_ids(said, VOCABULARY) == ids


@settings(max_examples=10)
@given(st.lists(instances(labels=("water",)), min_size=1, max_size=3))
def test_one_label_is_forced_and_so_is_the_rest_of_the_separator(said: list[Instance]) -> None:
    vocabulary = Vocabulary.of(TOKENIZER, ["water"])
    grammar, state, choices = Grammar(vocabulary, max_instances=len(said)), State(), 0
    for token in format_ids(said, vocabulary):
        choices += len(grammar.allowed(state)) > 1
        state = grammar.advance(state, token)
    assert choices == 20 * len(said) + (len(said) - 1)


def test_the_empty_answer_is_no_instance() -> None:
    assert parse_text("") == parse_text(" ") == []
    assert parse_ids([VOCABULARY.eos, VOCABULARY.pad], VOCABULARY) == []
    assert format_text([]) == ""
    assert format_ids([], VOCABULARY) == [VOCABULARY.eos]


def test_a_cut_answer_is_an_error() -> None:
    ids = format_ids([Instance((0, 0, 1, 1), CODES, "water")], VOCABULARY)
    for length in range(len(ids)):
        with pytest.raises(GrammarError):
            parse_ids(ids[:length], VOCABULARY)


def test_seventeen_codes_are_an_error() -> None:
    text = format_text([Instance((0, 0, 1, 1), CODES)]) + "<seg001>"
    with pytest.raises(GrammarError):
        parse_text(text)


@pytest.mark.parametrize(
    "change",
    [
        {"box": (0.5, 0, 0.5, 1)},
        {"box": (0, 0, 1, 1.1)},
        {"box": (0, 0, float("nan"), 1)},
        {"codes": CODES[:15]},
        {"codes": (128, *CODES[1:])},
        {"label": "a;b"},
        {"label": " a"},
        {"confidence": 1.1},
    ],
)
def test_an_instance_says_only_what_can_be_said(change: dict[str, object]) -> None:
    with pytest.raises(GrammarError):
        replace(Instance((0, 0, 1, 1), CODES, "water"), **change)  # type: ignore[arg-type]


def test_an_unknown_label_has_no_ids() -> None:
    with pytest.raises(GrammarError, match="swamp"):
        format_ids([Instance((0, 0, 1, 1), CODES, "swamp")], VOCABULARY)


def test_ids_come_from_the_tokenizer_at_hand() -> None:
    tokens = TOKENIZER.convert_ids_to_tokens
    assert tokens(VOCABULARY.locations[1023]) == "<loc1023>"
    assert tokens(VOCABULARY.segments[127]) == "<seg127>"
    assert tokens(list(VOCABULARY.separator)) == ["▁;", "▁"]
    assert tokens(list(VOCABULARY.labels["lake bed"])) == ["▁lake", "▁bed"]
    assert tokens(list(VOCABULARY.newline)) == ["\n"]


def test_another_models_tokenizer_is_refused() -> None:
    from transformers import GemmaTokenizer

    with pytest.raises(ModelError, match="<loc0000>"):
        Vocabulary.of(GemmaTokenizer())
