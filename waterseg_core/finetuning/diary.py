# SPDX-License-Identifier: GPL-3.0-or-later
"""Diary: the curves of a training for TensorBoard, if it is installed."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from .telling import Look

LOG = "log"


class Diary:
    """Writes losses, rates and looks under `log/`, one run per seed; silent without the package."""

    def __init__(self, folder: Path, seed: int, step: int) -> None:
        self._writer: Any = None
        with contextlib.suppress(ImportError):
            from torch.utils.tensorboard import SummaryWriter

            make: Any = SummaryWriter
            # what a killed run wrote behind its last state is written again
            self._writer = make(str(folder / LOG / f"seed-{seed}"), purge_step=step + 1)

    @property
    def writes(self) -> bool:
        """Whether there is anybody to write for."""
        return self._writer is not None

    def step(self, number: int, loss: float, rate: float) -> None:
        """A step was taken."""
        if self._writer is not None:
            self._writer.add_scalar("train/loss", loss, number)
            self._writer.add_scalar("train/rate", rate, number)

    def look(self, look: Look) -> None:
        """The model was measured."""
        if self._writer is not None:
            self._writer.add_scalar("validation/iou_per_image", look.iou, look.step)
            self._writer.add_scalar("validation/iou_pooled", look.pooled, look.step)
            self._writer.flush()

    def close(self) -> None:
        """Everything is on disk."""
        if self._writer is not None:
            self._writer.close()
