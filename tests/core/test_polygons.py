# SPDX-License-Identifier: GPL-3.0-or-later
"""WaterPolygons: wanted bodies, in metres whatever the CRS, with true attributes."""

from __future__ import annotations

import re

import geopandas
import numpy as np
import numpy.typing as npt
import pytest
import rasterio.features
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod
from scipy import ndimage

from waterseg_core.geo import Georef
from waterseg_core.polygons import (
    FIELDS,
    Bodies,
    Provenance,
    Wanted,
    WaterPolygons,
    make_polygons,
    merge_parts,
    strip_parts,
)

Flags = npt.NDArray[np.bool_]

UTM = Georef(Affine(10, 0, 500_000, 0, -10, 5_000_000), CRS("EPSG:32633"))
#: About 10 m pixels everywhere, in ways that a tolerance in map units would get wrong.
PLACES = {
    "utm": UTM,
    "utm rotated": Georef(Affine(8, 6, 500_000, 6, -8, 5_000_000), CRS("EPSG:32633")),
    "degrees far north": Georef(Affine(0.00025, 0, 20, 0, -0.00009, 69), CRS("EPSG:4326")),
    "web mercator far north": Georef(Affine(30.6, 0, 2e6, 0, -30.6, 1.13e7), CRS("EPSG:3857")),
    "feet": Georef(Affine(32.8, 0, 6e6, 0, -32.8, 2.1e6), CRS("EPSG:2227")),
}
NOWHERE = Georef(Affine.identity(), None)


def bodies_of(drawing: str | Flags, valid: Flags | None = None, confidence: float = 1.0) -> Bodies:
    """The bodies of a mask, or of a drawing: # is water, ? is without data."""
    if isinstance(drawing, str):
        cells = np.array([list(row) for row in drawing.split()])
        mask, valid = cells == "#", cells != "?"
    else:
        mask, valid = drawing, np.ones(drawing.shape, np.bool_) if valid is None else valid
    probability = np.where(mask, confidence * 65535, 0).astype(np.uint16)[None]
    return merge_parts([strip_parts(probability, valid, 0, len(mask), 0.5)])


def noise(seed: int, side: int = 60, blur: float = 1.5, share: float = 0.3) -> Flags:
    """Lakes and ponds with ragged shores."""
    rng = np.random.default_rng(seed)
    field = ndimage.gaussian_filter(rng.standard_normal((side, side)), blur)
    field += 0.1 * ndimage.gaussian_filter(rng.standard_normal((side, side)), 0.5)
    water: Flags = field > np.quantile(field, 1 - share)
    return water


def overlaps(polygons: npt.NDArray[np.object_]) -> int:
    """How many pairs of polygons have more than a shore in common."""
    one, two = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    one, two = one[one < two], two[one < two]
    return int(shapely.relate_pattern(polygons[one], polygons[two], "T********").sum())


def test_attributes_say_what_there_is() -> None:
    bodies = bodies_of("#####. #...#. #.#.#. #...#. #####. .....#", confidence=0.75)
    provenance = Provenance(
        source="scene.tif", model="nano", revision="1", prompt="segment lake", threshold=0.5
    )
    found = make_polygons(bodies, UTM, labels=["lake"], provenance=provenance)
    columns = {name: values.tolist() for name, values in found.attributes.items()}
    assert columns["id"] == [1, 2, 3]
    assert columns["label"] == ["lake"] * 3
    assert columns["pixels"] == [16, 1, 1]
    assert columns["holes"] == [1, 0, 0]
    assert columns["touches_edge"] == [True, False, True]
    assert columns["confidence"] == pytest.approx([0.75] * 3, abs=1e-5)
    assert columns["source"] == ["scene.tif"] * 3
    assert columns["threshold"] == [0.5] * 3
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", at) for at in columns["created"])
    # 10 m pixels of UTM at its central meridian are 10.004 m on the ground.
    assert columns["area_m2"] == pytest.approx([1600, 100, 100], rel=1e-3)
    assert columns["perimeter_m"] == pytest.approx([320, 40, 40], rel=1e-3)
    assert found.area_m2 == sum(columns["area_m2"])


@pytest.mark.parametrize("place", PLACES)
def test_areas_and_perimeters_are_those_on_the_ellipsoid(place: str) -> None:
    georef = PLACES[place]
    found = make_polygons(bodies_of(noise(3)), georef)
    # What is straight on the map is not straight on the ground: many points keep it in place.
    fine = shapely.segmentize(found.geometries, abs(georef.transform.e) / 10)
    frame = geopandas.GeoSeries(fine, crs=found.crs)
    geod = Geod(ellps="GRS80" if place == "feet" else "WGS84")
    assert georef.crs is not None
    for polygon, area, perimeter in zip(
        frame.to_crs(georef.crs.geodetic_crs),
        found.attributes["area_m2"],
        found.attributes["perimeter_m"],
        strict=True,
    ):
        geodesic, outer = geod.geometry_area_perimeter(shapely.orient_polygons(polygon))
        inner = sum(geod.geometry_length(ring) for ring in polygon.interiors)
        assert area == pytest.approx(abs(geodesic), rel=2e-6, abs=2e-3)
        assert perimeter == pytest.approx(outer + inner, rel=1e-6)


