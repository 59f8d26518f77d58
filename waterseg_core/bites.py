# SPDX-License-Identifier: GPL-3.0-or-later
"""Bites: many outlines in pieces, so that other threads get their turn between two of them.

shapely, pyarrow and Python's own conversions do what they do with an array in one go and let no
other thread in meanwhile. A server that outlines a strip of sixteen million pixels would not
answer anybody for seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["VERTICES", "bites", "in_bites", "vertices"]

#: Vertices of a bite: some milliseconds of whatever is done with them.
VERTICES = 20_000


def bites(sizes: npt.NDArray[Any], most: int = VERTICES) -> Iterator[slice]:
    """Consecutive items that are together no larger than `most`, at least one at a time.

    sizes: `(n,)`, how large each item is; all items are in one of the slices, in order.
    """
    ends = np.cumsum(sizes)
    start = 0
    while start < len(ends):
        before = int(ends[start - 1]) if start else 0
        stop = max(int(np.searchsorted(ends, before + most, "right")), start + 1)
        yield slice(start, stop)
        start = stop


def vertices(geometries: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """How large geometries are, `(n,)`: their vertices, and something for each itself."""
    sizes: npt.NDArray[np.int64] = shapely.get_num_coordinates(geometries).astype(np.int64)
    return sizes + 10


def in_bites(
    work: Callable[[npt.NDArray[np.object_]], npt.NDArray[np.object_]],
    geometries: npt.NDArray[np.object_],
) -> npt.NDArray[np.object_]:
    """`work(geometries)`, which makes one thing of each, done in bites; object `(n,)`."""
    made = np.empty(len(geometries), dtype=object)
    for bite in bites(vertices(geometries)):
        made[bite] = work(geometries[bite])
    return made
