# SPDX-License-Identifier: GPL-3.0-or-later
"""PaliGemma as a segmenter: batches of images in, masks out, one of three ways of answering.

    images -> square pixels -> features -> prefill with the prompt -> answer -> masks

`dense` reads the states at the image positions with the mask head. `objects` and `grid` decode
codes, the codec makes soft masks of them, and each is pasted into its box. If the memory does not
hold a batch, the batch is halved and the work goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..errors import InputError, ModelError, OptionError
from ..maskcodec import MaskCodec, paste
from ..segmentation import Segmentation
from ..tokens import MAX_INSTANCES, Instance
from ..vocabulary import Vocabulary
from . import grid, objects
from .devices import is_out_of_memory, pick_batch, pick_device, pick_dtype, release
from .engine import Engine
from .load import Checkpoint, load_checkpoint
from .looks import cut, join, parts_of
from .objects import Found
from .prompt import Prompt
from .settings import ANSWERS


def load_paligemma(
    name: str,
    *,
    prompt: str,
    answer: str,
    device: str,
    dtype: str,
    batch: int | None,
    codec: str | None,
    adapter: str | None,
    revision: str | None,
) -> PaliGemmaSegmenter:
    """A segmenter from the options of `load_segmenter`, which tells them."""
    if answer not in ("auto", *ANSWERS):
        raise OptionError(f"--answer {answer}: choose auto, {', '.join(ANSWERS)}.")
    if batch is not None and batch < 1:
        raise OptionError(f"--batch {batch}: at least one tile at a time.")
    asked = Prompt.parse(prompt)
    place = pick_device(device)
    checkpoint = load_checkpoint(name, revision, adapter, place, pick_dtype(dtype, place))
    chosen = checkpoint.settings.answer if answer == "auto" else answer
    if chosen == "dense" and checkpoint.head is None:
        raise OptionError(
            f"--answer dense: the model {checkpoint.name} has no mask head. Choose objects or"
            " grid, or a model with one, such as nano."
        )
    # A codec that was asked for is checked even where the answer does without one.
    masks = None if chosen == "dense" and codec is None else _codec(checkpoint, codec, place)
    if chosen not in checkpoint.settings.answers:
        raise OptionError(
            f"--answer {chosen}: the model {checkpoint.name} was not trained for it. Choose"
            f" {' or '.join(checkpoint.settings.answers)}, or another model."
        )
    return PaliGemmaSegmenter(checkpoint, asked, chosen, masks, batch)


def _codec(checkpoint: Checkpoint, choice: str | None, device: torch.device) -> MaskCodec:
    """The user's codec, else the checkpoint's own, else Google's."""
    if choice is not None:
        return MaskCodec.load(choice).to(device)
    own = checkpoint.settings.codec
    return MaskCodec.load(checkpoint.folder / own if own else "google").to(device)


