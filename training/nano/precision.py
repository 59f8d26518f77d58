# SPDX-License-Identifier: GPL-3.0-or-later
"""How precisely a machine calculates while it learns."""

import torch


def lowered(kind: str) -> torch.autocast:
    """Arithmetic in bfloat16 where the machine has it, on `kind` (cpu or cuda); else as it is.

    A processor without bfloat16 of its own imitates it, several times slower than float32.
    """
    able = kind != "cpu" or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return torch.autocast(kind, torch.bfloat16, enabled=able)
