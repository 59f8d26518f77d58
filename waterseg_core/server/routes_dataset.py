# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes that answer while a person draws a training set. They keep nothing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from waterseg_core.jobs_questions import what_is_said, which_chips
from waterseg_core.jobs_seen import ThinnedOut, where_data_is
from waterseg_core.server.bodies import BODIES, RAW, raw_bytes
from waterseg_core.server.orders import CheckWords, ChipsWords, ThinnedOutWords
from waterseg_core.server.schemas import Problem

__all__ = ["router"]

router = APIRouter(
    dependencies=[Depends(HTTPBearer(auto_error=False, description="The server's token."))],
    responses={status: {"model": Problem} for status in (401, 413, 422, 500)},
)


class Footprint(BaseModel):
    """GeoJSON in the raster's CRS."""

    type: Literal["Polygon"]
    coordinates: list[list[list[float]]]


class ChipAbout(BaseModel):
    """A chip that there would be. split: empty where it is not taken; why: the reason."""

    id: str
    row: int
    col: int
    height: int
    width: int
    state: Literal["water", "dry", "unlabelled", "excluded", "problem"]
    split: Literal["train", "val", "test", ""]
    why: str
    footprint: Footprint


class ChipsAnswer(BaseModel):
    """All chips, row by row. counts: of each state, and of each split."""

    chips: list[ChipAbout]
    counts: dict[str, int]
    notes: list[str]


class DataAnswer(BaseModel):
    """Where a raster holds data."""

    data: str = Field(description="A PNG in base64, of the body's size: white where there is.")


class CheckAnswer(BaseModel):
    """What the codec says of a chip."""

    suffix: str = Field(description="Empty for a dry chip.")
    iou: float | None = Field(description="Of what is drawn and what is said; null if dry.")
    target: Literal["union", "components", ""]
    instances: int
    drawn: str = Field(description="A PNG in base64: colours of classes, grey what is unknown.")
    said: str = Field(description="The same of what the tokens say.")
    warnings: list[str]


@router.put("/v1/dataset/data", response_model=DataAnswer, openapi_extra=BODIES)
async def data(words: Annotated[ThinnedOutWords, Query()], request: Request) -> dict[str, str]:
    """Where a raster holds data; the body is all of it, thinned out, in the format of a tile."""
    body = await request.body()
    headers = request.headers
    kind, encoding = headers.get("content-type", RAW), headers.get("content-encoding", "")

    def seen() -> str:
        shape, pixels = words.shape, words.pixels
        about = ThinnedOut.at(*shape, pixels, words.missing)
        return where_data_is(about, raw_bytes(body, kind, encoding, shape, about))

    return {"data": await run_in_threadpool(seen)}


@router.post("/v1/dataset/chips", response_model=ChipsAnswer)
def chips(words: ChipsWords) -> Response:
    """Which chips there would be, and what each is. Needs no pixels."""
    return JSONResponse(which_chips(words.model_dump()))


@router.post("/v1/dataset/check", response_model=CheckAnswer)
def check(words: CheckWords) -> dict[str, Any]:
    """What the tokens can say of one chip, and what is to be warned of."""
    return what_is_said(words.model_dump())
