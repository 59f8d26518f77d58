# SPDX-License-Identifier: GPL-3.0-or-later
"""segment_scene: from a raster to water polygons, the whole story on one screen.

    scene -> grid of tiles -> strips (read, segment, blend, outline, keep) -> merged bodies
          -> post-processing in metres -> polygons -> files

What a strip is and how it is kept: `strips` and `workfolder`. A job that is stopped goes on at
the strip where it stopped, and gives the very same result as one that was not.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from waterseg_core import outputs
from waterseg_core.errors import Cancelled
from waterseg_core.grid import TileGrid
from waterseg_core.options import SegmentOptions
from waterseg_core.places import work_folder
from waterseg_core.polygons import Provenance, Wanted, WaterPolygons, make_polygons, merge_parts
from waterseg_core.raster import Scene
from waterseg_core.segmenter import Segmenter
from waterseg_core.strips import Progress, Work, finished_parts, finished_rows
from waterseg_core.targets import Target
from waterseg_core.workfolder import WorkFolder

__all__ = [
    "Progress",
    "Result",
    "description",
    "open_scene",
    "polygons_of",
    "segment_scene",
    "work_of",
]

#: What finished strips look like on disk and how models are asked: another number, and older jobs
#: are not continued. 2: joined looks are lifted.
FORMAT = 2
#: Pixels around an area of interest that the model may look at, though they are not answered.
CONTEXT_PX = 128
#: A strip of a narrow raster has several rows of tiles, so that the model gets so many full
#: batches, but not more pixels than this, which bounds the memory.
BATCHES_PER_STRIP, STRIP_PX = 2, 1 << 24
#: Tiles that a segmenter without an opinion is given at once.
BATCH = 16


Progressed = Callable[[Progress], None]


@dataclass(frozen=True, eq=False)
class Result:
    """What was found in a scene, and how.

    polygons: the water. files: what was written. notes: sentences about the scene. tiles: all of
    them, of which tiles_seen were shown to the model (the others hold no data) and tiles_resumed
    came from an interrupted run. seconds: of this run.
    """

    polygons: WaterPolygons
    files: tuple[Path, ...]
    notes: tuple[str, ...]
    tiles: int
    tiles_seen: int
    tiles_resumed: int
    seconds: float

    @property
    def area_m2(self) -> float:
        """Water on the ellipsoid, m²; NaN for a scene without CRS (0 if there is none)."""
        return self.polygons.area_m2


def open_scene(path: str | os.PathLike[str], options: SegmentOptions) -> Scene:
    """The scene that `options` describe. Raises RasterError, AreaError and OptionError."""
    return Scene.open(
        path,
        bands=options.bands,
        stretch=options.stretch,
        nodata=options.nodata,
        bbox=options.bbox,
        bbox_crs=options.bbox_crs,
        aoi=options.aoi,
        resolution=options.resolution,
        context_px=CONTEXT_PX,
    )


def segment_scene(
    scene: Scene | str | os.PathLike[str],
    segmenter: Segmenter,
    options: SegmentOptions | None = None,
    *,
    output: str | os.PathLike[str] | None = None,
    progress: Progressed | None = None,
    cancel: threading.Event | None = None,
    work_dir: str | os.PathLike[str] | None = None,
    rows_per_strip: int | None = None,
) -> Result:
    """Find the water in a scene, and write it to `output` if one is named.

    Parameters
    ----------
    scene
        A path as GDAL knows them, or an open Scene (then its own bands, area, ... count).
    segmenter
        What looks at the tiles; from `load_segmenter`, or any object like `Segmenter`.
    options
        Everything else; the model's options are for `load_segmenter` and not used here.
    output
        A file; its ending says the format. A mask or probability raster goes beside it.
    progress
        Called with a `Progress` after every batch of tiles.
    cancel
        Set it from another thread to stop: the polygons so far are written beside `output`,
        Cancelled is raised, and the same call goes on later.
    work_dir
        Where unfinished jobs are kept, instead of the user's cache folder.
    rows_per_strip
        Rows of tiles that are finished together; None chooses.

    Raises
    ------
    RasterError, AreaError, OptionError, ModelError, OutputError, Cancelled
        Each with a sentence for the user. An output is never half-written.
    """
    started = time.monotonic()
    options = options or SegmentOptions()
    target = None if output is None else Target.of(output, options)
    with contextlib.ExitStack() as stack:
        if target is not None:
            target.check(options.overwrite)
        if not isinstance(scene, Scene):
            scene = stack.enter_context(open_scene(scene, options))
        if target is not None:
            target.check_place(scene.georef.crs)
        root = work_folder() if work_dir is None else Path(work_dir)
        job = description(scene, segmenter, options, rows_per_strip)
        folder = stack.enter_context(WorkFolder.claim(root, scene.name, job, options.resume))
        work = work_of(scene, segmenter, options, folder, rows_per_strip)
        resumed = work.tiles_done
        try:
            work.run(progress, cancel)
        except Cancelled:
            raise Cancelled(_stopped(work, options, target)) from None
        polygons = polygons_of(work, options)
        files = () if target is None else _write(work, polygons, target)
        folder.remove()
    seconds = time.monotonic() - started
    counts = (work.tiles_done, work.tiles_seen, resumed)
    return Result(polygons, files, tuple(scene.notes), *counts, seconds)


def description(
    scene: Scene,
    segmenter: Segmenter,
    options: SegmentOptions,
    rows_per_strip: int | None = None,
) -> dict[str, Any]:
    """Everything that finished strips depend on; another description is another job."""
    model = {
        about: str(getattr(segmenter, about, ""))
        for about in ("name", "revision", "labels", "prompt", "answer", "device", "dtype")
    }
    return {
        "format": FORMAT,
        "scene": scene.fingerprint(),
        "model": model,
        "tile": options.tile or segmenter.tile_size,
        "threshold": _threshold(segmenter, options),
        "options": options.job_key(),
        "rows_per_strip": rows_per_strip,
    }


def _threshold(segmenter: Segmenter, options: SegmentOptions) -> float:
    return segmenter.threshold if options.threshold is None else options.threshold


def work_of(
    scene: Scene,
    segmenter: Segmenter,
    options: SegmentOptions,
    folder: WorkFolder,
    rows_per_strip: int | None = None,
) -> Work:
    """The work that is left, with the batches and strips that the job began with.

    A batch that was found automatically may be another one tomorrow, so both are noted.
    """
    tile = options.tile or segmenter.tile_size
    overlap_px = round(options.overlap * tile)
    noted = folder.noted("batch and rows")
    if noted:
        batch, rows = (int(number) for number in noted.split())
    else:
        batch = options.batch or getattr(segmenter, "batch", None) or BATCH
        cols = TileGrid(scene.height, scene.width, tile, overlap_px).cols
        most = STRIP_PX // (scene.width * (tile - overlap_px))
        rows = rows_per_strip or max(1, min(BATCHES_PER_STRIP * batch // cols, most))
        folder.note("batch and rows", f"{batch} {rows}")
    grid = TileGrid(scene.height, scene.width, tile, overlap_px, rows)
    keep_rows = options.mask or options.probability
    threshold = _threshold(segmenter, options)
    return Work(scene, segmenter, grid, folder, threshold, batch, keep_rows)


def polygons_of(work: Work, options: SegmentOptions) -> WaterPolygons:
    """The water in the finished strips, merged across them and as it was wanted."""
    scene, segmenter = work.scene, work.segmenter
    if work.folder.finished == 0:
        return WaterPolygons.none(scene.georef.crs)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")  # https://reproducible-builds.org
    created = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    prompt = getattr(segmenter, "prompt", options.prompt)
    provenance = Provenance(
        source=scene.name,
        model=segmenter.name,
        revision=segmenter.revision,
        prompt=getattr(prompt, "text", prompt),
        threshold=work.threshold,
        created=created.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    wanted = Wanted(
        min_area=options.smallest_water(scene.georef.crs is not None),
        min_hole=options.min_hole,
        simplify=options.simplify,
        smooth=options.smooth,
    )
    bodies = merge_parts(finished_parts(work.folder))
    return make_polygons(
        bodies, scene.georef, labels=segmenter.labels, provenance=provenance, wanted=wanted
    )


def _write(work: Work, polygons: WaterPolygons, target: Target) -> tuple[Path, ...]:
    """Write every file of the target, the polygons last: where they are, all is done."""
    scene, labels = work.scene, work.segmenter.labels
    grid = (scene.georef, scene.height, scene.width)
    if target.probability is not None:
        rows = finished_rows(work.folder)
        outputs.write_probability(target.probability, rows, *grid, labels=labels)
    if target.mask is not None:
        rows = finished_rows(work.folder)
        threshold = work.threshold
        outputs.write_mask(target.mask, rows, *grid, labels=labels, threshold=threshold)
    outputs.write(polygons, target.polygons, target.format)
    partial = work.folder.noted("partial")
    if partial is not None:  # the polygons of the run that was stopped are in the result now
        Path(partial).unlink(missing_ok=True)
    return target.files


def _stopped(work: Work, options: SegmentOptions, target: Target | None) -> str:
    """Write the polygons so far, and say where they are and how to go on."""
    strips = f"{work.folder.finished} of {len(work.grid.strips)} strips"
    said = f"{work.scene.name}: stopped after {strips}"
    if target is not None and work.folder.finished:
        outputs.write(polygons_of(work, options), target.partial, target.format)
        work.folder.note("partial", str(target.partial.absolute()))
        said += f"; the polygons so far are in {target.partial}"
    return f"{said}. Run the same again to go on."
