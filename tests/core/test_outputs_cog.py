# SPDX-License-Identifier: GPL-3.0-or-later
"""COGs: mask and probability lie on the input's grid, pixel by pixel, however they were cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import rasterio
from affine import Affine
from pyproj import CRS

from waterseg_core.errors import OutputError
from waterseg_core.geo import Georef
from waterseg_core.mosaic import FinishedRows
from waterseg_core.outputs import write_mask, write_probability

UTM = Georef(Affine(30, 4, 500_000, 4, -30, 5_000_000), CRS("EPSG:32633"))
HEIGHT, WIDTH = 1100, 700


def scene(labels: int = 1) -> FinishedRows:
    rng = np.random.default_rng(3)
    probability = rng.integers(0, 65536, (labels, HEIGHT, WIDTH)).astype(np.uint16)
    valid = rng.random((HEIGHT, WIDTH)) < 0.9
    return FinishedRows(np.where(valid, probability, 0).astype(np.uint16), valid)


def strips(rows: FinishedRows, height: int) -> Iterator[FinishedRows]:
    for start in range(0, HEIGHT, height):
        cut = slice(start, start + height)
        yield FinishedRows(rows.probability[:, cut], rows.valid[cut])


@pytest.mark.parametrize("height", [1, 97, HEIGHT])
def test_the_mask_is_the_threshold_pixel_by_pixel(tmp_path: Path, height: int) -> None:
    rows = scene()
    path = tmp_path / "mask.tif"
    write_mask(path, strips(rows, height), UTM, HEIGHT, WIDTH, threshold=0.7)
    with rasterio.open(path) as made:
        assert (made.count, made.dtypes, made.nodata) == (1, ("uint8",), 255)
        assert made.transform == UTM.transform
        assert made.crs == rasterio.crs.CRS.from_epsg(32633)
        assert made.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert made.overviews(1) == [2, 4]
        assert made.block_shapes == [(512, 512)]
        red, green, blue, _ = made.colormap(1)[1]
        assert blue > green > red
        pixels = made.read(1)
    water = rows.probability[0] > 0.7 * 65535
    np.testing.assert_array_equal(pixels, np.where(rows.valid, water, 255))
    assert [left.name for left in tmp_path.iterdir()] == ["mask.tif"]


def test_where_labels_overlap_the_more_probable_is_shown(tmp_path: Path) -> None:
    rows = scene(labels=3)
    labels = ("lake", "river", "sea")
    write_mask(tmp_path / "m.tif", [rows], UTM, HEIGHT, WIDTH, labels=labels, threshold=0.5)
    with rasterio.open(tmp_path / "m.tif") as made:
        pixels = made.read(1)
        assert made.tags()["CLASS_2"] == "river"
        assert len({made.colormap(1)[value] for value in range(4)}) == 4
    best = np.where(rows.probability.max(axis=0) > 32767, rows.probability.argmax(axis=0) + 1, 0)
    np.testing.assert_array_equal(pixels, np.where(rows.valid, best, 255))


def test_the_probability_is_in_percent(tmp_path: Path) -> None:
    rows = scene(labels=2)
    path = tmp_path / "probability.tif"
    write_probability(path, strips(rows, 300), UTM, HEIGHT, WIDTH, labels=("lake", "river"))
    with rasterio.open(path) as made:
        assert (made.count, made.nodata, made.scales) == (2, 255, (0.01, 0.01))
        assert made.descriptions == ("probability of lake", "probability of river")
        assert made.transform == UTM.transform
        pixels: npt.NDArray[np.uint8] = made.read()
    exact = rows.probability / 655.35
    assert np.abs(pixels.astype(float) - exact)[:, rows.valid].max() <= 0.5
    assert (pixels[:, ~rows.valid] == 255).all()
    assert pixels[:, rows.valid].max() == 100


def test_an_image_without_a_place_gets_a_mask_without(tmp_path: Path) -> None:
    nowhere = Georef(Affine.identity(), None)
    write_mask(tmp_path / "m.tif", [scene()], nowhere, HEIGHT, WIDTH)
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        made = rasterio.open(tmp_path / "m.tif")
    with made:
        assert made.crs is None
        assert made.shape == (HEIGHT, WIDTH)


def test_rows_that_are_missing_leave_no_file(tmp_path: Path) -> None:
    some = list(strips(scene(), 500))[:1]
    with pytest.raises(ValueError, match="500 rows, the raster has 1100"):
        write_mask(tmp_path / "m.tif", some, UTM, HEIGHT, WIDTH)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not exist"):
        write_probability(tmp_path / "no" / "p.tif", [scene()], UTM, HEIGHT, WIDTH)
