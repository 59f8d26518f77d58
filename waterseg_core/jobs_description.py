# SPDX-License-Identifier: GPL-3.0-or-later
"""Description: what somebody orders, said in JSON: a raster without its pixels, and options.

The same words make the job when it is ordered and again after a restart, so they are checked
here once, and every mistake is told by its field's name. Each kind of job has a class of its
own, beside this one.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

import numpy as np
import shapely
import shapely.errors
import shapely.geometry
from affine import Affine
from pyproj import CRS
from pyproj.exceptions import CRSError

from waterseg_core.errors import (
    AreaError,
    GeoreferenceError,
    InputError,
    OptionError,
    RasterError,
)
from waterseg_core.geo import Georef
from waterseg_core.optionfield import Spec, specs

__all__ = [
    "DTYPES",
    "Description",
    "area_of",
    "geometry_of",
    "georef_of",
    "options_for_jobs",
    "options_of",
]

#: What tiles may hold.
DTYPES = ("uint8", "uint16", "int16", "uint32", "int32", "float32", "float64")

Options = TypeVar("Options")
#: What shapely raises for GeoJSON that is none.
NO_GEOMETRY = (
    *(shapely.errors.ShapelyError, ValueError, TypeError, LookupError, AttributeError),
    *(RecursionError, OverflowError),
)


@dataclass(frozen=True)
class Description:
    """A raster and what is wanted of it.

    name: for people; source: what the results' attribute of that name says. height, width: of
    the whole raster; georef: its place. dtype: numpy's name; bands: 1 or 3; nodata: the bands'
    value without data, or None; valid: True if each tile ends with a plane of validity; lossy:
    True if the values were compressed with loss. aoi: a GeoJSON geometry, or None. options: those
    of the kind; every kind has `stretch`, `nodata` and `resolution`, which say how pixels are seen.
    """

    #: The word for this kind of job.
    kind: ClassVar[str]
    #: The options that a job of this kind may have.
    allowed: ClassVar[tuple[Spec, ...]]
    #: Whether the scene ends where the area of interest does.
    crops: ClassVar[bool] = False
    #: Whether only parts of the raster are looked at, and which is known once the scene is open.
    sparse: ClassVar[bool] = False

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
    options: Any

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> Self:
        """Read what JSON says (docs/PROTOCOL.md).

        Raises OptionError, RasterError, GeoreferenceError and AreaError.
        """
        pixels = words["pixels"]
        if pixels["dtype"] not in DTYPES or pixels["bands"] not in (1, 3):
            raise RasterError(f"pixels: 1 or 3 bands of {', '.join(DTYPES)} can be sent.")
        nodata = pixels.get("nodata")
        height, width = int(words["height"]), int(words["width"])
        if height < 1 or width < 1:
            raise RasterError(f"A raster of {height} x {width} pixels has nothing in it.")
        name = str(words.get("name") or words.get("source") or "raster")
        return cls(
            name=name,
            source=str(words.get("source") or name),
            height=height,
            width=width,
            georef=georef_of(words["georef"]),
            dtype=np.dtype(pixels["dtype"]),
            bands=int(pixels["bands"]),
            nodata=None if nodata is None else float(nodata),
            valid=bool(pixels.get("valid")),
            lossy=bool(pixels.get("lossy")),
            aoi=area_of(words.get("aoi")),
            **cls._own(words),
        )

    def __post_init__(self) -> None:
        """Check what depends on each other. Raises OptionError."""
        nodata = self.options.nodata
        whole = nodata in ("auto", "none") or float(nodata).is_integer()
        if not whole and self.dtype.kind in "iu":
            raise OptionError(
                f"options.nodata {nodata}: a raster of {self.dtype} cannot hold that."
            )

    @classmethod
    def _own(cls, words: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that belong to this kind: `options`, and what it has beside."""
        raise NotImplementedError

    @property
    def crop(self) -> dict[str, Any]:
        """Which part of the raster makes the scene: keywords of `Scene.of` beside `aoi`."""
        return {"bbox": None, "bbox_crs": None, "context_px": 0}

    @property
    def pixel_bytes(self) -> int:
        """Bytes of one pixel as it is sent."""
        return self.bands * self.dtype.itemsize + self.valid


def georef_of(words: Mapping[str, Any]) -> Georef:
    """The place that the words tell. Raises GeoreferenceError."""
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


def area_of(geometry: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The same geometry, if it is one that encloses something. Raises AreaError."""
    if geometry is None:
        return None
    shape = geometry_of(geometry, "aoi:", AreaError)
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        raise AreaError("aoi: must be a GeoJSON Polygon or MultiPolygon.")
    return geometry


def geometry_of(words: Any, who: str, wrong: type[InputError]) -> Any:
    """The shapely geometry that GeoJSON means, in two dimensions.

    Raises `wrong` with a sentence that begins with `who` for what is none, and for coordinates
    that are no numbers.
    """
    try:
        shape = shapely.force_2d(shapely.geometry.shape(words))
        finite = bool(np.isfinite(shapely.get_coordinates(shape)).all())
    except NO_GEOMETRY as error:
        raise wrong(f"{who} is no GeoJSON geometry ({error}).") from None
    if not finite:
        raise wrong(f"{who} has a coordinate that is no number.")
    return shape


def options_for_jobs(verb: type, not_for_jobs: Collection[str]) -> tuple[Spec, ...]:
    """The options of `verb` without those that make no sense where pixels are sent."""
    return tuple(spec for spec in specs(verb) if spec.name not in not_for_jobs)


def options_of(
    verb: type[Options], allowed: tuple[Spec, ...], words: Mapping[str, Any] | None
) -> Options:
    """The options that the words tell. Raises OptionError for what is not allowed, or nonsense."""
    known = {spec.name for spec in allowed}
    for name in words or {}:
        if name not in known:
            raise OptionError(
                f"options.{name}: is no option of a job; these are {', '.join(sorted(known))}."
            )
    return verb(**(words or {}))
