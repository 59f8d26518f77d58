# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks and positions say what the prefix language model means, token by token."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from waterseg_core.paligemma.cache import Cache
from waterseg_core.paligemma.grid import grid_mask
from waterseg_core.paligemma.masks import as_bias, packed_mask, packed_positions, prefix_mask

ROWS = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), min_size=1, max_size=4)


@given(ROWS, st.integers(0, 3))
def test_a_prefix_looks_both_ways_and_a_suffix_back(
    rows: list[tuple[int, int]], spare: int
) -> None:
    width = max(prefix + suffix for prefix, suffix in rows) + spare
    prefixes = torch.tensor([prefix for prefix, _ in rows])
    mask = prefix_mask(prefixes, torch.tensor([sum(row) for row in rows]), width)
    assert mask.shape == (len(rows), 1, width, width)
    for row, (prefix, suffix) in enumerate(rows):
        for query in range(width):
            seen = {key for key in range(width) if mask[row, 0, query, key]}
            if query < prefix:
                assert seen == set(range(prefix))
            elif query < prefix + suffix:
                assert seen == set(range(query + 1))
            else:
                assert seen == {query}


@given(st.integers(1, 5), st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_packed_branches_see_the_prefix_and_themselves(prefix: int, branches: list[int]) -> None:
    mask, positions = packed_mask(prefix, branches)[0, 0], packed_positions(prefix, branches)[0]
    assert positions[:prefix].tolist() == list(range(1, prefix + 1))
    start = prefix
    for count in branches:
        alone = prefix_mask(torch.tensor([prefix]), torch.tensor([prefix + count]), prefix + count)
        own = [*range(prefix), *range(start, start + count)]
        assert torch.equal(mask[own][:, own], alone[0, 0])
        assert mask[start : start + count].sum() == alone[0, 0, prefix:].sum()
        assert positions[start : start + count].tolist() == list(
            range(prefix + 1, prefix + count + 1)
        )
        start += count


@given(st.integers(0, 4), st.integers(1, 5), st.integers(1, 4))
def test_the_grid_is_packed_branches_in_another_order(prefix: int, boxes: int, steps: int) -> None:
    packed = packed_mask(prefix, [steps] * boxes)[0, 0, prefix:]
    order = [prefix + box * steps + step for step in range(steps) for box in range(boxes)]
    columns = [*range(prefix), *order]
    rows = [place - prefix for place in order]
    assert torch.equal(grid_mask(prefix, boxes, steps), packed[rows][:, columns])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_a_bias_is_zero_or_the_lowest_number(dtype: torch.dtype) -> None:
    bias = as_bias(torch.tensor([True, False]), dtype)
    assert bias.tolist() == [0, torch.finfo(dtype).min]
    assert bias.dtype == dtype


def cache_of(rows: int, slots: int) -> Cache:
    return Cache(1, (rows, 1, slots, 1), torch.float32, torch.device("cpu"))


def test_a_cache_hands_back_what_was_written() -> None:
    cache, numbers = cache_of(2, 5), torch.arange(6.0).view(2, 1, 3, 1)
    cache.append(0, numbers[:, :, :2], -numbers[:, :, :2])
    cache.advance(2)
    keys, values = cache.append(0, numbers[:, :, 2:], -numbers[:, :, 2:])
    assert torch.equal(keys, numbers)
    assert torch.equal(values, -numbers)


def test_a_cache_keeps_the_rows_it_is_told() -> None:
    cache, numbers = cache_of(3, 4), torch.arange(6.0).view(3, 1, 2, 1)
    cache.append(0, numbers, numbers)
    cache.advance(2)
    cache.keep(torch.tensor([2, 0]))
    keys, _ = cache.append(0, torch.zeros(2, 1, 1, 1), torch.zeros(2, 1, 1, 1))
    assert cache.rows == 2
    assert torch.equal(keys[:, :, :2], numbers[[2, 0]])


def test_holes_are_not_looked_at() -> None:
    cache = cache_of(2, 6)
    cache.punch(torch.tensor([[True, True], [False, True]]))
    cache.advance(2)
    cache.punch(torch.tensor([[True, False]] * 2))
    mask = cache.mask(2)
    assert mask is not None
    assert mask[:, 0].tolist() == [
        [[True, True, True, False], [True, True, True, True]],
        [[False, True, True, False], [False, True, True, True]],
    ]


def test_one_token_without_holes_needs_no_mask() -> None:
    cache = cache_of(2, 6)
    cache.advance(3)
    assert cache.mask(1) is None
