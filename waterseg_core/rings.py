# SPDX-License-Identifier: GPL-3.0-or-later
"""Rings: many polygons as three flat arrays, so that 100,000 of them are one numpy expression.

The layout is GeoArrow's (and `shapely.to_ragged_array`'s): all vertices in a row, where each
ring starts, where each polygon's rings start; a ring ends with its first vertex again and a
polygon begins with its shell. Coordinates are (x, y) = (column, row) in pixels until the very
end, so what is made of whole pixels stays whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from waterseg_core.bites import bites, vertices

__all__ = ["Coordinates", "Rings", "repeated", "spread"]

Coordinates = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

#: Numbers that are copied in one go.
MANY = 1_000_000


@dataclass(frozen=True, eq=False)
class Rings:
    """Polygons as flat arrays.

    xy: float64 or int32 `(n, 2)`, x right, y down; ring_start: int64 `(rings + 1,)` into `xy`;
    polygon_start: int64 `(polygons + 1,)` into the rings, shell first.
    """

    xy: npt.NDArray[Any]
    ring_start: Index
    polygon_start: Index

    def __len__(self) -> int:
        return len(self.polygon_start) - 1

    @classmethod
    def none(cls) -> Rings:
        """No polygon at all."""
        return cls(np.zeros((0, 2)), np.zeros(1, np.int64), np.zeros(1, np.int64))

    @classmethod
    def of(cls, polygons: npt.NDArray[np.object_]) -> Rings:
        """The rings of shapely Polygons (neither empty nor multi-part)."""
        if len(polygons) == 0:
            return cls.none()
        return cls.joined([cls._of(polygons[bite]) for bite in bites(vertices(polygons))])

    @classmethod
    def _of(cls, polygons: npt.NDArray[np.object_]) -> Rings:
        kind, xy, offsets = shapely.to_ragged_array(polygons)
        if kind != shapely.GeometryType.POLYGON:
            raise ValueError(f"Rings are made of polygons, not of {kind.name}.")
        ring_start, polygon_start = offsets
        return cls(xy, ring_start.astype(np.int64), polygon_start.astype(np.int64))

    @classmethod
    def joined(cls, several: Sequence[Rings]) -> Rings:
        """All polygons of several, in order."""
        if not several:
            return cls.none()
        return cls(
            np.concatenate([one.xy for one in several]),
            _chained([one.ring_start for one in several]),
            _chained([one.polygon_start for one in several]),
        )

    def polygons(self) -> npt.NDArray[np.object_]:
        """As shapely Polygons, object `(polygons,)`."""
        polygons = np.empty(len(self), dtype=object)
        for bite in bites(np.diff(self.ring_start[self.polygon_start])):
            polygons[bite] = self._slice(bite)._polygons()
        return polygons

    def _polygons(self) -> npt.NDArray[np.object_]:
        made: npt.NDArray[np.object_] = shapely.from_ragged_array(
            shapely.GeometryType.POLYGON,
            np.ascontiguousarray(self.xy, np.float64),
            (self.ring_start, self.polygon_start),
        )
        return made

    def _slice(self, some: slice) -> Rings:
        """Consecutive polygons, without a copy of their vertices."""
        polygon_start = self.polygon_start[some.start : some.stop + 1]
        ring_start = self.ring_start[polygon_start[0] : polygon_start[-1] + 1]
        xy = self.xy[ring_start[0] : ring_start[-1]]
        return Rings(xy, ring_start - ring_start[0], polygon_start - polygon_start[0])

    def moved(self, xy: npt.NDArray[Any]) -> Rings:
        """The same rings with other coordinates, one for each vertex."""
        return Rings(xy, self.ring_start, self.polygon_start)

    @property
    def ring_polygon(self) -> Index:
        """The polygon that each ring belongs to, `(rings,)`."""
        return repeated(np.arange(len(self)), np.diff(self.polygon_start))

    @property
    def vertex_polygon(self) -> Index:
        """The polygon that each vertex belongs to, `(n,)`."""
        return repeated(self.ring_polygon, np.diff(self.ring_start))

    @property
    def is_shell(self) -> npt.NDArray[np.bool_]:
        """True for each ring that is a shell, False for a hole, `(rings,)`."""
        shell = np.zeros(len(self.ring_start) - 1, np.bool_)
        shell[self.polygon_start[:-1]] = True
        return shell

    def take(self, which: npt.NDArray[Any]) -> Rings:
        """Some polygons: their indices, or a bool for each."""
        chosen = np.flatnonzero(which) if which.dtype == np.bool_ else which
        rings, polygon_start = spread(self.polygon_start, chosen)
        vertices, ring_start = spread(self.ring_start, rings)
        return Rings(self.xy[vertices], ring_start, polygon_start)

    def without_rings(self, gone: npt.NDArray[np.bool_]) -> Rings:
        """The same polygons without the holes that are True in `gone`, `(rings,)`."""
        kept = np.flatnonzero(~gone)
        vertices, ring_start = spread(self.ring_start, kept)
        counts = np.bincount(self.ring_polygon[kept], minlength=len(self))
        return Rings(self.xy[vertices], ring_start, _starts(counts))

    def singles(self) -> Rings:
        """Each ring as a polygon of its own."""
        return Rings(self.xy, self.ring_start, np.arange(len(self.ring_start)))

    def grouped(self, owner: npt.NDArray[Any], hole: npt.NDArray[np.bool_], count: int) -> Rings:
        """Single rings as `count` polygons: ring i is of polygon `owner[i]`, a hole or its shell.

        Holes of one polygon keep their order.
        """
        rings = self.take(np.lexsort((hole, owner)))
        counts = np.bincount(owner, minlength=count)
        return Rings(rings.xy, rings.ring_start, _starts(counts))

    @property
    def neighbours(self) -> tuple[Index, Index]:
        """Index of the vertex before and after each, going around its ring.

        A ring's last vertex is its first one again, so both have the same neighbours.
        """
        first, closing = self.ring_start[:-1], self.ring_start[1:] - 1
        before, after = np.arange(len(self.xy)) - 1, np.arange(len(self.xy)) + 1
        before[first] = closing - 1
        after[closing] = first + 1
        return before, after

    def ring_sums(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Sum over each ring of one value per edge: `values` is `(n - 1,)`, see `edges`.

        The pseudo-edge from a ring's end to the next ring's start is left out.
        """
        if len(self.ring_start) == 1:
            return np.zeros(0)
        padded = np.append(values, 0.0)
        padded[self.ring_start[1:] - 1] = 0.0
        return np.asarray(np.add.reduceat(padded, self.ring_start[:-1]), dtype=np.float64)

    def signed_areas(self) -> npt.NDArray[np.float64]:
        """Area of each ring in the plane of its coordinates, `(rings,)`.

        Positive for rings that turn from x to y. Taken about each ring's own start, so that
        coordinates far from zero cost no digits.
        """
        lengths = np.diff(self.ring_start)
        local = self.xy - repeated(self.xy[self.ring_start[:-1]], lengths)
        x, y = np.asarray(local, np.float64).T
        return 0.5 * self.ring_sums(x[:-1] * y[1:] - x[1:] * y[:-1])

    def polygon_sums(self, per_ring: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Sum over each polygon of one value per ring."""
        if len(self) == 0:
            return np.zeros(0)
        return np.asarray(np.add.reduceat(per_ring, self.polygon_start[:-1]), dtype=np.float64)


def repeated(values: npt.NDArray[Any], counts: Index) -> npt.NDArray[Any]:
    """`np.repeat(values, counts, axis=0)` in bites: numpy would let no other thread in."""
    parts = [np.repeat(values[bite], counts[bite], axis=0) for bite in bites(counts, MANY)]
    return np.concatenate([values[:0], *parts])


def spread(start: Index, chosen: npt.NDArray[Any]) -> tuple[Index, Index]:
    """(items, starts): the items of the chosen groups in order, and where each group starts."""
    counts = np.diff(start)[chosen]
    starts = _starts(counts)
    shift = repeated(start[:-1][chosen] - starts[:-1], counts)
    return np.arange(starts[-1]) + shift, starts


def _starts(counts: npt.NDArray[Any]) -> Index:
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])


def _chained(starts: Sequence[Index]) -> Index:
    """One array of starts from several, each counted from where the one before ended."""
    return _starts(np.concatenate([np.diff(start) for start in starts]))
