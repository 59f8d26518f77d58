# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases: what is scored one by one, each with its truth; and sources, which bring them.

A source knows its cases and lets a model answer them, in order, from any case on. Images with
masks are cases by themselves (`pairs`); a raster with polygons is cut into windows (`windows`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from waterseg_core.options import MIN_AREA_PX, SegmentOptions
from waterseg_core.raster import Scene
from waterseg_core.segmenter import Segmenter

__all__ = ["Answered", "Case", "Looked", "Source", "Watch", "smallest_body", "with_data"]

Bools = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
#: Called with (done, total, unit) while a source works on something larger than a case.
Watch = Callable[[int, int, str], None]

#: Brightest value of a black frame after JPEG, and how far its edge bleeds into the image.
BLACK, BLEED_PX = 16, 2


@dataclass(frozen=True, eq=False)
class Looked:
    """A case's image and truth: rgb uint8 `(h, w, 3)`; water and known, bool `(h, w)`.

    smallest: pixels below which a water body does not count.
    """

    rgb: Pixels
    water: Bools
    known: Bools
    smallest: float = MIN_AREA_PX


@dataclass(frozen=True, eq=False)
class Answered:
    """What the pipeline makes of a case.

    found: bool `(h, w)`, inside its polygons. probability: float32 `(h, w)` in 0..1, before
    polygons were made. seconds: for this case's megapixels. memory: peak of the process, bytes, and
    of the GPU where one is used; None where the system does not tell.
    """

    found: Bools
    probability: npt.NDArray[np.float32]
    seconds: float
    memory: int | None = None
    gpu_memory: int | None = None


class Case(Protocol):
    """One thing that is scored."""

    @property
    def name(self) -> str:
        """Unique in its source."""

    @property
    def group(self) -> str:
        """Cases of one group are not independent, and resampled together."""

    def look(self) -> Looked:
        """Read image and truth. Raises RasterError or DatasetError."""


class Source(Protocol):
    """Cases, and how they are answered.

    unit: what cases are called, `images` or `windows`. notes: sentences about what was found and
    decided. prompt: what the source itself asks for, or
    None.
    """

    unit: str
    notes: tuple[str, ...]
    prompt: str | None

    @property
    def cases(self) -> Sequence[Case]:
        """What is scored, in order."""

    def fingerprint(self) -> str:
        """Changes when the files or what is made of them changes."""

    def answers(
        self,
        segmenter: Segmenter,
        options: SegmentOptions,
        start: int,
        work: Path,
        cancel: threading.Event | None,
        watch: Watch,
    ) -> Iterator[Answered]:
        """The answers to the cases from number `start` on; `work` is a folder for what is kept.

        Raises Cancelled once `cancel` is set, and whatever the pipeline raises.
        """

    def close(self) -> None:
        """Close what is open."""


def smallest_body(scene: Scene, options: SegmentOptions) -> float:
    """The smallest water body that is kept of a scene, in its pixels."""
    metre = scene.georef.pixel_size_m(scene.height, scene.width)
    return options.smallest_water(metre is not None) / (metre or 1.0) ** 2


def with_data(rgb: Pixels) -> Bools:
    """Pixels `(h, w)` that are not in a black frame: dark ones that reach the image's edge."""
    regions, count = ndimage.label(rgb.max(axis=2) <= BLACK)
    if not count:
        return np.ones(regions.shape, bool)
    edge = np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]])
    frame = np.isin(regions, edge[edge > 0])
    data: Bools = ~ndimage.binary_dilation(frame, iterations=BLEED_PX)
    return data
