# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model says when nothing holds it to the grammar, and what it says under the grammar.

Only for measuring: without the grammar answers may be malformed, which tells how well a model has
learned the language. Greedy, over the whole vocabulary, one token after the other, until the end
token or until the longest answer that the grammar allows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..tokens import CODE_COUNT, MAX_INSTANCES, format_text
from ..vocabulary import Vocabulary
from . import objects
from .runtime import PaliGemmaSegmenter

__all__ = ["Said", "say"]


@dataclass(frozen=True)
class Said:
    """Two answers to one image: without the grammar, and under it.

    ended: whether the free answer came to its own end.
    """

    free: str
    ended: bool
    bound: str


@torch.inference_mode()
def say(model: PaliGemmaSegmenter, images: Sequence[np.ndarray]) -> list[Said]:
    """Both answers for each image, uint8 RGB `(h, w, 3)`, squashed to the model's square."""
    engine, words, prefix = model.engine, model._words, model._prefix
    features = engine.features(engine.pixels(images))
    prefixes = [prefix] * len(images)
    ids = _free(model, features)
    read = engine.prefill(features, prefixes, room=objects.room_for(words, MAX_INSTANCES))
    bound = objects.answer(engine, read, words, MAX_INSTANCES)
    vocabulary = words.vocabulary
    return [
        Said(text_of(row, vocabulary), vocabulary.eos in row, format_text(one.instances))
        for row, one in zip(ids, bound, strict=True)
    ]


def _free(model: PaliGemmaSegmenter, features: Tensor) -> list[list[int]]:
    """The ids of every row's greedy answer, with its end token if it came to it."""
    engine, words = model.engine, model._words
    most = longest(words.vocabulary)
    read = engine.prefill(features, [model._prefix] * len(features), room=most)
    assert read.cache is not None
    position, states = read.lengths + 1, read.states[:, 0]
    ids: list[list[int]] = [[] for _ in range(len(features))]
    going = torch.ones(len(features), dtype=torch.bool)
    for _ in range(most):
        token = functional.linear(states, engine._out).argmax(dim=-1)
        for row in going.nonzero()[:, 0].tolist():
            ids[row].append(int(token[row]))
        going &= token.cpu() != words.vocabulary.eos
        if not going.any():
            break
        embeds = engine.gemma.embed(token[:, None])
        mask = read.cache.mask(1)
        states = engine.gemma.run(embeds, position[:, None], read.cache, mask)[:, 0]
        position = position + 1
    return ids


def longest(vocabulary: Vocabulary) -> int:
    """Tokens of the longest answer that the grammar allows, its end included."""
    label = max((len(ids) for ids in vocabulary.labels.values()), default=0)
    return MAX_INSTANCES * (4 + CODE_COUNT + label + len(vocabulary.separator)) + 1


def text_of(ids: Sequence[int], vocabulary: Vocabulary) -> str:
    """The text of an answer's ids, as far as an answer can say them; others become `<id N>`."""
    names: dict[tuple[int, ...], str] = {
        (token,): f"<loc{n:04d}>" for n, token in enumerate(vocabulary.locations)
    }
    names |= {(token,): f"<seg{n:03d}>" for n, token in enumerate(vocabulary.segments)}
    names |= {tokens: f" {label}" for label, tokens in vocabulary.labels.items()}
    names |= {vocabulary.separator: " ; "}
    widest = max(map(len, names))
    text, place = "", 0
    rest = [token for token in ids if token != vocabulary.eos]
    while place < len(rest):
        for wide in range(widest, 0, -1):
            name = names.get(tuple(rest[place : place + wide]))
            if name is not None:
                break
        text += name or f"<id {rest[place]}>"
        place += wide
    return text
