# SPDX-License-Identifier: GPL-3.0-or-later
"""Examples become a batch: the ids, who may look at whom, and which state predicts which token.

Ids and labels are those of `PaliGemmaProcessor(text, images, suffix=...)`: image tokens, bos,
prefix, line break, suffix, eos; only suffix and eos are learned. Unlike the processor, nothing
is ever cut off, padding is on the right (no token looks at it), and the attention mask and the
positions are made here, because transformers has changed how it makes them between versions.

A prefix may have several suffixes side by side (branches) that do not see each other: that is
how the cells of a grid are learned after one reading of the image.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ..paligemma.masks import packed_mask, packed_positions, prefix_mask

#: What a label says where there is nothing to learn.
IGNORED = -100


@dataclass(frozen=True)
class Example:
    """One image and what is to be learned of it.

    Attributes
    ----------
    pixels
        Float32 `(3, S, S)` in -1..1: the image squashed to the model's square.
    prefix
        Ids behind the image tokens: bos, prompt, line break.
    branches
        Ids of the suffixes, each with its eos where it has one; empty for a mask alone.
    given
        So many tokens at the start of every branch are given, and not learned.
    target, known
        Float32 `(1, S, S)` in 0..1: the share of water in a pixel, and how much it counts; None
        where only tokens are learned.
    """

    pixels: Tensor
    prefix: tuple[int, ...]
    branches: tuple[tuple[int, ...], ...] = ()
    given: int = 0
    target: Tensor | None = None
    known: Tensor | None = None


@dataclass(frozen=True)
class Batch:
    """Examples side by side.

    Attributes
    ----------
    ids, positions
        Int64 `(B, W)`; positions count from 1.
    mask
        Bool `(B or 1, 1, W, W)`, True where a token may look.
    pixels
        Float32 `(B, 3, S, S)`.
    rows, cols, wanted
        Int64 `(N,)`: the state at row and column predicts the token wanted.
    target, known
        Float32 `(B, 1, S, S)`, or None.
    """

    ids: Tensor
    positions: Tensor
    mask: Tensor
    pixels: Tensor
    rows: Tensor
    cols: Tensor
    wanted: Tensor
    target: Tensor | None = None
    known: Tensor | None = None

    @property
    def labels(self) -> Tensor:
        """Int64 `(B, W)`: the label of every token as the processor writes them, else -100."""
        labels = torch.full_like(self.ids, IGNORED)
        labels[self.rows, self.cols + 1] = self.wanted
        return labels

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        there = {
            name: value.to(device, non_blocking=True)
            for name, value in vars(self).items()
            if isinstance(value, Tensor)
        }
        return replace(self, **there)


@dataclass(frozen=True)
class Collator:
    """Makes batches for one model.

    Attributes
    ----------
    image_id, image_tokens
        The id of `<image>`, and how many of them an image is.
    pad
        The id behind a sequence's end.
    """

    image_id: int
    image_tokens: int
    pad: int

    def __call__(self, examples: Sequence[Example]) -> Batch:
        """A batch of at least one example; they have all one branch, or all the same number."""
        packed = any(len(example.branches) > 1 for example in examples)
        ids, mask, positions = self._packed(examples) if packed else self._padded(examples)
        rows, cols, wanted = self._learned(examples)
        masks = {}
        if examples[0].target is not None:
            masks = {
                "target": torch.stack([e.target for e in examples if e.target is not None]),
                "known": torch.stack([e.known for e in examples if e.known is not None]),
            }
        pixels = torch.stack([example.pixels for example in examples])
        return Batch(ids, positions, mask, pixels, rows, cols, wanted, **masks)

    def _start(self, example: Example) -> int:
        return self.image_tokens + len(example.prefix)

    def _ids(self, example: Example) -> list[int]:
        suffix = [token for branch in example.branches for token in branch]
        return [self.image_id] * self.image_tokens + [*example.prefix, *suffix]

    def _padded(self, examples: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor]:
        """Ids, mask and positions of rows that may differ in length."""
        ids = [torch.tensor(self._ids(example)) for example in examples]
        lengths = torch.tensor([len(row) for row in ids])
        starts = torch.tensor([self._start(example) for example in examples])
        whole = torch.nn.utils.rnn.pad_sequence(ids, batch_first=True, padding_value=self.pad)
        width = whole.shape[1]
        positions = torch.arange(1, width + 1).expand(len(ids), -1)
        return whole, prefix_mask(starts, lengths, width), positions

    def _packed(self, examples: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor]:
        """The same for rows with several branches, all of one form."""
        forms = {(self._start(e), tuple(map(len, e.branches))) for e in examples}
        if len(forms) > 1:
            raise ValueError(f"rows of a packed batch have one form, not {len(forms)}")
        ((start, lengths),) = forms
        ids = torch.tensor([self._ids(example) for example in examples])
        positions = packed_positions(start, lengths).expand(len(examples), -1)
        return ids, packed_mask(start, lengths), positions

    def _learned(self, examples: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor]:
        """Which state predicts which token: rows, columns, tokens."""
        found: list[tuple[int, int, int]] = []
        for row, example in enumerate(examples):
            begin = self._start(example)
            for branch in example.branches:
                for place in range(example.given, len(branch)):
                    # the first token of a branch is predicted by the prefix's last state
                    before = begin + place - 1 if place else self._start(example) - 1
                    found.append((row, before, branch[place]))
                begin += len(branch)
        table = torch.tensor(found, dtype=torch.long).reshape(-1, 3)
        return table[:, 0], table[:, 1], table[:, 2]
