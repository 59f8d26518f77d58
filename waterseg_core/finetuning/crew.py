# SPDX-License-Identifier: GPL-3.0-or-later
"""Crew: the processes of one training, each with a device of its own.

The leader is the process that somebody started. It alone looks, writes and tells. Helpers
(`helper.py`) hold the same weights, take the same steps, and work out the gradients of their share
of every step's chips; the sum is everybody's. So the numbers are those of one device, but for the
order of sums, and sooner.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor

from ..errors import ModelError, OptionError

_T = TypeVar("_T")
#: A look at the validation chips may take the leader hours, in which helpers wait.
_PATIENCE = timedelta(days=30)


class Crew:
    """One process among `world`; number 0 leads. Alone, nothing is sent and nothing waited for."""

    def __init__(self, rank: int = 0, world: int = 1) -> None:
        self.rank, self.world = rank, world

    @property
    def alone(self) -> bool:
        """Whether there is one process only."""
        return self.world == 1

    def share(self, items: Sequence[_T]) -> list[_T]:
        """What of a step's chips is this process's: dealt out like cards."""
        return list(items[self.rank :: self.world])

    def tell(self, *words: Any) -> None:
        """The leader's word to all helpers."""
        if not self.alone:
            with self._together():
                dist.broadcast_object_list([words], src=0)

    def hear(self) -> tuple[Any, ...]:
        """The leader's next word."""
        heard: list[Any] = [None]
        with self._together():
            dist.broadcast_object_list(heard, src=0)
        words: tuple[Any, ...] = heard[0]
        return words

    def total(self, *numbers: float) -> list[float]:
        """The sums of everybody's numbers."""
        if self.alone:
            return list(numbers)
        sums = torch.tensor(numbers, dtype=torch.float64)
        with self._together():
            dist.all_reduce(sums)
        return [float(one) for one in sums]

    def level(self, tensors: Sequence[Tensor]) -> None:
        """Make everybody's tensors the leader's."""
        if not self.alone:
            with self._together():
                for tensor in tensors:
                    dist.broadcast(tensor, src=0)

    def add_gradients(self, weights: Sequence[Tensor]) -> None:
        """Make everybody's gradients their sum.

        A weight that got none from any chip keeps none: AdamW passes it over, decay and all.
        """
        if self.alone:
            return
        learned = torch.tensor([weight.grad is not None for weight in weights], dtype=torch.uint8)
        with self._together():
            dist.all_reduce(learned, dist.ReduceOp.MAX)
            for weight, any_did in zip(weights, learned.tolist(), strict=True):
                if any_did:
                    if weight.grad is None:
                        weight.grad = torch.zeros_like(weight)
                    dist.all_reduce(weight.grad)

    def close(self) -> None:
        """Send the helpers home."""

    @contextlib.contextmanager
    def _together(self) -> Iterator[None]:
        try:
            yield
        except RuntimeError as error:  # a process that ends breaks off in the middle
            raise ModelError(
                "A process that trained beside this one has ended. Go on with --resume, or with "
                "--devices 1."
            ) from error


class Leader(Crew):
    """The leader, who starts the helpers and sends them home."""

    def __init__(
        self,
        world: int,
        device: torch.device,
        order: dict[str, Any],
        check_cancel: Callable[[], None],
    ) -> None:
        """Start them and wait until all are ready; `check_cancel` may raise meanwhile."""
        super().__init__(0, world)
        self._folder = tempfile.TemporaryDirectory(prefix="waterseg-crew-")
        meeting = Path(self._folder.name, "meeting")
        self._threads = torch.get_num_threads()
        if device.type == "cpu":  # the processes share its cores
            torch.set_num_threads(max(1, self._threads // world))
        order = {**order, "meeting": str(meeting), "threads": torch.get_num_threads()}
        self._helpers = [self._start(rank, order) for rank in range(1, world)]
        try:
            self._wait_for_all(meeting, check_cancel)
            join(0, world, meeting)
        except BaseException:
            self.close()
            raise

    def _start(self, rank: int, order: dict[str, Any]) -> subprocess.Popen[str]:
        with self._words(rank).open("w") as words:
            helper = subprocess.Popen(
                [sys.executable, "-m", "waterseg_core.finetuning.helper"],
                stdin=subprocess.PIPE,
                stdout=words,
                stderr=words,
                text=True,
            )
        assert helper.stdin is not None
        helper.stdin.write(json.dumps({**order, "rank": rank, "world": self.world}) + "\n")
        helper.stdin.flush()
        return helper

    def _wait_for_all(self, meeting: Path, check_cancel: Callable[[], None]) -> None:
        """Helpers load model and set first; raise ModelError if one does not get so far."""
        for rank, helper in enumerate(self._helpers, 1):
            while not ready(meeting, rank).exists():
                check_cancel()
                if helper.poll() is not None:
                    raise ModelError(f"Process {rank} could not begin.{self._last_words()}")
                time.sleep(0.05)

    def _words(self, rank: int) -> Path:
        return Path(self._folder.name, f"{rank}.txt")

    @contextlib.contextmanager
    def _together(self) -> Iterator[None]:
        try:
            with super()._together():
                yield
        except ModelError as error:
            raise ModelError(f"{error}{self._last_words()}") from error

    def _last_words(self) -> str:
        """What a helper said last, if one has ended."""
        for rank, helper in enumerate(self._helpers, 1):
            with contextlib.suppress(subprocess.TimeoutExpired):
                helper.wait(2)
                lines = self._words(rank).read_text("utf-8", "replace").strip().splitlines()
                return f" It said: {lines[-1]}" if lines else ""
        return ""

    def close(self) -> None:
        """End the helpers, who keep nothing that anybody wants."""
        torch.set_num_threads(self._threads)
        for helper in self._helpers:
            helper.kill()
            helper.communicate()
        if dist.is_initialized():
            dist.destroy_process_group()
        self._folder.cleanup()


def ready(meeting: Path, rank: int) -> Path:
    """The file that says that a helper has loaded everything."""
    return meeting.with_name(f"{rank}.ready")


def join(rank: int, world: int, meeting: Path) -> None:
    """Meet the others; every process has to."""
    names = [name for _, name in socket.if_nameindex()]
    local = next((name for name in ("lo", "lo0") if name in names), None)
    if local is not None:  # they are all on this computer, whatever its name leads to
        os.environ.setdefault("GLOO_SOCKET_IFNAME", local)
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    dist.init_process_group(
        backend, init_method=meeting.as_uri(), rank=rank, world_size=world, timeout=_PATIENCE
    )


def check_devices(count: int, device: torch.device) -> None:
    """Raise OptionError if there are not so many devices."""
    if count == 1 or device.type == "cpu":
        return
    if device.type != "cuda":
        raise OptionError(f"--devices {count}: there is one {device.type} device here.")
    there = torch.cuda.device_count()
    if count > there:
        raise OptionError(f"--devices {count}: {there} NVIDIA GPUs are here. Take {there}.")
