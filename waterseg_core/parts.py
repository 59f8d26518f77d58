# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts: what one strip of probability says about water, exact and small enough to keep.

A part is a 4-connected component of water pixels within the strip, with integers only: its
outline in pixels, its number of pixels and the sum of their probabilities. Two more things let
the strips be joined later without looking at a pixel again: which part lies at each column of
the first and last row, and where the strip has pixels without data.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from waterseg_core.errors import OutputError
from waterseg_core.mosaic import FULL
from waterseg_core.rings import Rings
from waterseg_core.trace import trace

__all__ = ["Bodies", "Parts", "strip_parts", "water_pixels"]

Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Bodies:
    """Bodies of water in pixels, n of them.

    rings: outlines, (x, y) = (column, row) of the raster. label: int64 `(n,)`, index of the
    model's label. pixels: int64, their number. probability_sum: int64, sum of their 0..65535.
    first: int64 `(n, 2)`, row and column of the first pixel in reading order. touches_edge: bool,
    True where a pixel lies at the raster's edge or beside a pixel without data.
    blank: int64 `(k, 2)`, row and column of one pixel of each 4-connected area without data.
    """

    rings: Rings
    label: Index
    pixels: Index
    probability_sum: Index
    first: Index
    touches_edge: Flags
    blank: Index

    COLUMNS: ClassVar = ("label", "pixels", "probability_sum", "first", "touches_edge")

    def __len__(self) -> int:
        return len(self.label)

    def take(self, which: npt.NDArray[Any]) -> Bodies:
        """Some bodies, by index or by a bool for each."""
        columns = {name: getattr(self, name)[which] for name in self.COLUMNS}
        return Bodies(rings=self.rings.take(which), blank=self.blank, **columns)

    @classmethod
    def joined(cls, several: Sequence[Bodies]) -> Bodies:
        """All bodies of several, in order."""
        columns = {
            name: np.concatenate([getattr(one, name) for one in several])
            for name in (*cls.COLUMNS, "blank")
        }
        return cls(rings=Rings.joined([one.rings for one in several]), **columns)


@dataclass(frozen=True, eq=False)
class Parts:
    """The bodies of water within rows `row_start` to `row_stop` of a raster `height` x `width`.

    top, bottom: int32 `(labels, width)`, the body at each pixel of the strip's first and last
    row, -1 where there is none. top_valid, bottom_valid: bool `(width,)`, True where the pixel has
    data. seam: bool `(n,)`, True for bodies that may go on in the strip above or below.
    """

    bodies: Bodies
    row_start: int
    row_stop: int
    height: int
    top: npt.NDArray[np.int32]
    bottom: npt.NDArray[np.int32]
    top_valid: Flags
    bottom_valid: Flags

    @property
    def width(self) -> int:
        """Columns of the raster."""
        return len(self.top_valid)

    @property
    def seam(self) -> Flags:
        """True for bodies with a pixel beside another strip."""
        seam = np.zeros(len(self.bodies), np.bool_)
        if self.row_start > 0:
            seam[self.top[self.top >= 0]] = True
        if self.row_stop < self.height:
            seam[self.bottom[self.bottom >= 0]] = True
        return seam

    def save(self, path: Path | str) -> None:
        """Write everything to one file, whole or not at all (temporary name, then rename).

        Raises OutputError if the folder is missing, not writable or full.
        """
        target = Path(path)
        temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
        try:
            with open(temporary, "wb") as sink:
                np.savez_compressed(sink, allow_pickle=False, **self._arrays())
                sink.flush()
                os.fsync(sink.fileno())
            os.replace(temporary, target)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise OutputError(
                f"The polygons of a strip cannot be kept in {target.parent} "
                f"({error.strerror or error}); free space there or choose another work folder."
            ) from error

    @classmethod
    def load(cls, path: Path | str) -> Parts:
        """What `save` wrote. Raises OSError, ValueError or KeyError for any other file."""
        with np.load(path, allow_pickle=False) as kept:
            arrays = dict(kept)
        row_start, row_stop, height = (int(value) for value in arrays["rows"])
        rings = Rings(arrays["xy"], arrays["ring_start"], arrays["polygon_start"])
        columns = {name: arrays[name] for name in _COLUMNS}
        borders = {name: arrays[name] for name in _BORDERS}
        return cls(Bodies(rings=rings, **columns), row_start, row_stop, height, **borders)

    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        rings = self.bodies.rings
        return {
            "rows": np.array([self.row_start, self.row_stop, self.height]),
            "xy": rings.xy,
            "ring_start": rings.ring_start,
            "polygon_start": rings.polygon_start,
            **{name: getattr(self.bodies, name) for name in _COLUMNS},
            **{name: getattr(self, name) for name in _BORDERS},
        }


_COLUMNS = (*Bodies.COLUMNS, "blank")
_BORDERS = ("top", "bottom", "top_valid", "bottom_valid")


