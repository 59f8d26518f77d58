# SPDX-License-Identifier: GPL-3.0-or-later
"""What a training will take, before it starts: memory by arithmetic, time by trying one step.

Weights, gradients and AdamW's two moments are counted exactly. What a chip needs on the way is
an estimate; it decides nothing, because the real memory is tried.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import torch

from ..errors import ModelError, OutputError

_GIB = 1 << 30


@dataclass(frozen=True)
class Estimate:
    """Bytes and seconds. `seconds` is None until a step was tried."""

    parameters: int
    learned: int
    memory: int
    free: int | None
    disk: int
    seconds: float | None = None
    steps: int = 0
    batch: int = 0
    part: int = 0

    def sentences(self) -> list[str]:
        """The estimate in words."""
        free = f" of {_size(self.free)} free" if self.free is not None else ""
        lines = [
            f"{self.learned / 1e6:,.1f} of {self.parameters / 1e6:,.1f} million parameters learn.",
            f"Memory: about {_size(self.memory)}{free}. Disk: about {_size(self.disk)}.",
        ]
        if self.seconds is not None:
            parts = f" in parts of {self.part}" if self.part < self.batch else ""
            lines.append(
                f"{_counted(self.steps, 'step')} of {_counted(self.batch, 'chip')}{parts}: at most "
                "about "
                f"{duration(self.seconds)}."
            )
        return lines


def estimate(parameters: int, method: str, device: torch.device, rank: int) -> Estimate:
    """Memory and disk of a training, from the size of its model."""
    adapts = method in ("lora", "qlora")
    # rank x (in + out) over seven maps of each layer; about 8 thousandths of a 3B at rank 16
    learned = int(parameters * min(0.5, rank * 5e-4)) if adapts else parameters
    if method == "frozen-tower":
        learned = int(parameters * 0.86)
    # NF4 is half a byte and some scales; the embedding and the tower stay 16-bit
    width = {"qlora": 1.05, "lora": 2.0}.get(method, 4.0)
    if device.type == "cpu" and adapts:
        width = 4.0
    looking = parameters * (2 if device.type == "cuda" else 4)
    passing = int(_GIB * (0.3 if parameters < 1e8 else 4))
    memory = int(parameters * width + learned * 12 + looking + passing)
    # the state (weights and two moments), and two models while one is replaced
    disk = learned * 12 + 3 * (learned if adapts else parameters) * 2
    return Estimate(parameters, learned, memory, free_memory(device), disk)


def free_memory(device: torch.device) -> int | None:
    """Bytes that a device has free, where that can be told."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    if device.type == "mps":
        return int(torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory())
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return None


def check_room(plan: Estimate, method: str, device: torch.device, folder: Path) -> None:
    """Raise ModelError if weights and optimizer cannot fit, OutputError if the disk is too full."""
    if device.type != "cpu" and plan.free is not None and plan.memory > 1.25 * plan.free:
        lower = {"full": "--method lora", "frozen-tower": "--method lora", "lora": "--method qlora"}
        raise ModelError(
            f"This training needs about {_size(plan.memory)} on {device}, which has "
            f"{_size(plan.free)} free. Take {lower.get(method, 'a smaller model')}, a smaller "
            "model, or another --device."
        )
    free = shutil.disk_usage(folder).free
    if plan.disk > free:
        raise OutputError(
            f"This training needs about {_size(plan.disk)} of disk, and {folder} has "
            f"{_size(free)} free. Free some space or give another folder (-o)."
        )


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e8 else f"{count / 1e6:.0f} MB"


def duration(seconds: float) -> str:
    """Seconds in words that a person uses."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
