# SPDX-License-Identifier: GPL-3.0-or-later
"""The mask VQ-VAE of PaliGemma as a PyTorch module, named like Google's file.

The 49 parameters and buffers carry exactly the names and shapes of the arrays in Google's
`vae-oid.npz` (big_vision, `segmentation.py`), so either file loads without translation.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

CODES = 128  # rows of the codebook: <seg000> .. <seg127>
GRID = 4  # codes per side of a mask
CODE_COUNT = GRID * GRID
SIDE = 64  # pixels per side of a mask
DEPTH = 512  # numbers per code


class _ResidualBlock(nn.Module):
    """x + conv(x), without an activation behind the sum."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(width, width, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Features (n, width, h, w) to the same shape."""
        out: Tensor = x + self.net(x)
        return out


class _Codebook(nn.Module):
    """The codes, and the running averages from which training moves them."""

    _embedding: Tensor
    _ema_cluster_size: Tensor
    _ema_w: Tensor

    def __init__(self) -> None:
        super().__init__()
        table = torch.randn(CODES, DEPTH)
        self.register_buffer("_embedding", table)
        self.register_buffer("_ema_cluster_size", torch.ones(CODES))
        self.register_buffer("_ema_w", table.clone())


def _encoder() -> nn.Sequential:
    layers: list[nn.Module] = []
    for before, after in ((1, 16), (16, 32), (32, 64), (64, 128)):
        layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.ReLU()]
    layers += [_ResidualBlock(128), _ResidualBlock(128), nn.Conv2d(128, DEPTH, 1)]
    return nn.Sequential(*layers)


def _decoder() -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv2d(DEPTH, 128, 1), nn.ReLU()]
    layers += [_ResidualBlock(128), _ResidualBlock(128)]
    for before, after in ((128, 128), (128, 64), (64, 32), (32, 16)):
        layers += [nn.ConvTranspose2d(before, after, 4, stride=2, padding=1), nn.ReLU()]
    layers.append(nn.Conv2d(16, 1, 1))
    return nn.Sequential(*layers)


class MaskVQVAE(nn.Module):
    """64x64 masks to 4x4 codes of 128 and back; the state dict is `vae-oid.npz` as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = _encoder()
        self._vq_vae = _Codebook()
        self.decoder = _decoder()

    @property
    def codebook(self) -> Tensor:
        """The codes' vectors, (128, 512)."""
        return self._vq_vae._embedding

    def features(self, masks: Tensor) -> Tensor:
        """Masks (n, 64, 64) in 0..1 to what is quantised, (n, 4, 4, 512)."""
        out: Tensor = self.encoder(masks[:, None] * 2 - 1).permute(0, 2, 3, 1)
        return out

    def nearest(self, features: Tensor) -> Tensor:
        """Index of the nearest code by squared distance: (..., 512) to int64 (...)."""
        book = self.codebook.to(features.dtype)
        # |f|^2 is the same for every code and left out
        distance = book.square().sum(1) - 2 * features @ book.T
        return distance.argmin(-1)

    def encode(self, masks: Tensor) -> Tensor:
        """Masks (n, 64, 64) in 0..1 to codes int64 (n, 16), row-major over the 4x4 grid."""
        return self.nearest(self.features(masks)).flatten(1)

    def decode_features(self, features: Tensor) -> Tensor:
        """Quantised features (n, 4, 4, 512) to raw masks (n, 64, 64); above 0 is the object."""
        out: Tensor = self.decoder(features.permute(0, 3, 1, 2))
        return out[:, 0]

    def decode(self, codes: Tensor) -> Tensor:
        """Codes int (n, 16) to raw masks (n, 64, 64)."""
        return self.decode_features(
            functional.embedding(codes.reshape(-1, GRID, GRID), self.codebook)
        )

    def decode_soft(self, probs: Tensor) -> Tensor:
        """Probabilities over codes (n, 16, 128) to raw masks of the mean code vectors."""
        mixed = probs.to(self.codebook.dtype) @ self.codebook
        return self.decode_features(mixed.reshape(-1, GRID, GRID, DEPTH))
