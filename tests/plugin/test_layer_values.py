# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of file layers arrive exactly as the file has them."""

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsRasterLayer

from qgis_plugin.errors import LayerError
from qgis_plugin.layer_tiles import RENDERED, pixels_of, shown_bands

TYPES = ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"]


def noise(kind, bands=3, height=70, width=90, seed=1):
    values = np.random.default_rng(seed).integers(0, 250, (bands, height, width))
    return (values * (0.37 if kind.startswith("float") else 1)).astype(kind)


def unpacked(body, kind, bands, height, width):
    return np.frombuffer(body, np.dtype(kind).newbyteorder("<")).reshape(bands, height, width)


@pytest.mark.parametrize("kind", TYPES)
def test_a_window_has_the_files_own_values(make_raster, kind):
    values = noise(kind)
    pixels = pixels_of(QgsRasterLayer(make_raster(values)))
    assert pixels.describe()["dtype"] == kind
    window = unpacked(pixels.read(11, 23, 40, 50), kind, 3, 40, 50)
    np.testing.assert_array_equal(window, values[:, 11:51, 23:73])


def test_every_window_of_a_raster_at_odd_coordinates_is_exact(make_raster):
    values = noise("uint8", height=101, width=97)
    place = (123456.789, 0.3, 0, 654321.987, 0, -0.7)
    pixels = pixels_of(QgsRasterLayer(make_raster(values, place=place)))
    for row in range(0, 101, 13):
        for col in range(0, 97, 17):
            height, width = min(13, 101 - row), min(17, 97 - col)
            window = unpacked(pixels.read(row, col, height, width), "uint8", 3, height, width)
            np.testing.assert_array_equal(window, values[:, row : row + height, col : col + width])


@pytest.mark.parametrize("overviews", [(), (2, 4)])
def test_the_thinned_out_picture_is_the_one_that_gdal_makes(make_raster, overviews):
    path = make_raster(noise("uint16", height=613, width=877))
    if overviews:
        gdal.Open(path, gdal.GA_Update).BuildOverviews("AVERAGE", list(overviews))
    pixels = pixels_of(QgsRasterLayer(path))
    thin = unpacked(pixels.overview(150, 200), "uint16", 3, 150, 200)
    wanted = gdal.Open(path).ReadAsArray(buf_ysize=150, buf_xsize=200)
    np.testing.assert_array_equal(thin, wanted)


def test_chosen_bands_come_in_the_chosen_order(make_raster):
    values = noise("uint16", bands=5)
    pixels = pixels_of(QgsRasterLayer(make_raster(values)), bands=(5, 1, 3))
    window = unpacked(pixels.read(0, 0, 70, 90), "uint16", 3, 70, 90)
    np.testing.assert_array_equal(window, values[[4, 0, 2]])


def test_one_band_may_be_sent_alone_and_the_same_one_thrice(make_raster):
    values = noise("uint8", bands=2)
    layer = QgsRasterLayer(make_raster(values))
    assert pixels_of(layer, bands=(2,)).read(0, 0, 70, 90) == values[1].tobytes()
    assert pixels_of(layer, bands=(2, 2, 2)).read(0, 0, 70, 90) == values[1].tobytes() * 3


@pytest.mark.parametrize("bands", [(), (1, 2), (0,), (1, 2, 9)])
def test_bands_that_are_not_there_are_refused_in_a_sentence(make_raster, bands):
    layer = QgsRasterLayer(make_raster(noise("uint8")))
    with pytest.raises(LayerError, match=r"band"):
        pixels_of(layer, bands=bands)


def test_bands_of_different_types_become_one_type_that_holds_both(tmp_path, make_raster):
    byte, short = noise("uint8", 1), noise("uint16", 2) + 5000
    parts = [make_raster(byte, "a.tif"), make_raster(short[:1], "b.tif")]
    parts.append(make_raster(short[1:], "c.tif"))
    path = str(tmp_path / "both.vrt")
    gdal.BuildVRT(path, parts, separate=True).FlushCache()
    pixels = pixels_of(QgsRasterLayer(path), bands=(1, 2, 3))
    assert pixels.describe()["dtype"] == "uint16"
    window = unpacked(pixels.read(0, 0, 70, 90), "uint16", 3, 70, 90)
    np.testing.assert_array_equal(window, np.concatenate([byte, short]))


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("uint8", 0, 0),
        ("int16", -9999, -9999),
        ("float32", float("nan"), "nan"),
        ("float32", -3.4e38, pytest.approx(-3.4e38)),
    ],
)
def test_the_files_nodata_value_is_told(make_raster, kind, value, told):
    pixels = pixels_of(QgsRasterLayer(make_raster(noise(kind), nodata=value)))
    assert pixels.describe()["nodata"] == told


