# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and values of what the model has read: room for the whole answer, taken once.

A slot is a column of the cache; all rows fill the same slots at the same time. Where a row has
nothing to say in a slot (a shorter prompt, no label yet) the slot is a hole in that row: `valid`
knows, and the attention mask leaves it out. Rows that have finished are dropped by `keep`.
"""

from __future__ import annotations

import torch
from torch import Tensor


class Cache:
    """Preallocated keys and values of every layer.

    Attributes
    ----------
    slots
        Room for as many tokens.
    length
        Slots filled so far, the same in all rows.
    valid
        Bool `(rows, slots)`: False where a row has a hole.
    """

    def __init__(
        self,
        layers: int,
        shape: tuple[int, int, int, int],
        dtype: torch.dtype,
        device: torch.device,
    ) -> None:
        """`shape`: rows, heads of keys, slots, numbers per head."""
        self.keys = [torch.empty(shape, dtype=dtype, device=device) for _ in range(layers)]
        self.values = [torch.empty(shape, dtype=dtype, device=device) for _ in range(layers)]
        self.valid = torch.ones(shape[0], shape[2], dtype=torch.bool, device=device)
        self.slots = shape[2]
        self.length = 0
        self.holes = False

    @property
    def rows(self) -> int:
        """Rows that are still in the batch."""
        return self.valid.shape[0]

    def append(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Write `(rows, heads, n, d)` behind the filled slots; views of all filled and new."""
        keys, values, count = self.keys[layer], self.values[layer], key.shape[2]
        keys.narrow(2, self.length, count).copy_(key)
        values.narrow(2, self.length, count).copy_(value)
        filled = self.length + count
        return keys.narrow(2, 0, filled), values.narrow(2, 0, filled)

    def advance(self, count: int) -> None:
        """Count the slots as filled, once every layer has written them."""
        self.length += count

    def punch(self, valid: Tensor) -> None:
        """Mark holes among the next slots: bool `(rows, n)`, False where a row has one."""
        self.valid[:, self.length : self.length + valid.shape[1]] = valid
        self.holes = self.holes or not bool(valid.all())

    def keep(self, rows: Tensor) -> None:
        """Keep only these rows (int64 indices), in this order."""
        for store in (self.keys, self.values):
            for layer, tensor in enumerate(store):
                fresh = tensor.new_empty(rows.shape[0], *tensor.shape[1:])
                fresh[:, :, : self.length] = tensor[rows, :, : self.length]
                store[layer] = fresh
        self.valid = self.valid[rows]

    def mask(self, count: int) -> Tensor | None:
        """Which slots the next `count` tokens may look at: causal among themselves, no holes.

        Bool `(rows or 1, 1, count, slots)`, or None if they may look at everything.
        """
        if count == 1 and not self.holes:
            return None
        slots = torch.arange(self.length + count, device=self.valid.device)
        seen = slots[None, :] <= slots[self.length :, None]
        if self.holes:
            seen = seen & self.valid[:, None, : self.length + count]
            own = slots[None, :] == slots[self.length :, None]
            return (seen | own)[:, None]
        return seen[None, None]
