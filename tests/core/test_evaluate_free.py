# SPDX-License-Identifier: GPL-3.0-or-later
"""Without the grammar a model says what greedy decoding says; its ids become readable text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny_paligemma import IMAGE_SIZE, IMAGE_TOKENS

from waterseg_core import load_segmenter
from waterseg_core.evaluation.speech import judged
from waterseg_core.paligemma import free
from waterseg_core.paligemma.load import load_checkpoint
from waterseg_core.paligemma.runtime import PaliGemmaSegmenter
from waterseg_core.tokens import MAX_INSTANCES, Instance, format_text
from waterseg_core.vocabulary import Vocabulary, format_ids

STEPS = 12


def images(count: int, seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    shape = (IMAGE_SIZE, IMAGE_SIZE, 3)
    return [rng.integers(0, 256, shape, dtype=np.uint8) for _ in range(count)]


def loaded(checkpoint: Path) -> PaliGemmaSegmenter:
    segmenter = load_segmenter(str(checkpoint), device="cpu", answer="dense")
    assert isinstance(segmenter, PaliGemmaSegmenter)
    return segmenter


def greedy(model: Any, pixels: torch.Tensor, prefix: tuple[int, ...], stop: set[int]) -> list[int]:
    """The first tokens that transformers' own passes over the whole sequence would choose."""
    image, said = model.config.image_token_index, list[int]()
    while len(said) < STEPS and not stop & set(said):
        ids = torch.tensor([[image] * IMAGE_TOKENS + list(prefix) + said])
        kinds = torch.zeros_like(ids)
        kinds[0, IMAGE_TOKENS + len(prefix) :] = 1
        logits = model(
            input_ids=ids,
            pixel_values=pixels,
            attention_mask=torch.ones_like(ids),
            token_type_ids=kinds,
        ).logits
        said.append(int(logits[0, -1].argmax()))
    return said


@torch.inference_mode()
def test_a_free_answer_is_that_of_greedy_decoding_over_all_words(checkpoint: Path) -> None:
    segmenter, plain = (
        loaded(checkpoint),
        load_checkpoint(str(checkpoint), None, None, torch.device("cpu"), torch.float32),
    )
    engine, vocabulary = segmenter.engine, segmenter._words.vocabulary
    pixels = engine.pixels(images(3))
    ours = free._free(segmenter, engine.features(pixels))
    # An image token in the answer would ask transformers for another image.
    stop = {vocabulary.eos, vocabulary.image}
    for row, ids in enumerate(ours):
        theirs = greedy(plain.model, pixels[row : row + 1], segmenter._prefix, stop)
        assert ids[: len(theirs)] == theirs
        assert len(ids) <= free.longest(vocabulary)


def test_answers_do_not_depend_on_the_batch_and_the_bound_one_is_well_formed(
    checkpoint: Path,
) -> None:
    segmenter, some = loaded(checkpoint), images(3, seed=1)
    together = free.say(segmenter, some)
    assert together == [said for image in some for said in free.say(segmenter, [image])]
    for said in together:
        told = judged(said.bound)
        assert told["malformed"] == 0
        assert told["instances"] <= MAX_INSTANCES
        # Random weights do not speak the language.
        assert judged(said.free, said.ended)["malformed"] == 1


def test_ids_become_the_text_that_they_were_made_of(tokenizer: Any) -> None:
    vocabulary = Vocabulary.of(tokenizer, ("water", "lake bed"))
    lakes = [
        Instance((0.0, 0.25, 0.5, 1.0), tuple(range(16)), "water"),
        Instance((0.5, 0.0, 1.0, 0.5), (127,) * 16, "lake bed"),
    ]
    ids = format_ids(lakes, vocabulary)
    assert free.text_of(ids, vocabulary) == format_text(lakes)
    assert free.text_of([vocabulary.eos], vocabulary) == ""
    assert free.text_of([vocabulary.bos], vocabulary) == f"<id {vocabulary.bos}>"


@pytest.mark.parametrize("count", [1, 8])
def test_the_longest_answer_has_room_for_all_instances(tokenizer: Any, count: int) -> None:
    vocabulary = Vocabulary.of(tokenizer, ("water", "lake bed"))
    lake = Instance((0.0, 0.0, 1.0, 1.0), (0,) * 16, "lake bed")
    assert len(format_ids([lake] * count, vocabulary)) + 1 <= free.longest(vocabulary)
