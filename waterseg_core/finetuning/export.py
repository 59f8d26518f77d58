# SPDX-License-Identifier: GPL-3.0-or-later
"""What was learned becomes files that everything else loads: a checkpoint, or an adapter.

A whole checkpoint is `PaliGemmaForConditionalGeneration.save_pretrained` with 16-bit weights and
the tokenizer of the base; an adapter is peft's. Beside either lie the mask head, the codec and
`waterseg.json`, which says how the model answers and what it was made of.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch

from ..errors import OutputError
from ..outputs_atomic import replacing
from ..paligemma.load import HEAD_FILE, quiet
from ..paligemma.settings import FILE
from .recipes import LARGE
from .trainee import Trainee

CODEC_FILE = "codec.safetensors"
#: What a tokenizer and an image processor consist of, in the checkpoints of both generations.
_PROCESSOR = (
    "tokenizer*",
    "special_tokens_map.json",
    "added_tokens.json",
    "preprocessor_config.json",
    "processor_config.json",
    "generation_config.json",
)


def write_model(folder: Path, trainee: Trainee, says: dict[str, Any]) -> None:
    """Write the model as it is now into a new folder. Raises OutputError."""
    from safetensors import SafetensorError

    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with quiet():
            if trainee.peft is None:
                _write_checkpoint(folder, trainee)
            else:
                _write_adapter(folder, trainee)
        _write_head(folder, trainee)
        codec = trainee.codec
        if codec is not None and trainee.base.settings.codec is not None:
            shutil.copyfile(codec.path, folder / CODEC_FILE)
        (folder / FILE).write_text(json.dumps(says, indent=2) + "\n", "utf-8")
    except (OSError, SafetensorError) as error:
        raise OutputError(f"{folder} was not written ({error}); check the disk.") from error


def _write_checkpoint(folder: Path, trainee: Trainee) -> None:
    model = trainee.learner.paligemma
    large = sum(weight.numel() for weight in model.parameters()) >= LARGE
    dtype = torch.bfloat16 if large else torch.float16
    seen: dict[int, torch.Tensor] = {}
    state = {}
    for name, value in model.state_dict().items():
        key = value.data_ptr()
        if key not in seen:  # tied weights stay one tensor
            seen[key] = value.detach().to("cpu", dtype) if value.is_floating_point() else value
        state[name] = seen[key]
    model.save_pretrained(folder, state_dict=state)
    config = folder / "config.json"
    words = json.loads(config.read_text("utf-8")) | {"dtype": str(dtype).removeprefix("torch.")}
    config.write_text(json.dumps(words, indent=2) + "\n", "utf-8")
    for pattern in _PROCESSOR:
        for path in trainee.base.folder.glob(pattern):
            shutil.copyfile(path, folder / path.name)


def _write_adapter(folder: Path, trainee: Trainee) -> None:
    assert trainee.peft is not None
    trainee.peft.peft_config["default"].base_model_name_or_path = trainee.base_name
    trainee.peft.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)  # peft's template; the card comes at the end


def _write_head(folder: Path, trainee: Trainee) -> None:
    from safetensors.torch import save_file

    head = trainee.learner.head
    if head is None:
        return
    state = {
        name: (value.half() if value.is_floating_point() else value).cpu().contiguous()
        for name, value in head.state_dict().items()
    }
    save_file(state, folder / HEAD_FILE)


def publish(source: Path, target: Path) -> None:
    """Put a model's files where the person wanted them, what makes it a model last.

    Raises OutputError.
    """
    last = ("adapter_config.json", "config.json")
    files = sorted(source.iterdir(), key=lambda path: path.name in last)
    for path in files:
        with replacing(target / path.name) as temporary:
            shutil.copyfile(path, temporary)
