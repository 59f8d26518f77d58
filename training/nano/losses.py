# SPDX-License-Identifier: GPL-3.0-or-later
"""What the bundled model is trained to lower."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def mask_losses(
    logits: Tensor, target: Tensor, known: Tensor | None = None, smooth: float = 0.01
) -> Tensor:
    """Cross-entropy plus soft Jaccard loss of each image, `(B,)`.

    Parameters
    ----------
    logits, target
        Float `(B, 1, H, W)`; target 0..1, the share of water in a pixel.
    known
        Float `(B, 1, H, W)`, 0..1: how much a pixel counts; None counts all alike.
    smooth
        Share of the crop added to intersection and union, so that a dry crop has a gradient.
    """
    logits = logits.float()
    weight = torch.ones_like(target) if known is None else known
    weight = (weight / weight.mean((1, 2, 3), keepdim=True).clamp(min=0.05)).flatten(1)
    entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    water, truth = torch.sigmoid(logits).flatten(1), target.flatten(1)
    both = (water * truth * weight).mean(1)
    union = ((water + truth) * weight).mean(1) - both
    return (entropy.flatten(1) * weight).mean(1) + 1 - (both + smooth) / (union + smooth)


def mask_loss(logits: Tensor, target: Tensor, known: Tensor | None = None) -> Tensor:
    """The mean of `mask_losses`."""
    return mask_losses(logits, target, known).mean()


def trusted(losses: Tensor, left_out: int) -> Tensor:
    """The mean without the `left_out` highest: what a batch agrees least with is a wrong label.

    Learning from small losses only is Han et al. 2018 (arXiv:1804.06872), with one network.
    """
    return losses.sort().values[: len(losses) - left_out].mean()