def water_pixels(
    probability: npt.NDArray[np.uint16], valid: Flags, threshold: float | Sequence[float]
) -> Flags:
    """True where a label's probability is above its threshold and the pixel has data.

    probability: uint16 `(labels, rows, width)`; valid: bool `(rows, width)`; threshold: 0..1, one
    for all labels or one each. Strictly above: at 0.5 a pixel that two tiles dispute with 0 and 1
    stays dry, and at 0 a pixel needs some probability.
    """
    thresholds = np.broadcast_to(np.asarray(threshold, np.float64), (len(probability),))
    least = [floor(one * FULL) + 1 for one in thresholds]
    # A threshold of 1 asks for more than 65535, which uint16 cannot hold.
    water = np.stack([_at_least(p, low) for p, low in zip(probability, least, strict=True)])
    return water & valid


def _at_least(probability: npt.NDArray[np.uint16], low: int) -> Flags:
    return probability >= np.uint16(low) if low <= FULL else np.zeros(probability.shape, np.bool_)


def strip_parts(
    probability: npt.NDArray[np.uint16],
    valid: Flags,
    row_start: int,
    height: int,
    threshold: float | Sequence[float],
) -> Parts:
    """The parts of one finished strip.

    probability: uint16 `(labels, rows, width)`, 0..65535; valid: bool `(rows, width)`;
    row_start: the raster row of the strip's first row; height: rows of the whole raster;
    threshold: see `water_pixels`.
    """
    water = water_pixels(probability, valid, threshold)
    open_sides = _open_sides(valid, row_start, height)
    found = []
    rows = []
    count = 0
    for label, (mask, weight) in enumerate(zip(water, probability, strict=True)):
        framed = _components(mask)
        bodies = _bodies(framed, weight, label, row_start, open_sides)
        found.append(bodies)
        edges = framed[[1, -2], 1:-1]
        rows.append(np.where(edges > 0, edges + (count - 1), -1).astype(np.int32))
        count += len(bodies)
    blank = _first_pixels(_components(~valid), row_start)
    bodies = replace(Bodies.joined(found), blank=blank)
    top, bottom = np.stack(rows, axis=1)
    stop = row_start + len(valid)
    return Parts(bodies, row_start, stop, height, top, bottom, valid[0].copy(), valid[-1].copy())


def _components(mask: Flags) -> npt.NDArray[np.int32]:
    """4-connected components as 1..n within a frame of zeros, int32 `(h + 2, w + 2)`."""
    framed = np.zeros((mask.shape[0] + 2, mask.shape[1] + 2), np.int32)
    if mask.any():
        ndimage.label(np.pad(mask, 1), output=framed)
    return framed


def _bodies(
    framed: npt.NDArray[np.int32],
    probability: npt.NDArray[np.uint16],
    label: int,
    row_start: int,
    open_sides: Flags,
) -> Bodies:
    """The bodies of one label, whose outlines and pixels count from the raster's first row."""
    rings = trace(framed)
    inside = framed[1:-1, 1:-1]
    count = len(rings)
    where = np.flatnonzero(inside)
    owner = inside.ravel()[where]
    # Sums of integers below 2 ** 53 are exact in float64: 137 thousand million pixels.
    sums = np.bincount(owner, weights=probability.ravel()[where], minlength=count + 1)[1:]
    touches_edge = np.zeros(count + 1, np.bool_)
    touches_edge[inside[open_sides]] = True
    return Bodies(
        rings.moved(rings.xy + np.array([0, row_start], rings.xy.dtype)),
        label=np.full(count, label, np.int64),
        pixels=np.bincount(owner, minlength=count + 1)[1:].astype(np.int64),
        probability_sum=sums.astype(np.int64),
        first=_first_pixels(framed, row_start),
        touches_edge=touches_edge[1:],
        blank=np.zeros((0, 2), np.int64),
    )


def _first_pixels(framed: npt.NDArray[np.int32], row_start: int) -> Index:
    """Raster row and column of each component's first pixel in reading order, `(n, 2)`."""
    inside = framed[1:-1, 1:-1]
    where = np.flatnonzero(inside)
    owner = inside.ravel()[where]
    first = np.zeros(int(owner.max(initial=0)) + 1, np.int64)
    # Written from the last pixel to the first, so what stays is the first.
    first[owner[::-1]] = where[::-1]
    row, col = np.divmod(first[1:], inside.shape[1])
    return np.stack([row + row_start, col], axis=1)


def _open_sides(valid: Flags, row_start: int, height: int) -> Flags:
    """True for pixels beside the raster's edge or beside a pixel of this strip without data."""
    rows, width = valid.shape
    known = np.ones((rows + 2, width + 2), np.bool_)
    known[1:-1, 1:-1] = valid
    known[:, [0, -1]] = False
    known[0] &= row_start > 0
    known[-1] &= row_start + rows < height
    beside = known[:-2, 1:-1] & known[2:, 1:-1] & known[1:-1, :-2] & known[1:-1, 2:]
    return ~beside
