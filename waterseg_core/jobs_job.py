# SPDX-License-Identifier: GPL-3.0-or-later
"""Job: one raster on its way: a folder that holds all of it, and the run that works on it.

waiting (for pixels) -> running -> finishing -> done
        any of them  -> cancelled or failed  -> resumed: waiting
"""

from __future__ import annotations

import functools
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import filelock

from waterseg_core.errors import BusyError, JobStateError, OptionError
from waterseg_core.jobs_files import PATIENCE_S, written
from waterseg_core.jobs_folder import JobFolder
from waterseg_core.jobs_models import Models
from waterseg_core.jobs_run import Run
from waterseg_core.jobs_run_dataset import DatasetRun
from waterseg_core.jobs_run_segment import SegmentRun
from waterseg_core.jobs_state import CANCELLED, DONE, WAITING

__all__ = ["RUNS", "Job"]

#: What is done for each kind of job (`jobs_folder.KINDS`).
RUNS: dict[str, type[Run]] = {"segment": SegmentRun, "dataset": DatasetRun}
#: A job that waits for pixels and of which nobody was heard for so long takes no place.
SILENCE_S = 600.0
LOCK = ".lock"


class Job:
    """A job that goes on at once, unless it is over. All methods may be called from any thread.

    While it works a lock of the operating system says so to other servers on the same folder.
    asleep: wait for `wake` instead. Raises BusyError if another server works on it.
    """

    def __init__(self, folder: JobFolder, models: Models, asleep: bool = False) -> None:
        self.folder, self._models = folder, models
        self._kind = RUNS[folder.about.kind]
        self._run: Run | None = None
        self._writing = threading.Lock()
        self._held = filelock.FileLock(folder.path / LOCK, thread_local=False)
        self._holding = threading.Lock()
        self._asleep = asleep and not folder.state.is_over
        self._heard = time.monotonic()
        if not folder.state.is_over:
            self._hold()
            folder.state.state = WAITING
            if not asleep:
                self._start()

    def _hold(self) -> None:
        # A run that ends lets go in its own thread, and a file lock counts without a lock.
        try:
            with self._holding:
                self._held.acquire(timeout=0)
        except filelock.Timeout:
            raise BusyError("Another waterseg server works on this job; wait for it.") from None

    def _let_go(self) -> None:
        with self._holding:
            self._held.release()

    def _start(self) -> None:
        self._run = self._kind(self.folder, self._models, self._run, self._let_go)

    def wake(self) -> None:
        """Somebody asks for the job: go on with it if it sleeps."""
        self._heard = time.monotonic()
        with self.folder.lock:
            if self._asleep:
                self._asleep = False
                self._start()

    @property
    def is_under_way(self) -> bool:
        """Whether it works, or somebody who sends pixels was heard of lately."""
        state = self.folder.state
        if state.is_over or self._asleep:
            return False
        return state.state != WAITING or time.monotonic() - self._heard < SILENCE_S

    def tell(self, tiles: bool = True) -> dict[str, Any]:
        """The job as the wire tells it. tiles: with the windows to send."""
        folder = self.folder
        with folder.lock:
            state = folder.state
            about = {
                name: getattr(state, name)
                for name in ("state", "done", "total", "message", "error", "empty", "undecodable")
            }
            about |= {"water_pixels": state.water_pixels, "created": state.created}
            about["notes"] = list(state.notes)
        over = folder.state.is_over
        return {
            "id": folder.id,
            "kind": folder.about.kind,
            "name": folder.about.name,
            **about,
            "features": len(folder.preview),
            "seconds_left": None if over or self._run is None else self._run.seconds_left,
            "overview": None if over else self._overview(),
            "wanted": [] if over else folder.spool.wanted(),
            "tiles": self._tiles() if tiles else None,
        }

    def _overview(self) -> dict[str, int] | None:
        """The size of the overview, if it is still to be sent."""
        shape = self.folder.sending.overview
        if shape is None or not self.folder.spool.overview_wanted:
            return None
        return {"height": shape[0], "width": shape[1]}

    def _tiles(self) -> list[dict[str, int]]:
        return [
            {"n": n, "row": w.row, "col": w.col, "height": w.height, "width": w.width}
            for n, w in enumerate(self.folder.sending.windows)
        ]

    def shape_of(self, number: int | None) -> tuple[int, int]:
        """(height, width) of a window, of the overview for None. Raises OptionError for others."""
        sending = self.folder.sending
        if number is None:
            if sending.overview is None:
                raise OptionError("This job wants no overview.")
            return sending.overview
        if not 0 <= number < len(sending.windows):
            last = len(sending.windows) - 1
            raise OptionError(f"There is no tile {number}: this job's are 0 to {last}.")
        return sending.windows[number].shape

    def put(self, number: int, body: bytes) -> None:
        """Take the pixels of a window; raises JobStateError if nobody wants them any more."""
        self._check_open()
        self.shape_of(number)
        self.folder.spool.put(number, body)

    def put_overview(self, body: bytes) -> None:
        """Take the overview."""
        self._check_open()
        self.folder.spool.put_overview(body)

    def _check_open(self) -> None:
        if self.folder.state.is_over:
            raise JobStateError(
                f"The job is {self.folder.state.state}; resume it before you send more of it."
            )

    def cancel(self) -> None:
        """Stop, at once for whoever asks; what is finished stays."""
        with self.folder.lock:
            if self.folder.state.is_over:
                return
            self.folder.state.state = CANCELLED
            self.folder.save()
            if self._asleep:
                self._asleep = False
                self._let_go()
        if self._run is not None:
            self._run.stop()

    def resume(self) -> None:
        """Go on where it stopped; nothing happens to a job that is under way or done.

        Raises BusyError if another server works on it.
        """
        lock = self.folder.lock
        with lock:
            if not self.folder.state.is_over or self.folder.state.state == DONE:
                return
            self._hold()
            if self._run is None or self._run.ended(0):
                # Another server may have gone on with it since it was read.
                self.folder = JobFolder(self.folder.path, self.folder.spool.ahead)
            state = self.folder.state
            if state.state == DONE:
                self._let_go()
                return
            state.state, state.error, state.message = WAITING, "", ""
            self.folder.save()
            self._start()

    def leave(self) -> None:
        """Stop because the server ends; the job goes on when it is opened again."""
        if self._run is not None:
            self._run.stop(leaving=True)

    def ended(self, seconds: float) -> bool:
        """Wait for the run to end; False if it did not in that time."""
        return self._run is None or self._run.ended(seconds)

    def remove(self) -> None:
        """Remove the folder, as soon as nothing writes into it."""
        self.ended(600)
        shutil.rmtree(self.folder.path, ignore_errors=True)

    def result(self, format: str | None = None) -> Path:
        """The file of the result in that format; of a job that was stopped, as far as it came.

        None is the usual format of this kind of job.

        Raises OptionError for a format that there is not, JobStateError while the job is under
        way, BusyError while the file is being written, GeoreferenceError for GeoJSON without a
        CRS, OutputError.
        """
        files = self._kind.files(self.folder.about)
        format = format or next(iter(files))
        if format not in files:
            raise OptionError(f"format {format}: this job has {', '.join(files)}.")
        if not self.folder.state.is_over:
            raise JobStateError("The job is under way; ask again when it is done, or cancel it.")
        if not self.ended(PATIENCE_S):
            raise BusyError("The job is about to stop; ask again in a second.")
        path = self.folder.result(files[format])
        if path.is_file():
            return path
        write = functools.partial(self._kind.write, self.folder, format, path)
        return written(path, path.is_file, write, self._writing)
