# SPDX-License-Identifier: GPL-3.0-or-later
"""Ground: what a length or an area in pixels is on the Earth, whatever the CRS.

What is measured is the figure that the raster shows: its edges are straight in the raster's own
CRS, and the area is the one they enclose on that CRS's ellipsoid. The area below an edge is the
integral of F(lat) d(lon), F being the ellipsoid's area between the equator and a latitude over
one radian of longitude (Snyder 1987, Map Projections: A Working Manual, eq. 3-12); the edge is
taken as the parabola through its two ends and its middle in longitude and in F, which is right
to better than 1e-9 for edges of some kilometres. Longer edges and rings near or around a pole
are cut into pieces first. Lengths are geodesics between vertices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Geod, Transformer

from waterseg_core.geo import Georef
from waterseg_core.rings import Coordinates, Rings

__all__ = ["Ground", "ground_of"]

Values = npt.NDArray[np.float64]

CHUNK = 500_000  # vertices measured at once: bounds the memory of a scene with millions
LONG = 0.02  # radians: an edge of some 100 km, or one close to a pole
PIECE = 0.002  # radians that a piece of a long edge spans
MAX_PIECES = 512
SHORT = 0.001  # radians: below, Pythagoras on the ellipsoid is as good as a geodesic (4e-8)


class Ground(Protocol):
    """Measures outlines that are given in pixels."""

    @property
    def unit(self) -> str:
        """`m`, or `px` where the raster has no place on Earth and a pixel is all there is."""

    def ring_areas(self, rings: Rings) -> Values:
        """Area of each ring, never negative, `(rings,)`, in the unit squared."""

    def ring_lengths(self, rings: Rings) -> Values:
        """Length of each ring, `(rings,)`, in the unit."""

    def frames(self, xy: Coordinates) -> Values:
        """At each pixel position `(k, 2)` the matrix `(k, 2, 2)` from steps in pixels to the unit.

        NaN where the position has no place on Earth.
        """


def ground_of(georef: Georef) -> Ground:
    """The ground under a raster. Without a CRS a pixel is the unit of length."""
    if georef.crs is None:
        return PlanarGround(np.eye(2), "px")
    geodetic = _geodetic(georef.crs)
    if geodetic is None:
        # A local CRS (a building site, a drawing) is a plane with a unit of length.
        factor = georef.crs.axis_info[0].unit_conversion_factor if georef.crs.axis_info else 1.0
        return PlanarGround(_linear(georef) * factor, "m")
    return EllipsoidGround(georef, geodetic)


def _geodetic(crs: CRS) -> CRS | None:
    """The longitudes and latitudes below a CRS, on its own datum; None for a local CRS."""
    geodetic = crs.geodetic_crs
    while geodetic is not None and geodetic.is_derived and geodetic.source_crs is not None:
        geodetic = geodetic.source_crs
    return None if geodetic is None or geodetic.is_geocentric else geodetic


@lru_cache(maxsize=16)
def _transformer(crs: CRS, geodetic: CRS) -> Transformer:
    """Kept, because making one takes PROJ longer than measuring a thousand polygons."""
    return Transformer.from_crs(crs, geodetic, always_xy=True)


def _linear(georef: Georef) -> Values:
    t = georef.transform
    return np.array([[t.a, t.b], [t.d, t.e]])


@dataclass(frozen=True)
class PlanarGround:
    """A plane: `matrix` `(2, 2)` takes steps in pixels to steps in the unit."""

    matrix: Values
    unit: str

    def ring_areas(self, rings: Rings) -> Values:
        """See `Ground`."""
        area: Values = np.abs(rings.signed_areas() * np.linalg.det(self.matrix))
        return area

    def ring_lengths(self, rings: Rings) -> Values:
        """See `Ground`."""
        return rings.ring_sums(np.hypot(*(np.diff(rings.xy, axis=0) @ self.matrix.T).T))

    def frames(self, xy: Coordinates) -> Values:
        """See `Ground`."""
        return np.broadcast_to(self.matrix, (len(xy), 2, 2))


@dataclass(frozen=True)
class EllipsoidGround:
    """The ellipsoid of the raster's CRS; `geodetic` is the longitudes and latitudes on it."""

    georef: Georef
    geodetic: CRS
    unit = "m"

    def ring_areas(self, rings: Rings) -> Values:
        """See `Ground`; NaN for rings that leave the CRS's domain."""
        parts = [self._some_areas(some) for some in _chunks(rings)]
        return np.concatenate([*parts, np.zeros(0)])

    def ring_lengths(self, rings: Rings) -> Values:
        """See `Ground`; NaN for rings that leave the CRS's domain."""
        parts = [some.ring_sums(self._edge_lengths(some.xy)) for some in _chunks(rings)]
        return np.concatenate([*parts, np.zeros(0)])

    def frames(self, xy: Coordinates) -> Values:
        """See `Ground`: rows east and north, columns a pixel to the right and one down."""
        _, lat = self.lonlat(xy)
        columns = []
        for step in (np.array([0.5, 0.0]), np.array([0.0, 0.5])):
            (lon0, lat0), (lon1, lat1) = self.lonlat(xy - step), self.lonlat(xy + step)
            meridian, normal = self._radii(lat)
            east = _turn(lon1 - lon0) * normal * np.cos(lat)
            columns.append(np.stack([east, (lat1 - lat0) * meridian], axis=-1))
        frames = np.stack(columns, axis=-1)
        frames[~np.isfinite(frames).all(axis=(1, 2))] = np.nan
        return frames

    def lonlat(self, xy: npt.NDArray[Any]) -> tuple[Values, Values]:
        """Longitude and latitude in radians of positions `(n, 2)` in pixels; NaN off the map."""
        t = self.georef.transform
        x = t.a * xy[:, 0] + t.b * xy[:, 1] + t.c
        y = t.d * xy[:, 0] + t.e * xy[:, 1] + t.f
        if self._transformer is not None:
            x, y = (np.where(np.isinf(v), np.nan, v) for v in self._transformer.transform(x, y))
        radians = self.geodetic.axis_info[0].unit_conversion_factor
        return x * radians, y * radians

    @cached_property
    def _transformer(self) -> Transformer | None:
        crs = self.georef.crs
        return None if crs is None or crs == self.geodetic else _transformer(crs, self.geodetic)

    @cached_property
    def _axes(self) -> tuple[float, float]:
        """Semi-major axis in metres and eccentricity."""
        ellipsoid = self.geodetic.ellipsoid
        if ellipsoid is None:
            raise ValueError(f"{self.geodetic.name} has no ellipsoid.")
        a, b = ellipsoid.semi_major_metre, ellipsoid.semi_minor_metre
        return a, float(np.sqrt(max(0.0, 1 - (b / a) ** 2)))

    def _radii(self, lat: Values) -> tuple[Values, Values]:
        """Radii of curvature, metres: along the meridian and across it."""
        a, e = self._axes
        w2 = 1 - (e * np.sin(lat)) ** 2
        return a * (1 - e * e) / w2**1.5, a / np.sqrt(w2)

    def _zone(self, lat: Values) -> Values:
        """F: area between the equator and a latitude for one radian of longitude, m²."""
        a, e = self._axes
        sine = np.sin(lat)
        if e == 0:
            return a * a * sine
        bulge = np.arctanh(e * sine) / e
        return a * a * (1 - e * e) / 2 * (sine / (1 - (e * sine) ** 2) + bulge)

    def _some_areas(self, rings: Rings) -> Values:
        lon, lat = self.lonlat(rings.xy)
        lon_mid, lat_mid = self.lonlat((rings.xy[:-1] + rings.xy[1:]) / 2)
        first, second = _turn(lon_mid - lon[:-1]), _turn(lon[1:] - lon_mid)
        # About each ring's own latitude, so that small rings keep their digits.
        start = np.repeat(lat[rings.ring_start[:-1]], np.diff(rings.ring_start))
        zone, base = self._zone(lat), self._zone(start)
        edges = _below(first, second, zone[:-1], self._zone(lat_mid), zone[1:], base[:-1])
        areas: Values = np.abs(rings.ring_sums(edges))
        span = np.maximum(np.abs(first) + np.abs(second), np.abs(np.diff(lat)))
        turns = np.abs(rings.ring_sums(first + second))
        long = (rings.ring_sums((span > LONG).astype(np.float64)) > 0) | (turns > np.pi)
        for ring in np.flatnonzero(long & np.isfinite(areas)):
            which = slice(rings.ring_start[ring], rings.ring_start[ring + 1])
            areas[ring] = self._long_area(rings.xy[which], span[which.start : which.stop - 1])
        return areas

    def _long_area(self, xy: npt.NDArray[Any], span: Values) -> float:
        """Area of one ring whose edges are long or that goes around a pole."""
        pieces = np.clip(np.ceil(span / PIECE), 1, MAX_PIECES).astype(np.int64)
        edge = np.repeat(np.arange(len(pieces)), pieces)
        step = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        share = (step / pieces[edge])[:, None]
        fine = np.concatenate([xy[edge] + share * (xy[edge + 1] - xy[edge]), xy[:1]])
        lon, lat = self.lonlat(fine)
        lon_mid, lat_mid = self.lonlat((fine[:-1] + fine[1:]) / 2)
        # Measured from the nearer pole, a ring around it needs no detour to it.
        pole = self._zone(np.array([np.copysign(np.pi / 2, lat.mean())]))
        zone = self._zone(lat)
        first, second = _turn(lon_mid - lon[:-1]), _turn(lon[1:] - lon_mid)
        edges = _below(first, second, zone[:-1], self._zone(lat_mid), zone[1:], pole)
        return float(abs(edges.sum()))

    def _edge_lengths(self, xy: npt.NDArray[Any]) -> Values:
        """Metres from each vertex to the next, `(n - 1,)`."""
        lon, lat = self.lonlat(xy)
        middle = (lat[:-1] + lat[1:]) / 2
        meridian, normal = self._radii(middle)
        dlon, dlat = _turn(np.diff(lon)), np.diff(lat)
        lengths: Values = np.hypot(dlon * normal * np.cos(middle), dlat * meridian)
        far = np.flatnonzero(
            np.isfinite(lengths) & (np.maximum(np.abs(dlon), np.abs(dlat)) > SHORT)
        )
        a, e = self._axes
        lon, lat = np.degrees(lon), np.degrees(lat)
        geod = Geod(a=a, es=e * e)
        lengths[far] = geod.inv(lon[far], lat[far], lon[far + 1], lat[far + 1])[2]
        return lengths


