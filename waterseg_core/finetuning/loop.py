# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of one training: which chips, the losses in parts, the rates, AdamW.

A step is a function of the seed, its number and the weights before it. If the memory does not hold
it, its chips are taken in smaller parts, from then on. Where several devices train side by side
(`crew`), each takes its share of a step's chips.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import torch

from ..dataset.folder import Chip
from ..errors import ModelError
from ..paligemma.devices import is_out_of_memory, release
from .collate import Collator, Example
from .crew import Crew
from .examples import Teacher
from .learner import Losses
from .sets import TrainingSet
from .trainee import Trainee

#: Where the rate ends, as a share of the highest.
LAST_RATE = 0.02
#: A rise takes at least so many steps (of a short training the half), whatever the recipe's share:
#: AdamW's first steps have nothing to scale themselves by and are as large as the rate allows
#: (Ma and Yarats 2019, arXiv:1910.04209).
LEAST_RISE = 20


def rate_share(step: int, steps: int, warmup: float) -> float:
    """The share of the highest rate at a step (from 0): a line up, then half a cosine down."""
    rising = max(1, round(warmup * steps), min(LEAST_RISE, steps // 2))
    if step < rising:
        return (step + 1) / rising
    done = (step - rising) / max(1, steps - rising)
    return LAST_RATE + (1 - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))


class Feed:
    """The examples of every step, made ahead by threads.

    Chips are dealt like cards: all of them in a new order, then again, so that each is seen as
    often as any other. Wet and dry ones are dealt alike.
    """

    def __init__(
        self, data: TrainingSet, teacher: Teacher, batch: int, seed: int, crew: Crew
    ) -> None:
        self._data, self._teacher, self._batch, self._seed = data, teacher, batch, seed
        self._crew = crew

    def chips(self, step: int) -> list[Chip]:
        """The chips of a step."""
        chips = self._data.train
        found = []
        for place in range(step * self._batch, (step + 1) * self._batch):
            turn, card = divmod(place, len(chips))
            order = np.random.default_rng((self._seed, turn)).permutation(len(chips))
            found.append(chips[order[card]])
        return found

    def examples(self, step: int) -> list[Example]:
        """The examples of a step, as far as they are this process's."""
        made = []
        for place, chip in self._crew.share(list(enumerate(self.chips(step)))):
            rng = np.random.default_rng((self._seed, 1, step, place))
            made.append(self._teacher.example(*self._data.read(chip), rng))
        return made

    def from_step(self, first: int, steps: int) -> Iterator[list[Example]]:
        """The examples of step `first` and all that follow, a few steps ahead."""
        with ThreadPoolExecutor(2) as pool:
            ahead: list[Future[list[Example]]] = []
            try:
                for step in range(first, steps):
                    while len(ahead) < 3 and step + len(ahead) < steps:
                        ahead.append(pool.submit(self.examples, step + len(ahead)))
                    yield ahead.pop(0).result()
            finally:
                for waiting in ahead:
                    waiting.cancel()


class Stepper:
    """Takes steps.

    Attributes
    ----------
    part
        How many examples the memory takes at once; it shrinks when it must.
    """

    def __init__(
        self, trainee: Trainee, collator: Collator, seed: int, part: int, crew: Crew
    ) -> None:
        self.trainee, self.part = trainee, part
        self._collator, self._seed, self._crew = collator, seed, crew
        recipe = trainee.recipe
        self.adam = torch.optim.AdamW(trainee.groups(), betas=(0.9, recipe.beta2), eps=1e-8)
        self._weights = [w for group in self.adam.param_groups for w in group["params"]]

    def step(self, examples: Sequence[Example], number: int, steps: int) -> float:
        """One step; the loss before it. Raises ModelError if the memory does not hold one chip."""
        loss = self.gradients(examples, number)
        share = rate_share(number, steps, self.trainee.recipe.warmup)
        for group in self.adam.param_groups:
            group["lr"] = group["peak"] * share
        torch.nn.utils.clip_grad_norm_(self._weights, self.trainee.recipe.clip)
        self.adam.step()
        self.adam.zero_grad(set_to_none=True)
        return loss

    def gradients(self, examples: Sequence[Example], number: int) -> float:
        """The gradients of a step, in parts that everybody's memory holds; its loss."""
        tokens = sum(_learned(example) for example in examples)
        images = sum(example.target is not None for example in examples)
        everybodys = self._crew.total(tokens, images)
        while True:
            loss, problem = 0.0, None
            try:
                loss = self._gradients(examples, number, *everybodys)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                problem = error
            loss, problems = self._crew.total(loss, float(problem is not None))
            if not problems:
                self._crew.add_gradients(self._weights)
                return loss
            self._smaller(problem)

    def level(self) -> None:
        """Everybody begins with the leader's weights and the moments that AdamW remembers."""
        crew, adam = self._crew, self.adam
        crew.level([value for _, value in sorted(self.trainee.learned().items())])
        places = [place for place, weight in enumerate(self._weights) if weight in adam.state]
        if crew.rank == 0:
            crew.tell(places)
        else:
            (places,) = crew.hear()
        for place in places:
            weight = self._weights[place]
            if crew.rank != 0:
                zero = torch.zeros_like
                adam.state[weight] = {
                    "step": torch.tensor(0.0), "exp_avg": zero(weight), "exp_avg_sq": zero(weight)
                }  # fmt: skip
            crew.level([adam.state[weight][name] for name in ("step", "exp_avg", "exp_avg_sq")])

    def _smaller(self, error: BaseException | None) -> None:
        self.adam.zero_grad(set_to_none=True)
        release(self.trainee.device)
        if self.part == 1:
            lower = {"full": "--method lora", "frozen-tower": "--method lora", "lora": "qlora"}
            method = self.trainee.recipe.method
            raise ModelError(
                f"The memory of {self.trainee.device} does not hold one chip of this training. "
                f"Take {lower.get(method, 'a smaller model')}, a smaller model, or another "
                "--device."
            ) from error
        self.part = max(1, self.part // 2)

    def _gradients(
        self, examples: Sequence[Example], number: int, tokens: float, images: float
    ) -> float:
        """Those of this process's examples; tokens, images: how many everybody has together."""
        own = self._crew.rank << 40  # other chips, other dropout
        torch.manual_seed(self._seed * 1_000_003 + number + own)  # the same wherever a run goes on
        total = 0.0
        for start in range(0, len(examples), self.part):
            batch = self._collator(examples[start : start + self.part])
            with self._precision():
                losses: Losses = self.trainee.learner(batch.to(self.trainee.device))
            loss = losses.tokens / max(tokens, 1) + losses.masks / max(images, 1)
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        return total

    def _precision(self) -> contextlib.AbstractContextManager[Any]:
        dtype = self.trainee.compute_dtype
        if dtype == torch.float32:
            return contextlib.nullcontext()
        return torch.autocast(self.trainee.device.type, dtype)


def _learned(example: Example) -> int:
    return sum(len(branch) - example.given for branch in example.branches)
