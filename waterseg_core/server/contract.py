# SPDX-License-Identifier: GPL-3.0-or-later
"""The OpenAPI document of the application, in the same words whatever version made it."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

__all__ = ["state_contract"]


def state_contract(app: FastAPI) -> None:
    """Let the application answer the settled document."""
    document: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not document:
            made = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            document.update(_settled(made))
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _settled(part: Any) -> Any:
    """Without what some versions of pydantic say twice, or say though it is understood."""
    if isinstance(part, list):
        return [_settled(one) for one in part]
    if not isinstance(part, dict):
        return part
    said_twice = "const" in part and part.get("enum") == [part["const"]]
    return {
        name: _settled(value)
        for name, value in part.items()
        if not (name == "enum" and said_twice)
        and not (name == "additionalProperties" and value is True)
    }
