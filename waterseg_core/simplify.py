# SPDX-License-Identifier: GPL-3.0-or-later
"""Simplify outlines by metres without losing a pond.

Douglas and Peucker's rule as GEOS applies it within one polygon: no ring crosses another. Bodies
and islands of few pixels stay as they are, because there a tolerance of a pixel or two would
take away half of them, and no body's area changes by more than a tenth.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from waterseg_core.frames import Frames
from waterseg_core.ground import Ground
from waterseg_core.rings import Rings

__all__ = ["LEAST_PIXELS", "simplified"]

LEAST_PIXELS = 50  # bodies and islands below keep every corner
AREA_KEPT = 0.1  # a body whose area would change by more than this share is simplified less


def simplified(rings: Rings, ground: Ground, tolerance: float) -> Rings:
    """Polygons in whole pixels, simplified; their vertices are some of those they had.

    tolerance: metres (pixels without a CRS) that a left-out corner may be off the new line.
    """
    polygons = rings.polygons()
    sizes = np.abs(rings.signed_areas())[rings.is_shell]
    todo = np.flatnonzero((sizes >= LEAST_PIXELS) & Frames.of(rings, ground).usable)
    # A narrow river may lose half its area to what is right for a lake; and on whole pixels a
    # new line may meet a corner exactly, where in metres it missed it by a hair.
    for attempt in (tolerance, tolerance / 2, tolerance / 4):
        chosen = rings.take(todo)
        frames = Frames.of(chosen, ground)
        small = (np.abs(chosen.signed_areas()) < LEAST_PIXELS) & ~chosen.is_shell
        back = frames.to_pixels(Rings.of(_apart_from(frames.to_metres(chosen), small, attempt)))
        # What was a whole number of pixels is one again, to the bit.
        made = back.moved(np.rint(back.xy)).polygons()
        good = shapely.is_valid(made)
        off = np.abs(shapely.area(made) - shapely.area(polygons[todo]))
        good &= off <= AREA_KEPT * shapely.area(polygons[todo])
        polygons[todo[good]] = made[good]
        todo = todo[~good]
    return Rings.of(polygons)


def _apart_from(
    rings: Rings, small: npt.NDArray[np.bool_], tolerance: float
) -> npt.NDArray[np.object_]:
    """Simplify all rings but the small ones, which are put back as they were.

    Where a simplified ring would run into a small one, both are simplified together.
    """
    if len(rings) == 0:
        return rings.polygons()
    bare = Rings.of(shapely.simplify(rings.without_rings(small).polygons(), tolerance))
    islands = rings.singles().take(small)
    together = Rings.joined([bare.singles(), islands])
    owner = np.concatenate([bare.ring_polygon, rings.ring_polygon[small]])
    hole = np.concatenate([~bare.is_shell, np.ones(len(islands), np.bool_)])
    polygons = together.grouped(owner, hole, len(rings)).polygons()
    crossed = ~shapely.is_valid(polygons)
    polygons[crossed] = shapely.simplify(rings.take(crossed).polygons(), tolerance)
    return polygons
