# SPDX-License-Identifier: GPL-3.0-or-later
"""Work through a scene strip by strip: read, segment, blend, and keep what is finished.

Strips are the unit of everything: memory holds one, the work folder keeps each when it is done,
and batches of tiles never cross from one to the next, so that an interrupted job goes on with
the very same numbers. The next tiles are read while the model looks at the last ones.
"""

from __future__ import annotations

import io
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from waterseg_core.errors import Cancelled, ModelError
from waterseg_core.geo import Tile
from waterseg_core.grid import GridTile, Strip, TileGrid
from waterseg_core.mosaic import FinishedRows, Mosaic
from waterseg_core.parts import Parts, strip_parts
from waterseg_core.raster import Scene
from waterseg_core.segmenter import Segmenter
from waterseg_core.workfolder import WorkFolder, told

PARTS, ROWS = "parts", "rows"
#: Tiles that are read ahead of the model, beyond the batch it is working on.
READ_AHEAD = 8
#: The brightest value of a black pixel, after JPEG too.
BLACK = 16


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: tiles done of all tiles, and pixels of water in the finished strips."""

    tiles_done: int
    tiles_total: int
    water_pixels: int


@dataclass
class Work:
    """One scene on its way through the model.

    threshold: 0..1; batch: tiles the model is given at once; keep_rows: also keep each strip's
    probabilities, for a mask or probability raster. Counts: tiles_done, of which tiles_seen were
    shown to the model (the others have no valid pixel), and water_pixels in finished strips.
    """

    scene: Scene
    segmenter: Segmenter
    grid: TileGrid
    folder: WorkFolder
    threshold: float
    batch: int
    keep_rows: bool = False
    tiles_done: int = field(default=0, init=False)
    tiles_seen: int = field(default=0, init=False)
    water_pixels: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Count what an interrupted run has done."""
        if self.folder.finished:
            counts = self._carried()["counts"]
            self.tiles_done, self.tiles_seen, self.water_pixels = (int(n) for n in counts)

    def run(
        self,
        watch: Callable[[Progress], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> None:
        """Finish every strip that is not finished yet.

        `watch` is called after every batch; `cancel` is looked at before every tile, and
        Cancelled raised once it is set.
        """
        self._watch, self._cancel = watch, cancel
        started = self.folder.finished > 0
        mosaic = Mosaic.restore(self.grid, self._carried()) if started else self._new_mosaic()
        strips = self.grid.strips[self.folder.finished :]
        self._tell()
        with ThreadPoolExecutor(1, "waterseg-read") as reader:
            wanted = (tile for strip in strips for tile in strip.tiles)
            tiles = _read_ahead(self.scene, wanted, reader, self.batch + READ_AHEAD)
            try:
                for strip in strips:
                    self._segment(mosaic, islice(tiles, len(strip.tiles)))
                    self._keep(strip, mosaic.take(strip), mosaic)
                    self._tell()
            finally:
                tiles.close()

    def _new_mosaic(self) -> Mosaic:
        return Mosaic(self.grid, len(self.segmenter.labels))

    def _carried(self) -> dict[str, np.ndarray]:
        """What the last finished strip left: a mosaic's arrays, and `counts`."""
        with np.load(io.BytesIO(self.folder.carry()), allow_pickle=False) as kept:
            return dict(kept)

    def _segment(self, mosaic: Mosaic, tiles: Iterable[tuple[GridTile, Tile]]) -> None:
        """Show one strip's tiles to the model, batch by batch; those without data are left out."""
        batch: list[tuple[GridTile, Tile]] = []
        for place, tile in tiles:
            self._stop_if_asked()
            if not tile.valid.any():
                self.tiles_done += 1
                continue
            batch.append((place, tile))
            if len(batch) == self.batch:
                self._feed(mosaic, batch)
                batch = []
        self._feed(mosaic, batch)

    def _feed(self, mosaic: Mosaic, batch: list[tuple[GridTile, Tile]]) -> None:
        if not batch:
            return
        answers = self.segmenter.segment([without_blanks(tile) for _, tile in batch])
        if len(answers) != len(batch):
            name = self.segmenter.name
            raise ModelError(f"The model {name} answered {len(answers)} of {len(batch)} tiles.")
        for (place, tile), answer in zip(batch, answers, strict=True):
            mosaic.feed(place, answer.masks, tile.valid)
        self.tiles_done += len(batch)
        self.tiles_seen += len(batch)
        self._tell()

    def _keep(self, strip: Strip, rows: FinishedRows, mosaic: Mosaic) -> None:
        """Outline a finished strip and keep it, so that nobody has to compute it again."""
        parts = strip_parts(*rows, strip.row_start, self.grid.height, self.threshold)
        self.water_pixels += int(parts.bodies.pixels.sum())
        parts.save(self.folder.blob(strip.index, PARTS))
        blobs = [PARTS]
        if self.keep_rows:
            with told(self.folder.path):
                _save_rows(self.folder.blob(strip.index, ROWS), rows)
            blobs.append(ROWS)
        counts = np.array([self.tiles_done, self.tiles_seen, self.water_pixels])
        carry = io.BytesIO()
        np.savez(carry, allow_pickle=False, counts=counts, **mosaic.carry())
        self.folder.finish(strip.index, blobs, carry.getvalue())

    def _tell(self) -> None:
        if self._watch is not None:
            self._watch(Progress(self.tiles_done, len(self.grid), self.water_pixels))

    def _stop_if_asked(self) -> None:
        if self._cancel is not None and self._cancel.is_set():
            raise Cancelled("Stopped.")


def without_blanks(tile: Tile) -> npt.NDArray[np.uint8]:
    """The tile's rgb where black pixels without data take the colour of the nearest with data.

    A black collar looks like deep water, and a model says so of the land beside it: along the
    edge of a scene in the mountains 8 of 12 lakes were false, and none is with this.
    """
    blank = ~tile.valid & (tile.rgb <= BLACK).all(axis=2)
    if not blank.any() or blank.all():
        return tile.rgb
    row, col = ndimage.distance_transform_edt(blank, return_distances=False, return_indices=True)
    filled: npt.NDArray[np.uint8] = tile.rgb[row, col]
    return filled


def finished_parts(folder: WorkFolder) -> Iterator[Parts]:
    """The parts of every finished strip, from the top."""
    with told(folder.path):
        for index in range(folder.finished):
            yield Parts.load(folder.blob(index, PARTS))


def finished_rows(folder: WorkFolder) -> Iterator[FinishedRows]:
    """The blended rows of every finished strip, from the top, if they were kept."""
    with told(folder.path):
        for index in range(folder.finished):
            with np.load(folder.blob(index, ROWS)) as kept:
                yield FinishedRows(kept["probability"], kept["valid"])


def _save_rows(path: Path, rows: FinishedRows) -> None:
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **rows._asdict())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _read_ahead(
    scene: Scene, places: Iterable[GridTile], reader: ThreadPoolExecutor, ahead: int
) -> Generator[tuple[GridTile, Tile], None, None]:
    """Each place with its pixels, in order, read in one thread at most `ahead` tiles early."""
    waiting: deque[tuple[GridTile, Future[Tile]]] = deque()
    places = iter(places)
    try:
        while True:
            for place in islice(places, ahead - len(waiting)):
                waiting.append((place, reader.submit(scene.read, place.window)))
            if not waiting:
                return
            place, tile = waiting.popleft()
            yield place, tile.result()
    finally:
        for _, tile in waiting:
            tile.cancel()
