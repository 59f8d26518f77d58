# SPDX-License-Identifier: GPL-3.0-or-later
"""Patches by a matrix product are those of the convolution, and stand in for nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from waterseg_core.paligemma.patches import Patches, in_rows


def tower(**options: Any) -> nn.Module:
    inner = nn.Module()
    inner.patch_embedding = nn.Conv2d(3, 10, **options)
    return nn.Sequential(inner)


@given(st.integers(1, 4), st.integers(4, 40), st.integers(4, 40), st.booleans())
def test_they_are_those_of_the_convolution(rows: int, high: int, wide: int, bias: bool) -> None:
    conv = nn.Conv2d(3, 10, kernel_size=4, stride=4, bias=bias)
    pixels = torch.randn(rows, 3, high, wide)
    with torch.inference_mode():
        torch.testing.assert_close(Patches(conv)(pixels), conv(pixels), rtol=1e-4, atol=1e-5)


def test_a_patch_is_a_row_of_memory() -> None:
    with torch.inference_mode():
        found = Patches(nn.Conv2d(3, 10, 4, 4))(torch.randn(2, 3, 16, 20))
    assert found.flatten(2).transpose(1, 2).is_contiguous()


def test_parameters_stay_the_same_objects_under_the_same_names() -> None:
    whole = tower(kernel_size=4, stride=4)
    before = dict(whole.named_parameters())
    in_rows(whole)
    assert isinstance(whole[0].patch_embedding, Patches)  # type: ignore[index]
    after = dict(whole.named_parameters())
    assert list(after) == list(before)
    assert all(after[name] is before[name] for name in before)


def test_where_something_learns_it_is_the_convolution_bit_for_bit() -> None:
    conv, pixels = nn.Conv2d(3, 10, 4, 4), torch.randn(2, 3, 16, 16)
    assert torch.equal(Patches(conv)(pixels), conv(pixels))


@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 4, "stride": 2},
        {"kernel_size": 4, "stride": 4, "padding": 1},
        {"kernel_size": 2, "stride": 2, "dilation": 2},
    ],
)
def test_other_convolutions_stay(options: dict[str, Any]) -> None:
    whole = tower(**options)
    in_rows(whole)
    assert type(whole[0].patch_embedding) is nn.Conv2d  # type: ignore[index]
