# SPDX-License-Identifier: GPL-3.0-or-later
"""Polygons burnt a window at a time give the pixels that GDAL gives for all at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.features import rasterize

from waterseg_core.geo import Window
from waterseg_core.raster_burn import Burner

HEIGHT, WIDTH = 150, 190


def rough(seed: int, vertices: int) -> Any:
    """A ragged shape with holes that reaches beyond the grid, made valid."""
    chance = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    middle = chance.uniform(0, 150, 2)
    far = chance.uniform(30, 120) * (1 + 0.2 * np.sin(7 * angle)) + chance.normal(0, 2, vertices)
    ring = middle + far[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    hole = shapely.Point(middle).buffer(12)
    return shapely.make_valid(shapely.Polygon(ring)) - hole


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from([20, 300, 4000]), st.integers(24, 90))
def test_windows_are_parts_of_the_whole(seed: int, vertices: int, step: int) -> None:
    shapes = [rough(seed, vertices), rough(seed + 1, 30)]
    burner = Burner(shapes, [1, 2], HEIGHT, WIDTH)
    pairs = [(shape, value) for shape, value in zip(shapes, (1, 2), strict=True)]
    whole = rasterize(pairs, out_shape=(HEIGHT, WIDTH), dtype="uint8")
    for row in range(0, HEIGHT, step):
        for col in range(0, WIDTH, step):
            window = Window(row, col, min(step, HEIGHT - row), min(step, WIDTH - col))
            np.testing.assert_array_equal(burner.burn(window), whole[window.slices])


def test_the_last_polygon_counts_and_lines_do_not() -> None:
    first, second = shapely.box(0, 0, 6, 6), shapely.box(3, 3, 9, 9)
    line = shapely.GeometryCollection([shapely.LineString([(0, 8), (9, 8)])])
    burnt = Burner([first, second, line], [1, 2, 3], 10, 10).burn(Window(0, 0, 10, 10))
    assert burnt[1, 1] == 1
    assert burnt[4, 4] == burnt[8, 8] == 2
    assert burnt[9, 9] == burnt[8, 1] == 0


def test_a_fingerprint_changes_with_a_vertex_or_a_value() -> None:
    shape, moved = shapely.box(0, 0, 6, 6), shapely.box(0, 0, 6, 6.5)
    prints = {
        Burner([one], [value], 10, 10).fingerprint()
        for one, value in ((shape, 1), (shape, 2), (moved, 1))
    }
    assert len(prints) == 3
    assert Burner([shape], [1], 10, 10).fingerprint() in prints
