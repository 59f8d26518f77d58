# SPDX-License-Identifier: GPL-3.0-or-later
"""RunState: what a training needs to go on after a kill, in one file that is whole or not there.

Which chips a step sees, in which order and how augmented, and every other chance in it, follow
from the seed and the number of the step; so weights, optimizer and step are all that must be kept.
"""

from __future__ import annotations

import contextlib
import pickle
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import filelock
import torch

from ..errors import InputError, OutputError
from ..outputs_atomic import replacing
from .telling import Look

STATE, LOCK, FILE = "state", ".lock", "state.pt"


@dataclass
class RunState:
    """Where a run stands.

    Attributes
    ----------
    options, data, base
        The options of the run, the hash of its set, the revision of its model.
    plan
        What was decided at the start: steps, when to look.
    seed
        The seed at work.
    step
        Steps done with it.
    part
        How many chips the memory takes at once.
    learned, optimizer, averaged
        Weights, the optimizer's state and the running mean of the weights; None before the first
        step of a seed.
    looks, before
        What was measured so far.
    counts
        The pixels behind `before` and `best` (`looking.Counts`).
    best, best_files
        The best look, and the name of the folder under `state/` that holds its files.
    stale
        Looks of this seed since its best one.
    seconds
        Spent so far.
    """

    options: dict[str, Any]
    data: str
    base: str
    plan: dict[str, Any] = field(default_factory=dict)
    seed: int = 0
    step: int = 0
    part: int = 0
    learned: dict[str, torch.Tensor] | None = None
    optimizer: dict[str, Any] | None = None
    averaged: dict[str, torch.Tensor] | None = None
    looks: list[Look] = field(default_factory=list)
    before: Look | None = None
    counts: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    best: Look | None = None
    best_files: str = ""
    stale: int = 0
    loss: float | None = None
    seconds: float = 0.0


class RunFolder:
    """The output folder of a run: held by one process, with the state inside until it is over."""

    def __init__(self, path: Path) -> None:
        self.path, self.state = path, path / STATE

    @contextlib.contextmanager
    def claimed(self, resume: bool) -> Iterator[None]:
        """Hold the folder.

        Raises OutputError if it is in use, if it has something in it that a new run would
        replace, or if there is nothing to go on with.
        """
        if resume and not (self.state / FILE).is_file():
            raise OutputError(
                f"There is nothing to go on with in {self.path}: leave --resume out to begin."
            )
        self._make()
        lock = self._locked()
        try:
            self._check_empty(resume)
            yield
        finally:
            lock.release()
            (self.path / LOCK).unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # a run that failed at once leaves no folder
                self.path.rmdir()

    def _make(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"The folder {self.path} cannot be made: {error.strerror}. Give another one (-o)."
            ) from error

    def _locked(self) -> filelock.BaseFileLock:
        lock = filelock.FileLock(self.path / LOCK)
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            raise OutputError(
                f"Another run is training into {self.path}. Wait for it, stop it, or give another "
                "folder (-o)."
            ) from None
        except OSError as error:
            raise OutputError(
                f"Nothing can be written into the folder {self.path}: {error.strerror}. Give "
                "another one (-o)."
            ) from error
        return lock

    def _check_empty(self, resume: bool) -> None:
        there = sorted(path.name for path in self.path.iterdir() if path.name != LOCK)
        if resume or not there:
            return
        if (self.state / FILE).is_file():
            why, how = "a training began in it", "go on with --resume, or give"
        else:
            is_model = not {"config.json", "adapter_config.json"}.isdisjoint(there)
            why, how = f"{'a model' if is_model else there[0]} is in it", "give"
        raise OutputError(f"The folder {self.path} is in use: {why}; {how} another one (-o).")

    def save(self, state: RunState) -> None:
        """Keep the state; from then on files of looks that are not the best are superfluous."""
        self.state.mkdir(exist_ok=True)
        with replacing(self.state / FILE) as temporary:
            try:
                torch.save(vars(state), temporary)
            except RuntimeError as error:  # torch's way of telling that a file cannot be written
                raise OutputError(
                    f"The state of the training was not written to {self.state}: the disk is full, "
                    "or broken. Free some space, then resume."
                ) from error
        for folder in self.state.iterdir():
            if folder.is_dir() and folder.name != state.best_files:
                shutil.rmtree(folder, ignore_errors=True)

    def load(self) -> RunState:
        """The state that was kept. Raises InputError if it cannot be read."""
        path = self.state / FILE
        try:
            # weights_only: a state that somebody sends runs no code
            with torch.serialization.safe_globals([Look]):
                words = torch.load(path, map_location="cpu", weights_only=True)
            return RunState(**words)
        except (OSError, RuntimeError, TypeError, ValueError, pickle.UnpicklingError) as error:
            raise InputError(
                f"{path} cannot be read ({type(error).__name__}): begin anew in another folder."
            ) from error

    def finish(self) -> None:
        """Remove the state: the run is over."""
        shutil.rmtree(self.state, ignore_errors=True)
