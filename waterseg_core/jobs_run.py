# SPDX-License-Identifier: GPL-3.0-or-later
"""Run: what a job's thread does, from the first pixel to the result.

The same steps as `pipeline.segment_scene`, but pixels arrive while it works, finished strips are
shown, and the strips stay until somebody forgets the job.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

from waterseg_core import outputs
from waterseg_core.errors import Cancelled, WatersegError
from waterseg_core.jobs_folder import JobFolder
from waterseg_core.jobs_result import save_polygons
from waterseg_core.jobs_state import CANCELLED, DONE, FAILED, FINISHING, RUNNING
from waterseg_core.options import SegmentOptions
from waterseg_core.parts import Parts
from waterseg_core.pipeline import Progress, description, polygons_of, work_of
from waterseg_core.polygons import WaterPolygons
from waterseg_core.segmenter import Segmenter
from waterseg_core.strips import PARTS, Work, finished_rows
from waterseg_core.workfolder import WorkFolder

__all__ = ["POLYGONS", "Run"]

#: The file of the result that the others are made of.
POLYGONS = "polygons.npz"
#: The format that is written before anybody asks: it is what the plugin takes.
USUAL = "gpkg"

Segmenters = Callable[[SegmentOptions], Segmenter]


class Run:
    """One attempt at a job, in a thread of its own. `stop` ends it after the batch at hand.

    before: the run that was stopped, if it still is about to end; what it says does not count
    any more. at_end: called at the very end.
    """

    def __init__(
        self,
        job: JobFolder,
        segmenters: Segmenters,
        before: Run | None,
        at_end: Callable[[], None],
    ) -> None:
        self.job, self._segmenters, self._before, self._at_end = job, segmenters, before, at_end
        self._replaced = False
        if before is not None:
            before._replaced = True
        self._stop = threading.Event()
        self._leaving = False
        self._clock: tuple[float, int] | None = None
        self._thread = threading.Thread(target=self._work, name=f"waterseg-{job.id}", daemon=True)
        self._thread.start()

    def stop(self, leaving: bool = False) -> None:
        """End soon. leaving: the server ends, and the job goes on when it is started again."""
        self._leaving = self._leaving or leaving
        self._stop.set()
        self.job.spool.stop()

    def ended(self, seconds: float | None = None) -> bool:
        """Wait until it has ended; False if that took longer."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def seconds_left(self) -> float | None:
        """By the pace of this run; None until there is one."""
        if self._clock is None:
            return None
        began, first = self._clock
        state = self.job.state
        done = state.done - first
        if done <= 0:
            return None
        return round((time.monotonic() - began) / done * (state.total - state.done), 1)

    def _work(self) -> None:
        try:
            if self._before is not None:
                self._before.ended()
                self._before = None
            if not self._stop.is_set() and self.job.state.state != DONE:
                self._attempt()
        finally:
            self._at_end()

    def _attempt(self) -> None:
        self.job.spool.go_on()
        if self._stop.is_set():  # it came while the spool was told to go on
            self.job.spool.stop()
        try:
            self._segment()
        except Cancelled:
            if not self._leaving:
                self._over(CANCELLED)
        except WatersegError as error:
            self._over(FAILED, type(error).__name__, str(error))
        except Exception as error:
            said = f"Something unexpected went wrong on the server: {type(error).__name__}: {error}"
            self._over(FAILED, type(error).__name__, said)

    def _segment(self) -> None:
        job, options = self.job, self.job.about.options
        job.clear_result()
        segmenter = self._segmenters(options)
        with contextlib.ExitStack() as stack:
            scene = stack.enter_context(job.open_scene())
            words = description(scene, segmenter, options)
            folder = stack.enter_context(WorkFolder.claim(job.strips, "job", words))
            work = work_of(scene, segmenter, options, folder)
            self._begin(work)
            try:
                work.run(lambda done: self._watch(work, done), self._stop)
            except WatersegError:
                if not self._leaving:
                    save_polygons(polygons_of(work, options), _made(job, POLYGONS))
                raise
            self._finish(work)

    def _begin(self, work: Work) -> None:
        job = self.job
        job.preview.cut(work.folder.finished)
        with job.lock:
            job.state.notes = list(work.scene.notes)
            job.state.total = len(work.grid)
            if not job.state.is_over:
                job.state.state = RUNNING
        self._watch(work, Progress(work.tiles_done, len(work.grid), work.water_pixels))
        job.save()

    def _watch(self, work: Work, done: Progress) -> None:
        """Tell about a batch, and show the strips that are finished."""
        job = self.job
        new = range(job.preview.strips, work.folder.finished)
        for strip in new:
            parts = Parts.load(work.folder.blob(strip, PARTS))
            georef = work.scene.georef
            least = job.about.options.smallest_water(georef.crs is not None)
            job.preview.add(parts, georef, tuple(work.segmenter.labels), least)
        with job.lock:
            state = job.state
            state.done, state.empty = done.tiles_done, work.tiles_done - work.tiles_seen
            state.water_pixels = done.water_pixels
            if self._clock is None:
                self._clock = (time.monotonic(), done.tiles_done)
            if new:
                job.save()

    def _finish(self, work: Work) -> None:
        job, options = self.job, self.job.about.options
        self._to(FINISHING)
        polygons = polygons_of(work, options)
        save_polygons(polygons, _made(job, POLYGONS))
        outputs.write(polygons, job.result(f"result.{USUAL}"), USUAL, layer=layer_name(job))
        labels, threshold = work.segmenter.labels, work.threshold
        grid = (work.scene.georef, work.scene.height, work.scene.width)
        if options.probability:
            path = job.result("probability.tif")
            outputs.write_probability(path, finished_rows(work.folder), *grid, labels=labels)
        if options.mask:
            rows, path = finished_rows(work.folder), job.result("mask.tif")
            outputs.write_mask(path, rows, *grid, labels=labels, threshold=threshold)
        self._over(DONE)
        job.clear_pixels()

    def _to(self, state: str) -> None:
        with self.job.lock:
            if self._stop.is_set():
                raise Cancelled("Stopped.")
            self.job.state.state = state
            self.job.save()

    def _over(self, state: str, error: str = "", message: str = "") -> None:
        """The last word.

        What is done is done, also if somebody cancelled in the last moment; a job that was
        cancelled stays so, whatever went wrong after that.
        """
        job = self.job
        if not job.result(POLYGONS).is_file():
            with contextlib.suppress(WatersegError):
                nothing = WaterPolygons.none(job.about.georef.crs)
                save_polygons(nothing, _made(job, POLYGONS))
        with job.lock:
            if state == DONE or not (self._replaced or job.state.state == CANCELLED):
                job.state.state, job.state.error, job.state.message = state, error, message
            with contextlib.suppress(WatersegError):  # a full disk: memory still knows
                job.save()


def layer_name(job: JobFolder) -> str:
    """What the polygons' layer is called in a file."""
    return " ".join(job.about.name.split())[:60] or "water"


def _made(job: JobFolder, name: str) -> Path:
    path = job.result(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
