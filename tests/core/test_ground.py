# SPDX-License-Identifier: GPL-3.0-or-later
"""Ground: areas and lengths on the ellipsoid, against other ways to the same number."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from waterseg_core.geo import Georef
from waterseg_core.ground import ground_of
from waterseg_core.rings import Rings

WGS84 = Geod(ellps="WGS84")

#: Projected and geographic, feet, far from where a map is true, beyond 180°, fine and coarse.
PLACES = {
    "utm": ("EPSG:32633", Affine(10, 0, 500_000, 0, -10, 5_000_000)),
    "utm rotated, far from its meridian": ("EPSG:32633", Affine(30, 8, 8e5, 6, -30, 7e6)),
    "utm, decimetres": ("EPSG:32633", Affine(0.1, 0, 500_000, 0, -0.1, 5_000_000)),
    "degrees": ("EPSG:4326", Affine(0.0003, 0, 10, 0, -0.0003, 60)),
    "degrees across 180": ("EPSG:4326", Affine(0.01, 0, 179.95, 0, -0.01, -17)),
    "degrees, coarse": ("EPSG:4326", Affine(0.1, 0, -10, 0, -0.1, 50)),
    "web mercator": ("EPSG:3857", Affine(10, 0, 2e6, 0, -10, 8e6)),
    "feet": ("EPSG:2227", Affine(3, 0, 6e6, 0, -3, 2.1e6)),
    "polar": ("EPSG:3413", Affine(1000, 0, 9e5, 0, -1000, -9e5)),
    "grads, another ellipsoid": ("EPSG:27572", Affine(10, 0, 6e5, 0, -10, 2.2e6)),
    "a sphere": ("+proj=sinu +R=6371000", Affine(463, 0, 2e6, 0, -463, 5e6)),
}

SHAPE = shapely.Polygon(
    [(0, 0), (10, 0), (10, 2), (4, 2), (4, 7), (0, 7)], [[(1, 1), (2, 1), (2, 3), (1, 3)]]
)
SLANTED = shapely.Polygon([(0, 0), (9.5, 3), (4, 12)])


def georef(place: str) -> Georef:
    crs, transform = PLACES[place]
    return Georef(transform, CRS(crs))


def area(polygon: shapely.Polygon, where: Georef) -> float:
    rings = Rings.of(np.array([polygon]))
    areas = ground_of(where).ring_areas(rings)
    return float(np.where(rings.is_shell, areas, -areas).sum())


def degrees(where: Georef, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Longitude and latitude of pixel positions, on the CRS's own datum."""
    t, crs = where.transform, where.crs
    assert crs is not None
    assert crs.geodetic_crs is not None
    x, y = t.a * xy[:, 0] + t.b * xy[:, 1] + t.c, t.d * xy[:, 0] + t.e * xy[:, 1] + t.f
    lonlat = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform(x, y)
    unit = crs.geodetic_crs.axis_info[0].unit_conversion_factor
    return np.degrees(np.stack(lonlat, axis=1) * unit)


def area_on_equal_area_map(polygon: shapely.Polygon, where: Georef) -> float:
    """The area of many short edges on Lambert's azimuthal map about the polygon's own middle."""
    fine = shapely.segmentize(polygon, 0.02)
    lon, lat = degrees(where, np.array([[5.0, 5.0]]))[0]
    ellipsoid = where.crs.ellipsoid if where.crs else None
    assert ellipsoid is not None
    a, b = ellipsoid.semi_major_metre, ellipsoid.semi_minor_metre
    laea = CRS.from_proj4(f"+proj=laea +lat_0={lat} +lon_0={lon} +a={a} +b={b} +units=m")
    assert laea.geodetic_crs is not None
    onto = Transformer.from_crs(laea.geodetic_crs, laea, always_xy=True)
    return float(
        shapely.area(
            shapely.transform(
                fine, lambda xy: np.stack(onto.transform(*degrees(where, xy).T), axis=1)
            )
        )
    )


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("polygon", [SHAPE, SLANTED], ids=["stairs", "slanted"])
def test_areas_are_those_of_an_equal_area_map(place: str, polygon: shapely.Polygon) -> None:
    where = georef(place)
    assert area(polygon, where) == pytest.approx(area_on_equal_area_map(polygon, where), rel=1e-6)


@pytest.mark.parametrize("place", ["utm", "degrees", "degrees across 180", "polar", "web mercator"])
def test_areas_are_those_of_geodesics_between_many_points(place: str) -> None:
    where = georef(place)
    fine = shapely.transform(shapely.segmentize(SHAPE, 0.1), lambda xy: degrees(where, xy))
    geodesic, _ = WGS84.geometry_area_perimeter(shapely.orient_polygons(fine))
    assert area(SHAPE, where) == pytest.approx(abs(geodesic), rel=1e-6)


@settings(max_examples=50)
@given(
    place=st.sampled_from(list(PLACES)),
    corners=st.lists(
        st.tuples(st.integers(-40, 40), st.integers(-40, 40)), min_size=3, max_size=7, unique=True
    ),
)
def test_areas_of_any_figure(place: str, corners: list[tuple[int, int]]) -> None:
    polygon = shapely.convex_hull(shapely.MultiPoint(corners))
    if polygon.geom_type == "Polygon":
        where = georef(place)
        expected = area_on_equal_area_map(polygon, where)
        assert area(polygon, where) == pytest.approx(expected, rel=1e-6)


