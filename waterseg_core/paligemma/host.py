# SPDX-License-Identifier: GPL-3.0-or-later
"""Decoding steps on the CPU, with NumPy between the matrix products.

One token of a small model is a few dozen operations on some hundred numbers each: PyTorch takes
longer to begin such an operation than to do it, and NumPy begins several times as fast. So the
products with weights stay PyTorch's, everything between them is NumPy on the same memory, and
keys and values are written into the cache where the rest of the loop finds them. The arithmetic is
that of `Gemma.run` for one token per row; a test holds them together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .cache import Cache
from .gelu import CUBIC, LINEAR, gelu
from .gemma import Gemma
from .gemma_weights import Layer, Norm

Floats = NDArray[np.float32]

#: With more rows PyTorch's operations are worth their beginning.
MOST_ROWS = 8


def suits(gemma: Gemma) -> bool:
    """Whether a language model can be stepped here: on the CPU, in float32, with the usual GELU."""
    return (
        gemma.device.type == "cpu"
        and gemma.dtype == torch.float32
        and all(layer.activation is gelu for layer in gemma.stack)
    )


@dataclass(frozen=True, eq=False)
class _Norm:
    """See `Norm`: `sqrt(n) * scale * x / hypot(|x|, sqrt(n * eps))`."""

    stretched: Floats
    floor: Floats

    @classmethod
    def of(cls, norm: Norm) -> _Norm:
        return cls(norm.stretched.numpy(), norm.floor.numpy())

    @classmethod
    def maybe(cls, norm: Norm | None) -> _Norm | None:
        """Only Gemma 2 has norms behind attention and feed-forward."""
        return None if norm is None else cls.of(norm)

    def __call__(self, states: Floats, out: Floats | None = None) -> Floats:
        length = np.sqrt(np.vecdot(states, states))
        normed: Floats = np.multiply(states, self.stretched, out=out)
        normed /= np.hypot(length, self.floor)[:, None]
        return normed


class _Product:
    """`(rows, n) @ (n, m)`: NumPy fills `given`, PyTorch multiplies, NumPy reads `found`."""

    def __init__(self, rows: int, weight: Tensor) -> None:
        self._weight = weight
        self._given, self._found = (weight.new_empty(rows, size) for size in weight.shape)
        self.given: Floats = self._given.numpy()
        self.found: Floats = self._found.numpy()

    def __call__(self) -> Floats:
        torch.mm(self._given, self._weight, out=self._found)
        return self.found


class _LayerStep:
    """One decoder layer for a fixed number of rows, over the slots of a cache."""

    def __init__(self, gemma: Gemma, layer: Layer, cache: Cache, index: int) -> None:
        rows = cache.rows
        self._heads, self._turning = gemma.heads, gemma.heads + gemma.kv_heads
        self._kv_heads, self._softcap = gemma.kv_heads, gemma.softcap
        self._keys: Floats = cache.keys[index].numpy()
        self._values: Floats = cache.values[index].numpy()
        self._before, self._middle = _Norm.of(layer.before_attention), _Norm.of(layer.before_mlp)
        self._after_attention = _Norm.maybe(layer.after_attention)
        self._after_mlp = _Norm.maybe(layer.after_mlp)
        self._qkv, self._out = _Product(rows, layer.qkv), _Product(rows, layer.out)
        self._gate_up, self._down = _Product(rows, layer.gate_up), _Product(rows, layer.down)
        self._mixed = self._qkv.found.reshape(rows, -1, gemma.head_dim)
        self._rolled = np.empty((rows, self._turning, gemma.head_dim), np.float32)

    def __call__(
        self, states: Floats, turns: tuple[Floats, Floats], slot: int, bias: Floats | None
    ) -> None:
        """Add what the layer finds to the states `(rows, hidden)`, in place."""
        self._before(states, self._qkv.given)
        self._qkv()
        self._attend(self._turned(turns), slot, bias)
        self._add(states, self._out(), self._after_attention)
        self._middle(states, self._gate_up.given)
        wide, half = self._gate_up(), self._down.given.shape[1]
        np.multiply(_gelu(wide[:, :half]), wide[:, half:], out=self._down.given)
        self._add(states, self._down(), self._after_mlp)

    def _turned(self, turns: tuple[Floats, Floats]) -> Floats:
        """Rotated queries, already scaled, and keys: `(rows, heads + kv_heads, d)`."""
        straight, half = self._mixed[:, : self._turning], self._mixed.shape[2] // 2
        self._rolled[..., :half] = straight[..., half:]
        self._rolled[..., half:] = straight[..., :half]
        turned: Floats = straight * turns[0]
        self._rolled *= turns[1]
        turned += self._rolled
        return turned

    def _attend(self, turned: Floats, slot: int, bias: Floats | None) -> None:
        """Write the new key and value, and what the queries find into the next product."""
        rows, depth = turned.shape[0], turned.shape[2]
        self._keys[:, :, slot] = turned[:, self._heads :]
        self._values[:, :, slot] = self._mixed[:, self._turning :]
        keys, values = self._keys[:, :, : slot + 1], self._values[:, :, : slot + 1]
        query = turned[:, : self._heads].reshape(rows, self._kv_heads, -1, depth)
        scores: Floats = np.matmul(query, keys.swapaxes(2, 3))
        if self._softcap is not None:
            scores = np.tanh(scores / self._softcap) * np.float32(self._softcap)
        if bias is not None:
            scores += bias
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        self._out.given.reshape(query.shape)[...] = np.matmul(scores, values)

    @staticmethod
    def _add(states: Floats, found: Floats, norm: _Norm | None) -> None:
        states += found if norm is None else norm(found)


def _gelu(states: Floats) -> Floats:
    """See `gelu`: `x sigmoid(2u)`."""
    turned: Floats = states * states
    turned *= np.float32(-CUBIC)
    turned -= np.float32(LINEAR)
    turned *= states
    np.exp(turned, out=turned)
    turned += 1
    return np.divide(states, turned, out=turned)


class HostSteps:
    """The decoding steps of the rows of a cache; to be used as `graphs.Steps` are."""

    def __init__(self, gemma: Gemma, cache: Cache) -> None:
        self._gemma = gemma
        self._layers = [
            _LayerStep(gemma, layer, cache, index) for index, layer in enumerate(gemma.stack)
        ]
        self._final = _Norm.of(gemma.final)
        self._table: Floats = gemma.table.numpy()
        self._scales = np.ones((gemma.heads + gemma.kv_heads, 1), np.float32)
        self._scales[: gemma.heads] = gemma.scale

    def begin(self, cache: Cache, positions: Tensor) -> None:
        """The next tokens of the rows have these positions `(rows,)`, from 1."""
        self._slot, self._slots, self._positions = cache.length, cache.slots, positions
        self._bias: Floats | None = None
        if cache.holes:
            self._bias = np.where(cache.valid.numpy(), 0, -np.inf).astype(np.float32)[:, None, None]

    def read(self, ids: Tensor) -> Tensor:
        """Read one token per row, `(rows, 1)`: the states `(rows, hidden)`."""
        states: Floats = self._table[ids.numpy()[:, 0]] * np.float32(self._gemma.hidden**0.5)
        cos, sin = self._gemma.rotation(self._positions, self._slots)
        turns = cos.numpy() * self._scales, sin.numpy() * self._scales
        bias = None if self._bias is None else self._bias[..., : self._slot + 1]
        # The exponential of the GELU may outgrow float32 where its result is 0.
        with np.errstate(over="ignore"):
            for layer in self._layers:
                layer(states, turns, self._slot, bias)
        self._slot, self._positions = self._slot + 1, self._positions + 1
        return torch.from_numpy(self._final(states))

    def end(self, cache: Cache, count: int) -> None:
        """Tell the cache of the slots that were written."""
        cache.advance(count)
