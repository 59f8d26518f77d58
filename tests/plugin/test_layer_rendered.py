# SPDX-License-Identifier: GPL-3.0-or-later
"""Layers without values of their own are drawn, and where nothing is drawn nothing is known."""

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsRasterLayer, QgsRectangle

from qgis_plugin.errors import LayerError
from qgis_plugin.layer_tiles import RENDERED, needs_resolution, pixels_of

ALL = QgsRectangle(500_000, 4_996_000, 506_000, 5_000_000)


def planes(body, height, width):
    return np.frombuffer(body, np.uint8).reshape(4, height, width)


def layer_of(uri):
    layer = QgsRasterLayer(uri, "remote", "wms")
    assert layer.isValid(), layer.error().summary()
    return layer


def test_wms_gives_the_pixels_of_its_picture(maps, lake_picture):
    pixels = pixels_of(layer_of(maps.wms), ALL, resolution=10)
    assert (pixels.grid.height, pixels.grid.width) == (400, 600)
    seen = planes(pixels.read(100, 200, 256, 300), 256, 300)
    np.testing.assert_array_equal(seen[:3], lake_picture[:, 100:356, 200:500])
    assert (seen[3] == 255).all()


def web_extent():
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsProject

    change = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:32633"),
        QgsCoordinateReferenceSystem("EPSG:3857"),
        QgsProject.instance(),
    )
    return change.transformBoundingBox(QgsRectangle(501_000, 4_997_000, 505_000, 4_999_000))


@pytest.mark.parametrize("kind", ["xyz", "wmts"])
def test_tiled_layers_give_their_picture_at_the_resolution_asked_for(maps, kind):
    extent = web_extent()
    pixels = pixels_of(layer_of(getattr(maps, kind)), extent, resolution=10)
    grid = pixels.grid
    assert grid.width * 10 == pytest.approx(4000, rel=0.03), "metres on the ground, not of the map"
    seen = planes(pixels.read(0, 0, grid.height, grid.width), grid.height, grid.width)
    box = (
        extent.xMinimum(),
        extent.yMaximum() - grid.height * grid.y_size,
        extent.xMinimum() + grid.width * grid.x_size,
        extent.yMaximum(),
    )
    drawn = gdal.Warp(
        "",
        maps.path,
        format="MEM",
        dstSRS="EPSG:3857",
        outputBounds=box,
        width=grid.width,
        height=grid.height,
        resampleAlg="average",
    ).ReadAsArray()
    assert (seen[3] == 255).all()
    wrong = np.abs(seen[:3].astype(int) - drawn).mean()
    shuffled = np.abs(seen[:3].astype(int) - drawn[:, ::-1]).mean()
    assert wrong < shuffled / 2, "the picture lies where it belongs"


@pytest.mark.parametrize("kind", ["wms", "xyz"])
@pytest.mark.parametrize("answer", ["nothing", "white", "hang up"])
def test_a_picture_that_does_not_come_is_no_data_and_counted(maps, kind, answer):
    extent = ALL if kind == "wms" else web_extent()
    pixels = pixels_of(layer_of(getattr(maps, kind)), extent, resolution=40)
    maps.answer = answer
    assert pixels.read(0, 0, 40, 40) == b""
    assert pixels.blank == 1


def test_a_server_that_is_gone_is_no_data_and_counted(maps):
    pixels = pixels_of(layer_of(maps.xyz), web_extent(), resolution=40)
    maps.close()
    assert pixels.read(0, 0, 40, 40) == b""
    assert pixels.blank == 1


def test_beyond_the_edge_of_the_picture_nothing_is_valid(maps):
    beyond = QgsRectangle(499_000, 4_999_000, 501_000, 5_000_000)
    layer = layer_of(maps.wms)
    layer.setExtent(QgsRectangle(400_000, 4_900_000, 600_000, 5_100_000))
    seen = planes(pixels_of(layer, beyond, resolution=10).read(0, 0, 100, 200), 100, 200)
    assert not seen[3][:, :100].any()
    assert (seen[3][:, 100:] == 255).all()


@pytest.mark.parametrize("resolution", [None, 0, -1])
def test_without_a_resolution_a_remote_layer_is_refused(maps, resolution):
    layer = layer_of(maps.xyz)
    assert needs_resolution(layer)
    with pytest.raises(LayerError, match="metres"):
        pixels_of(layer, web_extent(), resolution=resolution)


def test_a_flat_grey_file_is_no_missing_picture(make_raster):
    """On this computer nothing gets lost on the way: grey is what the file says."""
    layer = QgsRasterLayer(make_raster(np.full((3, 50, 50), 128, np.uint8)))
    pixels = pixels_of(layer, bands=RENDERED)
    assert len(pixels.read(0, 0, 50, 50)) == 4 * 50 * 50
    assert pixels.blank == 0


def test_as_rendered_gives_the_colours_of_the_style_on_the_files_grid(make_raster):
    from qgis.core import QgsContrastEnhancement

    values = np.arange(3 * 40 * 40, dtype=np.uint16).reshape(3, 40, 40)
    layer = QgsRasterLayer(make_raster(values))
    enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(1))
    enhancement.setMinimumValue(0)
    enhancement.setMaximumValue(1600)
    enhancement.setContrastEnhancementAlgorithm(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    )
    layer.renderer().setRedContrastEnhancement(enhancement)
    pixels = pixels_of(layer, bands=RENDERED)
    assert (pixels.grid.height, pixels.grid.width) == (40, 40)
    red = planes(pixels.read(0, 0, 40, 40), 40, 40)[0].astype(int)
    assert np.abs(red - values[0] * (255 / 1600)).max() <= 1


def test_reading_stops_when_it_is_cancelled(maps):
    from qgis.core import QgsRasterBlockFeedback

    pixels = pixels_of(layer_of(maps.xyz), web_extent(), resolution=10)
    feedback = QgsRasterBlockFeedback()
    feedback.cancel()
    before = maps.asked
    pixels.read(0, 0, 200, 200, feedback)
    assert maps.asked - before <= 1
