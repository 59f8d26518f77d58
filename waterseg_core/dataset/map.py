# SPDX-License-Identifier: GPL-3.0-or-later
"""map.png: where the chips of a set lie, over an overview of each scene, coloured by split."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from waterseg_core.dataset.folder import SPLITS, Chip
from waterseg_core.outputs_atomic import replacing
from waterseg_core.raster import Scene

__all__ = ["draw_map", "write_map"]

COLOURS = {"train": (255, 255, 255), "val": (255, 190, 0), "test": (255, 70, 160)}
INK, PAPER, GREY = (25, 35, 45), (255, 255, 255), (105, 115, 125)
#: Longest side of a scene in the map, and how many scenes are drawn.
LONGEST_PX, MOST_SCENES = 1000, 12
GAP = 20


def write_map(path: Path, scenes: Sequence[Scene], chips: Sequence[Chip]) -> None:
    """Write the map of a set. Raises OutputError."""
    with replacing(path) as temporary:
        draw_map(scenes, chips).save(temporary, "PNG")


def draw_map(scenes: Sequence[Scene], chips: Sequence[Chip]) -> Image.Image:
    """One panel per scene, one below the other, and a legend."""
    panels = [
        _panel(scene, [chip for chip in chips if chip.source == scene.name])
        for scene in scenes[:MOST_SCENES]
    ]
    legend = _legend(chips, len(scenes))
    width = max([legend.width, *(panel.width for panel in panels)])
    height = sum(panel.height + GAP for panel in panels) + legend.height
    page = Image.new("RGB", (width, height), PAPER)
    top = 0
    for panel in panels:
        page.paste(panel, (0, top))
        top += panel.height + GAP
    page.paste(legend, (0, top))
    return page


def _panel(scene: Scene, chips: Sequence[Chip]) -> Image.Image:
    """The scene's overview, darkened; the outline of every chip, and a blue veil on wet ones."""
    overview = scene.overview
    rgb = np.where(overview.valid[..., None], overview.rgb * 0.75, 210).astype(np.uint8)
    scale = min(LONGEST_PX / max(scene.height, scene.width), 4.0)
    size = max(round(scene.width * scale), 1), max(round(scene.height * scale), 1)
    picture = Image.fromarray(rgb).resize(size, Image.Resampling.BICUBIC).convert("RGBA")
    sheet = Image.new("RGBA", size)
    draw = ImageDraw.Draw(sheet)
    line = max(1, round(min(size) / 400))
    for chip in sorted(chips, key=lambda each: SPLITS.index(each.split)):
        left, top = chip.col * scale + line, chip.row * scale + line
        right, low = left + chip.width * scale - 2 * line, top + chip.height * scale - 2 * line
        veil = (60, 150, 255, 45) if not chip.is_dry else None
        draw.rectangle((left, top, right, low), veil, (*COLOURS[chip.split], 255), line)
    picture.alpha_composite(sheet)
    return picture.convert("RGB")


def _legend(chips: Sequence[Chip], scenes: int) -> Image.Image:
    font = ImageFont.load_default(16)
    page = Image.new("RGB", (640, 60 if scenes <= MOST_SCENES else 84), PAPER)
    draw = ImageDraw.Draw(page)
    x = 4
    for split in SPLITS:
        own = [chip for chip in chips if chip.split == split]
        dry = sum(chip.is_dry for chip in own)
        draw.rectangle((x, 6, x + 18, 24), (110, 120, 130), COLOURS[split], 3)
        text = f"{split}: {len(own)} chips, {dry} dry"
        draw.text((x + 26, 5), text, INK, font)
        x += 40 + round(draw.textlength(text, font))
    draw.text((4, 34), "Chips with a blue veil hold water, the others are dry.", GREY, font)
    if scenes > MOST_SCENES:
        draw.text((4, 58), f"The first {MOST_SCENES} of {scenes} scenes.", GREY, font)
    return page
