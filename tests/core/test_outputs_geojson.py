# SPDX-License-Identifier: GPL-3.0-or-later
"""GeoJSON: RFC 7946 to the letter, wherever on the globe the water is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import numpy.typing as npt
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod
from shapely.geometry import shape

from waterseg_core.errors import GeoreferenceError
from waterseg_core.geo import Georef
from waterseg_core.outputs import write
from waterseg_core.outputs_geojson import bounding_box, on_globe
from waterseg_core.polygons import (
    FIELDS,
    Provenance,
    WaterPolygons,
    make_polygons,
    merge_parts,
    strip_parts,
)

GOLDEN = Path(__file__).parents[1] / "data" / "water.geojson"
WGS84 = Geod(ellps="WGS84")
PROVENANCE = Provenance(
    source="Scène.tif",
    model="nano",
    revision="1.0",
    prompt="segment water",
    created="2026-01-02T03:04:05Z",
)


def water_in(georef: Georef, drawing: str | npt.NDArray[np.bool_]) -> WaterPolygons:
    if isinstance(drawing, str):
        drawing = np.array([[cell == "#" for cell in row] for row in drawing.split()])
    probability = np.where(drawing, 52_428, 0).astype(np.uint16)[None]
    everywhere = np.ones_like(drawing)
    bodies = merge_parts([strip_parts(probability, everywhere, 0, len(drawing), 0.5)])
    return make_polygons(bodies, georef, provenance=PROVENANCE)


def georef(crs: str, pixel: float, x: float, y: float, turn: float = 0.0) -> Georef:
    """Square pixels with their first corner at x, y, turned by some degrees."""
    grid = Affine.translation(x, y) @ Affine.rotation(turn) @ Affine.scale(pixel, -pixel)
    return Georef(grid, CRS(crs))


def rings_of(geometry: dict[str, Any]) -> list[list[list[list[float]]]]:
    """The rings of each polygon of a GeoJSON geometry."""
    assert geometry["type"] in ("Polygon", "MultiPolygon")
    coordinates: list[Any] = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


def check_rfc7946(text: str) -> dict[str, Any]:
    """Assert what RFC 7946 says about a FeatureCollection of polygons; returns it."""
    document: dict[str, Any] = json.loads(text)
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    if document["features"]:
        west, south, east, north = document["bbox"]
        assert -180 <= west <= 180
        assert -180 <= east <= 180
        assert -90 <= south < north <= 90
    for feature in document["features"]:
        assert feature["type"] == "Feature"
        assert feature["id"] == feature["properties"]["id"]
        assert list(feature["properties"]) == list(FIELDS)
        assert shapely.is_valid(shape(feature["geometry"]))
        for rings in rings_of(feature["geometry"]):
            for number, ring in enumerate(rings):
                check_ring(ring, is_shell=number == 0)
    return document


def check_ring(ring: list[list[float]], is_shell: bool) -> None:
    assert len(ring) >= 4
    assert ring[0] == ring[-1]
    assert shapely.is_ccw(shapely.linearrings(ring)) == is_shell
    for lon, lat in ring:
        assert -180 <= lon <= 180
        assert -90 <= lat <= 90


def written(water: WaterPolygons, folder: Path) -> dict[str, Any]:
    write(water, folder / "out.geojson")
    return check_rfc7946((folder / "out.geojson").read_text(encoding="utf-8"))


def geodesic_area(geometry: Any) -> float:
    fine = shapely.segmentize(geometry, 0.01)
    return abs(float(WGS84.geometry_area_perimeter(shapely.orient_polygons(fine))[0]))


def test_the_file_is_the_golden_file(tmp_path: Path) -> None:
    """Written anew with `cp` when the format changes on purpose; looked at before it is."""
    drawing = "..#### ..#..# ..#### #..... ##...# ....##"
    write(water_in(georef("EPSG:32633", 30, 5e5, 5e6), drawing), tmp_path / "water.geojson")
    made, golden = (p.read_text(encoding="utf-8") for p in (tmp_path / "water.geojson", GOLDEN))
    check_rfc7946(golden)
    assert_alike(json.loads(made), json.loads(golden))


def assert_alike(one: Any, two: Any) -> None:
    """Equal, but for the last digits that another version of PROJ may compute."""
    assert type(one) is type(two)
    if isinstance(one, dict):
        assert list(one) == list(two)
        assert_alike(list(one.values()), list(two.values()))
    elif isinstance(one, list):
        assert len(one) == len(two)
        for first, second in zip(one, two, strict=True):
            assert_alike(first, second)
    elif isinstance(one, float):
        assert one == pytest.approx(two, rel=1e-8, abs=2e-7)
    else:
        assert one == two


def test_coordinates_have_seven_decimals(tmp_path: Path) -> None:
    document = written(water_in(georef("EPSG:32633", 10, 5e5, 5e6, 31), "##. #.# ###"), tmp_path)
    (feature,) = document["features"]
    places = [
        len(str(v).partition(".")[2]) for v in np.ravel(feature["geometry"]["coordinates"][0])
    ]
    assert max(places) == 7


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    crs=st.sampled_from(["EPSG:32633", "EPSG:4326", "EPSG:3857", "EPSG:2154", "EPSG:3413"]),
    pixel=st.sampled_from([0.001, 0.01, 0.1, 1.0, 30.0]),
    turn=st.floats(0, 90),
)
def test_rounding_never_breaks_a_polygon(
    tmp_path_factory: pytest.TempPathFactory, seed: int, crs: str, pixel: float, turn: float
) -> None:
    mask = np.random.default_rng(seed).random((9, 9)) < 0.5
    x, y = {"EPSG:4326": (10.0, 50.0)}.get(crs, (7e5, 6.6e6))
    side = pixel / 1e5 if crs == "EPSG:4326" else pixel
    water = water_in(georef(crs, side, x, y, turn), mask)
    document = written(water, tmp_path_factory.mktemp("rounded"))
    assert len(document["features"]) == len(water)


def test_water_across_the_antimeridian_is_cut_there(tmp_path: Path) -> None:
    for place in (
        georef("EPSG:32601", 1000, 259_000, 5_000_000),
        georef("EPSG:4326", 0.01, 179.95, 45),
        georef("EPSG:4326", 0.01, -180.05, 45),
        georef("EPSG:4269", 0.01, 179.95, 45),
    ):
        water = water_in(place, "########## #........# #.#######. ##########")
        document = written(water, tmp_path)
        (feature,) = document["features"]
        assert feature["geometry"]["type"] == "MultiPolygon"
        west, _, east, _ = document["bbox"]
        assert west > 179
        assert east < -179
        parts = [
            shape({"type": "Polygon", "coordinates": r}) for r in rings_of(feature["geometry"])
        ]
        assert {np.sign(part.centroid.x) for part in parts} == {-1, 1}
        assert {abs(x) for part in parts for x in part.bounds[::2]} >= {180}
        assert sum(map(geodesic_area, parts)) == pytest.approx(
            water.attributes["area_m2"][0], rel=1e-5
        )


def test_water_beside_the_antimeridian_is_not_cut(tmp_path: Path) -> None:
    for x in (180 - 0.03, -180.0):
        document = written(water_in(georef("EPSG:4326", 0.01, x, 45), "### #.# ###"), tmp_path)
        (feature,) = document["features"]
        assert feature["geometry"]["type"] == "Polygon"
        assert document["bbox"] == pytest.approx([x, 44.97, x + 0.03, 45.0])


@pytest.mark.parametrize(("crs", "lat"), [("EPSG:3413", 90), ("EPSG:3031", -90)])
def test_water_around_a_pole_is_closed_along_it(tmp_path: Path, crs: str, lat: float) -> None:
    sea = np.ones((20, 20), np.bool_)
    sea[4, 5:8] = False
    water = water_in(georef(crs, 10_000, -110_000, 90_000), sea)
    document = written(water, tmp_path)
    (feature,) = document["features"]
    whole = shape(feature["geometry"])
    assert lat in document["bbox"]
    assert document["bbox"][::2] == [-180, 180]
    assert whole.covers(shapely.Point(33, lat * 0.9999))
    assert sum(map(geodesic_area, whole.geoms)) == pytest.approx(
        water.attributes["area_m2"][0], rel=1e-4
    )


def test_an_island_around_a_pole_stays_dry(tmp_path: Path) -> None:
    sea = np.ones((20, 20), np.bool_)
    sea[7:13, 7:13] = False
    water = water_in(georef("EPSG:3031", 10_000, -100_000, 100_000), sea)
    (feature,) = written(water, tmp_path)["features"]
    whole = shape(feature["geometry"])
    assert not whole.intersects(shapely.Point(10, -89.99))
    assert whole.covers(shapely.Point(10, -89.3))


def test_long_edges_stay_where_they_were() -> None:
    """A parallel of UTM bends in degrees: points along it keep its middle in place."""
    box = shapely.box(200_000, 6_000_000, 300_000, 6_000_100)
    (bent,) = on_globe(np.array([box]), CRS("EPSG:32633"))
    back = geopandas.GeoSeries([bent], crs="OGC:CRS84").to_crs("EPSG:32633")[0]
    assert shapely.hausdorff_distance(back, box) < 0.05
    assert geodesic_area(bent) == pytest.approx(box.area, rel=2e-3)


def test_the_bounding_box_of_both_sides_is_narrow() -> None:
    parts = [
        shapely.box(170, 1, 180, 2),
        shapely.box(-180, 1, -175, 2),
        shapely.box(-172, 0, -170, 1),
    ]
    assert bounding_box(np.array(parts)) == [170, 0, -170, 2]
    assert bounding_box(np.array(parts[::2])) == [-172, 0, 180, 2]


def test_a_crs_without_a_way_to_the_globe_is_told() -> None:
    box = np.array([shapely.box(0, 0, 1, 1)])
    for crs in (CRS('LOCAL_CS["site",UNIT["metre",1]]'), CRS("IAU_2015:49900")):
        with pytest.raises(GeoreferenceError, match="choose gpkg, fgb or parquet"):
            on_globe(box, crs)
    beyond = CRS("+proj=ortho +lat_0=50 +lon_0=10")
    with pytest.raises(GeoreferenceError, match="no longitude and latitude"):
        on_globe(np.array([shapely.box(2e7, 2e7, 2.1e7, 2.1e7)]), beyond)


def test_numbers_that_nobody_knows_are_null(tmp_path: Path) -> None:
    water = water_in(georef("EPSG:32633", 30, 5e5, 5e6), "#.#")
    water.attributes["area_m2"][0] = np.nan
    features = written(water, tmp_path)["features"]
    assert features[0]["properties"]["area_m2"] is None
    assert features[1]["properties"]["area_m2"] > 0
