# SPDX-License-Identifier: GPL-3.0-or-later
"""map.png: where the chips of a set lie, over an overview of each scene, coloured by split.

Chips that overlap would hide each other, so each is drawn as its own cell of the grid: as large
as the way to the next one. Dry ones are crossed out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from waterseg_core.dataset.folder import SPLITS, Chip, read_picture
from waterseg_core.outputs_atomic import replacing
from waterseg_core.raster import Scene

__all__ = ["draw_map", "write_map"]

COLOURS = {"train": (240, 240, 240), "val": (255, 190, 0), "test": (255, 70, 160)}
INK, PAPER, GREY, NOTHING = (25, 35, 45), (255, 255, 255), (105, 115, 125), (205, 208, 212)
#: Longest side of a scene in the map, how many times it may be enlarged, how many are drawn.
LONGEST_PX, MOST_LARGE, MOST_SCENES = 1000, 3.0, 12
GAP = 20
#: Cells larger than this leave room for the outlines of whole chips.
LEGIBLE_PX = 30


def write_map(
    path: Path, scenes: Sequence[Scene], chips: Sequence[Chip], folder: Path | None = None
) -> None:
    """Write the map of a set. Raises OutputError.

    Of sources that are not among the scenes the chips themselves are shown, from the set's
    `folder`.
    """
    with replacing(path) as temporary:
        draw_map(scenes, chips, folder).save(temporary, "PNG")


def draw_map(
    scenes: Sequence[Scene], chips: Sequence[Chip], folder: Path | None = None
) -> Image.Image:
    """One panel per source, one below the other, and a legend."""
    by_name = {scene.name: scene for scene in scenes}
    sources = list(dict.fromkeys([*(chip.source for chip in chips), *by_name]))
    panels = []
    for source in sources[:MOST_SCENES]:
        own = [chip for chip in chips if chip.source == source]
        scene = by_name.get(source)
        panels.append(_panel(_seen(scene) if scene else _pieced(own, folder), own))
    legend = _legend(chips, len(sources), _overlap(chips))
    width = max([legend.width, *(panel.width for panel in panels)])
    height = sum(panel.height + GAP for panel in panels) + legend.height
    page = Image.new("RGB", (width, height), PAPER)
    top = 0
    for panel in panels:
        page.paste(panel, (0, top))
        top += panel.height + GAP
    page.paste(legend, (0, top))
    return page


def _scale(height: int, width: int) -> float:
    return min(LONGEST_PX / max(height, width), MOST_LARGE)


def _size(height: int, width: int) -> tuple[int, int]:
    scale = _scale(height, width)
    return max(round(width * scale), 1), max(round(height * scale), 1)


def _seen(scene: Scene) -> tuple[Image.Image, float]:
    """The scene's overview, and how many of its pixels one of the scene's is."""
    overview = scene.overview
    rgb = np.where(overview.valid[..., None], overview.rgb, NOTHING).astype(np.uint8)
    size = _size(scene.height, scene.width)
    picture = Image.fromarray(rgb).resize(size, Image.Resampling.BICUBIC)
    return picture, _scale(scene.height, scene.width)


def _pieced(chips: Sequence[Chip], folder: Path | None) -> tuple[Image.Image, float]:
    """The same of a scene of which only the chips are at hand."""
    shape = max(chip.row + chip.height for chip in chips), max(c.col + c.width for c in chips)
    scale, page = _scale(*shape), Image.new("RGB", _size(*shape), NOTHING)
    if folder is None:
        return page, scale
    for chip in chips:
        picture = Image.fromarray(read_picture(folder / chip.image, "RGB"))
        size = max(round(chip.width * scale), 1), max(round(chip.height * scale), 1)
        at = round(chip.col * scale), round(chip.row * scale)
        page.paste(picture.resize(size, Image.Resampling.BOX), at)
    return page, scale


def _panel(seen: tuple[Image.Image, float], chips: Sequence[Chip]) -> Image.Image:
    """The picture, a little darker, with the cell of every chip."""
    picture, scale = seen
    picture = Image.blend(picture, Image.new("RGB", picture.size), 0.2)
    high = _step([chip.row for chip in chips], [chip.height for chip in chips]) * scale
    wide = _step([chip.col for chip in chips], [chip.width for chip in chips]) * scale
    line = 1 if min(high, wide) < 40 else 2
    if min(high, wide) > LEGIBLE_PX:
        picture = _with_outlines(picture, chips, scale)
    draw = ImageDraw.Draw(picture)
    for chip in chips:
        x, y = (chip.col + chip.width / 2) * scale, (chip.row + chip.height / 2) * scale
        cell = (
            x - wide / 2 + line,
            y - high / 2 + line,
            x + wide / 2 - line,
            y + high / 2 - line,
        )
        draw.rectangle(cell, outline=COLOURS[chip.split], width=line)
        if chip.is_dry:
            draw.line(cell, COLOURS[chip.split], 1)
    return picture


def _with_outlines(picture: Image.Image, chips: Sequence[Chip], scale: float) -> Image.Image:
    """Faintly, how far each chip reaches, under its neighbours' cells too."""
    sheet = Image.new("RGBA", picture.size)
    draw = ImageDraw.Draw(sheet)
    for chip in chips:
        left, top = chip.col * scale, chip.row * scale
        box = (left, top, left + chip.width * scale - 1, top + chip.height * scale - 1)
        draw.rectangle(box, outline=(*COLOURS[chip.split], 110))
    return Image.alpha_composite(picture.convert("RGBA"), sheet).convert("RGB")


def _step(starts: Sequence[int], sides: Sequence[int]) -> float:
    """The way from one chip to the next, at most a chip."""
    gaps = np.diff(np.unique(starts)) if len(starts) else np.zeros(0)
    usual = float(np.median(gaps)) if len(gaps) else np.inf
    return max(min(usual, *sides), 4.0) if sides else 0.0


def _overlap(chips: Sequence[Chip]) -> bool:
    """Whether some chip shows more than its own cell."""
    return any(
        _step([c.row for c in own], [c.height for c in own]) < max(c.height for c in own)
        or _step([c.col for c in own], [c.width for c in own]) < max(c.width for c in own)
        for source in {chip.source for chip in chips}
        if (own := [chip for chip in chips if chip.source == source])
    )


def _legend(chips: Sequence[Chip], sources: int, overlap: bool) -> Image.Image:
    font = ImageFont.load_default(16)
    page = Image.new("RGB", (640, 60 if sources <= MOST_SCENES else 84), PAPER)
    draw = ImageDraw.Draw(page)
    x = 4
    for split in SPLITS:
        own = [chip for chip in chips if chip.split == split]
        dry = sum(chip.is_dry for chip in own)
        draw.rectangle((x, 5, x + 20, 25), (70, 85, 80))  # white alone would not be seen
        draw.rectangle((x + 3, 8, x + 17, 22), None, COLOURS[split], 2)
        text = f"{split}: {len(own)} chips, {dry} dry"
        draw.text((x + 26, 5), text, INK, font)
        x += 40 + round(draw.textlength(text, font))
    said = "Chips that are crossed out are dry, the others hold water."
    if overlap:
        said = "Crossed out: dry, the others hold water. Thin: how far a chip reaches."
    draw.text((4, 34), said, GREY, font)
    if sources > MOST_SCENES:
        draw.text((4, 58), f"The first {MOST_SCENES} of {sources} scenes.", GREY, font)
    return page
