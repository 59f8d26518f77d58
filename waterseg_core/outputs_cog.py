# SPDX-License-Identifier: GPL-3.0-or-later
"""Mask and probability as cloud-optimised GeoTIFFs on exactly the input's grid.

The strips are written one after the other into a plain GeoTIFF of one-row blocks, whatever their
heights, and GDAL turns that file into the COG with its overviews: memory holds one strip and
GDAL's cache.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.shutil
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning
from rasterio.windows import Window

from waterseg_core.geo import Georef
from waterseg_core.mosaic import FULL, FinishedRows
from waterseg_core.outputs_atomic import replacing
from waterseg_core.parts import water_pixels
from waterseg_core.silence import without

__all__ = ["NODATA", "write_mask", "write_probability"]

Rows = npt.NDArray[np.uint8]

NODATA = 255
#: GDAL's block cache; rasterio passes the number on as bytes.
CACHE_BYTES = 64 * 2**20
#: Land, then one colour for each label in turn; blue first.
LAND = (238, 238, 232)
COLOURS = ((31, 120, 220), (23, 160, 140), (120, 80, 200), (200, 120, 30), (190, 50, 90))


def write_mask(
    path: Path | str,
    strips: Iterable[FinishedRows],
    georef: Georef,
    height: int,
    width: int,
    *,
    labels: Sequence[str] = ("water",),
    threshold: float | Sequence[float] = 0.5,
) -> None:
    """Write the water mask: uint8, 0 land, 1 the first label, 2 the second, ..., 255 no data.

    strips: from the top, together `height` rows of `width`. Where two labels overlap the more
    probable one is shown. The mask is of pixels: before small bodies are left out. Raises
    OutputError.
    """
    values = (_mask_rows(strip, threshold) for strip in strips)
    with _cog(path, georef, (1, height, width), "mode") as (sink, written):
        colours = {index + 1: COLOURS[index % len(COLOURS)] for index in range(len(labels))}
        sink.write_colormap(1, {0: LAND, **colours})
        sink.set_band_description(1, ", ".join(labels))
        sink.update_tags(**{f"CLASS_{k}": name for k, name in enumerate(["land", *labels])})
        _write_rows(sink, values, written)


def write_probability(
    path: Path | str,
    strips: Iterable[FinishedRows],
    georef: Georef,
    height: int,
    width: int,
    *,
    labels: Sequence[str] = ("water",),
) -> None:
    """Write the probability in percent: uint8 0..100, 255 no data, one band for each label.

    Percents are what one byte holds without pretending to more; the band's scale of 0.01 makes
    GIS programs show 0..1. strips: from the top, together `height` rows of `width`. Raises
    OutputError.
    """
    values = (_percent_rows(strip) for strip in strips)
    with _cog(path, georef, (len(labels), height, width), "average") as (sink, written):
        sink.scales = (0.01,) * len(labels)
        sink.descriptions = tuple(f"probability of {label}" for label in labels)
        _write_rows(sink, values, written)


def _mask_rows(strip: FinishedRows, threshold: float | Sequence[float]) -> Rows:
    water = water_pixels(strip.probability, strip.valid, threshold)
    shown = np.where(water, strip.probability, 0).argmax(axis=0) + 1
    values = np.where(water.any(axis=0), shown, 0)
    return np.where(strip.valid, values, NODATA).astype(np.uint8)[None]


def _percent_rows(strip: FinishedRows) -> Rows:
    # Rounded half up in integers: 100 p / 65535.
    percent = (strip.probability.astype(np.uint32) * 200 + FULL) // (2 * FULL)
    return np.where(strip.valid, percent, NODATA).astype(np.uint8)


@dataclass
class _Written:
    """What was handed to GDAL: heights of the strips, and a checksum over them in order."""

    heights: list[int] = field(default_factory=list)
    checksum: int = 0

    def add(self, rows: Rows) -> None:
        """Take note of a strip `(bands, h, w)`."""
        self.heights.append(rows.shape[1])
        self.checksum = zlib.crc32(np.ascontiguousarray(rows).data, self.checksum)

    def check(self, path: Path) -> None:
        """Read the file back: GDAL only logs a write that failed while it closed a file."""
        found, row = _Written(), 0
        with rasterio.open(path) as source:
            for height in self.heights:
                found.add(source.read(window=Window(0, row, source.width, height)))
                row += height
        if found != self:
            raise OSError("what was read back is not what was written")


def _write_rows(sink: Any, values: Iterator[Rows], written: _Written) -> None:
    for rows in values:
        sink.write(rows, window=Window(0, sum(written.heights), sink.width, rows.shape[1]))
        written.add(rows)
    if sum(written.heights) != sink.height:
        raise ValueError(
            f"The strips have {sum(written.heights)} rows, the raster has {sink.height}."
        )


@contextmanager
def _cog(
    path: Path | str, georef: Georef, shape: tuple[int, int, int], overviews: str
) -> Iterator[tuple[Any, _Written]]:
    """A GeoTIFF to write rows into, which becomes the COG at `path` at the end."""
    bands, height, width = shape
    written = _Written()
    with (
        replacing(Path(path)) as temporary,
        _quiet(georef),
        rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES),
    ):
        rows = temporary.with_name(f"{temporary.stem}.rows.tif")
        with rasterio.open(
            rows,
            "w",
            driver="GTiff",
            count=bands,
            height=height,
            width=width,
            dtype="uint8",
            nodata=NODATA,
            **_place(georef),
            blockysize=1,
            compress="lzw",
            interleave="band",
            bigtiff="if_safer",
        ) as sink:
            yield sink, written
        rasterio.shutil.copy(
            rows,
            temporary,
            driver="COG",
            compress="deflate",
            overview_resampling=overviews,
            overview_compress="deflate",
            bigtiff="if_safer",
        )
        written.check(temporary)


def _place(georef: Georef) -> dict[str, Any]:
    """The grid's CRS and transform as rasterio takes them.

    An image without georeference must get none, or QGIS would show its mask upside down above it.
    """
    if georef.crs is not None:
        crs = rasterio.crs.CRS.from_wkt(georef.crs.to_wkt())
        return {"crs": crs, "transform": georef.transform}
    return {} if georef.transform == Affine.identity() else {"transform": georef.transform}


def _quiet(georef: Georef) -> AbstractContextManager[None]:
    """An image without georeference gets a mask without: no news worth a warning."""
    return nullcontext() if _place(georef) else without(NotGeoreferencedWarning)
