# SPDX-License-Identifier: GPL-3.0-or-later
"""Where and how the model computes: device, precision, how many images at once."""

from __future__ import annotations

import platform

import torch

from ..errors import OptionError

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}

#: Images at once on the CPU: more are no faster, and a fixed number gives the same sums every run.
CPU_BATCH = 8
MOST_BATCH = 256
#: The share of the free memory that a batch may fill.
_MEMORY_SHARE = 0.7


def available() -> dict[str, str]:
    """The devices of this computer, best first: name to a description."""
    found = {}
    if torch.cuda.is_available():
        found["cuda"] = torch.cuda.get_device_name()
    if torch.backends.mps.is_available():
        found["mps"] = "Apple GPU"
    count = torch.get_num_threads()
    found["cpu"] = f"{platform.machine()}, {count} thread{'' if count == 1 else 's'}"
    return found


def pick_device(name: str) -> torch.device:
    """The device of this name; `auto` is the best there is.

    Raises
    ------
    OptionError
        If this computer, or this build of PyTorch, does not have it.
    """
    at_hand = available()
    if name == "auto":
        return torch.device(next(iter(at_hand)))
    kind = name.partition(":")[0]
    if kind not in at_hand:
        have = ", ".join(at_hand)
        raise OptionError(
            f"--device {name}: PyTorch finds no such device here (it finds: {have})."
            " Choose one of these, or leave the option out."
        )
    if kind == "cuda" and name != kind and torch.device(name).index >= torch.cuda.device_count():
        raise OptionError(f"--device {name}: there are {torch.cuda.device_count()} CUDA devices.")
    return torch.device(name)


def pick_dtype(name: str, device: torch.device) -> torch.dtype:
    """The precision of this name; `auto` is bf16 (else fp16) on CUDA, fp16 on MPS, else fp32.

    Raises
    ------
    OptionError
        If there is no such precision.
    """
    if name in _DTYPES:
        return _DTYPES[name]
    if name != "auto":
        raise OptionError(f"--dtype {name}: choose auto, {', '.join(_DTYPES)}.")
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return torch.float16 if device.type == "mps" else torch.float32


def pick_batch(device: torch.device, bytes_per_image: int) -> int:
    """Images at once: a fixed number on the CPU, what the free memory holds on a GPU."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
    elif device.type == "mps":
        free = torch.mps.recommended_max_memory() - torch.mps.current_allocated_memory()
    else:
        return CPU_BATCH
    return max(1, min(MOST_BATCH, int(free * _MEMORY_SHARE) // bytes_per_image))


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that the device's, or the computer's, memory is full."""
    if isinstance(error, (torch.cuda.OutOfMemoryError, MemoryError)):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and (
        "not enough memory" in text or "out of memory" in text or "can't allocate memory" in text
    )


def release(device: torch.device) -> None:
    """Give cached memory back to the device, so that a smaller batch finds room."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
