# SPDX-License-Identifier: GPL-3.0-or-later
"""A preview: every chip of a set as drawn, as its tokens say it, and as it looks; worst first.

The page is bounded: of a larger set a random sample is shown, and the page says so. A chip that
cannot be read gets a card with the reason instead of pictures.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from waterseg_core.dataset.folder import Chip
from waterseg_core.dataset.foreign import TrainingSet
from waterseg_core.dataset.preview_chip import Card, card_of, faulty_card
from waterseg_core.dataset.preview_page import page_of
from waterseg_core.errors import Cancelled, DatasetError, OutputError
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.options_dataset_show import PreviewOptions
from waterseg_core.outputs_atomic import replacing

__all__ = ["Preview", "check_preview", "write_preview"]

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Preview:
    """What came of a preview. iou: of chips with water, the mean over chips and pooled; or None.

    faults: why chips could not be shown, a sentence each.
    """

    path: Path
    shown: int
    total: int
    dry: int
    iou: float | None
    pooled_iou: float | None
    faults: tuple[str, ...]


def check_preview(output: Path, options: PreviewOptions) -> None:
    """Raise OutputError if the page cannot be written where it should."""
    if output.is_dir():
        raise OutputError(f"{output} is a folder; give the name of a file such as preview.html.")
    if output.exists() and not options.overwrite:
        raise OutputError(f"{output} exists. Give another name, or --overwrite to replace it.")
    if not output.parent.is_dir():
        raise OutputError(f"The folder {output.parent} does not exist; make it first.")


def write_preview(
    source: TrainingSet,
    codec: MaskCodec,
    output: Path,
    options: PreviewOptions,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Preview:
    """Write the page of a set, whole or not at all.

    codec: the one that made the set's suffixes. progress: called with chips done and to do.
    Raises DatasetError if the set is empty or no chip of it can be shown, OutputError, Cancelled.
    """
    check_preview(output, options)
    chips = sample_of(source.chips, options.chips, options.seed)
    if not chips:
        raise DatasetError(f"{source.path} has no chips to show.")
    cards = []
    for done, chip in enumerate(chips):
        if cancel is not None and cancel.is_set():
            raise Cancelled("Stopped; no preview was written.")
        if progress is not None:
            progress(done, len(chips))
        cards.append(_card(source, chip, codec))
    faults = tuple(card.fault for card in cards if card.fault)
    if len(faults) == len(cards):
        raise DatasetError(f"No chip can be shown. The first: {faults[0]}")
    cards.sort(key=lambda card: (card.order, card.chip.id))
    page = page_of(
        source.path.resolve().name,
        source.about,
        cards,
        len(source.chips),
        options.seed,
        f"{codec.path.name} {codec.sha256[:12]}",
    )
    with replacing(output) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    return _preview(output, cards, len(source.chips), faults)


def sample_of(chips: Sequence[Chip], most: int, seed: int) -> list[Chip]:
    """All chips, or `most` of them by chance, in their order; the same seed takes the same."""
    if len(chips) <= most:
        return list(chips)
    taken = random.Random(seed).sample(range(len(chips)), most)
    return [chips[number] for number in sorted(taken)]


def _card(source: TrainingSet, chip: Chip, codec: MaskCodec) -> Card:
    try:
        return card_of(source, chip, codec)
    except DatasetError as error:
        return faulty_card(chip, str(error))


def _preview(output: Path, cards: list[Card], total: int, faults: tuple[str, ...]) -> Preview:
    ious = [card.iou for card in cards if card.iou is not None]
    either = sum(card.either for card in cards)
    return Preview(
        path=output,
        shown=len(cards),
        total=total,
        dry=sum(card.is_dry for card in cards),
        iou=float(np.mean(ious)) if ious else None,
        pooled_iou=sum(card.shared for card in cards) / either if either else None,
        faults=faults,
    )
