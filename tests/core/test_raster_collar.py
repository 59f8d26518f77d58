# SPDX-License-Identifier: GPL-3.0-or-later
"""The undeclared black collar: found exactly, and dark water is not taken for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage

from waterseg_core.geo import Window
from waterseg_core.raster import Scene
from waterseg_core.raster_collar import corner_regions, trace

Image = np.ndarray[Any, Any]
MakeRaster = Callable[..., Path]


def land(height: int, width: int, seed: int = 0, high: int = 200) -> Image:
    """A picture of land: no zeros, three bands."""
    return np.random.default_rng(seed).integers(30, high, (3, height, width)).astype("uint8")


def tilted(image: Image, slope: float = 0.3) -> Image:
    """The picture with a black wedge in its upper right and lower left, as a tilted scene has."""
    rows, cols = np.indices(image.shape[1:])
    height = image.shape[1]
    outside = (rows < cols * slope - 0.05 * height) | (rows > cols * slope + 0.8 * height)
    image = image.copy()
    image[:, outside] = 0
    return image


def collar_of(scene: Scene) -> Image:
    return ~scene.read(Window(0, 0, scene.height, scene.width)).valid


@given(hnp.arrays(bool, st.tuples(st.integers(1, 25), st.integers(1, 12))), st.data())
def test_tracing_in_strips_finds_what_labelling_the_whole_finds(
    zeros: Image, data: st.DataObject
) -> None:
    seeds = zeros & data.draw(hnp.arrays(bool, zeros.shape))
    step = data.draw(st.integers(1, zeros.shape[0]))
    starts = range(0, zeros.shape[0], step)
    collar = trace(
        Window(5, 7, *zeros.shape),
        ((row, zeros[row : row + step]) for row in starts),
        lambda row, part: seeds[row : row + len(part)],
    )
    labels, _ = ndimage.label(zeros)
    expected = np.isin(labels, np.unique(labels[seeds])) & zeros
    assert (collar.mask(Window(5, 7, *zeros.shape)) == expected).all()
    assert collar.area == expected.sum()
    row, col = (data.draw(st.integers(0, size - 1)) for size in zeros.shape)
    part = Window(5 + row, 7 + col, zeros.shape[0] - row, zeros.shape[1] - col)
    assert (collar.mask(part) == expected[row:, col:]).all(), "the same in every window"


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_a_tilted_scenes_collar_is_missing_to_the_pixel(
    make_raster: MakeRaster, dtype: str
) -> None:
    image = tilted(land(300, 260)).astype(dtype)
    image[:, 150, 130] = 0  # a black pixel inside the picture is a pixel of the picture
    expected = (image == 0).all(axis=0)
    expected[150, 130] = False
    with Scene.open(make_raster(image, tiled=True, blockxsize=64, blockysize=64)) as scene:
        assert (collar_of(scene) == expected).all()
        assert any("collar" in note for note in scene.notes)


def test_a_thin_spike_of_the_collar_is_followed_to_its_end(make_raster: MakeRaster) -> None:
    image = tilted(land(400, 400))
    rows = np.arange(60, 350)
    image[:, rows, 399 - rows // 4] = 0  # one pixel wide, through the strips of the trace
    image[:, rows[rows % 4 == 0], 400 - rows[rows % 4 == 0] // 4] = 0
    expected = (image == 0).all(axis=0)
    with Scene.open(make_raster(image)) as scene:
        assert (collar_of(scene) == expected).all()


def test_a_collar_thinner_than_the_samples_step_is_found(make_raster: MakeRaster) -> None:
    image = np.full((1, 5000, 1500), 90, "uint8")
    image[:, :, -1] = 0
    image[:, :2] = 0
    image[:, 3000, 700] = 0
    path = make_raster(image, compress="deflate", tiled=True)
    with Scene.open(path) as scene:
        assert scene.read(Window(0, 0, 2, 1500)).valid.sum() == 0
        assert scene.read(Window(2, 0, 4998, 1499)).valid.all()
        assert not scene.read(Window(2, 1499, 4998, 1)).valid.any()


def test_a_crop_inside_the_scene_knows_the_collar_of_the_whole(make_raster: MakeRaster) -> None:
    image = tilted(land(300, 260))
    path = make_raster(image)
    bbox = (500_000 + 1500, 5_000_000 - 1000, 500_000 + 2550, 5_000_000 - 100)
    with Scene.open(path) as whole, Scene.open(path, bbox=bbox) as crop:
        rows, cols = slice(10, 100), slice(150, 255)
        assert (collar_of(crop) == collar_of(whole)[rows, cols]).all()
        assert 0 < collar_of(crop).mean() < 1


def test_dark_water_at_the_border_that_fades_is_no_collar() -> None:
    # Water around 2 with noise, cut off at 0, in a corner of a picture: many zeros, but speckled.
    rng = np.random.default_rng(3)
    image = land(200, 200)
    water = np.clip(rng.normal(0.2, 1.2, (3, 90, 120)), 0, None).astype("uint8")
    image[:, :90, :120] = water
    zeros = (image == 0).all(axis=0)
    assert zeros.mean() > 0.05
    assert corner_regions(image, np.ones((200, 200), bool)) is None


def test_a_black_lake_at_a_side_or_small_in_a_corner_is_no_collar() -> None:
    everywhere = np.ones((200, 200), bool)
    image = land(200, 200)
    image[:, 60:120, :50] = 0
    assert corner_regions(image, everywhere) is None
    image = land(200, 200)
    image[:, :10, :10] = 0
    assert corner_regions(image, everywhere) is None


def test_zero_in_some_bands_is_no_collar() -> None:
    image = tilted(land(200, 200))
    image[2, (image == 0).all(axis=0)] = 1
    assert corner_regions(image, np.ones((200, 200), bool)) is None


def test_zeros_that_a_declared_border_parts_from_the_corner_are_collar(
    make_raster: MakeRaster,
) -> None:
    image = tilted(land(200, 200)).astype("int16")
    image[:, :5] = image[:, -5:] = -1
    image[:, :, :5] = image[:, :, -5:] = -1
    expected = (image <= 0).all(axis=0)
    with Scene.open(make_raster(image, nodata=-1)) as scene:
        assert (collar_of(scene) == expected).all()


@pytest.mark.parametrize("nodata", ["none", "7"])
def test_a_collar_is_only_looked_for_when_nothing_else_is_said(
    make_raster: MakeRaster, nodata: str
) -> None:
    with Scene.open(make_raster(tilted(land(100, 100))), nodata=nodata) as scene:
        assert collar_of(scene).sum() <= 3
        assert not any("collar" in note for note in scene.notes)


JPEGS = [
    ("a.jpg", {"driver": "JPEG", "crs": None, "transform": None, "quality": 75}),
    ("a.tif", {"compress": "jpeg", "photometric": "ycbcr"}),
]


def smooth(image: Image) -> Image:
    """The picture as JPEG can carry it; noise of a pixel's size is not in photographs."""
    return np.stack([ndimage.gaussian_filter(band, 2) for band in image])


