# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts and seams: strips joined are the whole raster's bodies, exactly."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import rasterio.features
import shapely
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import ndimage
from shapely.geometry import shape

from waterseg_core.errors import OutputError
from waterseg_core.parts import Bodies, Parts, strip_parts, water_pixels
from waterseg_core.seams import merge_parts

Flags = npt.NDArray[np.bool_]
Probability = npt.NDArray[np.uint16]


def cut(
    probability: Probability, valid: Flags, heights: list[int], threshold: float = 0.5
) -> list[Parts]:
    """The parts of a raster cut into strips of these heights, over and over."""
    strips, row = [], 0
    while row < len(valid):
        stop = min(row + heights[len(strips) % len(heights)], len(valid))
        rows = probability[:, row:stop], valid[row:stop]
        strips.append(strip_parts(*rows, row, len(valid), threshold))
        row = stop
    return strips


def spiral(side: int) -> Flags:
    """One pixel of water and one of land in turn, winding inwards: one body in every strip."""
    mask = np.zeros((side, side), np.bool_)
    row, col, drow, dcol = 0, 0, 0, 1
    mask[0, 0] = True
    for _ in range(side * side):
        ahead, beyond = (row + drow, col + dcol), (row + 2 * drow, col + 2 * dcol)
        inside = 0 <= ahead[0] < side and 0 <= ahead[1] < side
        taken = 0 <= beyond[0] < side and 0 <= beyond[1] < side and mask[beyond]
        if not inside or mask[ahead] or taken:
            drow, dcol = dcol, -drow
            continue
        row, col = ahead
        mask[row, col] = True
    return mask


def rasters() -> st.SearchStrategy[tuple[Probability, Flags]]:
    """Random probabilities in 1 or 2 labels, from speckle to lakes, with and without nodata."""

    def make(height: int, width: int, labels: int, seed: int, blur: float) -> tuple:
        rng = np.random.default_rng(seed)
        field = ndimage.gaussian_filter(
            rng.standard_normal((labels, height, width)), (0, blur, blur)
        )
        scaled = 0.5 + 0.4 * field / (np.abs(field).max() + 1e-9) + rng.uniform(-0.1, 0.1)
        valid = rng.random((height, width)) < rng.choice([0.8, 1.0])
        return (np.where(valid, scaled, 0).clip(0, 1) * 65535).astype(np.uint16), valid

    return st.builds(
        make,
        st.integers(1, 24),
        st.integers(1, 24),
        st.integers(1, 2),
        st.integers(0, 2**32 - 1),
        st.sampled_from([0.0, 0.6, 1.5]),
    )


heights = st.lists(st.integers(1, 7), min_size=1, max_size=4)


def of_mask(mask: Flags) -> tuple[Probability, Flags]:
    return np.where(mask, 65535, 0).astype(np.uint16)[None], np.ones(mask.shape, np.bool_)


def assert_same(one: Bodies, two: Bodies) -> None:
    assert (
        shapely.to_wkb(one.rings.polygons()).tolist()
        == shapely.to_wkb(two.rings.polygons()).tolist()
    )
    for name in Bodies.COLUMNS:
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name), err_msg=name)


@given(rasters(), heights)
@example(of_mask(spiral(21)), [1])
@example(of_mask(spiral(24)), [5, 2])
@example(of_mask(~np.eye(9, dtype=bool)), [3])
@example(of_mask(np.eye(9, dtype=bool)), [2])
@example(of_mask(np.indices((8, 8)).sum(axis=0) % 2 == 0), [1])
@example(of_mask(np.pad(np.zeros((6, 6), bool), 2, constant_values=True)), [1])
def test_strips_joined_are_the_whole_raster(
    raster: tuple[Probability, Flags], strip_heights: list[int]
) -> None:
    whole = merge_parts(cut(*raster, [len(raster[1])]))
    assert_same(merge_parts(cut(*raster, strip_heights)), whole)


@given(rasters(), heights)
def test_bodies_are_gdals_polygons(
    raster: tuple[Probability, Flags], strip_heights: list[int]
) -> None:
    probability, valid = raster
    merged = merge_parts(cut(probability, valid, strip_heights)).rings.polygons()
    water = water_pixels(probability, valid, 0.5)
    by_gdal = [
        shape(outline)
        for mask in water
        for outline, _ in rasterio.features.shapes(mask.astype(np.uint8), mask=mask)
    ]
    expected = shapely.to_wkb(shapely.normalize(np.array(by_gdal, dtype=object)))
    assert sorted(shapely.to_wkb(merged).tolist()) == sorted(expected.tolist())


