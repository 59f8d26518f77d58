# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures for people: an image with the outlines of truth and answer, ready to be put in a page.

The outlines are a sheet of their own over the image, so that a page can lift them. Unknown pixels
are dimmed.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from skimage.measure import find_contours

from waterseg_core.evaluation.cases import Case, Looked
from waterseg_core.evaluation.ratios import METRICS
from waterseg_core.evaluation.record import Record, table
from waterseg_core.evaluation.result import Evaluation

__all__ = ["ANSWER", "MOST", "TRUTH", "Panel", "Picture", "Pictures", "chosen", "drawn"]

Bools = npt.NDArray[np.bool_]
Mask = Callable[[int], npt.NDArray[np.bool_]]
Colour = tuple[int, int, int]

#: Pictures of each kind, and the longer side of each, pixels.
MOST, LONGEST_PX = 12, 380
#: Colours that people with any colour vision tell apart, on land and on water.
TRUTH, ANSWER, HALO = (255, 176, 0), (0, 229, 255), (10, 20, 30)
#: Lines are drawn so many times too large and then reduced, which makes them smooth.
FINE = 2


@dataclass(frozen=True)
class Panel:
    """One answer over one image: data URIs of the picture and of the sheet with its outlines."""

    model: str
    iou: float
    image: str
    lines: str


@dataclass(frozen=True)
class Picture:
    """One case: its name, water's share, and a panel for each model that is shown."""

    name: str
    share: float
    width: int
    height: int
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Pictures:
    """The worst and best answers of the model, and those that differ most from the baseline's."""

    worst: tuple[Picture, ...]
    best: tuple[Picture, ...]
    changed: tuple[Picture, ...]


def chosen(found: Evaluation) -> tuple[list[int], list[int], list[int]]:
    """Which records to show, by place: worst first, best first, most changed first.

    The best are among the images with water: a dry one that stays dry is no picture. Of equal
    ones the larger water comes first.
    """
    iou, records = _ious(found.model.records), found.model.records
    size = np.array([record.sums["truth"] for record in records])
    order = np.lexsort((-size, iou))
    worst = order[:MOST]
    wet = np.flatnonzero(size > 0)
    best = wet[np.lexsort((-size[wet], -iou[wet]))][:MOST]
    changed = np.zeros(0, int)
    if found.baseline is not None:
        difference = np.abs(iou - _ious(found.baseline.records))
        changed = np.argsort(-difference, kind="stable")[:MOST]
        changed = changed[difference[changed] > 0]
    return worst.tolist(), best.tolist(), changed.tolist()


def _ious(records: Sequence[Record]) -> npt.NDArray[np.float64]:
    return METRICS[0].of(table(records))


def drawn(found: Evaluation, cases: Sequence[Case], masks: Sequence[Mask]) -> Pictures:
    """Draw the chosen cases; `masks` answer a case's mask for each model, by its number."""
    numbers = {case.name: number for number, case in enumerate(cases)}

    def pictures(places: list[int], both: bool) -> tuple[Picture, ...]:
        return tuple(_picture(found, place, cases, numbers, masks, both) for place in places)

    worst, best, changed = chosen(found)
    return Pictures(pictures(worst, False), pictures(best, False), pictures(changed, True))


def _picture(
    found: Evaluation,
    place: int,
    cases: Sequence[Case],
    numbers: dict[str, int],
    masks: Sequence[Mask],
    both: bool,
) -> Picture:
    record = found.model.records[place]
    number = numbers[record.name]
    looked = cases[number].look()
    height, width = looked.water.shape
    scale = LONGEST_PX / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    image = _background(looked, size)
    panels = []
    for result, mask in list(zip(found.results, masks, strict=True))[: 2 if both else 1]:
        lines = _outlines(looked, mask(number), size)
        iou = float(_ious([result.records[place]])[0])
        panels.append(Panel(found.called(result), iou, image, lines))
    return Picture(record.name, record.share, *size, tuple(panels))


def _background(looked: Looked, size: tuple[int, int]) -> str:
    """The image as JPEG, what is unknown dimmed."""
    shown = looked.rgb.astype(np.float32)
    shown[~looked.known] *= 0.35
    picture = Image.fromarray(shown.astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    return _uri(picture, "JPEG", quality=82)


def _outlines(looked: Looked, found: Bools, size: tuple[int, int]) -> str:
    """Both outlines as a PNG that is else transparent: the answer's, thinner, over the truth's."""
    sheet = Image.new("RGBA", (size[0] * FINE, size[1] * FINE))
    pen = ImageDraw.Draw(sheet)
    truth = _lines(looked.water & looked.known, size)
    answer = _lines(found & looked.known, size)
    for lines, colour, wide in (
        (truth, HALO, 4.6),
        (truth, TRUTH, 3.2),
        (answer, HALO, 2.6),
        (answer, ANSWER, 1.6),
    ):
        for line in lines:
            pen.line(line, fill=(*colour, 255), width=round(wide * FINE), joint="curve")
    small = sheet.resize(size, Image.Resampling.LANCZOS)
    return _uri(small.quantize(48, Image.Quantize.FASTOCTREE), "PNG", optimize=True)


def _lines(mask: Bools, size: tuple[int, int]) -> list[list[tuple[float, float]]]:
    """The outline of a mask in fine pixels of the picture.

    It follows the mask's own pixels: what is smaller than a pixel of the picture, the whole water
    of many an image that goes wrong, would be gone from a reduced one. Water that goes on beyond
    the image is closed at its edge: where all is water there would be no line at all.
    """
    across, down = size[0] * FINE / mask.shape[1], size[1] * FINE / mask.shape[0]
    framed = np.pad(mask, 1).astype(np.float32)
    contours = find_contours(framed, 0.5)  # type: ignore[no-untyped-call]
    return [[((x - 0.5) * across, (y - 0.5) * down) for y, x in line] for line in contours]


def _uri(picture: Image.Image, kind: str, **how: int | bool) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **how)
    text = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f"data:image/{kind.lower()};base64,{text}"
