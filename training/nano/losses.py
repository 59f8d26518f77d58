# SPDX-License-Identifier: GPL-3.0-or-later
"""What the bundled model is trained to lower."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def mask_loss(logits: Tensor, target: Tensor, smooth: float = 0.01) -> Tensor:
    """Cross-entropy plus soft Jaccard loss, each averaged over the images.

    Parameters
    ----------
    logits, target
        Float `(B, 1, H, W)`; target 0..1, the share of water in a pixel.
    smooth
        Share of the crop added to intersection and union, so that a dry crop has a gradient.
    """
    logits = logits.float()
    entropy = functional.binary_cross_entropy_with_logits(logits, target)
    water = torch.sigmoid(logits).flatten(1)
    truth = target.flatten(1)
    both = (water * truth).mean(1)
    union = water.mean(1) + truth.mean(1) - both
    return entropy + (1 - (both + smooth) / (union + smooth)).mean()
