# SPDX-License-Identifier: GPL-3.0-or-later
"""Which HTTP status an error has, in one place, and what the answer says."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse

from waterseg_core.errors import (
    BusyError,
    InputError,
    JobError,
    JobStateError,
    ModelError,
    NoSuchJobError,
    NoSuchModelError,
    NotAllowedError,
    OutputError,
    TooLargeError,
    WatersegError,
)

__all__ = ["RETRY_AFTER_S", "STATUSES", "answer_error", "status_of", "tell"]

#: From the special to the general: the first class that an error is an instance of says it.
STATUSES: dict[type[WatersegError], int] = {
    NotAllowedError: 403,
    NoSuchJobError: 404,
    NoSuchModelError: 404,
    JobStateError: 409,
    TooLargeError: 413,
    BusyError: 429,
    JobError: 409,
    InputError: 422,
    ModelError: 422,
    OutputError: 507,
    WatersegError: 500,
}
RETRY_AFTER_S = 1


def status_of(error: WatersegError) -> int:
    """The HTTP status of an error."""
    return next(status for kind, status in STATUSES.items() if isinstance(error, kind))


def answer_error(error: WatersegError) -> JSONResponse:
    """The answer that tells an error."""
    return tell(status_of(error), type(error).__name__, str(error))


def tell(
    status: int, error: str, message: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The answer for anything that went wrong: a class and a sentence."""
    headers = dict(headers or {})
    if status == 429:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return JSONResponse({"error": error, "message": message}, status, headers)
