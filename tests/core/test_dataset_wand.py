# SPDX-License-Identifier: GPL-3.0-or-later
"""The magic wand grows by colour, stays connected, keeps islands and tells an exact outline."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from waterseg_core.dataset.wand import grow, outline
from waterseg_core.errors import OptionError


def picture() -> np.ndarray:
    """Land of 120, a lake of 40 with an island of 120, and a second lake apart: (60, 80, 3)."""
    image = np.full((60, 80, 3), 120, np.uint8)
    image[10:50, 10:50] = 40
    image[25:35, 25:35] = 120
    image[10:50, 60:75] = 40
    return image


def test_a_click_takes_the_lake_with_its_island_and_not_the_other_lake() -> None:
    grown = grow(picture(), 15, 15, 20)
    expected = np.zeros((60, 80), bool)
    expected[10:50, 10:50] = True
    expected[25:35, 25:35] = False
    # The median rounds corners, by a pixel each.
    assert np.count_nonzero(grown != expected) <= 8
    shape = shapely.geometry.shape(outline(grown))
    assert shape.is_valid
    assert shape.area == grown.sum()
    assert len(shape.interiors) == 1


def test_more_tolerance_takes_more_and_all_of_it_takes_everything() -> None:
    sizes = [grow(picture(), 15, 15, tolerance).sum() for tolerance in (0, 20, 79, 80, 255)]
    assert sizes == sorted(sizes)
    assert sizes[-1] == sizes[-2] == 60 * 80


def test_grain_neither_stops_it_nor_leaves_pinholes() -> None:
    noisy = picture().astype(int)
    noisy += np.random.default_rng(0).integers(-6, 7, noisy.shape)
    noisy[12, 12], noisy[40, 20] = 255, 255
    shape = shapely.geometry.shape(outline(grow(noisy.astype(np.uint8), 30, 15, 24)))
    assert len(shape.interiors) == 1
    assert shape.area == pytest.approx(40 * 40 - 100, rel=0.02)


@given(st.integers(0, 59), st.integers(0, 79), st.floats(0, 255))
def test_the_clicked_pixel_is_always_in_the_outline(row: int, col: int, tolerance: float) -> None:
    grown = grow(picture(), row, col, tolerance)
    assert grown[row, col]
    shape = shapely.geometry.shape(outline(grown))
    assert shape.contains(shapely.Point(col + 0.5, row + 0.5))


@pytest.mark.parametrize(
    ("row", "col", "tolerance"), [(-1, 0, 5), (60, 0, 5), (0, 80, 5), (0, 0, 256)]
)
def test_a_click_outside_or_a_wild_tolerance_is_refused(
    row: int, col: int, tolerance: float
) -> None:
    with pytest.raises(OptionError):
        grow(picture(), row, col, tolerance)
