# SPDX-License-Identifier: GPL-3.0-or-later
"""The mask head: the language model's states at the image positions, and the pixels, to a mask.

The states know where water is but only to one patch (16 pixels in the bundled model); the
pixels know where the shore is but not what is water. The head is a small pyramid that brings
both together: pixels go down to the size of the state grid, meet the states, and come up again
with the details of each level. It lives beside a checkpoint (``mask_head.safetensors``) the way
an adapter does and needs one prefill, no decoding.

The pyramid is that of U-Net (Ronneberger et al. 2015, arXiv:1505.04597) with residual blocks
(He et al. 2016, arXiv:1512.03385); sub-pixel output after Shi et al. 2016 (arXiv:1609.05158).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional


class ConvNorm(nn.Sequential):
    """Convolution, batch normalisation, ReLU: `(B, in, H, W)` to `(B, out, H/s, W/s)`."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> None:
        padding = (kernel - stride) // 2 if kernel % 2 == 0 else kernel // 2
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=padding, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class Residual(nn.Module):
    """Two 3x3 convolutions beside an identity; shape `(B, C, H, W)` is kept."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = ConvNorm(channels, channels)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, features: Tensor) -> Tensor:
        """Features `(B, C, H, W)` to features of the same shape."""
        return torch.relu(features + self.second(self.first(features)))


class MaskHead(nn.Module):
    """States at the image positions and pixels to mask logits at the model's resolution.

    Parameters
    ----------
    hidden
        Width of the language model's states.
    patch
        Pixels per image token along one side. If it is no power of two (14 in Google's
        checkpoints), the pixels are enlarged to the next one, and so is the mask.
    widths
        Channels of the pyramid from half resolution (first) down to the state grid (last):
        ``log2(patch)`` numbers, rounded up.
    depth
        Residual blocks at the state grid, where states and pixels meet.
    """

    def __init__(self, hidden: int, patch: int, widths: Sequence[int], depth: int = 2) -> None:
        super().__init__()
        if not patch <= 2 ** len(widths) < 2 * patch:
            raise ValueError(f"a patch of {patch} pixels needs log2({patch}) widths, not {widths}")
        self.patch, self.stride = patch, 2 ** len(widths)
        self.stem = ConvNorm(3, widths[0], kernel=4, stride=2)
        self.down = nn.ModuleList(
            nn.Sequential(ConvNorm(a, b, kernel=4, stride=2), Residual(b))
            for a, b in itertools.pairwise(widths)
        )
        self.states = nn.Sequential(nn.LayerNorm(hidden), nn.Linear(hidden, widths[-1]))
        self.meet = nn.Sequential(
            ConvNorm(2 * widths[-1], widths[-1], kernel=1),
            *(Residual(widths[-1]) for _ in range(depth)),
        )
        self.up = nn.ModuleList(
            nn.Sequential(ConvNorm(a + b, b), ConvNorm(b, b))
            for a, b in itertools.pairwise(reversed(widths))
        )
        self.out = nn.Conv2d(widths[0], 4, 3, padding=1)
        self.coarse = nn.Linear(hidden, 16)

    def forward(self, states: Tensor, pixels: Tensor) -> Tensor:
        """Mask logits `(B, 1, S, S)`, S a multiple of the state grid; above 0 is water.

        Parameters
        ----------
        states
            Float `(B, tokens, hidden)`: last hidden states of the language model (after its final
            norm) at the image positions, row-major, from a prefill with the prompt.
        pixels
            Float `(B, 3, S, S)` in -1..1, as the vision tower got them.
        """
        rows, cols = pixels.shape[2] // self.patch, pixels.shape[3] // self.patch
        if self.stride != self.patch:
            size = (rows * self.stride, cols * self.stride)
            pixels = functional.interpolate(pixels, size, mode="bilinear")
        features = [self.stem(pixels)]
        for stage in self.down:
            features.append(stage(features[-1]))
        grid = self.states(states).transpose(1, 2).reshape(states.shape[0], -1, rows, cols)
        found = self.meet(torch.cat([features.pop(), grid], dim=1))
        for stage in self.up:
            found = functional.interpolate(found, scale_factor=2.0, mode="nearest")
            found = stage(torch.cat([found, features.pop()], dim=1))
        return functional.pixel_shuffle(self.out(found), 2)

    def coarse_logits(self, states: Tensor, rows: int, cols: int) -> Tensor:
        """What the states alone say: `(B, 1, 4 rows, 4 cols)` logits, a 4x4 grid per image token.

        Only training uses it: it makes the language model learn the mask by itself, which is
        what the token answers live on.
        """
        cells = self.coarse(states).transpose(1, 2).reshape(states.shape[0], 16, rows, cols)
        return functional.pixel_shuffle(cells, 4)
