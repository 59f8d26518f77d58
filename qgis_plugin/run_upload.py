# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploader: reads pixels in the thread of the run and sends several windows at the same time.

One thread reads, because a layer's provider is for one thread only; some others send, so that
the next window is read while the last ones travel.
"""

import time
import zlib
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from .client_loopback import Loopback
from .errors import Busy, Stopped
from .words import tr

#: Requests on their way at once.
IN_FLIGHT = 4
#: Rasters are compressed fast rather than well: the network is the slower part, not by much.
LEVEL = 1


class Uploader:
    """Sends what a job wants. pixels: `Values` or `Rendered`, read in the calling thread only."""

    def __init__(self, pixels, feedback):
        self._pixels, self._feedback = pixels, feedback
        self._pool = ThreadPoolExecutor(IN_FLIGHT, thread_name_prefix="waterseg-send")
        self._windows = {}
        self._flying = {}

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
                body = self._read(self._windows[number])
                sent += self._land(IN_FLIGHT - 1)
                self._flying[self._fly(client, job.id, number, body)] = number
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
        self._pool.shutdown(wait=False)

    def _read(self, tile):
        return self._pixels.read(tile.row, tile.col, tile.height, tile.width, self._feedback)

    def _fly(self, client, job_id, number, body):
        body, encoding = self._packed(client, body)
        return self._pool.submit(client.put_tile, job_id, number, body, encoding, self._feedback)

    def _land(self, most):
        """Wait until at most `most` are on their way; how many arrived. Raises their errors."""
        landed = 0
        while len(self._flying) > most:
            done, _ = wait(self._flying, timeout=0.1, return_when=FIRST_COMPLETED)
            for future in done:
                del self._flying[future]
                future.result()
                landed += 1
            self._stop_if_cancelled()
        return landed

    def _settle(self):
        """Let everything on its way arrive or fail; the next look at the job says which."""
        flying, self._flying = self._flying, {}
        if not self._feedback.isCanceled():
            wait(flying)

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
