# SPDX-License-Identifier: GPL-3.0-or-later
"""Trial: a model that somebody sent is loaded, and if it is small asked once, in a process apart.

Whatever the files do to the libraries that read them, they do it there: a crash, or memory that
runs out, ends the trial and not the server. The process ends with the server too.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import waterseg_core
from waterseg_core.errors import Cancelled, ModelError, WatersegError

__all__ = ["problem", "try_model"]

#: A model so large is only loaded: on a CPU it would need minutes for an answer.
SMALL_BYTES = 1 << 30
PATIENCE_S = 1800
_RESULT = "trial.json"


def try_model(folder: Path, base: str | None, stop: threading.Event) -> None:
    """Load the model in `folder`, on top of `base` if it is an adapter.

    Raises ModelError for one that cannot be used, and Cancelled once `stop` is set.
    """
    result = folder.with_name(_RESULT)
    result.unlink(missing_ok=True)
    task = {"folder": str(folder), "base": base, "result": str(result)}
    code = _run(json.dumps(task) + "\n", stop)
    try:
        said = json.loads(result.read_text("utf-8"))
    except (OSError, ValueError):
        raise ModelError(
            f"The model could not be loaded: the attempt ended without an answer ({code}). Its "
            "files are broken, or it needs more memory than the server has."
        ) from None
    finally:
        result.unlink(missing_ok=True)
    if said["error"]:
        raise ModelError(said["error"])


def _run(task: str, stop: threading.Event) -> int:
    package = str(Path(waterseg_core.__file__).parents[1])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,
    )
    assert process.stdin is not None
    try:
        with contextlib.suppress(OSError):
            process.stdin.write(task)
            process.stdin.flush()
        for _ in range(PATIENCE_S * 10):
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(0.1)
            if stop.is_set():
                raise Cancelled("Stopped.")
        raise ModelError(f"The model was not loaded within {PATIENCE_S // 60} minutes.")
    finally:
        process.kill()
        process.wait()
        with contextlib.suppress(OSError):
            process.stdin.close()


def main() -> None:
    """The process apart."""
    task = json.loads(sys.stdin.readline())
    threading.Thread(target=_watch, name="waterseg-parent", daemon=True).start()
    with contextlib.suppress(OSError):  # Linux: if memory runs out, it is this process that goes
        Path("/proc/self/oom_score_adj").write_text("1000")
    error = problem(Path(task["folder"]), task["base"])
    Path(task["result"]).write_text(json.dumps({"error": error}), "utf-8")
    os._exit(0)  # the libraries' threads may abort an orderly exit


def _watch() -> None:
    while sys.stdin.read(4096):
        pass
    os._exit(1)


def problem(folder: Path, base: str | None) -> str:
    """What is wrong with a model, in a sentence; empty if it can be used."""
    try:
        _load(folder, base)
    except WatersegError as told:
        return str(told)
    except Exception as unexpected:
        return f"The model cannot be used: {type(unexpected).__name__}: {unexpected}."
    return ""


def _load(folder: Path, base: str | None) -> None:
    import numpy as np

    from waterseg_core.segmenter import load_segmenter

    small = sum(path.stat().st_size for path in _weights(folder, base)) < SMALL_BYTES
    how: dict[str, Any] = {"device": "cpu", "dtype": "auto" if small else "bf16"}
    segmenter = load_segmenter(base or str(folder), adapter=str(folder) if base else None, **how)
    if not small:
        return
    side = segmenter.tile_size
    image = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
    (answer,) = segmenter.segment([image])
    if not np.isfinite(answer.masks).all():
        raise ModelError("The model answers with numbers that are none: its weights are broken.")


def _weights(folder: Path, base: str | None) -> list[Path]:
    from waterseg_core.paligemma.hub import BUNDLED, NANO, find_local

    place = BUNDLED / NANO if base == NANO else find_local(base) if base else None
    return [path for one in (folder, place) if one for path in one.glob("*.safetensors")]


if __name__ == "__main__":
    main()
