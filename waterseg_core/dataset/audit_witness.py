# SPDX-License-Identifier: GPL-3.0-or-later
"""Witness: a segmenter that is asked for its opinion of chips, from any thread, one at a time."""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt
from PIL import Image

from waterseg_core.dataset.audit_chip import Opinion
from waterseg_core.segmenter import Segmenter, load_segmenter

__all__ = ["NO_MODEL", "Witness", "load_witness"]

NO_MODEL = "none"


class Witness:
    """Gives opinions of images; a large one is made as small as the model sees it first."""

    def __init__(self, segmenter: Segmenter) -> None:
        self.name = segmenter.name
        self.revision = segmenter.revision
        self._segmenter = segmenter
        self._lock = threading.Lock()

    def opinion(self, image: npt.NDArray[np.uint8]) -> Opinion:
        """What the model says of an image, uint8 (h, w, 3): all that it looks for, as one."""
        picture = Image.fromarray(image)
        scale = self._segmenter.tile_size / max(picture.size)
        if scale < 1:
            size = (max(round(picture.width * scale), 1), max(round(picture.height * scale), 1))
            picture = picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
        with self._lock:
            said = self._segmenter.segment([np.array(picture)])[0]
        return Opinion(said.masks.max(axis=0), self._segmenter.threshold)


def load_witness(name: str, prompt: str, device: str) -> Witness | None:
    """The model of that name as a witness; None for `none`. Raises ModelError."""
    if name == NO_MODEL:
        return None
    return Witness(load_segmenter(name, prompt=prompt, device=device))
