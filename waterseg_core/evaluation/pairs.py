# SPDX-License-Identifier: GPL-3.0-or-later
"""Images with masks: each is a case, at its own size or at 256 × 256 pixels.

An image is read as the pipeline reads it. Truth is a mask file or what a suffix decodes to.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from waterseg_core.dataset.answer import UNKNOWN, say_again
from waterseg_core.dataset.folder import read_picture
from waterseg_core.errors import Cancelled, DatasetError, NoPixelsError
from waterseg_core.evaluation.answers import answered
from waterseg_core.evaluation.cases import Answered, Looked, Watch, smallest_body, with_data
from waterseg_core.geo import Window
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.options import SegmentOptions
from waterseg_core.pipeline import open_scene
from waterseg_core.raster import Scene
from waterseg_core.segmenter import Segmenter
from waterseg_core.tokens import Instance

__all__ = ["ClassMask", "GreyMask", "Pair", "PairSource", "Spoken", "Truth"]

Bools = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Masks = tuple[Bools, Bools]


class Truth(Protocol):
    """Where an image's truth comes from."""

    @property
    def knows_frames(self) -> bool:
        """Whether it says itself which pixels hold no data."""

    @property
    def stamp(self) -> str:
        """Changes when the truth does."""

    def read(self, height: int, width: int) -> Masks:
        """Water and known, bool `(h, w)`. Raises DatasetError."""

    def check(self, height: int, width: int) -> None:
        """Raise DatasetError if it cannot be read, or has another size."""


@dataclass(frozen=True)
class ClassMask:
    """A mask of a training set: 0 dry, 1.. a class, 255 unknown."""

    path: Path
    knows_frames: bool = True

    @property
    def stamp(self) -> str:
        """Path, size and time of the file."""
        return _stamp(self.path)

    def read(self, height: int, width: int) -> Masks:
        """Every class is water."""
        classes = _sized(self.path, height, width)
        known = classes != UNKNOWN
        return (classes > 0) & known, known

    def check(self, height: int, width: int) -> None:
        """Read the file."""
        _sized(self.path, height, width)


@dataclass(frozen=True)
class GreyMask:
    """A mask as others keep them: black and white with whatever JPEG made of it, or 0 and 1."""

    path: Path
    knows_frames: bool = False

    @property
    def stamp(self) -> str:
        """Path, size and time of the file."""
        return _stamp(self.path)

    def read(self, height: int, width: int) -> Masks:
        """Water is what is above half of white, or 1 where nothing is brighter."""
        grey = _sized(self.path, height, width)
        water = grey > (0 if grey.max(initial=0) <= 1 else 127)
        return water, np.ones_like(water)

    def check(self, height: int, width: int) -> None:
        """Read the file."""
        _sized(self.path, height, width)


@dataclass(frozen=True)
class Spoken:
    """A suffix: what it decodes to is the best truth that there is."""

    instances: tuple[Instance, ...] = ()
    codec: MaskCodec | None = None
    knows_frames: bool = False

    @property
    def stamp(self) -> str:
        """The codec and what is said."""
        return f"{self.codec and self.codec.sha256} {self.instances}"

    def read(self, height: int, width: int) -> Masks:
        """Every object is water; without a codec there is none."""
        if self.codec is None:
            return np.zeros((height, width), bool), np.ones((height, width), bool)
        water = say_again(self.instances, (), self.codec, height, width) > 0
        return water, np.ones_like(water)

    def check(self, height: int, width: int) -> None:
        """What was parsed can be decoded, at any size."""


@dataclass(frozen=True)
class Pair:
    """An image and its truth.

    side: both are resized to a square of so many pixels; None leaves them as they are.
    count_frames: black frames count as if they held data.
    """

    name: str
    image: Path
    truth: Truth
    group: str
    options: SegmentOptions
    side: int | None = None
    count_frames: bool = False

    def check(self) -> None:
        """Read both files once, before a model works for hours until it comes to a bad one.

        Raises DatasetError and RasterError.
        """
        self.truth.check(*(_of_picture(self.image) or self.pixels()[1].shape))

    def look(self) -> Looked:
        """Read both; see `cases.Case`."""
        rgb, valid, smallest = self.pixels()
        water, known = self.truth.read(*valid.shape)
        if not self.count_frames:
            known = known & valid
            if not self.truth.knows_frames:
                known = known & with_data(rgb)
        if self.side is None:
            return Looked(rgb, water, known, smallest)
        side = self.side
        return Looked(_small(rgb, side), _half(water, side), _half(known, side))

    def pixels(self) -> tuple[Pixels, Bools, float]:
        """The image as the pipeline shows it, where it is valid, and its smallest water body."""
        try:
            with open_scene(self.image, self.options) as scene:
                tile = scene.read(Window(0, 0, scene.height, scene.width))
                return tile.rgb, tile.valid, smallest_body(scene, self.options)
        except NoPixelsError:  # wholly black
            rgb = read_picture(self.image, "RGB")
            return rgb, np.zeros(rgb.shape[:2], bool), 0.0

    def shrunk(self, folder: Path) -> Path:
        """What the pipeline is given: the image itself, or its square as a PNG in `folder`."""
        if self.side is None:
            return self.image
        path = folder / "square.png"
        Image.fromarray(_small(self.pixels()[0], self.side)).save(path)
        return path


