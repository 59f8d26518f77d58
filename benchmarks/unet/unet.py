# SPDX-License-Identifier: GPL-3.0-or-later
"""The rival as a segmenter: a U-Net of segmentation_models_pytorch behind waterseg's own protocol.

So the pipeline tiles, blends, thresholds and outlines what the U-Net says exactly as it does for a
PaliGemma, and `waterseg_core.evaluation` scores both alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from waterseg_core.segmenter import Segmentation

#: A U-Net halves its image five times.
STRIDE = 32


def build(encoder: str, weights: str | None = None) -> Any:
    """A U-Net with one logit per pixel; `weights` is None (from scratch) or `imagenet`."""
    import segmentation_models_pytorch as smp

    return smp.Unet(encoder, encoder_weights=weights, in_channels=3, classes=1)


def normalised(images: torch.Tensor) -> torch.Tensor:
    """Pixels `(B, 3, h, w)` of 0..255 as encoders trained on ImageNet want them."""
    mean = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
    deviation = torch.tensor([0.229, 0.224, 0.225])[:, None, None]
    return (images / 255 - mean) / deviation


class UNetSegmenter:
    """See `waterseg_core.segmenter.Segmenter`; made from a checkpoint of `train.py`."""

    labels = ("water",)
    threshold = 0.5
    answer = "U-Net"
    prompt = ""
    device = "cpu"
    dtype = "fp32"
    batch = 8

    def __init__(self, checkpoint: Path, tile_size: int = 512) -> None:
        kept = torch.load(checkpoint, weights_only=True, map_location="cpu")
        self._net = build(kept["encoder"])
        self._net.load_state_dict(kept["weights"])
        self._net.eval()
        self.name = f"U-Net {kept['encoder']}"
        self.revision = hashlib.sha256(checkpoint.read_bytes()).hexdigest()[:12]
        self.tile_size = tile_size
        self.told: dict[str, Any] = {k: v for k, v in kept.items() if k != "weights"}

    @torch.inference_mode()
    def segment(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
        """One image after the other, each as it is, padded to what the net can halve."""
        return [self._one(image) for image in images]

    def _one(self, image: np.ndarray) -> Segmentation:
        height, width = image.shape[:2]
        pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float()
        right, below = -width % STRIDE, -height % STRIDE
        padded = functional.pad(normalised(pixels), (0, right, 0, below), mode="replicate")
        probability = self._net(padded).sigmoid()[0, :, :height, :width]
        masks = probability.numpy().astype(np.float32)
        return Segmentation(masks, presence=float(masks.max()))
