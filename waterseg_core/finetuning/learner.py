# SPDX-License-Identifier: GPL-3.0-or-later
"""Learner: PaliGemma and its mask head as training runs them, a batch to sums of losses.

The model is called with an attention mask and positions of our own, which every supported version
of transformers takes as they are. The output matrix, the widest of all (257,216 words in Google's
checkpoints), is applied at the states that predict a token to be learned, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..paligemma.head import MaskHead
from ..paligemma.masks import as_bias
from .collate import Batch
from .losses import TokenLoss, mask_losses

#: How much it counts what the states say of the mask without the head.
COARSE = 0.4


@dataclass(frozen=True)
class Losses:
    """Sums over a batch: of tokens and how many, of images and how many."""

    tokens: Tensor
    token_count: int
    masks: Tensor
    mask_count: int


class Learner(nn.Module):
    """What learns.

    Attributes
    ----------
    paligemma
        `PaliGemmaForConditionalGeneration`, with or without an adapter's layers in it.
    head
        The mask head, where the answer `dense` is learned.
    """

    def __init__(self, paligemma: Any, head: MaskHead | None, token_loss: TokenLoss) -> None:
        super().__init__()
        self.paligemma, self.head, self.token_loss = paligemma, head, token_loss
        vision = paligemma.config.vision_config
        self.side = int(vision.image_size) // int(vision.patch_size)

    def forward(self, batch: Batch) -> Losses:
        """The losses of a batch on the learner's device."""
        states = self.states(batch)
        zero = states.new_zeros((), dtype=torch.float32)
        tokens, masks = zero, zero
        if len(batch.wanted):
            logits = self.paligemma.lm_head(states[batch.rows, batch.cols])
            tokens = self.token_loss(logits, batch.wanted)
        if batch.target is not None and batch.known is not None:
            masks = self._masks(states, batch, batch.target, batch.known)
        images = 0 if batch.target is None else len(batch.ids)
        return Losses(tokens, len(batch.wanted), masks, images)

    def states(self, batch: Batch) -> Tensor:
        """The last states of every token, `(B, W, hidden)`."""
        bias = as_bias(batch.mask, self._dtype()).expand(len(batch.ids), -1, -1, -1)
        out = self.paligemma.model(
            input_ids=batch.ids,
            pixel_values=batch.pixels.to(self.paligemma.dtype),
            attention_mask=bias,
            position_ids=batch.positions,
            use_cache=False,
        )
        states: Tensor = out.last_hidden_state
        return states

    def _dtype(self) -> torch.dtype:
        """The type that attention is computed in: autocast's, else the weights'."""
        kind = self.paligemma.device.type
        if torch.is_autocast_enabled(kind):
            return torch.get_autocast_dtype(kind)
        dtype: torch.dtype = self.paligemma.dtype
        return dtype

    def _masks(self, states: Tensor, batch: Batch, target: Tensor, known: Tensor) -> Tensor:
        """The sum of the losses of the head's masks, and of what the states alone say."""
        assert self.head is not None
        image = states[:, : self.side**2]
        logits = self.head(image, batch.pixels)
        coarse = self.head.coarse_logits(image, self.side, self.side)
        return _against(logits, target, known) + COARSE * _against(coarse, target, known)


def _against(logits: Tensor, target: Tensor, known: Tensor) -> Tensor:
    """The sum of the losses of masks of any size against a target of the model's square."""
    size = logits.shape[-2:]
    if size != target.shape[-2:]:
        target, known = (
            functional.interpolate(plane, size, mode="bilinear", antialias=True)
            for plane in (target, known)
        )
    return mask_losses(logits, target, known).sum()
