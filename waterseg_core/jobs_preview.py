# SPDX-License-Identifier: GPL-3.0-or-later
"""Preview: the polygons of finished strips, for showing while the model works.

Cut where strips meet and as the pixels are; small ones that are whole are left out as in the
result, so that the map does not fill with specks. Each strip is a file with a feature in each
line, made once and never taken apart again: JSON of megabytes would hold up everybody else.
"""

from __future__ import annotations

import json
import threading
from bisect import bisect_right
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from waterseg_core.geo import Georef, Window
from waterseg_core.jobs_files import write_whole
from waterseg_core.parts import Parts
from waterseg_core.polygons import on_map
from waterseg_core.spelling import ring_texts

__all__ = ["PAGE", "Preview"]

#: Features, and about so many bytes of them, in one answer.
PAGE, PAGE_BYTES = 2000, 1 << 20


class Preview:
    """The features of one job, numbered from 0 as their strips were finished."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._stops: list[int] = []
        #: Of each strip, where its lines begin, and where the last one ends.
        self._lines: list[npt.NDArray[np.int64]] = []
        while (path := self._path(self.strips)).is_file():
            with path.open("rb") as file:
                self._count([len(line) for line in file])

    def __len__(self) -> int:
        return self._stops[-1] if self._stops else 0

    @property
    def strips(self) -> int:
        """How many strips there are."""
        return len(self._stops)

    def add(self, parts: Parts, georef: Georef, labels: tuple[str, ...], min_area: float) -> None:
        """The next finished strip. min_area: m², pixels without a CRS."""
        bodies = parts.bodies.take(_worth_showing(parts, georef, min_area))
        rings = on_map(bodies.rings, georef)
        outlines, first = ring_texts(rings), rings.polygon_start.tolist()
        shapes = (",".join(outlines[start:stop]) for start, stop in pairwise(first))
        lines = [
            f'"label": {json.dumps(labels[label])}, '
            f'"geometry": {{"type":"Polygon","coordinates":[{shape}]}}}}\n'.encode()
            for label, shape in zip(bodies.label.tolist(), shapes, strict=True)
        ]
        write_whole(self._path(self.strips), b"".join(lines))
        with self._lock:
            self._count([len(line) for line in lines])

    def cut(self, strips: int) -> None:
        """Forget all strips but the first so many: the others will be finished anew."""
        with self._lock:
            del self._stops[strips:], self._lines[strips:]
        for path in self.folder.iterdir():
            if not path.stem.isdigit() or int(path.stem) >= strips:
                path.unlink()

    def page(self, after: int) -> tuple[list[str], int]:
        """(features from number `after` on, each as JSON text, and the next `after`)."""
        with self._lock:
            stops, lines = list(self._stops), list(self._lines)
        features: list[str] = []
        size = 0
        for strip in range(bisect_right(stops, after), len(stops)):
            start = stops[strip - 1] if strip else 0
            with self._path(strip).open("rb") as file:
                file.seek(lines[strip][max(after - start, 0)])
                for line in file:
                    if len(features) == PAGE or size > PAGE_BYTES:
                        return features, after
                    features.append(f'{{"id": {after}, {line.decode().rstrip()}')
                    size += len(line)
                    after += 1
        return features, after

    def _count(self, sizes: list[int]) -> None:
        """One more strip: bytes of each of its lines."""
        self._stops.append(len(self) + len(sizes))
        self._lines.append(np.cumsum([0, *sizes], dtype=np.int64))

    def _path(self, index: int) -> Path:
        return self.folder / f"{index:06d}.json"


def _worth_showing(parts: Parts, georef: Georef, min_area: float) -> npt.NDArray[np.bool_]:
    """True for the bodies that are large enough, or may be once the next strip is there.

    By the size of a pixel in the strip's middle: the result is measured exactly, this is seen.
    """
    height = parts.row_stop - parts.row_start
    place = georef.at(Window(parts.row_start, 0, height, parts.width))
    side = place.pixel_size_m(height, parts.width) or 1.0
    return parts.seam | (parts.bodies.pixels * side**2 >= min_area)
