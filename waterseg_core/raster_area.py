# SPDX-License-Identifier: GPL-3.0-or-later
"""Area of interest: a rectangle or the polygons of a file, brought into the raster's CRS.

A pixel belongs to the area if its centre lies in it. Holes are holes. Straight edges in the
file's CRS are bent lines in the raster's, so they get more vertices before they are projected.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from waterseg_core.errors import AreaError, OptionError
from waterseg_core.geo import Georef, Window, extent_of

__all__ = ["Area", "area_of_interest"]

# Edges are cut to this share of the area's extent: 1 km on 1,000 km bends by less than 0.1 m.
EDGE_SHARE = 1 / 1024
LAYER = "|layername="


@dataclass(frozen=True, eq=False)
class Area:
    """Polygons on the raster's map; `name` is what sentences call them."""

    geometry: Any  # a shapely Polygon or MultiPolygon
    name: str
    notes: tuple[str, ...] = ()

    def window(self, georef: Georef, height: int, width: int, margin: int) -> Window:
        """The raster's pixels that the area may hold, and `margin` more on each side.

        Raises AreaError if the area lies outside the raster.
        """
        raster = Window(0, 0, height, width)
        coords = shapely.get_coordinates(self.geometry)
        a, b, c, d, e, f = tuple(~georef.transform)[:6]
        cols = a * coords[:, 0] + b * coords[:, 1] + c
        rows = d * coords[:, 0] + e * coords[:, 1] + f
        # An edge that lies on a pixel's edge up to rounding does not reach the next pixel.
        row, col = math.floor(rows.min() + 1e-6), math.floor(cols.min() + 1e-6)
        stop_row, stop_col = math.ceil(rows.max() - 1e-6), math.ceil(cols.max() - 1e-6)
        touched = Window(row, col, max(stop_row - row, 1), max(stop_col - col, 1))
        inside = touched.intersection(raster)
        footprint = shapely.Polygon(georef.corners(height, width))
        if inside is None or not self.geometry.intersects(footprint):
            raise AreaError(
                f"{self.name} does not overlap the raster: it covers "
                f"{extent_of(self.geometry.bounds)}, the raster {extent_of(footprint.bounds)} "
                "(left, bottom, right, top in the raster's CRS)."
            )
        wider = Window(
            inside.row - margin,
            inside.col - margin,
            inside.height + 2 * margin,
            inside.width + 2 * margin,
        )
        return wider.intersection(raster) or inside

    def inside(self, georef: Georef, height: int, width: int) -> npt.NDArray[np.bool_]:
        """True where a pixel's centre lies in the area, bool `(height, width)`."""
        from rasterio.features import rasterize

        parts = shapely.get_parts(self.geometry)
        footprint = shapely.Polygon(georef.corners(height, width))
        near = parts[shapely.intersects(shapely.envelope(parts), footprint)]
        if not len(near):
            return np.zeros((height, width), bool)
        burnt = rasterize(
            near, out_shape=(height, width), transform=georef.transform, dtype="uint8"
        )
        return np.asarray(burnt == 1)


def area_of_interest(
    bbox: Sequence[float] | None,
    bbox_crs: str | None,
    aoi: str | None,
    georef: Georef,
    size: tuple[int, int],
) -> Area | None:
    """What `--bbox` and `--aoi` leave of a raster of that georeference and (height, width).

    None if neither is given. Raises AreaError, and OptionError for a nonsense rectangle.
    """
    areas = []
    if bbox is not None:
        areas.append(_rectangle(bbox, bbox_crs, georef, size))
    if aoi is not None:
        areas.append(_polygons(aoi, georef, size))
    if not areas:
        return None
    area = areas[0]
    if len(areas) == 2:
        both = shapely.intersection(areas[0].geometry, areas[1].geometry)
        area = Area(_only_polygons([both]), f"{areas[1].name} inside --bbox", areas[1].notes)
        if area.geometry.is_empty:
            raise AreaError(f"{areas[1].name} and --bbox do not overlap.")
    return _unwrapped(area, georef, size)


def _rectangle(
    bbox: Sequence[float], bbox_crs: str | None, georef: Georef, size: tuple[int, int]
) -> Area:
    name = f"--bbox {','.join(f'{value:g}' for value in bbox)}"
    if len(bbox) != 4 or not all(math.isfinite(value) for value in bbox):
        raise OptionError(f"{name}: must be four numbers LEFT,BOTTOM,RIGHT,TOP.")
    left, bottom, right, top = bbox
    if not (left < right and bottom < top):
        raise OptionError(
            f"{name}: LEFT must be less than RIGHT and BOTTOM less than TOP. An area across the "
            "antimeridian goes from below 180 to above it, for example 179 to 181."
        )
    given = None
    if bbox_crs is not None:
        try:
            given = CRS.from_user_input(bbox_crs)
        except CRSError as error:
            raise OptionError(
                f"--bbox-crs {bbox_crs}: not a CRS; give an EPSG code such as EPSG:4326."
            ) from error
        if georef.crs is None:
            raise AreaError(
                f"The raster has no CRS, so {name} in {bbox_crs} cannot be found in it."
            )
    return Area(_projected(shapely.box(*bbox), given, georef, size, name), name)


