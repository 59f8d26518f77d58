# SPDX-License-Identifier: GPL-3.0-or-later
"""Guard: what every request must pass before anything else sees it: its token, and its size.

A body is counted while it arrives, so that one that is too large is never held.
"""

from __future__ import annotations

import hmac

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from waterseg_core.server.statuses import tell

__all__ = ["ALIVE", "Guard"]

#: The one route that needs no token.
ALIVE = "/v1/alive"
#: The largest body of anything but pixels: JSON is read on the event loop, all at once.
JSON_BYTES = 8 << 20


class Guard:
    """An ASGI application around another one. token: compared in constant time."""

    def __init__(self, app: ASGIApp, token: str, body_bytes: int) -> None:
        self._app, self._token, self._most = app, token.encode(), body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 401 or 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if scope["path"] != ALIVE and not self._knows(headers.get(b"authorization", b"")):
            answer = tell(
                401,
                "Unauthorized",
                "The token is missing or wrong; send the one that the server was started with as "
                "'Authorization: Bearer TOKEN'.",
                {"WWW-Authenticate": "Bearer"},
            )
            await answer(scope, receive, send)
            return
        most = self._most if scope["method"] == "PUT" else min(self._most, JSON_BYTES)
        sentence = f"The body is larger than the {most} bytes that this route takes; send less."
        if _length(headers) > most:
            answer = tell(413, "TooLargeError", sentence, {"Connection": "close"})
            await answer(scope, receive, send)
            return
        seen = 0

        async def counting() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise HTTPException(413, sentence, {"Connection": "close"})
            return message

        await self._app(scope, counting, send)

    def _knows(self, header: bytes) -> bool:
        kind, _, token = header.partition(b" ")
        return hmac.compare_digest(token.strip(), self._token) and kind.lower() == b"bearer"


def _length(headers: dict[bytes, bytes]) -> int:
    text = headers.get(b"content-length", b"0")
    return int(text) if text.isdigit() else 0