@pytest.mark.parametrize(
    ("georef", "corner"),
    [
        (UTM, (500_010, 4_999_980)),
        (PLACES["utm rotated"], (500_000 + 8 + 12, 5_000_000 + 6 - 16)),
        (NOWHERE, (1, -2)),
        (Georef(Affine(2, 0, 100, 0, -2, 50), None), (102, 46)),
    ],
    ids=["utm", "rotated", "no place", "a transform without a CRS"],
)
def test_polygons_lie_on_their_pixels(georef: Georef, corner: tuple[float, float]) -> None:
    found = make_polygons(bodies_of("... ... .#. ..."), georef)
    polygon = found.geometries[0]
    assert corner in polygon.exterior.coords
    assert polygon.area == pytest.approx(abs(georef.transform.determinant))


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_polygon_to_mask_to_polygon_closes(seed: int) -> None:
    mask = noise(seed, side=25, blur=0.7)
    found = make_polygons(bodies_of(mask), UTM)
    again = rasterio.features.rasterize(
        list(found.geometries), out_shape=mask.shape, transform=UTM.transform
    )
    np.testing.assert_array_equal(again > 0, mask)
    repeated = make_polygons(bodies_of(again > 0), UTM)
    assert shapely.to_wkb(found.geometries).tolist() == shapely.to_wkb(repeated.geometries).tolist()


@pytest.mark.parametrize("place", PLACES)
def test_small_bodies_are_left_out_by_their_ground_area(place: str) -> None:
    bodies = bodies_of("##.... ##..#. ...... .###..")
    areas = make_polygons(bodies, PLACES[place]).attributes["area_m2"]
    assert areas == pytest.approx([400, 100, 300], rel=0.1)
    kept = make_polygons(bodies, PLACES[place], wanted=Wanted(min_area=200))
    assert kept.attributes["pixels"].tolist() == [4, 3]
    assert kept.attributes["id"].tolist() == [1, 2]


def test_a_body_exactly_as_large_as_wanted_stays() -> None:
    bodies = bodies_of("##. ... .#.")
    wanted = Wanted(min_area=2)
    assert make_polygons(bodies, NOWHERE, wanted=wanted).attributes["pixels"].tolist() == [2]


RING = "####### #.....# #..#..# #.....# #######"


def test_islands_are_kept_unless_they_are_small() -> None:
    kept = make_polygons(bodies_of(RING), NOWHERE, wanted=Wanted(min_hole=14))
    assert kept.attributes["holes"].tolist() == [1, 0]
    filled = make_polygons(bodies_of(RING), NOWHERE, wanted=Wanted(min_hole=16))
    assert filled.attributes["holes"].tolist() == [0]
    assert filled.geometries[0].area == 35


def test_the_area_of_a_filled_island_counts() -> None:
    wanted = Wanted(min_hole=1000, min_area=900)
    (area,) = make_polygons(bodies_of("### #.# ###"), UTM, wanted=wanted).attributes["area_m2"]
    assert area == pytest.approx(900, rel=1e-2)


def test_nodata_in_an_island_never_becomes_water() -> None:
    drawing = RING.replace("#..#..#", "#?....#")
    found = make_polygons(bodies_of(drawing), NOWHERE, wanted=Wanted(min_hole=100))
    assert found.attributes["holes"].tolist() == [1]
    assert found.attributes["touches_edge"].tolist() == [True]


def test_water_of_another_label_stays_on_an_island_that_is_filled() -> None:
    cells = np.array([list(row) for row in RING.split()]) == "#"
    lake, river = cells.copy(), np.zeros_like(cells)
    lake[2, 3], river[2, 3] = False, True
    probability = (np.stack([lake, river]) * 65535).astype(np.uint16)
    bodies = merge_parts([strip_parts(probability, np.ones_like(cells), 0, len(cells), 0.5)])
    wanted = Wanted(min_hole=16)
    found = make_polygons(bodies, NOWHERE, labels=["lake", "river"], wanted=wanted)
    assert found.attributes["label"].tolist() == ["lake", "river"]


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10_000),
    place=st.sampled_from(list(PLACES)),
    wanted=st.builds(
        Wanted,
        min_hole=st.sampled_from([0, 500]),
        simplify=st.sampled_from([0, 7, 15, 40]),
        smooth=st.sampled_from([0, 3, 10, 20, 80]),
    ),
)
def test_whatever_is_wanted_polygons_stay_whole(seed: int, place: str, wanted: Wanted) -> None:
    bodies = bodies_of(noise(seed))
    exact = make_polygons(bodies, PLACES[place], wanted=Wanted(min_hole=wanted.min_hole))
    found = make_polygons(bodies, PLACES[place], wanted=wanted)
    assert shapely.is_valid(found.geometries).all()
    assert {shape.geom_type for shape in found.geometries} == {"Polygon"}
    assert overlaps(found.geometries) == 0
    for name in ("id", "area_m2", "pixels", "confidence", "holes"):
        np.testing.assert_array_equal(found.attributes[name], exact.attributes[name])
    off = np.abs(shapely.area(found.geometries) / shapely.area(exact.geometries) - 1)
    assert off.max() <= (0.1 if wanted.simplify else 0.0) + (0.01 if wanted.smooth else 0.0) + 0.001


