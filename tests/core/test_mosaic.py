# SPDX-License-Identifier: GPL-3.0-or-later
"""Mosaic: the blend is exact, whatever the tiles, their order and the strips."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterseg_core.errors import ModelError
from waterseg_core.grid import GridTile, TileGrid
from waterseg_core.mosaic import FinishedRows, Mosaic, quantise

Mask = npt.NDArray[np.float32]
Segment = Callable[[GridTile], Mask]


@st.composite
def grids(draw: st.DrawFn) -> TileGrid:
    tile = draw(st.integers(1, 12))
    return TileGrid(
        height=draw(st.integers(1, 40)),
        width=draw(st.integers(1, 40)),
        tile=tile,
        overlap_px=draw(st.integers(0, tile - 1)),
        rows_per_strip=draw(st.integers(1, 4)),
    )


def scene(grid: TileGrid, seed: int, labels: int = 1) -> tuple[Mask, npt.NDArray[np.bool_]]:
    """Random probabilities and a valid mask with holes for a whole raster."""
    rng = np.random.default_rng(seed)
    masks = rng.random((labels, grid.height, grid.width), dtype=np.float32)
    masks[rng.random(masks.shape) < 0.2] = 1.0
    return masks, rng.random((grid.height, grid.width)) < rng.choice([0.3, 0.9, 1.0])


def blended(
    grid: TileGrid,
    segment: Segment,
    valid: npt.NDArray[np.bool_],
    *,
    seed: int | None = None,
    labels: int = 1,
) -> FinishedRows:
    """The whole raster, its tiles fed in reading order or shuffled by `seed`."""
    mosaic, taken = Mosaic(grid, labels), []
    for strip in grid.strips:
        tiles = list(strip.tiles)
        if seed is not None:
            np.random.default_rng(seed).shuffle(tiles)  # type: ignore[arg-type]
        for tile in tiles:
            mosaic.feed(tile, segment(tile), valid[tile.window.slices])
        taken.append(mosaic.take(strip))
    return FinishedRows(
        np.concatenate([rows.probability for rows in taken], axis=1),
        np.concatenate([rows.valid for rows in taken]),
    )


def disputed(grid: TileGrid, labels: int = 1) -> Segment:
    """A segmenter whose tiles disagree where they overlap."""

    def segment(tile: GridTile) -> Mask:
        rng = np.random.default_rng(tile.row_index * 1000 + tile.col_index)
        return rng.random((labels, *tile.window.shape), dtype=np.float32)

    return segment


@given(grids(), st.integers(0, 99), st.integers(1, 3))
def test_a_pixelwise_mask_comes_out_as_its_quantisation(
    grid: TileGrid, seed: int, labels: int
) -> None:
    masks, valid = scene(grid, seed, labels)
    result = blended(
        grid, lambda tile: masks[:, *tile.window.slices], valid, seed=seed, labels=labels
    )
    np.testing.assert_array_equal(result.probability, np.where(valid, quantise(masks), 0))
    np.testing.assert_array_equal(result.valid, valid)


@given(grids(), st.integers(0, 99))
def test_the_order_of_tiles_does_not_matter(grid: TileGrid, seed: int) -> None:
    valid = np.ones((grid.height, grid.width), np.bool_)
    in_order = blended(grid, disputed(grid), valid)
    shuffled = blended(grid, disputed(grid), valid, seed=seed)
    np.testing.assert_array_equal(in_order.probability, shuffled.probability)


@given(grids(), st.integers(1, 6))
def test_the_height_of_strips_does_not_matter(grid: TileGrid, rows_per_strip: int) -> None:
    other = TileGrid(grid.height, grid.width, grid.tile, grid.overlap_px, rows_per_strip)
    valid = np.ones((grid.height, grid.width), np.bool_)
    one = blended(grid, disputed(grid), valid)
    two = blended(other, disputed(other), valid)
    np.testing.assert_array_equal(one.probability, two.probability)


@given(grids())
def test_nodata_never_becomes_water(grid: TileGrid) -> None:
    valid = np.random.default_rng(5).random((grid.height, grid.width)) < 0.5
    everything = blended(grid, lambda tile: np.ones((1, *tile.window.shape), np.float32), valid)
    np.testing.assert_array_equal(everything.probability[0], np.where(valid, 65535, 0))


@given(grids(), st.data())
def test_a_mosaic_goes_on_from_what_was_carried(grid: TileGrid, data: st.DataObject) -> None:
    valid = np.random.default_rng(1).random((grid.height, grid.width)) < 0.8
    whole = blended(grid, disputed(grid, 2), valid, labels=2)
    stop_after = data.draw(st.integers(0, len(grid.strips)))
    mosaic, taken = Mosaic(grid, 2), []
    for strip in grid.strips:
        if strip.index == stop_after:
            mosaic = Mosaic.restore(grid, mosaic.carry())
        for tile in strip.tiles:
            mosaic.feed(tile, disputed(grid, 2)(tile), valid[tile.window.slices])
        taken.append(mosaic.take(strip))
    np.testing.assert_array_equal(
        np.concatenate([rows.probability for rows in taken], axis=1), whole.probability
    )
    np.testing.assert_array_equal(np.concatenate([rows.valid for rows in taken]), whole.valid)


def test_the_blend_moves_from_one_tile_to_the_other_across_the_overlap() -> None:
    grid = TileGrid(8, 28, tile=16, overlap_px=4)

    def segment(tile: GridTile) -> Mask:
        return np.full((1, *tile.window.shape), float(tile.col_index), np.float32)

    row = blended(grid, segment, np.ones((8, 28), np.bool_)).probability[0, 0]
    assert (row[:12] == 0).all()
    assert (row[16:] == 65535).all()
    assert (np.diff(row[11:17].astype(int)) > 0).all()


def test_memory_does_not_grow_with_the_height_of_the_raster() -> None:
    low, high = (Mosaic(TileGrid(rows, 500, tile=64, overlap_px=16)) for rows in (200, 20_000))
    assert low.nbytes == high.nbytes
    assert low.nbytes < 64 * 500 * 6 + 64 * 64 * 8


def test_a_tile_without_data_need_not_be_fed() -> None:
    grid = TileGrid(10, 10, tile=5, overlap_px=0)
    mosaic = Mosaic(grid)
    (first, second) = grid.strips
    mosaic.feed(first.tiles[0], np.ones((1, 5, 5), np.float32), np.ones((5, 5), np.bool_))
    rows = mosaic.take(first)
    assert rows.valid.sum() == 25
    assert not mosaic.take(second).valid.any()


@pytest.mark.parametrize("wrong", [np.nan, -0.01, 1.01, np.inf])
def test_masks_that_are_no_probabilities_are_refused(wrong: float) -> None:
    grid = TileGrid(4, 4, tile=4, overlap_px=0)
    mask = np.zeros((1, 4, 4), np.float32)
    mask[0, 1, 2] = wrong
    with pytest.raises(ModelError, match="between 0 and 1"):
        Mosaic(grid).feed(grid.tile_at(0, 0), mask, np.ones((4, 4), np.bool_))


def test_tiles_are_fed_once_and_in_their_strip() -> None:
    grid = TileGrid(20, 5, tile=5, overlap_px=0)
    mask, valid = np.zeros((1, 5, 5), np.float32), np.ones((5, 5), np.bool_)
    mosaic = Mosaic(grid)
    with pytest.raises(ValueError, match="not in strip 0"):
        mosaic.feed(grid.tile_at(1, 0), mask, valid)
    mosaic.feed(grid.tile_at(0, 0), mask, valid)
    with pytest.raises(ValueError, match="fed before"):
        mosaic.feed(grid.tile_at(0, 0), mask, valid)
    with pytest.raises(ValueError, match="comes next"):
        mosaic.take(grid.strips[1])
    with pytest.raises(ValueError, match="between strips"):
        mosaic.carry()
    with pytest.raises(ValueError, match="has masks"):
        Mosaic(grid).feed(grid.tile_at(0, 0), mask[0], valid)


def test_what_another_grid_carried_is_refused() -> None:
    small, large = TileGrid(40, 30, 8, 4), TileGrid(40, 31, 8, 4)
    mosaic = Mosaic(small)
    mosaic.take(small.strips[0])
    with pytest.raises(ValueError, match="Carried sums"):
        Mosaic.restore(large, mosaic.carry())
