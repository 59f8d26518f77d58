# SPDX-License-Identifier: GPL-3.0-or-later
"""`finetune`: the story of a training, from a set and a model to a folder with a better model.

    check room -> load -> for each seed: steps, now and then a look -> the best one is published

Whatever moment it dies at, `resume` goes on from the last state to the same numbers.
"""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Cancelled, DatasetError, ModelError, OptionError
from ..model_list import remember, resolved
from ..options_finetune import FinetuneOptions
from ..paligemma.card import card
from ..paligemma.devices import pick_device
from ..paligemma.hub import NANO, find
from ..paligemma.load import Checkpoint
from .crew import Crew, Leader, check_devices
from .estimate import Estimate, check_room, estimate
from .recipes import LARGE
from .seedrun import SeedRun
from .sets import TrainingSet, opened
from .shared import Shared, shared_of
from .state import RunFolder, RunState
from .telling import Outcome, Progress

if TYPE_CHECKING:
    from .samples import Samples

__all__ = ["finetune"]

Teller = Callable[[Progress], None]
#: Options that a run may go on with although it began with others: they change no number.
FREE = frozenset({"device", "devices", "seeds", "keep_state", "patience"})


def finetune(
    options: FinetuneOptions,
    data: Path,
    output: Path,
    *,
    resume: bool = False,
    given: Collection[str] | None = None,
    progress: Teller = lambda done: None,
    cancel: threading.Event | None = None,
    enough: threading.Event | None = None,
    ask: Callable[[Estimate], bool] = lambda plan: True,
    samples: Path | None = None,
) -> Outcome:
    """Train a model on a set.

    Parameters
    ----------
    data, output
        The folder of the set, and the one that the model goes to.
    resume
        Go on with the run in `output`; its options hold.
    given
        Names of the options that a person gave; when a run goes on they must be those it began
        with. None: all of them.
    progress
        Told often where the training is.
    cancel
        When it is set, the state is kept, the best model so far is published, and it ends.
    enough
        When it is set, the training ends after the epoch that is under way, as if it were over.
    ask
        Told the estimate before the first step; False ends the run there.
    samples
        A folder for pictures of some validation chips after each look (`samples.Samples`).

    Raises
    ------
    OptionError, DatasetError, ModelError, OutputError
        In one sentence, what cannot be.
    """
    folder = RunFolder(output)
    with folder.claimed(resume):
        state = folder.load() if resume else None
        if state is not None:
            options = _going_on(options, state, given)
        run = _prepared(options, data, folder, state, progress, cancel or threading.Event())
        run.shared.enough = enough or run.shared.enough
        run.shared.samples = _samples(samples, run.shared)
        try:
            run.shared.crew = _crew(options, data, run.shared)
            return run.go(ask)
        except Cancelled:
            return run.stopped()
        finally:
            run.shared.crew.close()


def _going_on(
    options: FinetuneOptions, state: RunState, given: Collection[str] | None
) -> FinetuneOptions:
    """The options of the run that goes on. Raises OptionError if others are asked for."""
    began = FinetuneOptions(**state.options)
    names = [field.name for field in dataclasses.fields(began)] if given is None else given
    for name in names:
        if name not in FREE and getattr(options, name) != getattr(began, name):
            raise OptionError(
                f"--{name.replace('_', '-')} {getattr(options, name)}: the run that --resume goes "
                f"on with began with {getattr(began, name)}. Leave it out, or begin anew in "
                "another folder (-o)."
            )
    free = {name: getattr(options, name) for name in names if name in FREE}
    return dataclasses.replace(began, **free)


def _prepared(
    options: FinetuneOptions,
    data: Path,
    folder: RunFolder,
    state: RunState | None,
    progress: Teller,
    cancel: threading.Event,
) -> Run:
    """Everything that can be checked before a step is taken."""
    device = pick_device(options.device)
    _check_method(options, device)
    check_devices(options.devices, device)
    opened(data)  # before gigabytes are fetched for a set that is none
    name, adapter = resolved(options.model)
    if adapter is not None:
        raise ModelError(
            f"--model {options.model} is an adapter of {name}: start from that one, or from a "
            "whole model."
        )
    if options.revision is not None and (name == NANO or Path(name).expanduser().is_dir()):
        raise OptionError(
            f"--revision {options.revision}: only models on the Hugging Face hub have revisions, "
            f"and {options.model} is on this computer. Leave it out."
        )
    size = card(str(find(name, options.revision).folder))["parameters"] or 0
    plan = estimate(size, _method(options, size), device, options.rank)
    check_room(plan, _method(options, size), device, folder.path)
    shared = shared_of(options, name, size >= LARGE, data, folder, device, progress, cancel)
    base, chips = shared.base, shared.data
    assert base is not None
    if state is None:
        state = RunState(dataclasses.asdict(options), chips.sha256, base.revision)
    else:
        _check_same(state, data, chips, options, base)
    return Run(shared, state, plan)


