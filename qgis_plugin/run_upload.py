# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploader: reads pixels in the thread of the run and sends several windows at the same time.

One thread reads, because a layer's provider is for one thread only; some others send, so that
the next window is read while the last ones travel.
"""

import time
import zlib

from .client_loopback import Loopback
from .errors import Busy, Stopped
from .run_senders import IN_FLIGHT, Senders
from .words import tr

#: Pixels are compressed fast rather than well: the network is the slower part, not by much.
LEVEL = 1


class Uploader:
    """Sends what a job wants. pixels: `Values` or `Rendered`, read in the calling thread only."""

    def __init__(self, pixels, feedback):
        self._pixels, self._feedback = pixels, feedback
        self._senders = Senders()
        self._windows = {}
        self._flying = []

    @property
    def count(self):
        """How many windows the job has."""
        return len(self._windows)

    def begin(self, job):
        """Take the windows of a job; those that were known before are forgotten."""
        self._windows = {tile.n: tile for tile in job.tiles}

    def send(self, client, job):
        """Send the overview and the wanted windows of `job`; how many were sent.

        Ends early, without an error, when the server has enough for now. Raises WireError of
        the first that failed, LayerError, Stopped.
        """
        if job.overview is not None:
            body = self._pixels.overview(*job.overview, self._feedback)
            client.put_overview(job.id, *self._packed(client, body), self._feedback)
        sent = 0
        try:
            for number in job.wanted:
                self._stop_if_cancelled()
                body, encoding = self._packed(client, self._read(self._windows[number]))
                sent += self._land(IN_FLIGHT - 1)
                errand = (client.put_tile, job.id, number, body, encoding, self._feedback)
                self._flying.append(self._senders.send(*errand))
            sent += self._land(0)
        except Busy as why:
            self._settle()
            self._wait(why.retry_after)
        except Exception:
            self._settle()
            raise
        return sent

    def close(self):
        """No more sending."""
        self._senders.close()

    def _read(self, tile):
        return self._pixels.read(tile.row, tile.col, tile.height, tile.width, self._feedback)

    def _land(self, most):
        """Wait until at most `most` are on their way; how many arrived. Raises their errors."""
        landed = 0
        while len(self._flying) > most:
            self._flying[0].wait(0.1)
            over = [errand for errand in self._flying if errand.is_over]
            self._flying = [errand for errand in self._flying if not errand.is_over]
            for errand in over:
                if errand.error is not None:
                    raise errand.error
            landed += len(over)
            self._stop_if_cancelled()
        return landed

    def _settle(self):
        """Let everything on its way arrive or fail; the next look at the job says which."""
        while self._flying and not self._feedback.isCanceled():
            self._flying[-1].wait(0.1)
            self._flying = [errand for errand in self._flying if not errand.is_over]
        self._flying = []

    @staticmethod
    def _packed(client, body):
        """(body, encoding): compressed for a network, as it is within this computer."""
        if not body or isinstance(client.transport, Loopback):
            return body, ""
        return zlib.compress(body, LEVEL), "deflate"

    def _wait(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._stop_if_cancelled()
            time.sleep(0.05)

    def _stop_if_cancelled(self):
        if self._feedback.isCanceled():
            raise Stopped(tr("Cancelled."))
