# SPDX-License-Identifier: GPL-3.0-or-later
"""Shared: what all seeds of a run have in common."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from ..dataset.folder import Chip
from ..errors import Cancelled, ModelError, OptionError
from ..maskcodec import MaskCodec
from ..options_finetune import FinetuneOptions
from ..paligemma.load import Checkpoint
from ..segmenter import Segmenter, load_segmenter
from .crew import Crew
from .recipes import Recipe, recipe_for
from .sets import TrainingSet, evenly
from .state import RunFolder
from .telling import Progress
from .trainee import Trainee, facts_of, load_base

if TYPE_CHECKING:
    from .samples import Samples


@dataclass
class Shared:
    """What all seeds of a run have in common; `model` is what the name of the base resolves to.

    cancel: stop now. enough: stop at the end of the epoch. samples: draws some validation chips
    after each look, if somebody wants to see them. crew: the processes that train side by side.
    large: whether the base is one that `auto` trains with an adapter.
    """

    options: FinetuneOptions
    model: str
    base: Checkpoint | None
    recipe: Recipe
    codec: MaskCodec | None
    data: TrainingSet
    folder: RunFolder
    device: torch.device
    progress: Callable[[Progress], None]
    cancel: threading.Event
    looked: list[Chip]
    enough: threading.Event = field(default_factory=threading.Event)
    samples: Samples | None = None
    trained: Trainee | None = None
    crew: Crew = field(default_factory=Crew)
    large: bool = False

    def fresh(self) -> Checkpoint:
        """The base as it was; the one that is loaded already serves once."""
        base, self.base = self.base, None
        if base is None:
            options = dataclasses.replace(self.options, model=self.model)
            base = load_base(options, self.device, self.large)
        return base

    def before(self) -> Segmenter | None:
        """The model that the training starts from, asked as the new one is.

        None if it cannot answer so: its head does not exist yet, or its codec is out of reach.
        """
        with contextlib.suppress(OptionError, ModelError):
            return load_segmenter(
                self.model,
                prompt=self.data.prefix,
                answer=self.recipe.answer,
                device=self.options.device,
                revision=self.options.revision,
            )
        return None

    def check_cancel(self) -> None:
        """Raise Cancelled if the person wants to stop."""
        if self.cancel.is_set():
            raise Cancelled("Stopped; --resume goes on.")

    def epoch(self, step: int) -> float:
        """How often every chip was seen after so many steps."""
        return step * self.recipe.batch / len(self.data.train)

    def end_of_epoch(self, step: int) -> int:
        """The first step from this one on after which every chip was seen equally often."""
        epochs = max(1, -(-step * self.recipe.batch // len(self.data.train)))
        return -(-epochs * len(self.data.train) // self.recipe.batch)


def shared_of(
    options: FinetuneOptions,
    name: str,
    large: bool,
    data: Path,
    folder: RunFolder,
    device: torch.device,
    progress: Callable[[Progress], None] = lambda done: None,
    cancel: threading.Event | None = None,
) -> Shared:
    """Load what all seeds share: the model that `name` leads to, its codec, the set, the recipe.

    large: whether that model is one that `auto` trains with an adapter.
    Raises OptionError, DatasetError or ModelError.
    """
    base = load_base(dataclasses.replace(options, model=name), device, large)
    codec = _codec(base, recipe_for(facts_of(base), 1, options).answer)
    chips = TrainingSet(data, codec)
    recipe = recipe_for(facts_of(base), len(chips.train), options)
    looked = evenly(chips.val, options.val_chips)
    cancel = cancel or threading.Event()
    return Shared(
        options, name, base, recipe, codec, chips, folder, device, progress, cancel, looked,
        large=large,
    )  # fmt: skip


def _codec(base: Checkpoint, answer: str) -> MaskCodec | None:
    """The model's codec; none where a mask head answers and the codec would have to be fetched."""
    own = base.settings.codec
    if own is not None:
        return MaskCodec.load(base.folder / own)
    return None if answer == "dense" else MaskCodec.load("google")
