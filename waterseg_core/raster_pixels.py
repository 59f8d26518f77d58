# SPDX-License-Identifier: GPL-3.0-or-later
"""Pixels: values of the chosen bands, and which of them the file itself says are data.

A raster can say "no data here" in five ways: a value (for all bands or each its own), an alpha
band, a mask band, NaN, or not at all. The last is a matter for `collar`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from rasterio.enums import ColorInterp, MaskFlags

from waterseg_core.errors import OptionError
from waterseg_core.geo import Window
from waterseg_core.raster_bands import Bands, choose_bands
from waterseg_core.raster_source import Source

__all__ = ["Nodata", "Pixels"]

# Floats beyond this are markers such as -3.4e38, nobody's measurement.
ABSURD = 1e30
ALPHA_SAMPLE = 512


@dataclass(frozen=True)
class Nodata:
    """How the raster marks pixels without data.

    values: per chosen band, or None. alpha: number of the alpha band (from 1). mask: True if a
    mask band belongs to the raster. declared: the file or the user says something, so nothing
    has to be guessed.
    """

    values: tuple[float | None, ...]
    alpha: int | None
    mask: bool

    def missing(self, values: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """True where values `(bands, h, w)` are no measurement, bool `(h, w)`.

        A value that a measurement cannot have (-9999, NaN) voids the pixel from any band. 0 and
        the largest integer are also what darkness and glare look like in one band, so those
        count only where every band has its nodata value.
        """
        surely = np.zeros(values.shape[1:], bool)
        everywhere = np.ones(values.shape[1:], bool)
        for band, marker in zip(values, self.values, strict=True):
            if band.dtype.kind == "f":
                surely |= ~(np.abs(band) < ABSURD)
            hit = _equals(band, marker)
            everywhere &= hit
            if marker is not None and not _plausible(marker, band.dtype):
                surely |= hit
        return surely | everywhere


def _equals(band: npt.NDArray[Any], marker: float | None) -> npt.NDArray[np.bool_]:
    if marker is None or math.isnan(marker) or not _fits(marker, band.dtype):
        return np.zeros(band.shape, bool)
    # A float32 raster's tag is a double: -3.4028234663852886e+38, 0.1.
    return np.asarray(band == band.dtype.type(marker))


def _plausible(marker: float, dtype: np.dtype[Any]) -> bool:
    return marker == 0 or (dtype.kind in "iu" and marker == np.iinfo(dtype).max)


def _fits(marker: float, dtype: np.dtype[Any]) -> bool:
    if dtype.kind == "f":
        return True
    info = np.iinfo(dtype)
    return float(marker).is_integer() and info.min <= marker <= info.max


class Pixels:
    """The chosen bands of a source, as numbers and validity.

    bands: distinct bands that are read (one or three, counted from 1); grey: True if one band
    stands for all colours. A colour table is applied here, so its pixels are red, green, blue.
    Raises OptionError for bands and nodata values that make no sense.
    """

    def __init__(self, source: Source, bands: tuple[int, ...] | None, nodata: str) -> None:
        has, notes = _described(source)
        self.source = source
        self.bands, note = choose_bands(has, bands)
        self.notes = [*notes, note] if note else notes
        self.palette = self._colour_table(bands)
        self.nodata = _nodata(source, has, self.bands, nodata)

    def of(self, source: Source) -> Pixels:
        """The same choice on another source of the same raster: one of its overviews."""
        other = object.__new__(Pixels)
        other.__dict__ = {**self.__dict__, "source": source}
        return other

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the values that `read` gives."""
        kinds = [np.dtype(self.source.dataset.dtypes[band - 1]) for band in self.bands]
        return np.dtype(np.uint8) if self.palette is not None else np.result_type(*kinds)

    def read(
        self, window: Window, shape: tuple[int, int] | None = None
    ) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
        """(values `(1 or 3, h, w)`, valid bool `(h, w)`); `shape` thins out by nearest."""
        wanted = tuple(dict.fromkeys(self.bands))
        alpha = self.nodata.alpha
        raw = self.source.read(wanted if alpha is None else (*wanted, alpha), window, shape)
        values = raw[[wanted.index(band) for band in self.bands]]
        valid = ~self.nodata.missing(values)
        if alpha is not None:
            valid &= raw[-1] != 0
        if self.nodata.mask:
            valid &= self.source.read_mask(window, shape) != 0
        if self.palette is not None:
            colours = self.palette[values[0]]
            valid &= colours[..., 3] != 0
            values = np.moveaxis(colours[..., :3], -1, 0)
        return values, valid

    def _colour_table(self, wanted: tuple[int, ...] | None) -> npt.NDArray[np.uint8] | None:
        """uint8 `(values, 4)` red, green, blue, alpha; None without a colour table."""
        dataset = self.source.dataset
        band = self.bands[0]
        if len(self.bands) > 1 or dataset.colorinterp[band - 1] is not ColorInterp.palette:
            return None
        size = 1 << (8 * np.dtype(dataset.dtypes[band - 1]).itemsize)
        table = np.zeros((size, 4), np.uint8)
        for value, colour in dataset.colormap(band).items():
            table[value] = colour
        self.notes = [f"Band {band} is shown in the colours of its colour table."]
        return table


