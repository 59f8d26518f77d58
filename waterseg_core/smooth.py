# SPDX-License-Identifier: GPL-3.0-or-later
"""Smooth outlines: the stairs of pixels become a shore, and every ring keeps its area.

Points are laid along each ring, corners among them, and averaged along the shore with a
Gaussian. That shrinks what bulges, so each ring is then moved out (or in) everywhere by the same
small distance until it holds the area it had. Where the new shore would cross itself it goes
back, there and only there, towards the old one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from waterseg_core.frames import Frames
from waterseg_core.ground import Ground
from waterseg_core.rings import Rings

__all__ = ["smoothed"]

Values = npt.NDArray[np.float64]

CHUNK = 200_000  # vertices of old outlines at once: bounds the memory
AREA_KEPT = 0.01  # a polygon whose area changed by more than this share keeps its old outline
REPAIRS = 8  # attempts to mend one polygon before it keeps its old outline
ROUND = 1 / 12  # share of a ring's length that is the widest Gaussian it is smoothed with
THIN = 0.05  # points closer than this share of `length` to the line are left out


def smoothed(rings: Rings, ground: Ground, length: float) -> Rings:
    """Polygons in whole pixels, smoothed; valid, each within 1 % of its area.

    length: standard deviation of the Gaussian along the shore, in metres (pixels without a CRS):
    wiggles shorter than about twice that disappear.
    """
    smooth = rings.polygons()
    ends = rings.ring_start[rings.polygon_start[1:]]
    first = 0
    while first < len(rings):
        goal = CHUNK + (ends[first - 1] if first else 0)
        last = max(first + 1, int(np.searchsorted(ends, goal, side="right")))
        which = np.arange(first, last)
        smooth[which] = _some_smoothed(rings.take(which), ground, length)
        first = last
    return Rings.of(smooth)


def _some_smoothed(rings: Rings, ground: Ground, length: float) -> npt.NDArray[np.object_]:
    polygons = rings.polygons()
    frames = Frames.of(rings, ground)
    usable = np.flatnonzero(frames.usable)
    if len(usable) == 0:
        return polygons
    frames = frames.take(usable)
    spacing = np.clip(length / 2, frames.pixel / 4, frames.pixel / 2)
    sampled = _sampled(frames.to_metres(rings.take(usable)), spacing)
    evened = _evened(sampled, length / spacing)
    shores = _with_areas(evened, sampled.signed_areas())
    made = frames.to_pixels(shores).polygons()
    for index in np.flatnonzero(~shapely.is_valid(made)):
        one = np.array([index])
        mended = _mended(sampled.take(one), shores.take(one))
        made[index] = frames.take(one).to_pixels(mended).polygons()[0]
    good = shapely.is_valid(made)
    good[good] = _same_area(made[good], polygons[usable[good]])
    thin = _thinned(made[good], polygons[usable[good]], THIN * length / frames.pixel[good])
    polygons[usable[good]] = thin
    return polygons


def _sampled(rings: Rings, spacing: Values) -> Rings:
    """The same outlines with points at most `spacing` (one for each polygon) apart."""
    steps = np.diff(rings.xy, axis=0)
    wanted = np.hypot(*steps.T) / spacing[rings.vertex_polygon[:-1]]
    # A hair less, or rounding would now and then cut an edge of one pixel in two.
    pieces = np.append(np.maximum(1, np.ceil(wanted - 1e-6)).astype(np.int64), 1)
    pieces[rings.ring_start[1:] - 1] = 1
    begins = np.concatenate([[0], np.cumsum(pieces)])
    vertex = np.repeat(np.arange(len(pieces)), pieces)
    share = (np.arange(len(vertex)) - begins[vertex]) / pieces[vertex]
    along = np.append(steps, [[0.0, 0.0]], axis=0)[vertex] * share[:, None]
    return Rings(rings.xy[vertex] + along, begins[rings.ring_start], rings.polygon_start)


def _evened(rings: Rings, width: Values) -> Rings:
    """Every point averaged with its neighbours along the ring.

    width: standard deviation of the Gaussian in steps, one for each polygon. It is built of
    passes of the kernel 1/4 1/2 1/4 over every 1st, 2nd, 4th, ... point, whose variances
    (stride² / 2) add up. A short ring gets only as many passes as make it round: more would draw
    it together into a point.
    """
    counts = np.diff(rings.ring_start) - 1
    wanted = np.minimum(width[rings.ring_polygon], counts * ROUND) ** 2
    point_wanted = np.repeat(wanted, counts + 1)
    start = np.repeat(rings.ring_start[:-1], counts + 1)
    modulus = np.repeat(counts, counts + 1)
    place = np.arange(len(rings.xy)) - start
    xy, done = rings.xy.copy(), 0.0
    for stride in _strides(float(wanted.max())):
        done += stride**2 / 4
        moving = np.flatnonzero(done <= point_wanted)
        done += stride**2 / 4
        around = (start[moving], place[moving], modulus[moving])
        before, after = (around[0] + (around[1] + s) % around[2] for s in (-stride, stride))
        xy[moving] = (xy[before] + 2 * xy[moving] + xy[after]) / 4
    return rings.moved(xy)


def _strides(variance: float) -> list[int]:
    """Strides whose squares, halved, add up to the variance as nearly as they can."""
    strides: list[int] = []
    stride = 1
    while variance >= stride**2 / 4:
        strides.append(stride)
        variance -= stride**2 / 2
        if len(strides) % 4 == 0 and variance >= 8 * stride**2:
            stride *= 2
    return strides


def _with_areas(rings: Rings, areas: Values) -> Rings:
    """Each ring moved along its normals until it encloses the signed area wanted.

    Three steps of Newton's method: moving a ring out by d adds d times its length.
    """
    before, after = rings.neighbours
    for _ in range(3):
        tangent = rings.xy[after] - rings.xy[before]
        size = np.hypot(*tangent.T)
        normal = (
            np.stack([tangent[:, 1], -tangent[:, 0]], axis=1) / np.maximum(size, 1e-12)[:, None]
        )
        lengths = rings.ring_sums(np.hypot(*np.diff(rings.xy, axis=0).T))
        move = (areas - rings.signed_areas()) / np.maximum(lengths, 1e-12)
        rings = rings.moved(rings.xy + normal * np.repeat(move, np.diff(rings.ring_start))[:, None])
    return rings


def _mended(old: Rings, new: Rings) -> Rings:
    """One polygon: the new outline, gone back to the old one around each place where it crosses.

    Both have the same points. Each attempt goes back along twice as much of the shore; the last
    one may still be invalid.
    """
    share = np.ones(len(new.xy))
    mixed = new
    for attempt in range(REPAIRS):
        crossing = _crossing(mixed)
        if len(crossing) == 0:
            break
        share[crossing] = 0.0
        share = _widened(new, share, 2**attempt)
        mixed = new.moved(old.xy + share[:, None] * (new.xy - old.xy))
    return mixed


def _crossing(rings: Rings) -> npt.NDArray[np.int64]:
    """Indices of the points at both ends of every edge that meets another edge of the polygon."""
    edges = np.delete(np.arange(len(rings.xy)), rings.ring_start[1:] - 1)
    lines = shapely.linestrings(np.stack([rings.xy[edges], rings.xy[edges + 1]], axis=1))
    one, two = shapely.STRtree(lines).query(lines, predicate="intersects")
    one, two = one[one < two], two[one < two]
    # Consecutive edges share their point, the first and the last edge of a ring as well.
    shared = shapely.equals(shapely.get_point(lines[one], 1), shapely.get_point(lines[two], 0))
    closing = shapely.equals(shapely.get_point(lines[one], 0), shapely.get_point(lines[two], 1))
    apart = ~(shared | closing)
    met = edges[np.concatenate([one[apart], two[apart]])]
    return np.unique(np.concatenate([met, met + 1]))


def _widened(rings: Rings, share: Values, reach: int) -> Values:
    """`share` lowered around its zeros: 0 up to `reach` points away, then rising as far again."""
    before, after = rings.neighbours
    for _ in range(reach):
        share = np.minimum(share, np.minimum(share[before], share[after]))
    for _ in range(reach):
        share = np.minimum(share, (share[before] + 2 * share + share[after]) / 4)
    return share


def _same_area(new: npt.NDArray[np.object_], old: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    kept: npt.NDArray[np.bool_] = np.abs(
        shapely.area(new) - shapely.area(old)
    ) <= AREA_KEPT * shapely.area(old)
    return kept


def _thinned(
    new: npt.NDArray[np.object_], old: npt.NDArray[np.object_], tolerance: Values
) -> npt.NDArray[np.object_]:
    """Without the points that make no difference to see; tolerance in pixels for each polygon."""
    thin: npt.NDArray[np.object_] = shapely.simplify(new, tolerance)
    good = shapely.is_valid(thin)
    good[good] = _same_area(thin[good], old[good])
    return np.where(good, thin, new)
