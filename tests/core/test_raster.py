# SPDX-License-Identifier: GPL-3.0-or-later
"""Scene reads whatever GDAL opens, says what it decided, and gives a pixel one value."""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning
from rasterio.rpc import RPC
from rasterio.shutil import copy as copy_raster

from waterseg_core.errors import NoPixelsError, OptionError, RasterError
from waterseg_core.geo import Tile, Window
from waterseg_core.grid import TileGrid
from waterseg_core.raster import Scene

Image = np.ndarray[Any, Any]
MakeRaster = Callable[..., Path]
RGB = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)


def picture(height: int = 90, width: int = 120, bands: int = 3, seed: int = 0) -> Image:
    return np.random.default_rng(seed).integers(1, 255, (bands, height, width)).astype("uint8")


def whole(scene: Scene) -> Tile:
    return scene.read(Window(0, 0, scene.height, scene.width))


def reopened(path: Path) -> Any:
    """The file once more, to write what only an existing file takes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        return rasterio.open(path, "r+")


def shown(path: Path | str, **how: Any) -> Image:
    """The scene's RGB as (3, h, w)."""
    with Scene.open(path, **how) as scene:
        return np.moveaxis(whole(scene).rgb, -1, 0)


def valid_of(path: Path, **how: Any) -> Image:
    with Scene.open(path, **how) as scene:
        return whole(scene).valid


# What GDAL opens


