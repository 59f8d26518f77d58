# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of `waterseg dataset preview`, `retarget` and `export`."""

from __future__ import annotations

from dataclasses import dataclass

from waterseg_core.optionfield import check_all, option
from waterseg_core.options import OUTPUT
from waterseg_core.options_dataset import TARGETS, labels_in

ANSWERS, PAGE = "Answers", "Page"
EXPORTS = ("coco", "yolo", "masks")
GEOMETRIES = ("rle", "polygon")


def _check_prefix(text: str) -> str | None:
    return None if text.strip() and "\n" not in text else "must be one line of words"


def _check_label(text: str) -> str | None:
    labels = labels_in(text)
    if not all(labels) or any(sign in text for sign in "<>\n\t"):
        return "must be words, for several classes with ' ; ' between them"
    return None if len(set(labels)) == len(labels) else "must name every class once"


@dataclass(frozen=True, kw_only=True)
class PreviewOptions:
    """What a preview shows. Raises OptionError when a value makes no sense."""

    chips: int = option(
        400,
        help="Show at most so many chips; of a larger set a sample.",
        group=PAGE,
        metavar="CHIPS",
        low=1,
        high=10_000,
    )
    seed: int = option(0, help="Another number takes another sample.", group=PAGE, low=0)
    codec: str | None = option(
        None,
        help="The codec that made the suffixes: a vae-oid.npz file, google, or bundled.",
        group=PAGE,
        metavar="FILE",
        default_text="the one that the set names, if it is at hand",
    )
    overwrite: bool = option(False, help="Replace a file that exists.", group=OUTPUT)

    def __post_init__(self) -> None:
        """Check every value."""
        check_all(self)


@dataclass(frozen=True, kw_only=True)
class RetargetOptions:
    """What changes in a set. Raises OptionError when a value makes no sense."""

    codec: str | None = option(
        None,
        help="The codec to encode masks with: a vae-oid.npz file, google to fetch it, or bundled.",
        group=ANSWERS,
        metavar="FILE",
        default_text="the one that the set was made with",
    )
    from_codec: str | None = option(
        None,
        help="For a set of others, which has no masks: the codec that made its suffixes.",
        group=ANSWERS,
        metavar="FILE",
        default_text="google for a set of others",
    )
    prefix: str | None = option(
        None,
        help="The prompt of every chip.",
        group=ANSWERS,
        metavar="TEXT",
        default_text="as it is; where it names the labels, the new labels",
        check=_check_prefix,
    )
    label: str | None = option(
        None,
        help="New names for the set's classes, in their order, as in 'lake ; river'.",
        group=ANSWERS,
        metavar="WORDS",
        default_text="as they are",
        check=_check_label,
    )
    target: str | None = option(
        None,
        help="One object per class (union), one per connected water body (components), or for "
        "each chip what the codec carries better (auto).",
        group=ANSWERS,
        choices=TARGETS,
        default_text="as the set was made",
    )

    def __post_init__(self) -> None:
        """Check every value."""
        check_all(self)

    @property
    def labels(self) -> tuple[str, ...] | None:
        """The new names, or None."""
        return None if self.label is None else labels_in(self.label)


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """As what a set is passed on. Raises OptionError when a value makes no sense."""

    to: str = option(
        "coco",
        help="The format: coco (instances as JSON), yolo (YOLO-seg text files), or masks (PNG, or "
        "GeoTIFF where the chip's place on Earth is known).",
        group=OUTPUT,
        choices=EXPORTS,
    )
    geometry: str = option(
        "rle",
        help="How COCO says a mask: rle (run lengths, exact), or polygon (exact too: islands are "
        "cut out by a seam, as that format has no holes).",
        group=OUTPUT,
        choices=GEOMETRIES,
    )
    codec: str | None = option(
        None,
        help="For a set of others, which has no masks: the codec that made its suffixes, a "
        "vae-oid.npz file, google, or bundled.",
        group=OUTPUT,
        metavar="FILE",
        default_text="google for a set of others",
    )

    def __post_init__(self) -> None:
        """Check every value."""
        check_all(self)
