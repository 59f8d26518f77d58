# SPDX-License-Identifier: GPL-3.0-or-later
"""The fast GELU is the GELU by tanh, and stands in for nothing else."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional
from transformers.activations import ACT2FN

from waterseg_core.paligemma.gelu import Gelu, activation_of, gelu, quicken

MANY = 5000


@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=64))
def test_it_is_the_gelu_by_tanh(values: list[float]) -> None:
    states = torch.tensor(values, dtype=torch.float32).repeat(MANY)
    true = functional.gelu(states.double(), approximate="tanh").float()
    with torch.inference_mode():
        torch.testing.assert_close(gelu(states), true, rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), 3e38, -3e38])
def test_what_overflows_is_no_number_only_where_it_is_none_in_pytorch(value: float) -> None:
    states = torch.tensor([value]).repeat(MANY)
    with torch.inference_mode():
        found, true = gelu(states), functional.gelu(states, approximate="tanh")
    torch.testing.assert_close(found, true, equal_nan=True)


def test_states_are_left_alone() -> None:
    states = torch.randn(5, MANY)
    kept = states.clone()
    with torch.inference_mode():
        gelu(states)
    assert torch.equal(states, kept)


def test_where_something_learns_pytorch_computes_it() -> None:
    states = torch.randn(MANY, requires_grad=True)
    gelu(states).sum().backward()
    again = states.detach().clone().requires_grad_()
    functional.gelu(again, approximate="tanh").sum().backward()
    assert torch.equal(states.grad, again.grad)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["gelu_pytorch_tanh", "gelu", "silu", "relu"])
def test_only_the_gelu_by_tanh_is_replaced(name: str) -> None:
    layer = nn.Module()
    layer.activation_fn = ACT2FN[name]
    quicken(layer)
    replaced = isinstance(layer.activation_fn, Gelu)
    assert replaced is (name == "gelu_pytorch_tanh")
    assert (activation_of(ACT2FN[name]) is gelu) is (name == "gelu_pytorch_tanh")
