# SPDX-License-Identifier: GPL-3.0-or-later
"""Small training sets for tests: drawn lakes with islands, in our layout and in that of others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from scipy import ndimage

from waterseg_core.dataset.answer import UNKNOWN, Answer, answer_of
from waterseg_core.dataset.folder import About, Chip, write_index, write_picture
from waterseg_core.maskcodec import MaskCodec

SPLITS = ("train", "train", "val", "test")


@cache
def bundled() -> MaskCodec:
    """The bundled codec, loaded once."""
    return MaskCodec.load()


def ellipse(side: int, row: float, col: float, down: float, across: float) -> np.ndarray:
    """A filled ellipse, bool (side, side); all in shares of the side."""
    y, x = (np.mgrid[:side, :side] + 0.5) / side
    found: np.ndarray = ((y - row) / down) ** 2 + ((x - col) / across) ** 2 < 1
    return found


def lake(side: int, seed: int, classes: int = 1) -> np.ndarray:
    """A chip's mask: a lake with an island, a pond, and a strip that nobody knows; uint8.

    Every fourth is dry.
    """
    mask = np.zeros((side, side), np.uint8)
    rng = np.random.default_rng(seed)
    if seed % 4 == 3:
        return mask
    row, col = rng.uniform(0.4, 0.6, 2)
    mask[ellipse(side, row, col, 0.3, 0.25)] = 1
    mask[ellipse(side, row, col, 0.1, 0.08)] = 0
    mask[ellipse(side, 0.1, 0.15, 0.06, 0.09)] = classes
    mask[:, -2:] = UNKNOWN
    return mask


def picture(mask: np.ndarray, seed: int) -> np.ndarray:
    """A picture of a mask: dark blue water in land of its own for each seed, uint8 (h, w, 3)."""
    rng = np.random.default_rng(seed)
    hills = ndimage.gaussian_filter(rng.normal(size=mask.shape), 3, mode="wrap")
    land = np.array((110, 130, 90)) + 60 * hills[..., None] / hills.std()
    wet = ((mask > 0) & (mask != UNKNOWN))[..., None]
    rgb = np.where(wet, land * 0.6 + (0, 10, 40), land) + rng.integers(-9, 10, (*mask.shape, 3))
    found: np.ndarray = np.clip(rgb, 0, 255).astype(np.uint8)
    return found


def write_set(
    folder: Path,
    count: int = 8,
    side: int = 48,
    labels: Sequence[str] = ("water",),
    prefix: str = "",
    seed: int = 0,
    crs: str = "",
) -> Path:
    """A set of `count` chips in our layout, as a builder leaves it."""
    for name in ("train", "val", "test", "masks"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    chips = [_write_chip(folder, n, side, labels, seed + n, crs) for n in range(count)]
    (folder / "README.md").write_text("# A set\n", encoding="utf-8")
    about = About(
        prefix=prefix or "segment " + " ; ".join(labels),
        labels=tuple(labels),
        codec=bundled().path.name,
        codec_sha256=bundled().sha256,
        options={"target": "auto"},
        sources=("scene.tif",),
        licence="CC BY 4.0",
    )
    write_index(folder, about, chips)
    return folder


@cache
def _answer(side: int, seed: int, labels: tuple[str, ...]) -> Answer:
    return answer_of(lake(side, seed, len(labels)), labels, bundled())


def _write_chip(
    folder: Path, number: int, side: int, labels: Sequence[str], seed: int, crs: str
) -> Chip:
    mask = lake(side, seed, len(labels))
    answer = _answer(side, seed, tuple(labels))
    rgb = picture(mask, seed)
    split = SPLITS[number % len(SPLITS)]
    west, north = 500_000 + number * side * 10, 5_000_000
    east, south = west + side * 10, north - side * 10
    footprint = (
        f"POLYGON (({west} {north}, {east} {north}, {east} {south}, {west} {south}, "
        f"{west} {north}))"
    )
    chip = Chip(
        id=f"scene-{number}",
        split=split,
        suffix=answer.suffix,
        source="scene.tif",
        col=number * side,
        height=side,
        width=side,
        crs=crs,
        footprint=footprint if crs else "",
        group=f"block-{number}",
        water_share=float(np.mean((mask > 0) & (mask != UNKNOWN))),
        known_share=float(np.mean(mask != UNKNOWN)),
        target=answer.kind,
        instances=len(answer.instances),
        round_trip_iou=answer.iou,
        sha256=hashlib.sha256(rgb.tobytes()).hexdigest(),
    )
    write_picture(folder / chip.image, rgb)
    write_picture(folder / "masks" / f"{chip.id}.png", mask)
    return chip


def write_lines(file: Path, lines: Sequence[tuple[str, str, str]]) -> None:
    """A JSONL file of (image, prefix, suffix), as others write it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    words = [dict(zip(("image", "prefix", "suffix"), line, strict=True)) for line in lines]
    file.write_text("".join(json.dumps(word) + "\n" for word in words), encoding="utf-8")
