# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg segment`: rasters in, water polygons out."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from waterseg_core.cli.console import Bar, Console
from waterseg_core.cli.flags import grouped, option_flags, options_from_flags, talk_flags
from waterseg_core.cli.signals import stop_on_signals
from waterseg_core.errors import WatersegError
from waterseg_core.options import SegmentOptions

if TYPE_CHECKING:
    from waterseg_core.pipeline import Progress, Result
    from waterseg_core.raster import Scene
    from waterseg_core.segmenter import Segmenter
    from waterseg_core.targets import Target


@click.command("segment", cls=grouped(SegmentOptions))
@click.argument("scenes", nargs=-1, required=True, metavar="SCENE...")
@click.option("-o", "--output", required=True, metavar="PATH", help="File, or folder with a /.")
@option_flags(SegmentOptions)
@talk_flags()
def command(
    scenes: tuple[str, ...],
    output: str,
    quiet: bool,
    verbose: bool,
    as_json: bool,
    **flags: Any,
) -> int:
    """Find the water in each SCENE and write it as polygons.

    A SCENE is any raster that GDAL opens. One scene is written to a file whose ending says the
    format (.gpkg, .geojson, .fgb, .parquet), several into a folder.
    """
    options = options_from_flags(SegmentOptions, flags)
    run = Run(options, Console(quiet, verbose))
    run.plan(scenes, output)
    run.segment()
    if as_json:
        run.console.data(run.summary())
    return run.exit_code()


@dataclass
class Job:
    """One scene on the command line: what goes where, and what came of it."""

    scene: str
    target: Target
    result: Result | None = None
    error: WatersegError | None = None
    skipped: bool = False

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.result is None and self.error is None and not self.skipped

    def summary(self) -> dict[str, Any]:
        """What came of it, for JSON."""
        about: dict[str, Any] = {"scene": self.scene, "output": str(self.target.polygons)}
        if self.error is not None:
            return {**about, "error": type(self.error).__name__, "message": str(self.error)}
        if self.result is None:
            return {**about, "skipped": self.skipped}
        found = self.result
        area = found.area_m2
        return {
            **about,
            "files": [str(path) for path in found.files],
            "polygons": len(found.polygons),
            "area_m2": None if area != area else area,
            "tiles": found.tiles,
            "tiles_seen": found.tiles_seen,
            "tiles_resumed": found.tiles_resumed,
            "seconds": round(found.seconds, 3),
            "notes": list(found.notes),
        }


@dataclass
class Run:
    """All scenes of one command. One that fails does not stop the others."""

    options: SegmentOptions
    console: Console
    jobs: list[Job] = field(default_factory=list)
    opened: Scene | None = None

    def plan(self, scenes: tuple[str, ...], output: str) -> None:
        """Check everything that is cheap to check, for all scenes, before a model is loaded."""
        from waterseg_core.pipeline import open_scene
        from waterseg_core.targets import targets_of

        targets = targets_of(scenes, output, self.options)
        self.jobs = [Job(*pair) for pair in zip(scenes, targets, strict=True)]
        for job in self.jobs:
            with self._told(job):
                if self._is_there(job):
                    continue
                job.target.check(self.options.overwrite)
                scene = open_scene(job.scene, self.options)
                if len(self.jobs) == 1:
                    self.opened = scene  # looking at a large scene takes a while: once will do
                else:
                    scene.close()
                job.target.check_place(scene.georef.crs)

    def segment(self) -> None:
        """Load the model and work through the scenes that are left, until someone stops it."""
        left = [job for job in self.jobs if job.is_open]
        if not left:
            return
        segmenter = self._load()
        with stop_on_signals(self.console) as stop:
            for job in left:
                with self._told(job):
                    self._one(job, segmenter, stop)
                if stop.is_set():
                    return

    def summary(self) -> dict[str, Any]:
        """What came of everything, for JSON."""
        options = {"model": self.options.model, "prompt": self.options.prompt}
        return {**options, "scenes": [job.summary() for job in self.jobs]}

    def exit_code(self) -> int:
        """0, or the code of the first failure."""
        return next((job.error.exit_code for job in self.jobs if job.error is not None), 0)

    def _is_there(self, job: Job) -> bool:
        """Of several scenes, those with a result are done: the same command just goes on."""
        options = self.options
        if len(self.jobs) == 1 or options.overwrite or not options.resume:
            return False
        job.skipped = all(path.is_file() for path in job.target.files)
        if job.skipped:
            self.console.say(f"{job.target.polygons} is there already (see --overwrite).")
        return job.skipped

    def _load(self) -> Segmenter:
        from waterseg_core.segmenter import load_segmenter

        options = self.options
        self.console.detail(f"Loading the model {options.model}.")
        segmenter = load_segmenter(
            options.model,
            prompt=options.prompt,
            answer=options.answer,
            device=options.device,
            dtype=options.dtype,
            batch=options.batch,
            codec=options.codec,
            adapter=options.adapter,
            revision=options.revision,
        )
        self.console.detail(f"{segmenter.name} {segmenter.revision}, {segmenter.tile_size} px.")
        return segmenter

    def _one(self, job: Job, segmenter: Segmenter, stop: threading.Event) -> None:
        from waterseg_core.pipeline import open_scene, segment_scene

        with self.opened or open_scene(job.scene, self.options) as scene:
            for note in scene.notes:
                self.console.say(note)
            metre = scene.georef.pixel_size_m(scene.height, scene.width)
            with self.console.bar(scene.name) as bar:
                job.result = segment_scene(
                    scene,
                    segmenter,
                    self.options,
                    output=job.target.polygons,
                    progress=lambda done: _show(bar, done, metre),
                    cancel=stop,
                )
        self.console.say(_sentence(job.result))

    @contextlib.contextmanager
    def _told(self, job: Job) -> Iterator[None]:
        """Keep a failure with its scene and tell it at once."""
        try:
            yield
        except WatersegError as error:
            job.error = error
            self.console.warn(error)


def _show(bar: Bar, done: Progress, metre: float | None) -> None:
    """Progress on the bar, with the water in km² where pixels have a size."""
    pixels = done.water_pixels
    water = f"{pixels} px" if metre is None else f"{pixels * metre**2 / 1e6:.2f} km²"
    bar.update(done.tiles_done, done.tiles_total, f"{water} water")


def _sentence(result: Result) -> str:
    """What was found and where it is."""
    count, area = len(result.polygons), result.area_m2
    files = ", ".join(str(path) for path in result.files)
    if count == 0:
        return f"No water found; {files} is empty. ({result.seconds:.1f} s)"
    bodies = "1 water body" if count == 1 else f"{count} water bodies"
    size = f", {area / 1e6:.4g} km²" if area == area else ""
    return f"{bodies}{size} in {files} ({result.seconds:.1f} s)"
