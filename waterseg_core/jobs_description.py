# SPDX-License-Identifier: GPL-3.0-or-later
"""Description: what somebody wants segmented, said in JSON: a raster without its pixels, options.

The same words make the job when it is ordered and again after a restart, so they are checked
here once, and every mistake is told by its field's name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
import shapely.errors
import shapely.geometry
from affine import Affine
from pyproj import CRS
from pyproj.exceptions import CRSError

from waterseg_core.errors import AreaError, GeoreferenceError, OptionError, RasterError
from waterseg_core.geo import Georef
from waterseg_core.optionfield import specs
from waterseg_core.options import SegmentOptions

__all__ = ["DTYPES", "JOB_OPTIONS", "Description"]

#: What tiles may hold.
DTYPES = ("uint8", "uint16", "int16", "uint32", "int32", "float32", "float64")
#: Options that name files or bands, that belong to whoever runs the server, or that make no sense
#: for a job whose pixels are sent.
_NOT_FOR_JOBS = {
    *("aoi", "bands", "codec", "adapter", "revision", "device", "dtype"),
    *("format", "overwrite", "resume"),
}
#: The options that a job may have.
JOB_OPTIONS = tuple(spec for spec in specs(SegmentOptions) if spec.name not in _NOT_FOR_JOBS)


@dataclass(frozen=True)
class Description:
    """A raster and what is wanted of it.

    name: for people; source: what the results' attribute of that name says. height, width: of
    the whole raster; georef: its place. dtype: numpy's name; bands: 1 or 3; nodata: the bands'
    value without data, or None; valid: True if each tile ends with a plane of validity; lossy:
    True if the values were compressed with loss. aoi: a GeoJSON geometry, or None.
    """

    name: str
    source: str
    height: int
    width: int
    georef: Georef
    dtype: np.dtype[Any]
    bands: int
    nodata: float | None
    valid: bool
    lossy: bool
    aoi: Mapping[str, Any] | None
    options: SegmentOptions

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> Description:
        """Read what JSON says (docs/PROTOCOL.md).

        Raises OptionError, RasterError, GeoreferenceError and AreaError.
        """
        if words.get("kind", "segment") != "segment":
            raise OptionError(f"kind {words['kind']}: this server knows segment only.")
        pixels = words["pixels"]
        if pixels["dtype"] not in DTYPES or pixels["bands"] not in (1, 3):
            raise RasterError(f"pixels: 1 or 3 bands of {', '.join(DTYPES)} can be sent.")
        nodata = pixels.get("nodata")
        height, width = int(words["height"]), int(words["width"])
        if height < 1 or width < 1:
            raise RasterError(f"A raster of {height} x {width} pixels has nothing to segment.")
        name = str(words.get("name") or words.get("source") or "raster")
        return cls(
            name=name,
            source=str(words.get("source") or name),
            height=height,
            width=width,
            georef=_georef(words["georef"]),
            dtype=np.dtype(pixels["dtype"]),
            bands=int(pixels["bands"]),
            nodata=None if nodata is None else float(nodata),
            valid=bool(pixels.get("valid")),
            lossy=bool(pixels.get("lossy")),
            aoi=_area(words.get("aoi")),
            options=_options(words.get("options") or {}),
        )

    @property
    def pixel_bytes(self) -> int:
        """Bytes of one pixel as it is sent."""
        return self.bands * self.dtype.itemsize + self.valid


def _georef(words: Mapping[str, Any]) -> Georef:
    numbers = [float(number) for number in words["transform"]]
    if len(numbers) != 6 or not all(math.isfinite(number) for number in numbers):
        raise GeoreferenceError("georef.transform: must be six numbers a, b, c, d, e, f.")
    transform = Affine(*numbers)
    if not abs(transform.determinant) > 0 or not math.isfinite(transform.determinant):
        raise GeoreferenceError("georef.transform: gives every pixel the area 0.")
    if not words.get("crs"):
        return Georef(transform, None)
    try:
        return Georef(transform, CRS.from_user_input(words["crs"]))
    except CRSError as error:
        raise GeoreferenceError(
            f"georef.crs: PROJ does not understand it ({error}). Send an authority's code such as "
            "EPSG:32633, or WKT."
        ) from error


def _area(geometry: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if geometry is None:
        return None
    try:
        shape = shapely.geometry.shape(geometry)
    except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise AreaError(f"aoi: is no GeoJSON geometry ({error}).") from error
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        raise AreaError("aoi: must be a GeoJSON Polygon or MultiPolygon.")
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise AreaError("aoi: has a coordinate that is no number.")
    return geometry


def _options(words: Mapping[str, Any]) -> SegmentOptions:
    known = {spec.name for spec in JOB_OPTIONS}
    for name in words:
        if name not in known:
            raise OptionError(
                f"options.{name}: is no option of a job; these are {', '.join(sorted(known))}."
            )
    return SegmentOptions(**words)
