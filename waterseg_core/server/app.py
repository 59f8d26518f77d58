# SPDX-License-Identifier: GPL-3.0-or-later
"""The application: routes behind the guard, and one way to tell everything that goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anyio import CapacityLimiter
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from waterseg_core.errors import WatersegError
from waterseg_core.jobs import Jobs
from waterseg_core.server import routes_dataset, routes_models, routes_studies, routes_wand
from waterseg_core.server.contract import state_contract
from waterseg_core.server.guard import Guard
from waterseg_core.server.orders import KINDS, UNKNOWN_KIND
from waterseg_core.server.routes import alive, router
from waterseg_core.server.statuses import answer_error, tell
from waterseg_core.studies import Studies
from waterseg_core.uploads.store import Uploads

__all__ = ["BODY_BYTES", "make_app"]

#: The largest body of a request.
BODY_BYTES = 64 << 20
#: Requests that may wait for a file at once.
PATIENT = 8
#: What a sentence says for the statuses that no error of ours stands for.
SENTENCES = {
    404: "There is no such route; docs/PROTOCOL.md lists them.",
    405: "This route does not know that method; docs/PROTOCOL.md lists them.",
}


def make_app(
    jobs: Jobs,
    token: str,
    *,
    studies: Studies,
    uploads: Uploads,
    body_bytes: int = BODY_BYTES,
    device: str = "auto",
) -> FastAPI:
    """The ASGI application for `jobs`, `studies` and `uploads`.

    token: what requests must bring. body_bytes: the largest body. device: what /v1/info says.
    """
    app = FastAPI(
        title="waterseg",
        version="1",
        description="Rasters in, water polygons out. docs/PROTOCOL.md says why it is as it is.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    app.state.jobs, app.state.device, app.state.body_bytes = jobs, device, body_bytes
    app.state.studies, app.state.uploads = studies, uploads
    app.state.permissions = {
        "train": studies is not None and studies.trains,
        "upload": uploads is not None and uploads.allowed,
    }
    app.state.patient = CapacityLimiter(PATIENT)
    app.include_router(alive)
    app.include_router(router)
    app.include_router(routes_dataset.router)
    app.include_router(routes_wand.router)
    app.include_router(routes_studies.router)
    app.include_router(routes_models.router)
    state_contract(app)
    app.add_middleware(Guard, token=token, body_bytes=body_bytes)
    app.add_exception_handler(WatersegError, _own)
    app.add_exception_handler(RequestValidationError, _nonsense)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unexpected)
    return app


async def _own(request: Request, error: Exception) -> Response:
    assert isinstance(error, WatersegError)
    return answer_error(error)


async def _nonsense(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return tell(422, "OptionError", _sentence(error.errors()))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    kind = "TooLargeError" if status == 413 else "HTTPError"
    message = SENTENCES.get(status, str(error.detail))
    if status == 400:  # a body that is no JSON at all
        status, kind, message = 422, "OptionError", "The body is not JSON that can be read."
    return tell(status, kind, message, error.headers)


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=499)  # nobody is there to read it


async def _unexpected(request: Request, error: Exception) -> Response:
    said = f"Something unexpected went wrong on the server ({type(error).__name__}); see its log."
    return tell(500, type(error).__name__, said)


def _sentence(errors: Sequence[Any]) -> str:
    """The first thing that is wrong with a request, with the field's name."""
    first = errors[0]
    if first["type"] == UNKNOWN_KIND:
        return str(first["msg"])
    place = list(first["loc"])
    if place[0] == "body" and place[1:2] and place[1] in KINDS:
        del place[1]  # the kind of the order is no field of it
    if place == ["body"]:
        return "The body must be a JSON object, with Content-Type: application/json."
    where = ".".join(str(part) for part in place if part not in ("body", "query", "path"))
    return f"{where or 'The request'}: {first['msg']}."