@pytest.mark.parametrize(("name", "how"), JPEGS)
def test_in_jpeg_a_collar_is_found_up_to_its_ripples(
    make_raster: MakeRaster, name: str, how: dict[str, Any]
) -> None:
    image = tilted(smooth(land(160, 160)))
    black = (image == 0).all(axis=0)
    with Scene.open(make_raster(image, name, **how)) as scene:
        found = collar_of(scene)
    assert not (found & ~ndimage.binary_dilation(black, iterations=2)).any()
    assert (found & black).sum() > 0.9 * black.sum()


@pytest.mark.parametrize(("name", "how"), JPEGS)
def test_in_jpeg_dark_water_in_a_corner_is_no_collar(
    make_raster: MakeRaster, name: str, how: dict[str, Any]
) -> None:
    image = smooth(land(160, 160))
    water = np.random.default_rng(1).normal(8, 2, (3, 80, 100))
    image[:, :80, :100] = np.clip(water, 0, 255).astype("uint8")
    with Scene.open(make_raster(image, name, **how)) as scene:
        assert not collar_of(scene).any()


def test_itaipus_collar_is_the_tilted_edge_and_nothing_else(shared_data: Path) -> None:
    with Scene.open(shared_data / "scenes" / "itaipu_landsat8.tif", bands=(3, 2, 1)) as scene:
        missing = collar_of(scene)
        assert 0.165 < missing.mean() < 0.1655
        _, regions = ndimage.label(missing)
        assert regions == 1
        assert not missing[600:].any()


@pytest.mark.parametrize("seed", range(3))
def test_real_pictures_keep_their_dark_water(
    shared_data: Path, make_raster: MakeRaster, seed: int
) -> None:
    """Even saved without loss, where zeros are looked at: nothing is lost but black frames."""
    from PIL import Image as Picture

    folder = shared_data / "water_bodies" / "images"
    names = sorted(folder.glob("*.jpg"))[seed * 700 : seed * 700 + 60]
    for number, name in enumerate(names):
        image = np.moveaxis(np.asarray(Picture.open(name).convert("RGB")), -1, 0)
        if min(image.shape[1:]) < 30:
            continue
        region = corner_regions(image, np.ones(image.shape[1:], bool))
        if region is not None:
            # What is taken is black and holds a corner: a frame left by reprojection.
            assert image[:, region].max() == 0, f"{number} {name.name}"