class PairSource:
    """Images with masks; see `cases.Source`. Raises DatasetError and RasterError for bad files."""

    unit = "images"

    def __init__(
        self, cases: Sequence[Pair], notes: Sequence[str] = (), prompt: str | None = None
    ) -> None:
        self.cases, self.notes, self.prompt = list(cases), tuple(notes), prompt
        with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
            list(pool.map(Pair.check, self.cases))

    def fingerprint(self) -> str:
        """Of all files, by size and time, and of how they are looked at."""
        words = (
            f"{case.name} {_stamp(case.image)} {case.truth.stamp} {case.side} {case.count_frames}"
            for case in self.cases
        )
        return hashlib.sha256("\n".join(words).encode()).hexdigest()

    def answers(
        self,
        segmenter: Segmenter,
        options: SegmentOptions,
        start: int,
        work: Path,
        cancel: threading.Event | None,
        watch: Watch,
    ) -> Iterator[Answered]:
        """Segment one image after the other."""
        with tempfile.TemporaryDirectory(prefix="waterseg-") as folder:
            for case in self.cases[start:]:
                if cancel is not None and cancel.is_set():
                    raise Cancelled("Stopped.")
                image = case.shrunk(Path(folder))
                try:
                    yield _answer(image, segmenter, options, Path(folder), cancel)
                except NoPixelsError:
                    yield _nothing(image)

    def close(self) -> None:
        """Nothing is open."""


def _answer(
    image: Path,
    segmenter: Segmenter,
    options: SegmentOptions,
    folder: Path,
    cancel: threading.Event | None,
) -> Answered:
    with (
        open_scene(image, options) as scene,
        answered(scene, segmenter, options, folder, cancel) as answer,
    ):
        found = answer.found(_whole(scene))
        probability = np.concatenate(list(answer.probability(scene.height)))
    return Answered(found, probability, answer.seconds, answer.peak.process, answer.peak.gpu)


def _nothing(image: Path) -> Answered:
    """A picture without data has no water."""
    with Image.open(image) as picture:
        shape = (picture.height, picture.width)
    return Answered(np.zeros(shape, bool), np.zeros(shape, np.float32), 0.0)


def _whole(scene: Scene) -> Window:
    return Window(0, 0, scene.height, scene.width)


def _of_picture(path: Path) -> tuple[int, ...] | None:
    """Height and width of a whole JPEG or PNG; None for other kinds, which GDAL reads.

    Raises DatasetError: what is missing of a PNG is black for GDAL.
    """
    try:
        with Image.open(path) as picture:
            kind = picture.format
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    return read_picture(path, "RGB").shape[:2] if kind in ("JPEG", "PNG") else None


def _sized(path: Path, height: int, width: int) -> Pixels:
    grey = read_picture(path, "L")
    if grey.shape != (height, width):
        raise DatasetError(
            f"{path} is a mask of {grey.shape[1]} × {grey.shape[0]} pixels, but its image has "
            f"{width} × {height}. Both must have the same size."
        )
    return grey


def _small(pixels: Pixels, side: int) -> Pixels:
    """Squashed to a square, bilinear with antialiasing."""
    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.BILINEAR))


def _half(mask: Bools, side: int) -> Bools:
    """The square's pixels of which more than half is in the mask."""
    small: Bools = _small(mask.view(np.uint8) * np.uint8(255), side) > 127
    return small


def _stamp(path: Path) -> str:
    try:
        about = os.stat(path)
    except OSError:
        return f"{path}"
    return f"{path.absolute()} {about.st_size} {about.st_mtime_ns}"
