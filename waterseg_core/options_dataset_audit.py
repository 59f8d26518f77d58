# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of `waterseg dataset import` and `audit`, declared as those of `segment` are."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from waterseg_core.errors import OptionError
from waterseg_core.optionfield import check_all, option
from waterseg_core.options import MODEL, OUTPUT
from waterseg_core.options_dataset import CHIPS, BuildOptions, as_in_segment, labels_in

__all__ = ["AUDITS", "AuditOptions", "ImportOptions"]

AUDIT = "Audit"
AUDITS = ("off", "report", "fix")


def _as_in_build(name: str, **changes: Any) -> Any:
    """The option `name` of `build` once more, with its default; `changes` to the rest."""
    (field,) = (each for each in dataclasses.fields(BuildOptions) if each.name == name)
    info = dataclasses.replace(field.metadata["option"], **changes)
    return dataclasses.field(default=field.default, metadata={"option": info})


def _witness() -> Any:
    return as_in_segment(
        "model",
        help="The model whose opinion of each chip is asked, as in segment; none leaves it out.",
        group=MODEL,
    )


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """How pairs of images and masks become a training set. Raises OptionError."""

    audit: str = option(
        "report",
        help="Look for bad labels: report names them, fix also mends what has one right answer "
        "and sets the rest aside in rejected/, off does not look.",
        group=AUDIT,
        choices=AUDITS,
    )
    model: str = _witness()
    device: str = as_in_segment("device")
    label: str = _as_in_build(
        "label",
        help="What the masks show; several classes with ' ; ' between them, as in 'lake ; river', "
        "in the order of the masks' values.",
    )
    prefix: str | None = _as_in_build("prefix")
    target: str = _as_in_build("target")
    codec: str | None = _as_in_build("codec")
    min_iou: float = _as_in_build("min_iou")
    tile: int | None = option(
        None,
        help="Cut images that are larger into chips of this side.",
        group=CHIPS,
        unit="pixels",
        low=16,
        high=8192,
        default_text="each image is one chip",
    )
    stride: int | None = _as_in_build("stride", default_text="the chip's side")
    negatives: float | None = option(
        None,
        help="How many dry chips are kept for each chip with water.",
        group=CHIPS,
        metavar="RATIO",
        low=0,
        high=1000,
        default_text="all",
    )
    split: tuple[int, ...] = _as_in_build(
        "split",
        help="Shares of train, val and test; images that look alike go to the same.",
    )
    seed: int = _as_in_build("seed", help="Another number makes another split.")
    licence: str = _as_in_build("licence")

    def __post_init__(self) -> None:
        """Check every value alone, then those that depend on each other."""
        check_all(self)
        if self.stride is not None and self.tile is None:
            raise OptionError(f"--stride {self.stride}: needs --tile, the side of a chip.")

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that --label names."""
        return labels_in(self.label)

    @property
    def prompt(self) -> str:
        """The prompt of every chip."""
        return self.prefix or "segment " + " ; ".join(self.labels)


@dataclass(frozen=True, kw_only=True)
class AuditOptions:
    """How a training set is looked at. Raises OptionError when a value makes no sense."""

    fix: bool = option(
        False,
        help="Mend what has one right answer (threshold, missing data, frame lines), and set the "
        "rest aside in rejected/. Nothing is deleted.",
        group=AUDIT,
    )
    model: str = _witness()
    device: str = as_in_segment("device")
    codec: str | None = as_in_segment(
        "codec",
        help="The codec that made the suffixes: a vae-oid.npz file, google or bundled.",
        group=OUTPUT,
        default_text="the one that the set names; google for a set of others",
    )

    def __post_init__(self) -> None:
        """Check every value."""
        check_all(self)
