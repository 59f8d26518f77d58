# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of `waterseg dataset build`, declared as those of `segment` are."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from waterseg_core.errors import OptionError
from waterseg_core.optionfield import check_all, option
from waterseg_core.options import OUTPUT, SegmentOptions

LABELS, CHIPS, SPLIT = "Labels", "Chips", "Split"
TARGETS = ("auto", "union", "components")
#: Characters that have a meaning of their own in an answer.
NOT_IN_LABELS = "<>\n\t"


def as_in_segment(name: str, **changes: Any) -> Any:
    """The option `name` of `segment` once more; `changes` are its default or what is declared."""
    (field,) = (each for each in dataclasses.fields(SegmentOptions) if each.name == name)
    default = changes.pop("default", field.default)
    info = dataclasses.replace(field.metadata["option"], **changes)
    return dataclasses.field(default=default, metadata={"option": info})


def _check_split(shares: tuple[int, ...]) -> str | None:
    if len(shares) != 3 or min(shares) < 0 or shares[0] == 0:
        return "must be the shares of train, val and test, of which train is not 0"
    return None


def _check_labels(text: str) -> str | None:
    labels = labels_in(text)
    if not all(labels) or any(sign in text for sign in NOT_IN_LABELS):
        return "must be words, for several classes with ' ; ' between them"
    return None if len(set(labels)) == len(labels) else "must name every class once"


def labels_in(text: str) -> tuple[str, ...]:
    """The labels of `lake ; river`, in order."""
    return tuple(part.strip() for part in text.split(";"))


@dataclass(frozen=True, kw_only=True)
class BuildOptions:
    """How drawn masks become a training set. Raises OptionError when a value makes no sense."""

    masks: str | None = option(
        None,
        help="What was drawn: polygons (any vector format, any CRS), a mask raster of the scene's "
        "size, or a folder that holds one of either for each scene, by its name.",
        group=LABELS,
        metavar="FILE",
    )
    label_field: str | None = option(
        None,
        help="The field of the polygons that says what each one is, for example lake or river.",
        group=LABELS,
        metavar="FIELD",
    )
    label: str = option(
        "water",
        help="What drawn water is called; several classes with ' ; ' between them, as in 'lake ; "
        "river', in the order of a mask raster's values or of those in --label-field.",
        group=LABELS,
        metavar="WORDS",
        check=_check_labels,
    )
    aoi: str | None = option(
        None,
        help="Polygons inside which everything is labelled; chips outside are never dry ones.",
        group=LABELS,
        metavar="FILE",
        default_text="the whole scene is labelled",
    )
    prefix: str | None = as_in_segment(
        "prompt",
        default=None,
        help="The prompt of every chip.",
        group=LABELS,
        default_text="segment and the labels, as in 'segment lake ; river'",
    )
    target: str = option(
        "auto",
        help="One object per class (union), one per connected water body (components), or for "
        "each chip what the codec carries better (auto).",
        group=LABELS,
        choices=TARGETS,
    )
    codec: str | None = as_in_segment("codec", group=LABELS, default_text="the bundled one")
    min_iou: float = option(
        0.5,
        help="Chips whose answer decodes to less of the drawn mask than this are named.",
        group=LABELS,
        metavar="IOU",
        low=0,
        high=1,
    )
    bands: tuple[int, ...] | None = as_in_segment("bands")
    stretch: str = as_in_segment("stretch")
    nodata: str = as_in_segment("nodata")
    resolution: float | None = as_in_segment(
        "resolution", help="Make chips coarser than the raster: metres per pixel."
    )
    tile: int = option(
        448,
        help="The side of a chip.",
        group=CHIPS,
        unit="pixels",
        low=16,
        high=8192,
    )
    stride: int | None = option(
        None,
        help="From one chip to the next; less than --tile makes them overlap.",
        group=CHIPS,
        unit="pixels",
        low=1,
        high=8192,
        default_text="the chip's side",
    )
    negatives: float = option(
        0.25,
        help="How many dry chips are taken for each chip with water.",
        group=CHIPS,
        metavar="RATIO",
        low=0,
        high=1000,
    )
    min_water: int = option(
        64,
        help="Chips with fewer pixels of water than this, but some, are left out.",
        group=CHIPS,
        unit="pixels",
        low=1,
    )
    min_known: float = option(
        0.75,
        help="The share of a chip that must hold data and be labelled.",
        group=CHIPS,
        metavar="SHARE",
        low=0,
        high=1,
    )
    split: tuple[int, ...] = option(
        (80, 10, 10),
        help="Shares of train, val and test; each is made of whole blocks of land.",
        group=SPLIT,
        metavar="TRAIN,VAL,TEST",
        check=_check_split,
    )
    buffer: int | None = option(
        None,
        help="The least distance between chips of different splits; what is nearer is left out.",
        group=SPLIT,
        unit="pixels",
        low=0,
        default_text="an eighth of the chip's side; 0 if that would cost more than a fifth of all",
    )
    block: int | None = option(
        None,
        help="The side of a block.",
        group=SPLIT,
        unit="pixels",
        low=1,
        default_text="by the number of chips",
    )
    seed: int = option(
        0,
        help="Another number makes another choice of blocks and dry chips.",
        group=SPLIT,
        low=0,
    )
    licence: str = option(
        "",
        help="The licence of images and masks, for the set's card, for example CC-BY-4.0.",
        group=OUTPUT,
        metavar="TEXT",
        default_text="not stated",
    )

    def __post_init__(self) -> None:
        """Check every value alone, then those that depend on each other."""
        check_all(self)
        if self.stride is not None and self.stride > 4 * self.tile:
            raise OptionError(f"--stride {self.stride}: must be at most four times --tile.")

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that --label names."""
        return labels_in(self.label)

    @property
    def step(self) -> int:
        """Pixels from one chip to the next."""
        return self.stride or self.tile

    @property
    def buffer_px(self) -> int:
        """The wanted distance between chips of different splits, in pixels."""
        return self.tile // 8 if self.buffer is None else self.buffer
