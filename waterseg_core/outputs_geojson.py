# SPDX-License-Identifier: GPL-3.0-or-later
"""GeoJSON as RFC 7946 wants it: polygons on the globe.

Longitude and latitude on WGS 84, seven decimals (a centimetre), shells counterclockwise, no "crs"
member, a bounding box. What crosses the antimeridian is cut there (section 3.1.9), and what lies
around a pole is closed along it. Rounding never makes a polygon invalid or makes it vanish.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any, TextIO

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from waterseg_core.bites import bites, in_bites, vertices
from waterseg_core.errors import GeoreferenceError
from waterseg_core.polygons import WaterPolygons
from waterseg_core.rings import Rings
from waterseg_core.spelling import geojson

__all__ = ["bounding_box", "on_globe", "write_geojson"]

Geometries = npt.NDArray[np.object_]
Values = npt.NDArray[np.float64]

DECIMALS = 7
MORE_DECIMALS = (9, 11)  # for polygons that have no room between seven
EDGE_M = 1000.0  # longer edges get points: straight on a map is not straight in degrees
DIGITS = 10  # significant digits of numbers in properties


def write_geojson(polygons: WaterPolygons, sink: TextIO, name: str) -> None:
    """Write a FeatureCollection, one feature a line. Raises GeoreferenceError, see `on_globe`."""
    geometries = on_globe(polygons.geometries, polygons.crs)
    head: dict[str, Any] = {"type": "FeatureCollection", "name": name}
    if len(geometries):
        head["bbox"] = bounding_box(geometries)
    sink.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n')
    texts = geojson(geometries)
    names = list(polygons.attributes)
    rows = zip(*(_plain(values) for values in polygons.attributes.values()), strict=True)
    for index, (text, row) in enumerate(zip(texts, rows, strict=True)):
        properties = dict(zip(names, row, strict=True))
        described = json.dumps(properties, ensure_ascii=False, allow_nan=False)
        comma = "," if index + 1 < len(texts) else ""
        sink.write(
            f'{{"type": "Feature", "id": {properties["id"]}, "geometry": {text}, '
            f'"properties": {described}}}{comma}\n'
        )
    sink.write("]}\n")


def _plain(values: npt.NDArray[Any]) -> list[Any]:
    """A column as Python values: numbers with DIGITS digits, None for NaN."""
    if values.dtype.kind != "f":
        return list(values.tolist())
    return [None if value != value else float(f"{value:.{DIGITS}g}") for value in values.tolist()]


def on_globe(geometries: Geometries, crs: CRS | None) -> Geometries:
    """Polygons of a CRS as RFC 7946 Polygons and MultiPolygons in longitude and latitude, valid.

    Raises GeoreferenceError if there is no CRS or no way from it to WGS 84.
    """
    if crs is None:
        raise GeoreferenceError(
            "GeoJSON needs longitude and latitude, but the raster has no CRS: choose another "
            "format (gpkg, fgb or parquet keep pixel coordinates) or give the raster a CRS."
        )
    transformer = _transformer(crs)
    return in_bites(lambda some: _some_on_globe(some, crs, transformer), geometries)


def _some_on_globe(geometries: Geometries, crs: CRS, transformer: Transformer) -> Geometries:
    rings = _unwound(Rings.of(_with_points(geometries, crs)), crs, transformer)
    made = rings.polygons()
    start = rings.ring_start[rings.polygon_start[:-1]]
    low, high = np.minimum.reduceat(rings.xy, start), np.maximum.reduceat(rings.xy, start)
    winds = np.abs(rings.xy[rings.ring_start[1:] - 1, 0] - rings.xy[rings.ring_start[:-1], 0]) > 180
    apart = (low[:, 0] < -180) | (high[:, 0] > 180)
    apart[rings.ring_polygon[winds]] = True
    for index in np.flatnonzero(apart):
        made[index] = _cut(rings.take(np.array([index])))
    return shapely.orient_polygons(_rounded(made), exterior_cw=False)  # type: ignore[no-any-return]


def _with_points(geometries: Geometries, crs: CRS) -> Geometries:
    """Long straight edges of a projected CRS with points on them."""
    if crs.is_geographic or not crs.axis_info:
        return geometries
    step = EDGE_M / crs.axis_info[0].unit_conversion_factor
    return shapely.segmentize(geometries, step)  # type: ignore[no-any-return]


def _transformer(crs: CRS) -> Transformer:
    """From a CRS to longitude and latitude on WGS 84."""
    with _way_told(crs):
        return Transformer.from_crs(crs, "OGC:CRS84", always_xy=True)


@contextlib.contextmanager
def _way_told(crs: CRS) -> Iterator[None]:
    try:
        yield
    except ProjError as error:
        raise GeoreferenceError(
            f"There is no way from the CRS {crs.name} to longitude and latitude for GeoJSON; "
            "choose gpkg, fgb or parquet."
        ) from error


def _unwound(rings: Rings, crs: CRS, transformer: Transformer) -> Rings:
    """In degrees, each ring in one piece: longitudes may pass ±180 and do not jump by 360."""
    with _way_told(crs):
        lon, lat = transformer.transform(*rings.xy.T)
    if not np.isfinite(lon).all():
        raise GeoreferenceError(
            f"Some water lies where the CRS {crs.name} has no longitude and latitude for "
            "GeoJSON; choose gpkg, fgb or parquet."
        )
    if crs.is_geographic:
        # Longitudes were in one piece already, perhaps beyond 180; only a new datum folds them.
        unit = np.degrees(crs.axis_info[0].unit_conversion_factor)
        lon = lon + 360 * np.rint((rings.xy[:, 0] * unit - lon) / 360)
    else:
        turns = -np.rint(np.diff(lon, prepend=lon[:1]) / 360)
        total = np.cumsum(turns)
        lengths = np.diff(rings.ring_start)
        lon = lon + 360 * (total - np.repeat(total[rings.ring_start[:-1]], lengths))
    return rings.moved(np.stack([lon, lat], axis=1))


def _cut(rings: Rings) -> Any:
    """One polygon that crosses the antimeridian or surrounds a pole, as its pieces."""
    outlines = [
        _closed(rings.xy[first:last])
        for first, last in zip(rings.ring_start[:-1], rings.ring_start[1:], strict=True)
    ]
    solid, *islands = outlines
    west, _, east, _ = shapely.bounds(solid)
    # An island was unwound from its own first point, perhaps a whole turn away from the shell.
    turned = [_turned(island, turn) for island in islands for turn in (-360, 0, 360)]
    water = shapely.difference(solid, shapely.union_all(turned)) if turned else solid
    pieces: list[Any] = []
    for turn in range(int(np.floor((west + 180) / 360)), int(np.floor((east + 180) / 360)) + 1):
        world = shapely.box(360 * turn - 180, -90, 360 * turn + 180, 90)
        piece = _turned(shapely.intersection(water, world), -360 * turn)
        pieces += [part for part in shapely.get_parts(piece) if part.geom_type == "Polygon"]
    return pieces[0] if len(pieces) == 1 else shapely.multipolygons(pieces)


def _turned(geometry: Any, turn: float) -> Any:
    return shapely.transform(geometry, lambda xy: xy + np.array([turn, 0.0]))


def _closed(xy: Values) -> Any:
    """A ring as a polygon; one that winds around the globe is closed along its pole."""
    if abs(xy[-1, 0] - xy[0, 0]) > 180:
        pole = np.copysign(90.0, xy[:, 1].mean())
        xy = np.concatenate([xy, [[xy[-1, 0], pole], [xy[0, 0], pole], xy[0]]])
    return shapely.polygons(xy)


def _rounded(geometries: Geometries) -> Geometries:
    """Coordinates with seven decimals, or as many more as a polygon needs to stay one."""
    rounded = _to_decimals(geometries, DECIMALS)
    for decimals in MORE_DECIMALS:
        poor = np.flatnonzero(~shapely.is_valid(rounded) | shapely.is_empty(rounded))
        if len(poor) == 0:
            break
        rounded[poor] = _to_decimals(geometries[poor], decimals)
    return rounded


def _to_decimals(geometries: Geometries, decimals: int) -> Geometries:
    rounded: Geometries = shapely.transform(geometries, lambda xy: np.round(xy, decimals))
    valid = shapely.is_valid(rounded)
    rounded[valid] = shapely.remove_repeated_points(rounded[valid])
    # Noded on the grid, the multiples of 1e-7 are rounded again to end in few digits.
    noded = shapely.set_precision(geometries[~valid], 10.0**-decimals)
    rounded[~valid] = shapely.transform(noded, lambda xy: np.round(xy, decimals))
    return rounded


def bounding_box(geometries: Geometries) -> list[float]:
    """[west, south, east, north]; west is east of east if that box crosses the antimeridian.

    RFC 7946, section 5.2: the narrowest box, so two sides of the antimeridian are one place.
    """
    sizes = vertices(geometries)
    parts = np.concatenate(
        [shapely.bounds(shapely.get_parts(geometries[bite])) for bite in bites(sizes)]
    )
    south, north = parts[:, 1].min(), parts[:, 3].max()
    spans = parts[np.argsort(parts[:, 0])][:, [0, 2]]
    reach = np.maximum.accumulate(spans[:, 1])
    gaps = np.append(spans[1:, 0] - reach[:-1], spans[0, 0] + 360 - reach[-1])
    widest = int(gaps.argmax())
    crosses = widest < len(gaps) - 1 and spans[0, 0] == -180 and reach[-1] == 180
    west, east = (spans[widest + 1, 0], reach[widest]) if crosses else (spans[0, 0], reach[-1])
    return [float(edge) for edge in (west, south, east, north)]
