# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes by which a model is sent to a server, and removed from it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from waterseg_core.server.bodies import BODY, RAW
from waterseg_core.server.routes import problems
from waterseg_core.uploads.store import Uploads

__all__ = ["router"]

PART = {"requestBody": {"required": True, "content": {RAW: BODY}}}


class UploadWords(BaseModel):
    """A model that somebody wants to send: a zip of its folder."""

    name: str = Field(description="What it is to be called.", max_length=200)
    bytes: Annotated[int, Field(ge=1, le=2**53)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="Of the zip.")]


class UploadAbout(BaseModel):
    """How far a model is that is being sent."""

    id: str
    name: str
    wanted: list[int] = Field(description="Numbers of the parts that are not there yet.")
    part_bytes: int = Field(description="Of every part but the last one.")
    state: Literal["waiting", "checking", "done", "failed"]
    message: str
    error: str


def _uploads(request: Request) -> Uploads:
    uploads: Uploads = request.app.state.uploads
    return uploads


UploadsHere = Annotated[Uploads, Depends(_uploads)]
UploadId = Annotated[str, Path(alias="id", max_length=64)]

router = APIRouter(
    dependencies=[Depends(HTTPBearer(auto_error=False, description="The server's token."))],
    responses=problems(401, 403, 413, 422, 500),
)


@router.post(
    "/v1/models", status_code=201, response_model=UploadAbout, responses=problems(429, 507)
)
def create_upload(words: UploadWords, uploads: UploadsHere) -> dict[str, Any]:
    """Promise a model; the answer says which parts are wanted. Again, it goes on where it was."""
    return uploads.create(words.name, words.bytes, words.sha256)


@router.get("/v1/models/{id}", response_model=UploadAbout, responses=problems(404))
def get_upload(id: UploadId, uploads: UploadsHere) -> dict[str, Any]:
    """How far it is: `done` says that the model is on offer, `failed` why it is not."""
    return uploads.tell(id)


@router.put(
    "/v1/models/{id}/parts/{n}",
    status_code=204,
    response_class=Response,
    response_model=None,
    responses=problems(404, 409, 507),
    openapi_extra=PART,
)
async def put_part(id: UploadId, n: int, request: Request, uploads: UploadsHere) -> None:
    """Send part n of the zip; again is harmless."""
    body = await request.body()
    await run_in_threadpool(uploads.put, id, n, body)


@router.delete(
    "/v1/models/{id}",
    status_code=204,
    response_class=Response,
    response_model=None,
    responses=problems(404, 409, 507),
)
def delete_model(id: UploadId, uploads: UploadsHere) -> None:
    """Remove the model of that name, if it was sent or trained here; or an upload, by its id."""
    uploads.remove(id)
