# SPDX-License-Identifier: GPL-3.0-or-later
"""A run against the live engine and the bundled model: the same polygons as the command line."""

import json
import subprocess

import numpy as np
import pytest
from osgeo import ogr
from qgis.core import QgsRasterBlockFeedback, QgsRasterLayer, QgsRectangle
from rasters import lakes

from qgis_plugin.errors import LayerError, PluginError
from qgis_plugin.layer_tiles import RENDERED
from qgis_plugin.request import SegmentRequest
from qgis_plugin.run import Run
from qgis_plugin.run_record import unfinished


class Heard:
    """Remembers what a run told; `after(done)` is called at each progress."""

    def __init__(self, after=lambda done: None):
        self.progress, self.features, self.said = [], [], []
        self._after = after

    def progress_made(self, done, total, seconds_left, water):
        self.progress.append((done, total))
        self._after(done)

    def features_came(self, features):
        self.features += features

    def say(self, sentence):
        self.said.append(sentence)


def run_of(engine, layer, output, heard=None, feedback=None, record=None, **how):
    request = SegmentRequest.of(layer, str(output), **how)
    feedback = feedback or QgsRasterBlockFeedback()
    return Run(request, engine, feedback, heard or Heard(), record).go()


def polygons(path):
    """The outlines of a result: a sorted list of (WKT, area in m², confidence)."""
    source = ogr.Open(str(path))
    layer = next(
        source.GetLayer(number)
        for number in range(source.GetLayerCount())
        if source.GetLayer(number).GetGeomType() != ogr.wkbNone
    )
    found = [
        (feature.GetGeometryRef().ExportToWkt(), feature["area_m2"], feature["confidence"])
        for feature in layer
    ]
    return sorted(found, key=lambda one: one[0])


@pytest.fixture(scope="module")
def command(core_python):
    """The command line, kept running: it takes seconds to start. Gives polygons of a file."""
    loop = (
        "import sys, json\n"
        "from waterseg_core.cli.main import run\n"
        "for line in sys.stdin: print(run(json.loads(line)), flush=True)\n"
    )
    pipe = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([core_python, "-I", "-c", loop], **pipe) as process:

        def segment(path, output, *flags):
            words = ["segment", path, "-o", str(output), "--overwrite", "-q", *flags]
            process.stdin.write(json.dumps(words) + "\n")
            process.stdin.flush()
            assert process.stdout.readline() == "0\n"
            return polygons(output)

        yield segment
        process.stdin.close()


def sixteen(picture, seed=3):
    """The picture with values as a satellite's sensor gives them."""
    grain = np.random.default_rng(seed).integers(0, 9, picture.shape)
    return picture.astype(np.int64) * 31 + grain + 200


CASES = {
    "bytes": lambda picture: (picture, {}),
    "uint16 with nodata": lambda picture: (
        np.where(np.arange(600) < 90, 0, sixteen(picture)).astype(np.uint16),
        {"nodata": 0},
    ),
    "float32 with NaN": lambda picture: (
        np.where(np.arange(600) < 90, np.nan, sixteen(picture) / 7e3).astype(np.float32),
        {"nodata": float("nan")},
    ),
    "int16 below zero": lambda picture: (
        (sixteen(picture) - 4000).astype(np.int16),
        {"nodata": -32768},
    ),
    "one band": lambda picture: (picture[1], {}),
    "without a CRS": lambda picture: (picture, {"epsg": None, "place": None}),
    "a black collar": lambda picture: (
        np.where(np.arange(600) < 90, 0, picture).astype(np.uint8),
        {},
    ),
    "a mask": lambda picture: (
        picture,
        {"mask": np.broadcast_to(np.arange(600) > 90, (400, 600))},
    ),
    # Without subsampled colours: there two builds of libjpeg round differently.
    "JPEG": lambda picture: (picture, {"options": ["COMPRESS=JPEG"]}),
}


