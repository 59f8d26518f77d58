# SPDX-License-Identifier: GPL-3.0-or-later
"""Loopback: HTTP to the engine on this computer, from any thread, through no proxy.

QGIS's network stack sends everything through the proxy that the user set up, and a proxy cannot
reach the engine on 127.0.0.1. So this one way does not use it.
"""

import http.client
import select
import time
from dataclasses import dataclass

from .errors import Stopped, Unreachable
from .words import tr

HOST = "127.0.0.1"
#: The same patience that QGIS has with any server, seconds.
TIMEOUT = 60


@dataclass(frozen=True)
class Reply:
    """What came back: HTTP status, bytes, and seconds to wait where the server says so.

    total: where only a part was asked for, how many bytes there are in all.
    """

    status: int
    body: bytes
    retry_after: float = None
    total: int = None


class Loopback:
    """A transport to `port` of this computer. Connections are kept and used again."""

    def __init__(self, port, token):
        self.name = tr("The engine on this computer")
        self.port = port
        self._token = token
        self._idle = []  # connections that nobody uses; append and pop are safe in threads

    def send(self, method, path, body=None, content_type="", encoding="", feedback=None, part=None):
        """One call, `Reply`. Raises Unreachable, and Stopped if `feedback` was cancelled.

        part: the first and the last byte that are wanted of the answer; None for all.
        """
        if feedback is not None and feedback.isCanceled():
            raise Stopped(tr("Cancelled."))
        headers = {"Authorization": f"Bearer {self._token}"}
        if content_type:
            headers["Content-Type"] = content_type
        if encoding:
            headers["Content-Encoding"] = encoding
        if part is not None:
            headers["Range"] = part_of(part)
        while True:
            connection, is_used = self._connection()
            try:
                reply = self._ask(connection, feedback, method, path, body, headers)
            except Stopped:
                connection.close()
                raise
            except (OSError, http.client.HTTPException) as why:
                connection.close()
                # A kept connection may have been closed since; every call may be repeated.
                if not is_used or isinstance(why, TimeoutError):
                    raise self._lost(why) from why
            else:
                self._idle.append(connection)
                return reply

    def close(self):
        """Close what is kept; a later call connects anew."""
        while self._idle:
            self._idle.pop().close()

    def _connection(self):
        """(a connection, whether it was used before)."""
        try:
            return self._idle.pop(), True
        except IndexError:
            return http.client.HTTPConnection(HOST, self.port, timeout=TIMEOUT), False

    def _ask(self, connection, feedback, method, path, body, headers):
        connection.request(method, path, body=body, headers=headers)
        until = time.monotonic() + TIMEOUT
        while not select.select([connection.sock], [], [], 0.1)[0]:
            if feedback is not None and feedback.isCanceled():
                raise Stopped(tr("Cancelled."))
            if time.monotonic() > until:
                raise TimeoutError
        answer = connection.getresponse()
        after = seconds(answer.getheader("Retry-After"))
        total = total_of(answer.getheader("Content-Range"))
        return Reply(answer.status, answer.read(), after, total)

    def _lost(self, why):
        if isinstance(why, TimeoutError):
            said = tr("{engine} does not answer within {seconds} seconds.")
        elif isinstance(why, ConnectionRefusedError):
            said = tr("{engine} is not running any more.")
        else:
            said = tr("{engine} broke off in the middle of an answer.")
        return Unreachable(said.format(engine=self.name, seconds=TIMEOUT))


def seconds(text):
    """The number of seconds in a Retry-After header; None if it holds none."""
    try:
        return max(float(text), 0.0)
    except (TypeError, ValueError):
        return None


def part_of(part):
    """The Range header for a first and a last byte."""
    return f"bytes={part[0]}-{part[1]}"


def total_of(text):
    """How many bytes there are in all, by a Content-Range header; None if it does not say."""
    total = (text or "").rpartition("/")[2]
    return int(total) if total.isdigit() else None
