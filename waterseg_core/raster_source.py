# SPDX-License-Identifier: GPL-3.0-or-later
"""Source: one raster that GDAL opened, or one sentence about why it could not.

Here files are opened and their raw values read; every failure of GDAL becomes a RasterError
that names the file and, for a read, the window. A raster that is placed by ground control
points or by rational polynomials (RPCs) is warped on the fly, block by block, so that
everything above sees a grid with an affine transform.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
from affine import Affine
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window as RasterioWindow

from waterseg_core.errors import RasterError
from waterseg_core.geo import Georef, Window
from waterseg_core.raster_gdal import (
    gdal,
    is_remote,
    open_dataset,
    reason,
    unplaced,
    which_subdataset,
)

__all__ = ["Source"]

# A strip has about this many rows; a file made of one huge block is read a little at a time.
LEAST_ROWS, MOST_ROWS = 256, 1024
PIECE_PX = 1 << 22
LOSSY = ("JPEG", "WEBP", "JXL")
# A picture without a place: x is the column, y is minus the row, as QGIS shows such a picture.
PIXEL_COORDINATES = Affine(1, 0, 0, 0, -1, 0)


class Source:
    """An open raster of real numbers. Raises RasterError when made and when read.

    dataset: rasterio's reader, warped where only GCPs or RPCs place the raster. height, width:
    of the grid that is read. georef: its place. warped: True where the edge of the grid lies
    outside the image, which then has an alpha band of ours. notes: sentences for the user.
    """

    def __init__(self, path: str, overview: int | None = None) -> None:
        self.path = path
        self.name = os.path.basename(path.split("?")[0].rstrip("/")) or path
        self.notes: list[str] = []
        self.warped = False
        self._lock = threading.Lock()
        self._opened = [open_dataset(path, overview)]
        try:
            self._refuse_unusable()
            self._place()
        except BaseException:
            self.close()
            raise

    @property
    def dataset(self) -> Any:
        """The reader whose grid is ours."""
        return self._opened[-1]

    @property
    def height(self) -> int:
        """Rows of the grid."""
        return int(self.dataset.height)

    @property
    def width(self) -> int:
        """Columns of the grid."""
        return int(self.dataset.width)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of values that all bands fit into."""
        return np.result_type(*self.dataset.dtypes)

    @property
    def remote(self) -> bool:
        """True if every read is a request over the network."""
        return is_remote(self.path)

    @property
    def lossy(self) -> bool:
        """True if the values were changed to make the file smaller, as JPEG does."""
        tags = self._opened[0].tags(ns="IMAGE_STRUCTURE")
        if self._opened[0].driver in LOSSY:
            return True
        if "COMPRESSION_REVERSIBILITY" in tags:
            return "LOSSLESS" not in tags["COMPRESSION_REVERSIBILITY"]
        return any(kind in tags.get("COMPRESSION", "").upper() for kind in LOSSY)

    @property
    def files(self) -> list[str]:
        """The files that the raster consists of; statistics beside it are no part of it."""
        files = [str(file) for file in self._opened[0].files]
        return sorted(file for file in files if not file.endswith(".aux.xml"))

    @property
    def one_block(self) -> bool:
        """True if rows cannot be read without decoding a thousand others."""
        tall = min(int(rows) for rows, _ in self._opened[0].block_shapes) > MOST_ROWS
        return tall and "COMPRESSION" in self._opened[0].tags(ns="IMAGE_STRUCTURE")

    def overview(self, bands: Sequence[int], factor: float) -> int | None:
        """Number of the coarsest overview of these bands that is at most `factor` times coarser.

        None where there is none, and for a warped raster.
        """
        each = {tuple(self.dataset.overviews(band)) for band in bands}
        if self.warped or len(each) != 1:
            return None
        fits = [(size, level) for level, size in enumerate(each.pop()) if size <= factor * 1.001]
        return max(fits)[1] if fits else None

    @property
    def block_rows(self) -> int:
        """Rows to read at a time: whole blocks, so that each is decoded once."""
        height = max(int(rows) for rows, _ in self.dataset.block_shapes)
        if height > MOST_ROWS:
            return LEAST_ROWS
        return height * -(-LEAST_ROWS // height) if height < LEAST_ROWS else height

    def strips(self, window: Window) -> Iterator[Window]:
        """Cut a window into strips that end where the file's rows of blocks end."""
        for rows in _cuts(window.row, window.stop_row, self.block_rows):
            yield Window(rows.start, window.col, len(rows), window.width)

    def pieces(self, window: Window) -> Iterator[Window]:
        """Cut a window into pieces that are small in memory however wide the raster is.

        Cut between blocks: columns of a tiled raster, rows of one whose blocks span its width.
        """
        block_height, block_width = (
            max(sizes) for sizes in zip(*self.dataset.block_shapes, strict=True)
        )
        high, wide = window.height, window.width
        if block_width >= self.width:
            high = _whole(PIECE_PX // wide, block_height)
        else:
            wide = _whole(PIECE_PX // high, block_width)
        for row in _cuts(window.row, window.stop_row, high):
            for col in _cuts(window.col, window.stop_col, wide):
                yield Window(row.start, col.start, len(row), len(col))

    def close(self) -> None:
        """Close the file; reading is over."""
        while self._opened:
            self._opened.pop().close()

    def read(
        self, bands: Sequence[int], window: Window, shape: tuple[int, int] | None = None
    ) -> npt.NDArray[Any]:
        """Raw values `(bands, h, w)` of a window; `shape` thins them out by taking the nearest."""
        if len({self.dataset.dtypes[band - 1] for band in bands}) > 1:
            # Rasterio reads bands of different types one by one only.
            return np.concatenate([self.read([band], window, shape) for band in bands])
        return self._read(self.dataset.read, list(bands), window, shape)

    def read_mask(self, window: Window, shape: tuple[int, int] | None = None) -> npt.NDArray[Any]:
        """The mask band that belongs to the whole raster: uint8 `(h, w)`, 0 without data."""
        return self._read(self.dataset.read_masks, 1, window, shape)

    def _read(self, read: Any, bands: Any, window: Window, shape: Any) -> npt.NDArray[Any]:
        at = RasterioWindow(window.col, window.row, window.width, window.height)
        if shape is not None:
            shape = shape if isinstance(bands, int) else (len(bands), *shape)
        try:
            with self._lock, gdal(self.path):
                pixels: npt.NDArray[Any] = read(bands, window=at, out_shape=shape)
                return pixels
        except RasterioError as error:
            raise RasterError(
                f"{self.name} cannot be read in rows {window.row} to {window.stop_row - 1}, "
                f"columns {window.col} to {window.stop_col - 1}: {reason(error)} "
                "The file is damaged or incomplete; copy or download it again."
            ) from error

    def _refuse_unusable(self) -> None:
        dataset = self.dataset
        if dataset.count == 0:
            raise RasterError(which_subdataset(self.name, dataset.subdatasets))
        if any("complex" in kind for kind in dataset.dtypes):
            raise RasterError(
                f"{self.name} holds complex numbers (radar before detection); write its amplitude "
                "to a raster of real numbers and give that."
            )
        if ColorInterp.cyan in dataset.colorinterp:
            raise RasterError(
                f"{self.name} is made for print (cyan, magenta, yellow, black); convert it to RGB."
            )
        if dataset.subdatasets:
            self.notes.append(
                f"{self.name} holds {len(dataset.subdatasets)} images; the first one is read."
            )

    def _place(self) -> None:
        """Find out where the pixels are: affine, GCPs, RPCs or nowhere."""
        dataset = self.dataset
        if not dataset.transform.is_identity:
            self.georef = Georef(dataset.transform, self._crs())
            if self.georef.crs is None:
                self.notes.append(
                    f"{self.name} has no CRS: its map coordinates are kept, but areas in square "
                    "metres and a position on Earth are not known."
                )
        elif not self._warp():
            self.georef = Georef(PIXEL_COORDINATES, None)
            self.notes.append(
                f"{self.name} has no georeference: results are in pixel coordinates "
                "(x = column, y = -row)."
            )

    def _crs(self) -> pyproj.CRS | None:
        crs = self.dataset.crs
        if not crs:
            return None
        try:
            return pyproj.CRS.from_wkt(crs.to_wkt())
        except (pyproj.exceptions.CRSError, RasterioError):
            self.notes.append(f"{self.name} has a CRS that PROJ does not understand; it is unused.")
            return None

    def _warp(self) -> bool:
        """Warp by GCPs or RPCs into the grid that is read; False where there are none to use."""
        dataset = self.dataset
        points, crs = dataset.gcps
        if points and crs:
            how: dict[str, Any] = {"src_crs": crs, "crs": crs}
            said = f"placed by its {len(points)} ground control points"
        elif dataset.rpcs:
            height = dataset.rpcs.height_off
            how = {"src_crs": "EPSG:4326", "crs": "EPSG:4326", "RPC_HEIGHT": str(height)}
            said = (
                f"placed by its RPCs as if all land were {height:g} m high, so it may be off by "
                "hundreds of metres in mountains; orthorectify it with an elevation model if that "
                "matters"
            )
        else:
            if points:
                self.notes.append(f"{self.name} has ground control points without a CRS: unused.")
            return False
        paletted = ColorInterp.palette in dataset.colorinterp
        how["resampling"] = Resampling.nearest if paletted else Resampling.bilinear
        try:
            with gdal(self.path), unplaced():
                warped = WarpedVRT(dataset, add_alpha=not _has_alpha(dataset), **how)
        except (RasterioError, ValueError) as error:
            self.notes.append(f"{self.name} could be {said}, but they are of no use: {error}")
            return False
        self._opened.append(warped)
        self.warped = True
        self.georef = Georef(warped.transform, self._crs())
        self.notes.append(f"{self.name} is {said}.")
        return True


def _whole(length: int, block: int) -> int:
    """The multiple of `block` next below `length`, at least one block."""
    return max(length // block, 1) * block


def _cuts(start: int, stop: int, step: int) -> Iterator[range]:
    """Cut start..stop where multiples of `step` lie."""
    while start < stop:
        end = min((start // step + 1) * step, stop)
        yield range(start, end)
        start = end


def _has_alpha(dataset: Any) -> bool:
    return ColorInterp.alpha in dataset.colorinterp
