# SPDX-License-Identifier: GPL-3.0-or-later
"""Our loop says what the model says: equal to transformers' own passes over whole sequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from tiny_paligemma import IMAGE_SIZE, IMAGE_TOKENS, tiny_model
from torch import Tensor

from waterseg_core.paligemma import grid, objects
from waterseg_core.paligemma.engine import Engine
from waterseg_core.paligemma.graphs import Graphs
from waterseg_core.paligemma.host import suits
from waterseg_core.paligemma.prompt import Prompt
from waterseg_core.tokens import box_to_bins
from waterseg_core.vocabulary import Grammar, State, Vocabulary, format_ids, parse_ids

PROMPTS = ["segment water", "segment lake ; river ; lake bed", "the big lake", "segment z"]


def pixels_of(count: int, seed: int = 0) -> Tensor:
    rng = np.random.default_rng(seed)
    noise = rng.uniform(-1, 1, (count, 3, IMAGE_SIZE, IMAGE_SIZE))
    return torch.tensor(noise, dtype=torch.float32)


def prefix_of(tokenizer: Any, text: str) -> tuple[int, ...]:
    return Prompt.parse(text).prefix_ids(tokenizer, Vocabulary.of(tokenizer))


def whole(
    model: Any, pixels: Tensor, rows: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> Tensor:
    """What transformers says of left-padded (prefix, suffix) rows, as its processor makes them."""
    image = model.config.image_token_index
    ids = [[image] * IMAGE_TOKENS + list(prefix) + list(suffix) for prefix, suffix in rows]
    width = max(map(len, ids))
    pads = [width - len(row) for row in ids]
    inputs = torch.tensor([[0] * pad + row for pad, row in zip(pads, ids, strict=True)])
    kinds = torch.zeros_like(inputs)
    for row, (_, suffix) in enumerate(rows):
        kinds[row, width - len(suffix) :] = 1
    seen = torch.tensor([[0] * pad + [1] * (width - pad) for pad in pads])
    logits: Tensor = model(
        input_ids=inputs, pixel_values=pixels, attention_mask=seen, token_type_ids=kinds
    ).logits
    return logits


def slow_greedy(
    model: Any, pixels: Tensor, prefix: Sequence[int], grammar: Grammar
) -> tuple[list[int], list[float]]:
    """Plain constrained decoding of one row: the whole sequence again for every token."""
    state, said, logs = State(), [], []
    words = [*grammar.vocabulary.locations, *grammar.vocabulary.segments, grammar.vocabulary.eos]
    words += sorted({*grammar.vocabulary.separator, *sum(grammar.vocabulary.labels.values(), ())})
    while allowed := sorted(grammar.allowed(state)):
        logits = whole(model, pixels, [(prefix, said)])[0, -1]
        said.append(allowed[int(logits[allowed].argmax())])
        logs.append(float(logits[said[-1]] - logits[words].logsumexp(0)))
        state = grammar.advance(state, said[-1])
    return said, logs


@pytest.fixture(scope="module")
def engine(model: Any) -> Engine:
    return Engine(model)


@pytest.mark.parametrize("prompts", [PROMPTS[:1] * 2, PROMPTS], ids=["even", "padded"])
def test_the_prefill_equals_a_pass_of_transformers(
    model: Any, engine: Engine, tokenizer: Any, prompts: list[str]
) -> None:
    pixels = pixels_of(len(prompts))
    prefixes = [prefix_of(tokenizer, text) for text in prompts]
    ours = engine.prefill(engine.features(pixels), prefixes)
    theirs = whole(model, pixels, [(prefix, ()) for prefix in prefixes])[:, -1]
    torch.testing.assert_close(model.lm_head(ours.states[:, 0]), theirs, atol=1e-4, rtol=0)


@pytest.mark.parametrize("prompts", [PROMPTS[:1] * 2, PROMPTS], ids=["even", "padded"])
def test_image_states_are_those_of_transformers(
    model: Any, engine: Engine, tokenizer: Any, prompts: list[str]
) -> None:
    pixels = pixels_of(len(prompts))
    features = engine.features(pixels)
    prefixes = [prefix_of(tokenizer, text) for text in prompts]
    ours = engine.prefill(features, prefixes, want="image").states
    for row, prefix in enumerate(prefixes):
        logits = whole(model, pixels[row : row + 1], [(prefix, ())])[0, :IMAGE_TOKENS]
        torch.testing.assert_close(model.lm_head(ours[row]), logits, atol=1e-4, rtol=0)


@pytest.mark.parametrize("prompts", [PROMPTS[:1] * 3, PROMPTS], ids=["even", "padded"])
def test_every_step_equals_a_pass_of_transformers_over_the_whole(
    model: Any, engine: Engine, tokenizer: Any, prompts: list[str]
) -> None:
    rng, pixels = np.random.default_rng(1), pixels_of(len(prompts))
    prefixes = [prefix_of(tokenizer, text) for text in prompts]
    suffixes = rng.integers(0, len(tokenizer) - 1, (len(prompts), 9))
    suffixes[suffixes == model.config.image_token_index] = 5
    read = engine.prefill(engine.features(pixels), prefixes, room=9)
    ours, done = [read.states[:, 0]], 0
    assert read.cache is not None
    for count in (1, 1, 3, 2, 1, 1):  # one by one, and several in one pass
        ids = torch.tensor(suffixes[:, done : done + count])
        positions = read.lengths[:, None] + 1 + done + torch.arange(count)
        mask = read.cache.mask(count)
        states = engine.gemma.run(engine.gemma.embed(ids), positions, read.cache, mask)
        ours += list(states.unbind(1))
        done += count
    rows = [(prefix, suffix.tolist()) for prefix, suffix in zip(prefixes, suffixes, strict=True)]
    theirs = whole(model, pixels, rows)[:, -10:]
    torch.testing.assert_close(model.lm_head(torch.stack(ours, 1)), theirs, atol=1e-4, rtol=0)


@pytest.mark.parametrize("labels", [(), ("water",), ("water", "lake", "lake bed")], ids=len)
def test_the_answer_is_that_of_a_plain_constrained_loop(
    model: Any, engine: Engine, tokenizer: Any, labels: tuple[str, ...]
) -> None:
    vocabulary, pixels = Vocabulary.of(tokenizer, labels), pixels_of(4, seed=2)
    words, most = engine.words(vocabulary), 3
    prefix = prefix_of(tokenizer, "segment water")
    read = engine.prefill(engine.features(pixels), [prefix] * 4, objects.room_for(words, most))
    found = objects.answer(engine, read, words, most)
    assert len({len(one.instances) for one in found}) > 1, "some rows must leave the batch early"
    for row, one in enumerate(found):
        said, logs = slow_greedy(
            model, pixels[row : row + 1], prefix, Grammar(vocabulary, max_instances=most)
        )
        assert format_ids(one.instances, vocabulary) == said
        assert [i.codes for i in one.instances] == [tuple(c.argmax(-1).tolist()) for c in one.codes]
        places = [n for n, token in enumerate(said) if token in vocabulary.locations][::4]
        for instance, place in zip(one.instances, places, strict=True):
            sure = np.exp(np.mean(logs[place : place + 20]))
            assert instance.confidence == pytest.approx(sure, rel=1e-3)


def test_presence_is_one_minus_the_probability_of_the_end(
    model: Any, engine: Engine, tokenizer: Any
) -> None:
    words = engine.words(Vocabulary.of(tokenizer, ["water"]))
    prefix, pixels = prefix_of(tokenizer, "segment water"), pixels_of(3)
    read = engine.prefill(engine.features(pixels), [prefix] * 3, objects.room_for(words, 1))
    found = objects.answer(engine, read, words, 1)
    end = whole(model, pixels, [(prefix, ())] * 3)[:, -1].softmax(-1)[:, words.vocabulary.eos]
    assert [one.presence for one in found] == pytest.approx((1 - end).tolist(), abs=1e-5)


def test_rows_do_not_depend_on_their_batch(engine: Engine, tokenizer: Any) -> None:
    words = engine.words(Vocabulary.of(tokenizer, ["water", "lake bed"]))
    features = engine.features(pixels_of(6, seed=2))
    prefixes = [prefix_of(tokenizer, PROMPTS[row % 3]) for row in range(6)]
    room = objects.room_for(words, 4)
    together = objects.answer(engine, engine.prefill(features, prefixes, room), words, 4)
    assert len({len(one.instances) for one in together}) > 1, "some must leave the batch early"
    for row, one in enumerate(together):
        alone = engine.prefill(features[row : row + 1], prefixes[row : row + 1], room)
        (single,) = objects.answer(engine, alone, words, 4)
        assert [i.codes for i in single.instances] == [i.codes for i in one.instances]
        assert [i.box for i in single.instances] == [i.box for i in one.instances]
        torch.testing.assert_close(single.codes, one.codes, atol=1e-4, rtol=0)


@pytest.mark.parametrize("prompts", [PROMPTS[:1] * 2, PROMPTS[:2]], ids=["even", "padded"])
def test_the_grid_is_every_box_by_itself(
    model: Any, engine: Engine, tokenizer: Any, prompts: list[str]
) -> None:
    words = engine.words(Vocabulary.of(tokenizer))
    boxes, pixels = grid.grid_boxes(3), pixels_of(2)
    prefixes = [prefix_of(tokenizer, text) for text in prompts]
    read = engine.prefill(engine.features(pixels), prefixes, grid.room_for(boxes))
    found = grid.answer(engine, read, words, boxes, "water")
    segments = list(words.vocabulary.segments)
    for row, one in enumerate(found):
        assert [box_to_bins(instance.box) for instance in one.instances] == boxes
        for place in (0, 4, 8):
            said = [words.vocabulary.locations[value] for value in boxes[place]]
            for step in range(16):
                logits = whole(model, pixels[row : row + 1], [(prefixes[row], said)])[0, -1]
                near = logits[segments].softmax(-1)
                torch.testing.assert_close(one.codes[place, step], near, atol=1e-4, rtol=0)
                assert one.instances[place].codes[step] == int(near.argmax())
                said.append(segments[int(near.argmax())])


def test_steps_at_fixed_addresses_say_the_same(model: Any, tokenizer: Any) -> None:
    plain, fixed = Engine(model), Engine(model)
    fixed.graphs = Graphs(fixed.gemma, capture=torch.cuda.is_available())
    words = plain.words(Vocabulary.of(tokenizer, ["water", "lake bed"]))
    prefixes = [prefix_of(tokenizer, PROMPTS[row % 3]) for row in range(6)]
    room = objects.room_for(words, 3)
    found = []
    for engine in (plain, fixed, fixed):
        read = engine.prefill(engine.features(pixels_of(6, seed=2)), prefixes, room)
        found.append(objects.answer(engine, read, words, 3))
    for one, *others in zip(*found, strict=True):
        for other in others:
            assert [i.box for i in other.instances] == [i.box for i in one.instances]
            torch.testing.assert_close(other.codes, one.codes, atol=1e-5, rtol=0)


@pytest.mark.parametrize("most", [1, 3])
def test_steps_in_numpy_say_what_steps_in_pytorch_say(
    model: Any, tokenizer: Any, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    engine = Engine(model)
    assert suits(engine.gemma)
    words = engine.words(Vocabulary.of(tokenizer, ["water", "lake bed"]))
    prefixes = [prefix_of(tokenizer, PROMPTS[row % 3]) for row in range(5)]
    room, found = objects.room_for(words, most), []
    for rows in (0, 5):
        monkeypatch.setattr(objects, "MOST_ROWS", rows)
        read = engine.prefill(engine.features(pixels_of(5, seed=3)), prefixes, room)
        found.append((objects.answer(engine, read, words, most), read.cache))
    (plain, slots), (stepped, own) = found
    assert own.length == slots.length
    for mine, theirs in zip(stepped, plain, strict=True):
        assert [i.box for i in mine.instances] == [i.box for i in theirs.instances]
        torch.testing.assert_close(mine.codes, theirs.codes, atol=1e-5, rtol=0)
    for mine, theirs in zip(own.keys + own.values, slots.keys + slots.values, strict=True):
        filled = slice(0, own.length)
        torch.testing.assert_close(mine[:, :, filled], theirs[:, :, filled], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_random_weights_cannot_say_anything_malformed(
    tokenizer: Any, generation: int, seed: int
) -> None:
    engine = Engine(tiny_model(tokenizer, generation, seed))
    labels = [(), ("water",), ("water", "lake", "lake bed")][seed % 3]
    words = engine.words(Vocabulary.of(tokenizer, labels))
    features = engine.features(pixels_of(8, seed) * 10**seed)
    prefixes = [prefix_of(tokenizer, PROMPTS[seed % len(PROMPTS)])] * 8
    read = engine.prefill(features, prefixes, objects.room_for(words, 8))
    for one in objects.answer(engine, read, words, 8):
        ids = format_ids(one.instances, words.vocabulary)
        said = parse_ids(ids, words.vocabulary)
        assert [i.codes for i in said] == [i.codes for i in one.instances]
        assert all(not labels or i.label in labels for i in said)


@pytest.mark.parametrize("cap", [None, 3.0])
def test_a_cap_on_the_final_scores_is_applied(tokenizer: Any, cap: float | None) -> None:
    model = tiny_model(tokenizer, 2, final_logit_softcapping=cap)
    engine, pixels = Engine(model), pixels_of(2)
    words = engine.words(Vocabulary.of(tokenizer, ["water"]))
    prefix = prefix_of(tokenizer, "segment water")
    scores = words.scores(engine.prefill(engine.features(pixels), [prefix] * 2).states[:, 0])
    logits = whole(model, pixels, [(prefix, ())] * 2)[:, -1]
    torch.testing.assert_close(scores, logits[:, words.ids].log_softmax(-1), atol=1e-4, rtol=0)


def test_the_models_own_weights_are_unchanged(tokenizer: Any, generation: int) -> None:
    model = tiny_model(tokenizer, generation)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    Engine(model)
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name]), name
