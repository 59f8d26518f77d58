# SPDX-License-Identifier: GPL-3.0-or-later
"""The laws of TileGrid: cover everything, weigh exactly, partition the rows."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterseg_core.errors import OptionError
from waterseg_core.grid import AXIS_WEIGHT, PIXEL_WEIGHT, TileGrid


@st.composite
def grids(draw: st.DrawFn) -> TileGrid:
    tile = draw(st.integers(1, 40))
    size = st.integers(1, min(130, 12 * tile))
    return TileGrid(
        draw(size),
        draw(size),
        tile,
        draw(st.integers(0, tile - 1)),
        draw(st.integers(1, 4)),
    )


@given(grids())
def test_weights_of_all_tiles_sum_to_65536_on_every_pixel(grid: TileGrid) -> None:
    total = np.zeros((grid.height, grid.width), np.int64)
    for tile in grid:
        down, across = grid.weights(tile)
        assert down.dtype == across.dtype == np.uint16
        assert (down.size, across.size) == tile.window.shape
        assert max(down.max(), across.max()) <= AXIS_WEIGHT
        total[tile.window.slices] += np.multiply.outer(down.astype(int), across.astype(int))
    assert (total == PIXEL_WEIGHT).all()


@given(grids())
def test_windows_lie_inside_and_neighbours_overlap_enough(grid: TileGrid) -> None:
    for tile in grid:
        window = tile.window
        assert window.row >= 0
        assert window.col >= 0
        assert window.stop_row <= grid.height
        assert window.stop_col <= grid.width
        assert window.height == min(grid.tile, grid.height)
        assert window.width == min(grid.tile, grid.width)
        if tile.col_index:
            left = grid.tile_at(tile.row_index, tile.col_index - 1).window
            assert window.col > left.col
            assert left.stop_col - window.col >= grid.overlap_px
        if tile.row_index:
            above = grid.tile_at(tile.row_index - 1, tile.col_index).window
            assert window.row > above.row
            assert above.stop_row - window.row >= grid.overlap_px


@given(grids())
def test_no_axis_could_do_with_one_tile_less(grid: TileGrid) -> None:
    for size, count in ((grid.height, grid.rows), (grid.width, grid.cols)):
        reach = grid.tile + (count - 2) * (grid.tile - grid.overlap_px)
        assert count == 1 or reach < size


@given(grids())
def test_strips_partition_rows_and_tiles(grid: TileGrid) -> None:
    rows = [row for strip in grid.strips for row in range(strip.row_start, strip.row_stop)]
    assert rows == list(range(grid.height))
    assert all(strip.height >= 1 for strip in grid.strips)
    tiles = [tile for strip in grid.strips for tile in strip.tiles]
    assert tiles == list(grid)
    assert [tile.index for tile in tiles] == list(range(len(grid)))
    assert [strip.index for strip in grid.strips] == list(range(len(grid.strips)))


@given(grids())
def test_no_later_tile_touches_a_finished_row(grid: TileGrid) -> None:
    for strip in grid.strips:
        below = range(strip.tile_rows.stop, grid.rows)
        assert all(grid.tile_at(row, 0).window.row >= strip.row_stop for row in below)


def test_weights_are_flat_in_the_centre_and_ramp_over_the_overlap_only() -> None:
    grid = TileGrid(1, 448, tile=256, overlap_px=64)
    _, left = grid.weights(grid.tile_at(0, 0))
    _, right = grid.weights(grid.tile_at(0, 1))
    assert (left[:192] == AXIS_WEIGHT).all()
    assert (right[64:] == AXIS_WEIGHT).all()
    assert (left[192:] < AXIS_WEIGHT).sum() >= 60
    assert (np.diff(left.astype(int)) <= 0).all()
    assert (np.diff(right.astype(int)) >= 0).all()
    assert (left[192:] == right[:64][::-1]).all(), "neighbours hand over symmetrically"


def test_a_raster_smaller_than_a_tile_is_one_window_of_its_own_size() -> None:
    grid = TileGrid(30, 50, tile=256, overlap_px=64)
    assert len(grid) == 1
    assert next(iter(grid)).window.shape == (30, 50)
    assert [(strip.row_start, strip.row_stop) for strip in grid.strips] == [(0, 30)]


def test_a_small_overlap_is_spread_over_all_seams() -> None:
    starts = [tile.window.col for tile in TileGrid(1, 1000, tile=256, overlap_px=0)]
    assert starts == [0, 248, 496, 744]


def test_a_huge_raster_is_cut_at_once() -> None:
    started = time.process_time()
    grid = TileGrid(200_000, 200_000, tile=256, overlap_px=64)
    assert len(grid) > 1_000_000
    assert grid.strips[-1].row_stop == 200_000
    assert len(grid.strips[500].tiles) == grid.cols
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "size",
    [(0, 5, 4, 1, 1), (5, 5, 0, 0, 1), (5, 5, 4, 4, 1), (5, 5, 4, -1, 1), (5, 5, 4, 1, 0)],
)
def test_nonsense_is_an_option_error(size: tuple[int, int, int, int, int]) -> None:
    with pytest.raises(OptionError):
        TileGrid(*size)
