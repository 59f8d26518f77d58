# SPDX-License-Identifier: GPL-3.0-or-later
"""Trace: outlines equal GDAL's, and filling them gives the pixels back."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import rasterio.features
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import ndimage
from shapely.geometry import shape

from waterseg_core.rings import Rings
from waterseg_core.seams import straightened
from waterseg_core.trace import trace

Mask = npt.NDArray[np.bool_]


def masks(side: int = 14) -> st.SearchStrategy[Mask]:
    """Small rasters, most of them full of corners, holes and diagonal touches."""
    size = st.tuples(st.integers(1, side), st.integers(1, side))
    noise = st.builds(
        lambda shape, seed, share: np.random.default_rng(seed).random(shape) < share,
        size,
        st.integers(0, 2**32 - 1),
        st.floats(0.05, 0.95),
    )
    drawn: st.SearchStrategy[Mask] = arrays.arrays(np.bool_, size)
    return st.one_of(noise, drawn)


def traced(mask: Mask) -> npt.NDArray[np.object_]:
    framed, _ = ndimage.label(np.pad(mask, 1))
    return trace(framed).polygons()


def by_gdal(mask: Mask) -> npt.NDArray[np.object_]:
    """The same outlines made by GDAL."""
    found = rasterio.features.shapes(mask.astype(np.uint8), mask=mask, connectivity=4)
    return np.array([shape(outline) for outline, _ in found], dtype=object)


def wkb(polygons: npt.NDArray[np.object_]) -> list[bytes]:
    """Normalised and sorted, so that equal means equal byte for byte."""
    if len(polygons) == 0:
        return []
    known: Any = shapely.to_wkb(shapely.normalize(polygons))
    return sorted(known.tolist())


@given(masks())
def test_outlines_are_gdals_byte_for_byte(mask: Mask) -> None:
    assert wkb(traced(mask)) == wkb(by_gdal(mask))


@given(masks())
def test_every_outline_is_valid_and_its_shell_turns_from_x_to_y(mask: Mask) -> None:
    framed, _ = ndimage.label(np.pad(mask, 1))
    rings = trace(framed)
    assert shapely.is_valid(rings.polygons()).all()
    np.testing.assert_array_equal(rings.signed_areas() > 0, rings.is_shell)


@given(masks())
def test_filling_the_outlines_gives_the_pixels_back(mask: Mask) -> None:
    polygons = traced(mask)
    assert shapely.area(polygons).sum() == mask.sum()
    if len(polygons):
        filled = rasterio.features.rasterize(list(polygons), out_shape=mask.shape)
        np.testing.assert_array_equal(filled > 0, mask)


def test_components_keep_their_number() -> None:
    framed = np.zeros((5, 8), np.int32)
    framed[1:3, 1:3], framed[1, 4:7], framed[3, 3] = 2, 3, 1
    assert [int(area) for area in shapely.area(trace(framed).polygons())] == [1, 4, 3]


@pytest.mark.parametrize(
    ("drawing", "bodies", "holes"),
    [
        ("# . #", 2, 0),
        ("# .|. #", 2, 0),
        ("# # #|# . #|# # #", 1, 1),
        ("# # .|# . #|# # #", 1, 1),
        ("# # # #|# . # #|# # . #|# # # #", 1, 2),
        ("# # # # #|# . . . #|# . # . #|# . . . #|# # # # #", 2, 1),
    ],
)
def test_what_touches_in_a_corner_is_apart(drawing: str, bodies: int, holes: int) -> None:
    mask = np.array([[cell == "#" for cell in row.split()] for row in drawing.split("|")])
    polygons = traced(mask)
    assert len(polygons) == bodies
    assert shapely.get_num_interior_rings(polygons).sum() == holes


def test_no_water_gives_no_outline() -> None:
    assert len(traced(np.zeros((3, 4), np.bool_))) == 0


@given(masks())
def test_vertices_on_straight_lines_leave_nothing_behind(mask: Mask) -> None:
    polygons = traced(mask)
    if len(polygons):
        cluttered = Rings.of(shapely.segmentize(polygons, 1.0))
        assert wkb(straightened(cluttered).polygons()) == wkb(polygons)


@given(masks(), st.data())
def test_rings_are_chosen_and_joined_like_polygons(mask: Mask, data: st.DataObject) -> None:
    polygons = traced(mask)
    rings = Rings.of(polygons)
    which = np.array(data.draw(st.lists(st.booleans(), min_size=len(rings), max_size=len(rings))))
    chosen, others = rings.take(which.astype(bool)), rings.take(~which.astype(bool))
    assert wkb(chosen.polygons()) == wkb(polygons[which.astype(bool)])
    assert wkb(Rings.joined([chosen, others]).polygons()) == wkb(polygons)
    np.testing.assert_allclose(
        np.abs(rings.polygon_sums(rings.signed_areas())), shapely.area(polygons)
    )


@given(masks())
def test_rings_without_holes_are_shells(mask: Mask) -> None:
    polygons = traced(mask)
    rings = Rings.of(polygons)
    shells = rings.without_rings(~rings.is_shell).polygons()
    if len(polygons):
        assert wkb(shells) == wkb(shapely.polygons(shapely.get_exterior_ring(polygons)))
