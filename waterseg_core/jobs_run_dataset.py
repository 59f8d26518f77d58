# SPDX-License-Identifier: GPL-3.0-or-later
"""DatasetRun: a training set of a raster whose pixels arrive while its chips are made.

The same steps as `waterseg dataset build`: the plan is made as soon as the raster as a whole is
known, then only the pixels under its chips are asked for. The set becomes a zip at the end.
"""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from waterseg_core.dataset.build import BuildProgress, Input, build_set, site_of
from waterseg_core.dataset.folder import ABOUT, DatasetFolder
from waterseg_core.dataset.plan import Plan, plan_sites
from waterseg_core.dataset.preview import write_preview
from waterseg_core.errors import Cancelled, JobStateError, OutputError
from waterseg_core.geo import Window
from waterseg_core.jobs_description import Description
from waterseg_core.jobs_description_dataset import DatasetDescription
from waterseg_core.jobs_folder import JobFolder
from waterseg_core.jobs_models import Models
from waterseg_core.jobs_pack import pack
from waterseg_core.jobs_run import Run
from waterseg_core.jobs_state import DONE, FINISHING, RUNNING
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.options_dataset_show import PreviewOptions
from waterseg_core.raster import Scene

__all__ = ["DatasetRun"]

ZIP, PREVIEW = "zip", "preview.html"
#: Bytes of a chip's pixel on disk, about: image and mask, in the set and in its zip.
CHIP_BYTES = 6


class DatasetRun(Run):
    """One attempt at a training set. Chips that an earlier one made are not made again."""

    @classmethod
    def check(cls, job: JobFolder, models: Models) -> int:
        """A step is a chip of the plan, which is made when the raster as a whole is known."""
        return 0

    @classmethod
    def bytes_needed(cls, job: JobFolder) -> int:
        """Nobody knows yet; the run looks again when there is a plan."""
        return 0

    @classmethod
    def files(cls, about: Description) -> dict[str, str]:
        """The packed set."""
        return {ZIP: f"{_slug(about.name)}.zip"}

    @classmethod
    def write(cls, job: JobFolder, format: str, path: Path) -> None:
        """A set is complete or absent."""
        raise JobStateError("The job stopped before the training set was whole; resume it.")

    def _go(self) -> None:
        job = self.job
        target = job.set / _slug(job.about.name)
        if not (target / ABOUT).is_file():  # else an earlier run ended while it was packed
            self._build(target)
        self._to(FINISHING)
        job.spool.close()
        job.clear_pixels()
        self._show(target)
        path = job.result(self.files(job.about)[ZIP])
        path.parent.mkdir(exist_ok=True)
        pack(target, path, last=ABOUT, stop=self._stop)
        self._over(DONE)
        shutil.rmtree(job.set, ignore_errors=True)

    def _build(self, target: Path) -> None:
        job, about = self.job, self.job.about
        assert isinstance(about, DatasetDescription)
        with job.open_scene() as scene:
            drawn = about.drawing.on((scene.georef, scene.height, scene.width))
            given = Input(scene, drawn, about.drawing.decided)
            plan = plan_sites([site_of(given)], about.options, tick=self._tick)
            self._begin(scene, plan, (*drawn.notes, *plan.notes))
            target.parent.mkdir(exist_ok=True)
            built = build_set(
                [given],
                target,
                about.options,
                plan=plan,
                progress=self._watch,
                cancel=self._stop,
            )
        with job.lock:
            job.state.notes = list(built.notes)

    def _show(self, target: Path) -> None:
        """A page for people in the set's folder; the set is whole without it."""
        try:
            codec = MaskCodec.load(self.job.about.options.codec)
            how = PreviewOptions(overwrite=True)
            write_preview(DatasetFolder(target), codec, target / PREVIEW, how, cancel=self._stop)
        except Cancelled:
            raise
        except Exception as error:
            with self.job.lock:
                self.job.state.notes.append(f"{PREVIEW} could not be made: {error}")

    def _begin(self, scene: Scene, plan: Plan, notes: tuple[str, ...]) -> None:
        job, windows = self.job, [chip.window for chip in plan.taken]
        _check_disk(job.path, sum(window.area for window in windows))
        job.spool.settle(_on_raster(windows, job.about, scene))
        with job.lock:
            job.state.notes = list(dict.fromkeys((*scene.notes, *notes)))
            job.state.total = len(windows)
            if not job.state.is_over:
                job.state.state = RUNNING
            self._count(0)
            job.save()

    def _tick(self, done: int, total: int) -> None:
        """While the plan is made."""
        if self._stop.is_set():
            raise Cancelled("Stopped.")

    def _watch(self, now: BuildProgress) -> None:
        with self.job.lock:
            self._count(now.done)


def _on_raster(windows: list[Window], about: Description, scene: Scene) -> Iterator[Window]:
    """What is read of the raster for windows of the scene, which may be coarser."""
    down, across = about.height / scene.height, about.width / scene.width
    for window in windows:
        row, col = int(window.row * down), int(window.col * across)
        stop_row, stop_col = math.ceil(window.stop_row * down), math.ceil(window.stop_col * across)
        yield Window(row, col, stop_row - row, stop_col - col)


def _check_disk(folder: Path, pixels: int) -> None:
    """Raise OutputError if there is no room for the chips, before any is made."""
    needed = pixels * CHIP_BYTES
    if shutil.disk_usage(folder).free < needed:
        raise OutputError(
            f"The server's disk has no room for the training set, about {needed / 1e6:.0f} MB. "
            "Free some space in its work folder, then resume the job."
        )


def _slug(name: str) -> str:
    """A name that every file system takes."""
    return re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII).strip("._")[:60] or "set"
