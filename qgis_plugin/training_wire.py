# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine answers about training sets: planned chips, a look at one of them, an outline."""

import re
import zlib
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from .client_loopback import Loopback
from .wire import known

WATER, DRY, UNLABELLED = "water", "dry", "unlabelled"
PROBLEM, EXCLUDED = "problem", "excluded"
#: In the order in which a legend shows them.
STATES = (WATER, DRY, UNLABELLED, PROBLEM, EXCLUDED)
SPLITS = ("train", "val", "test")
#: Where a sentence names an option of the command line.
FLAGS = re.compile(r"\s*\((?:see )?--[\w-]+\)")
#: What a person may decide about a chip; nothing leaves it to the engine.
INCLUDE, EXCLUDE, IS_DRY = "include", "exclude", "dry"


@dataclass(frozen=True)
class PlannedChip:
    """One chip of the grid. row, col, height, width: in pixels of the chip grid.

    state: one of STATES. split: one of SPLITS, or empty for a chip that is left out. why: a
    sentence about a problem, or empty. footprint: a GeoJSON polygon in the raster's CRS.
    """

    id: str = ""
    row: int = 0
    col: int = 0
    height: int = 0
    width: int = 0
    state: str = UNLABELLED
    split: str = ""
    why: str = ""
    footprint: dict = field(default_factory=dict)

    @property
    def key(self):
        """What decisions are kept by: the corner of the chip's window."""
        return f"{self.row}_{self.col}"

    @property
    def size(self):
        """(height, width) in pixels of the chip grid."""
        return self.height, self.width

    @property
    def window(self):
        """The wire's `chip`."""
        return {"row": self.row, "col": self.col, "height": self.height, "width": self.width}


@dataclass(frozen=True)
class Plan:
    """All chips as they would be written now. counts: how many by state, by split; notes."""

    chips: tuple = ()
    counts: dict = field(default_factory=dict)
    notes: tuple = ()

    @classmethod
    def of(cls, answer):
        """From the answer of /v1/dataset/chips."""
        chips = tuple(
            known(PlannedChip, {**one, "why": plain(one.get("why", ""))})
            for one in answer.get("chips") or ()
        )
        notes = tuple(plain(note) for note in answer.get("notes") or ())
        return known(cls, {**answer, "chips": chips, "notes": notes})

    def without(self, left_out):
        """The same plan, but the chips with these keys are problems; left_out: key → why."""
        chips = tuple(
            replace(chip, state=PROBLEM, split="", why=left_out[chip.key])
            if chip.key in left_out
            else chip
            for chip in self.chips
        )
        return replace(self, chips=chips)

    def number(self, state):
        """How many chips are in a state."""
        return sum(chip.state == state for chip in self.chips)

    def in_split(self, split):
        """How many chips are in a split."""
        return sum(chip.split == split for chip in self.chips)


@dataclass(frozen=True)
class Check:
    """What the tokens can say of one chip.

    suffix: the text to learn. iou: of the drawn mask and what the suffix decodes to, None for a
    dry chip. target: `union`, `components` or empty. instances: how many objects it names.
    drawn, said: PNGs in base64 to lay over the image. warnings: sentences.
    """

    suffix: str = ""
    iou: float = None
    target: str = ""
    instances: int = 0
    drawn: str = ""
    said: str = ""
    warnings: tuple = ()

    @classmethod
    def of(cls, answer):
        """From the answer of /v1/dataset/check."""
        warnings = tuple(plain(warning) for warning in answer.get("warnings") or ())
        return known(cls, {**answer, "warnings": warnings})


def plain(sentence):
    """A sentence of the engine without what only the command line knows: "(see --buffer)"."""
    return FLAGS.sub("", sentence)


def where_data_is(client, size, pixels, missing, body, feedback=None):
    """What `plan` takes as `data`, a text. Raises WireError.

    size: (height, width) of the thinned-out picture; pixels, body: what it is, and its bytes, as
    of a job. missing: the option nodata.
    """
    about = {name: value for name, value in pixels.items() if value is not None}
    query = {**about, "height": size[0], "width": size[1], "missing": missing}
    near = isinstance(client.transport, Loopback)
    if not near:
        body = zlib.compress(body, 1)
    path = f"/v1/dataset/data?{urlencode(query)}"
    return client.ask_of_pixels(path, body, "" if near else "deflate", feedback)["data"]


def plan(client, words, feedback=None, data=""):
    """`Plan` for `TrainingRequest.words()`; data: where there is some, if it is known.

    Raises WireError.
    """
    asked = {**words, "data": data} if data else words
    return Plan.of(client.ask("/v1/dataset/chips", asked, feedback))


def check(client, words, chip, image=None, feedback=None):
    """`Check` of one `PlannedChip`; image: its PNG in base64. Raises WireError."""
    asked = {**words, "chip": chip.window, "image": image}
    asked.pop("chips", None)
    return Check.of(client.ask("/v1/dataset/check", asked, feedback))


def wand(client, image, row, col, tolerance, feedback=None):
    """A GeoJSON polygon in (column, row) of the image's pixels. Raises WireError.

    image: PNG in base64. tolerance: 0 to 255, the largest difference of a colour.
    """
    asked = {"image": image, "row": row, "col": col, "tolerance": tolerance}
    return client.ask("/v1/dataset/wand", asked, feedback)["polygon"]
