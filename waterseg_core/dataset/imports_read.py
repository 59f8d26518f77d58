# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a pair: its size and fingerprint before anything is decided, then its pixels."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from waterseg_core.dataset.audit_chip import sizes_differ
from waterseg_core.dataset.audit_kinds import Finding
from waterseg_core.dataset.audit_values import classes_of
from waterseg_core.dataset.duplicates import LENGTH, fingerprint
from waterseg_core.dataset.imports_pairs import Pair
from waterseg_core.errors import DatasetError, NoPixelsError, RasterError
from waterseg_core.geo import Georef, Tile, Window
from waterseg_core.raster import Scene
from waterseg_core.silence import without

__all__ = ["Faulty", "Survey", "read_mask", "read_pixels", "survey"]

#: What Pillow reads quickly and as GDAL would: eight bits a channel.
QUICK_MODES = ("L", "RGB")

Pixels = npt.NDArray[np.uint8]


class Faulty(DatasetError):
    """A pair that cannot be used: `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.why)
        self.finding = finding


@dataclass(frozen=True, eq=False)
class Survey:
    """A pair before its pixels are read. fault: why it cannot be used, or None.

    size: of the image, (height, width). stamp: changes when a file does. fingerprint: see
    duplicates; zeros where there is none.
    """

    pair: Pair
    stamp: str
    size: tuple[int, int] = (0, 0)
    fingerprint: npt.NDArray[np.float32] | None = None
    fault: Finding | None = None


def survey(pair: Pair) -> Survey:
    """Look at a pair's image, in small, and at the mask's size."""
    stamp = " ".join(_stamp(path) for path in (pair.image, pair.mask))
    try:
        size, prints = _look(pair.image)
        with _opened(pair.mask, "The mask ") as mask:
            mask_size = mask.height, mask.width
        if mask_size != size:
            raise Faulty(sizes_differ(size, mask_size))
    except Faulty as error:
        return Survey(pair, stamp, fault=error.finding)
    return Survey(pair, stamp, size, prints)


def _look(path: Path) -> tuple[tuple[int, int], npt.NDArray[np.float32]]:
    """(height, width) and fingerprint of an image. Raises Faulty."""
    quick = _quick_look(path)
    if quick is not None:
        return quick
    try:
        with Scene.open(path) as scene:
            return (scene.height, scene.width), fingerprint(scene.overview.rgb)
    except NoPixelsError:
        with _opened(path) as picture:
            return (picture.height, picture.width), np.zeros(LENGTH, np.float32)
    except RasterError as error:
        raise Faulty(Finding("unreadable", str(error))) from error


def _quick_look(path: Path) -> tuple[tuple[int, int], npt.NDArray[np.float32]] | None:
    """The same with Pillow, which notices that a PNG is cut short where GDAL reads zeros.

    None if this is not for Pillow. Raises Faulty.
    """
    try:
        picture = Image.open(path)
    except (OSError, SyntaxError, ValueError):
        return None
    with picture:
        if picture.mode not in QUICK_MODES:
            return None
        size = picture.height, picture.width
        try:
            return size, fingerprint(picture)
        except (OSError, SyntaxError, ValueError) as error:
            raise Faulty(_broken(path, error)) from error


def _is_quick(path: Path) -> bool:
    """Whether Pillow reads a file as 8 bits a channel.

    Such a picture was stretched by whoever cut it out of a scene; once more, alone, open water
    would become a pattern of noise.
    """
    try:
        with Image.open(path) as picture:
            return picture.mode in QUICK_MODES
    except (OSError, SyntaxError, ValueError):
        return False


def read_pixels(path: Path, windows: Sequence[Window]) -> Iterator[tuple[Tile, Georef]]:
    """The image's windows as the model will see them, each with the place of the whole image.

    Raises Faulty.
    """
    try:
        with Scene.open(path, stretch="none" if _is_quick(path) else "auto") as scene:
            for window in windows:
                yield scene.read(window), scene.georef
    except NoPixelsError as error:
        why = f"Nothing can be seen: no pixel of {path.name} holds data."
        raise Faulty(Finding("blank", why)) from error
    except RasterError as error:
        raise Faulty(Finding("unreadable", str(error))) from error


def read_mask(path: Path, labels: int) -> tuple[Pixels, list[Finding]]:
    """Classes of a whole mask raster, uint8 (h, w), and what was done for that. Raises Faulty."""
    with _opened(path, "The mask ") as picture:
        try:
            raw = np.asarray(picture.convert("L") if picture.mode == "1" else picture)
        except (OSError, SyntaxError, ValueError) as error:
            raise Faulty(_broken(path, error, "The mask ")) from error
    try:
        return classes_of(raw, labels)
    except DatasetError as error:
        raise Faulty(Finding("not_a_mask", f"{path.name} is not a mask: {error}.")) from error


@contextmanager
def _opened(path: Path, what: str = "") -> Iterator[Image.Image]:
    """A file as Pillow sees it; pixels are not read yet. Raises Faulty.

    what: goes before its name in a sentence; an image and its mask often have the same.
    """
    try:
        with without():  # of large pictures, which are welcome, and odd tags
            picture = Image.open(path)
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError) as error:
        raise Faulty(_broken(path, error, what)) from error
    with picture:
        yield picture


def _broken(path: Path, error: Exception, what: str = "") -> Finding:
    if isinstance(error, UnidentifiedImageError):
        return Finding("unreadable", f"{what}{path.name} is no picture.")
    return Finding("unreadable", f"{what}{path.name} cannot be read: {str(error).rstrip('.')}.")


def _stamp(path: Path) -> str:
    about = os.stat(path)
    return f"{path.name} {about.st_size} {about.st_mtime_ns}"
