# SPDX-License-Identifier: GPL-3.0-or-later
"""Own models of a few thousand parameters, as a training leaves them: a checkpoint, an adapter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from tiny_paligemma import IMAGE_SIZE, write_checkpoint, write_extras

from waterseg_core.paligemma.load import load_checkpoint


def write_model(folder: Path, seed: int = 6, **said: Any) -> Path:
    """A checkpoint with head, codec and what it says of itself."""
    folder.mkdir(parents=True, exist_ok=True)
    write_checkpoint(folder, seed=seed)
    data = {"name": folder.name, "chips": 12, "sha256": "0" * 64}
    known = {"licence": "CC0-1.0", "iou_per_image": 0.5, "iou_pooled": 0.625, "data": data}
    return write_extras(folder, **{"tile": {"dense": IMAGE_SIZE}, **known, **said})


def write_adapter(folder: Path, base: Path, named: str, seed: int = 0) -> Path:
    """An adapter of the checkpoint in `base`, which it calls `named`."""
    import peft

    place = load_checkpoint(str(base), None, None, torch.device("cpu"), torch.float32)
    state = torch.random.get_rng_state()
    torch.manual_seed(seed)
    config = peft.LoraConfig(r=2, target_modules=["q_proj", "up_proj"], init_lora_weights=False)
    adapted: Any = peft.get_peft_model(place.model, config)
    torch.random.set_rng_state(state)
    adapted.peft_config["default"].base_model_name_or_path = named
    adapted.save_pretrained(folder, save_embedding_layers=False)
    said = {"name": place.name, "revision": place.revision}
    return write_extras(folder, base=said, licence="CC0-1.0")
