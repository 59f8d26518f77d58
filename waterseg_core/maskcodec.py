# SPDX-License-Identifier: GPL-3.0-or-later
"""MaskCodec: 64x64 masks to PaliGemma's 16 segmentation codes and back.

Conventions are those of big_vision's `segmentation.py`: boxes are y1, x1, y2, x2 in 0..1, a
mask is cropped by rounded pixels and resized bilinearly with antialiasing, the nearest code
by squared distance wins, and a decoded value above 0 is the object.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from .errors import CodecError
from .maskcodec_files import (
    GOOGLE_FILE,
    KnownFile,
    check_layout,
    find_codec,
    read_arrays,
    sha256_of,
)
from .maskcodec_net import CODE_COUNT, CODES, GRID, SIDE, MaskVQVAE

Box = tuple[float, float, float, float]

_BATCH = 256  # masks per forward pass: bounds the memory at about 200 MB


def box_slices(box: Box, height: int, width: int) -> tuple[slice, slice]:
    """Rows and columns that a box covers, rounded (half to even) and at least one pixel each.

    The box is y1, x1, y2, x2 in 0..1 and is clipped to that; order is not checked.
    """
    y1, x1, y2, x2 = (min(max(float(value), 0.0), 1.0) for value in box)
    return _span(y1, y2, height), _span(x1, x2, width)


def _span(low: float, high: float, size: int) -> slice:
    start = min(round(low * size), size - 1)
    return slice(start, min(max(round(high * size), start + 1), size))


def crop_to_box(mask: np.ndarray, box: Box) -> np.ndarray:
    """The part of a mask in a box, as the codec takes it.

    mask: bool, or float in 0..1, (h, w). Returns float32 (64, 64) in 0..1, bilinear, with
    antialiasing where it shrinks.
    """
    rows, cols = box_slices(box, *mask.shape)
    return _resized(mask[rows, cols], SIDE, SIDE)


def paste(raw: np.ndarray, box: Box, height: int, width: int) -> np.ndarray:
    """A decoded mask at its place in an image: float32 (height, width) in 0..1, 0 outside.

    raw: float (64, 64), above 0 is the object. It is resized bilinearly before it becomes a
    probability by clip(raw / 2 + 1/2), so that above 1/2 means above 0.
    """
    rows, cols = box_slices(box, height, width)
    placed = np.zeros((height, width), np.float32)
    part = _resized(raw, rows.stop - rows.start, cols.stop - cols.start)
    placed[rows, cols] = np.clip(part * np.float32(0.5) + np.float32(0.5), 0, 1)
    return placed


def compute_on_one_core() -> None:
    """Let the calling thread, and only it, compute codecs on one core.

    For threads that each work on a mask of their own: a few small convolutions gain nothing from
    being shared out, and threads that wait for each other lose several times over.
    """
    torch.set_num_threads(1)


def _resized(array: np.ndarray, height: int, width: int) -> np.ndarray:
    picture = Image.fromarray(np.ascontiguousarray(array, dtype=np.float32))
    return np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR))


class MaskCodec:
    """The VQ-VAE between masks and segmentation codes, on one device.

    Attributes: `path` of the file and its `sha256`, which results carry as provenance.
    Calls are independent and change nothing.
    """

    def __init__(self, net: MaskVQVAE, path: Path, sha256: str) -> None:
        self.net = net.eval().requires_grad_(False)
        self.path = path
        self.sha256 = sha256

    @classmethod
    def load(
        cls,
        path: str | Path | None = None,
        *,
        cache: Path | None = None,
        known: KnownFile | None = GOOGLE_FILE,
    ) -> MaskCodec:
        """A codec from a file: None is the bundled one, "google" Google's, else a path.

        Google's file is fetched into `cache` (the user's cache folder by default) if it is
        not there. Every .npz must be the `known` file, Google's; known=None takes any with
        the right arrays. Raises CodecError if the file is missing or wrong, ModelAccessError
        if it cannot be fetched.
        """
        file = find_codec(path, cache)
        arrays = read_arrays(file, known)
        net = MaskVQVAE()
        layout = {name: tuple(value.shape) for name, value in net.state_dict().items()}
        check_layout(file, arrays, layout)
        net.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
        return cls(net, file, sha256_of(file))

    @property
    def device(self) -> torch.device:
        """Where the codec computes."""
        device: torch.device = self.net.codebook.device
        return device

    def to(self, device: str | torch.device) -> MaskCodec:
        """Move to a device; returns itself. The codec always computes in float32."""
        self.net.to(device)
        return self

    def encode(self, masks: np.ndarray) -> np.ndarray:
        """Codes of masks: float (n, 64, 64) in 0..1 to int64 (n, 16), row-major 4x4.

        Raises CodecError if the shape is another.
        """
        masks = np.asarray(masks, dtype=np.float32)
        if masks.ndim != 3 or masks.shape[1:] != (SIDE, SIDE):
            raise CodecError(f"Masks to encode must be (n, {SIDE}, {SIDE}), not {masks.shape}.")
        with torch.no_grad():
            parts = [self.net.encode(part).cpu() for part in self._parts(masks)]
        return torch.cat(parts).numpy() if parts else np.zeros((0, CODE_COUNT), np.int64)

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Raw masks of codes: int (n, 16) in 0..127 to float32 (n, 64, 64); above 0 is the object.

        Raises CodecError if a code or the shape is another.
        """
        codes = np.asarray(codes)
        if codes.ndim != 2 or codes.shape[1] != CODE_COUNT or codes.dtype.kind not in "iu":
            raise CodecError(f"Codes to decode must be integers (n, 16), not {codes.shape}.")
        if codes.size and not 0 <= int(codes.min()) <= int(codes.max()) < CODES:
            raise CodecError(f"Codes to decode must lie in 0..{CODES - 1}.")
        return self._decode_parts(codes.astype(np.int64))

    def decode_soft(self, probs: np.ndarray) -> np.ndarray:
        """Raw masks of mean code vectors: float (n, 16, 128), rows summing to 1, to (n, 64, 64).

        Raises CodecError if the shape is another.
        """
        probs = np.asarray(probs, dtype=np.float32)
        if probs.ndim != 3 or probs.shape[1:] != (CODE_COUNT, CODES):
            raise CodecError(f"Probabilities must be (n, 16, {CODES}), not {probs.shape}.")
        return self._decode_parts(probs)

    @torch.no_grad()
    def decode_tensor(self, answers: Tensor) -> Tensor:
        """The same inside a model's loop: float32 (n, 64, 64) on the codec's device.

        answers: integer codes (n, 16), or probabilities (n, 16, 128) of any float dtype.
        """
        answers = answers.to(self.device)
        if answers.is_floating_point():
            parts = [self.net.decode_soft(part.float()) for part in torch.split(answers, _BATCH)]
        else:
            parts = [self.net.decode(part.long()) for part in torch.split(answers, _BATCH)]
        return torch.cat(parts)

    @torch.no_grad()
    def nearby_codes(self, temperature: float = 0.03) -> np.ndarray:
        """How alike the codes decode: float32 (128, 128), each row summing to 1.

        Every code stands in turn at a place of four half-filled masks; the difference of two
        codes is the mean difference of their decoded probabilities, in units of one code's
        share of the mask. Rows are softmax(-difference / temperature). For label smoothing.
        """
        probs = [self._decoded_at(context, place) for context, place in self._contexts()]
        flat = torch.stack(probs, 1).flatten(1)
        difference = torch.cdist(flat, flat, p=1) * (CODE_COUNT / flat.shape[1])
        return torch.softmax(-difference / temperature, dim=1).cpu().numpy()

    def _contexts(self) -> Iterator[tuple[Tensor, int]]:
        """Codes (16,) of the four half-filled masks, each with an inner and an outer place."""
        half = torch.zeros(SIDE, SIDE, device=self.device)
        half[: SIDE // 2] = 1
        for turns in range(4):
            codes = self.net.encode(torch.rot90(half, turns)[None])[0]
            yield codes, GRID + 1
            yield codes, 1

    def _decoded_at(self, context: Tensor, place: int) -> Tensor:
        """Probabilities (128, 64, 64), each code in turn at one place of the context."""
        codes = context.repeat(CODES, 1)
        codes[:, place] = torch.arange(CODES, device=self.device)
        return torch.sigmoid(2 * self.net.decode(codes))

    def _decode_parts(self, answers: np.ndarray) -> np.ndarray:
        if not len(answers):
            return np.zeros((0, SIDE, SIDE), np.float32)
        return self.decode_tensor(torch.from_numpy(answers)).cpu().numpy()

    def _parts(self, array: np.ndarray) -> Iterator[Tensor]:
        for start in range(0, len(array), _BATCH):
            yield torch.from_numpy(array[start : start + _BATCH]).to(self.device)