class PaliGemmaSegmenter:
    """A PaliGemma that segments; see `segmenter.Segmenter` for what its members mean."""

    def __init__(
        self,
        checkpoint: Checkpoint,
        prompt: Prompt,
        answer: str,
        codec: MaskCodec | None,
        batch: int | None = None,
    ) -> None:
        self.name, self.revision = checkpoint.name, checkpoint.revision
        self.prompt, self.labels, self.answer = prompt, prompt.labels, answer
        self.engine, self._head, self._codec = Engine(checkpoint.model), checkpoint.head, codec
        self.tile_size = checkpoint.settings.tile.get(answer, self.engine.image_size)
        self._twice = answer == "dense" and checkpoint.settings.looks == 2
        self.threshold = checkpoint.settings.threshold.get(answer, 0.5)
        self.device, self.dtype = self.engine.device, self.engine.dtype
        vocabulary = Vocabulary.of(checkpoint.tokenizer, self.labels)
        self._words = self.engine.words(vocabulary)
        self._prefix = prompt.prefix_ids(checkpoint.tokenizer, vocabulary)
        self._prefixes = [p.prefix_ids(checkpoint.tokenizer, vocabulary) for p in prompt.singles()]
        self._boxes = grid.grid_boxes(checkpoint.settings.grid)
        self._at_once = batch or pick_batch(self.device, self.engine.bytes_per_image(self._room))

    @property
    def _room(self) -> int:
        """Slots of the cache that the answer needs."""
        if self.answer == "dense":
            return 0
        if self.answer == "grid":
            return grid.room_for(self._boxes)
        return objects.room_for(self._words, MAX_INSTANCES)

    @property
    def batch(self) -> int:
        """Tiles that keep the model busy: fewer where it looks several times at each."""
        return max(1, self._at_once // self._looks)

    @property
    def _looks(self) -> int:
        """How often the model looks at a tile of its usual size."""
        if not self._twice:
            return 1
        parts = parts_of(self.tile_size, self.tile_size, self.engine.image_size)
        return 1 + (0 if parts is None else len(parts))

    def segment(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
        """One segmentation per image, in order; images are uint8 RGB `(h, w, 3)`.

        Raises
        ------
        InputError
            If an image is something else.
        ModelError
            If the memory does not hold a single image.
        """
        for image in images:
            if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
                raise InputError(f"An image is uint8 (h, w, 3), not {image.dtype} {image.shape}.")
        if not self._twice:
            return self._segment(images)
        square = self.engine.image_size
        looks = [one.masks for one in self._segment(cut(images, square))]
        joined = join(looks, images, square)
        return [Segmentation(masks, presence=float(masks.max())) for masks in joined]

    def _segment(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
        """One look at each image, in batches that the memory holds."""
        done: list[Segmentation] = []
        while len(done) < len(images):
            part = images[len(done) : len(done) + self._at_once]
            try:
                done += self._answer(part)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                self._smaller(error)
        return done

    def _smaller(self, error: BaseException) -> None:
        """Halve the batch, or give up if it cannot be halved."""
        if self._at_once == 1:
            raise ModelError(
                f"The memory of {self.device} does not hold one image with {self.name}. Take a"
                " smaller model, another --device, or --dtype bf16."
            ) from error
        self._at_once //= 2
        release(self.device)

    @torch.inference_mode()
    def _answer(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
        pixels = self.engine.pixels(images)
        features = self.engine.features(pixels)
        sizes = [(int(image.shape[0]), int(image.shape[1])) for image in images]
        if self.answer == "dense":
            return self._dense(features, pixels, sizes)
        if self.answer == "grid":
            return self._grid(features, sizes)
        return self._objects(features, sizes)

    def _dense(
        self, features: Tensor, pixels: Tensor, sizes: list[tuple[int, int]]
    ) -> list[Segmentation]:
        """Mask head over the states at the image positions, one prefill per label."""
        assert self._head is not None
        looked = pixels.float().contiguous(memory_format=torch.channels_last)
        logits = []
        for prefix in self._prefixes:
            read = self.engine.prefill(features, [prefix] * len(sizes), want="image")
            logits.append(self._head(read.states.float(), looked))
        squares = torch.cat(logits, dim=1).sigmoid()
        if self.device.type != "cuda":
            squares = squares.cpu()
        found = []
        for square, size in zip(squares, sizes, strict=True):
            masks = _resized(square, size).cpu().numpy()
            found.append(Segmentation(masks, presence=float(masks.max())))
        return found

    def _grid(self, features: Tensor, sizes: list[tuple[int, int]]) -> list[Segmentation]:
        """Codes of every cell, one prefill per label; cells without water name no instance."""
        masks = [np.zeros((len(self.labels), *size), np.float32) for size in sizes]
        named: list[list[Instance]] = [[] for _ in sizes]
        for place, label in enumerate(self.labels):
            prefixes = [self._prefixes[place]] * len(sizes)
            read = self.engine.prefill(features, prefixes, room=self._room)
            found = grid.answer(self.engine, read, self._words, self._boxes, label)

            def put(row: int, one: Instance, raw: np.ndarray, place: int = place) -> None:
                _paste_into(masks[row][place], one, raw)
                if raw.max() > 0:
                    named[row].append(one)

            self._each(found, put)
        return [
            Segmentation(mask, tuple(some), float(mask.max()))
            for mask, some in zip(masks, named, strict=True)
        ]

    def _objects(self, features: Tensor, sizes: list[tuple[int, int]]) -> list[Segmentation]:
        """Boxes and codes that the model chooses, all labels in one answer."""
        prefixes = [self._prefix] * len(sizes)
        read = self.engine.prefill(features, prefixes, room=self._room)
        found = objects.answer(self.engine, read, self._words, MAX_INSTANCES)
        masks = [np.zeros((len(self.labels), *size), np.float32) for size in sizes]

        def put(row: int, one: Instance, raw: np.ndarray) -> None:
            _paste_into(masks[row][self.labels.index(one.label)], one, raw)

        self._each(found, put)
        return [
            Segmentation(mask, one.instances, one.presence)
            for mask, one in zip(masks, found, strict=True)
        ]

    def _each(self, found: list[Found], put: Callable[[int, Instance, np.ndarray], None]) -> None:
        """Decode the codes of all instances at once; call `put(row, instance, raw)` for each."""
        assert self._codec is not None
        codes = torch.cat([one.codes for one in found])
        if not len(codes):
            return
        raws = iter(self._codec.decode_tensor(codes).cpu().numpy())
        for row, one in enumerate(found):
            for instance in one.instances:
                put(row, instance, next(raws))


def _paste_into(mask: np.ndarray, instance: Instance, raw: np.ndarray) -> None:
    """Add an instance's soft mask to a label's: where masks meet, the surer one holds."""
    np.maximum(mask, paste(raw, instance.box, *mask.shape), out=mask)


def _resized(masks: Tensor, size: tuple[int, int]) -> Tensor:
    """Probabilities `(labels, S, S)` at an image's own size, still in 0..1."""
    if tuple(masks.shape[1:]) != size:
        masks = functional.interpolate(masks[None], size, mode="bilinear", antialias=True)[0]
    return masks.clamp(0, 1)
