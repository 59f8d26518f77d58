# SPDX-License-Identifier: GPL-3.0-or-later
"""Loopback: HTTP to the engine on this computer, from any thread, through no proxy.

QGIS's network stack sends everything through the proxy that the user set up, and a proxy cannot
reach the engine on 127.0.0.1. So this one way does not use it.
"""

import http.client
import threading
from dataclasses import dataclass

from .errors import Stopped, Unreachable

HOST = "127.0.0.1"
#: The same patience that QGIS has with any server, seconds.
TIMEOUT = 60


@dataclass(frozen=True)
class Reply:
    """What came back: HTTP status, bytes, and seconds to wait where the server says so."""

    status: int
    body: bytes
    retry_after: float = None


class Loopback:
    """A transport to `port` of this computer. Each thread keeps a connection of its own."""

    name = "The engine on this computer"

    def __init__(self, port, token):
        self.port = port
        self._token = token
        self._mine = threading.local()

    def send(self, method, path, body=None, content_type="", encoding="", feedback=None):
        """One call, `Reply`. Raises Unreachable, and Stopped if `feedback` was cancelled."""
        if feedback is not None and feedback.isCanceled():
            raise Stopped("Cancelled.")
        headers = {"Authorization": f"Bearer {self._token}"}
        if content_type:
            headers["Content-Type"] = content_type
        if encoding:
            headers["Content-Encoding"] = encoding
        for fresh in (False, True):
            connection = self._connection(fresh)
            reused = connection.sock is not None
            try:
                return self._ask(connection, method, path, body, headers)
            except (OSError, http.client.HTTPException) as why:
                connection.close()
                # A kept connection may have been closed since; every call may be repeated.
                if fresh or not reused or isinstance(why, TimeoutError):
                    raise self._lost(why) from why
        raise Unreachable(f"{self.name} does not answer.")

    def _connection(self, fresh):
        kept = getattr(self._mine, "connection", None)
        if kept is None or fresh:
            kept = http.client.HTTPConnection(HOST, self.port, timeout=TIMEOUT)
            self._mine.connection = kept
        return kept

    def _ask(self, connection, method, path, body, headers):
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return Reply(answer.status, answer.read(), seconds(answer.getheader("Retry-After")))

    def _lost(self, why):
        if isinstance(why, TimeoutError):
            return Unreachable(f"{self.name} does not answer within {TIMEOUT} seconds.")
        if isinstance(why, ConnectionRefusedError):
            return Unreachable(f"{self.name} is not running any more.")
        return Unreachable(f"{self.name} broke off in the middle of an answer.")


def seconds(text):
    """The number of seconds in a Retry-After header; None if it holds none."""
    try:
        return max(float(text), 0.0)
    except (TypeError, ValueError):
        return None
