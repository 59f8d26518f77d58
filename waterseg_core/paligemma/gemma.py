# SPDX-License-Identifier: GPL-3.0-or-later
"""Gemma's layers, run by hand over a cache that is ours: the weights of `transformers`, no more.

One forward pass is a few fused operations per layer: queries, keys and values come from one
matrix, so do gate and up. Gemma 1 and Gemma 2 differ in the norms behind attention and
feed-forward, in the scale of the queries and in the soft cap on attention scores.

Sources: Gemma (arXiv:2403.08295), Gemma 2 (arXiv:2408.00118), rotary positions (arXiv:2104.09864).
Gemma 2's sliding window is not applied: PaliGemma's reference code (big_vision) knows none.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from .cache import Cache
from .gemma_weights import Layer, Norm

#: Rotations are looked up in a table; it grows when a sequence is longer than this.
_POSITIONS = 2048


class Gemma:
    """The language model of a PaliGemma: embeddings in, states out.

    Attributes
    ----------
    layers, heads, kv_heads, head_dim, hidden
        Sizes.
    dtype, device
        Of the weights. Under float16 the residual stream is float32, because Gemma's outgrows
        what float16 can hold.
    """

    def __init__(self, model: Any, config: Any) -> None:
        self.heads = int(config.num_attention_heads)
        self.kv_heads = int(config.num_key_value_heads)
        self.head_dim = int(config.head_dim)
        self.hidden = int(config.hidden_size)
        self.table: Tensor = model.embed_tokens.weight.detach()
        self.dtype, self.device = self.table.dtype, self.table.device
        self.stack = [Layer.of(layer) for layer in model.layers]
        self.layers = len(self.stack)
        self.final = Norm.of(model.norm)
        scalar = getattr(config, "query_pre_attn_scalar", None) or self.head_dim
        self.scale = float(scalar) ** -0.5
        cap = getattr(config, "attn_logit_softcapping", None)
        self.softcap = None if cap is None else float(cap)
        self._frequencies: Tensor = model.rotary_emb.inv_freq.detach().float().to(self.device)
        self._turns = self._table_of_turns(_POSITIONS)
        self._embed_scale = torch.tensor(self.hidden**0.5, dtype=self.dtype, device=self.device)
        self._residual = torch.float32 if self.dtype == torch.float16 else self.dtype

    def embed(self, ids: Tensor) -> Tensor:
        """Word embeddings `(..., hidden)` of ids, scaled by sqrt(hidden) as Gemma wants them."""
        return functional.embedding(ids, self.table) * self._embed_scale

    def rotation(self, positions: Tensor, most: int) -> tuple[Tensor, Tensor]:
        """Cosine and signed sine `(tokens, 1, head_dim)` of positions `(tokens,)` up to `most`."""
        if self._turns.shape[0] <= most:
            self._turns = self._table_of_turns(2 * most)
        turns = functional.embedding(positions, self._turns)[:, None]
        return turns[..., : self.head_dim], turns[..., self.head_dim :]

    def _table_of_turns(self, most: int) -> Tensor:
        """Cosines and signed sines `(most + 1, 2 * head_dim)` of every position."""
        positions = torch.arange(most + 1, device=self.device, dtype=torch.float32)
        angles = positions[:, None] * self._frequencies
        cos, sin = angles.cos(), angles.sin()
        return torch.cat((cos, cos, -sin, sin), dim=1).to(self.dtype)

    def run(
        self,
        embeds: Tensor,
        positions: Tensor,
        cache: Cache | None = None,
        mask: Tensor | None = None,
        want: Tensor | slice | None = None,
    ) -> Tensor:
        """States behind the final norm.

        Parameters
        ----------
        embeds
            `(B, n, hidden)`: the new tokens.
        positions
            Int64 `(B or 1, n)`, from 1.
        cache
            Keys and values of earlier tokens; receives those of the new ones. Without a cache
            the new tokens are all there is.
        mask
            Bool `(B or 1, 1, n, slots)`, True where a token may look; None lets every token look
            at every slot.
        want
            Which states are wanted: a slice of the n tokens, the same in every row, or int64
            `(B,)`, one token per row. The last layer computes no others. None wants all.

        Returns
        -------
        Tensor
            `(B, wanted, hidden)`.
        """
        shape = (embeds.shape[0], embeds.shape[1])
        states = embeds.to(self._residual).flatten(0, 1)
        most = cache.slots if cache else shape[1]
        rotation = self.rotation(positions.expand(shape).reshape(-1), most)
        bias = mask if mask is None or self.softcap is None else _bias(mask)
        for index in range(self.layers):
            last = want if index == self.layers - 1 else None
            states = self._layer(index, states, shape, rotation, cache, bias, last)
        if cache is not None:
            cache.advance(shape[1])
        return self.final(states, self.dtype).view(shape[0], -1, self.hidden)

    def _layer(
        self,
        index: int,
        states: Tensor,
        shape: tuple[int, int],
        rotation: tuple[Tensor, Tensor],
        cache: Cache | None,
        mask: Tensor | None,
        want: Tensor | slice | None,
    ) -> Tensor:
        """One layer over `(tokens, hidden)`, where `shape` says rows and tokens per row."""
        layer = self.stack[index]
        query, key, value = self._project(layer, states, shape, rotation)
        if cache is not None:
            key, value = cache.append(index, key, value)
        if want is not None:
            states = _pick(states.view(*shape, -1), want, 1).flatten(0, 1)
            query = _pick(query, want, 2)
            mask = None if mask is None else _pick(mask, want, 2)
        found = self._attend(query, key, value, mask).transpose(1, 2)
        states = self._added(
            states, found.reshape(states.shape[0], -1), layer.out, layer.after_attention
        )
        normed = layer.before_mlp(states, self.dtype)
        gate, up = torch.mm(normed, layer.gate_up).chunk(2, dim=-1)
        return self._added(states, layer.activation(gate) * up, layer.down, layer.after_mlp)

    def _project(
        self,
        layer: Layer,
        states: Tensor,
        shape: tuple[int, int],
        rotation: tuple[Tensor, Tensor],
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Rotated queries `(B, heads, n, d)` and keys, and values, `(B, kv_heads, n, d)`."""
        normed = layer.before_attention(states, self.dtype)
        mixed = torch.mm(normed, layer.qkv).view(states.shape[0], -1, self.head_dim)
        turning = self.heads + self.kv_heads
        straight, (cos, sin) = mixed[:, :turning], rotation
        turned = torch.addcmul(straight * cos, straight.roll(self.head_dim // 2, -1), sin)
        parts = turned[:, : self.heads], turned[:, self.heads :], mixed[:, turning:]
        if shape[1] == 1:
            query, key, value = (part[:, :, None] for part in parts)
        else:
            whole = (*shape, -1, self.head_dim)
            query, key, value = (part.view(whole).transpose(1, 2) for part in parts)
        return query, key, value

    def _added(self, states: Tensor, found: Tensor, weight: Tensor, norm: Norm | None) -> Tensor:
        """States plus what was found, mapped back to their space."""
        if norm is None and self._residual == self.dtype:
            return torch.addmm(states, found, weight)
        found = torch.mm(found, weight)
        return states + (found if norm is None else norm(found, self._residual))

    def _attend(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
        """Attention `(B, heads, n, d)` of queries over all slots."""
        batch, _, count, depth = query.shape
        if self.softcap is None and count > 1:
            key, value = self._spread(key), self._spread(value)
            return functional.scaled_dot_product_attention(
                query, key, value, attn_mask=mask, scale=self.scale
            )
        grouped = query.reshape(batch, self.kv_heads, -1, depth)
        if self.softcap is None:  # one token: heads that share keys are queries of one head
            found = functional.scaled_dot_product_attention(
                grouped, key, value, attn_mask=mask, scale=self.scale
            )
            return found.view(batch, self.heads, 1, depth)
        scores = torch.matmul(grouped, key.transpose(2, 3)) * (self.scale / self.softcap)
        scores = scores.tanh_().mul_(self.softcap)
        if mask is not None:
            scores = scores.view(batch, self.heads, count, -1) + mask
            scores = scores.view(batch, self.kv_heads, -1, scores.shape[-1])
        weights = scores.softmax(dim=-1, dtype=torch.float32).to(value.dtype)
        return torch.matmul(weights, value).view(batch, self.heads, count, depth)

    def _spread(self, heads: Tensor) -> Tensor:
        """Keys or values repeated for the query heads that share them."""
        batch, count, slots, depth = heads.shape
        if count == self.heads:
            return heads
        wide = heads[:, :, None].expand(batch, count, self.heads // count, slots, depth)
        return wide.reshape(batch, self.heads, slots, depth)


def _bias(mask: Tensor) -> Tensor:
    """Float32 `-inf` where a token may not look; every row must see something."""
    return torch.zeros(mask.shape, device=mask.device).masked_fill_(~mask, float("-inf"))


def _pick(tensor: Tensor, want: Tensor | slice, axis: int) -> Tensor:
    """The wanted tokens along an axis: a slice, or one per row."""
    if isinstance(want, slice):
        return tensor[(slice(None),) * axis + (want,)]
    if tensor.shape[0] != want.shape[0]:
        tensor = tensor.expand(want.shape[0], *tensor.shape[1:])
    shape = [want.shape[0] if place == 0 else 1 for place in range(tensor.dim())]
    index = want.view(shape).expand(
        *(1 if place == axis else size for place, size in enumerate(tensor.shape))
    )
    return tensor.gather(axis, index)
