# SPDX-License-Identifier: GPL-3.0-or-later
"""One scene through the whole pipeline: its probabilities, and the inside of its polygons.

Strips stay on disk, in the folder that `segment_scene` would use, so that an answer to a large
raster is read window by window and an interrupted one goes on.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine

from waterseg_core.evaluation.memory import Peak
from waterseg_core.geo import Georef, Window
from waterseg_core.mosaic import FULL
from waterseg_core.options import SegmentOptions
from waterseg_core.pipeline import Progress, description, polygons_of, work_of
from waterseg_core.raster import Scene
from waterseg_core.raster_area import Area
from waterseg_core.segmenter import Segmenter
from waterseg_core.strips import finished_rows
from waterseg_core.workfolder import WorkFolder

__all__ = ["SceneAnswer", "answered"]

Bools = npt.NDArray[np.bool_]
Probability = npt.NDArray[np.float32]


@dataclass(eq=False)
class SceneAnswer:
    """A scene that was segmented: seconds and peak memory it took, in this run; and its masks."""

    scene: Scene
    folder: WorkFolder
    water: Area
    seconds: float
    peak: Peak

    def found(self, window: Window) -> Bools:
        """The pixels of a window inside the polygons, bool `(h, w)`."""
        georef = shown_by_qgis(self.scene.georef)
        return self.water.inside(georef.at(window), window.height, window.width)

    def probability(self, rows: int) -> Iterator[Probability]:
        """The probability of water, the highest of all labels, float32, so many rows at a time."""
        held = np.zeros((0, self.scene.width), np.uint16)
        for strip in finished_rows(self.folder):
            held = np.concatenate([held, strip.probability.max(axis=0)])
            while len(held) >= rows:
                yield _real(held[:rows])
                held = held[rows:]
        if len(held):
            yield _real(held)


@contextlib.contextmanager
def answered(
    scene: Scene,
    segmenter: Segmenter,
    options: SegmentOptions,
    work: Path,
    cancel: threading.Event | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Iterator[SceneAnswer]:
    """Segment a scene; its strips are removed at the end, and stay if something goes wrong.

    options.probability must be set. Raises what `segment_scene` raises.
    """
    began, peak = time.monotonic(), Peak.begin(segmenter)
    job = description(scene, segmenter, options)
    with WorkFolder.claim(work, scene.name, job, options.resume) as folder:
        todo = work_of(scene, segmenter, options, folder)
        todo.run(progress, cancel)
        polygons = polygons_of(todo, options)
        water = Area(shapely.MultiPolygon(list(polygons.geometries)), "the answer")
        yield SceneAnswer(scene, folder, water, time.monotonic() - began, peak.end())
        folder.remove()


def _real(probability: npt.NDArray[np.uint16]) -> Probability:
    return probability.astype(np.float32) / np.float32(FULL)


def shown_by_qgis(georef: Georef) -> Georef:
    """Where polygons lie: an image without a place on Earth is shown below the x axis."""
    if georef.crs is None and georef.transform == Affine.identity():
        return Georef(Affine.scale(1, -1), None)
    return georef