@pytest.mark.parametrize("case", CASES)
def test_polygons_equal_those_of_the_command_line(
    engine, command, make_raster, lake_picture, tmp_path, case
):
    values, how = CASES[case](lake_picture)
    path = make_raster(values, "scene.tif", **how)
    outcome = run_of(engine, QgsRasterLayer(path, "scene"), tmp_path / "plugin.gpkg")
    found = polygons(outcome.path)
    assert found == command(path, tmp_path / "command.gpkg")
    assert found, "there is water in the picture"


def test_a_raster_larger_than_its_overview_equals_the_command_line(
    engine, command, make_raster, tmp_path
):
    """Contrast is decided from a thinned-out reading, which must be the same reading."""
    picture = np.tile(sixteen(lakes(300, 430)), (1, 2, 3))[:, :520, :1290].astype(np.uint16)
    path = make_raster(picture)
    run_of(engine, QgsRasterLayer(path, "large"), tmp_path / "plugin.gpkg")
    found = polygons(tmp_path / "plugin.gpkg")
    assert found == command(path, tmp_path / "command.gpkg")
    assert len(found) > 5


def test_bands_options_and_area_equal_the_command_line(
    engine, command, make_raster, lake_picture, tmp_path
):
    path = make_raster(sixteen(np.concatenate([lake_picture, lake_picture[::-1]])).astype("uint16"))
    run_of(
        engine,
        QgsRasterLayer(path, "many"),
        tmp_path / "plugin.gpkg",
        extent=QgsRectangle(500_800, 4_996_500, 504_000, 4_999_500),
        bands=(6, 5, 4),
        options={"overlap": 0.5, "threshold": 0.6, "min_area": 5000.0, "simplify": 8.0},
    )
    flags = "--bands 6,5,4 --bbox 500800,4996500,504000,4999500 --overlap 0.5 --threshold 0.6"
    wanted = command(
        path,
        tmp_path / "command.gpkg",
        *flags.split(),
        "--min-area",
        "5000",
        "--simplify",
        "8",
    )
    assert polygons(tmp_path / "plugin.gpkg") == wanted
    assert wanted


@pytest.mark.parametrize("metres", [25, 15, 13])
def test_a_coarser_resolution_equals_the_command_line(
    metres, engine, command, make_raster, lake_picture, tmp_path
):
    path = make_raster(lake_picture)
    run_of(engine, QgsRasterLayer(path, "x"), tmp_path / "plugin.gpkg", resolution=metres)
    wanted = command(path, tmp_path / "command.gpkg", "--resolution", str(metres))
    assert polygons(tmp_path / "plugin.gpkg") == wanted


def test_a_layer_that_lies_askew_gives_water_where_it_is(
    engine, command, make_raster, lake_picture, tmp_path
):
    """QGIS turns it to north, so pixels differ from the file's; the water must not."""
    path = make_raster(lake_picture, place=(5e5, 9.9, 1.4, 5e6, 1.4, -9.9))
    run_of(engine, QgsRasterLayer(path, "askew"), tmp_path / "plugin.gpkg")
    command(path, tmp_path / "command.gpkg")
    mine, theirs = (united(tmp_path / name) for name in ("plugin.gpkg", "command.gpkg"))
    shared = mine.Intersection(theirs).Area() / mine.Union(theirs).Area()
    assert shared > 0.85


def united(path):
    whole = ogr.Geometry(ogr.wkbMultiPolygon)
    for wkt, *_ in polygons(path):
        whole.AddGeometry(ogr.CreateGeometryFromWkt(wkt))
    return whole.UnionCascaded()


@pytest.mark.parametrize("kind", ["wms", "xyz", "wmts"])
def test_remote_layers_give_water_where_it_is(
    engine, command, maps, lake_picture, make_raster, tmp_path, kind
):
    from test_layer_rendered import ALL, layer_of, web_extent

    extent = ALL if kind == "wms" else web_extent()
    layer = layer_of(getattr(maps, kind))
    outcome = run_of(engine, layer, tmp_path / "w.gpkg", extent=extent, resolution=10)
    found = polygons(outcome.path)
    assert found
    assert "blank" not in outcome.message
    if kind == "wms":
        path = make_raster(lake_picture, "same.tif")
        assert found == command(path, tmp_path / "command.gpkg")


