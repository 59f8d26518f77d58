# SPDX-License-Identifier: GPL-3.0-or-later
"""Adding: the set that is there already, when somebody builds into its folder again.

Its chips stay as they are, and its blocks of land keep their splits. Only chips that it does not
hold are made, with the options that it was made with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.drawn import Drawn
from waterseg_core.dataset.folder import MANIFEST, About, Chip, DatasetFolder
from waterseg_core.dataset.places import Fixed, Layout, OldChip
from waterseg_core.errors import DatasetError, OutputError
from waterseg_core.geo import Window

__all__ = ["Before"]

#: Where an audit puts what it sets aside.
REJECTED = "rejected"
#: Options that every chip of a set has in common; the others may change from build to build.
COMMON = (
    "bands",
    "stretch",
    "nodata",
    "resolution",
    "target",
    "tile",
    "stride",
    "negatives",
    "min_water",
    "min_known",
    "split",
    "buffer",
    "block",
    "seed",
)


@dataclass(frozen=True, eq=False)
class Before:
    """A set that is added to."""

    folder: DatasetFolder

    @classmethod
    def at(cls, out: Path) -> Before | None:
        """The set in a folder; None if there is nothing yet.

        Raises OutputError or DatasetError if something else is there, or a newer set.
        """
        if out.is_file():
            raise OutputError(f"{out} is a file; give the name of a folder.")
        if not out.exists() or not any(out.iterdir()):
            return None
        return cls(DatasetFolder(out))

    def check(self, about: About) -> None:
        """Raise DatasetError unless the set was built with the same options."""
        own, new = self.folder.about, _plain(about.options)
        name = self.folder.path
        if not own.options.get("layout"):
            raise DatasetError(
                f"{name} was not made by waterseg dataset build, so nothing can be added to it. "
                "Build another set and join both with waterseg dataset merge."
            )
        for option in COMMON:
            if own.options.get(option) != new.get(option):
                raise DatasetError(
                    f"{name} was built with --{option.replace('_', '-')} "
                    f"{_said(own.options.get(option))}, not {_said(new.get(option))}. Build with "
                    "the same options, or into another folder."
                )
        if (own.prefix, own.codec_sha256) != (about.prefix, about.codec_sha256):
            raise DatasetError(
                f"{name} was built with another prompt or codec ('{own.prefix}', {own.codec}). "
                "Build with the same, or into another folder."
            )
        if own.labels != about.labels:
            raise DatasetError(
                f"{name} has the classes {', '.join(own.labels)}, the drawing has "
                f"{', '.join(about.labels)}. Name those of the set with --label "
                f"'{' ; '.join(own.labels)}', or build into another folder."
            )

    @property
    def fixed(self) -> Fixed:
        """What a plan has to keep."""
        layout = self.folder.about.options.get("layout")
        chips = [
            OldChip(
                chip.source,
                window_of(chip),
                chip.split,
                chip.group,
                chip.footprint,
                chip.crs,
                chip.water_share,
            )
            for chip in self.folder.chips
        ]
        return Fixed(Layout(**layout) if layout else None, chips)

    @property
    def chips(self) -> dict[str, Chip]:
        """The set's chips by id."""
        return {chip.id: chip for chip in self.folder.chips}

    @cached_property
    def rejected(self) -> frozenset[str]:
        """Ids of the chips that an audit set aside: they are not made again."""
        return frozenset(path.stem for path in (self.folder.path / REJECTED).rglob("*.png"))

    @property
    def key(self) -> str:
        """A hash that changes when the set does."""
        return hashlib.sha256((self.folder.path / MANIFEST).read_bytes()).hexdigest()

    def redrawn(self, drawings: Mapping[str, Drawn]) -> int:
        """How many of its chips are drawn otherwise now; drawings by the name of the scene."""
        return sum(
            self._differs(chip, drawings[chip.source])
            for chip in self.folder.chips
            if chip.source in drawings
        )

    def _differs(self, chip: Chip, drawn: Drawn) -> bool:
        mask, now = self.folder.mask(chip), drawn.classes(window_of(chip), trusted=True)
        known = mask != UNKNOWN
        return bool(np.any(mask[known] != now[known]))

    def about(self, new: About) -> About:
        """What describes the set with what is added."""
        own = self.folder.about
        sources = (*own.sources, *new.sources)
        return About(
            **{
                **vars(new),
                "sources": tuple(dict.fromkeys(sources)),
                "licence": new.licence or own.licence,
                "notes": tuple(dict.fromkeys((*own.notes, *new.notes))),
            }
        )


def window_of(chip: Chip) -> Window:
    """The pixels of its source that a chip shows."""
    return Window(chip.row, chip.col, chip.height, chip.width)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same as it comes back from JSON."""
    plain: dict[str, Any] = json.loads(json.dumps(values))
    return plain


def _said(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(str(part) for part in value)
    return "its default" if value is None else str(value)
