# SPDX-License-Identifier: GPL-3.0-or-later
"""One chip: its pixels as the model will see them, its mask, its answer, and their files.

Pixels without data look as they do when a model is asked (`strips.without_blanks`), and are
unknown in the mask whatever is drawn there.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine
from pyproj import CRS

from waterseg_core.dataset.answer import UNKNOWN, Answer, answer_of
from waterseg_core.dataset.folder import MASKS, Chip, write_picture
from waterseg_core.dataset.places import crs_text, footprint
from waterseg_core.geo import Georef, Tile, Window
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.strips import without_blanks

__all__ = ["Made", "chip_id", "georef_of", "make_chip", "png_of", "write_chip"]

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Made:
    """A chip that is made but not written. image: uint8 (h, w, 3); mask: classes (h, w)."""

    image: Pixels
    mask: Pixels
    answer: Answer
    water_share: float
    known_share: float


def chip_id(source: str, window: Window) -> str:
    """The file name, without ending, of a chip: unique among rasters of different names."""
    stem = re.sub(r"[^A-Za-z0-9.-]+", "_", Path(source).stem) or "chip"
    return f"{stem}_{window.row:05d}_{window.col:05d}"


def make_chip(
    tile: Tile, classes: Pixels, labels: Sequence[str], codec: MaskCodec, target: str
) -> Made:
    """The chip of a tile on which `classes` are drawn."""
    mask = np.where(tile.valid, classes, UNKNOWN).astype(np.uint8)
    known = mask != UNKNOWN
    water = np.count_nonzero((mask > 0) & known)
    return Made(
        without_blanks(tile),
        mask,
        answer_of(mask, labels, codec, target),
        water / mask.size,
        np.count_nonzero(known) / mask.size,
    )


def png_of(pixels: Pixels) -> bytes:
    """A PNG of uint8 (h, w, 3) or (h, w), the same bytes for the same pixels."""
    sink = io.BytesIO()
    write_picture(sink, pixels)
    return sink.getvalue()


def write_chip(
    folder: Path, made: Made, source: str, georef: Georef, window: Window, split: str, group: str
) -> Chip:
    """Write a chip's image and mask into a set; its row of the manifest."""
    picture = png_of(made.image)
    chip = Chip(
        id=chip_id(source, window),
        split=split,
        suffix=made.answer.suffix,
        source=source,
        row=window.row,
        col=window.col,
        height=window.height,
        width=window.width,
        crs=crs_text(georef.crs),
        footprint=shapely.to_wkt(footprint(georef, window), rounding_precision=-1),
        group=group,
        water_share=made.water_share,
        known_share=made.known_share,
        target=made.answer.kind,
        instances=len(made.answer.instances),
        round_trip_iou=made.answer.iou,
        sha256=hashlib.sha256(picture).hexdigest(),
    )
    _write(folder / MASKS / f"{chip.id}.png", png_of(made.mask))
    _write(folder / chip.image, picture)
    return chip


def georef_of(chip: Chip) -> Georef | None:
    """Where a chip's own pixels lie, by its footprint; None for one without."""
    if not chip.footprint:
        return None
    corners = shapely.get_coordinates(shapely.from_wkt(chip.footprint))
    (x, y), right, _, low = corners[:4]
    across, down = (right - (x, y)) / chip.width, (low - (x, y)) / chip.height
    transform = Affine(across[0], down[0], x, across[1], down[1], y)
    return Georef(transform, CRS.from_user_input(chip.crs) if chip.crs else None)


def _write(path: Path, blob: bytes) -> None:
    """Write a file whole or not at all; never into a file that another set shares."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(blob)
    os.replace(temporary, path)