def test_a_square_degree_has_the_area_of_its_zone() -> None:
    where = Georef(Affine(1, 0, 10, 0, -1, 61), CRS("EPSG:4326"))
    a, e2 = 6378137.0, 0.0066943799901413165
    lat = np.radians(np.linspace(60, 61, 200_001))
    zone = a * a * (1 - e2) * np.cos(lat) / (1 - e2 * np.sin(lat) ** 2) ** 2
    assert area(shapely.box(0, 0, 1, 1), where) == pytest.approx(
        float(np.trapezoid(zone, lat)) * np.radians(1), rel=1e-9
    )


@pytest.mark.parametrize(("crs", "side"), [("EPSG:3413", 1), ("EPSG:3031", -1)])
def test_a_ring_around_a_pole_holds_the_pole(crs: str, side: int) -> None:
    where = Georef(Affine(10_000, 0, -5e5, 0, -10_000, 5e5), CRS(crs))
    around = shapely.segmentize(shapely.box(10, 12, 90, 70), 0.05)
    turned = shapely.transform(around, lambda xy: degrees(where, xy))
    assert np.sign(shapely.get_coordinates(turned)[:, 1]).tolist() == [side] * len(
        shapely.get_coordinates(turned)
    )
    geodesic, _ = WGS84.geometry_area_perimeter(turned)
    assert area(shapely.box(10, 12, 90, 70), where) == pytest.approx(abs(geodesic), rel=1e-6)


def test_the_whole_globe_has_the_ellipsoids_surface() -> None:
    where = Georef(Affine(1, 0, -180, 0, -1, 90), CRS("EPSG:4326"))
    assert area(shapely.box(0, 0, 360, 180), where) == pytest.approx(5.10065621724e14, rel=1e-6)


@pytest.mark.parametrize("place", ["utm", "degrees", "degrees across 180", "polar"])
def test_lengths_are_geodesics(place: str) -> None:
    where = georef(place)
    rings = Rings.of(np.array([SHAPE]))
    lengths = ground_of(where).ring_lengths(rings)
    outlines = [SHAPE.exterior, *SHAPE.interiors]
    expected = [WGS84.line_length(*degrees(where, np.array(o.coords)).T) for o in outlines]
    np.testing.assert_allclose(lengths, expected, rtol=1e-6)


@pytest.mark.parametrize("place", ["utm", "degrees", "degrees across 180", "polar", "web mercator"])
def test_frames_take_pixels_to_metres_east_and_north(place: str) -> None:
    where = georef(place)
    (frame,) = ground_of(where).frames(np.array([[5.0, 5.0]]))
    at, right, below = degrees(where, np.array([[5.0, 5.0], [6.0, 5.0], [5.0, 6.0]]))
    for step, column in zip((right, below), frame.T, strict=True):
        azimuth, _, metres = WGS84.inv(*at, *step)
        towards = metres * np.sin(np.radians(azimuth)), metres * np.cos(np.radians(azimuth))
        np.testing.assert_allclose(column, towards, atol=2e-3 * metres)


def test_without_a_crs_a_pixel_is_the_unit() -> None:
    ground = ground_of(Georef(Affine(30, 0, 0, 0, -30, 0), None))
    rings = Rings.of(np.array([SHAPE]))
    assert ground.unit == "px"
    assert ground.ring_areas(rings).tolist() == [40.0, 2.0]
    assert ground.ring_lengths(rings).tolist() == [34.0, 6.0]


def test_a_local_crs_is_a_plane_with_its_own_unit() -> None:
    feet = CRS('LOCAL_CS["site",UNIT["foot",0.3048]]')
    ground = ground_of(Georef(Affine(2, 0, 0, 0, -2, 0), feet))
    rings = Rings.of(np.array([SHAPE]))
    assert ground.unit == "m"
    np.testing.assert_allclose(ground.ring_areas(rings), np.array([40, 2]) * (2 * 0.3048) ** 2)
    np.testing.assert_allclose(ground.ring_lengths(rings), np.array([34, 6]) * 2 * 0.3048)


def test_a_rotated_pole_is_measured_on_the_ellipsoid() -> None:
    rotated = CRS("+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39.25 +lon_0=18 +ellps=WGS84")
    where = Georef(Affine(0.01, 0, 1, 0, -0.01, 2), rotated)
    base = rotated.source_crs
    assert base is not None
    rings = Rings.of(np.array([SHAPE]))
    onto = Transformer.from_crs(rotated, base, always_xy=True)
    fine = shapely.transform(
        shapely.segmentize(SHAPE, 0.1),
        lambda xy: np.stack(onto.transform(1 + 0.01 * xy[:, 0], 2 - 0.01 * xy[:, 1]), axis=1),
    )
    geodesic, _ = WGS84.geometry_area_perimeter(shapely.orient_polygons(fine))
    shell, hole = ground_of(where).ring_areas(rings)
    assert shell - hole == pytest.approx(abs(geodesic), rel=1e-6)


def test_what_is_off_the_map_has_no_area() -> None:
    where = Georef(Affine(1e6, 0, -2e7, 0, -1e6, 2e7), CRS("+proj=ortho +lat_0=50 +lon_0=10"))
    ground, rings = ground_of(where), Rings.of(np.array([shapely.box(0, 0, 2, 2)]))
    assert np.isnan(ground.ring_areas(rings)).all()
    assert np.isnan(ground.frames(np.array([[1.0, 1.0]]))).all()


def test_many_rings_are_measured_like_one() -> None:
    corner = np.stack(np.divmod(np.arange(101_000), 400), axis=1)
    rings = Rings.of(shapely.box(*corner.T, *(corner + 1).T))
    ground = ground_of(georef("degrees"))
    some = np.array([0, 99_998, 100_001, 100_999])
    few = rings.take(some)
    np.testing.assert_array_equal(ground.ring_areas(rings)[some], ground.ring_areas(few))
    np.testing.assert_array_equal(ground.ring_lengths(rings)[some], ground.ring_lengths(few))
