# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawn polygons: read from any vector file, repaired, and brought onto a grid of pixels.

What had to be changed or left out is told in sentences. Edges that are straight in the file's
CRS are bent in the raster's, so long ones get more vertices before they are projected.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from waterseg_core.errors import DatasetError
from waterseg_core.geo import Georef, extent_of

__all__ = [
    "ElsewhereError",
    "Polygons",
    "is_vector",
    "read_polygons",
    "to_pixels",
    "turned",
]

LAYER = "|layername="
#: Edges are cut to this share of the raster's extent before they are projected.
EDGE_SHARE = 1 / 1024
Geometries = npt.NDArray[Any]


class ElsewhereError(DatasetError):
    """Polygons that do not overlap the raster."""


@dataclass(frozen=True, eq=False)
class Polygons:
    """Polygons in one CRS, valid, with a label each ("" where none is given).

    name: what sentences call them. notes: what was repaired and left out.
    """

    geometries: Geometries
    labels: tuple[str, ...]
    name: str
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.geometries)

    @classmethod
    def of(
        cls, geometries: Sequence[Any] | Geometries, labels: Sequence[str], name: str
    ) -> Polygons:
        """Polygons of whatever shapely geometries there are, repaired and told."""
        return _repaired(np.array(geometries, dtype=object), list(labels), name)


def is_vector(path: str) -> bool:
    """Whether a path is a file with vector layers. Raises DatasetError if there is no file."""
    import pyogrio
    from pyogrio.errors import DataSourceError

    file = path.partition(LAYER)[0]
    if not file.startswith("/vsi") and "://" not in file and not os.path.exists(file):
        raise DatasetError(f"There is no file {file} with masks.")
    try:
        return len(pyogrio.list_layers(file)) > 0
    except (DataSourceError, ValueError):
        return False


def read_polygons(path: str, field: str | None, georef: Georef, size: tuple[int, int]) -> Polygons:
    """The polygons of a vector file near a raster of (height, width) = size, in its CRS.

    field: which one holds the labels. `PATH|layername=NAME` names a layer. Raises DatasetError
    if the file cannot be read, holds no polygons, has no such field, or nobody knows where it
    lies; ElsewhereError if it does not overlap the raster.
    """
    name = os.path.basename(path.partition(LAYER)[0]) or path
    geometries, labels, given = _read(path, name, field)
    polygons = Polygons.of(geometries, labels, name)
    if not len(polygons):
        raise DatasetError(_no_polygons(name, geometries))
    _check_crs(name, given, georef.crs)
    there = _projected(polygons, given, georef, size)
    if not len(there):
        raise ElsewhereError(
            f"{name} and the raster do not overlap: the polygons cover "
            f"{extent_of(shapely.total_bounds(polygons.geometries))}"
            f"{f' in {given.name}' if given else ''}, the raster "
            f"{extent_of(georef.bounds(*size))}{f' in {georef.crs.name}' if georef.crs else ''} "
            "(left, bottom, right, top). Check the CRS of both."
        )
    return there


def to_pixels(geometries: Geometries, georef: Georef) -> Geometries:
    """Geometries of the map in pixels of a grid: x the column, y the row."""
    a, b, c, d, e, f = tuple(~georef.transform)[:6]
    turned: Geometries = shapely.transform(
        geometries,
        lambda at: np.column_stack(
            [a * at[:, 0] + b * at[:, 1] + c, d * at[:, 0] + e * at[:, 1] + f]
        ),
    )
    return turned


def _read(path: str, name: str, field: str | None) -> tuple[Geometries, list[str], CRS | None]:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FieldError

    file, _, layer = path.partition(LAYER)
    try:
        chosen = layer or _layer(name, pyogrio.list_layers(file))
        fields = [str(each) for each in pyogrio.read_info(file, layer=chosen)["fields"]]
        if field is not None and field not in fields:
            raise DatasetError(
                f"{name} has no field {field} (--label-field); it has "
                f"{', '.join(fields) or 'none'}."
            )
        columns = [] if field is None else [field]
        meta, _, wkb, values = pyogrio.raw.read(file, layer=chosen, columns=columns, force_2d=True)
        geometries = shapely.from_wkb(wkb, on_invalid="fix")
    except (DataSourceError, DataLayerError, FieldError, shapely.GEOSException) as why:
        raise DatasetError(f"{name} cannot be read as a file of polygons: {why}") from why
    labels = [""] * len(geometries) if field is None else [_text(each) for each in values[0]]
    try:
        return geometries, labels, CRS.from_user_input(meta["crs"]) if meta["crs"] else None
    except CRSError as why:
        raise DatasetError(
            f"{name} has a CRS that PROJ does not understand: {meta['crs']}"
        ) from why


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    whole = isinstance(value, (float, np.floating)) and float(value).is_integer()
    return str(int(value) if whole else value).strip()


def _layer(name: str, layers: npt.NDArray[Any]) -> str:
    """The layer that may hold polygons, if it is clear which."""
    polygonal = [
        layer for layer, kind in layers if kind and ("Polygon" in kind or kind == "Unknown")
    ]
    if len(polygonal) > 1:
        raise DatasetError(
            f"{name} has {len(polygonal)} layers with polygons ({', '.join(polygonal[:5])}); name "
            f"one: {name}{LAYER}{polygonal[0]}"
        )
    return str(polygonal[0] if polygonal else layers[0][0])


