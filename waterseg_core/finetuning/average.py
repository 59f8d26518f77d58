# SPDX-License-Identifier: GPL-3.0-or-later
"""Average: a running mean of the weights that learn, which is what is measured and kept.

The weights of one step of a short training on few chips depend on the chips of that step; their
mean over the last steps does less (Polyak and Juditsky 1992; Izmailov et al. 2018,
arXiv:1803.05407, who average over the end of a training as well).

Where a model that knew water learns from few chips, what is kept lies between that mean and the
model before: on places that neither saw it is better than both (WiSE-FT, Wortsman et al. 2022,
arXiv:2109.01903).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from .recipes import MEANT
from .trainee import Trainee

__all__ = ["Average", "start_of"]

#: The mean reaches back over about this share of all steps.
SHARE = 0.1


class Average:
    """The running mean of everything in `trainee.learned()`, float32, on the trainee's device.

    steps: of the whole training. values: where it stood when the training was interrupted. start:
    `trainee.learned()` before the first step of all, copied; with it, `recipe.blend` of the mean
    and the rest of the start are put in place. A model with more than MEANT numbers that learn has
    no mean: its weights stand for it.
    """

    def __init__(
        self,
        trainee: Trainee,
        steps: int,
        values: Mapping[str, Tensor] | None = None,
        start: Mapping[str, Tensor] | None = None,
    ) -> None:
        self._trainee, self._reach, self._start = trainee, max(1.0, SHARE * steps), start
        learned = trainee.learned()
        self.values: dict[str, Tensor] = {}
        if sum(value.numel() for value in learned.values()) <= MEANT:
            begun = learned if values is None else values
            self.values = {name: _copy(begun[name], value) for name, value in learned.items()}

    @torch.no_grad()
    def feed(self, step: int) -> None:
        """Take in the weights after `step` steps; at first the mean is over all there were."""
        share = 1 / min(step + 1, self._reach)
        learned = self._trainee.learned() if self.values else {}
        for name, mean in self.values.items():
            if mean.is_floating_point():
                mean.lerp_(learned[name].float(), share)
            else:
                mean.copy_(learned[name])

    @contextlib.contextmanager
    def in_place(self) -> Iterator[None]:
        """Within it the trainee's weights are the mean, or lie between it and the start."""
        if not self.values:
            yield
            return
        learner = self._trainee.learner
        kept = {name: value.clone() for name, value in self._trainee.learned().items()}
        learner.load_state_dict(self._blended(), strict=False)
        try:
            yield
        finally:
            learner.load_state_dict(kept, strict=False)

    def _blended(self) -> dict[str, Tensor]:
        """The mean, or a point on the line from the start to it."""
        start, share = self._start, self._trainee.recipe.blend
        if start is None:
            return self.values
        return {
            name: start[name].lerp(mean, share) if mean.is_floating_point() else mean
            for name, mean in self.values.items()
        }


def start_of(trainee: Trainee) -> dict[str, Tensor] | None:
    """A copy of what the trainee knows before the first step; None where nothing of it is kept."""
    learned = trainee.learned()
    if trainee.recipe.blend == 1 or sum(value.numel() for value in learned.values()) > MEANT:
        return None
    return {name: _copy(value, value) for name, value in learned.items()}


def _copy(value: Tensor, like: Tensor) -> Tensor:
    value = value.detach().to(like.device)
    return value.float().clone() if value.is_floating_point() else value.clone()