@pytest.mark.parametrize("dtype", "uint8 int8 uint16 int16 uint32 int32 float32 float64".split())
def test_every_type_of_value_is_read(make_raster: MakeRaster, dtype: str) -> None:
    image = (picture() // 3 + 1).astype(dtype)
    stretched = shown(make_raster(image), stretch="0,100")
    assert np.abs(stretched - image / 100 * 255).max() <= 0.5 + 1e-5


@pytest.mark.parametrize("dtype", ["complex64", "complex_int16"])
def test_complex_numbers_are_refused(make_raster: MakeRaster, dtype: str) -> None:
    path = make_raster(np.ones((1, 9, 9), "complex64"), dtype=dtype)
    with pytest.raises(RasterError, match="complex"):
        Scene.open(path)


@pytest.mark.parametrize("bands", [1, 2])
def test_one_or_two_bands_are_grey(make_raster: MakeRaster, bands: int) -> None:
    image = picture(bands=bands)
    assert (shown(make_raster(image)) == image[0]).all()


def test_wanted_bands_are_shown_in_their_order(make_raster: MakeRaster) -> None:
    image = picture(bands=6)
    path = make_raster(image)
    assert (shown(path) == image[:3]).all()
    assert (shown(path, bands=(5, 3, 2)) == image[[4, 2, 1]]).all()
    assert (shown(path, bands=(4,)) == image[3]).all()
    assert (shown(path, bands=(2, 2, 1)) == image[[1, 1, 0]]).all()
    with pytest.raises(OptionError, match="no band 7"):
        Scene.open(path, bands=(7, 1, 2))


def test_colours_and_names_choose_bands(make_raster: MakeRaster) -> None:
    image = picture(bands=4)
    path = make_raster(image, descriptions=["B02", "B03", "B04", "B08"])
    with Scene.open(path) as scene:
        assert scene.bands == (3, 2, 1)
        assert any("3, 2, 1" in note for note in scene.notes)
    coloured = (*RGB[::-1], ColorInterp.undefined)
    assert (shown(make_raster(image, "b.tif", colorinterp=coloured)) == image[[2, 1, 0]]).all()


def test_a_colour_table_is_applied(make_raster: MakeRaster, tmp_path: Path) -> None:
    image = picture(bands=1) % 4
    path, vrt = make_raster(image), tmp_path / "table.vrt"
    table = {0: (7, 7, 7, 255), 1: (200, 10, 20, 255), 2: (3, 150, 60, 255), 3: (9, 9, 250, 255)}
    with reopened(path) as sink:
        sink.write_colormap(1, table)
    copy_raster(path, vrt, driver="VRT")
    # A GeoTIFF's table knows no transparency, a VRT's does.
    vrt.write_text(vrt.read_text().replace('c3="7" c4="255"', 'c3="7" c4="0"'))
    expected = np.array([table[i][:3] for i in range(4)], "uint8")[image[0]]
    with Scene.open(vrt) as scene:
        tile = whole(scene)
    assert (tile.valid == (image[0] != 0)).all()
    assert (tile.rgb[tile.valid] == expected[tile.valid]).all()
    assert (shown(path) == np.moveaxis(expected, -1, 0)).all()
    assert valid_of(path).all()


def test_bands_of_different_types_are_read(make_raster: MakeRaster, tmp_path: Path) -> None:
    small, large = picture(bands=1) // 2, picture(bands=1, seed=1).astype("uint16") // 2
    a, b = make_raster(small, "a.tif"), make_raster(large, "b.tif")
    band = (
        '<VRTRasterBand dataType="{}" band="{}"><SimpleSource><SourceFilename>{}</SourceFilename>'
        "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>"
    )
    vrt = tmp_path / "mixed.vrt"
    parts = [band.format("Byte", 1, a), band.format("UInt16", 2, b), band.format("Byte", 3, a)]
    vrt.write_text(f'<VRTDataset rasterXSize="120" rasterYSize="90">{"".join(parts)}</VRTDataset>')
    stack = np.concatenate([small, large, small])
    assert (shown(vrt, stretch="0,255") == stack).all()


@pytest.mark.parametrize("driver", ["COG", "PNG", "GIF", "JP2OpenJPEG", "WEBP", "VRT"])
def test_other_formats(make_raster: MakeRaster, tmp_path: Path, driver: str) -> None:
    image = picture(bands=1 if driver == "GIF" else 3)
    path = tmp_path / "copy"
    how = {"WEBP": {"lossless": True}, "JP2OpenJPEG": {"quality": 100, "reversible": True}}
    copy_raster(make_raster(image), path, driver=driver, **how.get(driver, {}))
    assert (shown(path) == image).all()


# Where it is


def test_a_picture_without_a_place_is_in_pixel_coordinates_and_says_so(
    make_raster: MakeRaster,
) -> None:
    for driver, name in (("PNG", "a.png"), ("JPEG", "a.jpg")):
        path = make_raster(picture(), name, driver=driver, crs=None, transform=None)
        with Scene.open(path) as scene:
            assert scene.georef.crs is None
            assert scene.georef.transform @ (3, 2) == (3, -2)
            assert any("pixel coordinates" in note for note in scene.notes)


def test_a_map_without_a_crs_keeps_its_coordinates_and_says_so(make_raster: MakeRaster) -> None:
    with Scene.open(make_raster(picture(), crs=None)) as scene:
        assert scene.georef.crs is None
        assert scene.georef.transform @ (0, 0) == (500_000, 5_000_000)
        assert any("no CRS" in note for note in scene.notes)


def test_a_rotated_raster_keeps_its_pixels_and_its_transform(make_raster: MakeRaster) -> None:
    turned = Affine.translation(5e5, 5e6) @ Affine.rotation(33) @ Affine.scale(10, -10)
    image = picture()
    path = make_raster(image, transform=turned)
    assert (shown(path) == image).all()
    with Scene.open(path) as scene:
        tile = scene.read(Window(10, 20, 30, 40))
        assert tile.georef.transform @ (1, 1) == pytest.approx(turned @ (21, 11))
        assert scene.georef.crs is not None
        assert scene.georef.crs.to_epsg() == 32633


def test_ground_control_points_place_a_raster(make_raster: MakeRaster) -> None:
    image = np.full((3, 200, 200), 90, "uint8")
    image[:, 40:60, 100:140] = 200
    path = make_raster(image, crs=None, transform=None)
    turned = Affine.translation(5e5, 5e6) @ Affine.rotation(20) @ Affine.scale(10, -10)
    corners = [(0, 0), (200, 0), (200, 200), (0, 200)]
    points = [GroundControlPoint(row, col, *(turned @ (col, row))) for col, row in corners]
    with reopened(path) as sink:
        sink.gcps = (points, "EPSG:32633")
    with Scene.open(path) as scene:
        tile = whole(scene)
        col, row = ~scene.georef.transform @ (turned @ (120, 50))
        assert tile.rgb[int(row), int(col), 0] == 200
        assert 0.5 < tile.valid.mean() < 0.9, "outside the turned image there is nothing"
        assert not tile.valid[0, 0]
        assert any("4 ground control points" in note for note in scene.notes)


def test_ground_control_points_without_a_crs_are_of_no_use_and_it_is_said(
    make_raster: MakeRaster, tmp_path: Path
) -> None:
    vrt = tmp_path / "points.vrt"
    copy_raster(make_raster(picture(), crs=None, transform=None), vrt, driver="VRT")
    point = '<GCP Id="{0}" Pixel="{0}" Line="{1}" X="{0}" Y="{1}"/>'
    points = "".join(point.format(x, y) for x, y in ((0, 0), (9, 0), (0, 9)))
    text = vrt.read_text().replace("<Metadata", f"<GCPList>{points}</GCPList><Metadata", 1)
    vrt.write_text(text)
    with Scene.open(vrt) as scene:
        assert scene.georef.crs is None
        assert any("without a CRS" in note for note in scene.notes)


def test_rational_polynomials_place_a_raster_at_its_mean_height(make_raster: MakeRaster) -> None:
    # Lines run south, samples east; 1000 m of height shift the image by half its width.
    line, sample = [0.0] * 20, [0.0] * 20
    line[2], sample[1], sample[3] = -1.0, 1.0, 0.5
    one = [1.0] + [0.0] * 19
    rpc = RPC(
        height_off=1500.0, height_scale=1000.0, lat_off=45.0, lat_scale=0.1, long_off=10.0,
        long_scale=0.1, line_off=100.0, line_scale=100.0, samp_off=100.0, samp_scale=100.0,
        line_num_coeff=line, line_den_coeff=one, samp_num_coeff=sample, samp_den_coeff=one,
        err_bias=None, err_rand=None,
    )  # fmt: skip
    image = np.full((3, 200, 200), 90, "uint8")
    image[:, 40:60, 100:140] = 200
    path = make_raster(image, crs=None, transform=None)
    with reopened(path) as sink:
        sink.rpcs = rpc
    with Scene.open(path) as scene:
        tile = whole(scene)
        col, row = ~scene.georef.transform @ (10.02, 45.05)
        assert tile.rgb[int(row), int(col), 0] == 200
        assert any("1500 m" in note for note in scene.notes)


# What is missing


def test_missing_pixels_by_a_tag(make_raster: MakeRaster) -> None:
    image = picture().astype("int16")
    image[:, :20] = -9999
    image[1, 50, 60] = -9999  # a value that cannot be measured voids the pixel
    missing = (image == -9999).any(axis=0)
    assert (valid_of(make_raster(image, nodata=-9999)) == ~missing).all()


@pytest.mark.parametrize("marker", [0, 255])
def test_darkness_or_glare_in_one_band_is_not_missing(make_raster: MakeRaster, marker: int) -> None:
    image = picture()
    image[:, :20] = marker
    image[1, 50] = marker
    expected = np.ones((90, 120), bool)
    expected[:20] = False
    assert (valid_of(make_raster(image, nodata=marker)) == expected).all()


def test_each_band_may_have_its_own_marker(make_raster: MakeRaster, tmp_path: Path) -> None:
    image = np.full((3, 9, 9), 50, "int16")
    image[0, 0], image[1, 1], image[2, 2] = -1, -2, -3
    path = make_raster(image)
    vrt = tmp_path / "each.vrt"
    copy_raster(path, vrt, driver="VRT")
    text = vrt.read_text()
    for band in (1, 2, 3):
        text = text.replace(
            f'band="{band}">', f'band="{band}"><NoDataValue>{-band}</NoDataValue>', 1
        )
    vrt.write_text(text)
    assert (valid_of(vrt).sum(axis=1) == [0, 0, 0, 9, 9, 9, 9, 9, 9]).all()


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_missing_pixels_by_an_alpha_band(make_raster: MakeRaster, dtype: str) -> None:
    image = picture(bands=4).astype(dtype)
    image[3] = np.clip(np.arange(120) - 50, 0, 9)  # opaque to the right, soft at its edge
    path = make_raster(image, colorinterp=(*RGB, ColorInterp.alpha))
    assert (valid_of(path).sum(axis=1) == 69).all()
    assert valid_of(path, nodata="none").all()
    assert valid_of(path, bands=(4, 1, 2)).all(), "a band that is shown is no mask"


def test_near_infrared_that_is_called_alpha_is_no_mask(make_raster: MakeRaster) -> None:
    image = picture(bands=4)
    image[3, 20:50] = 0  # water
    path = make_raster(image)
    with rasterio.open(path) as raw:
        assert raw.colorinterp[3] is ColorInterp.alpha, "which is what writing four bytes gives"
    with Scene.open(path) as scene:
        assert whole(scene).valid.all()
        assert any("Band 4 is called alpha" in note for note in scene.notes)


@pytest.mark.parametrize("internal", [True, False])
def test_missing_pixels_by_a_mask(make_raster: MakeRaster, internal: bool) -> None:
    mask = np.indices((90, 120)).sum(axis=0) % 7 > 2
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=internal):
        path = make_raster(picture(), mask=mask)
    assert path.with_name("scene.tif.msk").exists() != internal
    assert (valid_of(path) == mask).all()
    assert valid_of(path, nodata="none").all()


