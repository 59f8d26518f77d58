# SPDX-License-Identifier: GPL-3.0-or-later
"""Outputs: what is written can be read back, whole, by others; or it is not there at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import geopandas
import numpy as np
import pyarrow.parquet
import pyogrio
import pytest
import shapely
from affine import Affine
from pyproj import CRS

from waterseg_core import outputs_vector
from waterseg_core.errors import GeoreferenceError, OptionError, OutputError
from waterseg_core.geo import Georef
from waterseg_core.outputs import ENDINGS, FORMATS, format_of, write
from waterseg_core.polygons import (
    FIELDS,
    Provenance,
    Wanted,
    WaterPolygons,
    make_polygons,
    merge_parts,
    strip_parts,
)

UTM = Georef(Affine(30, 0, 500_000, 0, -30, 5_000_000), CRS("EPSG:32633"))
PROVENANCE = Provenance(
    source="Scène d'eau.tif",
    model="nano",
    revision="1.0",
    prompt="segment water",
    threshold=0.45,
    created="2026-01-02T03:04:05Z",
)
DRAWING = "..#### ..#..# ..#### #..... ##...# ....##"
#: When a file was written, and when its style was.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z")
BINARY = ["gpkg", "fgb", "parquet"]


def some_water(georef: Georef = UTM, drawing: str = DRAWING) -> WaterPolygons:
    mask = np.array([[cell == "#" for cell in row] for row in drawing.split()])
    probability = np.where(mask, 52_428, 0).astype(np.uint16)[None]
    bodies = merge_parts([strip_parts(probability, np.ones_like(mask), 0, len(mask), 0.5)])
    return make_polygons(bodies, georef, provenance=PROVENANCE, wanted=Wanted())


def read(path: Path, layer: str | None = None) -> geopandas.GeoDataFrame:
    if path.suffix == ".parquet":
        return geopandas.read_parquet(path)
    return geopandas.read_file(path, layer=layer or path.stem)


@pytest.mark.parametrize("format", BINARY)
def test_polygons_and_columns_come_back_as_they_were(tmp_path: Path, format: str) -> None:
    water = some_water()
    write(water, tmp_path / f"out.{format}")
    frame = read(tmp_path / f"out.{format}").sort_values("id")
    assert frame.crs == UTM.crs
    assert [name for name in frame.columns if name in FIELDS] == list(FIELDS)
    assert shapely.equals_exact(frame.geometry.to_numpy(), water.geometries).all()
    for name, values in water.attributes.items():
        assert frame[name].tolist() == values.tolist(), name
    assert frame["touches_edge"].dtype == bool


@pytest.mark.parametrize("format", FORMATS)
def test_no_water_makes_a_valid_empty_file(tmp_path: Path, format: str) -> None:
    path = tmp_path / f"dry.{format}"
    write(WaterPolygons.none(UTM.crs), path)
    frame = read(path)
    assert len(frame) == 0
    if format == "geojson":
        assert json.loads(path.read_text()) == {
            "type": "FeatureCollection",
            "name": "dry",
            "features": [],
        }
    else:
        assert frame.crs == UTM.crs
        assert [name for name in frame.columns if name in FIELDS] == list(FIELDS)


@pytest.mark.parametrize("format", BINARY)
def test_without_a_crs_coordinates_are_those_of_the_image(tmp_path: Path, format: str) -> None:
    water = some_water(Georef(Affine.identity(), None))
    path = tmp_path / f"out.{format}"
    write(water, path)
    frame = read(path).sort_values("id")
    assert frame.crs is None
    assert frame.total_bounds.tolist() == [0, -6, 6, 0]
    assert frame["area_m2"].isna().all()
    assert frame["pixels"].tolist() == water.attributes["pixels"].tolist()


def test_without_a_crs_there_is_no_geojson(tmp_path: Path) -> None:
    with pytest.raises(GeoreferenceError, match="has no CRS: choose another format"):
        write(some_water(Georef(Affine.identity(), None)), tmp_path / "out.geojson")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", BINARY)
@pytest.mark.parametrize(
    "crs",
    [
        "EPSG:4326",
        "EPSG:3857",
        "EPSG:2227",
        "+proj=laea +lat_0=10 +lon_0=20 +ellps=GRS80",
        "EPSG:3413",
    ],
)
def test_any_crs_is_kept(tmp_path: Path, format: str, crs: str) -> None:
    georef = Georef(Affine(0.001, 0, 15, 0, -0.001, 45), CRS(crs))
    write(some_water(georef), tmp_path / f"out.{format}")
    kept = read(tmp_path / f"out.{format}").crs
    assert kept.equals(georef.crs, ignore_axis_order=True)
    if crs.startswith("EPSG"):
        assert kept.to_epsg() == int(crs.removeprefix("EPSG:"))


def test_a_geopackage_has_one_layer_its_style_and_an_index(tmp_path: Path) -> None:
    path = tmp_path / "out.gpkg"
    write(some_water(), path, layer="Scène d'eau")
    assert pyogrio.list_layers(path)[0].tolist() == ["Scène d'eau", "Polygon"]
    info = pyogrio.read_info(path, layer="Scène d'eau")
    assert info["geometry_name"] == "geom"
    assert info["layer_metadata"]["model"] == "nano"
    with sqlite3.connect(path) as connection:
        rows = connection.execute(
            # The very question that QGIS asks.
            "SELECT styleQML FROM layer_styles WHERE f_table_schema='' AND f_table_name=? "
            "AND f_geometry_column=? ORDER BY CASE WHEN useAsDefault THEN 1 ELSE 2 END",
            ("Scène d'eau", "geom"),
        ).fetchall()
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM gpkg_extensions").fetchone()[0] >= 1
    ((style,),) = rows
    fill = ElementTree.fromstring(style).find(".//layer[@class='SimpleFill']/Option")
    assert fill is not None
    told = {option.get("name"): option.get("value") for option in fill}
    *blue, alpha = (int(part) for part in str(told["color"]).split(","))
    assert max(blue) == blue[2]
    assert 0 < alpha < 255
    assert float(str(told["outline_width"])) < 0.5
    assert info["capabilities"]["fast_spatial_filter"]


@pytest.mark.parametrize("at_once", [1, 2, 3, 4])
def test_a_geopackage_that_is_closed_in_between_is_as_one_that_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    water = some_water(drawing="#..#..# ....... .#..#.. ....... #..##.#")
    assert len(water) == 8
    whole, pieces = tmp_path / "whole.gpkg", tmp_path / "pieces.gpkg"
    write(water, whole, layer="water")
    monkeypatch.setattr(outputs_vector, "IN_ONE_GO", at_once)
    write(water, pieces, layer="water")
    with closing(sqlite3.connect(whole)) as one, closing(sqlite3.connect(pieces)) as other:
        # How the tree of the index came to be is not the same, what is in it is.
        dumped = [
            {TIME.sub("", line) for line in file.iterdump() if 'INTO "rtree_water' not in line}
            for file in (one, other)
        ]
        assert len(dumped[0]) > 40
        assert dumped[0] == dumped[1]
        indexed = "SELECT id, minx, maxx, miny, maxy FROM rtree_water_geom ORDER BY id"
        assert one.execute(indexed).fetchall() == other.execute(indexed).fetchall()
        assert other.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_flatgeobuf_has_a_spatial_index(tmp_path: Path) -> None:
    write(some_water(), tmp_path / "out.fgb")
    assert pyogrio.read_info(tmp_path / "out.fgb")["capabilities"]["fast_spatial_filter"]


def test_geoparquet_says_what_the_standard_asks_for(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    water = some_water()
    write(water, path)
    file = pyarrow.parquet.ParquetFile(path)
    geo = json.loads(file.schema_arrow.metadata[b"geo"])
    column = geo["columns"]["geom"]
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geom")
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Polygon"])
    assert CRS.from_json_dict(column["crs"]) == UTM.crs
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert column["bbox"] == shapely.total_bounds(water.geometries).tolist()
    boxes = file.read(columns=["bbox"])["bbox"].to_pylist()
    sides = ("xmin", "ymin", "xmax", "ymax")
    assert [[box[side] for side in sides] for box in boxes] == shapely.bounds(
        water.geometries
    ).tolist()
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    inside = geopandas.read_parquet(path, bbox=(500_000, 4_999_820, 500_030, 4_999_850))
    assert inside["id"].tolist() == [2]


def test_geoparquet_without_a_crs_says_so(tmp_path: Path) -> None:
    write(some_water(Georef(Affine.identity(), None)), tmp_path / "out.parquet")
    metadata = pyarrow.parquet.read_schema(tmp_path / "out.parquet").metadata
    assert json.loads(metadata[b"geo"])["columns"]["geom"]["crs"] is None


@pytest.mark.parametrize(("ending", "format"), ENDINGS.items())
def test_the_ending_says_the_format(ending: str, format: str) -> None:
    assert format_of(Path("folder") / f"lake{ending.upper()}") == format


def test_an_unknown_format_is_told_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"\.gpkg"):
        write(some_water(), tmp_path / "out.kml")
    with pytest.raises(OptionError, match="geojson, gpkg, fgb, parquet"):
        write(some_water(), tmp_path / "out.gpkg", "kml")


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_is_replaced_as_a_whole(tmp_path: Path, format: str) -> None:
    path = tmp_path / f"out.{format}"
    write(some_water(drawing="#.#.# ....."), path)
    write(some_water(), path)
    assert len(read(path)) == 3
    assert [left.name for left in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("format", FORMATS)
def test_a_folder_that_is_missing_is_told(tmp_path: Path, format: str) -> None:
    with pytest.raises(OutputError, match="does not exist; make it first"):
        write(some_water(), tmp_path / "nowhere" / f"out.{format}")


@pytest.mark.parametrize("format", FORMATS)
def test_a_folder_is_no_file(tmp_path: Path, format: str) -> None:
    with pytest.raises(OutputError, match="is a folder"):
        write(some_water(), tmp_path, format)


@pytest.mark.skipif(os.name == "nt", reason="folders are not made read-only this way on Windows")
@pytest.mark.parametrize("format", FORMATS)
def test_a_folder_that_is_read_only_is_told(tmp_path: Path, format: str) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(OutputError, match="Choose another folder"):
            write(some_water(), tmp_path / f"out.{format}")
    finally:
        tmp_path.chmod(0o755)


#: Writes every format into the folder given, with something there before, and prints what it hears.
WRITE_ALL = """
import sys, numpy as np
from pathlib import Path
from affine import Affine
from pyproj import CRS
from waterseg_core.errors import OutputError
from waterseg_core.geo import Georef
from waterseg_core.mosaic import FinishedRows
from waterseg_core.outputs import FORMATS, write, write_mask, write_probability
from waterseg_core.polygons import make_polygons, merge_parts, strip_parts
folder, side = Path(sys.argv[1]), 200
noise = np.random.default_rng(0).integers(0, 65535, (1, side, side)).astype(np.uint16)
rows = FinishedRows(np.tile(noise, (1, 4, 4)), np.ones((4 * side, 4 * side), bool))
where = Georef(Affine(30, 0, 500_000, 0, -30, 5_000_000), CRS("EPSG:32633"))
parts = strip_parts(noise, rows.valid[:side, :side], 0, side, 0.6)
water = make_polygons(merge_parts([parts]), where)
jobs = {name: lambda path, name=name: write(water, path, name) for name in FORMATS}
jobs["mask"] = lambda path: write_mask(path, [rows], where, 4 * side, 4 * side)
jobs["probability"] = lambda path: write_probability(path, [rows], where, 4 * side, 4 * side)
for name, job in jobs.items():
    path = folder / f"out.{name}"
    path.write_text("old")
    try:
        job(path)
        print(name, "written")
    except OutputError as error:
        print(name, "|", path.read_text(), "|", error)
    path.unlink()
    print(name, [left.name for left in folder.iterdir()])
