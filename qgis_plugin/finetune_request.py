# SPDX-License-Identifier: GPL-3.0-or-later
"""FinetuneRequest: which set, from which model, under which name, and for how long."""

import os
import re
from dataclasses import dataclass, field

from . import training_folder
from .errors import LayerError
from .words import tr

#: What the engine takes as the name of a model.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
LONGEST = 60
MINUTES = 5


@dataclass(frozen=True)
class FinetuneRequest:
    """folder: the set. name: of the new model. options: the engine's, by name.

    ask: wait for a yes after the estimate.
    """

    folder: str
    name: str
    options: dict = field(default_factory=dict)
    ask: bool = True

    @property
    def base(self):
        """The model that it starts from; empty for the engine's own choice."""
        return str(self.options.get("model") or "")

    def check(self):
        """Raises LayerError unless there is a set, and a name that the engine takes."""
        if not self.folder:
            raise LayerError(tr("Choose the folder of a training set."))
        written = training_folder.read(self.folder)
        if not written.chips:
            raise LayerError(tr("The training set has no chips yet."))
        check_name(self.name)

    def description(self, packed):
        """The training as the wire wants it, for a `Packed` set."""
        options = {name: value for name, value in self.options.items() if value not in (None, "")}
        return {
            "name": self.name,
            "set": packed.description,
            "options": options,
            "ask": self.ask,
        }


def check_name(name):
    """Raises LayerError for what is no name of a model."""
    if not name:
        raise LayerError(tr("Give the new model a name."))
    if not NAME.fullmatch(name):
        raise LayerError(
            tr(
                "{name!r} is no name for a model: take letters from a to z, digits, '-', '_' and "
                "'.', {most} at most, a letter or digit first."
            ).format(name=name, most=LONGEST)
        )


def suggested_name(folder):
    """A name for the model after the set's folder; empty where there is none."""
    last = os.path.basename(folder.rstrip("/\\"))
    clean = re.sub(r"[^A-Za-z0-9_.-]+", "_", last).strip("_.-")
    return clean[:LONGEST]
