# SPDX-License-Identifier: GPL-3.0-or-later
"""Journal: the curve of a training, a line of JSON per point and look, only ever added to.

A run that goes on after a kill repeats some steps, to the same numbers: what the journal knows
already is not written again, so whoever reads on from point k never misses one.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

__all__ = ["Journal"]


class Journal:
    """Points and looks, read from a file if it is there.

    points: {"seed", "step", "loss", "rate"}. looks: the words of each `finetuning.Look`. before:
    those of the look before the first step. writes: add to the file what is added here.
    """

    def __init__(self, path: Path, writes: bool = False) -> None:
        self._path, self._writes = path, False
        self.points: list[dict[str, Any]] = []
        self.looks: list[dict[str, Any]] = []
        self.before: dict[str, Any] | None = None
        text = path.read_text("utf-8") if path.is_file() else ""
        for line in text.splitlines():
            try:
                self.add(json.loads(line))
            except (ValueError, LookupError, TypeError):
                continue  # the line that was being written when the power went
        self._writes = writes
        if writes and text and not text.endswith("\n"):
            self._write("\n")

    def add(self, entry: dict[str, Any]) -> bool:
        """Take {"point": …} or {"look": …}; whether it said something new."""
        new = self._point(entry["point"]) if "point" in entry else self._look(entry["look"])
        if new and self._writes:
            self._write(json.dumps(entry) + "\n")
        return new

    def _point(self, point: dict[str, Any]) -> bool:
        last = self.points[-1] if self.points else {"seed": -1, "step": 0}
        if (point["seed"], point["step"]) <= (last["seed"], last["step"]):
            return False
        self.points.append(point)
        return True

    def _look(self, look: dict[str, Any]) -> bool:
        if look["step"] == 0:
            known, self.before = self.before, look
            return look != known
        places = [(one["seed"], one["step"]) for one in self.looks]
        place = (look["seed"], look["step"])
        if place not in places:
            self.looks.append(look)
            return True
        number = places.index(place)
        known, self.looks[number] = self.looks[number], look
        return look != known

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError), self._path.open("a", encoding="utf-8") as file:
            file.write(text)  # on a full disk the state is told to be lost, not the curve
