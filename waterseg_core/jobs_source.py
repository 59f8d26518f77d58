# SPDX-License-Identifier: GPL-3.0-or-later
"""SpoolSource: pixels that are sent, read as if they were a file.

What the job says about its raster becomes a small VRT without pixels, which GDAL opens like any
file; so bands, nodata, CRS and place are decided by the very same code, and only the reading of
values is another.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt

from waterseg_core.geo import Window
from waterseg_core.jobs_description import Description
from waterseg_core.jobs_files import write_whole
from waterseg_core.jobs_pixels import Spool
from waterseg_core.jobs_windows import BLOCK
from waterseg_core.raster_source import Source

__all__ = ["SpoolSource", "write_frame"]

FRAME = "raster.vrt"
COLOURS = {1: ("Gray",), 3: ("Red", "Green", "Blue")}


class SpoolSource(Source):
    """The raster that a job describes, with the pixels that arrive in its spool."""

    def __init__(self, folder: Path, about: Description, spool: Spool) -> None:
        super().__init__(str(folder / FRAME))
        self.notes = [note.replace(self.name, about.source) for note in self.notes]
        self.name = about.source
        self._spool = spool

    @property
    def lossy(self) -> bool:
        """True if the sender says so."""
        return self._spool.about.lossy

    @property
    def files(self) -> list[str]:
        """None that could change."""
        return []

    def read(
        self, bands: Sequence[int], window: Window, shape: tuple[int, int] | None = None
    ) -> npt.NDArray[Any]:
        """Raw values as in `Source.read`; waits for pixels that are not there yet."""
        values, _ = self._pixels(window, shape)
        return values[[band - 1 for band in bands]]

    def read_mask(self, window: Window, shape: tuple[int, int] | None = None) -> npt.NDArray[Any]:
        """The sent plane of validity, uint8 `(h, w)`; 0 also where a tile was empty."""
        _, valid = self._pixels(window, shape)
        return valid.astype(np.uint8)

    def _pixels(
        self, window: Window, shape: tuple[int, int] | None
    ) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
        if shape is None or shape == window.shape:
            return self._spool.read(window)
        if shape != self._spool.sending.overview:
            raise ValueError(f"A raster that is sent is thinned out to its overview only: {shape}.")
        return self._spool.overview()


def write_frame(folder: Path, about: Description) -> Path:
    """Write the VRT that says everything about a raster but its pixels; its path."""
    t = about.georef.transform
    crs = about.georef.crs
    place = ", ".join(repr(float(n)) for n in (t.c, t.a, t.b, t.f, t.d, t.e))
    srs = "" if crs is None else f"<SRS>{escape(crs.to_wkt())}</SRS>"
    blocks = f'blockXSize="{min(BLOCK, about.width)}" blockYSize="{min(BLOCK, about.height)}"'
    nodata = "" if about.nodata is None else f"<NoDataValue>{about.nodata!r}</NoDataValue>"
    kind = {"uint8": "Byte", "uint16": "UInt16", "uint32": "UInt32"}.get(
        about.dtype.name, about.dtype.name.capitalize()
    )
    bands = "".join(
        f'<VRTRasterBand dataType="{kind}" band="{number}" {blocks}>'
        f"<ColorInterp>{colour}</ColorInterp>{nodata}</VRTRasterBand>"
        for number, colour in enumerate(COLOURS[about.bands], 1)
    )
    mask = f'<MaskBand><VRTRasterBand dataType="Byte" {blocks}/></MaskBand>'
    path = folder / FRAME
    text = (
        f'<VRTDataset rasterXSize="{about.width}" rasterYSize="{about.height}">{srs}'
        f"<GeoTransform>{place}</GeoTransform>{bands}{mask}</VRTDataset>"
    )
    write_whole(path, text.encode())
    return path
