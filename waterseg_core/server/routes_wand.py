# SPDX-License-Identifier: GPL-3.0-or-later
"""The route of the magic wand: a small picture and a click in, an outline out. Keeps nothing."""

from __future__ import annotations

import base64
import binascii
import io
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer
from PIL import Image, UnidentifiedImageError
from pydantic import BaseModel, Field

from waterseg_core.dataset.wand import grow, outline
from waterseg_core.errors import OptionError, TooLargeError
from waterseg_core.server.schemas import Problem

__all__ = ["MOST_PIXELS", "router"]

#: The wand sees what a screen shows, so this is plenty.
MOST_PIXELS = 4 << 20

router = APIRouter(
    dependencies=[Depends(HTTPBearer(auto_error=False, description="The server's token."))],
    responses={status: {"model": Problem} for status in (401, 413, 422, 500)},
)


class WandWords(BaseModel):
    """A click into a picture."""

    image: str = Field(description="A PNG in base64, as the person sees it.")
    row: int
    col: int
    tolerance: Annotated[float, Field(ge=0, le=255, allow_inf_nan=False)] = Field(
        16, description="The largest difference of any of the three colours."
    )


class PixelPolygon(BaseModel):
    """GeoJSON in (column, row) of pixel corners."""

    type: Literal["Polygon"]
    coordinates: list[list[list[float]]]


class WandAnswer(BaseModel):
    """What was grown. pixels: how many."""

    polygon: PixelPolygon
    pixels: int


@router.post("/v1/dataset/wand", response_model=WandAnswer)
def wand(words: WandWords) -> dict[str, Any]:
    """Everything connected with the clicked pixel that has nearly its colour."""
    grown = grow(_picture(words.image), words.row, words.col, words.tolerance)
    return {"polygon": outline(grown), "pixels": int(grown.sum())}


def _picture(text: str) -> npt.NDArray[np.uint8]:
    """uint8 (h, w, 3). Raises OptionError, TooLargeError."""
    try:
        body = base64.b64decode(text, validate=True)
        with Image.open(io.BytesIO(body), formats=["PNG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise TooLargeError(
                    f"The picture has {image.width} x {image.height} pixels; the wand takes at "
                    f"most {MOST_PIXELS} of them. Send a smaller part."
                )
            return np.asarray(image.convert("RGB"))
    except (binascii.Error, UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise OptionError(f"image is no PNG in base64 that can be read: {error}.") from error
