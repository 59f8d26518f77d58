# SPDX-License-Identifier: GPL-3.0-or-later
"""Trainee: the loaded model with what learns of it set free, by method.

`full` sets everything free, `frozen-tower` all but the vision tower, `lora` and `qlora` put small
matrices beside the language model's linear maps (peft) and train those. The mask head, where
it answers, always learns as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ..errors import ModelError, OptionError
from ..maskcodec import MaskCodec
from ..options_finetune import FinetuneOptions
from ..paligemma.devices import pick_device
from ..paligemma.head import MaskHead
from ..paligemma.load import Checkpoint, load_checkpoint, quiet, read_head
from ..silence import without
from ..vocabulary import Vocabulary
from .learner import Learner
from .losses import TokenLoss
from .recipes import LARGE, ModelFacts, Recipe

#: What LoRA changes: the linear maps of the language model (smol-vision's choice of maps).
TARGETS = r".*language_model.*\.(q|k|v|o|gate|up|down)_proj"
#: Channels of a new head, and its depth: those of the bundled model.
WIDTHS, DEPTH = (32, 48, 96, 128), 2


@dataclass(eq=False)
class Trainee:
    """What learns, and what it was made of.

    Attributes
    ----------
    learner
        On its device, in training mode.
    base
        The checkpoint that it started from.
    head
        How the mask head is built, if there is one.
    peft
        The model as peft holds it, for lora and qlora.
    """

    learner: Learner
    base: Checkpoint
    recipe: Recipe
    codec: MaskCodec | None
    device: torch.device
    head: dict[str, Any] | None
    peft: Any | None
    compute_dtype: torch.dtype

    @property
    def base_name(self) -> str:
        """The base as an adapter names it: nano, a hub's name, or a folder's whole path."""
        bundled_or_hub = self.base.name == "nano" or "/" in self.base.name
        return self.base.name if bundled_or_hub else str(self.base.folder.resolve())

    def groups(self) -> list[dict[str, Any]]:
        """Groups of parameters for AdamW, each with its rate; norms and biases do not decay."""
        recipe, groups = self.recipe, []
        head = (
            {id(weight) for weight in self.learner.head.parameters()} if self.learner.head else {}
        )
        for rate, is_head in ((recipe.rate, False), (recipe.head_rate, True)):
            some = [
                (name, weight)
                for name, weight in self.learner.named_parameters()
                if weight.requires_grad and (id(weight) in head) == is_head
            ]
            for decays in (True, False):
                weights = [w for name, w in some if _decays(name, w) == decays]
                if weights:
                    decay = recipe.decay if decays else 0.0
                    groups.append({"params": weights, "peak": rate, "weight_decay": decay})
        return groups

    def learned(self) -> dict[str, Tensor]:
        """Everything that changes while it learns, by name: weights and running statistics."""
        weights = self.learner.named_parameters(remove_duplicate=False)
        frozen = {name for name, weight in weights if not weight.requires_grad}
        state = self.learner.state_dict()
        return {n: value for n, value in state.items() if n not in frozen and not _is_fixed(n)}


def _is_fixed(name: str) -> bool:
    """Whether a tensor of the state belongs to a quantised weight."""
    return ".quant_state." in name or ".absmax" in name or ".quant_map" in name


def _decays(name: str, weight: Tensor) -> bool:
    return weight.ndim >= 2 and "embed" not in name


def facts_of(checkpoint: Checkpoint) -> ModelFacts:
    """What a recipe needs to know of a loaded model."""
    settings = checkpoint.settings
    return ModelFacts(
        sum(weight.numel() for weight in checkpoint.model.parameters()),
        int(checkpoint.model.config.vision_config.image_size),
        settings.answer,
        settings.head is not None,
        settings.looks,
    )


def load_base(options: FinetuneOptions, device: torch.device, large: bool) -> Checkpoint:
    """The checkpoint to start from, in the precision that its method trains it in.

    Raises
    ------
    OptionError, ModelError
        If the method cannot be had here, or the model cannot be.
    """
    how: dict[str, Any] = {}
    dtype = torch.float32
    adapts = options.method in ("lora", "qlora") or (options.method == "auto" and large)
    if options.method == "qlora":
        how["quantization_config"] = _four_bits(device)
    if adapts and device.type == "cuda" and options.dtype != "fp32":
        dtype = torch.bfloat16
    return load_checkpoint(options.model, options.revision, None, device, dtype, **how)


def _four_bits(device: torch.device) -> Any:
    """How weights become 4 bits: NF4 with doubly quantised scales (QLoRA, arXiv:2305.14314)."""
    if device.type != "cuda":
        raise OptionError(
            f"--method qlora needs an NVIDIA GPU, and this would train on {device.type}. Take "
            "--method lora."
        )
    try:
        import bitsandbytes  # noqa: F401
        from transformers import BitsAndBytesConfig
    except ImportError as error:
        raise ModelError(
            "--method qlora needs the package bitsandbytes: pip install 'waterseg-core[train]'."
        ) from error
    make: Any = BitsAndBytesConfig
    return make(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
        llm_int8_skip_modules=["lm_head", "vision_tower", "multi_modal_projector"],
    )


def make_trainee(
    base: Checkpoint, recipe: Recipe, codec: MaskCodec | None, options: FinetuneOptions, seed: int
) -> Trainee:
    """Set free what learns. The same seed begins with the same weights."""
    torch.manual_seed(seed)
    device = pick_device(options.device)
    model, wrapped = base.model, None
    if recipe.method in ("lora", "qlora"):
        wrapped = _with_adapter(model, recipe, options)
    else:
        model.requires_grad_(True)
        if recipe.method == "frozen-tower":
            model.model.vision_tower.requires_grad_(False)
    head, built = _head(base, recipe)
    near = torch.from_numpy(codec.nearby_codes()) if codec and recipe.smoothing else None
    segments = Vocabulary.of(base.tokenizer).segments
    learner = Learner(model, head, TokenLoss(recipe.smoothing, segments, near))
    if recipe.answer == "dense":  # no word is said, so no word learns
        model.lm_head.requires_grad_(False)
    if _is_large(model):
        model.gradient_checkpointing_enable({"use_reentrant": False})
    learner.to(device).train()
    if head is not None and base.settings.head is not None:
        _keep_statistics(head)
    dtype = compute_dtype(options.dtype, device)
    return Trainee(learner, base, recipe, codec, device, built, wrapped, dtype)


def _keep_statistics(head: MaskHead) -> None:
    """Let a head that has learned already normalise as it does in use.

    Statistics of a few chips are noise, they would differ with the part of a batch that the memory
    holds, and the running ones would leave those that the rest of the model was trained with.
    """
    for module in head.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eval()


def compute_dtype(name: str, device: torch.device) -> torch.dtype:
    """The precision of the arithmetic: bf16 where the device has it and it is faster."""
    if name != "auto":
        return torch.bfloat16 if name == "bf16" else torch.float32
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    has_it = getattr(torch.cpu, "_is_avx512_bf16_supported", bool)
    return torch.bfloat16 if device.type == "cpu" and has_it() else torch.float32


def _is_large(model: Any) -> bool:
    return bool(sum(weight.numel() for weight in model.parameters()) >= LARGE // 4)


def _with_adapter(model: Any, recipe: Recipe, options: FinetuneOptions) -> Any:
    try:
        import peft
    except ImportError as error:
        raise ModelError(
            f"--method {recipe.method} needs the package peft: pip install 'waterseg-core[train]'."
        ) from error
    config = peft.LoraConfig(
        r=options.rank,
        lora_alpha=2 * options.rank,
        lora_dropout=0.05,
        target_modules=TARGETS,
    )
    with quiet(), without(FutureWarning):  # peft's, about names of transformers that change
        return peft.get_peft_model(model, config)


def _head(base: Checkpoint, recipe: Recipe) -> tuple[MaskHead | None, dict[str, Any] | None]:
    """The mask head that learns, and how it is built: the model's own, or a new one."""
    if recipe.answer != "dense":
        return None, None
    if base.settings.head is not None:
        return read_head(base.folder, base.settings), base.settings.head
    config = base.model.config
    built = {
        "hidden": int(config.text_config.hidden_size),
        "patch": int(config.vision_config.patch_size),
        "widths": list(WIDTHS),
        "depth": DEPTH,
    }
    return _new_head(built), built


def _new_head(built: dict[str, Any]) -> MaskHead:
    patch = int(built["patch"])
    count = max(2, (patch - 1).bit_length())
    built["widths"] = (
        list(WIDTHS[-count:])
        if count <= len(WIDTHS)
        else [*([WIDTHS[0]] * (count - len(WIDTHS))), *WIDTHS]
    )
    return MaskHead(**built)
