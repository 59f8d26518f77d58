# SPDX-License-Identifier: GPL-3.0-or-later
"""What a checkpoint says about itself in `waterseg.json`, and what holds if it says nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ..errors import ModelError

FILE = "waterseg.json"
ANSWERS = ("dense", "grid", "objects")
_MOST_CELLS = 16


@dataclass(frozen=True)
class Settings:
    """How a checkpoint answers; the defaults are those of a stock PaliGemma.

    Attributes
    ----------
    answer, answers
        The answer to take if the user does not choose, and all that it was trained for.
    grid
        Cells along one side of the answer `grid`.
    threshold
        The probability from which a pixel is water, by answer; 0.5 where it is not said.
    tile
        Side of a tile in the raster's pixels, by answer: few boxes say more about a smaller
        tile. Where it is not said, the side of the model's square.
    looks
        1, or 2: with `dense`, a tile is looked at as a whole and in parts (see `looks`).
    codec
        File name of the mask codec beside the checkpoint; None is Google's.
    head
        What the mask head is built with; None where there is none.
    """

    answer: str = "objects"
    answers: tuple[str, ...] = ("objects", "grid")
    grid: int = 4
    threshold: dict[str, float] = field(default_factory=dict)
    tile: dict[str, int] = field(default_factory=dict)
    looks: int = 1
    codec: str | None = None
    head: dict[str, Any] | None = None

    @classmethod
    def read(cls, folder: Path) -> Settings:
        """Read a folder's `waterseg.json`; the defaults if it has none.

        Raises
        ------
        ModelError
            If the file says what cannot be.
        """
        path = folder / FILE
        if not path.is_file():
            return cls()
        try:
            said = json.loads(path.read_text("utf-8"))
            known = {entry.name for entry in fields(cls)}
            settings = cls(**{name: value for name, value in said.items() if name in known})
            problem = settings._problem()
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise ModelError(
                f"{path} cannot be read: {error}. The file is damaged; fetch or train the model "
                "again."
            ) from error
        if problem:
            raise ModelError(f"{path}: {problem}.")
        return settings

    def _problem(self) -> str | None:
        if not {self.answer, *self.answers, *self.threshold, *self.tile} <= set(ANSWERS):
            return f"answers are {', '.join(ANSWERS)}"
        if not 1 <= self.grid <= _MOST_CELLS:
            return f"a grid has 1 to {_MOST_CELLS} cells along a side, not {self.grid}"
        if not all(0 < float(value) < 1 for value in self.threshold.values()):
            return "a threshold is a number between 0 and 1"
        if not all(int(side) >= 1 for side in self.tile.values()):
            return "a tile has at least one pixel"
        if self.looks not in (1, 2):
            return f"a model looks once or twice, not {self.looks} times"
        if self.answer == "dense" and self.head is None:
            return "the answer dense needs a head"
        return None
