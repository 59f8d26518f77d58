# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundled model's shape: a PaliGemma of a few million parameters and its mask head."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PaliGemmaConfig, PaliGemmaForConditionalGeneration

from waterseg_core.paligemma.head import MaskHead

IMAGE_PX, PATCH_PX, HIDDEN = 256, 16, 192
HEAD = {"hidden": HIDDEN, "patch": PATCH_PX, "widths": [32, 48, 96, 128], "depth": 2}


def nano_config(vocabulary: int, image_token: int) -> PaliGemmaConfig:
    """Six SigLIP layers and four Gemma layers of width 192 over 16x16 patches of 256 px."""
    vision: dict[str, Any] = {
        "model_type": "siglip_vision_model",
        "hidden_size": HIDDEN,
        "intermediate_size": 4 * HIDDEN,
        "num_hidden_layers": 6,
        "num_attention_heads": 3,
        "image_size": IMAGE_PX,
        "patch_size": PATCH_PX,
        "vision_use_head": False,
    }
    text: dict[str, Any] = {
        "model_type": "gemma",
        "hidden_size": HIDDEN,
        "intermediate_size": 512,
        "num_hidden_layers": 4,
        "num_attention_heads": 3,
        "num_key_value_heads": 1,
        "head_dim": 64,
        "vocab_size": vocabulary,
        "max_position_embeddings": 1024,
        "pad_token_id": 0,
        "eos_token_id": 1,
        "bos_token_id": 2,
    }
    return PaliGemmaConfig(
        vision_config=vision,
        text_config=text,
        projection_dim=HIDDEN,
        hidden_size=HIDDEN,
        image_token_index=image_token,
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=2,
    )


class Nano(nn.Module):
    """PaliGemma and mask head as training uses them: one prefix, many parallel suffixes."""

    def __init__(self, config: PaliGemmaConfig, prefix_ids: list[int]) -> None:
        super().__init__()
        self.paligemma = PaliGemmaForConditionalGeneration(config)
        self.head = MaskHead(**HEAD).to(memory_format=torch.channels_last)
        self.register_buffer("prefix_ids", torch.tensor(prefix_ids), persistent=False)
        self._soften_start()

    def _soften_start(self) -> None:
        """Start image positions and words alike in size; Gemma multiplies words by sqrt(width)."""
        nn.init.normal_(self.paligemma.model.language_model.embed_tokens.weight, std=0.04)
        nn.init.normal_(
            self.paligemma.model.vision_tower.embeddings.position_embedding.weight, std=0.02
        )

    def image_embeds(self, pixels: Tensor) -> Tensor:
        """`(B, 3, S, S)` in -1..1 to `(B, tokens, hidden)`; S may be below the full 256 px."""
        small = pixels.shape[-1] != IMAGE_PX
        tower = self.paligemma.model.vision_tower(pixels, interpolate_pos_encoding=small)
        return self.paligemma.model.multi_modal_projector(tower.last_hidden_state)

    def run(
        self,
        pixels: Tensor,
        suffix: Tensor | None = None,
        segment: Tensor | None = None,
        position: Tensor | None = None,
        image: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """States at the image positions; from the prefix's last place on where suffixes are given.

        Parameters
        ----------
        pixels
            Float `(B, 3, S, S)` in -1..1.
        suffix
            Ids `(B, L)`: several suffixes packed one after another.
        segment
            Int `(B, L)` or `(L,)`: number of the suffix a position belongs to.
        position
            Int like `segment`: place of the position within its suffix, from 0.
        image
            What `image_embeds` gave for the pixels, if it is known already.
        """
        image = self.image_embeds(pixels) if image is None else image
        batch, tokens = image.shape[:2]
        words = self.paligemma.model.language_model.embed_tokens
        prefix = words(self.prefix_ids).expand(batch, -1, -1)
        places = image_places(tokens).to(image.device)
        start = IMAGE_PX // PATCH_PX
        rest = torch.arange(self.prefix_ids.numel(), device=image.device) + start * start + 1
        places = torch.cat([places, rest]).expand(batch, -1)
        parts = [image, prefix.to(image.dtype)]
        size = tokens + self.prefix_ids.numel()
        mask = torch.zeros(batch, 1, size, size, device=image.device)
        if suffix is not None and segment is not None and position is not None:
            parts.append(words(suffix).to(image.dtype))
            places = torch.cat([places, (position + places[0, -1] + 1).expand(batch, -1)], dim=1)
            mask = packed_mask(size, segment.expand(batch, -1), position.expand(batch, -1))
        self.places = places
        states = self.paligemma.model.language_model(
            inputs_embeds=torch.cat(parts, dim=1),
            attention_mask=mask,
            position_ids=places,
            use_cache=False,
        ).last_hidden_state
        return states[:, :tokens], (states[:, size - 1 :] if suffix is not None else None)


def image_places(tokens: int) -> Tensor:
    """1-indexed positions of the image tokens; fewer tokens sit on a coarser grid of places."""
    full = IMAGE_PX // PATCH_PX
    side = int(tokens**0.5)
    step = torch.arange(side) * (full // side)
    return (step[:, None] * full + step[None, :]).reshape(-1) + 1


def packed_mask(prefix: int, segment: Tensor, position: Tensor) -> Tensor:
    """Additive mask `(B, 1, N, N)` of 0 and -inf for one prefix and several packed suffixes.

    The prefix sees itself in both directions; a suffix sees the prefix and its own past only.
    """
    batch, length = segment.shape
    own = segment[:, :, None] == segment[:, None, :]
    past = position[:, :, None] >= position[:, None, :]
    size = prefix + length
    mask = torch.full((batch, size, size), float("-inf"), device=segment.device)
    mask[:, :, :prefix] = 0.0
    mask[:, :prefix, prefix:] = float("-inf")
    mask[:, prefix:, prefix:] = torch.where(own & past, 0.0, float("-inf"))
    return mask[:, None]


def save(model: Nano, folder: Path) -> None:
    """Write the PaliGemma checkpoint and the head as fp16 safetensors, as the core loads them."""
    from safetensors.torch import save_file

    model.paligemma.half().save_pretrained(folder)
    head = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in model.head.state_dict().items()
    }
    save_file(head, folder / "mask_head.safetensors")
