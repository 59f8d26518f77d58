# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames: each polygon in its own plane of metres, so that a tolerance means what it says.

A polygon's plane touches the ground at its middle. There, and only there, pixels become metres
by one matrix, whatever the CRS: degrees far north, feet, Web Mercator, rotated rasters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from waterseg_core.ground import Ground
from waterseg_core.rings import Coordinates, Rings

__all__ = ["Frames"]

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Frames:
    """The planes of p polygons.

    middle: `(p, 2)` in pixels, the origin of each plane; matrix: `(p, 2, 2)` from steps in pixels
    to metres. usable: bool `(p,)`, False where a polygon has no place on Earth.
    """

    middle: Coordinates
    matrix: Values

    @classmethod
    def of(cls, rings: Rings, ground: Ground) -> Frames:
        """The planes of polygons in pixels."""
        if len(rings) == 0:
            return cls(np.zeros((0, 2)), np.zeros((0, 2, 2)))
        start = rings.ring_start[rings.polygon_start[:-1]]
        low, high = np.minimum.reduceat(rings.xy, start), np.maximum.reduceat(rings.xy, start)
        middle = (low + high) / 2.0
        return cls(middle, ground.frames(middle))

    @property
    def usable(self) -> npt.NDArray[np.bool_]:
        """True where there is a plane; there is none at a pole or beyond the CRS's domain."""
        (a, b), (c, d) = np.moveaxis(self.matrix, 0, -1)
        # Comparing with NaN is False, which is what is meant.
        good: npt.NDArray[np.bool_] = np.abs(a * d - b * c) > 1e-6 * (a * a + b * b + c * c + d * d)
        return good

    def take(self, which: npt.NDArray[Any]) -> Frames:
        """Some of the planes, by index or by a bool for each."""
        return Frames(self.middle[which], self.matrix[which])

    @property
    def pixel(self) -> Values:
        """The shorter side of a pixel in metres, `(p,)`."""
        sides: Values = np.hypot(self.matrix[:, 0], self.matrix[:, 1]).min(axis=1)
        return sides

    def to_metres(self, rings: Rings) -> Rings:
        """Polygons in pixels, one for each plane, in their planes."""
        polygon = rings.vertex_polygon
        steps = rings.xy - self.middle[polygon]
        return rings.moved(np.einsum("nij,nj->ni", self.matrix[polygon], steps))

    def to_pixels(self, rings: Rings) -> Rings:
        """Back again."""
        polygon = rings.vertex_polygon
        back = np.linalg.inv(self.matrix)[polygon]
        return rings.moved(np.einsum("nij,nj->ni", back, rings.xy) + self.middle[polygon])
