# SPDX-License-Identifier: GPL-3.0-or-later
"""One chip of a preview: three small pictures and what there is to say in numbers.

The middle picture shows what the tokens say in three colours: what they agree with the drawing
on, what they miss, and what they add.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from waterseg_core.dataset.answer import UNKNOWN, say_again
from waterseg_core.dataset.folder import Chip
from waterseg_core.dataset.foreign import TrainingSet
from waterseg_core.errors import DatasetError, GrammarError
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.outputs_cog import COLOURS
from waterseg_core.tokens import parse_text

__all__ = ["AGREED", "EXTRA", "MISSED", "OTHER", "Card", "card_of", "faulty_card"]

#: Longer side of a picture, in pixels.
THUMB = 240
#: Colours, apart for colour-blind eyes too: said and drawn; drawn only; said only; another class.
AGREED, MISSED, EXTRA, OTHER = (45, 125, 210), (240, 160, 30), (215, 40, 120), (120, 80, 200)
#: What nobody knows: no data, or not labelled.
GREY = (128, 128, 128, 110)
#: Dry land: a tint of whatever the page's background is, so that a chip's extent is seen.
LAND = (115, 140, 105, 50)

Classes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Card:
    """A chip as the page shows it.

    iou: of drawing and answer, where the drawing is known; None if both are dry. shared, either:
    pixels of water in both, and in one of them at least. pictures: data URIs of the drawing, of
    what the tokens say, and of the image. fault: why there are no pictures, or empty.
    """

    chip: Chip
    iou: float | None
    shared: int
    either: int
    water: float
    objects: int
    size: tuple[int, int]
    pictures: tuple[str, ...]
    fault: str = ""

    @property
    def is_dry(self) -> bool:
        """Whether nothing is drawn and nothing said."""
        return not self.fault and self.iou is None

    @property
    def order(self) -> tuple[int, float]:
        """Worst first: what is broken, then by IoU, then what is dry."""
        if self.fault:
            return (0, 0.0)
        return (2, 0.0) if self.iou is None else (1, self.iou)


def card_of(source: TrainingSet, chip: Chip, codec: MaskCodec) -> Card:
    """The card of a chip. Raises DatasetError where image, mask or suffix are broken."""
    image, drawn = source.image(chip), source.mask(chip)
    if image.shape[:2] != drawn.shape:
        raise DatasetError(
            f"{chip.id}: the image has {image.shape[1]} x {image.shape[0]} pixels, its mask "
            f"{drawn.shape[1]} x {drawn.shape[0]}."
        )
    try:
        instances = parse_text(chip.suffix)
    except GrammarError as error:
        raise DatasetError(f"{chip.id}: {error}") from None
    said = say_again(instances, source.about.labels, codec, *drawn.shape)
    known = drawn != UNKNOWN
    wet, told = (drawn > 0) & known, (said > 0) & known
    shared = int(np.count_nonzero(wet & (drawn == said)))
    either = int(np.count_nonzero(wet | told))
    pictures = (
        _overlay(_drawn_colours(drawn)),
        _overlay(_said_colours(drawn, said)),
        _photo(image),
    )
    return Card(
        chip=chip,
        iou=shared / either if either else None,
        shared=shared,
        either=either,
        water=float(wet.sum() / max(1, known.sum())),
        objects=len(instances),
        size=(drawn.shape[1], drawn.shape[0]),
        pictures=pictures,
    )


def faulty_card(chip: Chip, fault: str) -> Card:
    """The card of a chip that cannot be shown, with the reason."""
    return Card(chip, None, 0, 0, 0.0, 0, (0, 0), (), fault)


def _drawn_colours(drawn: Classes) -> Classes:
    """The drawing as RGBA (h, w, 4): a colour per class."""
    table = np.full((256, 4), LAND, np.uint8)
    for number in range(1, UNKNOWN):
        table[number] = (*COLOURS[(number - 1) % len(COLOURS)], 255)
    table[UNKNOWN] = GREY
    return table[drawn]


def _said_colours(drawn: Classes, said: Classes) -> Classes:
    """What the tokens say beside the drawing, as RGBA (h, w, 4)."""
    wet, told = drawn > 0, said > 0
    picture = np.full((*drawn.shape, 4), LAND, np.uint8)
    picture[wet & ~told] = (*MISSED, 255)
    picture[told & ~wet] = (*EXTRA, 255)
    picture[wet & told] = (*OTHER, 255)
    picture[wet & (drawn == said)] = (*AGREED, 255)
    picture[drawn == UNKNOWN] = GREY
    return picture


def _overlay(colours: Classes) -> str:
    picture = _small(Image.fromarray(colours))
    return _data_uri(picture, lossless=True, quality=40, method=3)


def _photo(image: Classes) -> str:
    return _data_uri(_small(Image.fromarray(image)), quality=78, method=3)


def _small(picture: Image.Image) -> Image.Image:
    """At most THUMB pixels long; smaller ones stay as they are, the page enlarges them."""
    share = THUMB / max(picture.size)
    if share >= 1:
        return picture
    width, height = (max(1, round(side * share)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.BOX)


def _data_uri(picture: Image.Image, **how: object) -> str:
    memory = io.BytesIO()
    picture.save(memory, "WEBP", **how)
    return f"data:image/webp;base64,{base64.b64encode(memory.getvalue()).decode()}"