def _check_same(
    state: RunState, data: Path, chips: TrainingSet, options: FinetuneOptions, base: Checkpoint
) -> None:
    """A run goes on with the set and the model that it began with, or not at all."""
    if state.data != chips.sha256:
        raise DatasetError(
            f"{data} is not the set that this run began with: something in it changed. Begin anew "
            "in another folder (-o)."
        )
    if state.base != base.revision:
        raise ModelError(
            f"--model {options.model} is not the model that this run began with "
            f"({base.revision}, not {state.base}). Begin anew in another folder (-o)."
        )


def _check_method(options: FinetuneOptions, device: Any) -> None:
    if options.method == "qlora" and device.type != "cuda":
        raise OptionError(
            f"--method qlora needs an NVIDIA GPU, and this would train on {device.type}. Take "
            "--method lora."
        )


def _samples(folder: Path | None, shared: Shared) -> Samples | None:
    if folder is None:
        return None
    from .samples import Samples  # it draws, which nothing else here needs

    return Samples(folder, shared.looked)


def _method(options: FinetuneOptions, parameters: int) -> str:
    if options.method != "auto":
        return options.method
    return "lora" if parameters >= LARGE else "full"


def _crew(options: FinetuneOptions, data: Path, shared: Shared) -> Crew:
    """The processes that train; helpers load model and set while the leader goes on."""
    if options.devices == 1:
        return Crew()
    order = {
        "options": dataclasses.asdict(options),
        "model": shared.model,
        "large": shared.large,
        "data": str(data.resolve()),
    }
    return Leader(options.devices, shared.device, order, shared.check_cancel)


class Run:
    """A training under way: one seed after another, and the best of them at the end."""

    def __init__(self, shared: Shared, state: RunState, plan: Estimate) -> None:
        self.shared, self.state, self._plan = shared, state, plan
        self._began = time.monotonic()

    def go(self, ask: Callable[[Estimate], bool]) -> Outcome:
        """All seeds, from where the state is."""
        state, options = self.state, self.shared.options
        first = options.seed
        if not state.plan:
            state.seed = first
        while state.seed < first + options.seeds:
            with self._seed(state.seed) as seed:
                if not state.plan:
                    self._begin(seed, ask)
                seed.train()
            if self._has_enough():
                break
            state.seed, state.step, state.stale, state.loss = state.seed + 1, 0, 0, None
            state.learned = state.optimizer = state.averaged = None
            if state.seed < first + options.seeds:
                self.shared.folder.save(state)
        return self._ended(finished=True)

    def _begin(self, seed: SeedRun, ask: Callable[[Estimate], bool]) -> None:
        """Before the first step of all: the model before, and the plan. Raises Cancelled."""
        seed.look_before()
        plan = seed.planned(self._plan)
        if not ask(plan):
            self.state.plan = {}
            raise Cancelled("Nothing was trained.")
        self.shared.folder.save(self.state)

    def _has_enough(self) -> bool:
        """Whether somebody said so; what is left of the plan is told."""
        state, shared = self.state, self.shared
        last = state.seed == shared.options.seed + shared.options.seeds - 1
        if not shared.enough.is_set() or (last and state.step >= state.plan["steps"]):
            return False
        shared.data.notes.append(
            f"It was ended after step {state.step} of {state.plan['steps']} of seed {state.seed}, "
            "at the end of an epoch, because somebody said so."
        )
        return True

    def stopped(self) -> Outcome:
        """The run was cancelled: what is best so far is published, the state stays."""
        return self._ended(finished=False)

    @contextlib.contextmanager
    def _seed(self, number: int) -> Iterator[SeedRun]:
        """The training of one seed, with a model that nobody has changed."""
        seed = SeedRun(self.shared, self.state, number)
        try:
            yield seed
        finally:
            seed.close()
            self.state.seconds += time.monotonic() - self._began
            self._began = time.monotonic()

    def _ended(self, finished: bool) -> Outcome:
        from .finish import publish_best  # it draws, which nothing else here needs

        state, shared = self.state, self.shared
        shared.progress(Progress("write", state.seed, state.step, 0))
        done = publish_best(shared, state, finished)
        if done.best is not None:
            remember(shared.folder.path)
        if finished and not shared.options.keep_state:
            shared.folder.finish()
        return Outcome(
            shared.folder.path,
            finished,
            done.best,
            state.before,
            done.verdict,
            int(state.plan.get("steps", 0)),
            state.seconds,
            done.looks,
            tuple(shared.data.notes),
            done.gained,
        )
