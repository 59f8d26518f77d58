# SPDX-License-Identifier: GPL-3.0-or-later
"""Places: where chips lie beside each other, and which block of land each belongs to.

Rasters with a CRS share one map, that of the first of them, so that two scenes of one place go
to the same split. A raster without a CRS has a map of its own; several of them are pictures,
each a group of its own, or one group with those that look like it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import shapely
from pyproj import CRS, Transformer

from waterseg_core.dataset.look import Site
from waterseg_core.dataset.split import Chips, Floats, Ints, neighbours
from waterseg_core.geo import Georef, Window
from waterseg_core.options_dataset import BuildOptions

__all__ = ["Fixed", "Layout", "OldChip", "crs_text", "footprint", "places_of"]

#: A set has about so many blocks, but a block's side is at least so many times a chip's.
BLOCKS, LEAST_TILES = 64, 2
#: Up to so many chips smaller blocks are tried too: a few large ones seldom meet the shares.
FEW = 64
#: Corners of footprints are drawn in by so many pixels, so that chips side by side do not touch.
HAIR = 0.01


@dataclass(frozen=True)
class Layout:
    """How blocks lie. map: the CRS, empty for pixels; x, y: a corner; block: side; pixel: size.

    buffer: pixels between chips of different splits, once that is decided.
    """

    map: str
    x: float
    y: float
    block: float
    pixel: float
    buffer: int | None = None


@dataclass(frozen=True)
class OldChip:
    """A chip that is in the set already: its split, group, and footprint (WKT in a CRS)."""

    source: str
    window: Window
    split: str
    group: str
    footprint: str
    crs: str
    water_share: float


@dataclass(frozen=True)
class Fixed:
    """What is in a set that is added to: its chips stay, and its blocks keep their splits."""

    layout: Layout | None
    chips: Sequence[OldChip]


class Placed(Protocol):
    """A chip of a plan: its window in the grid of a site, by number."""

    @property
    def window(self) -> Window: ...

    @property
    def site(self) -> int: ...

    @property
    def water_px(self) -> int: ...


def crs_text(crs: CRS | None) -> str:
    """A CRS as its code if that means exactly the same, else its WKT; empty for None."""
    if crs is None:
        return ""
    authority = crs.to_authority(min_confidence=100)
    if authority is not None and CRS.from_authority(*authority) == crs:
        return ":".join(authority)
    text: str = crs.to_wkt()
    return text


def footprint(georef: Georef, window: Window, hair: float = 0.0) -> Any:
    """The polygon of a window on the map, its corners drawn in by `hair` pixels."""
    top, left = window.row + hair, window.col + hair
    low, right = window.stop_row - hair, window.stop_col - hair
    corners = ((left, top), (right, top), (right, low), (left, low))
    return shapely.Polygon([georef.transform @ at for at in corners])


def layouts_of(sites: Sequence[Site], options: BuildOptions, count: int) -> list[Layout]:
    """Blocks for `count` chips of these sites, aligned with the chips of the first on the map.

    The usual one first; then, for few chips, others with smaller blocks.
    """
    first = next((site for site in sites if site.georef.crs is not None), sites[0])
    transform = first.georef.transform
    least = math.ceil(LEAST_TILES * options.tile / options.step)
    chips = max(least, round(math.sqrt(count / BLOCKS)))
    sides = [options.block or chips * options.step]
    while not options.block and count <= FEW and chips > 1:
        chips //= 2
        sides.append(chips * options.step)
    start = (min(options.tile, first.height, first.width) - options.step) / 2
    x, y = transform @ (start, start)
    pixel = math.sqrt(abs(transform.determinant))
    crs = crs_text(first.georef.crs)
    return [Layout(crs, x, y, side * pixel, pixel) for side in sides]


def places_of(
    sites: Sequence[Site],
    chips: Sequence[Placed],
    options: BuildOptions,
    layout: Layout,
    old: Sequence[OldChip] = (),
) -> Chips:
    """What is to be dealt: the wanted chips in their order, then those of the old set besides."""
    own = {(sites[chip.site].name, chip.window) for chip in chips}
    before = {(chip.source, chip.window) for chip in old}
    others = [chip for chip in old if (chip.source, chip.window) not in own]
    maps = [_map_of(site, number, sites) for number, site in enumerate(sites)]
    where = [_on_map(sites[chip.site], chip.window, layout) for chip in chips]
    keys = [maps[chip.site] for chip in chips] + [_old_map(chip) for chip in others]
    shapes = where + [_moved(shapely.from_wkt(chip.footprint), chip.crs, layout) for chip in others]
    groups = [
        sites[chip.site].alike or _block(shape, maps[chip.site], layout)
        for chip, shape in zip(chips, where, strict=True)
    ]
    kept = [(sites[chip.site].name, chip.window) in before for chip in chips]
    water = [chip.water_px / chip.window.area for chip in chips]
    return Chips(
        groups + [chip.group for chip in others],
        _centres(shapes, keys),
        np.array(water + [chip.water_share for chip in others]),
        np.array(kept + [True] * len(others), bool),
        _pairs(shapes, keys, options.buffer_px * layout.pixel),
    )


def _map_of(site: Site, number: int, sites: Sequence[Site]) -> str:
    """The name of the map that a site lies on; empty for the Earth."""
    return "" if site.georef.crs is not None else site.name or f"picture {number}"


def _old_map(chip: OldChip) -> str:
    return "" if chip.crs else chip.source


def _on_map(site: Site, window: Window, layout: Layout) -> Any:
    shape = footprint(site.georef, window, HAIR)
    return _moved(shape, crs_text(site.georef.crs), layout)


def _moved(shape: Any, crs: str, layout: Layout) -> Any:
    """A footprint on the layout's map."""
    if not crs or not layout.map or crs == layout.map:
        return shape
    project = Transformer.from_crs(crs, layout.map, always_xy=True).transform
    return shapely.transform(shape, lambda at: np.column_stack(project(at[:, 0], at[:, 1])))


def _block(shape: Any, on: str, layout: Layout) -> str:
    centre = shape.centroid
    row = math.floor((centre.y - layout.y) / layout.block)
    col = math.floor((centre.x - layout.x) / layout.block)
    return f"{on}:{row}_{col}" if on else f"{row}_{col}"


def _centres(shapes: Sequence[Any], keys: Sequence[str]) -> Floats:
    """Centres (n, 2) on the map; NaN if there are several maps."""
    centres: Floats = shapely.get_coordinates(shapely.centroid(shapes))
    return centres if len(set(keys)) == 1 else np.full_like(centres, np.nan)


def _pairs(shapes: Sequence[Any], keys: Sequence[str], distance: float) -> Ints:
    """Neighbours on the same map."""
    found = [np.zeros((0, 2), np.int64)]
    for key in sorted(set(keys)):
        members = np.array([number for number, own in enumerate(keys) if own == key])
        pairs = neighbours([shapes[number] for number in members], distance)
        found.append(members[pairs])
    return np.concatenate(found)
