# SPDX-License-Identifier: GPL-3.0-or-later
"""Peak memory while something runs: of the process on Linux, and of the GPU where one is used.

Linux keeps the highest resident size of a process and lets it be reset (proc(5), clear_refs), so
two models in one process can be told apart. Other systems only know the peak since the start.
"""

from __future__ import annotations

import contextlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Peak"]

RESET, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


@dataclass(frozen=True)
class Peak:
    """Bytes: of the process, and of the GPU; None where nobody tells."""

    process: int | None = None
    gpu: int | None = None
    device: str = "cpu"

    @classmethod
    def begin(cls, segmenter: Any) -> Peak:
        """Forget the peaks so far."""
        device = str(getattr(segmenter, "device", "cpu"))
        with contextlib.suppress(OSError):  # not Linux, or a container that does not allow it
            RESET.write_text("5")
        if device.startswith("cuda"):
            _cuda().reset_peak_memory_stats(device)
        return cls(device=device)

    def end(self) -> Peak:
        """The peaks since `begin`."""
        gpu = int(_cuda().max_memory_allocated(self.device)) if self._on_cuda else None
        return Peak(_resident(), gpu, self.device)

    @property
    def _on_cuda(self) -> bool:
        return self.device.startswith("cuda")


def _cuda() -> Any:
    import torch

    return torch.cuda


def _resident() -> int | None:
    try:
        told = re.search(r"^VmHWM:\s+(\d+) kB", STATUS.read_text(), re.MULTILINE)
    except OSError:
        return _whole_life()
    return int(told[1]) * 1024 if told else _whole_life()


def _whole_life() -> int | None:
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
