# SPDX-License-Identifier: GPL-3.0-or-later
"""SeedRun: the training from one seed, step by step, with looks in between."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import Any

from ..paligemma.card import card
from ..segmenter import Segmenter, load_segmenter
from .average import Average, start_of
from .diary import Diary
from .estimate import Estimate
from .export import write_model
from .looking import Counts, count
from .loop import rate_share
from .rig import make_rig
from .says import licence_of, settings_of
from .shared import Shared
from .state import RunState
from .telling import Look, Progress

#: The state is kept so often, beside every look.
SAVE_SECONDS = 120.0


class SeedRun:
    """One seed's training; `train` may be called again after a kill, with the state as it was."""

    def __init__(self, shared: Shared, state: RunState, seed: int) -> None:
        self._shared, self._state, self._seed = shared, state, seed
        shared.crew.tell("seed", seed)
        rig = make_rig(shared, seed, state.part or shared.recipe.batch)
        self._trainee, self._feed, self._stepper = rig.trainee, rig.feed, rig.stepper
        shared.trained = self._trainee
        self._start = start_of(self._trainee)
        self._diary: Diary | None = None
        self._until: int | None = None
        self._average: Average | None = None
        self._saved = time.monotonic()
        self._pace: list[float] = []
        self._look_seconds = 0.0
        if state.learned is not None:
            self._restore()
        self._stepper.level()

    def close(self) -> None:
        """Let go of the model's memory."""
        if self._diary is not None:
            self._diary.close()
        self._shared.base = None

    # -- before the first step ------------------------------------------------------------------

    def look_before(self) -> None:
        """Measure the model that the training starts from, if it can answer so."""
        segmenter = self._shared.before()
        if segmenter is None:
            return
        began = time.monotonic()
        counts = self._counted(segmenter)
        self._look_seconds = time.monotonic() - began
        self._state.before = self._measured(counts, 0)
        self._state.counts["before"] = counts.words()
        self._show(0, self._state.before)
        self._tell("look", look=self._state.before)

    def planned(self, plan: Estimate) -> Estimate:
        """Try a step to learn its time and what the memory holds; decide how many there are."""
        shared, state, recipe = self._shared, self._state, self._shared.recipe
        self._tell("estimate")
        seconds = self._tried()
        steps = recipe.steps(len(shared.data.train))
        looks = shared.options.looks
        if shared.options.minutes is not None:
            room = 60 * shared.options.minutes / shared.options.seeds
            room -= looks * self._look_seconds
            steps = max(1, min(steps, int(room / seconds)))
        at = sorted({round(steps * (n + 1) / looks) for n in range(looks)} - {0})
        state.plan = {"steps": steps, "looks": at, "seconds_per_step": seconds}
        state.part = self._stepper.part
        total = shared.options.seeds * (steps * seconds + len(at) * self._look_seconds)
        learned = sum(w.numel() for group in self._trainee.groups() for w in group["params"])
        return dataclasses.replace(
            plan, learned=learned, seconds=total, steps=steps, batch=recipe.batch,
            part=self._stepper.part,
        )  # fmt: skip

    def _tried(self) -> float:
        """Seconds of a step, tried twice (the first one warms up); nothing is learned."""
        learner = self._trainee.learner
        kept = {name: value.clone() for name, value in learner.named_buffers()}
        examples = self._feed.examples(0)
        for _ in range(2):
            began = time.monotonic()
            self._shared.crew.tell("try", 0, self._stepper.part)
            self._stepper.gradients(examples, 0)
            seconds = time.monotonic() - began
            self._stepper.adam.zero_grad(set_to_none=True)
            self._shared.check_cancel()
        for name, value in learner.named_buffers():
            value.copy_(kept[name])
        return seconds

    # -- training -------------------------------------------------------------------------------

    def train(self) -> None:
        """All steps that are left, with their looks. Raises Cancelled when asked to stop."""
        shared, state, steps = self._shared, self._state, int(self._state.plan["steps"])
        self._diary = Diary(shared.folder.path, self._seed, state.step)
        self._average = Average(self._trainee, steps, state.averaged, self._start)
        state.averaged = None
        feed = self._feed.from_step(state.step, steps)
        while True:
            last = self._last(steps)
            if self._is_due(state.step, last):
                self._look()
            if state.step >= last or state.stale >= shared.recipe.patience:
                return
            began = time.monotonic()
            shared.crew.tell("step", state.step, steps, self._stepper.part)
            loss = self._stepper.step(next(feed), state.step, steps)
            self._pace = [*self._pace[-19:], time.monotonic() - began]
            self._after(loss, steps)

    def _after(self, loss: float, steps: int) -> None:
        """What follows a step."""
        state = self._state
        rate = self._shared.recipe.rate * rate_share(state.step, steps, self._shared.recipe.warmup)
        state.step += 1
        self._mean.feed(state.step)
        state.part = self._stepper.part
        state.loss = loss if state.loss is None else 0.9 * state.loss + 0.1 * loss
        if self._diary is not None:
            self._diary.step(state.step, loss, rate)
        self._tell("train", rate=rate)
        if self._shared.cancel.is_set() or time.monotonic() - self._saved > SAVE_SECONDS:
            self._save()
        self._shared.check_cancel()

    def _last(self, steps: int) -> int:
        """The step to end at: that of the plan, or the end of the epoch once somebody says so."""
        if self._shared.enough.is_set() and self._until is None:
            self._until = self._shared.end_of_epoch(self._state.step)
        return steps if self._until is None else min(steps, self._until)

    def _is_due(self, step: int, last: int) -> bool:
        done = any(look.seed == self._seed and look.step == step for look in self._state.looks)
        return (step in self._state.plan["looks"] or step == last) and not done

    def _look(self) -> None:
        """Write the model, ask it as a user would, keep it if it is the best."""
        state, shared = self._state, self._shared
        self._save()
        began = time.monotonic()
        name = f"seed-{self._seed}-step-{state.step}"
        files = shared.folder.state / name
        with self._mean.in_place():
            write_model(files, self._trainee, self.says(None))
        counts = self._counted(self._segmenter(files))
        look = self._measured(counts, state.step)
        self._show(len(state.looks) + 1, look)
        self._look_seconds = time.monotonic() - began
        state.looks.append(look)
        mine = [one.score for one in state.looks if one.seed == self._seed]
        state.stale = 0 if look.score >= max(mine) else state.stale + 1
        if state.best is None or look.score > state.best.score:
            state.best, state.best_files = look, name
            state.counts["best"] = counts.words()
        self._save()
        if self._diary is not None:
            self._diary.look(look)
        self._tell("look", look=look)

    def _counted(self, segmenter: Segmenter) -> Counts:
        shared = self._shared
        seen = shared.samples.see if shared.samples is not None else None
        return count(segmenter, shared.data, shared.looked, self._tick, seen)

    def _show(self, number: int, look: Look) -> None:
        """Draw the samples of a look; 0 is the one before the first step."""
        if self._shared.samples is not None:
            self._shared.samples.draw(number, look.threshold)

    def _segmenter(self, files: Path) -> Segmenter:
        name, adapter = str(files), None
        if self._trainee.peft is not None:
            name, adapter = self._shared.model, str(files)
        return load_segmenter(
            name,
            prompt=self._shared.data.prefix,
            answer=self._shared.recipe.answer,
            device=self._shared.options.device,
            adapter=adapter,
            revision=self._shared.options.revision if adapter else None,
        )

    def _measured(self, counts: Counts, step: int) -> Look:
        """At the threshold that a mask head would be published with."""
        place = counts.best() if self._shared.recipe.answer == "dense" else 0
        (iou, pooled), threshold = counts.scores(place), counts.thresholds[place]
        loss = self._state.loss if step else None
        return Look(self._seed, step, (iou + pooled) / 2, iou, pooled, threshold, loss)

    def says(self, look: Look | None) -> dict[str, Any]:
        """What `waterseg.json` says of the model."""
        shared, trainee = self._shared, self._trainee
        base = trainee.base
        licence = licence_of(card(str(base.folder))["licence"], shared.data.licence)
        return settings_of(base, shared.recipe, shared.data, trainee.head, licence, look)

    def _tick(self, done: int) -> None:
        self._shared.check_cancel()

    def _tell(self, stage: str, rate: float | None = None, look: Look | None = None) -> None:
        state, options = self._state, self._shared.options
        steps = int(state.plan.get("steps", 0))
        left = None
        if self._pace:
            pace = sum(self._pace) / len(self._pace)
            seeds = options.seed + options.seeds - self._seed - 1
            waiting = sum(step > state.step for step in state.plan["looks"])
            left = (steps - state.step + seeds * steps) * pace
            left += (waiting + seeds * len(state.plan["looks"])) * self._look_seconds
        told = Progress(
            stage, self._seed, state.step, steps, state.loss, rate, look, state.best, left
        )
        self._shared.progress(
            dataclasses.replace(told, epoch=self._shared.epoch(state.step) if steps else None)
        )

    @property
    def _mean(self) -> Average:
        assert self._average is not None
        return self._average

    def _save(self) -> None:
        state = self._state
        state.learned = self._trainee.learned()
        state.optimizer = self._stepper.adam.state_dict()
        state.averaged = self._mean.values
        self._shared.folder.save(state)
        self._saved = time.monotonic()

    def _restore(self) -> None:
        state = self._state
        self._trainee.learner.load_state_dict(state.learned or {}, strict=False)
        if state.optimizer is not None:
            self._stepper.adam.load_state_dict(state.optimizer)
        state.learned = state.optimizer = None
