# SPDX-License-Identifier: GPL-3.0-or-later
"""A helper of a training on several devices: `python -m waterseg_core.finetuning.helper`.

One line of JSON on its input says what is trained; then it does what the leader says (`crew`).
When its input ends, so does it: nobody is left behind if the leader is killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from ..options_finetune import FinetuneOptions
from ..paligemma.devices import pick_device
from .collate import Example
from .crew import Crew, join, ready
from .rig import Rig, make_rig
from .shared import Shared, shared_of
from .state import RunFolder


def main() -> None:
    """Help until the leader says that it is over."""
    order = json.loads(sys.stdin.readline())
    for one in (signal.SIGINT, signal.SIGTERM):  # Ctrl-C, or the end of a scheduler's patience:
        signal.signal(one, signal.SIG_IGN)  # both reach everybody, and the leader answers
    threading.Thread(target=_leave_with_the_leader, daemon=True).start()
    shared, meeting = _shared(order), Path(order["meeting"])
    ready(meeting, order["rank"]).touch()
    join(order["rank"], order["world"], meeting)
    follow(shared)


def _leave_with_the_leader() -> None:
    sys.stdin.read()
    os._exit(0)


def _shared(order: dict[str, Any]) -> Shared:
    options = FinetuneOptions(**order["options"])
    device = pick_device(options.device)
    if device.type == "cuda":
        torch.cuda.set_device(order["rank"])
    elif device.type == "cpu":
        torch.set_num_threads(order["threads"])
    # It writes nothing, so where does not matter.
    folder = RunFolder(Path(order["meeting"]).parent)
    model, large, data = order["model"], order["large"], Path(order["data"])
    shared = shared_of(options, model, large, data, folder, device)
    shared.crew = Crew(order["rank"], order["world"])
    return shared


def follow(shared: Shared) -> None:
    """Do what the leader says: ("seed", S), ("try", N, part), ("step", N, steps, part)."""
    rig: Rig | None = None
    ahead: Iterator[list[Example]] = iter(())
    following = -1
    while True:
        word, *rest = shared.crew.hear()
        if word == "seed":
            rig, following = make_rig(shared, rest[0], 1), -1
            rig.stepper.level()
            continue
        assert rig is not None
        number, rig.stepper.part = rest[0], rest[-1]
        if word == "try":
            rig.stepper.gradients(rig.feed.examples(number), number)
            rig.stepper.adam.zero_grad(set_to_none=True)
            continue
        steps = rest[1]
        if number != following:
            ahead = rig.feed.from_step(number, steps)
        rig.stepper.step(next(ahead), number, steps)
        following = number + 1


if __name__ == "__main__":
    main()
