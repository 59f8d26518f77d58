# SPDX-License-Identifier: GPL-3.0-or-later
"""A PEFT adapter's changes are added to the weights of the model it was trained for.

Names of modules have changed between versions of transformers, and PEFT passes over what it does
not find; an adapter that changes nothing would go unnoticed. So names are translated, and every
weight of the adapter must find its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import ModelError
from ..silence import without
from .devices import is_out_of_memory
from .hub import first_line


def merged(model: Any, folder: Path) -> Any:
    """The model with an adapter's changes in its weights.

    Raises
    ------
    ModelError
        If the adapter cannot be read, belongs to another model, or peft is not installed.
    """
    try:
        import peft
    except ImportError as error:
        raise ModelError(
            "An adapter needs the package peft: pip install 'waterseg-core[peft]'."
        ) from error
    try:
        weights = peft.load_peft_weights(str(folder), device="cpu")
        config = peft.PeftConfig.from_pretrained(str(folder))
        config.base_model_name_or_path = None  # else peft warns of a base by another name
        with without(FutureWarning):  # peft's, about names of transformers that change
            wrapped = peft.get_peft_model(model, config)
        names = {name: _translated(name, model) for name in weights}
        weights = {names[name]: value for name, value in weights.items()}
        result: Any = peft.set_peft_model_state_dict(wrapped, weights)
    except Exception as error:  # many kinds, most of them ValueError and RuntimeError
        if is_out_of_memory(error):
            raise
        raise ModelError(
            f"The adapter {folder} does not fit the model: {first_line(error)}."
        ) from error
    lost = [*result.unexpected_keys, *(n for n in result.missing_keys if ".default." in n)]
    if lost:
        raise ModelError(
            f"The adapter {folder} does not fit the model: {len(lost)} weights have no counterpart,"
            f" the first is {lost[0]}."
        )
    return wrapped.merge_and_unload()


def _translated(name: str, model: Any) -> str:
    """A weight's name as the version of transformers at hand calls its module."""
    tower = "vision_tower.vision_model."
    name = name.replace("model.language_model.model.", "model.model.language_model.")
    has_level = any(tower in f"{module}." for module, _ in model.named_modules())
    if has_level and tower not in name:
        return name.replace("vision_tower.", tower)
    return name if has_level else name.replace(tower, "vision_tower.")