def test_nan_is_always_missing(make_raster: MakeRaster) -> None:
    image = picture().astype("float32")
    image[0, 3, 4], image[2, 5, 6], image[1, 7, 8] = np.nan, np.inf, -3.4e38
    expected = np.ones((90, 120), bool)
    expected[[3, 5, 7], [4, 6, 8]] = False
    for nodata in ("auto", "none", "nan", "7777"):
        assert (valid_of(make_raster(image, nodata=np.nan), nodata=nodata) == expected).all()


def test_the_user_may_say_what_is_missing(make_raster: MakeRaster) -> None:
    image = picture()
    image[:, :20], image[:, 20:30] = 0, 255
    path = make_raster(image, nodata=0)
    assert valid_of(path).sum() == 70 * 120
    assert valid_of(path, nodata="none").all()
    assert valid_of(path, nodata="255").sum() == 80 * 120
    with pytest.raises(OptionError, match="--nodata 300"):
        Scene.open(path, nodata="300")
    with pytest.raises(OptionError, match="--nodata black"):
        Scene.open(path, nodata="black")


def test_a_marker_that_float32_rounds_is_still_found(make_raster: MakeRaster) -> None:
    image = picture().astype("float32") / 7
    image[:, :9] = np.float32(0.1)
    assert valid_of(make_raster(image, nodata=0.1)).sum() == 81 * 120