@pytest.mark.parametrize("resolution", [20, 4])
def test_a_remote_layer_without_any_picture_is_no_dry_land(engine, maps, tmp_path, resolution):
    from test_layer_rendered import ALL, layer_of

    layer = layer_of(maps.wms)
    maps.answer = "nothing"
    with pytest.raises(LayerError, match="no picture"):
        run_of(engine, layer, tmp_path / "w.gpkg", extent=ALL, resolution=resolution)
    assert not (tmp_path / "w.gpkg").exists()
    assert not unfinished()
    assert not engine.ensure_started().jobs()


def test_as_rendered_works_on_a_file(engine, lake_layer, tmp_path):
    outcome = run_of(engine, lake_layer, tmp_path / "w.gpkg", bands=RENDERED)
    assert polygons(outcome.path)


def test_a_virtual_and_a_reprojected_layer_give_water(engine, make_raster, lake_picture, tmp_path):
    from osgeo import gdal

    path = make_raster(lake_picture)
    whole = polygons(run_of(engine, QgsRasterLayer(path, "f"), tmp_path / "f.gpkg").path)
    gdal.BuildVRT(str(tmp_path / "v.vrt"), [path]).FlushCache()
    virtual = QgsRasterLayer(str(tmp_path / "v.vrt"), "virtual")
    assert polygons(run_of(engine, virtual, tmp_path / "v.gpkg").path) == whole
    warped = gdal.Warp(str(tmp_path / "w.vrt"), path, dstSRS="EPSG:4326", format="VRT")
    warped.FlushCache()
    layer = QgsRasterLayer(str(tmp_path / "w.vrt"), "reprojected")
    assert polygons(run_of(engine, layer, tmp_path / "w.gpkg").path)


def test_polygons_come_while_the_model_works(engine, make_raster, tmp_path):
    heard = Heard()
    layer = QgsRasterLayer(make_raster(np.tile(lakes(300, 300), (1, 3, 1))), "tall")
    run_of(engine, layer, tmp_path / "w.gpkg", heard)
    assert heard.features
    assert {one["geometry"]["type"] for one in heard.features} <= {"Polygon", "MultiPolygon"}
    done = [done for done, _ in heard.progress]
    assert done == sorted(done)
    assert heard.progress[-1][0] == heard.progress[-1][1]


def test_a_finished_run_leaves_nothing_behind(engine, lake_layer, tmp_path):
    run_of(engine, lake_layer, tmp_path / "w.gpkg")
    assert [file.name for file in tmp_path.glob("w*")] == ["w.gpkg"]
    assert not unfinished()
    assert not engine.ensure_started().jobs()


def test_an_option_that_makes_no_sense_is_told_in_the_engines_words(engine, lake_layer, tmp_path):
    with pytest.raises(PluginError, match="threshold"):
        run_of(engine, lake_layer, tmp_path / "w.gpkg", options={"threshold": 7})
    assert not unfinished()


def test_a_folder_that_vanished_is_told_and_the_run_goes_on_elsewhere(engine, lake_layer, tmp_path):
    from dataclasses import replace

    folder = tmp_path / "gone"
    folder.mkdir()
    request = SegmentRequest.of(lake_layer, str(folder / "w.gpkg"))
    folder.rmdir()
    with pytest.raises(PluginError, match=r"cannot be written.*Resume"):
        Run(request, engine, QgsRasterBlockFeedback(), Heard()).go()
    (record,) = unfinished()
    again = replace(request, output=str(tmp_path / "w.gpkg"))
    Run(again, engine, QgsRasterBlockFeedback(), Heard(), record).go()
    assert polygons(tmp_path / "w.gpkg")
    assert not unfinished()
