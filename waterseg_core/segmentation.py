# SPDX-License-Identifier: GPL-3.0-or-later
"""What a segmenter says about one image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .errors import InputError
from .tokens import Instance


@dataclass(frozen=True, eq=False)
class Segmentation:
    """Soft masks, named objects, and how sure the model is that there is anything.

    Attributes
    ----------
    masks
        Float32 `(labels, h, w)` in 0..1 at the image's own size, one mask per label.
    instances
        The objects that were named, if the model answers in objects or cells; else empty.
    presence
        0..1, how sure the model is that there is anything: 1 - P(nothing) where it answers in
        objects, else the highest probability in a mask.
    """

    masks: np.ndarray
    instances: tuple[Instance, ...] = ()
    presence: float = 1.0

    def __post_init__(self) -> None:
        if self.masks.ndim != 3 or self.masks.dtype != np.float32:
            raise InputError(
                f"Masks are float32 (labels, h, w), not {self.masks.dtype} {self.masks.shape}."
            )
