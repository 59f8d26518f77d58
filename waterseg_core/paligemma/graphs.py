# SPDX-License-Identifier: GPL-3.0-or-later
"""Decoding steps as CUDA graphs: on a fast GPU, launching a step's kernels takes longer than they.

A graph replays kernels at fixed addresses, so it works on a cache of its own: keys and values of
the rows that decode are copied in, the steps of an instance are replayed, the new slots are
copied back. One graph per number of rows (rounded up) is captured once and used again. Without
`capture` the same steps run one kernel at a time, which is how they are tested without a GPU.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .cache import Cache
from .gemma import Gemma

#: Rows are rounded up to a multiple of this, so that few graphs serve all batches.
_ROWS = 8


class StaticCache(Cache):
    """A cache at fixed addresses: where to write next is a number on the device."""

    def __init__(
        self,
        layers: int,
        shape: tuple[int, int, int, int],
        dtype: torch.dtype,
        device: torch.device,
    ) -> None:
        super().__init__(layers, shape, dtype, device)
        for tensor in (*self.keys, *self.values):
            tensor.zero_()
        self.slot = torch.zeros(1, dtype=torch.long, device=device)
        self._slots = torch.arange(shape[2], device=device)

    def append(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Write one token `(rows, heads, 1, d)` into the slot; all slots, filled or not."""
        self.keys[layer].index_copy_(2, self.slot, key)
        self.values[layer].index_copy_(2, self.slot, value)
        return self.keys[layer], self.values[layer]

    def advance(self, count: int) -> None:
        """Go on to the next slot."""
        self.slot.add_(count)

    def mask(self, count: int) -> Tensor:
        """Bool `(rows, 1, 1, slots)`: the filled slots without holes, and the one to write."""
        return ((self._slots <= self.slot) & self.valid)[:, None, None]


class Steps:
    """The decoding step of one language model for one number of rows."""

    def __init__(self, gemma: Gemma, rows: int, slots: int, capture: bool) -> None:
        self._gemma = gemma
        shape = (rows, gemma.kv_heads, slots, gemma.head_dim)
        self.cache = StaticCache(gemma.layers, shape, gemma.dtype, gemma.device)
        self._ids = torch.zeros(rows, 1, dtype=torch.long, device=gemma.device)
        self._positions = torch.ones(rows, 1, dtype=torch.long, device=gemma.device)
        self._states = torch.zeros(rows, gemma.hidden, dtype=gemma.dtype, device=gemma.device)
        self._used = self._start = 0
        self._graph: torch.cuda.CUDAGraph | None = self._captured() if capture else None

    def _captured(self) -> torch.cuda.CUDAGraph:
        """The step as a graph, after warming up on a side stream as PyTorch asks."""
        side: torch.cuda.Stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self._step()
                self.cache.slot.zero_()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._step()
        return graph

    def _step(self) -> None:
        embeds = self._gemma.embed(self._ids)
        mask = self.cache.mask(1)
        states = self._gemma.run(embeds, self._positions, self.cache, mask)
        self._states.copy_(states[:, 0])
        self._positions.add_(1)

    def begin(self, cache: Cache, positions: Tensor) -> None:
        """Take over the rows of a cache, whose next tokens have these positions `(rows,)`."""
        self._used, self._start = cache.rows, cache.length
        for mine, theirs in zip(self._stores(self.cache), self._stores(cache), strict=True):
            mine[: self._used, :, : self._start] = theirs[:, :, : self._start]
        self.cache.valid.fill_(True)
        self.cache.valid[: self._used, : self._start] = cache.valid[:, : self._start]
        self.cache.slot.fill_(self._start)
        self._positions[: self._used, 0] = positions

    def read(self, ids: Tensor) -> Tensor:
        """Read one token per row, `(rows, 1)`: the states `(rows, hidden)`."""
        self._ids[: self._used] = ids
        if self._graph is None:
            self._step()
        else:
            self._graph.replay()
        return self._states[: self._used].clone()

    def end(self, cache: Cache, count: int) -> None:
        """Give the slots of the last `count` reads back to the cache."""
        stop = self._start + count
        for mine, theirs in zip(self._stores(self.cache), self._stores(cache), strict=True):
            theirs[:, :, self._start : stop] = mine[: self._used, :, self._start : stop]
        cache.advance(count)

    @staticmethod
    def _stores(cache: Cache) -> list[Tensor]:
        return [*cache.keys, *cache.values]


class Graphs:
    """The steps of a language model, made when a number of rows first asks for them."""

    def __init__(self, gemma: Gemma, capture: bool = True) -> None:
        self._gemma, self._capture = gemma, capture
        self._made: dict[tuple[int, int], Steps] = {}

    def steps(self, cache: Cache) -> Steps:
        """Steps with room for the rows and slots of a cache."""
        rows = -(-cache.rows // _ROWS) * _ROWS
        slots = cache.valid.shape[1]
        if (rows, slots) not in self._made:
            self._made[rows, slots] = Steps(self._gemma, rows, slots, self._capture)
        return self._made[rows, slots]
