# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes of protocol 1: each takes a request apart, calls one method of `jobs`, and answers.

Whatever touches the disk or waits runs in a thread; the event loop only passes bytes on.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from waterseg_core.jobs import Job, Jobs
from waterseg_core.server import orders, schemas
from waterseg_core.server.bodies import BODIES, BODY, RAW, raw_bytes
from waterseg_core.server.files import FileAnswer
from waterseg_core.server.info import info

__all__ = ["alive", "router"]

MEDIA = {
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "fgb": "application/flatgeobuf",
    "parquet": "application/vnd.apache.parquet",
    "mask": "image/tiff",
    "probability": "image/tiff",
    "zip": "application/zip",
}
#: GeoJSON is the one file of a result that is JSON.
FILES = {
    media: {"schema": {"type": "object"}} if "json" in media else BODY for media in MEDIA.values()
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers that tell what went wrong, for the OpenAPI document."""
    return {status: {"model": schemas.Problem} for status in statuses}


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


JobsHere = Annotated[Jobs, Depends(_jobs)]
JobId = Annotated[str, Path(alias="id", max_length=64)]

alive = APIRouter()
router = APIRouter(
    dependencies=[Depends(HTTPBearer(auto_error=False, description="The server's token."))],
    responses=problems(401, 413, 500),
)


@alive.get("/v1/alive", response_model=schemas.Alive)
async def get_alive() -> dict[str, bool]:
    """Somebody is there. The one route without a token."""
    return {"alive": True}


@router.get("/v1/info", response_model=schemas.Info)
def get_info(request: Request, jobs: JobsHere) -> dict[str, Any]:
    """Who answers, and what it can do."""
    state = request.app.state
    return info(jobs, state.device, state.body_bytes, state.permissions)


@router.post(
    "/v1/jobs",
    status_code=201,
    response_model=schemas.JobAbout,
    responses=problems(422, 429, 507),
)
def create_job(words: orders.JobWords, jobs: JobsHere) -> Response:
    """Order a job; the answer says what to send."""
    return _told(jobs.create(words.model_dump()), status=201)


@router.get("/v1/jobs", response_model=schemas.JobList)
def list_jobs(jobs: JobsHere) -> dict[str, Any]:
    """Every job, newest first, without tiles."""
    return {"jobs": [job.tell(tiles=False) for job in jobs]}


@router.get("/v1/jobs/{id}", response_model=schemas.JobAbout, responses=problems(404, 422))
def get_job(
    id: JobId,
    jobs: JobsHere,
    tiles: Annotated[bool, Query(description="With the windows to send.")] = True,
) -> Response:
    """How far a job is."""
    return _told(jobs[id], tiles)


@router.put(
    "/v1/jobs/{id}/overview",
    status_code=204,
    response_class=Response,
    response_model=None,
    responses=problems(404, 409, 422, 507),
    openapi_extra=BODIES,
)
async def put_overview(id: JobId, request: Request, jobs: JobsHere) -> None:
    """Send the thinned-out raster, in the format of a tile."""
    await _take(jobs, id, request, None)


@router.put(
    "/v1/jobs/{id}/tiles/{n}",
    status_code=204,
    response_class=Response,
    response_model=None,
    responses=problems(404, 409, 422, 429, 507),
    openapi_extra=BODIES,
)
async def put_tile(id: JobId, n: int, request: Request, jobs: JobsHere) -> None:
    """Send the pixels of tile n; again is harmless. An empty body: no data in all of it."""
    await _take(jobs, id, request, n)


async def _take(jobs: Jobs, id: str, request: Request, number: int | None) -> None:
    body = await request.body()
    kind = request.headers.get("content-type", RAW)
    encoding = request.headers.get("content-encoding", "")

    def keep() -> None:
        job = jobs[id]
        shape = job.shape_of(number)
        raw = raw_bytes(body, kind, encoding, shape, job.folder.about) if body else body
        jobs.check_disk(len(raw))
        job.put_overview(raw) if number is None else job.put(number, raw)

    await run_in_threadpool(keep)


@router.get("/v1/jobs/{id}/features", response_model=schemas.Features, responses=problems(404, 422))
def get_features(
    id: JobId, jobs: JobsHere, after: Annotated[int, Query(ge=0, le=2**53)] = 0
) -> Response:
    """Polygons of finished strips since `after`, in the raster's CRS, cut where strips meet."""
    features, following = jobs[id].folder.preview.page(after)
    text = f'{{"features": [{", ".join(features)}], "next": {following}}}'
    return Response(text, media_type="application/json")


@router.get(
    "/v1/jobs/{id}/result",
    response_class=FileResponse,
    responses={
        200: {"content": FILES, "description": "The file."},
        206: {"content": FILES, "description": "The part of it that `Range: bytes=a-b` names."},
        **problems(404, 409, 416, 422, 429, 507),
    },
)
async def get_result(
    request: Request,
    id: JobId,
    jobs: JobsHere,
    format: Annotated[
        Literal["gpkg", "geojson", "fgb", "parquet", "mask", "probability", "zip"] | None,
        Query(description="Without, the usual one of the job's kind: gpkg, or zip."),
    ] = None,
) -> FileResponse:
    """The polygons, a raster that the options asked for, or a training set."""

    def made() -> FileAnswer:
        path = jobs[id].result(format)
        media = MEDIA.get(path.suffix[1:], MEDIA["mask"])
        return FileAnswer(path, media)

    # These may wait for a file, so they have threads of their own: the others stay free.
    return await to_thread.run_sync(made, limiter=request.app.state.patient)


@router.post(
    "/v1/jobs/{id}/resume",
    response_model=schemas.JobAbout,
    responses=problems(404, 422, 429, 507),
)
def resume_job(id: JobId, jobs: JobsHere) -> Response:
    """A job that was cancelled or failed goes on; any other is answered as it is."""
    return _told(jobs.resume(id))


@router.delete(
    "/v1/jobs/{id}",
    response_model=schemas.JobAbout,
    responses={204: {"description": "Forgotten."}, **problems(404, 422, 507)},
)
def delete_job(
    id: JobId,
    jobs: JobsHere,
    forget: Annotated[bool, Query(description="Remove it from disk.")] = False,
) -> Response:
    """Cancel a job: what is finished stays. With `forget`, remove it."""
    if forget:
        jobs.forget(id)
        return Response(status_code=204)
    job = jobs[id]
    job.cancel()
    return _told(job, tiles=False)


def _told(job: Job, tiles: bool = True, status: int = 200) -> Response:
    """A job's answer, made here, in a thread: that of a large raster names thousands of tiles."""
    return JSONResponse(job.tell(tiles), status)
