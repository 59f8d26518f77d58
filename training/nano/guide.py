# SPDX-License-Identifier: GPL-3.0-or-later
"""Attention guidance: where a code's position should look in the image.

A code says what a sixteenth of its box holds, so the position that predicts it has to find the
image tokens of that sixteenth. From random weights that look-up is the slowest thing to learn
(the loss stays on a plateau where codes are guessed from the codes before them). One head in
each of two decoder layers is shown the answer by an auxiliary loss; nothing of it remains in
the model but what the heads learned.
"""

from __future__ import annotations

import torch
from codes import BOX, CODES
from model import IMAGE_PX, PATCH_PX, Nano
from torch import Tensor
from transformers.models.gemma.modeling_gemma import apply_rotary_pos_emb

HEAD_DIM = 64
LAYERS = (1, 2)
SIDE = IMAGE_PX // PATCH_PX


def regions(boxes: Tensor) -> Tensor:
    """Where each code should look: boxes `(N, 4)` in 0..1 to `(N, 16, 256)` that sum to one."""
    edges = torch.linspace(0, 1, SIDE + 1, device=boxes.device)
    steps = torch.arange(5, device=boxes.device) / 4

    def along(low: Tensor, high: Tensor) -> Tensor:
        cuts = low[:, None] + (high - low)[:, None] * steps
        top = torch.minimum(cuts[:, 1:, None], edges[None, None, 1:])
        bottom = torch.maximum(cuts[:, :-1, None], edges[None, None, :-1])
        return (top - bottom).clamp(min=0)

    rows, cols = along(boxes[:, 0], boxes[:, 2]), along(boxes[:, 1], boxes[:, 3])
    area = rows[:, :, None, :, None] * cols[:, None, :, None, :]
    area = area.reshape(len(boxes), CODES, SIDE * SIDE)
    return area / area.sum(-1, keepdim=True).clamp(min=1e-9)


class Guide:
    """Listens to the queries and keys of the guided layers."""

    def __init__(self, model: Nano) -> None:
        self.model = model
        self.heard: dict[tuple[int, str], Tensor] = {}
        layers = model.paligemma.model.language_model.layers
        for number in LAYERS:
            for part in ("q_proj", "k_proj"):
                module = getattr(layers[number].self_attn, part)
                module.register_forward_hook(self._listener(number, part))

    def _listener(self, number: int, part: str):  # type: ignore[no-untyped-def]
        def hear(_module: object, _inputs: object, output: Tensor) -> None:
            self.heard[number, part] = output

        return hear

    def loss(self, boxes: Tensor, use: Tensor, places: Tensor, tokens: int, start: int) -> Tensor:
        """Cross-entropy between the guided heads' attention over the image and `regions`.

        Parameters
        ----------
        boxes
            `(B, n, 4)` in 0..1; `use` `(B, n)`: boxes that have codes.
        places
            Position ids `(B, N)` of the whole sequence.
        tokens, start
            Number of image tokens, and where the first suffix begins.
        """
        batch, count = use.shape
        length = (places.shape[1] - start) // count
        wanted = regions(boxes.reshape(-1, 4).float()).reshape(batch, count, CODES, -1)
        rotary = self.model.paligemma.model.language_model.rotary_emb
        total = torch.zeros((), device=boxes.device)
        for number in LAYERS:
            query = self.heard[number, "q_proj"][..., :HEAD_DIM].float()
            key = self.heard[number, "k_proj"][..., :HEAD_DIM].float()
            cos, sin = rotary(query, position_ids=places)
            query, key = apply_rotary_pos_emb(query[:, None], key[:, None], cos, sin)
            asked = query[:, 0, start:].reshape(batch, count, length, HEAD_DIM)
            asked = asked[:, :, BOX - 1 : BOX + CODES - 1]
            scores = torch.einsum("bnkd,btd->bnkt", asked, key[:, 0, :tokens]) / HEAD_DIM**0.5
            found = torch.log_softmax(scores, dim=-1)
            total = total - (wanted * found).sum(-1)[use].mean()
        return total / len(LAYERS)