def _described(source: Source) -> tuple[Bands, list[str]]:
    """What the file says about its bands, and sentences about what is not believed."""
    dataset = source.dataset
    colours = [colour.name for colour in dataset.colorinterp]
    notes = []
    if source.warped and "alpha" not in colours:
        colours[-1] = "alpha"
    elif "alpha" in colours and not _is_alpha(source, colours.index("alpha") + 1):
        band = colours.index("alpha") + 1
        colours[band - 1] = "undefined"
        notes.append(f"Band {band} is called alpha but holds an image; it is not used as a mask.")
    waves = []
    for band in dataset.indexes:
        wave = dataset.tags(band, ns="IMAGERY").get("CENTRAL_WAVELENGTH_UM")
        waves.append(float(wave) if wave else None)
    names = tuple(name or "" for name in dataset.descriptions)
    return Bands(tuple(colours), names, tuple(waves), source.name), notes


def _is_alpha(source: Source, band: int) -> bool:
    """True if most of what is not transparent is fully opaque.

    GDAL and rasterio call the fourth band of four bytes alpha unless they are told otherwise;
    often it is near infrared, which is zero just on water.
    """
    whole = Window(0, 0, source.height, source.width)
    shape = (min(source.height, ALPHA_SAMPLE), min(source.width, ALPHA_SAMPLE))
    opaque = source.read([band], whole, shape)
    opaque = opaque[opaque != 0]
    return not opaque.size or bool((opaque == opaque.max()).mean() > 0.5)


def _nodata(source: Source, has: Bands, bands: tuple[int, ...], wanted: str) -> Nodata:
    """What marks missing pixels, by the file and by what the user says instead."""
    dataset = source.dataset
    flags = dataset.mask_flag_enums[0]
    file_says = Nodata(
        values=tuple(dataset.nodatavals[band - 1] for band in bands),
        alpha=has.alpha if has.alpha not in bands else None,
        mask=MaskFlags.per_dataset in flags and MaskFlags.alpha not in flags,
    )
    if wanted == "auto":
        return file_says
    if wanted == "none":
        # Outside a warped image there is nothing, whatever anyone says.
        return Nodata((None,) * len(bands), file_says.alpha if source.warped else None, False)
    try:
        marker = float(wanted)
    except ValueError:
        raise OptionError(f"--nodata {wanted}: must be auto, none, or a number.") from None
    kinds = {np.dtype(dataset.dtypes[band - 1]) for band in bands}
    if not math.isnan(marker) and not any(_fits(marker, kind) for kind in kinds):
        raise OptionError(
            f"--nodata {wanted}: {source.name} holds {', '.join(map(str, kinds))} values, none of "
            "which can be that."
        )
    return replace(file_says, values=(marker,) * len(bands))
