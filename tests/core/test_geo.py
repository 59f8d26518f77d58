# SPDX-License-Identifier: GPL-3.0-or-later
"""The laws of Window, Georef and Tile."""

from __future__ import annotations

import math

import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod

from waterseg_core.geo import Georef, Tile, Window

windows = st.builds(
    Window,
    st.integers(-20, 20),
    st.integers(-20, 20),
    st.integers(1, 20),
    st.integers(1, 20),
)


def pixels(window: Window) -> set[tuple[int, int]]:
    rows, cols = window.slices
    return {(r, c) for r in range(rows.start, rows.stop) for c in range(cols.start, cols.stop)}


@given(windows, windows)
def test_intersection_holds_the_pixels_that_both_hold(a: Window, b: Window) -> None:
    both = a.intersection(b)
    assert (pixels(both) if both else set()) == pixels(a) & pixels(b)
    assert a.contains(b) == (pixels(b) <= pixels(a))


@given(windows, st.integers(-9, 9), st.integers(-9, 9))
def test_shifted_there_and_back_is_the_same_window(window: Window, drow: int, dcol: int) -> None:
    assert window.shifted(drow, dcol).shifted(-drow, -dcol) == window
    assert window.shifted(drow, dcol).area == window.area == len(pixels(window))


@pytest.mark.parametrize("size", [(0, 3), (3, 0), (-1, 3)])
def test_an_empty_window_cannot_be_made(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        Window(0, 0, *size)


ROTATED = Affine.translation(500_000, 4_000_000) @ Affine.rotation(30) @ Affine.scale(10, -10)


@given(windows)
def test_a_windows_own_georef_puts_its_corner_where_the_scene_has_it(window: Window) -> None:
    here = Georef(ROTATED, None).at(window).transform @ (3, 2)
    assert here == pytest.approx(ROTATED @ (window.col + 3, window.row + 2))


def test_scaled_keeps_the_extent() -> None:
    georef = Georef(ROTATED, None)
    assert georef.scaled(4, 2).bounds(5, 10) == pytest.approx(georef.bounds(20, 20))
    assert georef.scaled(4).bounds(5, 5) == pytest.approx(georef.bounds(20, 20))


def test_bounds_of_a_rotated_grid_hold_all_four_corners() -> None:
    left, bottom, right, top = Georef(Affine.rotation(45), None).bounds(10, 10)
    side = 10 * math.sqrt(2)
    assert (left, bottom, right, top) == pytest.approx((-side / 2, 0, side / 2, side))


@pytest.mark.parametrize(
    ("crs", "transform", "metres"),
    [
        (32621, Affine(30, 0, 717_345, 0, -30, -2_776_995), 30),
        (32632, ROTATED, 10),
        (2263, Affine(3, 0, 1_000_000, 0, -3, 200_000), 3 * 0.3048006096),
        # Web Mercator at 60 degrees north: the ground is half as long as the map says.
        (3857, Affine(10, 0, 0, 0, -10, 8_399_738), 5.01),
    ],
)
def test_pixel_size_is_in_metres_on_the_ground(crs: int, transform: Affine, metres: float) -> None:
    size = Georef(transform, CRS.from_epsg(crs)).pixel_size_m(2, 2)
    assert size == pytest.approx(metres, rel=2e-3)


def test_pixel_size_in_degrees_is_measured_on_the_ellipsoid() -> None:
    step = 1 / 3600
    transform = Affine(step, 0, 13 - step, 0, -step, 60 + step)
    geod = Geod(ellps="WGS84")
    ring = [(13, 60), (13 + step, 60), (13 + step, 60 + step), (13, 60 + step)]
    area, _ = geod.polygon_area_perimeter(*zip(*ring, strict=True))
    size = Georef(transform, CRS.from_epsg(4326)).pixel_size_m(2, 2)
    assert size == pytest.approx(math.sqrt(abs(area)), rel=1e-4)


def test_pixel_size_of_a_sheared_grid_is_that_of_its_area() -> None:
    sheared = Affine(10, 6, 500_000, 0, -10, 4_000_000)
    assert Georef(sheared, CRS.from_epsg(32632)).pixel_size_m(2, 2) == pytest.approx(10)


def test_pixel_size_is_unknown_without_a_crs() -> None:
    assert Georef(ROTATED, None).pixel_size_m(10, 10) is None


def test_pixel_size_of_a_site_plan_uses_its_unit() -> None:
    plan = CRS.from_wkt(
        'LOCAL_CS["site",LOCAL_DATUM["site",0],UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]'
    )
    assert Georef(Affine(0.5, 0, 0, 0, -0.5, 0), plan).pixel_size_m(10, 10) == pytest.approx(0.5)


def test_a_tile_checks_its_arrays() -> None:
    window, georef = Window(0, 0, 4, 5), Georef(Affine.identity(), None)
    rgb, valid = np.zeros((4, 5, 3), np.uint8), np.ones((4, 5), bool)
    tile = Tile(rgb, valid, window, georef)
    assert (tile.height, tile.width) == (4, 5)
    with pytest.raises(ValueError, match="rgb"):
        Tile(rgb.astype(np.float32), valid, window, georef)
    with pytest.raises(ValueError, match="rgb"):
        Tile(rgb[:, :4], valid, window, georef)
    with pytest.raises(ValueError, match="valid"):
        Tile(rgb, valid.astype(np.uint8), window, georef)
