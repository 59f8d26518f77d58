# SPDX-License-Identifier: GPL-3.0-or-later
"""What turns images into masks: the Segmenter protocol, and the one place that makes one.

Whoever has images needs nothing but `load_segmenter` and `segment`. A new kind of model is a
class with the protocol's members and a line in `load_segmenter`. The libraries behind a model
are loaded when one is asked for, not before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from .segmentation import Segmentation

__all__ = ["Segmentation", "Segmenter", "card", "devices", "load_segmenter", "models"]


class Segmenter(Protocol):
    """Images in, masks out: same order, each at its image's own size."""

    @property
    def name(self) -> str:
        """The model as the user names it."""

    @property
    def revision(self) -> str:
        """Which version of the model this is: results with another one may differ."""

    @property
    def tile_size(self) -> int:
        """The side of the square, in pixels, that the model sees without resizing."""

    @property
    def labels(self) -> tuple[str, ...]:
        """What is looked for: one mask each."""

    @property
    def threshold(self) -> float:
        """The probability from which the model's makers call a pixel water."""

    def segment(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
        """One segmentation per image; an image is uint8 RGB `(h, w, 3)` of any size."""


def load_segmenter(
    name: str = "nano",
    *,
    prompt: str = "segment water",
    answer: str = "auto",
    device: str = "auto",
    dtype: str = "auto",
    batch: int | None = None,
    codec: str | None = None,
    adapter: str | None = None,
    revision: str | None = None,
) -> Segmenter:
    """A model, ready to segment.

    Parameters
    ----------
    name
        `nano` (comes with waterseg, works offline), a model that you trained (its name, or its
        folder), a folder with a PaliGemma checkpoint, or a name on the Hugging Face hub.
    prompt
        What to look for; several things as in `segment lake ; river`.
    answer
        `dense`, `grid`, `objects`, or `auto`: what the checkpoint was trained for.
    device, dtype
        `auto`, or `cpu`, `cuda`, `mps`; `auto`, or `fp32`, `bf16`, `fp16`.
    batch
        Images at once; None finds it automatically.
    codec
        File with the mask codec's weights, or `google`; None takes the model's own.
    adapter
        PEFT adapter: a folder or a name on the hub.
    revision
        Revision on the hub; None takes the one that waterseg knows, else the newest.

    Raises
    ------
    OptionError
        If an option's value makes no sense, or asks for a device that is not there.
    ModelAccessError
        If the model is not on this computer and cannot be fetched.
    ModelError
        If what is there cannot be used as a PaliGemma.
    """
    from .model_list import resolved
    from .paligemma.runtime import load_paligemma

    name, adapter = resolved(name, adapter)
    return load_paligemma(
        name,
        prompt=prompt,
        answer=answer,
        device=device,
        dtype=dtype,
        batch=batch,
        codec=codec,
        adapter=adapter,
        revision=revision,
    )


def devices() -> dict[str, str]:
    """The devices that models can run on here: name (`cuda`, `mps`, `cpu`) to a description."""
    from .paligemma.devices import available

    return available()


def models() -> dict[str, str]:
    """The models that need no download, and the known ones that do: name to where it is."""
    from .paligemma.hub import models_at_hand

    return models_at_hand()


def card(name: str, answer: str = "auto") -> dict[str, Any]:
    """What can be said of a model without loading it: see `paligemma.card`.

    An adapter's tile is its base's where it says nothing else.
    """
    from .model_list import folder_of, resolved
    from .paligemma.card import card as facts

    folder = folder_of(name)
    found = facts(folder, answer)
    base, adapter = resolved(folder)
    if adapter is not None and found["tile_px"] is None:
        found["tile_px"] = facts(base, answer)["tile_px"]
    return found | {"title": name} if found["title"] == folder else found
