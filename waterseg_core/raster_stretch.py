# SPDX-License-Identifier: GPL-3.0-or-later
"""Stretch: raw values to the bytes that the model sees, the same for the whole job.

A stretch per tile would give the same lake another colour in the next tile, so the limits come
once, from a thinned-out read of the whole raster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from waterseg_core.errors import OptionError

__all__ = ["Stretch", "choose_stretch"]

PERCENTILES = (2.0, 98.0)
# What a sensor measures is proportional to light, what a screen shows to a root of it. In
# proportion, the forests beside a bright town come out as black as the lakes and are taken for
# them; so `auto` stretches wider and lifts the dark as pictures made for a screen do. Chosen on a
# Landsat 8 scene and on validation images turned back into light (benchmarks/README.md).
AUTO_PERCENTILES, LIFT = (0.5, 99.5), 0.7
# A few clouds are many times as bright as all land. White is at most so many times as far from
# black as the 98th percentile is. Measured: the 99.5th is 1.04 to 1.23 times as far in nine of ten
# of those images, and 1.35 and 1.4 times in two Landsat scenes without clouds.
BRIGHTEST = 1.5
# Bytes made for a screen use its range. Measured: on 500 satellite images made for display the
# largest 98th percentile of the three bands is 156 to 168; on an 8-bit Landsat 7 scene as it was
# received it is 113. A dark picture with hardly any contrast (open water) is left alone: there a
# stretch would only show noise.
DARK, FLAT = 128.0, 16.0


@dataclass(frozen=True)
class Stretch:
    """Value `low` becomes 0 and `high` 255, per band.

    Values between them: their share of the range, 0..1, to the power of `lift`; 1 is in
    proportion, less makes the dark brighter. Empty `low` and `high`: values are bytes already.
    """

    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    lift: float = 1.0

    def apply(self, values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
        """uint8 of the same shape `(bands, h, w)`; NaN becomes 0."""
        if not self.low:
            return values if values.dtype == np.uint8 else _to_bytes(values.astype(np.float64))
        out = np.empty(values.shape, np.uint8)
        for band, low, high, into in zip(values, self.low, self.high, out, strict=True):
            if band.dtype.kind in "iu" and band.dtype.itemsize <= 2:
                into[:] = _table(band.dtype.str, low, high, self.lift)[
                    band.view(f"u{band.dtype.itemsize}")
                ]
            else:
                into[:] = _scaled(band.astype(np.float64), low, high, self.lift)
        return out

    def __str__(self) -> str:
        pairs = (f"{low:g} to {high:g}" for low, high in zip(self.low, self.high, strict=True))
        return ", ".join(pairs)


@lru_cache(maxsize=16)
def _table(dtype: str, low: float, high: float, lift: float) -> npt.NDArray[np.uint8]:
    """The byte for every value of a small integer type, indexed by its unsigned bits."""
    kind = np.dtype(dtype)
    unsigned = np.arange(1 << (8 * kind.itemsize), dtype=f"u{kind.itemsize}")
    values = unsigned.view(kind.newbyteorder("=")).astype(np.float64)
    return _scaled(values, low, high, lift)


def _scaled(
    values: npt.NDArray[np.float64], low: float, high: float, lift: float
) -> npt.NDArray[np.uint8]:
    share = np.clip((values - low) / (high - low), 0.0, 1.0)
    return _to_bytes(255.0 * (share if lift == 1.0 else share**lift))


def _to_bytes(values: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    shown = np.clip(np.nan_to_num(values), 0.0, 255.0)
    # The last bits of a mean depend on where its chunk of rows begins, so on how the file is
    # stored. A half must not become one byte or the next because of them.
    return np.rint(np.round(shown, 6)).astype(np.uint8)


def choose_stretch(
    wanted: str, sample: npt.NDArray[Any], dtype: np.dtype[Any]
) -> tuple[Stretch, str]:
    """(stretch, sentence or "") for valid values `sample` `(bands, n)` of a raster of `dtype`.

    wanted: auto (bytes that were made for a screen stay as they are; all else 0.5th to 99.5th
    percentile per band, the dark lifted), none, percentile (2nd to 98th per band, in proportion),
    minmax (of the sample), or "LO,HI". Raises OptionError.
    """
    if wanted == "auto":
        return _auto(sample, dtype)
    if wanted == "none":
        return _none(sample, dtype)
    if wanted == "percentile":
        stretch = _limits(sample, *_percentiles(sample, *PERCENTILES))
        return stretch, f"Values are stretched to brightness: {stretch} (2nd to 98th percentile)."
    if wanted == "minmax":
        stretch = _limits(sample, sample.min(axis=1), sample.max(axis=1))
        return stretch, f"Values are stretched to brightness: {stretch} (lowest to highest)."
    low_value, high_value = _numbers(wanted)
    return Stretch((low_value,) * len(sample), (high_value,) * len(sample)), ""


def _percentiles(sample: npt.NDArray[Any], *which: float) -> npt.NDArray[np.float64]:
    """These percentiles of each band, `(len(which), bands)`."""
    found: npt.NDArray[np.float64] = np.percentile(sample.astype(np.float64), which, axis=1)
    return found


def _auto(sample: npt.NDArray[Any], dtype: np.dtype[Any]) -> tuple[Stretch, str]:
    black, low, high, brightest = _percentiles(sample, *sorted(PERCENTILES + AUTO_PERCENTILES))
    if dtype == np.uint8 and (high.max() >= DARK or (high - low).max() < FLAT):
        return Stretch(), ""
    white = np.minimum(brightest, black + BRIGHTEST * (high - black))
    stretch = replace(_limits(sample, black, white), lift=LIFT)
    if dtype == np.uint8:
        return stretch, f"The picture is dark and was made brighter: {stretch} (see --stretch)."
    how = "0.5th to 99.5th percentile, the dark lifted"
    return stretch, f"Values are stretched to brightness: {stretch} ({how})."


def _limits(sample: npt.NDArray[Any], low: Sequence[float], high: Sequence[float]) -> Stretch:
    """Limits that always differ: a band of one value becomes mid-grey, not black water."""
    pairs = []
    for band, lowest, highest in zip(sample, low, high, strict=True):
        if not lowest < highest:
            lowest, highest = float(band.min()), float(band.max())
        if not lowest < highest:
            lowest, highest = lowest - 1.0, highest + 1.0
        pairs.append((float(lowest), float(highest)))
    return Stretch(tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs))


def _none(sample: npt.NDArray[Any], dtype: np.dtype[Any]) -> tuple[Stretch, str]:
    if dtype == np.uint8:
        return Stretch(), ""
    lowest, highest = float(sample.min()), float(sample.max())
    if lowest < 0 or highest > 255 or highest <= 1:
        raise OptionError(
            f"--stretch none is for values 0 to 255; this raster has {lowest:g} to {highest:g}. "
            "Use auto, percentile, minmax or LO,HI."
        )
    return Stretch(), ""


def _numbers(wanted: str) -> tuple[float, float]:
    try:
        low, high = (float(part) for part in wanted.split(","))
    except ValueError:
        low = high = float("nan")
    if not (low < high and np.isfinite(high - low)):
        raise OptionError(
            f"--stretch {wanted}: must be auto, none, minmax, percentile, or two numbers LO,HI "
            "with LO below HI."
        )
    return low, high
