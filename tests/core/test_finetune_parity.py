# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids, labels, loss and gradients are those of `PaliGemmaForConditionalGeneration` itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_paligemma as tiny
import torch

from waterseg_core.finetuning.collate import Batch, Collator, Example
from waterseg_core.finetuning.examples import squashed
from waterseg_core.finetuning.learner import Learner
from waterseg_core.finetuning.losses import TokenLoss
from waterseg_core.paligemma.prompt import Prompt
from waterseg_core.tokens import parse_text
from waterseg_core.vocabulary import Vocabulary, format_ids

PROMPT = "segment lake ; river"
LAKE = (
    "<loc0000><loc0100><loc0512><loc1023>" + "".join(f"<seg{n:03d}>" for n in range(16)) + " lake"
)
RIVER = "<loc0003><loc0000><loc1000><loc0900>" + "<seg127>" * 16 + " river"
SUFFIXES = [f"{LAKE} ; {RIVER}", "", RIVER]


@pytest.fixture(scope="module", params=[1, 2])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write_checkpoint(tmp_path_factory.mktemp("tiny"), generation=request.param)


@pytest.fixture(scope="module")
def images() -> list[np.ndarray]:
    rng = np.random.default_rng(5)
    side = tiny.IMAGE_SIZE
    return [rng.integers(0, 256, (side, side, 3), dtype=np.uint8) for _ in SUFFIXES]


def theirs(folder: Path, images: list[np.ndarray]) -> Any:
    from transformers import AutoTokenizer, PaliGemmaProcessor, SiglipImageProcessor

    tokenizer = AutoTokenizer.from_pretrained(folder)
    processor = PaliGemmaProcessor(SiglipImageProcessor.from_pretrained(folder), tokenizer)
    return processor(
        text=[f"<image>{PROMPT}"] * len(images),
        images=images,
        suffix=SUFFIXES,
        padding="longest",
        return_tensors="pt",
    )


def ours(
    folder: Path, images: list[np.ndarray], suffixes: Sequence[str] = tuple(SUFFIXES)
) -> Batch:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    prompt = Prompt.parse(PROMPT)
    vocabulary = Vocabulary.of(tokenizer, prompt.labels)
    prefix = prompt.prefix_ids(tokenizer, vocabulary)
    examples = [
        Example(
            squashed(image, tiny.IMAGE_SIZE),
            prefix,
            (tuple(format_ids(parse_text(suffix), vocabulary)),),
        )
        for image, suffix in zip(images, suffixes, strict=True)
    ]
    return Collator(vocabulary.image, tiny.IMAGE_TOKENS, vocabulary.pad)(examples)


def model_of(folder: Path) -> Any:
    from transformers import PaliGemmaForConditionalGeneration

    return PaliGemmaForConditionalGeneration.from_pretrained(folder).train()


def gradients(model: Any) -> dict[str, torch.Tensor]:
    return {name: w.grad for name, w in model.named_parameters() if w.grad is not None}


def test_ids_labels_and_pixels_are_the_processors(folder: Path, images: list[np.ndarray]) -> None:
    batch, reference = ours(folder, images), theirs(folder, images)
    torch.testing.assert_close(batch.pixels, reference["pixel_values"], rtol=0, atol=1e-6)
    labels = batch.labels
    for row in range(len(images)):
        there = reference["attention_mask"][row].bool()  # the processor pads on the left
        count = int(there.sum())
        assert batch.ids[row, :count].tolist() == reference["input_ids"][row, there].tolist()
        assert labels[row, :count].tolist() == reference["labels"][row, there].tolist()
        assert labels[row, count:].eq(-100).all()


def test_loss_and_gradients_are_those_of_the_model_itself(
    folder: Path, images: list[np.ndarray]
) -> None:
    model = model_of(folder)
    reference = model(**theirs(folder, images))
    reference.loss.backward()
    expected = gradients(model)

    model = model_of(folder)
    losses = Learner(model, None, TokenLoss(0.0))(ours(folder, images))
    loss = losses.tokens / losses.token_count
    loss.backward()
    found = gradients(model)

    assert losses.token_count == int((theirs(folder, images)["labels"] != -100).sum())
    torch.testing.assert_close(loss, reference.loss, rtol=1e-5, atol=1e-5)
    assert found.keys() == expected.keys()
    assert any("vision_tower" in name for name in found)
    for name, gradient in found.items():
        torch.testing.assert_close(gradient, expected[name], rtol=1e-4, atol=1e-5, msg=name)


def test_a_batch_in_parts_has_the_gradients_of_the_whole(
    folder: Path, images: list[np.ndarray]
) -> None:
    whole = model_of(folder)
    losses = Learner(whole, None, TokenLoss(0.1))(ours(folder, images))
    (losses.tokens / losses.token_count).backward()

    parts = model_of(folder)
    learner = Learner(parts, None, TokenLoss(0.1))
    total = losses.token_count
    for image, suffix in zip(images, SUFFIXES, strict=True):
        (learner(ours(folder, [image], [suffix])).tokens / total).backward()
    expected = gradients(whole)
    for name, gradient in gradients(parts).items():
        torch.testing.assert_close(gradient, expected[name], rtol=1e-4, atol=1e-6, msg=name)