@given(rasters(), heights)
def test_pixels_and_probabilities_are_counted_exactly(
    raster: tuple[Probability, Flags], strip_heights: list[int]
) -> None:
    probability, valid = raster
    bodies = merge_parts(cut(probability, valid, strip_heights))
    polygons = bodies.rings.polygons()
    assert shapely.is_valid(polygons).all()
    np.testing.assert_array_equal(shapely.area(polygons), bodies.pixels)
    water = water_pixels(probability, valid, 0.5)
    for index, polygon in enumerate(polygons):
        inside = rasterio.features.rasterize([polygon], out_shape=valid.shape) > 0
        label = bodies.label[index]
        assert (water[label] & inside).sum() == bodies.pixels[index]
        assert probability[label][inside].astype(int).sum() == bodies.probability_sum[index]
        rows, cols = np.nonzero(inside)
        assert tuple(bodies.first[index]) == (rows[0], cols[0])
        around = ndimage.binary_dilation(np.pad(inside, 1))
        blank = np.pad(~valid, 1, constant_values=True)
        assert bodies.touches_edge[index] == (around & blank).any()


@given(rasters(), heights)
def test_bodies_are_in_reading_order(
    raster: tuple[Probability, Flags], strip_heights: list[int]
) -> None:
    bodies = merge_parts(cut(*raster, strip_heights))
    keys = [
        (*first, label) for first, label in zip(bodies.first.tolist(), bodies.label, strict=True)
    ]
    assert keys == sorted(keys)


@given(rasters(), heights)
def test_every_area_without_data_has_a_pixel_that_stands_for_it(
    raster: tuple[Probability, Flags], strip_heights: list[int]
) -> None:
    _, valid = raster
    blank = merge_parts(cut(*raster, strip_heights)).blank
    areas, count = ndimage.label(~valid)
    assert set(areas[tuple(blank.T)].tolist()) == set(range(1, count + 1))


@given(raster=rasters(), strip_heights=heights)
def test_parts_come_back_from_their_file(
    tmp_path_factory: pytest.TempPathFactory,
    raster: tuple[Probability, Flags],
    strip_heights: list[int],
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    strips = cut(*raster, strip_heights)
    for index, strip in enumerate(strips):
        strip.save(folder / f"{index}.npz")
    kept = [Parts.load(folder / f"{index}.npz") for index in range(len(strips))]
    assert [path.name for path in sorted(folder.iterdir())] == sorted(
        f"{index}.npz" for index in range(len(strips))
    )
    assert_same(merge_parts(kept), merge_parts(strips))
    for one, two in zip(kept, strips, strict=True):
        np.testing.assert_array_equal(one.seam, two.seam)


def test_only_parts_beside_another_strip_are_on_a_seam() -> None:
    mask = np.zeros((9, 9), np.bool_)
    mask[0, 0] = mask[1:3, 4] = mask[4, 1:3] = mask[8, 8] = mask[4, 7] = True
    top, middle, bottom = cut(*of_mask(mask), [3])
    assert top.seam.tolist() == [False, True]
    assert middle.seam.tolist() == [False, False]
    assert bottom.seam.tolist() == [False]


def test_strips_so_far_are_bodies_that_touch_where_they_were_cut() -> None:
    mask = np.zeros((9, 6), np.bool_)
    mask[1:8, 1:3] = mask[4, 4] = True
    middle = merge_parts(cut(*of_mask(mask), [3])[1:2])
    assert middle.touches_edge.tolist() == [True, False]
    assert middle.first.tolist() == [[3, 1], [4, 4]]


def test_strips_that_do_not_follow_each_other_are_refused() -> None:
    strips = cut(*of_mask(np.ones((9, 4), np.bool_)), [3])
    with pytest.raises(ValueError, match="does not follow"):
        merge_parts([strips[0], strips[2]])
    with pytest.raises(ValueError, match="no strips"):
        merge_parts([])


@pytest.mark.parametrize(
    ("threshold", "least"), [(0.0, 1), (0.5, 32768), (0.25, 16384), (1.0, None)]
)
def test_water_is_strictly_above_the_threshold(threshold: float, least: int | None) -> None:
    everything = np.arange(65536, dtype=np.uint16).reshape(1, 256, 256)
    water = water_pixels(everything, np.ones((256, 256), np.bool_), threshold)
    assert (everything[water].min() if water.any() else None) == least


def test_each_label_may_have_its_own_threshold() -> None:
    probability = np.full((2, 1, 1), 30000, np.uint16)
    water = water_pixels(probability, np.ones((1, 1), np.bool_), (0.4, 0.5))
    assert water.ravel().tolist() == [True, False]


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    (strip,) = cut(*of_mask(np.ones((2, 2), np.bool_)), [2])
    with pytest.raises(OutputError, match="work folder") as caught:
        strip.save(tmp_path / "nowhere" / "0.npz")
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOENT
