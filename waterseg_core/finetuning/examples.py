# SPDX-License-Identifier: GPL-3.0-or-later
"""Teacher: a chip becomes an example of the answer that is trained.

`objects` names the objects, all labels after one prompt, as the official tools do. `grid` gives the
boxes of some cells and asks for their codes. `dense` asks for the mask. The last two speak of one
thing at a time, as the segmenter does: one label's prompt per example.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from ..dataset.answer import UNKNOWN, answer_of
from ..errors import DatasetError
from ..maskcodec import MaskCodec, crop_to_box
from ..paligemma.grid import grid_boxes
from ..paligemma.prompt import Prompt
from ..tokens import bins_to_box
from ..vocabulary import Vocabulary, format_ids
from .augment import augment
from .collate import Example

Pixels = npt.NDArray[np.uint8]
#: Cells of a grid that are learned per example: all sixteen cost twice the time of the prefix.
CELLS = 6
#: The share of examples that name their objects by size, not by chance.
LARGEST_FIRST = 0.5


@dataclass(frozen=True)
class Look:
    """How chips are seen: the side of the model's square, and the smallest window of a chip."""

    square: int
    smallest: float
    augment: bool


class Teacher:
    """Makes examples of chips.

    Raises DatasetError if prompt and labels of the set contradict each other.
    """

    def __init__(
        self,
        answer: str,
        prefix: str,
        labels: tuple[str, ...],
        tokenizer: Any,
        codec: MaskCodec | None,
        cells: int,
        look: Look,
    ) -> None:
        prompt = Prompt.parse(prefix)
        if prompt.labels != tuple(labels):
            raise DatasetError(
                f"The set's prompt {prefix!r} looks for {' ; '.join(prompt.labels)}, but its masks "
                f"show {' ; '.join(labels)}. Build the set again with one or the other."
            )
        self.answer, self.labels = answer, prompt.labels
        self.vocabulary = Vocabulary.of(tokenizer, self.labels)
        self.prefix = prompt.prefix_ids(tokenizer, self.vocabulary)
        self.singles = [p.prefix_ids(tokenizer, self.vocabulary) for p in prompt.singles()]
        self._codec, self._look = codec, look
        self._boxes = grid_boxes(cells)

    def example(self, rgb: Pixels, classes: Pixels, rng: np.random.Generator) -> Example:
        """An example of a chip: rgb uint8 (h, w, 3), classes uint8 (h, w)."""
        if self._look.augment:
            rgb, classes = augment(rgb, classes, rng, self._look.smallest)
        pixels = squashed(rgb, self._look.square)
        if self.answer == "objects":
            return Example(pixels, self.prefix, (self._objects(classes, rng),))
        number = int(rng.integers(len(self.labels)))
        if self.answer == "grid":
            return self._grid(pixels, number, classes, rng)
        target, known = target_of(classes, number + 1, self._look.square)
        return Example(pixels, self.singles[number], target=target, known=known)

    def _objects(self, classes: Pixels, rng: np.random.Generator) -> tuple[int, ...]:
        """The ids of the answer; of two examples, one names the largest object first.

        In a random order alone no next object is likelier than another, and greedy decoding names
        the same one again and again (measured: 8 chips learned by heart, IoU 0.68 of 0.91). In one
        order alone a slip is never recovered from.
        """
        assert self._codec is not None
        found = answer_of(classes, self.labels, self._codec).instances
        count = len(found)
        order = range(count) if rng.random() < LARGEST_FIRST else rng.permutation(count)
        return tuple(format_ids([found[place] for place in order], self.vocabulary))

    def _grid(
        self, pixels: Tensor, number: int, classes: Pixels, rng: np.random.Generator
    ) -> Example:
        assert self._codec is not None
        mask = classes == number + 1
        chosen = _cells(mask, len(self._boxes), rng)
        boxes = [self._boxes[place] for place in chosen]
        codes = self._codec.encode(np.stack([crop_to_box(mask, bins_to_box(box)) for box in boxes]))
        ids = self.vocabulary
        branches = tuple(
            (*(ids.locations[b] for b in box), *(ids.segments[int(c)] for c in row))
            for box, row in zip(boxes, codes, strict=True)
        )
        return Example(pixels, self.singles[number], branches, given=4)


def _cells(mask: npt.NDArray[np.bool_], count: int, rng: np.random.Generator) -> list[int]:
    """Cells to learn: those with a shore in them three times as often as others."""
    side = round(count**0.5)
    rows = np.array_split(np.arange(mask.shape[0]), side)
    cols = np.array_split(np.arange(mask.shape[1]), side)
    shares = np.array(
        [mask[np.ix_(r, c)].mean() if r.size and c.size else 0.0 for r in rows for c in cols]
    )
    weights = np.where((shares > 0.02) & (shares < 0.98), 3.0, 1.0)
    few = min(CELLS, count)
    return [int(n) for n in rng.choice(count, few, replace=False, p=weights / weights.sum())]


def squashed(rgb: Pixels, square: int) -> Tensor:
    """An image as the segmenter shows it to the model: float32 (3, S, S) in -1..1."""
    whole = torch.from_numpy(rgb).permute(2, 0, 1)[None].float() / 127.5 - 1
    return _resized(whole, square)[0]


def target_of(classes: Pixels, label: int, square: int) -> tuple[Tensor, Tensor]:
    """The share of a label in each pixel of the square, and how much it counts: (1, S, S) each.

    Where part of a pixel is unknown, the share is that of the known part.
    """
    there = torch.from_numpy((classes == label).astype(np.float32))[None, None]
    known = torch.from_numpy((classes != UNKNOWN).astype(np.float32))[None, None]
    there, known = _resized(there, square)[0], _resized(known, square)[0]
    return (there / known.clamp(min=1e-3)).clamp(0, 1), known.clamp(0, 1)


def _resized(planes: Tensor, square: int) -> Tensor:
    if planes.shape[2:] == (square, square):
        return planes
    return functional.interpolate(planes, (square, square), mode="bilinear", antialias=True)
