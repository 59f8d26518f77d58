# SPDX-License-Identifier: GPL-3.0-or-later
"""Areas of interest: any vector file, any CRS, holes kept, and a sentence where that fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import CRS, Transformer

from waterseg_core.errors import AreaError, NoPixelsError, OptionError
from waterseg_core.geo import Georef, Window
from waterseg_core.raster import Scene
from waterseg_core.raster_area import area_of_interest

MakeRaster = Callable[..., Path]
SIZE = (120, 160)
UTM = "EPSG:32633"
LEFT, TOP = 500_000.0, 5_000_000.0  # the factory's raster has 10 m pixels from here
TRANSFORM = Affine(10, 0, LEFT, 0, -10, TOP)


@pytest.fixture
def raster(make_raster: MakeRaster) -> Path:
    return make_raster(np.full((3, *SIZE), 150, "uint8"), nodata=0)


def write(path: Path, *geometries: Any, crs: str | None = UTM, **how: Any) -> Path:
    frame = gpd.GeoDataFrame({"n": range(len(geometries))}, geometry=list(geometries), crs=crs)
    frame.to_file(path, engine="pyogrio", **how)
    return path


def pixel_box(row: float, col: float, height: float, width: float) -> Any:
    """A rectangle in map units that covers those pixels."""
    left, top = LEFT + 10 * col, TOP - 10 * row
    return shapely.box(left, top - 10 * height, left + 10 * width, top)


def valid_of(path: Path, **how: Any) -> tuple[Window, np.ndarray[Any, Any]]:
    """(where the scene lies in the raster, its valid mask)."""
    with Scene.open(path, **how) as scene:
        col, row = ~TRANSFORM @ (scene.georef.transform.c, scene.georef.transform.f)
        window = Window(round(row), round(col), scene.height, scene.width)
        return window, scene.read(Window(0, 0, scene.height, scene.width)).valid


def centres(window: Window, geometry: Any) -> np.ndarray[Any, Any]:
    rows, cols = np.indices(window.shape)
    x, y = TRANSFORM @ (cols + window.col + 0.5, rows + window.row + 0.5)
    return np.asarray(shapely.contains_xy(geometry, x, y))


def test_a_pixel_is_inside_if_its_centre_is_and_holes_are_holes(
    raster: Path, tmp_path: Path
) -> None:
    outer = shapely.Point(LEFT + 700, TOP - 600).buffer(411)
    ring = outer.difference(shapely.Point(LEFT + 650, TOP - 580).buffer(133))
    islet = pixel_box(5.3, 100.2, 20, 33.7)
    window, valid = valid_of(raster, aoi=write(tmp_path / "lake.gpkg", ring, islet))
    assert window == Window(5, 28, 97, 106)
    assert (valid == centres(window, shapely.union(ring, islet))).all()


@pytest.mark.parametrize("suffix", ["geojson", "shp", "fgb", "gpkg", "kml"])
def test_any_vector_format_in_any_crs(raster: Path, tmp_path: Path, suffix: str) -> None:
    area = pixel_box(20, 30, 50, 60).buffer(-1)
    frame = gpd.GeoSeries([area.segmentize(20)], crs=UTM).to_crs(4326)
    path = write(tmp_path / f"area.{suffix}", frame.iloc[0], crs="EPSG:4326")
    window, valid = valid_of(raster, aoi=path)
    assert window == Window(20, 30, 50, 60)
    assert valid.all()


def test_long_edges_are_bent_by_projection() -> None:
    georef = Georef(Affine(100, 0, 200_000, 0, -100, 7_200_000), CRS.from_epsg(32633))
    degrees = (10.0, 64.0, 20.0, 64.5)
    area = area_of_interest(degrees, "EPSG:4326", None, georef, (4000, 6000))
    assert area is not None
    project = Transformer.from_crs(4326, 32633, always_xy=True).transform
    x, y = project(np.linspace(10, 20, 101), np.full(101, 64.0))
    assert shapely.distance(area.geometry.boundary, shapely.points(x, y)).max() < 1


def test_an_area_as_large_as_the_world_fits_every_raster(raster: Path, tmp_path: Path) -> None:
    land = shapely.box(-180, -90, 180, 90)
    window, valid = valid_of(raster, aoi=write(tmp_path / "land.gpkg", land, crs="EPSG:4326"))
    assert window == Window(0, 0, *SIZE)
    assert valid.all()


def test_overlapping_and_broken_polygons_are_united_and_repaired(
    raster: Path, tmp_path: Path
) -> None:
    bow_tie = shapely.Polygon(
        [(LEFT, TOP), (LEFT + 400, TOP - 400), (LEFT + 400, TOP), (LEFT, TOP - 400)]
    )
    path = write(tmp_path / "broken.gpkg", bow_tie, bow_tie, pixel_box(10, 10, 40, 40))
    window, valid = valid_of(raster, aoi=path)
    whole = shapely.union(shapely.make_valid(bow_tie), pixel_box(10, 10, 40, 40))
    assert window == Window(0, 0, 50, 50)
    assert (valid == centres(window, whole.buffer(1e-6))).mean() > 0.99


def test_a_box_in_the_rasters_crs_gives_exactly_its_pixels(raster: Path) -> None:
    bbox = (LEFT + 100, TOP - 500, LEFT + 300, TOP - 200)
    window, valid = valid_of(raster, bbox=bbox)
    assert window == Window(20, 10, 30, 20)
    assert valid.all()


def test_a_box_in_degrees_keeps_what_lies_inside_it(raster: Path) -> None:
    project = Transformer.from_crs(UTM, 4326, always_xy=True).transform
    (left, right), (bottom, top) = project([LEFT + 205, LEFT + 905], [TOP - 905, TOP - 205])
    window, valid = valid_of(raster, bbox=(left, bottom, right, top), bbox_crs="EPSG:4326")
    assert window.row in (19, 20, 21)
    assert window.height in (70, 71, 72)
    assert valid[2:-2, 2:-2].all()


def test_box_and_file_together_leave_what_both_hold(raster: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", pixel_box(0, 0, 60, 60))
    bbox = pixel_box(40, 50, 60, 60).bounds
    window, valid = valid_of(raster, aoi=path, bbox=bbox)
    assert window == Window(40, 50, 20, 10)
    assert valid.all()
    with pytest.raises(AreaError, match="do not overlap"):
        Scene.open(raster, aoi=path, bbox=pixel_box(80, 80, 10, 10).bounds)


def test_what_lies_around_the_area_is_seen_but_not_valid(make_raster: MakeRaster) -> None:
    image = np.random.default_rng(0).integers(1, 255, (3, *SIZE)).astype("uint8")
    bbox = pixel_box(40, 50, 10, 12).bounds
    with Scene.open(make_raster(image, nodata=0), bbox=bbox, context_px=30) as scene:
        tile = scene.read(Window(0, 0, scene.height, scene.width))
    assert (scene.height, scene.width) == (70, 72)
    assert tile.valid.sum() == 120
    assert tile.valid[30:40, 30:42].all()
    assert (tile.rgb == np.moveaxis(image[:, 10:80, 20:92], 0, -1)).all()
    with Scene.open(make_raster(image, nodata=0), bbox=bbox, context_px=9999) as scene:
        assert (scene.height, scene.width) == SIZE


def test_a_rotated_raster_is_cut_too(make_raster: MakeRaster) -> None:
    turned = Affine.translation(LEFT, TOP) @ Affine.rotation(30) @ Affine.scale(10, -10)
    path = make_raster(np.full((3, *SIZE), 150, "uint8"), nodata=0, transform=turned)
    x, y = turned @ (80, 60)
    with Scene.open(path, bbox=(x - 200, y - 200, x + 200, y + 200)) as scene:
        tile = scene.read(Window(0, 0, scene.height, scene.width))
    assert 50 < scene.height < 60
    assert tile.valid.sum() == pytest.approx(1600, abs=10)
    rows, cols = np.nonzero(tile.valid)
    xs, ys = tile.georef.transform @ (cols + 0.5, rows + 0.5)
    assert np.abs(xs - x).max() <= 200
    assert np.abs(ys - y).max() <= 200


@pytest.mark.parametrize(
    ("left", "bbox", "cols"),
    [(179.0, (-180.0, -1.0, -179.5, 1.0), (10, 15)), (170.0, (-190.0, -1.0, -185.0, 1.0), (0, 50))],
)
def test_longitudes_meet_a_raster_across_the_antimeridian(
    left: float, bbox: tuple[float, ...], cols: tuple[int, int]
) -> None:
    georef = Georef(Affine(0.1, 0, left, 0, -0.1, 1), CRS.from_epsg(4326))
    area = area_of_interest(bbox, "OGC:CRS84", None, georef, (20, 200))
    assert area is not None
    window = area.window(georef, 20, 200, 0)
    assert (window.col, window.stop_col) == cols


def test_an_area_wider_than_half_the_globe_is_mentioned(raster: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "fiji.geojson", shapely.box(-179, 40, 179, 50), crs="EPSG:4326")
    with Scene.open(raster, aoi=path) as scene:
        assert any("antimeridian" in note for note in scene.notes)


def test_one_layer_of_several_is_named(raster: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.gpkg"
    write(path, pixel_box(0, 0, 9, 9), layer="north")
    write(path, shapely.Point(LEFT, TOP), layer="wells", mode="a")
    assert valid_of(raster, aoi=path)[0] == Window(0, 0, 9, 9)
    write(path, pixel_box(50, 50, 9, 9), layer="south", mode="a")
    with pytest.raises(AreaError, match=r"north, south.*many.gpkg\|layername=north"):
        Scene.open(raster, aoi=path)
    assert valid_of(raster, aoi=f"{path}|layername=south")[0] == Window(50, 50, 9, 9)
    with pytest.raises(AreaError, match="west"):
        Scene.open(raster, aoi=f"{path}|layername=west")


def bad_areas(tmp_path: Path) -> dict[str, tuple[Path, str]]:
    text = tmp_path / "notes.txt"
    text.write_text("a lake")
    empty = tmp_path / "empty.geojson"
    empty.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    here = pixel_box(10, 10, 20, 20)
    there = shapely.box(10, 10, 11, 11)
    return {
        "missing": (tmp_path / "none.gpkg", "There is no file"),
        "text": (text, "cannot be read as a file of polygons"),
        "empty": (empty, "no features"),
        "points": (write(tmp_path / "p.gpkg", shapely.Point(LEFT, TOP)), "holds Point, not poly"),
        "lines": (write(tmp_path / "l.gpkg", here.boundary), "holds LineString, not polygons"),
        "no crs": (write(tmp_path / "n.gpkg", here, crs=None), "has no CRS"),
        "elsewhere": (write(tmp_path / "e.gpkg", there, crs="EPSG:4326"), "does not overlap"),
        "wrong crs": (write(tmp_path / "w.geojson", here, crs=None), "no coordinates|not overlap"),
        "flat": (write(tmp_path / "f.gpkg", shapely.Polygon([(0, 0), (1, 1), (2, 2)])), "not poly"),
    }


@pytest.mark.parametrize(
    "kind",
    "missing;text;empty;points;lines;no crs;elsewhere;wrong crs;flat".split(";"),
)
@pytest.mark.filterwarnings("ignore:'crs' was not provided:UserWarning")
def test_a_bad_area_is_one_sentence(raster: Path, tmp_path: Path, kind: str) -> None:
    path, says = bad_areas(tmp_path)[kind]
    with pytest.raises(AreaError, match=says) as caught:
        Scene.open(raster, aoi=path)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)


def test_an_area_between_pixel_centres_holds_nothing(raster: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "speck.gpkg", pixel_box(10.6, 10.6, 0.3, 0.3))
    with pytest.raises(NoPixelsError, match="no pixel's centre"):
        Scene.open(raster, aoi=path)


def test_an_area_of_missing_pixels_holds_nothing(make_raster: MakeRaster) -> None:
    image = np.full((3, *SIZE), 150, "uint8")
    image[:, :60] = 0
    path = make_raster(image, nodata=0)
    with pytest.raises(NoPixelsError, match="inside the area"):
        Scene.open(path, bbox=pixel_box(10, 10, 20, 20).bounds)


def test_a_raster_without_crs_takes_a_box_in_its_own_coordinates_only(
    make_raster: MakeRaster, tmp_path: Path
) -> None:
    path = make_raster(np.full((3, *SIZE), 150, "uint8"), crs=None, transform=None)
    with Scene.open(path, bbox=(10, -50, 40, -20)) as scene:
        assert (scene.height, scene.width) == (30, 30)
        assert scene.georef.transform @ (0, 0) == (10, -20)
    with pytest.raises(AreaError, match="raster has no CRS"):
        Scene.open(path, bbox=(10, 40, 11, 41), bbox_crs="EPSG:4326")
    with pytest.raises(AreaError, match="raster has no CRS"):
        Scene.open(path, aoi=write(tmp_path / "a.gpkg", pixel_box(0, 0, 9, 9)))


@pytest.mark.parametrize(
    ("bbox", "crs", "says"),
    [
        ((1, 2, 3), None, "four numbers"),
        ((5, 0, 1, 1), None, "LEFT must be less"),
        ((0, 5, 1, 1), None, "BOTTOM less"),
        ((0, 0, float("nan"), 1), None, "four numbers"),
        ((0, 0, float("inf"), 1), None, "four numbers"),
        ((0, 0, 1, 1), "EPSG:0", "not a CRS"),
        ((0, 0, 1, 1), "here", "not a CRS"),
        ((170, 0, -170, 1), "EPSG:4326", "antimeridian"),
    ],
)
def test_a_nonsense_box_is_one_sentence(
    raster: Path, bbox: tuple[float, ...], crs: str | None, says: str
) -> None:
    with pytest.raises(OptionError, match=says):
        Scene.open(raster, bbox=bbox, bbox_crs=crs)


def test_a_box_beside_the_raster_is_told_with_both_extents(raster: Path) -> None:
    with pytest.raises(AreaError, match="does not overlap") as caught:
        Scene.open(raster, bbox=(0, 0, 10, 10))
    assert "500000" in str(caught.value)
