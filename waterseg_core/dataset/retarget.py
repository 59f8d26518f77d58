# SPDX-License-Identifier: GPL-3.0-or-later
"""Retarget: the same chips with other answers, for another codec, prompt, target or labels.

Suffixes are made again from the masks, which is why a set keeps them; images and masks stay the
very same files. A set of others has no masks, so they are decoded from its suffixes first, and
the result is a set of ours beside it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from waterseg_core.dataset.answer import TARGETS, UNKNOWN, Answer, answer_of
from waterseg_core.dataset.card import write_card
from waterseg_core.dataset.codecs import check_masks, codec_of, load_codec
from waterseg_core.dataset.folder import (
    MASKS,
    About,
    Chip,
    DatasetFolder,
    write_index,
    write_picture,
)
from waterseg_core.dataset.foreign import ForeignSet, TrainingSet, is_foreign
from waterseg_core.dataset.hidden import Hidden
from waterseg_core.dataset.imports_finish import write_mosaic
from waterseg_core.dataset.passing import MAP, check_new, copy, making, put_tree, share, title_of
from waterseg_core.errors import Cancelled, DatasetError, GrammarError, OptionError
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.maskcodec_files import GOOGLE
from waterseg_core.options_dataset_show import RetargetOptions
from waterseg_core.tokens import format_text, parse_text

__all__ = ["Retargeted", "retarget"]

TASK = "segment "
#: How a note of a builder begins that is about the suffixes that it made.
OF_ANSWERS = "The answers of "
DECODED = "The masks are not drawn: they are what the suffixes of a set of others decode to."
#: A set that does not say otherwise names chips in its card that come back with less than this.
MIN_IOU = 0.5

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Retargeted:
    """What came of it.

    path, prefix, chips: of the set; is_asked_anew: whether the prefix is new; changed: how many
    suffixes are; iou_before, iou: mean round-trip IoU, None where nothing has one.
    """

    path: Path
    prefix: str
    is_asked_anew: bool
    chips: int
    changed: int
    iou_before: float | None
    iou: float | None
    notes: tuple[str, ...]


def retarget(
    path: Path,
    options: RetargetOptions,
    output: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Retargeted:
    """Give the set in `path` other answers, in its place or as a new set at `output`.

    The set is the old one or the new one at every moment. Raises DatasetError, CodecError,
    OptionError, OutputError, and Cancelled once `cancel` is set: nothing has changed then.
    """
    if output is not None:
        check_new(output, [path])
    Hidden.recover(path)
    if is_foreign(path):
        return _adopted(path, options, output, progress, cancel)
    if options == RetargetOptions() and output is None:
        raise OptionError("Say what shall change: --codec, --prefix, --label or --target.")
    source = DatasetFolder(path)
    codec = _new_codec(path, source.about, options)
    about = _about(source.about, options, codec)
    answers = _Answers(source, about, codec, _has_same_masks(source.about, about, options))
    chips = answers.run(progress, cancel)
    target = output or path
    with making(target) as hidden:
        put_tree(path, hidden.set, share if output is None else copy)
        _write_index(hidden, about, chips)
    return _result(target, source, about, chips)


def _adopted(
    path: Path,
    options: RetargetOptions,
    output: Path | None,
    progress: Progress | None,
    cancel: threading.Event | None,
) -> Retargeted:
    """A set of others as one of ours."""
    if output is None:
        raise OptionError(f"{path} is a set of others and stays as it is: say -o NEW_FOLDER.")
    check_masks(ForeignSet(path))
    theirs = load_codec(options.from_codec or GOOGLE)
    source = ForeignSet(path, theirs)
    codec = theirs if options.codec is None else load_codec(options.codec)
    about = _about(source.about, options, codec)
    about = dataclasses.replace(about, notes=(*about.notes, DECODED))
    answers = _Answers(source, about, codec, _has_same_masks(source.about, about, options))
    with making(output) as hidden:
        chips = answers.run(progress, cancel, hidden.set)
        _write_index(hidden, about, chips)
    return _result(output, source, about, chips)


def _new_codec(path: Path, old: About, options: RetargetOptions) -> MaskCodec | None:
    """The codec to encode with; None if no mask has to be encoded at all."""
    if options.codec is not None:
        return load_codec(options.codec)
    return codec_of(path, old, None) if options.target is not None else None


def _about(old: About, options: RetargetOptions, codec: MaskCodec | None) -> About:
    """What the new set says of itself. Raises OptionError if the labels do not fit."""
    labels = options.labels or old.labels
    if len(labels) != len(old.labels):
        raise OptionError(
            f"--label {options.label}: the set has {len(old.labels)} classes "
            f"({' ; '.join(old.labels)}), so it needs as many names."
        )
    names_labels = old.prefix == TASK + " ; ".join(old.labels)
    follows = TASK + " ; ".join(labels) if names_labels else old.prefix
    new = dataclasses.replace(
        old,
        prefix=options.prefix or follows,
        labels=labels,
        codec=old.codec if codec is None else codec.path.name,
        codec_sha256=old.codec_sha256 if codec is None else codec.sha256,
        options=_said(old, options, labels),
        waterseg=importlib.metadata.version("waterseg-core"),
    )
    if _has_same_masks(old, new, options):
        return new
    stale = tuple(note for note in old.notes if not note.startswith(OF_ANSWERS))
    return dataclasses.replace(new, notes=stale)


def _said(old: About, options: RetargetOptions, labels: tuple[str, ...]) -> dict[str, Any]:
    """The options of the set as if it had been made like this."""
    target = options.target or old.options.get("target")
    said = {**old.options, "target": target if target in TARGETS else "auto"}
    if "label" in said:
        said["label"] = " ; ".join(labels)
    for name, value in (("prefix", options.prefix), ("codec", options.codec)):
        if name in said and value is not None:
            said[name] = Path(value).name if name == "codec" else value
    return said


def _has_same_masks(old: About, new: About, options: RetargetOptions) -> bool:
    """Whether the codes stay, because neither codec nor objects change."""
    return old.codec_sha256 == new.codec_sha256 and options.target is None


@dataclass(frozen=True)
class _Answers:
    """The chips of a set with their new answers; `keeps` if only words of them change."""

    source: TrainingSet
    about: About
    codec: MaskCodec | None
    keeps: bool

    def run(
        self,
        progress: Progress | None,
        cancel: threading.Event | None,
        into: Path | None = None,
    ) -> list[Chip]:
        """All chips in order; into: write images and masks there, as the source has no files."""
        if not self.source.chips:
            raise DatasetError(f"{self.source.path} has no chips.")
        chips = []
        for done, chip in enumerate(self.source.chips):
            if cancel is not None and cancel.is_set():
                raise Cancelled("Stopped; nothing was changed.")
            if progress is not None:
                progress(done, len(self.source.chips))
            whole = self._checked(chip) if into is None else self._written(chip, into)
            chips.append(self._answered(whole))
        return chips

    def _checked(self, chip: Chip) -> Chip:
        """The chip, if its image is there: a set that lacks one is not passed on as whole."""
        if not (self.source.path / chip.image).is_file():
            raise DatasetError(
                f"{self.source.path / chip.image} is missing, though the set names it."
            )
        return chip

    def _answered(self, chip: Chip) -> Chip:
        if self.keeps:
            return dataclasses.replace(chip, suffix=self._renamed(chip))
        answer = self._answer(chip)
        return dataclasses.replace(
            chip,
            suffix=answer.suffix,
            target=answer.kind,
            instances=len(answer.instances),
            round_trip_iou=answer.iou,
        )

    def _answer(self, chip: Chip) -> Answer:
        if self.codec is None:  # guarded by `keeps`
            raise RuntimeError("masks cannot be encoded without a codec")
        target = self.about.options["target"]
        return answer_of(self.source.mask(chip), self.about.labels, self.codec, target)

    def _renamed(self, chip: Chip) -> str:
        names = dict(zip(self.source.about.labels, self.about.labels, strict=True))
        try:
            instances = parse_text(chip.suffix)
        except GrammarError as error:
            raise DatasetError(f"{chip.id}: {error}") from None
        return format_text(
            dataclasses.replace(instance, label=names.get(instance.label, instance.label))
            for instance in instances
        )

    def _written(self, chip: Chip, into: Path) -> Chip:
        """The chip of a set of others with its files written as ours, and what they say of it."""
        mask = self.source.mask(chip)
        write_picture(into / chip.image, self.source.image(chip))
        write_picture(into / MASKS / f"{chip.id}.png", mask)
        known = mask != UNKNOWN
        return dataclasses.replace(
            chip,
            height=mask.shape[0],
            width=mask.shape[1],
            water_share=float(np.mean((mask > 0) & known)),
            known_share=float(np.mean(known)),
            round_trip_iou=1.0 if chip.instances else None,
            sha256=hashlib.sha256((into / chip.image).read_bytes()).hexdigest(),
        )


def _write_index(hidden: Hidden, about: About, chips: list[Chip]) -> None:
    """Write what describes the chips."""
    min_iou = about.options.get("min_iou", MIN_IOU)
    if not (hidden.set / MAP).is_file():
        write_mosaic(hidden.set / MAP, hidden.set, chips)
    write_card(hidden.set / "README.md", title_of(about), about, chips, float(min_iou))
    write_index(hidden.set, about, chips)


def _result(path: Path, source: TrainingSet, about: About, after: list[Chip]) -> Retargeted:
    before = source.chips
    changed = sum(a.suffix != b.suffix for a, b in zip(before, after, strict=True))
    return Retargeted(
        path,
        about.prefix,
        about.prefix != source.about.prefix,
        len(after),
        changed,
        _mean(before),
        _mean(after),
        about.notes,
    )


def _mean(chips: tuple[Chip, ...] | list[Chip]) -> float | None:
    ious = [chip.round_trip_iou for chip in chips if chip.round_trip_iou is not None]
    return float(np.mean(ious)) if ious else None
