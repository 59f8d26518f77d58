# SPDX-License-Identifier: GPL-3.0-or-later
"""Trace a labelled raster: each component's exact outline along the edges of its pixels.

Only corners are looked at. Where four pixels meet, one or three of them being water makes a
corner; two that touch by their corners make two. Along a row of vertices, corners follow each
other as beginning and end of horizontal edges, along a column as beginning and end of vertical
ones, so two sorted lists hold all edges, and walking them in turn gives the rings.

What makes the rings valid polygons: where two pixels of *different* components touch by their
corners, each ring turns around its own pixel; where they belong to the *same* component, the
rings turn around the dry pixels, so that a hole touches the shell (or another hole) in a point
and no ring touches itself. Equal, polygon by polygon, to GDAL's 4-connected polygonize.
"""

from __future__ import annotations

from array import array
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from waterseg_core.rings import Rings

__all__ = ["trace"]

Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]

#: Numbers that are converted at once, in some milliseconds.
AT_ONCE = 100_000


class _Corners(NamedTuple):
    """Corners as columns: vertex `row` and `col`, and on which side of it its two edges lie."""

    row: Index
    col: Index
    leftward: Flags
    upward: Flags


def trace(framed: npt.NDArray[np.int32]) -> Rings:
    """Outlines of the components in `framed`.

    framed: int32 `(h + 2, w + 2)`, 0 for dry, 1..n for the components, each 4-connected and none
    4-adjacent to another, within a frame of zeros. Polygon k - 1 of the result is component k:
    its shell, then its holes. Coordinates are int32 (column, row) of pixel corners, (0, 0) being
    the corner of the first pixel inside the frame, and only where an outline bends. Shells turn
    from x to y, holes the other way.
    """
    corners = _corners(framed)
    if len(corners.row) == 0:
        return Rings.none()
    horizontal = _ends(corners.row, corners.col, ~corners.leftward)
    vertical = _ends(corners.col, corners.row, ~corners.upward)
    follower = np.where(_leaves_horizontally(framed, corners), horizontal, vertical)
    order, ring_start = _walk(_numbers(follower))
    xy = np.stack([corners.col, corners.row], axis=1).astype(np.int32)[order]
    rings = Rings(xy, ring_start, np.arange(len(ring_start)))
    owner = _owner(framed, corners)[order[ring_start[:-1]]]
    return rings.grouped(owner - 1, rings.signed_areas() < 0, int(owner.max()))


def _corners(framed: npt.NDArray[np.int32]) -> _Corners:
    """Every corner of every outline; two where pixels touch diagonally."""
    water = framed > 0
    # An edge lies between two pixels that differ: beside the vertex, or above and below it.
    beside, above = water[:-1] != water[1:], water[:, :-1] != water[:, 1:]
    left, right, up, down = beside[:, :-1], beside[:, 1:], above[:-1], above[1:]
    # The number of edges at a vertex is even, so one that bends left or right bends up or down.
    row, col = _where(left != right)
    single = _Corners(row, col, left[row, col], up[row, col])
    row, col = _where(left & right & up & down)
    nw, se = framed[row, col], framed[row + 1, col + 1]
    ne, sw = framed[row, col + 1], framed[row + 1, col]
    same_component = (nw == se) & (ne == sw)
    # Around the pixels NW and SE if they are two bodies of water, or two dry pixels in one body.
    falling = (nw > 0) != same_component
    over = _Corners(row, col, falling, np.ones_like(falling))
    under = _Corners(row, col, ~falling, np.zeros_like(falling))
    return _Corners(*(np.concatenate(parts) for parts in zip(single, over, under, strict=True)))


def _where(mask: Flags) -> tuple[Index, Index]:
    """Rows and columns of what is True; on large rasters far quicker than numpy's nonzero."""
    row, col = np.divmod(np.flatnonzero(mask), mask.shape[1])
    return row, col


def _owner(framed: npt.NDArray[np.int32], corners: _Corners) -> npt.NDArray[np.int32]:
    """The component that each corner is a corner of."""
    row, col = corners.row, corners.col
    around = [framed[row + down, col + right] for down in (0, 1) for right in (0, 1)]
    inside = framed[row + ~corners.upward, col + ~corners.leftward]
    # Within the corner's angle is water of its own or, at a concave one, the only dry pixel.
    return np.where(inside > 0, inside, np.maximum.reduce(around))


def _leaves_horizontally(framed: npt.NDArray[np.int32], corners: _Corners) -> Flags:
    """True where the ring arrives vertically and goes on along the horizontal edge.

    Water lies to the right hand of who walks (rows count downwards): an edge with water below
    it is walked to the right, one with water above it to the left.
    """
    row, col = corners.row, corners.col
    return np.where(corners.leftward, framed[row, col] > 0, framed[row + 1, col + 1] > 0)


def _ends(line: Index, position: Index, opens: Flags) -> Index:
    """For each corner the corner at the other end of its edge along this line of vertices.

    Sorted along the line, corners are beginning, end, beginning, end, ... of edges. At a diagonal
    touch two lie on one vertex: the one that ends an edge comes before the one that opens one.
    """
    order = np.argsort((line * (int(position.max()) + 1) + position) * 2 + opens)
    ends = np.empty_like(order)
    ends[order[0::2]] = order[1::2]
    ends[order[1::2]] = order[0::2]
    return ends


def _walk(follower: list[int]) -> tuple[Index, Index]:
    """(corners in ring order, where rings start); each ring ends with its first corner again.

    A walk over a list of ints costs a tenth of a microsecond a step, which no array trick beats.
    """
    order, starts = array("q"), array("q", [0])
    for first in range(len(follower)):
        at = first
        while follower[at] >= 0:
            order.append(at)
            follower[at], at = -1, follower[at]
        if len(order) > starts[-1]:
            order.append(first)
            starts.append(len(order))
    return np.array(order, np.int64), np.array(starts, np.int64)


def _numbers(values: Index) -> list[int]:
    """An array as a list, in pieces: made in one go, millions would let no other thread in."""
    numbers: list[int] = []
    for start in range(0, len(values), AT_ONCE):
        numbers += values[start : start + AT_ONCE].tolist()
    return numbers
