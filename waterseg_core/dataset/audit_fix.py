# SPDX-License-Identifier: GPL-3.0-or-later
"""Mending a set: better masks put in place, bad chips moved to rejected/, the index made again.

What is to be done is written down before the first file is touched, and done again from there if
it was interrupted: whatever moment the process dies at, the next audit completes it.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from waterseg_core.dataset.answer import UNKNOWN, answer_of
from waterseg_core.dataset.card import write_card
from waterseg_core.dataset.folder import MASKS, About, Chip, DatasetFolder, write_index
from waterseg_core.errors import DatasetError
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.outputs_atomic import replacing

__all__ = ["PLAN", "REJECTED", "Plan", "apply_plan", "read_plan", "write_plan"]

PLAN, REJECTED = "plan.json", "rejected"
#: What a card calls a poor chip where the set does not say.
MIN_IOU = 0.5


@dataclass(frozen=True)
class Plan:
    """mended: ids of chips with a better mask in the work folder. aside: ids of those to go."""

    mended: tuple[str, ...]
    aside: tuple[str, ...]


def write_plan(work: Path, plan: Plan) -> None:
    """Write down what is to be done. Raises OutputError."""
    with replacing(work / PLAN) as temporary:
        temporary.write_text(json.dumps(dataclasses.asdict(plan)), encoding="utf-8")


def read_plan(work: Path) -> Plan | None:
    """What an interrupted run was about to do."""
    file = work / PLAN
    if not file.is_file():
        return None
    words = json.loads(file.read_text(encoding="utf-8"))
    return Plan(tuple(words["mended"]), tuple(words["aside"]))


def apply_plan(found: DatasetFolder, work: Path, plan: Plan, codec: MaskCodec) -> list[Chip]:
    """Do what the plan says; the chips that are left. `work` holds better masks as `ID.png`.

    Raises DatasetError if nothing would be left, OSError and OutputError.
    """
    aside, mended = set(plan.aside), set(plan.mended)
    left = [chip for chip in found.chips if chip.id not in aside]
    if not left:
        raise DatasetError(
            f"Every chip of {found.path} would be set aside, so nothing was changed; look at "
            "audit.html."
        )
    for id in plan.mended:
        if (work / f"{id}.png").is_file():
            os.replace(work / f"{id}.png", found.path / MASKS / f"{id}.png")
    chips = [
        _again(found, chip, codec, found.about) if chip.id in mended else chip for chip in left
    ]
    write_card(found.path / "README.md", found.path.name, found.about, chips, _min_iou(found.about))
    write_index(found.path, found.about, chips)
    _move(found, (chip for chip in found.chips if chip.id in aside))
    (work / PLAN).unlink(missing_ok=True)
    return chips


def _again(found: DatasetFolder, chip: Chip, codec: MaskCodec, about: About) -> Chip:
    """The chip's row with the answer to its new mask."""
    mask = found.mask(chip)
    target = str(about.options.get("target") or chip.target or "auto")
    answer = answer_of(mask, about.labels, codec, target)
    known = mask != UNKNOWN
    return dataclasses.replace(
        chip,
        suffix=answer.suffix,
        target=answer.kind,
        instances=len(answer.instances),
        round_trip_iou=answer.iou,
        water_share=float(np.mean((mask > 0) & known)),
        known_share=float(np.mean(known)),
    )


def _move(found: DatasetFolder, chips: Iterable[Chip]) -> None:
    """Move the files of chips to rejected/; those that an earlier run moved are gone already."""
    folder = found.path / REJECTED
    for chip in chips:
        folder.mkdir(exist_ok=True)
        for file, name in (
            (found.path / chip.image, f"{chip.id}.png"),
            (found.path / MASKS / f"{chip.id}.png", f"{chip.id}_mask.png"),
        ):
            if file.is_file():
                os.replace(file, folder / name)


def _min_iou(about: About) -> float:
    value = about.options.get("min_iou")
    return float(value) if isinstance(value, (int, float)) else MIN_IOU
