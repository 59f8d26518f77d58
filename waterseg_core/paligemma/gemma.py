# SPDX-License-Identifier: GPL-3.0-or-later
"""Gemma's layers, run by hand over a cache that is ours: the weights of `transformers`, no more.

One forward pass is a few fused operations per layer: queries, keys and values come from one
matrix, so do gate and up. The weights are those of the loaded model (its own parameters become
views of the fused ones, nothing is held twice). Gemma 1 and Gemma 2 differ in the norms behind
attention and feed-forward, in the scale of the queries and in the soft cap on attention scores.

Sources: Gemma (arXiv:2403.08295), Gemma 2 (arXiv:2408.00118), rotary positions (arXiv:2104.09864).
Gemma 2's sliding window is not applied: PaliGemma's reference code (big_vision) knows none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..errors import ModelError
from .cache import Cache


@dataclass(frozen=True)
class _Norm:
    """Gemma's root mean square norm: computed in float32, scaled by 1 + weight."""

    scale: Tensor
    eps: float

    @classmethod
    def of(cls, module: Any) -> _Norm:
        return cls(1.0 + module.weight.detach().float(), float(module.eps))

    def __call__(self, states: Tensor, dtype: torch.dtype) -> Tensor:
        normed = functional.rms_norm(states.float(), self.scale.shape, self.scale, self.eps)
        return normed.to(dtype)


@dataclass(frozen=True)
class _Layer:
    """One decoder layer: fused weights, and the two norms that only Gemma 2 has."""

    before_attention: _Norm
    qkv: Tensor
    out: Tensor
    after_attention: _Norm | None
    before_mlp: _Norm
    gate_up: Tensor
    down: Tensor
    after_mlp: _Norm | None
    activation: Callable[[Tensor], Tensor]

    @classmethod
    def of(cls, module: Any) -> _Layer:
        attention, mlp = module.self_attn, module.mlp
        second = hasattr(module, "pre_feedforward_layernorm")
        post = _Norm.of(module.post_attention_layernorm)
        return cls(
            before_attention=_Norm.of(module.input_layernorm),
            qkv=_fused(attention.q_proj, attention.k_proj, attention.v_proj),
            out=_fused(attention.o_proj),
            after_attention=post if second else None,
            before_mlp=_Norm.of(module.pre_feedforward_layernorm) if second else post,
            gate_up=_fused(mlp.gate_proj, mlp.up_proj),
            down=_fused(mlp.down_proj),
            after_mlp=_Norm.of(module.post_feedforward_layernorm) if second else None,
            activation=mlp.act_fn,
        )


def _fused(*linears: nn.Linear) -> Tensor:
    """The weights of several linear maps as one; the modules keep views of it."""
    if any(linear.bias is not None for linear in linears):
        raise ModelError("The language model's linear maps have biases: it is no Gemma.")
    if len(linears) == 1:
        return linears[0].weight.detach()
    weight = torch.cat([linear.weight.detach() for linear in linears])
    start = 0
    for linear in linears:
        rows = linear.weight.shape[0]
        linear.weight.data = weight[start : start + rows]
        start += rows
    return weight


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
        self.stack = [_Layer.of(layer) for layer in model.layers]
        self.layers = len(self.stack)
        self.final = _Norm.of(model.norm)
        scalar = getattr(config, "query_pre_attn_scalar", None) or self.head_dim
        self.scale = float(scalar) ** -0.5
        cap = getattr(config, "attn_logit_softcapping", None)
        self.softcap = None if cap is None else float(cap)
        self.frequencies: Tensor = model.rotary_emb.inv_freq.detach().float().to(self.device)
        self._embed_scale = torch.tensor(self.hidden**0.5, dtype=self.dtype, device=self.device)
        self._residual = torch.float32 if self.dtype == torch.float16 else self.dtype

    def embed(self, ids: Tensor) -> Tensor:
        """Word embeddings `(..., hidden)` of ids, scaled by sqrt(hidden) as Gemma wants them."""
        return functional.embedding(ids, self.table) * self._embed_scale

    def rotation(self, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Cosine and signed sine `(b, 1, n, head_dim)` for 1-indexed positions `(b, n)`."""
        angles = positions[:, None, :, None].float() * self.frequencies
        cos, sin = angles.cos(), angles.sin()
        return (
            torch.cat((cos, cos), dim=-1).to(self.dtype),
            torch.cat((-sin, sin), dim=-1).to(self.dtype),
        )

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
        states = embeds.to(self._residual)
        rotation = self.rotation(positions)
        bias = mask if mask is None or self.softcap is None else _bias(mask)
        for index in range(self.layers):
            last = index == self.layers - 1
            states = self._layer(index, states, rotation, cache, bias, want if last else None)
        if cache is not None:
            cache.advance(embeds.shape[1])
        return self.final(states, self.dtype)

    def _layer(
        self,
        index: int,
        states: Tensor,
        rotation: tuple[Tensor, Tensor],
        cache: Cache | None,
        mask: Tensor | None,
        want: Tensor | slice | None,
    ) -> Tensor:
        layer = self.stack[index]
        normed = layer.before_attention(states, self.dtype)
        query, key, value = self._project(layer, normed, rotation)
        if cache is not None:
            key, value = cache.append(index, key, value)
        if want is not None:
            states, query = _pick(states, want, 1), _pick(query, want, 2)
            mask = None if mask is None else _pick(mask, want, 2)
        found = self._attend(query, key, value, mask)
        found = functional.linear(found.transpose(1, 2).flatten(2), layer.out)
        if layer.after_attention is not None:
            found = layer.after_attention(found, self._residual)
        states = states + found
        found = self._feed_forward(layer, layer.before_mlp(states, self.dtype))
        if layer.after_mlp is not None:
            found = layer.after_mlp(found, self._residual)
        return states + found

    def _project(
        self, layer: _Layer, normed: Tensor, rotation: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Rotated queries `(B, heads, n, d)` and keys, and values, `(B, kv_heads, n, d)`."""
        batch, count, _ = normed.shape
        mixed = functional.linear(normed, layer.qkv)
        mixed = mixed.view(batch, count, -1, self.head_dim).transpose(1, 2)
        turning = self.heads + self.kv_heads
        straight, value = mixed[:, :turning], mixed[:, turning:]
        cos, sin = rotation
        turned = torch.addcmul(straight * cos, straight.roll(self.head_dim // 2, -1), sin)
        return turned[:, : self.heads], turned[:, self.heads :], value

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

    @staticmethod
    def _feed_forward(layer: _Layer, normed: Tensor) -> Tensor:
        gate, up = functional.linear(normed, layer.gate_up).chunk(2, dim=-1)
        return functional.linear(layer.activation(gate) * up, layer.down)


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
