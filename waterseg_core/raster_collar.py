# SPDX-License-Identifier: GPL-3.0-or-later
"""Collar: the black frame around an image that the file does not declare as missing.

Two questions, two steps. *Is there a collar, and roughly where?* is asked of the whole raster,
thinned out: a region of pixels that are exactly zero in every band, that holds a corner of the
raster, is large or runs along a side, and ends abruptly. (Dark water that a display stretch cut
off at zero fades: beside it lie ones and twos.) *Which pixels?* is asked of every pixel once,
in strips: those zeros that are connected with the region found. So a black pixel in the middle
of a lake stays a pixel of the lake, and the answer for a pixel does not depend on the window in
which it is asked for. What is kept are runs of collar pixels per row: a few for each row.

In JPEG a collar is black but not zero: near its edge the compression leaves ripples. There,
pixels up to `RIPPLE` count as black, if most of the region is zero all the same and what lies
behind the ripples is bright.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from waterseg_core.geo import Window
from waterseg_core.raster_pixels import Pixels

__all__ = ["Collar", "corner_regions", "find_collar", "trace"]

Mask = npt.NDArray[np.bool_]

# A collar has at least this share of the raster's pixels, or this share of one of its sides.
LEAST_AREA, LEAST_SIDE = 0.005, 0.5
# Beside clipped dark water most neighbours are nearly as dark; beside a collar hardly any is.
MOST_FADING = 0.5
# Places that are looked at along each side of a large raster.
PROBES = 33
# Ripples of JPEG in a collar: how bright they get in bytes, and how far they reach.
RIPPLE, REACH_PX = 16, 3
# Share of a rippled collar that is as good as zero; dark water is all noise.
LEAST_FLAT, FLAT = 0.3, 2


@dataclass(frozen=True, eq=False)
class Collar:
    """Collar pixels of a window of the raster, as runs: row by row, from left to right.

    first: int64 `(height + 1,)`, where each row's runs begin; starts, stops: int64 columns,
    half-open. All counted from the window's corner.
    """

    window: Window
    first: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    stops: npt.NDArray[np.int64]

    @property
    def area(self) -> int:
        """Number of collar pixels."""
        return int((self.stops - self.starts).sum())

    def mask(self, window: Window) -> Mask:
        """True on the collar, bool `(h, w)`, for a window inside ours."""
        row, col = window.row - self.window.row, window.col - self.window.col
        begin, end = self.first[row], self.first[row + window.height]
        rows = np.repeat(
            np.arange(window.height), np.diff(self.first[row : row + window.height + 1])
        )
        # +1 where a run begins and -1 where it ends; the running sum is 1 inside.
        steps = np.zeros((window.height, window.width + 1), np.int32)
        for sign, cols in ((1, self.starts), (-1, self.stops)):
            np.add.at(steps, (rows, np.clip(cols[begin:end] - col, 0, window.width)), sign)
        return np.cumsum(steps, axis=1)[:, :-1] > 0


def blackest(pixels: Pixels) -> int | None:
    """The highest value that black can have in a raster; None if that cannot be told."""
    if not pixels.source.lossy:
        return 0
    return RIPPLE if pixels.dtype == np.uint8 else None


def is_black(values: npt.NDArray[Any], limit: int) -> Mask:
    """Pixels of `(bands, ...)` that are black: bool `(...)`."""
    return np.asarray(((values <= limit) & (values >= 0)).all(axis=0))


def corner_regions(values: npt.NDArray[np.generic], valid: Mask, limit: int = 0) -> Mask | None:
    """Where the collar lies in the thinned-out raster, bool `(h, w)`; None where there is none.

    values: `(bands, h, w)`; valid: what the file itself declares; limit: of `blackest`. Zeros
    that only a declared missing pixel separates from the corner count as connected with it.
    """
    zero = valid & is_black(values, limit)
    regions, _ = ndimage.label(zero | ~valid)
    corners = np.unique(regions[[0, 0, -1, -1], [0, -1, 0, -1]])
    fading = _fading(values, valid & ~zero, limit)
    flat = is_black(values, FLAT)
    found = np.zeros(zero.shape, bool)
    for region in corners[corners > 0]:
        zeros = zero & (regions == region)
        rippled = limit > 0
        if rippled and flat[zeros].mean() < LEAST_FLAT:
            continue
        if _large(zeros) and _abrupt(zeros, valid & ~zero, fading, REACH_PX if rippled else 1):
            found |= zeros
    return found if found.any() else None


def _large(zeros: Mask) -> bool:
    sides = (zeros[0], zeros[-1], zeros[:, 0], zeros[:, -1])
    return bool(zeros.mean() >= LEAST_AREA or max(side.mean() for side in sides) >= LEAST_SIDE)


def _abrupt(zeros: Mask, data: Mask, fading: Mask, reach: int) -> bool:
    beside = ndimage.binary_dilation(zeros, iterations=reach) & data
    return bool(fading[beside].mean() <= MOST_FADING) if beside.any() else True


def _fading(values: npt.NDArray[np.generic], data: Mask, limit: int) -> Mask:
    """Pixels that are nearly black: at most a fiftieth of what is bright in this raster more."""
    brightest = np.abs(values).max(axis=0)
    if not data.any():
        return np.zeros(data.shape, bool)
    return np.asarray(data & (brightest <= 1.5 * limit + np.percentile(brightest[data], 98) / 50))


def find_collar(
    pixels: Pixels, window: Window, sample: npt.NDArray[Any], valid: Mask
) -> Collar | None:
    """The collar inside `window` of an undeclared raster; None where there is none.

    sample, valid: the whole raster, thinned out, as `Pixels.read` gives them. Reads every pixel
    of `window` once if there is a collar, and next to nothing if there is none.
    """
    source, limit = pixels.source, blackest(pixels)
    if limit is None or any(marker == 0 for marker in pixels.nodata.values):
        return None
    near = corner_regions(sample, valid, limit)
    sides = (False,) * 4 if limit else _thin_sides(pixels, sample)
    if near is None and not any(sides):
        return None
    region = np.zeros(valid.shape, bool) if near is None else near
    seeds = _Seeds(Window(0, 0, source.height, source.width), window, region, sides)
    return trace(window, _zeros(pixels, window, limit), seeds)


def _zeros(pixels: Pixels, window: Window, limit: int) -> Iterator[tuple[int, Mask]]:
    for strip in pixels.source.strips(window):
        zeros = np.empty(strip.shape, bool)
        for piece in pixels.source.pieces(strip):
            values, valid = pixels.read(piece)
            black = is_black(values, limit) | ~valid
            zeros[piece.shifted(-strip.row, -strip.col).slices] = black
        yield strip.row - window.row, zeros


def _thin_sides(pixels: Pixels, sample: npt.NDArray[Any]) -> tuple[bool, ...]:
    """For top, bottom, left, right: is there a collar thinner than the sample's step?

    A side of zeros whose neighbourhood is not zero any more where the sample looks.
    """
    source = pixels.source
    height, width = sample.shape[1:]
    if (height, width) == (source.height, source.width) or source.remote:
        return (False,) * 4
    rows = np.linspace(0, source.height - 1, PROBES).astype(int)
    cols = np.linspace(0, source.width - 1, PROBES).astype(int)
    black = (sample == 0).all(axis=0)
    sides = (
        (black[0], [(0, col) for col in cols]),
        (black[-1], [(source.height - 1, col) for col in cols]),
        (black[:, 0], [(row, 0) for row in rows]),
        (black[:, -1], [(row, source.width - 1) for row in rows]),
    )
    return tuple(
        bool(inner.mean() < LEAST_SIDE / 2) and _mostly_black(pixels, places)
        for inner, places in sides
    )


def _mostly_black(pixels: Pixels, places: Sequence[tuple[int, int]]) -> bool:
    reads = (pixels.read(Window(int(row), int(col), 1, 1)) for row, col in places)
    return sum(bool(valid[0, 0] and not values.any()) for values, valid in reads) >= (
        LEAST_SIDE * len(places)
    )


@dataclass(frozen=True, eq=False)
class _Seeds:
    """Which zeros surely are collar: those in the thinned-out region or on a black side."""

    raster: Window
    window: Window
    region: Mask
    sides: tuple[bool, ...]

    def __call__(self, row: int, zeros: Mask) -> Mask:
        rows = self.window.row + row + np.arange(zeros.shape[0])
        cols = self.window.col + np.arange(zeros.shape[1])
        cell_rows = rows * self.region.shape[0] // self.raster.height
        cell_cols = cols * self.region.shape[1] // self.raster.width
        seeds = self.region[np.ix_(cell_rows, cell_cols)]
        # A sliver at the edge of the window may be narrower than the sample's step.
        wide = ndimage.binary_dilation(self.region)[np.ix_(cell_rows, cell_cols)]
        seeds[:, [0, -1]] |= wide[:, [0, -1]]
        edge_rows = np.isin(rows, (self.window.row, self.window.stop_row - 1))
        seeds[edge_rows] |= wide[edge_rows]
        top, bottom, left, right = self.sides
        seeds[(rows == 0) & top | (rows == self.raster.height - 1) & bottom] = True
        seeds[:, (cols == 0) & left | (cols == self.raster.width - 1) & right] = True
        return np.asarray(seeds & zeros)


def trace(
    window: Window, strips: Iterable[tuple[int, Mask]], seeds: Callable[[int, Mask], Mask]
) -> Collar:
    """The collar of `window` from its zeros, strip by strip.

    strips: (first row counted from the window's, zeros bool `(rows, width)`) from top to bottom
    without gaps. seeds: for the same two, the zeros that surely are collar. All zeros that are
    4-connected with a seed, through any strips, are collar.
    """
    tracer = _Tracer(window.width)
    for row, zeros in strips:
        tracer.feed(row, zeros, seeds(row, zeros))
    return tracer.finish(window)


class _Tracer:
    """Connected regions across strips: labelled within a strip, joined where strips meet.

    A region's number is its label plus `count`, the number of regions in all strips above.
    """

    def __init__(self, width: int) -> None:
        self.parent: dict[int, int] = {}
        self.seeded: set[int] = set()
        self.runs = [np.empty((0, 4), np.int64)]  # each (runs, 4): row, start, stop, region
        self.above = np.zeros(width, np.int64)
        self.count = 0

    def feed(self, row: int, zeros: Mask, seeds: Mask) -> None:
        """Take the next strip."""
        labels, found = ndimage.label(zeros)
        sure = np.unique(labels[seeds & zeros])
        self.seeded.update((sure + self.count).tolist())
        meet = (self.above > 0) & (labels[0] > 0)
        pairs = np.unique(np.stack([self.above[meet], labels[0][meet] + self.count]), axis=1)
        for upper, lower in pairs.T.tolist():
            self.parent[self._root(lower)] = self._root(upper)
        # A region that neither holds a seed nor reaches another strip is no collar.
        kept = np.zeros(found + 1, bool)
        kept[np.concatenate([labels[0], labels[-1], sure])] = True
        kept[0] = False
        self._keep(row, labels, kept)
        self.above = np.where(labels[-1] > 0, labels[-1].astype(np.int64) + self.count, 0)
        self.count += found

    def _keep(self, row: int, labels: npt.NDArray[Any], kept: Mask) -> None:
        inside = np.pad(kept[labels], ((0, 0), (1, 1))).astype(np.int8)
        steps = np.diff(inside, axis=1)
        rows, starts = np.nonzero(steps == 1)
        stops = np.nonzero(steps == -1)[1]
        regions = labels[rows, starts] + self.count
        self.runs.append(np.stack([rows + row, starts, stops, regions], axis=1).astype(np.int64))

    def _root(self, region: int) -> int:
        while (up := self.parent.get(region, region)) != region:
            self.parent[region] = region = self.parent.get(up, up)
        return region

    def finish(self, window: Window) -> Collar:
        """The runs of every region that is connected with a seed."""
        runs = np.concatenate(self.runs)
        roots = {self._root(region) for region in self.seeded}
        regions, which = np.unique(runs[:, 3], return_inverse=True)
        sure = np.array([self._root(region) in roots for region in regions.tolist()], bool)
        runs = runs[sure[which]] if len(runs) else runs
        first = np.searchsorted(runs[:, 0], np.arange(window.height + 1))
        return Collar(window, first, runs[:, 1], runs[:, 2])
