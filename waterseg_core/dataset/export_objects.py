# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of a mask as other formats say them: run lengths, and rings without holes.

An object is a 4-connected body of one class, as polygons elsewhere in waterseg are. Formats that
know no holes get one ring per object all the same: from each hole a seam leads to the outline and
back on the same line, so that what is filled by the even-odd rule, as all of them do, is exactly
the object, islands left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.rings import Rings
from waterseg_core.trace import trace

__all__ = ["Body", "bodies_of", "run_lengths"]

Classes = npt.NDArray[np.uint8]
Ring = list[tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Body:
    """An object. label: its class, from 1. pixels: how many.

    box: (x, y, width, height) in pixels. runs: lengths of runs of other and own pixels in turn,
    column by column, from the first pixel of the mask. shell, holes: (x, y) of pixel corners,
    without the first one again at the end.
    """

    label: int
    pixels: int
    box: tuple[int, int, int, int]
    runs: list[int]
    shell: Ring
    holes: list[Ring]

    @property
    def ring(self) -> Ring:
        """Shell and holes as one ring, joined by seams."""
        return _seamed(self.shell, self.holes)


def bodies_of(mask: Classes) -> Iterator[Body]:
    """Every object of a mask, class by class, from the top. mask: uint8 (h, w), 255 unknown."""
    for label in np.unique(mask[(mask > 0) & (mask != UNKNOWN)]).tolist():
        numbered, count = ndimage.label(mask == label, output=np.int32)
        rings = trace(np.pad(numbered, 1))
        places, boxes = _places(numbered, count), ndimage.find_objects(numbered)
        for number, (place, box) in enumerate(zip(places, boxes, strict=True)):
            rows, cols = box
            shell, holes = _outlines(rings, number)
            yield Body(
                label=label,
                pixels=len(place),
                box=(cols.start, rows.start, cols.stop - cols.start, rows.stop - rows.start),
                runs=_runs(place, mask.size),
                shell=shell,
                holes=holes,
            )


def run_lengths(which: npt.NDArray[np.bool_]) -> list[int]:
    """Run lengths of a mask (h, w): False and True in turn, column by column."""
    return _runs(np.flatnonzero(which.ravel(order="F")), which.size)


def _places(numbered: npt.NDArray[np.int32], count: int) -> list[npt.NDArray[np.int64]]:
    """Where the pixels of each body are, counted column by column."""
    flat = numbered.ravel(order="F")
    order = np.argsort(flat, kind="stable")
    ends = np.cumsum(np.bincount(flat, minlength=count + 1))
    return [order[ends[number] : ends[number + 1]] for number in range(count)]


def _runs(places: npt.NDArray[np.int64], size: int) -> list[int]:
    if not len(places):
        return [size]
    breaks = np.flatnonzero(np.diff(places) > 1)
    starts = places[np.append(0, breaks + 1)]
    stops = places[np.append(breaks, len(places) - 1)] + 1
    edges = np.stack([starts, stops], 1).ravel()
    lengths: list[int] = np.diff(np.concatenate([[0], edges, [size]])).tolist()
    return lengths if lengths[-1] else lengths[:-1]


def _outlines(rings: Rings, number: int) -> tuple[Ring, list[Ring]]:
    """Shell and holes of a polygon, each without its first corner again at the end."""
    first, last = rings.polygon_start[number : number + 2]
    bounds = zip(rings.ring_start[first:last], rings.ring_start[first + 1 : last + 1], strict=True)
    found = [[(x, y) for x, y in rings.xy[a : b - 1].tolist()] for a, b in bounds]
    return found[0], found[1:]


def _seamed(shell: Ring, holes: list[Ring]) -> Ring:
    """One ring of a shell and its holes, joined by seams.

    From the leftmost corner of a hole the seam leads straight left to the nearest edge: that of
    the shell, or of a hole further left, which is joined already.
    """
    ring = shell
    for hole in sorted(holes, key=min):
        start = hole.index(min(hole))
        x, y = corner = hole[start]
        edges = (
            (ax, number)
            for number, ((ax, ay), (bx, by)) in enumerate(pairwise([*ring, ring[0]]))
            if ax == bx <= x and min(ay, by) <= y <= max(ay, by)
        )
        across, number = max(edges)
        landing = (across, y)
        around = [*hole[start:], *hole[:start], corner]
        ring = [*ring[: number + 1], landing, *around, landing, *ring[number + 1 :]]
    return _without_repeats(ring)


def _without_repeats(ring: Ring) -> Ring:
    """The ring without corners that repeat the one before."""
    return [corner for n, corner in enumerate(ring) if corner != ring[n - 1]]
