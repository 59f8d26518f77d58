# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions about a training set before it is ordered: which chips, and what of one can be said?

Answered while a person draws, so without pixels of the raster, and in a fraction of a second.
Where there are none at all can be told beside (see `jobs_seen`).
"""

from __future__ import annotations

import base64
import binascii
import functools
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from waterseg_core.dataset.answer import UNKNOWN, Answer, answer_of, say_again
from waterseg_core.dataset.audit_chip import warnings_of
from waterseg_core.dataset.chips import png_of
from waterseg_core.dataset.look import data_share
from waterseg_core.dataset.plan import PlannedChip, chip_grid, plan_chips
from waterseg_core.errors import OptionError
from waterseg_core.geo import Georef, Window
from waterseg_core.jobs_description import area_of
from waterseg_core.jobs_description_dataset import build_options, check_count, raster_of
from waterseg_core.jobs_drawing import Drawing, Grid
from waterseg_core.jobs_seen import data_in
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.options_dataset import BuildOptions
from waterseg_core.outputs_cog import COLOURS

__all__ = ["MOST_ANSWERED", "what_is_said", "which_chips"]

#: Chips in one answer.
MOST_ANSWERED = 20_000
#: How strongly a mask covers the picture under it, and what nobody knows: 0..255.
VEIL, GREY = 150, (128, 128, 128, 110)

Pixels = npt.NDArray[np.uint8]


def which_chips(words: Mapping[str, Any]) -> dict[str, Any]:
    """The chips that there would be (docs/PROTOCOL.md, `/v1/dataset/chips`).

    Raises OptionError, DatasetError, AreaError and GeoreferenceError.
    """
    options, drawing, grid = _asked(words)
    check_count(options, grid, MOST_ANSWERED)
    drawn = drawing.on(grid)
    seen = words.get("data")
    data = None if seen is None else data_share(data_in(seen), *grid[1:])
    plan = plan_chips(*grid, drawn, options, drawing.decided, data)
    return {
        "chips": [_chip(chip, grid[0]) for chip in plan.chips],
        "counts": plan.counts,
        "notes": [*drawn.notes, *plan.notes],
    }


def _asked(words: Mapping[str, Any]) -> tuple[BuildOptions, Drawing, Grid]:
    """What is asked about: options, what is drawn so far, and the grid of the chips."""
    options, raster = build_options(words), raster_of(words)
    drawing = Drawing.of(words, area_of(words.get("aoi")), options, raster, empty=True)
    return options, drawing, chip_grid(*raster, options.resolution)


def _chip(chip: PlannedChip, georef: Georef) -> dict[str, Any]:
    window = chip.window
    ring = georef.at(window).corners(*window.shape)
    return {
        "id": chip.id,
        **{side: getattr(window, side) for side in ("row", "col", "height", "width")},
        "state": chip.state,
        "split": chip.split,
        "why": chip.why,
        "footprint": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }


def what_is_said(words: Mapping[str, Any]) -> dict[str, Any]:
    """What the codec says of one chip (docs/PROTOCOL.md, `/v1/dataset/check`).

    Raises what `which_chips` raises, CodecError, and ModelAccessError for a codec that cannot be
    fetched.
    """
    options, drawing, grid = _asked(words)
    window = Window(**words["chip"])
    image = _picture(words.get("image"), window)
    _, height, width = grid
    if not Window(0, 0, height, width).contains(window):
        raise OptionError(f"chip: reaches outside the grid of {height} x {width} pixels.")
    trusted = (window.row, window.col) in drawing.decided
    classes = drawing.on(grid).classes(window, trusted)
    codec = _codec(options.codec)
    answer = answer_of(classes, drawing.labels, codec, options.target)
    said = say_again(answer.instances, drawing.labels, codec, *window.shape)
    return {
        "suffix": answer.suffix,
        "iou": answer.iou,
        "target": answer.kind,
        "instances": len(answer.instances),
        "drawn": _veil(classes),
        "said": _veil(said),
        "warnings": _warnings(image, classes, answer, options),
    }


def _picture(text: str | None, window: Window) -> Pixels | None:
    """The chip's pixels, uint8 (h, w, 3). Raises OptionError."""
    if text is None:
        return None
    try:
        body = base64.b64decode(text, validate=True)
        with Image.open(io.BytesIO(body), formats=["PNG"]) as picture:
            if picture.size != (window.width, window.height):
                raise OptionError(
                    f"image: has {picture.width} x {picture.height} pixels, the chip "
                    f"{window.width} x {window.height}."
                )
            return np.asarray(picture.convert("RGB"))
    except (binascii.Error, UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, OptionError):
            raise
        raise OptionError(f"image: is no PNG in base64 that can be read ({error}).") from error


@functools.lru_cache(maxsize=2)
def _codec(choice: str | None) -> MaskCodec:
    return MaskCodec.load(choice)


def _warnings(
    image: Pixels | None, classes: Pixels, answer: Answer, options: BuildOptions
) -> list[str]:
    warnings = [] if image is None else warnings_of(image, classes)
    if answer.iou is not None and answer.iou < options.min_iou:
        warnings.append(
            f"The tokens can say only {answer.iou:.0%} of what is drawn here (IoU): thin or "
            "scattered water is lost. A smaller tile or a finer resolution says more."
        )
    return warnings


def _veil(classes: Pixels) -> str:
    """A mask as a PNG in base64, RGBA: each class a colour, dry transparent, unknown grey."""
    table = np.zeros((256, 4), np.uint8)
    for number in range(1, UNKNOWN):
        table[number] = (*COLOURS[(number - 1) % len(COLOURS)], VEIL)
    table[UNKNOWN] = GREY
    return base64.b64encode(png_of(table[classes])).decode()
