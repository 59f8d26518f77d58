# SPDX-License-Identifier: GPL-3.0-or-later
"""Areas land where the user drew them, whatever their CRS; estimates count as the engine does."""

import numpy as np
import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsRasterLayer,
    QgsRectangle,
)

from qgis_plugin.errors import LayerError
from qgis_plugin.layer_grid import metres_per_unit
from qgis_plugin.request import SegmentRequest, estimate
from qgis_plugin.wire import Info, Model

UTM = QgsCoordinateReferenceSystem("EPSG:32633")
WGS = QgsCoordinateReferenceSystem("EPSG:4326")


@pytest.fixture
def layer(make_raster):
    return QgsRasterLayer(make_raster(np.full((3, 400, 600), 90, np.uint8)), "plain")


@pytest.fixture
def out(tmp_path):
    return str(tmp_path / "water.gpkg")


def test_an_area_in_the_layers_own_crs_is_kept_as_it_is(layer, out):
    request = SegmentRequest.of(layer, out, QgsRectangle(501_000, 4_997_000, 503_000, 4_999_000))
    assert request.extent == (501_000, 4_997_000, 503_000, 4_999_000)
    assert request.description()["options"]["bbox"] == list(request.extent)
    assert request.description()["width"] == 600, "the engine cuts, on the layer's own grid"


def test_an_area_in_another_crs_is_brought_into_the_layers(layer, out):
    request = SegmentRequest.of(layer, out, QgsRectangle(15.01, 45.13, 15.03, 45.14), WGS)
    left, bottom, right, top = request.extent
    assert left == pytest.approx(500_786, abs=2)
    assert top == pytest.approx(4_998_503, abs=2)
    assert 500_000 < left < right < 506_000
    assert 4_996_000 < bottom < top < 5_000_000


def test_polygons_are_sent_as_polygons_in_the_layers_crs(layer, out):
    ring = [QgsPointXY(15.01, 45.13), QgsPointXY(15.03, 45.13), QgsPointXY(15.02, 45.14)]
    request = SegmentRequest.of(layer, out, aoi=QgsGeometry.fromPolygonXY([ring]), crs=WGS)
    words = request.description()
    assert words["aoi"]["type"] in ("Polygon", "MultiPolygon")
    xs = [x for x, *_ in words["aoi"]["coordinates"][0]]
    assert len(xs) > 4, "straight edges are bent in another CRS"
    assert min(xs) == pytest.approx(request.extent[0])


def test_an_area_beside_the_layer_is_refused_in_a_sentence(layer, out):
    with pytest.raises(LayerError, match="outside the layer"):
        SegmentRequest.of(layer, out, QgsRectangle(1000, 1000, 2000, 2000))


def test_lines_cannot_say_where_to_look(layer, out):
    line = QgsGeometry.fromPolylineXY([QgsPointXY(15.01, 45.13), QgsPointXY(15.03, 45.13)])
    with pytest.raises(LayerError, match="polygons"):
        SegmentRequest.of(layer, out, aoi=line, crs=WGS)


@pytest.mark.parametrize("name", ["water.shp", "water", "nowhere/water.gpkg"])
def test_an_output_that_cannot_be_written_is_told_before_anything_starts(layer, tmp_path, name):
    with pytest.raises(LayerError):
        SegmentRequest.of(layer, str(tmp_path / name))


def test_a_layer_whose_file_is_gone_is_told_by_name(tmp_path, out):
    with pytest.raises(LayerError, match="lost"):
        SegmentRequest.of(QgsRasterLayer(str(tmp_path / "x.tif"), "lost"), out)


def test_metres_are_measured_on_the_ground():
    web = QgsCoordinateReferenceSystem("EPSG:3857")
    north = QgsRectangle(1_000_000, 8_399_000, 1_002_000, 8_400_000)
    assert metres_per_unit(north, web) == pytest.approx(np.cos(np.radians(60)), rel=0.01)
    assert metres_per_unit(QgsRectangle(5e5, 5e6, 5.01e5, 5.01e6), UTM) == 1
    degree = metres_per_unit(QgsRectangle(10, -0.5, 11, 0.5), WGS)
    assert degree == pytest.approx(111_000, rel=0.01)
    assert metres_per_unit(north, QgsCoordinateReferenceSystem()) == 1.0


def test_the_estimate_counts_tiles_as_the_engine_does(engine, layer, out):
    """Asked of the engine itself, with and without an area."""
    client = engine.ensure_started()
    for area in (None, QgsRectangle(500_500, 4_996_200, 505_900, 4_999_990)):
        request = SegmentRequest.of(layer, out, area, options={"tile": 128, "overlap": 0.25})
        job = client.create_job(request.description())
        client.forget(job.id)
        assert estimate(request, client.info()).tiles == pytest.approx(job.total, rel=0.4)
    whole = SegmentRequest.of(layer, out)
    job = client.create_job(whole.description())
    client.forget(job.id)
    assert estimate(whole, client.info()).tiles == job.total


def test_the_estimate_says_when_the_engine_does_not_take_so_many_pixels(layer, out):
    info = Info(models=(Model("nano", seconds_per_tile=0.5, default=True),), limits={"pixels": 100})
    guess = estimate(SegmentRequest.of(layer, out), info)
    assert "240,000" in guess.problem
    assert guess.seconds == guess.tiles * 0.5