def test_all_missing_is_told(make_raster: MakeRaster) -> None:
    for number, image in enumerate((np.zeros((3, 20, 20), "uint8"), np.full((1, 9, 9), np.nan))):
        with pytest.raises(NoPixelsError, match="no valid pixel"):
            Scene.open(make_raster(image, f"{number}.tif", nodata=0))


def test_a_single_valid_pixel_in_a_large_raster_is_found(make_raster: MakeRaster) -> None:
    image = np.zeros((1, 3001, 2000), "uint16")
    image[0, 2987, 1501] = 77
    with Scene.open(make_raster(image, nodata=0, compress="deflate")) as scene:
        assert scene.read(Window(2980, 1500, 10, 10)).valid.sum() == 1


# One contrast


def test_one_contrast_for_the_whole_job(make_raster: MakeRaster) -> None:
    image = np.random.default_rng(0).normal(3000, 500, (3, 300, 300)).clip(1).astype("uint16")
    image[:, :150] += 4000
    path = make_raster(image)
    low, high = np.percentile(image.reshape(3, -1), (0.5, 99.5), axis=1).reshape(2, 3, 1, 1)
    expected = np.rint(np.clip((image - low) / (high - low), 0, 1) ** 0.7 * 255)
    assert (shown(path) == expected).all()
    with Scene.open(path, bbox=(500_000, 4_997_500, 501_000, 4_998_000)) as scene:
        crop = np.moveaxis(whole(scene).rgb, -1, 0)
        assert (crop == expected[:, 200:250, :100]).all(), "the same colours in a part of it"
        assert any("0.5th to 99.5th percentile" in note for note in scene.notes)


