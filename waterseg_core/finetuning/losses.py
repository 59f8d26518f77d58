# SPDX-License-Identifier: GPL-3.0-or-later
"""What training lowers, as sums over tokens and over images.

Sums, because a step whose chips are computed in parts must equal the one that takes them at once:
whoever adds the parts divides by the whole step's number of tokens and images.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional


class TokenLoss(nn.Module):
    """The sum of the cross-entropies of tokens, with label smoothing.

    Parameters
    ----------
    share
        The share of probability that goes to other tokens, 0..1: to all alike, as big_vision does;
        for a code, to the codes that decode alike.
    segments
        Ids of the 128 codes.
    near
        Float32 `(128, 128)`, rows summing to 1: `MaskCodec.nearby_codes`.
    """

    segments: Tensor
    near: Tensor | None

    def __init__(self, share: float, segments: Sequence[int] = (), near: Tensor | None = None):
        super().__init__()
        self.share = share
        self.register_buffer("segments", torch.tensor(segments, dtype=torch.long), False)
        self.register_buffer("near", near, False)

    def forward(self, logits: Tensor, wanted: Tensor) -> Tensor:
        """Logits `(N, vocabulary)`, tokens int64 `(N,)` to one number, float32."""
        logs = logits.float().log_softmax(dim=-1)
        exact = -logs.gather(1, wanted[:, None])[:, 0]
        if self.share == 0:
            return exact.sum()
        return ((1 - self.share) * exact + self.share * self._spread(logs, wanted)).sum()

    def _spread(self, logs: Tensor, wanted: Tensor) -> Tensor:
        spread = -logs.mean(dim=-1)
        if self.near is None:
            return spread
        is_code, code = (wanted[:, None] == self.segments).max(dim=1)
        near = -(logs[:, self.segments] * self.near[code]).sum(dim=-1)
        return torch.where(is_code, near, spread)


def mask_losses(logits: Tensor, target: Tensor, known: Tensor, floor: float = 0.01) -> Tensor:
    """Cross-entropy plus soft Jaccard loss of each image, float32 `(B,)`.

    Parameters
    ----------
    logits, target, known
        `(B, 1, H, W)`: target 0..1, the share of water; known 0..1, how much a pixel counts.
    floor
        A share of the image that is added to intersection and union, so that a dry image has a
        gradient.

    The soft Jaccard loss is that of Rahman and Wang 2016; both together as in the training of the
    bundled model (`training/nano/losses.py`).
    """
    logits, target, known = logits.float(), target.float(), known.float()
    weight = known / known.mean((1, 2, 3), keepdim=True).clamp(min=0.05)
    entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    water = torch.sigmoid(logits)
    both = (water * target * weight).mean((1, 2, 3))
    either = ((water + target) * weight).mean((1, 2, 3)) - both
    return (entropy * weight).mean((1, 2, 3)) + 1 - (both + floor) / (either + floor)
