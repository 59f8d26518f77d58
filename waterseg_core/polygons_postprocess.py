# SPDX-License-Identifier: GPL-3.0-or-later
"""From exact bodies of water to the ones that are wanted, in metres whatever the CRS.

In this order: islands below a size become water (never where the raster has no data), bodies
below a size go, then the outlines are simplified and smoothed if asked. Every outline stays
valid, none disappears on the way, and none runs into another: what does goes back to its pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from waterseg_core.ground import Ground
from waterseg_core.parts import Bodies
from waterseg_core.rings import Rings
from waterseg_core.simplify import simplified
from waterseg_core.smooth import smoothed

__all__ = ["Wanted", "outlined", "sized"]

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Wanted:
    """What the polygons shall be like; lengths in metres, areas in m² (pixels without a CRS).

    min_area: bodies below are left out. min_hole: islands below become water, 0 keeps all.
    simplify: how far a left-out corner may be off the line, 0 keeps every corner. smooth: length
    over which the shore is evened, 0 keeps the pixels' stairs.
    """

    min_area: float = 0.0
    min_hole: float = 0.0
    simplify: float = 0.0
    smooth: float = 0.0


def sized(bodies: Bodies, ground: Ground, wanted: Wanted) -> tuple[Bodies, Values]:
    """Bodies that are large enough, without the islands that are too small; and their areas.

    Areas are of the exact outlines, islands subtracted, `(n,)`. A body whose area is not known
    (NaN, beyond the CRS's domain) is kept.
    """
    rings = bodies.rings
    areas = ground.ring_areas(rings)
    small = ~rings.is_shell & (areas < wanted.min_hole)
    small[small] = ~_holds_blank(rings, small, bodies.blank)
    if small.any():
        swallowed = _swallowed(bodies, small)
        bodies = replace(bodies, rings=rings.without_rings(small)).take(~swallowed)
        areas = areas[~small & ~swallowed[rings.ring_polygon]]
    total = bodies.rings.polygon_sums(np.where(bodies.rings.is_shell, areas, -areas))
    # Written so that NaN, which is not below anything, stays.
    kept = ~(total < wanted.min_area)
    return bodies.take(kept), total[kept]


def _ring_shapes(rings: Rings, which: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    return rings.singles().take(which).polygons()


def _holds_blank(
    rings: Rings, small: npt.NDArray[np.bool_], blank: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """True for each of the small holes with a pixel without data in it."""
    holes = _ring_shapes(rings, small)
    centres = shapely.points(blank[:, ::-1] + 0.5)
    inside = shapely.STRtree(holes).query(centres, predicate="within")[1]
    held = np.zeros(len(holes), np.bool_)
    held[inside] = True
    return held


def _swallowed(bodies: Bodies, small: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """True for bodies that lie on an island that becomes water of the same label."""
    holes = _ring_shapes(bodies.rings, small)
    hole_label = bodies.label[bodies.rings.ring_polygon[small]]
    centres = shapely.points(bodies.first[:, ::-1] + 0.5)
    body, hole = shapely.STRtree(holes).query(centres, predicate="within")
    swallowed = np.zeros(len(bodies), np.bool_)
    swallowed[body[bodies.label[body] == hole_label[hole]]] = True
    return swallowed


def outlined(
    bodies: Bodies, ground: Ground, wanted: Wanted, on_map: Callable[[Rings], Rings]
) -> Rings:
    """The outlines simplified and smoothed as wanted, in pixels; none gone.

    on_map: takes outlines to where they will be used; there all are valid and none overlap.
    """
    exact = bodies.rings
    rings = exact
    if wanted.simplify > 0:
        rings = simplified(rings, ground, wanted.simplify)
    if wanted.smooth > 0:
        rings = smoothed(rings, ground, wanted.smooth)
    if rings is exact:
        return exact
    back = _go_back(on_map(rings).polygons(), on_map(exact).polygons(), bodies)
    return Rings.of(np.where(back, exact.polygons(), rings.polygons()))


def _go_back(
    changed: npt.NDArray[np.object_], exact: npt.NDArray[np.object_], bodies: Bodies
) -> npt.NDArray[np.bool_]:
    """True for each body whose changed outline would be invalid or overlap another's.

    Of two that overlap the one with fewer pixels goes back first, then the other: exact outlines
    never overlap, so this ends.
    """
    back: npt.NDArray[np.bool_] = ~shapely.is_valid(changed)
    while True:
        result = np.where(back, exact, changed)
        one, two = shapely.STRtree(result).query(result, predicate="intersects")
        pair = (one < two) & (bodies.label[one] == bodies.label[two]) & ~(back[one] & back[two])
        one, two = one[pair], two[pair]
        # Corners and shores may touch; only their insides may not meet.
        meet = shapely.relate_pattern(result[one], result[two], "T********")
        one, two = one[meet], two[meet]
        if len(one) == 0:
            return back
        smaller = bodies.pixels[one] <= bodies.pixels[two]
        first, second = np.where(smaller, one, two), np.where(smaller, two, one)
        back[np.where(back[first], second, first)] = True
