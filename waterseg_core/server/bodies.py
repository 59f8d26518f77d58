# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tile's body says: raw values, deflated ones, or a PNG; always the raw bytes in the end."""

from __future__ import annotations

import io
import zlib

import numpy as np
from PIL import Image, UnidentifiedImageError

from waterseg_core.errors import OptionError
from waterseg_core.jobs_description import Description

__all__ = ["BODIES", "BODY", "PNG", "RAW", "raw_bytes"]

RAW, PNG = "application/octet-stream", "image/png"
#: Bytes in the OpenAPI document, and a body of pixels.
BODY = {"schema": {"type": "string", "format": "binary"}}
BODIES = {"requestBody": {"required": True, "content": {RAW: BODY, PNG: BODY}}}


def raw_bytes(
    body: bytes, kind: str, encoding: str, shape: tuple[int, int], about: Description
) -> bytes:
    """The body as raw values.

    kind, encoding: the request's Content-Type and Content-Encoding. shape: (height, width) that
    it should have. Raises OptionError for what cannot be read; a wrong length is told by whoever
    keeps it.
    """
    most = shape[0] * shape[1] * about.pixel_bytes
    if encoding not in ("", "identity", "deflate"):
        raise OptionError(f"Content-Encoding {encoding}: send deflate, or none.")
    if encoding == "deflate" and body:
        body = _inflated(body, most)
    if kind.partition(";")[0].strip().lower() == PNG:
        return _from_png(body, shape, about)
    return body


def _inflated(body: bytes, most: int) -> bytes:
    """At most one byte more than is right, however much a small body unfolds to."""
    try:
        return zlib.decompressobj().decompress(body, most + 1)
    except zlib.error as error:
        raise OptionError(f"The body is not what zlib made: {error}.") from error


def _from_png(body: bytes, shape: tuple[int, int], about: Description) -> bytes:
    if about.dtype != np.uint8 or about.bands != 3:
        raise OptionError("A PNG is for three bands of uint8; send raw values.")
    try:
        with Image.open(io.BytesIO(body), formats=["PNG"]) as image:
            if image.size != shape[::-1]:
                raise OptionError(
                    f"The PNG has {image.height} x {image.width} pixels instead of "
                    f"{shape[0]} x {shape[1]}."
                )
            mode = "RGBA" if about.valid else "RGB"
            if image.mode not in ("RGB", mode):
                raise OptionError(f"The PNG is {image.mode}; send {mode}.")
            pixels = np.asarray(image.convert(mode))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, OptionError):
            raise
        raise OptionError(f"The body is no PNG that can be read: {error}.") from error
    return np.moveaxis(pixels, -1, 0).tobytes()
