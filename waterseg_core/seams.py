# SPDX-License-Identifier: GPL-3.0-or-later
"""Seams: join the parts of all strips into whole bodies of water, exactly.

Which parts are one body is read from the pixels on both sides of each seam, so a shared corner
never joins anything. All parts of a body are united at once (uniting a long river piece by
piece would be quadratic); everything is whole numbers, so the result is, byte for byte, what
outlining the whole raster at once would give.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from waterseg_core.bites import in_bites
from waterseg_core.parts import Bodies, Parts
from waterseg_core.rings import Rings, spread

__all__ = ["merge_parts", "straightened"]

Index = npt.NDArray[np.int64]


def merge_parts(strips: Iterable[Parts]) -> Bodies:
    """Whole bodies of water from the parts of consecutive strips, given from top to bottom.

    Bodies are ordered by row and column of their first pixel, then by label; their outlines are
    normalised as shapely does it, as float64. If the strips do not reach the raster's first or
    last row, what goes on beyond them counts as touching the edge. Raises ValueError for strips
    that do not follow each other.
    """
    found: list[Bodies] = []
    links: list[Index] = [np.zeros((2, 0), np.int64)]
    at_edge: list[Index] = []
    above: Parts | None = None
    count = above_from = 0
    for strip in strips:
        if above is not None:
            _check_neighbours(above, strip)
            links.append(_links(above.bottom, above_from, strip.top, count))
            at_edge += _beside_blank(above, above_from, strip, count)
        elif strip.row_start > 0:
            at_edge.append(strip.top[strip.top >= 0].astype(np.int64) + count)
        found.append(strip.bodies)
        above, above_from = strip, count
        count += len(strip.bodies)
    if above is None:
        raise ValueError("There are no strips to merge.")
    if above.row_stop < above.height:
        at_edge.append(above.bottom[above.bottom >= 0].astype(np.int64) + above_from)
    bodies = Bodies.joined(found)
    touches_edge = bodies.touches_edge.copy()
    touches_edge[np.concatenate([*at_edge, np.zeros(0, np.int64)])] = True
    return _united(replace(bodies, touches_edge=touches_edge), np.concatenate(links, axis=1))


def _check_neighbours(above: Parts, below: Parts) -> None:
    if (above.row_stop, above.height, above.width) != (below.row_start, below.height, below.width):
        raise ValueError(
            f"A strip that starts at row {below.row_start} does not follow one that stops at row "
            f"{above.row_stop}."
        )


def _links(
    above: npt.NDArray[np.int32], above_from: int, below: npt.NDArray[np.int32], below_from: int
) -> Index:
    """Pairs of bodies that share the edge of a pixel across a seam, int64 `(2, pairs)`."""
    both = (above >= 0) & (below >= 0)
    upper = above[both].astype(np.int64) + above_from
    lower = below[both].astype(np.int64) + below_from
    return np.unique(np.stack([upper, lower]), axis=1)


def _beside_blank(above: Parts, above_from: int, below: Parts, below_from: int) -> Iterator[Index]:
    """Bodies that have a pixel without data on the other side of the seam."""
    upper = above.bottom[:, ~below.top_valid]
    lower = below.top[:, ~above.bottom_valid]
    yield upper[upper >= 0].astype(np.int64) + above_from
    yield lower[lower >= 0].astype(np.int64) + below_from


def _united(parts: Bodies, links: Index) -> Bodies:
    """One body for each component of linked parts, in reading order."""
    count = len(parts)
    graph = coo_array((np.ones(links.shape[1], np.bool_), tuple(links)), shape=(count, count))
    bodies, body = connected_components(graph, directed=False) if count else (0, np.zeros(0, int))
    order = np.argsort(body, kind="stable")
    start = np.searchsorted(body[order], np.arange(bodies + 1))
    alone = np.diff(start) == 1
    joined = _shapes(parts.rings, order, start, np.flatnonzero(~alone))
    single = parts.rings.take(order[start[:-1][alone]])
    exact = Rings.joined([single, joined]).polygons()
    rings = Rings.of(in_bites(shapely.normalize, exact))
    ranked = np.concatenate([np.flatnonzero(alone), np.flatnonzero(~alone)])
    columns = {name: values[ranked] for name, values in _columns(parts, order, start).items()}
    united = Bodies(rings=rings, blank=parts.blank, **columns)
    reading = np.lexsort((united.label, united.first[:, 1], united.first[:, 0]))
    return united.take(reading)


def _columns(parts: Bodies, order: Index, start: Index) -> dict[str, npt.NDArray[Any]]:
    """Every column of each body from those of its parts."""
    if len(parts) == 0:
        return {name: getattr(parts, name) for name in Bodies.COLUMNS}
    groups = start[:-1]
    stride = int(parts.first[:, 1].max()) + 1
    reading = np.minimum.reduceat((parts.first @ np.array([stride, 1]))[order], groups)
    return {
        "label": parts.label[order[groups]],
        "pixels": np.add.reduceat(parts.pixels[order], groups),
        "probability_sum": np.add.reduceat(parts.probability_sum[order], groups),
        "first": np.stack(np.divmod(reading, stride), axis=1),
        "touches_edge": np.logical_or.reduceat(parts.touches_edge[order], groups),
    }


def _shapes(rings: Rings, order: Index, start: Index, which: Index) -> Rings:
    """The union of each body's parts, for the bodies in `which`."""
    members, groups = spread(start, which)
    pieces = rings.take(order[members]).polygons()
    unions = np.empty(len(which), dtype=object)
    for index, (first, last) in enumerate(pairwise(groups)):
        unions[index] = shapely.union_all(pieces[first:last])
    return straightened(Rings.of(unions))


def straightened(rings: Rings) -> Rings:
    """The same outlines without vertices in the middle of a straight line. Exact for integers."""
    if len(rings) == 0:
        return rings
    first, closing = rings.ring_start[:-1], rings.ring_start[1:] - 1
    before, after = rings.neighbours
    arrive, leave = rings.xy - rings.xy[before], rings.xy[after] - rings.xy
    bends = arrive[:, 0] * leave[:, 1] != arrive[:, 1] * leave[:, 0]
    bends[closing] = False
    kept = np.flatnonzero(bends)
    counts = np.add.reduceat(bends, first)
    # Each ring ends with its first vertex again, so it takes one place more than it has bends.
    start = np.concatenate([[0], np.cumsum(counts + 1)])
    chosen = np.empty(start[-1], np.int64)
    closes = np.zeros(start[-1], np.bool_)
    closes[start[1:] - 1] = True
    chosen[~closes] = kept
    chosen[closes] = chosen[start[:-1]]
    return Rings(rings.xy[chosen], start, rings.polygon_start)
