# SPDX-License-Identifier: GPL-3.0-or-later
"""What PaliGemma says about objects: instances, and the text that names them.

An instance is four location tokens (y1, x1, y2, x2), sixteen segment tokens and a label:

    <loc0102><loc0000><loc0511><loc1023><seg007>…<seg127> water ; <loc…

Instances are joined by " ; "; no instance at all is the empty answer. Coordinates are
``round(v * 1023)`` of values in 0..1 and come back as ``bin / 1023``, the exact inverse of
big_vision's encoder (``pp/proj/paligemma/segmentation.py``). Codes are a row-major 4x4 grid.
Anything else is a GrammarError.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .errors import GrammarError

LOCATIONS = 1024
SEGMENTS = 128
CODE_COUNT = 16
MAX_INSTANCES = 8
SEPARATOR = " ; "

Box = tuple[float, float, float, float]
Bins = tuple[int, int, int, int]

_NOT_IN_LABELS = re.compile(r"[;<>\n]")
_INSTANCE = re.compile(r"((?:<loc\d{4}>){4})((?:<seg\d{3}>){16})([^;<>\n]*)", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Instance:
    """One object: where it is, the codes of its mask, what it is called, how sure the model is.

    Attributes
    ----------
    box
        ``(y1, x1, y2, x2)`` as shares of the image's height and width, ``0 <= y1 < y2 <= 1``.
    codes
        Sixteen codes 0..127, a row-major 4x4 grid over the box.
    label
        Words without ``;``, ``<``, ``>``, line breaks and outer spaces; may be empty.
    confidence
        0..1.

    Raises
    ------
    GrammarError
        If a value is outside what an answer can say.
    """

    box: Box
    codes: tuple[int, ...]
    label: str = ""
    confidence: float = 1.0

    def __post_init__(self) -> None:
        if len(self.box) != 4 or not all(0 <= value <= 1 for value in self.box):
            raise GrammarError(f"A box is four numbers from 0 to 1, not {self.box}.")
        if not (self.box[0] < self.box[2] and self.box[1] < self.box[3]):
            raise GrammarError(f"A box (y1, x1, y2, x2) needs y1 < y2 and x1 < x2, not {self.box}.")
        if len(self.codes) != CODE_COUNT or not all(0 <= code < SEGMENTS for code in self.codes):
            raise GrammarError(f"A mask is sixteen codes from 0 to 127, not {self.codes}.")
        if _NOT_IN_LABELS.search(self.label) or self.label != self.label.strip():
            raise GrammarError(f"A label has no ';', '<', '>' or outer space: {self.label!r}.")
        if not 0 <= self.confidence <= 1:
            raise GrammarError(f"A confidence is a number from 0 to 1, not {self.confidence}.")


def box_to_bins(box: Box) -> Bins:
    """``round(v * 1023)``, halves to even; a side that rounds to nothing keeps one bin."""
    y1, x1, y2, x2 = (round(min(max(value, 0.0), 1.0) * (LOCATIONS - 1)) for value in box)
    y1, y2 = _apart(y1, y2)
    x1, x2 = _apart(x1, x2)
    return y1, x1, y2, x2


def _apart(low: int, high: int) -> tuple[int, int]:
    if low < high:
        return low, high
    return (low, low + 1) if low < LOCATIONS - 1 else (low - 1, low)


def bins_to_box(bins: Sequence[int]) -> Box:
    """``bin / 1023``: the inverse of `box_to_bins`."""
    y1, x1, y2, x2 = (value / (LOCATIONS - 1) for value in bins)
    return y1, x1, y2, x2


def format_text(instances: Iterable[Instance]) -> str:
    """The answer that names these instances; the empty text if there is none."""
    return SEPARATOR.join(_format_one(instance) for instance in instances)


def _format_one(instance: Instance) -> str:
    box = "".join(f"<loc{value:04d}>" for value in box_to_bins(instance.box))
    codes = "".join(f"<seg{code:03d}>" for code in instance.codes)
    return f"{box}{codes} {instance.label}" if instance.label else box + codes


def parse_text(text: str) -> list[Instance]:
    """The instances that an answer names, with confidence 1.

    Raises
    ------
    GrammarError
        If the text is not an answer as `format_text` writes it (spaces around labels and
        separators are free).
    """
    if not text.strip():
        return []
    return [_parse_one(part.strip()) for part in text.split(";")]


def _parse_one(part: str) -> Instance:
    match = _INSTANCE.fullmatch(part)
    if match is None:
        raise GrammarError(
            f"No instance of four <locNNNN>, sixteen <segNNN> and a label: {part[:80]!r}."
        )
    bins = [int(number) for number in _NUMBER.findall(match[1])]
    codes = tuple(int(number) for number in _NUMBER.findall(match[2]))
    if max(bins) >= LOCATIONS:
        raise GrammarError(f"Location tokens end at <loc1023>: {part[:80]!r}.")
    return Instance(bins_to_box(bins), codes, match[3].strip())
