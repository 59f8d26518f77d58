# SPDX-License-Identifier: GPL-3.0-or-later
"""Export: a set in the formats that other tools read, with its masks as they were drawn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from waterseg_core.dataset.export_coco import Coco
from waterseg_core.dataset.export_masks import Masks
from waterseg_core.dataset.export_yolo import Yolo
from waterseg_core.dataset.folder import About, Chip, DatasetFolder, write_picture
from waterseg_core.dataset.foreign import TrainingSet
from waterseg_core.dataset.passing import check_new, copy, new_folder
from waterseg_core.errors import Cancelled, DatasetError
from waterseg_core.options_dataset_show import ExportOptions

__all__ = ["Exported", "export"]

Progress = Callable[[int, int], None]
Pixels = npt.NDArray[np.uint8]


class Format(Protocol):
    """A format that is being written. objects: how many so far."""

    objects: int

    def image(self, chip: Chip) -> Path:
        """Where a chip's image goes."""

    def add(self, chip: Chip, mask: Pixels) -> None:
        """Take a chip with its mask."""

    def finish(self) -> tuple[str, ...]:
        """Write what is left; sentences for the person."""


@dataclass(frozen=True)
class Exported:
    """What was written, and sentences for the person."""

    path: Path
    chips: int
    objects: int
    notes: tuple[str, ...]


def export(
    source: TrainingSet,
    output: Path,
    options: ExportOptions,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Exported:
    """Write a set into the new folder `output` in the format `options.to`.

    Raises DatasetError if a file of the set is missing or broken, OutputError, and Cancelled once
    `cancel` is set: nothing is left then.
    """
    check_new(output, [source.path])
    if not source.chips:
        raise DatasetError(f"{source.path} has no chips to export.")
    with new_folder(output) as folder:
        format = _format(folder, source.about, options)
        for done, chip in enumerate(source.chips):
            if cancel is not None and cancel.is_set():
                raise Cancelled("Stopped; nothing was written.")
            if progress is not None:
                progress(done, len(source.chips))
            format.add(chip, _put(source, chip, format.image(chip)))
        notes = format.finish()
        (folder / "README.md").write_text(_readme(source, options), encoding="utf-8", newline="\n")
    return Exported(output, len(source.chips), format.objects, notes)


def _format(folder: Path, about: About, options: ExportOptions) -> Format:
    if options.to == "coco":
        return Coco(folder, about, options.geometry)
    return Yolo(folder, about) if options.to == "yolo" else Masks(folder, about)


def _put(source: TrainingSet, chip: Chip, target: Path) -> Pixels:
    """Put a chip's image in its place; the chip's mask."""
    image, mask = source.image(chip), source.mask(chip)
    if image.shape[:2] != mask.shape:
        raise DatasetError(
            f"{chip.id}: the image has {image.shape[1]} x {image.shape[0]} pixels, its mask "
            f"{mask.shape[1]} x {mask.shape[0]}."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(source, DatasetFolder):
        copy(source.path / chip.image, target)
    else:
        write_picture(target, image)
    return mask


def _readme(source: TrainingSet, options: ExportOptions) -> str:
    about = source.about
    first = 0 if options.to == "yolo" else 1
    classes = ", ".join(f"{number} {label}" for number, label in enumerate(about.labels, first))
    more = {
        "coco": "Unknown pixels are `iscrowd` regions.",
        "yolo": "Islands are cut out of an outline by a seam.",
        "masks": "0 is dry land, 255 unknown.",
    }[options.to]
    return (
        f"# {source.path.resolve().name}, as {options.to}\n\n"
        f"{len(source.chips)} chips, exported by waterseg. Classes: {classes}. {more}\n\n"
        f"Licence: {about.licence or 'not stated by who made it; ask before you pass it on.'}\n"
    )