def test_missing_pixels_have_no_say_in_the_contrast(make_raster: MakeRaster) -> None:
    image = picture(200, 200).astype("int16")
    plain = shown(make_raster(image[:, 100:], "a.tif"))
    image[:, :100] = -9999
    assert (shown(make_raster(image, "b.tif", nodata=-9999))[:, 100:] == plain).all()


def test_a_dark_landsat_scene_is_brightened_and_the_park_is_not(shared_data: Path) -> None:
    scenes = shared_data / "scenes"
    with Scene.open(scenes / "olinda_landsat7.tif", bands=(3, 2, 1)) as scene:
        assert any("dark" in note for note in scene.notes)
        assert np.percentile(whole(scene).rgb, 99.5) > 240
    with Scene.open(scenes / "itaipu_landsat8.tif", bands=(3, 2, 1)) as scene:
        tile = whole(scene)
        assert 40 < np.median(tile.rgb[tile.valid]) < 120


# Windows


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_pixel_has_one_value_in_every_window(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "scene.tif"
    if not path.exists():
        image = picture(700, 300).astype("uint16") * 7
        image[:, :, :40] = 0
        transform = Affine(10, 0, 500_000, 0, -10, 5_000_000)
        with rasterio.open(
            path, "w", driver="GTiff", height=700, width=300, count=3, dtype="uint16", crs=32633,
            transform=transform, tiled=True, blockxsize=64, blockysize=64, compress="deflate",
        ) as sink:  # fmt: skip
            sink.write(image)
    resolution = data.draw(st.sampled_from([None, 13.0, 20.0, 47.0]))
    with Scene.open(path, resolution=resolution) as scene:
        tile = whole(scene)
        assert tile.valid.mean() < 0.9
        for _ in range(6):
            row, col = (data.draw(st.integers(0, n - 1)) for n in (scene.height, scene.width))
            height = data.draw(st.integers(1, scene.height - row))
            width = data.draw(st.integers(1, scene.width - col))
            window = Window(row, col, height, width)
            part = scene.read(window)
            assert (part.rgb == tile.rgb[window.slices]).all()
            assert (part.valid == tile.valid[window.slices]).all()
            assert part.georef == scene.georef.at(window)


@pytest.mark.parametrize("layout", [{}, {"tiled": True}, {"compress": "deflate"}])
def test_tiles_row_by_row_read_each_block_once(make_raster: MakeRaster, layout: Any) -> None:
    image = picture(1500, 700)
    with Scene.open(make_raster(image, **layout)) as scene:
        reads: list[Window] = []
        source = scene._sources[0]
        plain = source.read
        source.read = lambda bands, window, shape=None: (  # type: ignore[method-assign]
            reads.append(window) or plain(bands, window, shape)
        )
        for tile in TileGrid(1500, 700, 256, 64):
            rgb = scene.read(tile.window).rgb
            assert (rgb == np.moveaxis(image[(slice(None), *tile.window.slices)], 0, -1)).all()
    assert sum(window.area for window in reads) == 1500 * 700


def test_a_file_made_of_one_block_is_read_and_told(make_raster: MakeRaster) -> None:
    image = picture(1500, 40)
    path = make_raster(image, compress="deflate", blockysize=1500)
    with Scene.open(path) as scene:
        assert (scene.read(Window(900, 5, 300, 20)).rgb[..., 0] == image[0, 900:1200, 5:25]).all()
        assert any("reads slowly" in note for note in scene.notes)


def test_a_window_outside_is_a_programming_error(make_raster: MakeRaster) -> None:
    with Scene.open(make_raster(picture())) as scene:
        for window in (Window(-1, 0, 5, 5), Window(0, 0, 91, 5), Window(0, 118, 5, 5)):
            with pytest.raises(ValueError, match="outside"):
                scene.read(window)


def test_threads_may_read_the_same_scene(make_raster: MakeRaster) -> None:
    image = picture(600, 200)
    wrong: list[int] = []
    with Scene.open(make_raster(image, tiled=True)) as scene:

        def work(seed: int) -> None:
            for row in np.random.default_rng(seed).integers(0, 500, 20).tolist():
                rgb = scene.read(Window(row, 10, 100, 100)).rgb
                if not (rgb == np.moveaxis(image[:, row : row + 100, 10:110], 0, -1)).all():
                    wrong.append(row)

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


# Coarser


def test_a_coarser_resolution_averages_valid_pixels(make_raster: MakeRaster) -> None:
    image = picture(120, 80).astype("float32")
    image[:, :, :22] = -1
    path = make_raster(image, nodata=-1)
    with Scene.open(path, resolution=40, stretch="0,255") as scene:
        assert (scene.height, scene.width) == (30, 20)
        assert scene.georef.transform == Affine(40, 0, 500_000, 0, -40, 5_000_000)
        tile = whole(scene)
        assert any("10 m are averaged to 40 m" in note for note in scene.notes)
    known = np.where(image == -1, np.nan, image).reshape(3, 30, 4, 20, 4)
    assert (tile.valid[:, 5:]).all()  # pixels 20 and 21 of 20..23 are missing: half is enough
    assert not tile.valid[:, :5].any()
    expected = np.nanmean(known[:, :, :, 5:], axis=(2, 4))
    assert np.abs(tile.rgb[:, 5:] - np.moveaxis(expected, 0, -1)).max() <= 0.5 + 1e-6


@pytest.mark.parametrize("stretch", ["none", "0,249"])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_a_coarser_pixel_is_the_same_however_the_file_is_stored(
    make_raster: MakeRaster, dtype: str, stretch: str
) -> None:
    """Means that are halves of a byte: their last bits depend on where chunks of rows begin."""
    image = np.random.default_rng(5).integers(0, 250, (3, 400, 600)).astype(dtype)
    layouts = ({"blockysize": 4}, {"tiled": True, "blockxsize": 512, "blockysize": 512})
    seen = []
    for number, layout in enumerate(layouts):
        path = make_raster(image, f"{number}.tif", **layout)
        with Scene.open(path, resolution=15, stretch=stretch) as scene:
            seen.append(whole(scene).rgb)
    assert (seen[0] == seen[1]).all()


def test_the_extent_stays_whatever_the_resolution(make_raster: MakeRaster) -> None:
    path = make_raster(picture(97, 131))
    for resolution in (10, 10.05, 11, 37, 5000):
        with Scene.open(path, resolution=resolution) as scene:
            bounds = scene.georef.bounds(scene.height, scene.width)
            assert bounds == pytest.approx((500_000, 4_999_030, 501_310, 5_000_000))


def test_overviews_are_used_where_they_are_fine_enough(make_raster: MakeRaster) -> None:
    smooth = np.indices((1024, 1024)).sum(axis=0) / 8.2
    path = make_raster(np.stack([smooth] * 3).astype("uint8") + 1, tiled=True)
    before = shown(path, resolution=45)
    with reopened(path) as sink:
        sink.build_overviews([2, 4, 8], Resampling.average)
    with Scene.open(path, resolution=45) as scene:
        assert len(scene._sources) == 2
        assert scene._sources[1].height == 256
        tile = whole(scene)
    assert np.abs(np.moveaxis(tile.rgb, -1, 0).astype(int) - before).max() <= 1


def test_a_finer_resolution_is_refused_with_the_rasters_own(make_raster: MakeRaster) -> None:
    path = make_raster(picture())
    with pytest.raises(OptionError, match="pixels of 10 m"):
        Scene.open(path, resolution=5)
    for nonsense in (0, -3, float("nan")):
        with pytest.raises(OptionError, match="--resolution"):
            Scene.open(path, resolution=nonsense)
    with pytest.raises(OptionError, match="no CRS"):
        Scene.open(make_raster(picture(), "b.tif", crs=None), resolution=20)
    assert (shown(path, resolution=10) == shown(path)).all()


def test_degrees_are_made_coarser_in_metres(make_raster: MakeRaster) -> None:
    step = 0.0001
    path = make_raster(
        picture(200, 200), crs="EPSG:4326", transform=Affine(step, 0, 10, 0, -step, 60.02)
    )
    with Scene.open(path, resolution=40) as scene:
        assert scene.georef.pixel_size_m(scene.height, scene.width) == pytest.approx(40, rel=0.02)


# What goes wrong


def broken(tmp_path: Path, make_raster: MakeRaster) -> dict[str, tuple[Path, str]]:
    text = tmp_path / "notes.txt"
    text.write_text("not a raster at all")
    empty = tmp_path / "empty.tif"
    empty.touch()
    vector = tmp_path / "lakes.geojson"
    vector.write_text(
        '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}'
    )
    cut = make_raster(picture(), "cut.tif")
    os.truncate(cut, 5)
    return {
        "missing": (tmp_path / "none.tif", "There is no file"),
        "folder": (tmp_path, "is a folder"),
        "empty": (empty, "is empty"),
        "text": (text, "not a raster"),
        "vector": (vector, "vector file.*--aoi"),
        "cut": (cut, "not a raster|does not open"),
        "vsi": (Path("/vsizip/none.zip/a.tif"), "does not open"),
    }


@pytest.mark.parametrize("kind", "missing folder empty text vector cut vsi".split())
def test_what_does_not_open_is_told_in_one_sentence(
    tmp_path: Path, make_raster: MakeRaster, kind: str
) -> None:
    path, says = broken(tmp_path, make_raster)[kind]
    with pytest.raises(RasterError, match=says) as caught:
        Scene.open(path)
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_breaks_off_is_told_with_the_window(
    make_raster: MakeRaster, tmp_path: Path
) -> None:
    image = np.random.default_rng(0).integers(0, 255, (1, 2600, 2600)).astype("uint8")
    path = tmp_path / "cut.tif"
    # The overviews come first in a COG: it opens, and breaks off while it is read.
    copy_raster(make_raster(image), path, driver="COG", blocksize=256, overviews="AUTO")
    os.truncate(path, os.path.getsize(path) - 2_000_000)
    # Looking for a collar would find the damage when the scene is opened.
    with Scene.open(path, nodata="none") as scene:
        good = scene.read(Window(0, 0, 256, 256))
        assert good.valid.all()
        with pytest.raises(RasterError, match=r"cut.tif cannot be read in rows 2304 to 2559"):
            scene.read(Window(2400, 0, 100, 100))
        again = scene.read(Window(0, 0, 256, 256))
        assert (again.rgb == good.rgb).all(), "what can be read is read"
    os.truncate(path, os.path.getsize(path) // 9)
    with pytest.raises(RasterError, match=r"damaged or incomplete|does not open"):
        Scene.open(path)


def test_a_file_of_several_rasters_names_them(tmp_path: Path) -> None:
    pages = tmp_path / "pages.gpkg"
    for number in range(5):
        with rasterio.open(
            pages, "w", driver="GPKG", height=20, width=20, count=3, dtype="uint8",
            crs="EPSG:32633", transform=Affine(10, 0, 5e5, 0, -10, 5e6),
            raster_table=f"part{number}", append_subdataset=number > 0,
        ) as sink:  # fmt: skip
            sink.write(picture(20, 20))
    with pytest.raises(RasterError, match=r"holds 5 rasters.*part0.*\.\.\.") as caught:
        Scene.open(pages)
    name = str(caught.value).split("name: ")[1].split(",")[0]
    with Scene.open(name) as scene:
        assert scene.height > 0


def test_a_closed_scene_and_a_failed_opening_hold_no_file(make_raster: MakeRaster) -> None:
    path = make_raster(picture())
    with Scene.open(path):
        pass
    with pytest.raises(OptionError):
        Scene.open(path, stretch="best")
    held = [os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert str(path) not in held


# The same job again


def test_the_fingerprint_tells_jobs_apart(make_raster: MakeRaster) -> None:
    path = make_raster(picture(bands=4).astype("uint16"))

    def mark(**how: Any) -> str:
        with Scene.open(path, **how) as scene:
            return scene.fingerprint()

    box = (500_000, 4_999_500, 500_500, 4_999_900)
    marks = [
        mark(),
        mark(bands=(3, 2, 1)),
        mark(stretch="minmax"),
        mark(nodata="7"),
        mark(bbox=box),
        mark(resolution=20),
    ]
    assert len(set(marks)) == len(marks)
    assert mark() == marks[0]
    stamp = path.stat()
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1))
    assert mark() != marks[0]