def _no_polygons(name: str, geometries: Geometries) -> str:
    kinds = sorted({geometry.geom_type for geometry in geometries if geometry is not None})
    if not kinds:
        return f"{name} has no features: nothing is drawn in it."
    return f"{name} holds {' and '.join(kinds)} and no polygon with an area: draw polygons."


def _check_crs(name: str, given: CRS | None, crs: CRS | None) -> None:
    if crs is not None and given is None:
        raise DatasetError(
            f"{name} has no CRS, so its place in the raster is unknown; assign one to it."
        )
    if crs is None and given is not None:
        raise DatasetError(
            f"The raster has no CRS, so {name} cannot be found in it; assign one to the raster."
        )


def _repaired(geometries: Geometries, labels: list[str], name: str) -> Polygons:
    """Only polygons with an area, valid; what was done about the others is told."""
    notes = []
    missing = shapely.is_missing(geometries) | shapely.is_empty(geometries)
    wrong = ~missing & ~shapely.is_valid(geometries)
    if wrong.any():
        notes.append(f"{name}: {_counted(wrong)} with wrong rings repaired.")
        geometries = geometries.copy()
        geometries[wrong] = shapely.make_valid(geometries[wrong])
    parts, index = shapely.get_parts(geometries, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)  # collections in collections
    index = index[inner]
    good = (shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0)
    kept = np.unique(index[good])
    left = len(geometries) - len(kept)
    if left:
        notes.append(f"{name}: {left} features left out that are no polygons with an area.")
    own = tuple(labels[number] for number in index[good])
    return Polygons(parts[good], own, name, tuple(notes))


def _counted(which: npt.NDArray[np.bool_]) -> str:
    count = int(which.sum())
    return "1 polygon" if count == 1 else f"{count} polygons"


def _projected(
    polygons: Polygons, given: CRS | None, georef: Georef, size: tuple[int, int]
) -> Polygons:
    """Those polygons that reach into the raster, in its CRS."""
    crs = georef.crs
    raster = shapely.Polygon(georef.corners(*size))
    geometries, index = polygons.geometries, np.arange(len(polygons))
    if given is not None and crs is not None and given != crs:
        geometries, index = _near(
            geometries, index, Transformer.from_crs(crs, given, always_xy=True), raster
        )
        geometries = _reprojected(geometries, given, crs, polygons.name)
    geometries = turned(geometries, crs, raster)
    inside = shapely.intersects(geometries, raster)
    labels = tuple(polygons.labels[number] for number in index[inside])
    return Polygons(geometries[inside], labels, polygons.name, polygons.notes)


def _near(
    geometries: Geometries, index: npt.NDArray[np.int64], back: Transformer, raster: Any
) -> tuple[Geometries, npt.NDArray[np.int64]]:
    """What lies around the raster, cut off there: a continent reaches where UTM has no place."""
    try:
        left, bottom, right, top = back.transform_bounds(*raster.bounds)
    except ProjError:
        return geometries, index
    around = max(right - left, top - bottom) / 8
    # Across the antimeridian left is the greater one: then nothing is left out.
    if not (left < right and bottom < top and np.isfinite(around)):
        return geometries, index
    box = shapely.box(left - around, bottom - around, right + around, top + around)
    near = shapely.intersects(geometries, box)
    geometries, index = geometries[near], index[near]
    edge = max(right - left, top - bottom) * EDGE_SHARE
    outside = ~shapely.contains_properly(box, geometries)
    geometries = geometries.copy()
    geometries[outside] = shapely.intersection(geometries[outside], box)
    return shapely.segmentize(geometries, edge), index


def _reprojected(geometries: Geometries, given: CRS, crs: CRS, name: str) -> Geometries:
    try:
        project = Transformer.from_crs(given, crs, always_xy=True).transform
        there: Geometries = shapely.transform(
            geometries, lambda at: np.column_stack(project(at[:, 0], at[:, 1], errcheck=False))
        )
    except ProjError as error:
        raise DatasetError(f"{name} cannot be brought into the raster's CRS: {error}") from error
    if not np.isfinite(shapely.get_coordinates(there)).all():
        raise DatasetError(
            f"{name} reaches where the raster's CRS ({crs.name}) has no coordinates. Is its own "
            f"CRS ({given.name}) right?"
        )
    return np.asarray(shapely.make_valid(there), dtype=object)


def turned(geometries: Geometries, crs: CRS | None, raster: Any) -> Geometries:
    """Those that miss a raster, where its longitudes go beyond 180, or from 0 to 360, in theirs.

    raster: its outline, in `crs`, as the geometries are. Without degrees nothing is changed.
    """
    if crs is None or not crs.is_geographic:
        return geometries
    there_too = geometries.copy()
    away = ~shapely.intersects(geometries, raster)
    for turn in (-360.0, 360.0):
        moved = shapely.transform(geometries, lambda at, t=turn: at + np.array([t, 0.0]))
        there = away & shapely.intersects(moved, raster)
        there_too[there] = moved[there]
    return there_too
