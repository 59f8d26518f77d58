# SPDX-License-Identifier: GPL-3.0-or-later
"""The card of a training set, its README.md: what is in it, how it was made, what it may do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from waterseg_core.dataset.folder import SPLITS, About, Chip
from waterseg_core.outputs_atomic import replacing

__all__ = ["card", "poor_chips", "write_card"]

#: So many chips are named in the card, the worst first; the manifest has them all.
NAMED = 20
USE = """\
## How to use it

Every line of `train.jsonl` is `{{"image", "prefix", "suffix"}}`, as PaliGemma's tools read them.
The folders also load as an image folder:

    from datasets import load_dataset
    load_dataset("imagefolder", data_dir="path/of/this/folder")

`masks/` holds what was drawn, without loss: 0 dry, {classes}255 unknown.
`manifest.csv` says of each chip where it lies, which block of land it belongs to, and how much of
its mask the answer carries.
"""


def write_card(path: Path, name: str, about: About, chips: Sequence[Chip], min_iou: float) -> None:
    """Write the card of the set `name`. Raises OutputError."""
    with replacing(path) as temporary:
        text = card(name, about, chips, min_iou)
        temporary.write_text(text, encoding="utf-8", newline="\n")


def card(name: str, about: About, chips: Sequence[Chip], min_iou: float) -> str:
    """The card as Markdown; the same set gives the same text."""
    return "\n".join(_lines(name, about, chips, min_iou)) + "\n"


def poor_chips(chips: Sequence[Chip], min_iou: float) -> list[Chip]:
    """The chips whose answer carries less of the mask than `min_iou`, the worst first."""
    poor = [c for c in chips if c.round_trip_iou is not None and c.round_trip_iou < min_iou]
    return sorted(poor, key=lambda chip: (chip.round_trip_iou or 0.0, chip.id))


def _lines(name: str, about: About, chips: Sequence[Chip], min_iou: float) -> Iterator[str]:
    wet = [chip for chip in chips if not chip.is_dry]
    yield f"# {name}"
    yield ""
    yield (
        f"{len(chips)} image chips that teach PaliGemma to answer `{about.prefix}`: "
        f"{len(wet)} with {' or '.join(about.labels)}, {len(chips) - len(wet)} without, "
        "whose answer is empty."
    )
    yield ""
    yield f"Licence: {about.licence or 'not stated by who made it; ask before you pass it on.'}"
    yield ""
    yield "![Where the chips lie](map.png)"
    yield ""
    yield from _counts(chips)
    yield ""
    yield from _sources(about, chips)
    yield ""
    yield from _codec(about, chips, min_iou)
    yield ""
    classes = "".join(f"{number} {label}, " for number, label in enumerate(about.labels, 1))
    yield USE.format(classes=classes)
    if about.notes:
        yield "## Notes"
        yield ""
        yield from (f"- {note}" for note in about.notes)


def _counts(chips: Sequence[Chip]) -> Iterator[str]:
    yield "| split | chips | with water | dry | water, share of pixels | round-trip IoU, mean |"
    yield "|---|---|---|---|---|---|"
    for split in (*SPLITS, "all"):
        own = [chip for chip in chips if split in (chip.split, "all")]
        ious = [chip.round_trip_iou for chip in own if chip.round_trip_iou is not None]
        wet = sum(not chip.is_dry for chip in own)
        pixels = sum(chip.height * chip.width for chip in own)
        water = sum(chip.water_share * chip.height * chip.width for chip in own)
        share = f"{water / pixels:.1%}" if pixels else ""
        iou = f"{float(np.mean(ious)):.3f}" if ious else ""
        yield f"| {split} | {len(own)} | {wet} | {len(own) - wet} | {share} | {iou} |"


def _sources(about: About, chips: Sequence[Chip]) -> Iterator[str]:
    yield "## Where it comes from"
    yield ""
    for source in about.sources:
        own = [chip for chip in chips if chip.source == source]
        yield f"- {source}: {len(own)} chips{f', {_place(own[0])}' if own else ''}"
    yield ""
    said = {name: value for name, value in about.options.items() if name not in ("layout",)}
    options = (f"{name} {_text(value)}" for name, value in said.items() if value not in (None, ""))
    yield f"Made with waterseg {about.waterseg}: {', '.join(options)}."


def _place(chip: Chip) -> str:
    if not chip.crs:
        return "without a place on Earth"
    return chip.crs if len(chip.crs) < 20 else "in a CRS of its own"


def _text(value: object) -> str:
    return ",".join(str(part) for part in value) if isinstance(value, (list, tuple)) else str(value)


def _codec(about: About, chips: Sequence[Chip], min_iou: float) -> Iterator[str]:
    yield "## What the tokens can say of it"
    yield ""
    poor = poor_chips(chips, min_iou)
    wet = sum(not chip.is_dry for chip in chips)
    yield (
        f"Every answer was decoded again with the codec {about.codec} (sha256 "
        f"{about.codec_sha256[:12]}…) and compared with the drawn mask. "
        f"{len(poor)} of {wet} chips with water come back with an IoU under {min_iou:g}"
        f"{', because 16 codes cannot say what is drawn there:' if poor else '.'}"
    )
    if poor:
        yield ""
        yield from (f"- {chip.image}: {chip.round_trip_iou:.2f}" for chip in poor[:NAMED])
        if len(poor) > NAMED:
            yield f"- and {len(poor) - NAMED} more (see `manifest.csv`)"
