# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may look at whom: the prefix-LM attention masks of PaliGemma, and the positions.

PaliGemma's prefix (image tokens, bos, prompt, newline) looks both ways; the suffix looks at the
whole prefix and back along itself (arXiv:2407.07726, section 3.1). Positions count from 1. The
masks are made here and given to the model as they are, because the way `transformers` makes
them from flags has changed silently between its versions.

Every mask is bool, True where the query (second last axis) may look at the key (last axis).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def prefix_mask(prefix_lengths: Tensor, lengths: Tensor, width: int) -> Tensor:
    """The prefix-LM mask of right-padded sequences.

    Parameters
    ----------
    prefix_lengths
        Int64 `(B,)`: tokens of each row that look both ways.
    lengths
        Int64 `(B,)`: tokens of each row in all, at least its prefix.
    width
        Columns of the batch; what is behind a row's length is padding.

    Returns
    -------
    Tensor
        Bool `(B, 1, width, width)`. No token looks at padding; padding looks at itself alone, so
        that no row of a softmax is empty.
    """
    slots = torch.arange(width, device=prefix_lengths.device)
    query, key = slots[:, None], slots[None, :]
    in_prefix = key < prefix_lengths[:, None, None]
    seen = (in_prefix | (key <= query)) & (key < lengths[:, None, None])
    padding = query >= lengths[:, None, None]
    return torch.where(padding, key == query, seen)[:, None]


def packed_mask(prefix_length: int, branch_lengths: Sequence[int]) -> Tensor:
    """The mask of one prefix with several independent suffixes (branches) behind it.

    Each branch sees the whole prefix and back along itself, and never another branch, as if it
    stood behind the prefix alone. Together with `packed_positions` one forward pass trains, or
    answers, all boxes of an image.

    Returns
    -------
    Tensor
        Bool `(1, 1, W, W)`, `W = prefix_length + sum(branch_lengths)`.
    """
    counts = torch.tensor([prefix_length, *branch_lengths])
    owner = torch.repeat_interleave(torch.arange(len(counts)), counts)
    slots = torch.arange(len(owner))
    same_branch = (owner[:, None] == owner[None, :]) & (slots[None, :] <= slots[:, None])
    return (same_branch | (owner[None, :] == 0))[None, None]


def packed_positions(prefix_length: int, branch_lengths: Sequence[int]) -> Tensor:
    """Int64 `(1, W)`: positions from 1; every branch goes on where the prefix ended."""
    parts = [torch.arange(1, prefix_length + 1)]
    parts += [torch.arange(1, count + 1) + prefix_length for count in branch_lengths]
    return torch.cat(parts)[None]


def as_bias(mask: Tensor, dtype: torch.dtype) -> Tensor:
    """The mask as numbers to add to attention scores: 0, or the lowest number of `dtype`."""
    bias = torch.zeros(mask.shape, dtype=dtype, device=mask.device)
    return bias.masked_fill_(~mask, torch.finfo(dtype).min)
