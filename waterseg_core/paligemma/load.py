# SPDX-License-Identifier: GPL-3.0-or-later
"""A checkpoint's files become a model: PaliGemma, tokenizer, mask head, adapter merged in.

Everything that can be wrong with the files ends in one sentence. Only safetensors are read:
loading a model runs no code of its makers.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from ..errors import ModelError
from ..vocabulary import Vocabulary
from .adapter import merged
from .devices import is_out_of_memory
from .head import MaskHead
from .hub import Place, find, first_line
from .settings import FILE, Settings

HEAD_FILE = "mask_head.safetensors"


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A loaded checkpoint.

    Attributes
    ----------
    name, revision
        As results carry them; an adapter is named behind a plus.
    folder
        Where settings, codec and head were read.
    model
        `PaliGemmaForConditionalGeneration`, in evaluation mode, without gradients.
    tokenizer
        Its tokenizer.
    head
        The mask head in float32, if the checkpoint has one.
    """

    name: str
    revision: str
    folder: Path
    settings: Settings
    model: Any
    tokenizer: Any
    head: MaskHead | None


def load_checkpoint(
    name: str,
    revision: str | None,
    adapter: str | None,
    device: torch.device,
    dtype: torch.dtype,
    **loading: Any,
) -> Checkpoint:
    """Find, read and check a checkpoint, and an adapter for it.

    loading: further arguments of `from_pretrained`, such as a quantisation.

    Raises
    ------
    ModelError, ModelAccessError
        If there is no such model or adapter, or it cannot be used.
    """
    place = find(name, revision)
    _check_kind(place)
    extra = find(adapter, needs="adapter_config.json") if adapter else None
    if extra:
        _check_base(place, extra)
    told = extra if extra and (extra.folder / FILE).is_file() else place
    settings = Settings.read(told.folder)
    try:
        with quiet():
            model, tokenizer = _read(place, dtype, loading)
            if extra:
                model = merged(model, extra.folder)
        model = model.to(device).eval().requires_grad_(False)
        head = _ready_head(read_head(told.folder, settings), device)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise ModelError(
            f"The model {place.name} does not fit into the memory of {device}. Take a smaller"
            " model, another --device, or --dtype bf16."
        ) from error
    # Trained and transferred without it (PaliGemma 2, arXiv:2412.03555): probabilities are ours.
    model.config.text_config.final_logit_softcapping = None
    return Checkpoint(
        name=f"{place.name}+{extra.name}" if extra else place.name,
        revision=f"{place.revision}+{extra.revision}" if extra else place.revision,
        folder=told.folder,
        settings=settings,
        model=model,
        tokenizer=tokenizer,
        head=head,
    )


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers' log and progress bars to itself while something is loaded."""
    from transformers.utils import logging as untyped

    logging: Any = untyped
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _check_kind(place: Place) -> None:
    """The folder must say that it holds a PaliGemma, before anything large is read."""
    path = place.folder / "config.json"
    try:
        kind = json.loads(path.read_text("utf-8")).get("model_type")
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError(
            f"{path} cannot be read: {error}. The file is damaged; fetch or train the model again."
        ) from error
    if kind != "paligemma":
        raise ModelError(
            f"{place.folder} holds a model of type {kind!r}, not a PaliGemma. Give a folder or a"
            " hub name with PaliGemma 1 or 2."
        )


def _check_base(place: Place, adapter: Place) -> None:
    """An adapter that says what it was trained for must get just that: others often fit too."""
    path = adapter.folder / FILE
    try:
        said: Any = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        base = said.get("base") or {"revision": place.revision}
        revision, name = base["revision"], base.get("name", "another model")
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise ModelError(f"{path} cannot be read: {error}.") from error
    if revision != place.revision:
        raise ModelError(
            f"The adapter {adapter.folder} was trained for {name} ({revision}), and this"
            f" is {place.name} ({place.revision}). Give the model that it belongs to."
        )


