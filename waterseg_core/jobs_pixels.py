# SPDX-License-Identifier: GPL-3.0-or-later
"""Spool: the pixels of a job, kept on disk as they arrive, and read when they are needed.

A raster is sent in windows that do not overlap. Each becomes one file, whole or not there, so
a restart finds what has arrived. Whoever reads a window that is not there yet waits for it, and
what somebody waits for is wanted first. Pixels are taken a bounded number of bytes ahead of the
reading, so that a fast sender cannot fill the disk in front of a slow model.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from waterseg_core.errors import BusyError, Cancelled, OptionError, OutputError
from waterseg_core.geo import Window
from waterseg_core.jobs_description import Description
from waterseg_core.jobs_files import write_whole
from waterseg_core.jobs_windows import Sending

__all__ = ["AHEAD_BYTES", "Spool"]

#: How far the pixels may be ahead of the reading.
AHEAD_BYTES = 256 << 20
#: At most so many windows are asked for at once.
ASKED = 256
#: What a window without data is on disk: no other window has so few bytes and these.
BLANK = b"no data"
OVERVIEW = "overview"


class Spool:
    """The pixels of one job in `folder`.

    Threads that read are woken by `put`, and by `stop`, after which reading raises Cancelled.
    """

    def __init__(
        self, folder: Path, about: Description, sending: Sending, ahead: int = AHEAD_BYTES
    ) -> None:
        self.folder, self.about, self.sending, self.ahead = folder, about, sending, ahead
        folder.mkdir(parents=True, exist_ok=True)
        count = len(sending.windows)
        self._changed = threading.Condition()
        self._here = np.zeros(count, bool)
        self._read = np.zeros(count, bool)
        self._awaited: dict[int, int] = {}
        self._stopped = False
        self._settled = False
        self._needed = self._needed_at_first()
        self._scan()

    def _needed_at_first(self) -> npt.NDArray[np.bool_]:
        """Which windows are asked for though nobody waits for them."""
        needed = np.ones(len(self.sending.windows), bool)
        if self.about.sparse and self.sending.overview is not None:
            needed[self.sending.lines :] = False
        return needed

    def _scan(self) -> None:
        """Find what an earlier process has received."""
        for path in self.folder.iterdir():
            if path.name.isdigit() and int(path.name) < len(self._here):
                size = path.stat().st_size
                self._here[int(path.name)] = size in (len(BLANK), self.bytes_of(int(path.name)))
        overview = self.folder / OVERVIEW
        self._overview_here = self.sending.overview is None or (
            overview.is_file() and overview.stat().st_size == self.overview_bytes
        )

    def bytes_of(self, number: int) -> int:
        """Bytes of a window as it is sent."""
        return self.sending.windows[number].area * self.about.pixel_bytes

    @property
    def overview_bytes(self) -> int:
        """Bytes of the overview as it is sent, 0 if none is wanted."""
        height, width = self.sending.overview or (0, 0)
        return height * width * self.about.pixel_bytes

    @property
    def overview_wanted(self) -> bool:
        """True until the overview has arrived."""
        return not self._overview_here

    def wanted(self) -> list[int]:
        """Numbers of the windows that would be taken now, those that are waited for first."""
        with self._changed:
            urgent = sorted(n for n in self._awaited if not self._here[n])
            room = self.ahead - self._unread_bytes()
            rest: list[int] = []
            for number in np.flatnonzero(self._needed & ~self._here).tolist():
                if room <= 0 or len(rest) >= ASKED:
                    break
                if number not in self._awaited:
                    rest.append(number)
                    room -= self.bytes_of(number)
        return (urgent + rest)[:ASKED]

    def put(self, number: int, body: bytes) -> None:
        """Keep a window. Again is harmless.

        Raises OptionError for a wrong length, BusyError if it is too early, OutputError if the disk
        is full.
        """
        if body or self.about.options.nodata == "none":
            self._check(len(body), self.bytes_of(number), f"Tile {number}", number)
        with self._changed:
            if self._here[number] or (self._settled and not self._needed[number]):
                return
            if number not in self._awaited and self._unread_bytes() >= self.ahead:
                raise BusyError("The model is not that far yet; send this tile again in a second.")
        try:
            write_whole(self.folder / str(number), body or BLANK)
        except OutputError:
            if self._needed[number]:
                raise
            return  # the pixels were thrown away meanwhile
        with self._changed:
            self._here[number] = True
            self._changed.notify_all()

    def put_overview(self, body: bytes) -> None:
        """Keep the overview. Raises OptionError for a wrong length."""
        if self.sending.overview is None:
            raise OptionError("This job wants no overview.")
        self._check(len(body), self.overview_bytes, "The overview", None)
        with self._changed:
            if self._overview_here:
                return
        write_whole(self.folder / OVERVIEW, body)
        with self._changed:
            self._overview_here = True
            self._changed.notify_all()

    def _check(self, got: int, right: int, what: str, number: int | None) -> None:
        if got != right:
            window = None if number is None else self.sending.windows[number]
            shape = self.sending.overview if window is None else window.shape
            assert shape is not None
            raise OptionError(
                f"{what} has {got} bytes instead of {right}: {self.about.bands} x {shape[0]} x "
                f"{shape[1]} of {self.about.dtype}{' and a byte of validity' * self.about.valid}."
            )

    def stop(self) -> None:
        """Whoever waits for pixels gets Cancelled."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def go_on(self) -> None:
        """Reading waits for pixels again."""
        with self._changed:
            self._stopped = self._settled = False
            self._needed = self._needed_at_first()
            self._read[:] = False

    def settle(self, parts: Iterable[Window]) -> None:
        """What the raster as a whole decides is decided: from now on only `parts` are needed.

        Other windows are not waited for any more and have no data.
        """
        touched = self.sending.touched(parts)
        with self._changed:
            self._needed, self._settled = touched, True

    def close(self) -> None:
        """No pixel is needed any more: none is asked for, and what still comes is not kept."""
        with self._changed:
            self._needed[:] = False
            self._settled = self._overview_here = True

    def overview(self) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
        """(values `(bands, h, w)`, valid bool `(h, w)`) of the overview; waits for it."""
        assert self.sending.overview is not None
        self._wait(lambda: self._overview_here)
        return self._parsed((self.folder / OVERVIEW).read_bytes(), self.sending.overview)

    def read(self, window: Window) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
        """(values `(bands, h, w)`, valid bool `(h, w)`) of a window; waits for its pixels.

        What is never sent has no data, and once it is settled what is not needed.
        """
        values = np.zeros((self.about.bands, *window.shape), self.about.dtype)
        valid = np.zeros(window.shape, bool)
        for number, common in self._await(window):
            place = self.sending.windows[number]
            into = common.shifted(-window.row, -window.col).slices
            of = common.shifted(-place.row, -place.col).slices
            body = (self.folder / str(number)).read_bytes()
            if body == BLANK:
                continue
            got, good = self._parsed(body, place.shape)
            values[:, *into], valid[into] = got[:, *of], good[of]
        return values, valid

    def _await(self, window: Window) -> Iterator[tuple[int, Window]]:
        """The windows that hold pixels of `window`, and which, as soon as all are here."""
        holders = [
            holder
            for holder in self.sending.holders(window)
            if self._needed[holder[0]] or not self._settled
        ]
        numbers = [number for number, _ in holders]
        with self._changed:
            for number in numbers:
                self._awaited[number] = self._awaited.get(number, 0) + 1
        try:
            self._wait(lambda: bool(self._here[numbers].all()))
        finally:
            with self._changed:
                self._read[numbers] = True
                for number in numbers:
                    self._awaited[number] -= 1
                    if not self._awaited[number]:
                        del self._awaited[number]
        yield from holders

    def _wait(self, ready: Any) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or ready())
            if self._stopped:
                raise Cancelled("Stopped.")

    def _unread_bytes(self) -> int:
        unread = np.flatnonzero(self._here & ~self._read & (self._needed | (not self._settled)))
        return sum(self.bytes_of(number) for number in unread.tolist())

    def _parsed(
        self, body: bytes, shape: tuple[int, int]
    ) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
        about = self.about
        count = about.bands * shape[0] * shape[1]
        values = np.frombuffer(body, about.dtype.newbyteorder("<"), count)
        values = values.astype(about.dtype, copy=False).reshape(about.bands, *shape)
        if not about.valid:
            return values, np.ones(shape, bool)
        plane = np.frombuffer(body, np.uint8, offset=count * about.dtype.itemsize)
        return values, plane.reshape(shape) != 0
