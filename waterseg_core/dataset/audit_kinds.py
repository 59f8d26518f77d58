# SPDX-License-Identifier: GPL-3.0-or-later
"""What an audit can find wrong with a chip, and what is done about each."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ASIDE", "KINDS", "LOOK", "MEND", "MENDED", "Finding", "Kind"]

#: Has one right answer, which `--fix` writes; is set aside by `--fix`; is only shown.
MEND, ASIDE, LOOK = "mend", "set aside", "look"
#: What a record says once it was.
MENDED = "mended"


@dataclass(frozen=True)
class Kind:
    """A kind of fault: its title in a report, and its cure."""

    title: str
    cure: str


KINDS = {
    "unreadable": Kind("Files that cannot be used", ASIDE),
    "size": Kind("Mask and image differ in size", ASIDE),
    "not_a_mask": Kind("Not a mask", ASIDE),
    "blank": Kind("Blank images", ASIDE),
    "empty": Kind("Empty masks where there is water", ASIDE),
    "all_water": Kind("All water where there is land", ASIDE),
    "inverted": Kind("Inverted masks", ASIDE),
    "turned": Kind("Turned or mirrored masks", ASIDE),
    "shifted": Kind("Shifted masks", ASIDE),
    "speckle": Kind("Speckled masks", ASIDE),
    "duplicate": Kind("The same image twice", ASIDE),
    "leak": Kind("Near-duplicates across the split", ASIDE),
    "border": Kind("Missing data drawn as water", MEND),
    "frame_line": Kind("Frame lines", MEND),
    "grey": Kind("Grey masks", MEND),
    "disagrees": Kind("Labels that the model disagrees with most", LOOK),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one chip: a key of KINDS, and a sentence for the person who can act."""

    kind: str
    why: str

    @property
    def cure(self) -> str:
        """MEND, ASIDE or LOOK."""
        return KINDS[self.kind].cure
