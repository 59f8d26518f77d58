# SPDX-License-Identifier: GPL-3.0-or-later
"""A model's card: what can be said of it without loading it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from ..errors import ModelError
from .hub import BUNDLED, NANO, find_local
from .settings import FILE, Settings


def card(name: str, answer: str = "auto") -> dict[str, Any]:
    """Facts about a model; None where they are not known.

    title, tile_px, bundled, parameters, licence, iou_per_image, iou_pooled, gained. The last four
    and the title are what `waterseg.json` says, as far as that can be; gained is False where the
    training ended no better than it began. Raises ModelError for a broken one.
    """
    bundled = name == NANO
    folder = BUNDLED / NANO if bundled else find_local(name)
    facts: dict[str, Any] = {
        "title": "waterseg nano" if bundled else name,
        "tile_px": None,
        "bundled": bundled,
        "parameters": None,
        "licence": "GPL-3.0-or-later" if bundled else None,
        "iou_per_image": None,
        "iou_pooled": None,
        "gained": None,
    }
    if folder is None:
        return facts
    settings = Settings.read(folder)
    chosen = settings.answer if answer == "auto" else answer
    facts |= _said(folder)
    side = _json(folder / "config.json").get("vision_config", {}).get("image_size")
    facts["tile_px"] = settings.tile.get(chosen, side)
    facts["parameters"] = sum(_parameters(path) for path in folder.glob("*.safetensors")) or None
    return facts


def _said(folder: Path) -> dict[str, Any]:
    """What the model says of itself; others wrote that, so what makes no sense is not known."""
    said = _json(folder / FILE)
    shares = ("iou_per_image", "iou_pooled")
    told: dict[str, Any] = {key: said.get(key) for key in shares if _is_share(said.get(key))}
    told |= {key: said[key] for key in ("title", "licence") if isinstance(said.get(key), str)}
    return told | ({"gained": said["gained"]} if isinstance(said.get("gained"), bool) else {})


def _is_share(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def _json(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _parameters(path: Path) -> int:
    """Numbers in a safetensors file, by its header. Raises ModelError for a broken one."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as file:
            names = file.keys()
            return sum(math.prod(file.get_slice(name).get_shape()) for name in names)
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"{path} cannot be read: {error}. The file is damaged; fetch or train the model again."
        ) from error
