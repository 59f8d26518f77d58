# SPDX-License-Identifier: GPL-3.0-or-later
"""The weights of Gemma's layers, taken from the loaded model and laid out for few operations.

The model's own parameters become views of the fused ones: nothing is held twice, and the model
stays what it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..errors import ModelError
from .gelu import activation_of


@dataclass(frozen=True)
class Norm:
    """Gemma's root mean square norm: computed in float32, scaled by 1 + weight.

    `x / sqrt(mean(x^2) + eps)` is `sqrt(n) * x / hypot(|x|, sqrt(n * eps))`: fewer passes than
    PyTorch's own on the CPU, while CUDA has it in one.
    """

    scale: Tensor
    eps: float
    stretched: Tensor
    floor: Tensor

    @classmethod
    def of(cls, module: Any) -> Norm:
        """The norm of a module of transformers."""
        scale, eps = 1.0 + module.weight.detach().float(), float(module.eps)
        count = scale.numel()
        floor = torch.tensor((count * eps) ** 0.5, device=scale.device)
        return cls(scale, eps, scale * count**0.5, floor)

    def __call__(self, states: Tensor, dtype: torch.dtype) -> Tensor:
        """Normed states, of the given dtype."""
        states = states.float()
        if states.is_cuda:
            return functional.rms_norm(states, self.scale.shape, self.scale, self.eps).to(dtype)
        length = torch.linalg.vector_norm(states, dim=-1, keepdim=True)
        return (states * self.stretched).div_(torch.hypot(length, self.floor)).to(dtype)


@dataclass(frozen=True)
class Layer:
    """One decoder layer: fused weights, turned to be multiplied from the right, and norms.

    Only Gemma 2 has norms behind attention and feed-forward.
    """

    before_attention: Norm
    qkv: Tensor
    out: Tensor
    after_attention: Norm | None
    before_mlp: Norm
    gate_up: Tensor
    down: Tensor
    after_mlp: Norm | None
    activation: Callable[[Tensor], Tensor]

    @classmethod
    def of(cls, module: Any) -> Layer:
        """The layer of a module of transformers, Gemma's or Gemma 2's."""
        attention, mlp = module.self_attn, module.mlp
        second = hasattr(module, "pre_feedforward_layernorm")
        post = Norm.of(module.post_attention_layernorm)
        return cls(
            before_attention=Norm.of(module.input_layernorm),
            qkv=_fused(attention.q_proj, attention.k_proj, attention.v_proj),
            out=_fused(attention.o_proj),
            after_attention=post if second else None,
            before_mlp=Norm.of(module.pre_feedforward_layernorm) if second else post,
            gate_up=_fused(mlp.gate_proj, mlp.up_proj),
            down=_fused(mlp.down_proj),
            after_mlp=Norm.of(module.post_feedforward_layernorm) if second else None,
            activation=activation_of(mlp.act_fn),
        )


def _fused(*linears: nn.Linear) -> Tensor:
    """The weights of several linear maps as one, `(in, out)`; the modules keep views of it."""
    if any(linear.bias is not None for linear in linears):
        raise ModelError("The language model's linear maps have biases: it is no Gemma.")
    if len(linears) == 1:
        return linears[0].weight.detach().t()
    weight = torch.cat([linear.weight.detach() for linear in linears])
    start = 0
    for linear in linears:
        rows = linear.weight.shape[0]
        linear.weight.data = weight[start : start + rows]
        start += rows
    return weight.t()