def _polygons(path: str, georef: Georef, size: tuple[int, int]) -> Area:
    """The united polygons of a vector file, in the raster's CRS."""
    crs = georef.crs
    name = os.path.basename(path.split("|")[0]) or path
    geometries, given = _read(path, name)
    polygons = _only_polygons(geometries)
    if polygons.is_empty:
        raise AreaError(_no_polygons(name, geometries))
    if crs is not None and given is None:
        raise AreaError(
            f"{name} has no CRS, so its place in the raster is unknown; assign one to it."
        )
    if crs is None and given is not None:
        raise AreaError(
            f"The raster has no CRS, so {name} cannot be found in it; assign one to it."
        )
    notes = []
    if given is not None and given.is_geographic:
        left, _, right, _ = polygons.bounds
        if right - left > 180:
            notes.append(
                f"{name} spans {right - left:.0f} degrees of longitude. If it should cross the "
                "antimeridian, cut it there."
            )
    return Area(_projected(polygons, given, georef, size, name), name, tuple(notes))


def _read(path: str, name: str) -> tuple[npt.NDArray[Any], CRS | None]:
    """(geometries, CRS) of the one layer with polygons."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FieldError

    file, _, layer = path.partition(LAYER)
    if not file.startswith("/vsi") and "://" not in file and not os.path.exists(file):
        raise AreaError(f"There is no file {file} to read polygons from.")
    try:
        layers = pyogrio.list_layers(file)
        chosen = layer or _layer(name, layers)
        meta, _, wkb, _ = pyogrio.raw.read(file, layer=chosen, columns=[], force_2d=True)
        geometries = shapely.from_wkb(wkb, on_invalid="fix")
    except AreaError:
        raise
    except (DataSourceError, DataLayerError, FieldError, shapely.GEOSException, ValueError) as why:
        first = str(why).split(";")[0].rstrip(". ")  # the rest is for who calls GDAL
        raise AreaError(
            f"{name} cannot be read as a file of polygons: {first}. Give a vector file, such as a "
            "GeoPackage."
        ) from why
    try:
        return geometries, CRS.from_user_input(meta["crs"]) if meta["crs"] else None
    except CRSError as why:
        raise AreaError(f"{name} has a CRS that PROJ does not understand: {meta['crs']}") from why


def _layer(name: str, layers: npt.NDArray[Any]) -> str:
    """The layer that may hold polygons, if it is clear which."""
    polygonal = [
        layer for layer, kind in layers if kind and ("Polygon" in kind or kind == "Unknown")
    ]
    if len(polygonal) > 1:
        raise AreaError(
            f"{name} has {len(polygonal)} layers with polygons ({', '.join(polygonal[:5])}); name "
            f"one: {name}{LAYER}{polygonal[0]}."
        )
    if not len(layers):
        raise AreaError(f"{name} has no layer.")
    return str(polygonal[0] if polygonal else layers[0][0])


def _no_polygons(name: str, geometries: npt.NDArray[Any]) -> str:
    kinds = sorted({geometry.geom_type for geometry in geometries if geometry is not None})
    if not kinds:
        return f"{name} has no features. Draw polygons in it, or give another file."
    return f"{name} holds {' and '.join(kinds)}, not polygons. Give a file of polygons."


def _only_polygons(geometries: Any) -> Any:
    """The union of all polygons with an area, repaired where their rings are wrong."""
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(geometries)))
    polygons = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0)]
    return shapely.union_all(polygons)


def _projected(
    geometry: Any, given: CRS | None, georef: Georef, size: tuple[int, int], name: str
) -> Any:
    """Polygons brought into the raster's CRS; raises AreaError where they have no place in it."""
    crs = georef.crs
    if given is None or crs is None or given == crs:
        return geometry
    geometry = _near(geometry, given, crs, georef.bounds(*size))
    left, bottom, right, top = geometry.bounds
    denser = shapely.segmentize(geometry, math.hypot(right - left, top - bottom) * EDGE_SHARE)
    try:
        project = Transformer.from_crs(given, crs, always_xy=True).transform
        there = shapely.transform(
            denser, lambda at: np.column_stack(project(at[:, 0], at[:, 1], errcheck=False))
        )
    except ProjError as error:
        raise AreaError(f"{name} cannot be brought into the raster's CRS: {error}") from error
    if not np.isfinite(shapely.get_coordinates(there)).all():
        raise AreaError(
            f"{name} reaches where the raster's CRS ({crs.name}) has no coordinates; its extent is "
            f"{extent_of(geometry.bounds)} in {given.name}. Is its own CRS right?"
        )
    return _only_polygons([there])


def _near(geometry: Any, given: CRS, crs: CRS, raster: tuple[float, float, float, float]) -> Any:
    """What lies around the raster: a continent reaches where a UTM zone has no coordinates."""
    try:
        back = Transformer.from_crs(crs, given, always_xy=True)
        left, bottom, right, top = back.transform_bounds(*raster)
    except ProjError:
        return geometry
    around = max(right - left, top - bottom) / 8
    # Across the antimeridian left is the greater one: then nothing is cut off.
    if not (left < right and bottom < top and math.isfinite(around)):
        return geometry
    box = shapely.box(left - around, bottom - around, right + around, top + around)
    near = _only_polygons([shapely.intersection(geometry, box)])
    return geometry if near.is_empty else near


def _unwrapped(area: Area, georef: Georef, size: tuple[int, int]) -> Area:
    """The area once more a turn to the east and west, where a raster of degrees needs that.

    A raster across the antimeridian has longitudes beyond 180; one of a model often 0 to 360.
    """
    if georef.crs is None or not georef.crs.is_geographic:
        return area
    raster = shapely.box(*georef.bounds(*size))
    turns = [
        shapely.transform(area.geometry, lambda at, t=turn: at + np.array([t, 0.0]))
        for turn in (-360.0, 0.0, 360.0)
    ]
    there = [turn for turn in turns if turn.intersects(raster)]
    return Area(shapely.union_all(there), area.name, area.notes) if there else area
