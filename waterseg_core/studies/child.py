# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that trains or evaluates for a server: `python -m waterseg_core.studies.child`.

`process` tells how it is spoken to. A task is `kind`, `name`, `set` (a folder), `options`, `folder`
(the study's), `hidden` (what a path is called in sentences), and what the kind needs.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import filelock

from waterseg_core.errors import Cancelled, WatersegError
from waterseg_core.studies.talk import Talk

__all__ = ["main"]

LOCK = ".child"
#: How long the process of a server that was killed may take to end.
PATIENCE_S = 900.0
#: Whoever asks the server something goes before what takes hours anyway.
NICE = 10


def main() -> None:
    """Do the task, say how it ended, and leave."""
    talk = Talk(_own_stdout())
    task = json.loads(sys.stdin.readline() or "{}")
    threading.Thread(target=talk.listen, name="waterseg-listen", daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICE)
    if task:
        _attempt(task, talk)
    sys.stderr.flush()
    os._exit(0)  # the libraries' threads may abort an orderly exit


def _attempt(task: dict[str, Any], talk: Talk) -> None:
    try:
        with _alone(Path(task["folder"]), talk):
            if task["kind"] == "finetune":
                from waterseg_core.studies.child_finetune import train

                train(task, talk)
            else:
                from waterseg_core.studies.child_evaluate import judge

                judge(task, talk)
    except Cancelled as error:
        talk.say("over", finished=False, verdict=str(error))
    except WatersegError as error:
        talk.say("failed", error=type(error).__name__, message=_told(str(error), task))
    except Exception as error:
        traceback.print_exc()
        said = f"Something unexpected went wrong on the server: {type(error).__name__}: {error}"
        talk.say("failed", error=type(error).__name__, message=said)


@contextlib.contextmanager
def _alone(folder: Path, talk: Talk) -> Iterator[None]:
    """Wait until the process of an earlier server, which is about to end, is gone."""
    lock = filelock.FileLock(folder / LOCK)
    waited = 0.0
    while True:
        try:
            lock.acquire(timeout=0.5)
            break
        except filelock.Timeout:
            waited += 0.5
            if talk.cancel.is_set() or waited > PATIENCE_S:
                raise Cancelled("Stopped.") from None
    try:
        yield
    finally:
        lock.release()


def _told(sentence: str, task: dict[str, Any]) -> str:
    """A sentence without paths of the server, whose reader has other ones."""
    for path, name in task["hidden"].items():
        sentence = sentence.replace(path, name)
    return sentence


def _own_stdout() -> int:
    """A descriptor of the real standard output; whatever else is printed goes into the log now."""
    kept = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr = io.TextIOWrapper(
        _Log(), "utf-8", "backslashreplace", "\n", True, True
    )
    return kept


class _Log(io.RawIOBase):
    """The log, which may lie on a disk that is full: no reason to fail."""

    def writable(self) -> bool:
        return True

    def write(self, text: Any) -> int:
        with contextlib.suppress(OSError):
            os.write(2, text)
        return len(text)


if __name__ == "__main__":
    main()