def _below(
    first: Values, second: Values, f0: Values, fm: Values, f1: Values, base: Values
) -> Values:
    """Integral of (F - base) d(lon) along edges whose middle is known.

    first, second: longitude from start to middle and from middle to end; f0, fm, f1: F at start,
    middle and end. With lon(t) = lon0 + d t + 4 b t (1 - t) and F likewise, Simpson's rule is
    exact for the first term, and the bulge b of the longitude adds -2/3 b (F1 - F0).
    """
    bulge = (first - second) / 2
    mean = (f0 - base + 4 * (fm - base) + f1 - base) / 6
    return (first + second) * mean - 2 / 3 * bulge * (f1 - f0)


def _turn(lon: Values) -> Values:
    """An angle as the nearest turn to it, -π to π."""
    return lon - 2 * np.pi * np.rint(lon / (2 * np.pi))


def _chunks(rings: Rings) -> Iterator[Rings]:
    """The rings in runs of about CHUNK vertices, as polygons of one ring each."""
    count = len(rings.ring_start) - 1
    first = 0
    while first < count:
        goal = rings.ring_start[first] + CHUNK
        last = max(first + 1, int(np.searchsorted(rings.ring_start, goal, side="right")) - 1)
        start = rings.ring_start[first : last + 1]
        xy = rings.xy[start[0] : start[-1]]
        yield Rings(xy, start - start[0], np.arange(last - first + 1))
        first = last