"""


def write_all(folder: str, *before: str) -> str:
    """What a process says that writes every format into a folder, after a shell command."""
    command = [*before, sys.executable, "-W", "ignore", "-c", WRITE_ALL, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def check_nothing_was_written(told: str, sentence: str) -> None:
    for name in (*FORMATS, "mask", "probability"):
        (line,) = (line for line in told.splitlines() if line.startswith(f"{name} |"))
        assert line.startswith(f"{name} | old |"), line
        assert sentence in line, line
        assert f"{name} []" in told.splitlines()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs a small disk of its own")
def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path: Path) -> None:
    mount = 'mount -t tmpfs -o size=40k none "$0" && exec "$@"'
    alone = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount)
    if (
        shutil.which("unshare") is None
        or subprocess.run([*alone, str(tmp_path), "true"], capture_output=True).returncode
    ):
        pytest.skip("this system does not let a user make a small disk")
    told = write_all(str(tmp_path), *alone, str(tmp_path))
    check_nothing_was_written(told, "the disk is full")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs a limit on the size of files")
def test_a_write_that_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    told = write_all(str(tmp_path), "sh", "-c", 'ulimit -f 40 && exec "$@"', "sh")
    check_nothing_was_written(told, "was not written")


def test_a_geopackage_leaves_gdals_settings_as_they_were(tmp_path: Path) -> None:
    before = pyogrio.get_gdal_config_option("OGR_SQLITE_SYNCHRONOUS")
    write(WaterPolygons.none(None), tmp_path / "w.gpkg", "gpkg")
    assert pyogrio.get_gdal_config_option("OGR_SQLITE_SYNCHRONOUS") == before
