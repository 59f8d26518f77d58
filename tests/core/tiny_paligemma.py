# SPDX-License-Identifier: GPL-3.0-or-later
"""PaliGemmas of a few thousand random parameters, with a tokenizer of their own.

The architecture is the real one, in both generations; the tokenizer has PaliGemma's added tokens
in another order and over another vocabulary, so nothing that holds for these models can lean on
Google's ids.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers import AddedToken
from transformers import (
    GemmaTokenizer,
    PaliGemmaConfig,
    PaliGemmaForConditionalGeneration,
)

from waterseg_core.maskcodec_net import MaskVQVAE
from waterseg_core.paligemma.head import MaskHead

IMAGE_SIZE, PATCH_SIZE = 32, 8
HEAD = {"hidden": 32, "patch": PATCH_SIZE, "widths": [4, 6, 8], "depth": 1}
IMAGE_TOKENS = (IMAGE_SIZE // PATCH_SIZE) ** 2
WORDS = ("▁water", "▁lake", "▁river", "▁;", "segment", "▁bed")


def tiny_tokenizer() -> Any:
    """Characters, bytes and a few words; `<image>` before the locations, segments first."""
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    pieces += [f"<0x{value:02X}>" for value in range(256)]
    pieces += ["\n", "▁", *(chr(code) for code in range(33, 127))]
    merges = []
    for word in WORDS:
        for end in range(2, len(word) + 1):
            if word[:end] not in pieces:
                pieces.append(word[:end])
                merges.append((word[: end - 1], word[end - 1]))
    words: Any = merges
    tokenizer = GemmaTokenizer(vocab={piece: n for n, piece in enumerate(pieces)}, merges=words)
    image = AddedToken("<image>", normalized=False, special=True)
    tokenizer.add_special_tokens({"additional_special_tokens": [image]})
    plain = [f"<seg{n:03d}>" for n in range(128)] + [f"<loc{n:04d}>" for n in range(1024)]
    tokenizer.add_tokens([AddedToken(text, normalized=False) for text in plain])
    return tokenizer


def tiny_config(tokenizer: Any, generation: int, **text: Any) -> PaliGemmaConfig:
    """Two layers of each kind; `text` changes the language model's configuration."""
    vision = {
        "model_type": "siglip_vision_model",
        "hidden_size": 24,
        "intermediate_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": IMAGE_SIZE,
        "patch_size": PATCH_SIZE,
        "vision_use_head": False,
    }
    language: dict[str, Any] = {
        "model_type": "gemma",
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 1,
        "head_dim": 8,
        "vocab_size": len(tokenizer) + 7,
        "max_position_embeddings": 512,
        "pad_token_id": 0,
        "eos_token_id": 1,
        "bos_token_id": 2,
    }
    if generation == 2:
        language |= {
            "model_type": "gemma2",
            "num_key_value_heads": 2,
            "query_pre_attn_scalar": 12,
            "attn_logit_softcapping": 2.0,
            "final_logit_softcapping": None,
            "sliding_window": 4096,
        }
    return PaliGemmaConfig(
        vision_config=vision,
        text_config=language | text,
        projection_dim=32,
        hidden_size=32,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=2,
    )


def tiny_model(tokenizer: Any, generation: int = 1, seed: int = 6, **text: Any) -> Any:
    """A random PaliGemma in fp32; with the seed as it is, answers differ in length by image."""
    state = torch.random.get_rng_state()
    torch.manual_seed(seed)
    model = PaliGemmaForConditionalGeneration(tiny_config(tokenizer, generation, **text))
    for name, weight in model.named_parameters():
        if weight.ndim == 1:
            torch.nn.init.normal_(weight, std=0.2)
        else:
            spread = 0.12 if "embed_tokens" in name else 2.5 * weight[0].numel() ** -0.5
            torch.nn.init.normal_(weight, std=spread)
    for module in model.modules():
        if isinstance(module, torch.nn.LayerNorm):
            torch.nn.init.ones_(module.weight)
    torch.random.set_rng_state(state)
    return model.eval().requires_grad_(False)


def write_checkpoint(folder: Path, generation: int = 1, seed: int = 6) -> Path:
    """A checkpoint folder that plain `from_pretrained` loads; no mask head, no codec."""
    tokenizer = tiny_tokenizer()
    tiny_model(tokenizer, generation, seed).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    settings = {
        "image_processor_type": "SiglipImageProcessor",
        "processor_class": "PaliGemmaProcessor",
        "image_seq_length": IMAGE_TOKENS,
        "size": {"height": IMAGE_SIZE, "width": IMAGE_SIZE},
        "image_mean": [0.5] * 3,
        "image_std": [0.5] * 3,
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(settings))
    return folder


def trained_head() -> MaskHead:
    """A mask head whose batch norms have seen something."""
    head = MaskHead(**HEAD)
    for module in head.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean = torch.randn(module.num_features)
            module.running_var = torch.rand(module.num_features) + 0.5
    return head.eval()


def write_extras(folder: Path, **said: Any) -> Path:
    """A random mask head, a random codec and `waterseg.json` beside a checkpoint."""
    state = torch.random.get_rng_state()
    torch.manual_seed(0)
    save_file(trained_head().state_dict(), folder / "mask_head.safetensors")
    save_file(MaskVQVAE().state_dict(), folder / "codec.safetensors")
    torch.random.set_rng_state(state)
    settings = {
        "answer": "dense",
        "answers": ["dense", "grid", "objects"],
        "grid": 2,
        "threshold": {"dense": 0.4},
        "codec": "codec.safetensors",
        "head": HEAD,
    }
    (folder / "waterseg.json").write_text(json.dumps(settings | said))
    return folder
