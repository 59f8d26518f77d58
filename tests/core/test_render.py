# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture shows the water where it is, at the shape that it has on the ground."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import CRS

from waterseg_core.geo import Georef
from waterseg_core.render import Caption, draw_water

GREY = np.full((40, 60, 3), 90, np.uint8)


def test_water_is_blue_and_an_island_is_not() -> None:
    georef = Georef(Affine(30, 0, 500000, 0, -30, 5000000), CRS.from_epsg(32633))
    lake = shapely.box(500300, 4999100, 501500, 4999900)
    lake -= shapely.box(500800, 4999400, 501000, 4999600)
    picture = np.asarray(draw_water(GREY, georef, [lake], Caption("A lake"), longest_px=600))
    assert picture.shape[1] == 600
    assert picture.shape[0] > 400, "the caption is below the image"
    water, island, land = picture[80, 150], picture[167, 300], picture[20, 300]
    assert water[2] > water[0] + 40
    assert np.ptp(island) < 5
    assert np.ptp(land) < 5


@pytest.mark.parametrize(("latitude", "height"), [(0, 400), (60, 800)])
def test_degrees_are_drawn_as_tall_as_they_are_on_the_ground(latitude: int, height: int) -> None:
    georef = Georef(Affine(0.001, 0, 10, 0, -0.001, latitude + 0.02), CRS.from_epsg(4326))
    picture = draw_water(GREY, georef, [], Caption(""), longest_px=max(600, height))
    assert picture.width == 600
    assert picture.height == pytest.approx(height, abs=12)


def test_a_picture_without_a_place_has_no_scale_bar() -> None:
    georef = Georef(Affine.identity(), None)
    picture = np.asarray(draw_water(GREY, georef, [], Caption(""), longest_px=300))
    assert np.ptp(picture[:200].astype(int)) == 0