def test_what_the_user_declared_as_missing_in_qgis_changes_no_value(make_raster):
    from qgis.core import QgsRasterRange

    values = noise("uint8")
    layer = QgsRasterLayer(make_raster(values))
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(10, 90)])
    assert pixels_of(layer).read(0, 0, 70, 90) == values.tobytes()


def test_a_mask_in_the_file_is_sent_as_validity(make_raster):
    mask = np.arange(90)[None, :].repeat(70, 0) < 45
    layer = QgsRasterLayer(make_raster(noise("uint8"), mask=mask))
    pixels = pixels_of(layer, bands=(1, 2, 3))
    assert pixels.describe()["valid"]
    valid = np.frombuffer(pixels.read(0, 0, 70, 90), "uint8").reshape(4, 70, 90)[3]
    np.testing.assert_array_equal(valid > 0, mask)
    assert pixels.read(0, 50, 70, 40) == b"", "a window without a valid pixel is empty"


def test_a_band_that_is_only_called_alpha_hides_nothing(make_raster):
    values = noise("uint8", bands=4)
    layer = QgsRasterLayer(make_raster(values, options=["PHOTOMETRIC=RGB", "ALPHA=YES"]))
    pixels = pixels_of(layer, bands=(1, 2, 3))
    assert pixels.read(0, 0, 70, 90) == values[:3].tobytes()


@pytest.mark.parametrize(("compression", "lossy"), [("JPEG", True), ("DEFLATE", False)])
def test_loss_by_compression_is_told(make_raster, compression, lossy):
    path = make_raster(noise("uint8"), options=[f"COMPRESS={compression}"])
    assert pixels_of(QgsRasterLayer(path)).describe()["lossy"] is lossy


def test_a_layer_without_crs_has_a_grid_in_its_own_coordinates(make_raster):
    pixels = pixels_of(QgsRasterLayer(make_raster(noise("uint8"), place=None, epsg=None)))
    grid = pixels.grid
    assert (grid.crs, grid.transform) == ("", [1, 0, 0, 0, -1, 0])


def test_a_layer_that_lies_askew_is_read_as_qgis_shows_it(make_raster):
    values = np.full((3, 60, 80), 200, np.uint8)
    pixels = pixels_of(QgsRasterLayer(make_raster(values, place=(5e5, 8, 3, 5e6, 3, -8))))
    grid = pixels.grid
    assert grid.height * grid.width > 60 * 80, "the grid covers the turned raster"
    body = pixels.read(0, 0, grid.height, grid.width)
    # From QGIS 3.40 on, a plane of validity follows.
    seen = np.frombuffer(body, "uint8").reshape(-1, grid.height, grid.width)
    assert set(np.unique(seen[:3])) == {0, 200}
    size = abs(grid.x_size * grid.y_size)
    assert (seen[0] == 200).sum() * size == pytest.approx(60 * 80 * (64 + 9), rel=0.02)


def test_the_bands_that_the_style_shows_are_taken(make_raster):
    layer = QgsRasterLayer(make_raster(noise("uint16", bands=6)))
    layer.renderer().setRedBand(5)
    layer.renderer().setGreenBand(4)
    layer.renderer().setBlueBand(3)
    assert shown_bands(layer) == (5, 4, 3)
    assert shown_bands(QgsRasterLayer(make_raster(noise("uint8", 2), "two.tif"))) == (1,)
    assert shown_bands(QgsRasterLayer(make_raster(noise("float32", 1), "one.tif"))) == (1,)


def test_a_colour_table_is_drawn_by_qgis(make_raster):
    path = make_raster(noise("uint8", 1) % 2)
    raster = gdal.Open(path, gdal.GA_Update)
    table = gdal.ColorTable()
    table.SetColorEntry(0, (10, 20, 30, 255))
    table.SetColorEntry(1, (40, 50, 60, 255))
    raster.GetRasterBand(1).SetColorTable(table)
    raster = None
    layer = QgsRasterLayer(path)
    assert shown_bands(layer) == RENDERED
    body = np.frombuffer(pixels_of(layer).read(0, 0, 70, 90), "uint8").reshape(4, 70, 90)
    one = noise("uint8", 1)[0] % 2 == 1
    np.testing.assert_array_equal(body[0], np.where(one, 40, 10))
    np.testing.assert_array_equal(body[2], np.where(one, 60, 30))
    assert (body[3] == 255).all()


def test_a_file_that_breaks_off_is_told_by_the_layers_name(make_raster):
    path = make_raster(noise("uint16", height=600, width=600))
    layer = QgsRasterLayer(path, "torn")
    pixels = pixels_of(layer)
    with open(path, "r+b") as file:
        file.truncate(20_000)
    with pytest.raises(LayerError, match="torn"):
        pixels.read(500, 0, 100, 600)