def _read(place: Place, dtype: torch.dtype, loading: dict[str, Any]) -> tuple[Any, Any]:
    from transformers import AutoTokenizer, PaliGemmaForConditionalGeneration

    kind: Any = PaliGemmaForConditionalGeneration
    try:
        model, report = kind.from_pretrained(
            place.folder,
            dtype=dtype,
            use_safetensors=True,
            output_loading_info=True,
            **_renaming(kind),
            **loading,
        )
    except Exception as error:  # many kinds, from missing files to broken headers
        if is_out_of_memory(error):
            raise
        raise ModelError(
            f"The checkpoint in {place.folder} cannot be read: {first_line(error)}. Fetch or train "
            "the model again."
        ) from error
    try:
        tokenizer = AutoTokenizer.from_pretrained(place.folder)
    except Exception as error:  # as many
        raise ModelError(
            f"The tokenizer in {place.folder} cannot be read; is tokenizer.json missing or "
            "damaged? Fetch or train the model again."
        ) from error
    missing = sorted(report["missing_keys"])
    if missing:
        raise ModelError(
            f"The checkpoint in {place.folder} is not whole: {len(missing)} of its weights are"
            f" missing, the first is {missing[0]}."
        )
    _check_tokens(place, model, tokenizer)
    return model, tokenizer


def _renaming(kind: Any) -> dict[str, Any]:
    """What version 4 of transformers must be told to read what version 5 has saved.

    Version 5 leaves a level out of the names in the vision tower.
    """
    import transformers

    if not transformers.__version__.startswith("4."):
        return {}
    known = getattr(kind, "_checkpoint_conversion_mapping", {})
    tower = {r"^vision_tower\.(?!vision_model\.)": "model.vision_tower.vision_model."}
    return {"key_mapping": tower | known}


def _check_tokens(place: Place, model: Any, tokenizer: Any) -> None:
    """The tokenizer must be a PaliGemma's, and this one's."""
    try:
        vocabulary = Vocabulary.of(tokenizer)
    except ModelError as error:
        raise ModelError(f"The tokenizer in {place.folder} cannot be used. {error}") from error
    last, rows = max(vocabulary.locations + vocabulary.segments), model.lm_head.weight.shape[0]
    if last >= rows:
        raise ModelError(
            f"The tokenizer in {place.folder} belongs to another model: it has a token {last}, the"
            f" model ends at {rows - 1}."
        )


def read_head(folder: Path, settings: Settings) -> MaskHead | None:
    """The mask head beside a checkpoint; it computes in float32 wherever the model does not.

    Raises ModelError if it cannot be used.
    """
    if settings.head is None:
        return None
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    path = folder / HEAD_FILE
    if not path.is_file():
        raise ModelError(
            f"There is no mask head {path}, though {FILE} beside it names one. Fetch or train the "
            "model again."
        )
    try:
        head = MaskHead(**settings.head)
        head.load_state_dict({name: value.float() for name, value in load_file(path).items()})
    except (OSError, SafetensorError, RuntimeError, TypeError, ValueError) as error:
        first = first_line(error)
        raise ModelError(f"The mask head {path} cannot be used: {first}.") from error
    return head


def _ready_head(head: MaskHead | None, device: torch.device) -> MaskHead | None:
    """The head, laid out to answer and not to learn."""
    if head is None:
        return None
    _fold_norms(head.eval().requires_grad_(False))
    for weight in head.parameters():  # convolutions are faster with the channels last
        if weight.ndim == 4:
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    return head.to(device)


def _fold_norms(module: nn.Module) -> None:
    """Fold batch norms into the convolutions before them: the same numbers, fewer passes."""
    for part in module.modules():
        if isinstance(part, nn.Sequential):
            for place in range(len(part) - 1):
                first, second = part[place], part[place + 1]
                if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
                    part[place] = fuse_conv_bn_eval(first, second)
                    part[place + 1] = nn.Identity()
