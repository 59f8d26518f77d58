# SPDX-License-Identifier: GPL-3.0-or-later
"""Inputs: rasters and the files that say what is drawn on them, opened and matched."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from waterseg_core.dataset.build import Input
from waterseg_core.dataset.drawn import Drawn, DrawnPolygons, labelled, labels_of
from waterseg_core.dataset.drawn_mask import DrawnMask
from waterseg_core.dataset.duplicates import fingerprint, groups_of
from waterseg_core.dataset.vectors import (
    ElsewhereError,
    Polygons,
    is_vector,
    read_polygons,
    to_pixels,
)
from waterseg_core.errors import DatasetError, OptionError
from waterseg_core.geo import Georef
from waterseg_core.options_dataset import BuildOptions
from waterseg_core.raster import Scene
from waterseg_core.raster_area import Area, area_of_interest
from waterseg_core.raster_burn import Burner
from waterseg_core.raster_source import Source

__all__ = ["open_inputs"]


@dataclasses.dataclass(eq=False)
class _Opened:
    """A scene, its own grid before any resolution, its file of masks, and what was read of it."""

    scene: Scene
    native: tuple[Georef, int, int]
    masks: str
    polygons: Polygons | None = None
    area: Area | None = None


@contextlib.contextmanager
def open_inputs(scenes: Sequence[str], options: BuildOptions) -> Iterator[list[Input]]:
    """The inputs of a set, open while the context lasts.

    Everything is checked here that can be: files, CRS, overlap, labels, sizes. Raises
    RasterError, DatasetError, AreaError and OptionError.
    """
    if options.masks is None:
        raise OptionError("--masks FILE is missing: it says what is drawn on the scenes.")
    with contextlib.ExitStack() as stack:
        opened = [_open(path, options, len(scenes), stack) for path in scenes]
        several = len(opened) > 1
        left = [each for each in opened if not _read(each, options, several)]
        opened = [each for each in opened if each not in left]
        if not opened:
            raise DatasetError(f"Nothing in {options.masks} lies in any of the scenes.")
        notes = tuple(f"{each.scene.name} left out: nothing is drawn on it." for each in left)
        drawings = [each.polygons for each in opened if each.polygons is not None]
        labels = labels_of(drawings, options.labels, options.label_field is not None)
        groups = _groups(opened)
        yield [
            Input(each.scene, _drawn(each, labels, options, stack), alike=group, notes=notes)
            for each, group in zip(opened, groups, strict=True)
        ]


def _open(path: str, options: BuildOptions, count: int, stack: contextlib.ExitStack) -> _Opened:
    masks = _masks_of(path, str(options.masks), count)
    source = Source(path)
    native = source.georef, source.height, source.width
    scene = Scene.of(
        source,
        bands=options.bands,
        stretch=options.stretch,
        nodata=options.nodata,
        resolution=options.resolution,
    )
    return _Opened(stack.enter_context(scene), native, masks)


def _masks_of(scene: str, masks: str, count: int) -> str:
    """The file of masks that belongs to a scene: the one there is, or that of its name."""
    if not os.path.isdir(masks) or masks.endswith((".gdb", ".gdb/")):
        return masks
    stem = Path(scene).stem
    found = sorted(
        path
        for path in Path(masks).iterdir()
        if path.stem == stem and path.suffix not in (".xml", ".shx", ".dbf", ".prj", ".cpg")
    )
    if len(found) != 1:
        which = ", ".join(path.name for path in found) or "none"
        raise DatasetError(
            f"{masks} should hold one file of masks called {stem} for {Path(scene).name}; there is "
            f"{which}."
        )
    return str(found[0])


def _read(opened: _Opened, options: BuildOptions, several: bool) -> bool:
    """Read the polygons and the area of a scene; False where nothing is drawn on it."""
    georef, height, width = opened.native
    if options.aoi is not None:
        opened.area = area_of_interest(None, None, options.aoi, georef, (height, width))
        if opened.area is not None and not several:
            opened.area.window(georef, height, width, 0)  # raises if it lies elsewhere
    if not is_vector(opened.masks):
        if options.label_field is not None:
            raise DatasetError(
                f"{opened.masks} is a raster and has no fields; leave out --label-field."
            )
        return True
    try:
        opened.polygons = read_polygons(opened.masks, options.label_field, georef, (height, width))
    except ElsewhereError:
        if not several:
            raise
        if opened.area is None:  # nobody looked at this scene, so nobody knows that it is dry
            return False
        opened.polygons = Polygons.of([], [], opened.masks)
    return True


def _drawn(
    opened: _Opened, labels: Sequence[str], options: BuildOptions, stack: contextlib.ExitStack
) -> Drawn:
    scene = opened.scene
    if opened.polygons is not None:
        polygons = labelled(opened.polygons, labels, options.labels[0])
        grid = scene.georef, scene.height, scene.width
        return DrawnPolygons(polygons, labels, *grid, opened.area)
    area = None
    if opened.area is not None:
        inside = to_pixels(np.array([opened.area.geometry], dtype=object), scene.georef)
        area = Burner(inside, [1], scene.height, scene.width)
    mask = DrawnMask(opened.masks, labels, opened.native, (scene.height, scene.width), area)
    stack.callback(mask.close)
    return mask


def _groups(opened: Sequence[_Opened]) -> list[str]:
    """For pictures without a place, the group of those that look alike; empty for all others."""
    pictures = [each.scene for each in opened if each.scene.georef.crs is None]
    if len(pictures) < 2:
        return [""] * len(opened)
    prints = np.array([fingerprint(scene.overview.rgb) for scene in pictures])
    names = [scene.name for scene in pictures]
    by_name = dict(zip(names, groups_of(prints, names), strict=True))
    return [by_name.get(each.scene.name, "") for each in opened]
