# SPDX-License-Identifier: GPL-3.0-or-later
"""A vision tower's first step as one matrix product, in the order that all others want.

A convolution whose stride is its kernel multiplies patches by a matrix. PyTorch's leaves the
numbers of a patch far apart in memory, and every layer norm behind it copies what it is given;
here each patch is a row, which spares the CPU those copies.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional


class Patches(nn.Conv2d):
    """A convolution over patches, with the parameters of the one it stands for."""

    def __init__(self, conv: nn.Conv2d) -> None:
        nn.Module.__init__(self)
        self.__dict__.update(conv.__dict__)

    def forward(self, pixels: Tensor) -> Tensor:
        """Pixels `(B, 3, H, W)` to patches `(B, hidden, rows, columns)`, a row of memory each."""
        tall, wide = self.kernel_size
        rows, columns = pixels.shape[2] // tall, pixels.shape[3] // wide
        if pixels.device.type != "cpu" or torch.is_grad_enabled():
            return super().forward(pixels)
        cut = pixels[:, :, : rows * tall, : columns * wide]
        cut = cut.reshape(len(pixels), -1, rows, tall, columns, wide).permute(0, 2, 4, 1, 3, 5)
        found = functional.linear(cut.flatten(3), self.weight.flatten(1), self.bias)
        return found.permute(0, 3, 1, 2)


def in_rows(tower: nn.Module) -> None:
    """Let a vision tower of transformers make its patches so, if it makes them by a convolution."""
    for module in tower.modules():
        conv: Any = getattr(module, "patch_embedding", None)
        if type(conv) is nn.Conv2d and _cuts_patches(conv):
            module.patch_embedding = Patches(conv)


def _cuts_patches(conv: nn.Conv2d) -> bool:
    """Whether each pixel is in one patch and no other, and each patch sees all bands."""
    still = conv.dilation == (1, 1) and conv.groups == 1
    return still and conv.stride == conv.kernel_size and conv.padding in ((0, 0), "valid")
