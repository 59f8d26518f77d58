# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer `grid`: the boxes are given, the model says sixteen codes for each, all at once.

The n x n boxes are n x n answers to the same prefix. They are packed into one sequence behind it
(step by step: the first token of every box, the second of every box, ...) under a mask that
shows each token the prefix and its own box alone, so the prefix's keys and values exist once and
are never copied. The four coordinates are one forward pass; then there are fifteen more.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ..tokens import CODE_COUNT, Bins, Instance, bins_to_box, box_to_bins
from .engine import Engine, Prefill, Words
from .objects import Found

#: Tokens of a box that are read: four coordinates and all codes but the last.
_STEPS = 4 + CODE_COUNT - 1


def grid_boxes(cells: int) -> list[Bins]:
    """The boxes of a grid of `cells` x `cells`, row by row, in bins of 1/1023."""
    sides = [(place / cells, (place + 1) / cells) for place in range(cells)]
    return [box_to_bins((y1, x1, y2, x2)) for y1, y2 in sides for x1, x2 in sides]


def room_for(boxes: Sequence[Bins]) -> int:
    """Slots that the answer takes."""
    return _STEPS * len(boxes)


def grid_mask(prefix: int, boxes: int, steps: int) -> Tensor:
    """Who may look at whom behind the prefix: bool `(boxes * steps, prefix + boxes * steps)`.

    Token `step * boxes + box` sees the prefix, and its own box up to itself.
    """
    slots = torch.arange(boxes * steps)
    own = (slots[:, None] % boxes) == (slots[None, :] % boxes)
    seen = own & (slots[None, :] <= slots[:, None])
    return torch.cat([torch.ones(len(slots), prefix, dtype=torch.bool), seen], dim=1)


def answer(
    engine: Engine, prefill: Prefill, words: Words, boxes: Sequence[Bins], label: str
) -> list[Found]:
    """The codes of every box, for every row.

    Parameters
    ----------
    prefill
        With the room of `room_for`; its cache is used up.

    Returns
    -------
    list of Found
        One per row, with one instance per box in the order given. An instance's confidence is
        the geometric mean of its codes' probabilities; presence is 1, as nothing is left out.
    """
    probs, total = _codes(engine, prefill, words, boxes)
    best, sureness = probs.argmax(dim=-1).tolist(), (total / CODE_COUNT).exp().clamp(0, 1).tolist()
    return [
        Found(
            tuple(
                Instance(bins_to_box(box), tuple(codes), label, sure)
                for box, codes, sure in zip(boxes, best[row], sureness[row], strict=True)
            ),
            probs[row],
            1.0,
        )
        for row in range(len(best))
    ]


def _codes(
    engine: Engine, prefill: Prefill, words: Words, boxes: Sequence[Bins]
) -> tuple[Tensor, Tensor]:
    """Code probabilities `(B, boxes, 16, 128)` and the sums of the best ones' logs."""
    cache, count = prefill.cache, len(boxes)
    assert cache is not None
    prefix = cache.length
    mask = grid_mask(prefix, count, _STEPS).to(engine.device)[None, None]
    if cache.holes:
        mask = mask & cache.valid[:, None, None, :]
    places = torch.tensor(boxes, device=engine.device).T  # t-major, as the slots are
    ids = words.ids[words.locations][places.reshape(-1)].expand(cache.rows, -1)
    said: list[Tensor] = []
    total = torch.zeros(cache.rows, count, device=engine.device)
    for _ in range(CODE_COUNT):
        steps = ids.shape[1] // count
        done = cache.length - prefix
        place = torch.arange(done // count, done // count + steps, device=engine.device)
        positions = prefill.lengths[:, None] + 1 + place.repeat_interleave(count)
        shown = mask[..., done : done + ids.shape[1], : cache.length + ids.shape[1]]
        states = engine.gemma.run(
            engine.gemma.embed(ids), positions, cache, shown, slice(-count, None)
        )
        near = words.scores(states)[..., words.segments]
        best, index = near.max(dim=-1)
        said.append(near.softmax(dim=-1))
        total = total + best
        ids = words.ids[words.segments][index]
    return torch.stack(said, dim=2), total