@pytest.mark.parametrize("place", PLACES)
def test_a_tolerance_is_metres_on_the_ground(place: str) -> None:
    """A slanted shore of 10 m stairs loses its corners at 12 m and keeps them at 4 m."""
    stairs = np.tril(np.ones((40, 40), np.bool_))
    bodies = bodies_of(np.pad(stairs, 2))
    corners = {
        metres: shapely.get_num_coordinates(
            make_polygons(bodies, PLACES[place], wanted=Wanted(simplify=metres)).geometries[0]
        )
        for metres in (0.0, 4.0, 12.0)
    }
    assert corners[0.0] == corners[4.0] == 83
    assert corners[12.0] <= 8


def test_ponds_and_small_islands_keep_every_corner() -> None:
    mask = np.zeros((40, 40), np.bool_)
    mask[2:30, 2:30] = True
    mask[10:13, 10:12] = mask[13, 11] = False
    mask[33:38, 3:10] = True
    mask[33, 3] = False
    exact = make_polygons(bodies_of(mask), UTM)
    simple = make_polygons(bodies_of(mask), UTM, wanted=Wanted(simplify=25))
    assert simple.geometries[1].equals_exact(exact.geometries[1])
    islands = [polygon.geometries[0].interiors[0] for polygon in (exact, simple)]
    assert islands[0].equals(islands[1])


@pytest.mark.parametrize("place", PLACES)
def test_a_smooth_lake_is_round(place: str) -> None:
    row, col = np.indices((60, 60)) - 29.5
    disc = row**2 + col**2 < 25**2
    georef = PLACES[place]
    bodies = bodies_of(disc)
    exact, smooth = (
        make_polygons(bodies, georef, wanted=Wanted(smooth=length)) for length in (0.0, 20.0)
    )
    # The stairs make a circle's shore 4 / pi as long.
    ratio = smooth.attributes["perimeter_m"][0] / exact.attributes["perimeter_m"][0]
    assert ratio == pytest.approx(np.pi / 4, rel=0.02)
    xy = np.array(smooth.geometries[0].exterior.coords)
    inverse = ~georef.transform
    cols = inverse.a * xy[:, 0] + inverse.b * xy[:, 1] + inverse.c
    rows = inverse.d * xy[:, 0] + inverse.e * xy[:, 1] + inverse.f
    radius = np.hypot(rows - 30, cols - 30)
    assert np.abs(radius - 25).max() < 0.6


def test_two_ponds_that_touch_in_a_corner_stay_apart_when_smoothed() -> None:
    mask = np.kron(np.eye(4, dtype=bool), np.ones((5, 5), bool))
    found = make_polygons(bodies_of(np.pad(mask, 2)), UTM, wanted=Wanted(smooth=10))
    assert len(found) == 4
    assert overlaps(found.geometries) == 0


def test_without_a_crs_lengths_are_pixels_and_areas_unknown() -> None:
    found = make_polygons(
        bodies_of(noise(1)), NOWHERE, wanted=Wanted(min_area=5, simplify=1.5, smooth=1)
    )
    assert found.crs is None
    assert found.attributes["pixels"].min() >= 5
    assert np.isnan(found.attributes["area_m2"]).all()
    assert np.isnan(found.attributes["perimeter_m"]).all()
    assert shapely.is_valid(found.geometries).all()


def test_water_off_the_map_is_kept_with_an_unknown_area() -> None:
    off = Georef(Affine(1e6, 0, -2e7, 0, -1e6, 2e7), CRS("+proj=ortho +lat_0=50 +lon_0=10"))
    found = make_polygons(
        bodies_of("##.. ##.. .... ...."), off, wanted=Wanted(min_area=1, simplify=5, smooth=5)
    )
    assert len(found) == 1
    assert np.isnan(found.area_m2)


def test_no_water_makes_no_polygon_but_every_column() -> None:
    for found in (
        make_polygons(bodies_of("... ..."), UTM, wanted=Wanted(1, 1, 1, 1)),
        WaterPolygons.none(UTM.crs),
    ):
        assert len(found) == 0
        assert found.area_m2 == 0.0
        assert {name: values.dtype for name, values in found.attributes.items()} == {
            name: np.dtype(dtype) for name, dtype in FIELDS.items()
        }


def test_some_polygons_keep_their_ids() -> None:
    found = make_polygons(bodies_of("#.#.#"), UTM)
    assert found.take(np.array([2, 0])).attributes["id"].tolist() == [3, 1]
    assert len(found.take(found.attributes["id"] > 1)) == 2


def test_columns_and_polygons_must_fit_together() -> None:
    found = make_polygons(bodies_of("#.#"), UTM)
    with pytest.raises(ValueError, match="as many values"):
        WaterPolygons(found.geometries[:1], found.crs, found.attributes)
    with pytest.raises(ValueError, match="Attributes are"):
        WaterPolygons(found.geometries, found.crs, {})
