# SPDX-License-Identifier: GPL-3.0-or-later
"""SegmentRun: water polygons of a raster whose pixels arrive while the model works.

The same steps as `pipeline.segment_scene`, but finished strips are shown, and stay until somebody
forgets the job.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from waterseg_core import outputs
from waterseg_core.errors import JobStateError, WatersegError
from waterseg_core.grid import TileGrid
from waterseg_core.jobs_description import Description
from waterseg_core.jobs_folder import JobFolder
from waterseg_core.jobs_models import Models
from waterseg_core.jobs_result import load_polygons, save_polygons
from waterseg_core.jobs_run import Run
from waterseg_core.jobs_state import DONE, FINISHING, RUNNING
from waterseg_core.parts import Parts
from waterseg_core.pipeline import Progress, description, polygons_of, work_of
from waterseg_core.polygons import WaterPolygons
from waterseg_core.strips import PARTS, Work, finished_rows
from waterseg_core.workfolder import WorkFolder

__all__ = ["SegmentRun"]

#: The file of the result that the others are made of.
POLYGONS = "polygons.npz"
#: The format that is written before anybody asks: it is what the plugin takes.
USUAL = "gpkg"
#: The rasters that a result may have, and the options that ask for them.
RASTERS = ("mask", "probability")


class SegmentRun(Run):
    """One attempt at the polygons of a raster."""

    @classmethod
    def check(cls, job: JobFolder, models: Models) -> int:
        """The model must be on offer; a step is one of its tiles."""
        options = job.about.options
        models.check(options)
        tile = models.tile_px(options)
        if tile is None:
            return 0
        return len(TileGrid(*job.shape, tile, round(options.overlap * tile)))

    @classmethod
    def bytes_needed(cls, job: JobFolder) -> int:
        """All pixels; strips are small beside them."""
        return sum(window.area for window in job.sending.windows) * job.about.pixel_bytes

    @classmethod
    def files(cls, about: Description) -> dict[str, str]:
        """Polygons in every format, and the rasters that the options ask for."""
        rasters = {kind: f"{kind}.tif" for kind in RASTERS if getattr(about.options, kind)}
        vectors = {format: f"result.{format}" for format in (USUAL, *outputs.FORMATS)}
        return vectors | rasters

    @classmethod
    def write(cls, job: JobFolder, format: str, path: Path) -> None:
        """Polygons are there of a job that was stopped too, as far as it came."""
        if format in RASTERS or not job.result(POLYGONS).is_file():
            raise JobStateError("The job stopped before there was such a file; resume it.")
        outputs.write(load_polygons(job.result(POLYGONS)), path, format, layer=_layer_name(job))

    def _leave_something(self) -> None:
        if not self.job.result(POLYGONS).is_file():
            nothing = WaterPolygons.none(self.job.about.georef.crs)
            save_polygons(nothing, _made(self.job, POLYGONS))

    def _go(self) -> None:
        job, options = self.job, self.job.about.options
        job.clear_result()
        segmenter = self._models.segmenter(options)
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
            self._count(done.tiles_done)
            job.state.empty = work.tiles_done - work.tiles_seen
            job.state.water_pixels = done.water_pixels
            if new:
                job.save()

    def _finish(self, work: Work) -> None:
        job, options = self.job, self.job.about.options
        self._to(FINISHING)
        polygons = polygons_of(work, options)
        save_polygons(polygons, _made(job, POLYGONS))
        outputs.write(polygons, job.result(f"result.{USUAL}"), USUAL, layer=_layer_name(job))
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


def _layer_name(job: JobFolder) -> str:
    """What the polygons' layer is called in a file."""
    return " ".join(job.about.name.split())[:60] or "water"


def _made(job: JobFolder, name: str) -> Path:
    path = job.result(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
