# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawing: what a person has drawn on a raster and decided about its chips, as it is sent.

GeoJSON in the raster's CRS becomes what a builder of training sets takes, checked and told by
the names of the fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from waterseg_core.dataset.drawn import DrawnPolygons, labelled, labels_of
from waterseg_core.dataset.vectors import Polygons, turned
from waterseg_core.errors import AreaError, DatasetError, OptionError
from waterseg_core.geo import Georef, extent_of
from waterseg_core.jobs_description import geometry_of
from waterseg_core.options_dataset import BuildOptions
from waterseg_core.raster_area import Area

__all__ = ["Drawing", "Grid"]

#: A grid of pixels: its place, height and width.
Grid = tuple[Georef, int, int]
CORNER = re.compile(r"(\d{1,9})_(\d{1,9})")


@dataclass(frozen=True, eq=False)
class Drawing:
    """Polygons that lie in the raster, with their labels, and decisions about chips.

    labels: the classes, of which every polygon's label is one. area: where the labelling is
    complete, None for everywhere. decided: as `dataset.look.Site` has it.
    """

    polygons: Polygons
    labels: tuple[str, ...]
    area: Area | None = None
    decided: Mapping[tuple[int, int], str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        words: Mapping[str, Any],
        aoi: Mapping[str, Any] | None,
        options: BuildOptions,
        raster: Grid,
        empty: bool = False,
    ) -> Drawing:
        """What `words` (`polygons` and `chips`) say of a raster.

        aoi: a GeoJSON geometry that was checked. empty: there may be no polygons yet. Raises
        DatasetError, AreaError and OptionError.
        """
        drawn = _polygons(words.get("polygons"), raster[0].crs)
        there = _inside(drawn, raster, empty)
        by_label = any(there.labels)
        _check_labels(there, options.labels)
        labels = labels_of([there], options.labels, by_label)
        return cls(
            labelled(there, labels, options.labels[0]),
            labels,
            None if aoi is None else _area(aoi, raster),
            dict(_decisions(words.get("chips") or {})),
        )

    def on(self, grid: Grid) -> DrawnPolygons:
        """The same on the grid that chips are cut from."""
        return DrawnPolygons(self.polygons, self.labels, *grid, self.area)


def _polygons(collection: Any, crs: CRS | None) -> Polygons:
    """The polygons of a FeatureCollection, repaired."""
    if not isinstance(collection, Mapping) or collection.get("type") != "FeatureCollection":
        raise DatasetError("polygons: must be a GeoJSON FeatureCollection.")
    _check_crs(collection.get("crs"), crs)
    features = collection.get("features")
    if not isinstance(features, list):
        raise DatasetError("polygons: a FeatureCollection has a list of features.")
    shapes = [_shape(feature, number) for number, feature in enumerate(features)]
    labels = [_label(feature) for feature in features]
    return Polygons.of(shapes, labels, "polygons")


def _shape(feature: Any, number: int) -> Any:
    if not isinstance(feature, Mapping):
        raise DatasetError(f"polygons: feature {number} is no GeoJSON feature.")
    words = feature.get("geometry")
    if words is None:
        return None
    return geometry_of(words, f"polygons: feature {number}", DatasetError)


def _label(feature: Mapping[str, Any]) -> str:
    properties = feature.get("properties")
    label = properties.get("label") if isinstance(properties, Mapping) else None
    return "" if label is None else str(label).strip()


def _check_crs(said: Any, crs: CRS | None) -> None:
    """Old GeoJSON names its CRS; another one than the raster's is a mistake."""
    if said is None:
        return
    try:
        name = said["properties"]["name"]
        given = CRS.from_user_input(name)
    except (CRSError, KeyError, TypeError) as error:
        raise DatasetError(
            f"polygons: has a crs that PROJ does not understand ({error})."
        ) from None
    if crs is None or not given.equals(crs, ignore_axis_order=True):
        here = "no CRS" if crs is None else crs.name
        raise DatasetError(
            f"polygons: is in {given.name}, but the raster has {here}. Send polygons in the "
            "raster's CRS."
        )


def _inside(polygons: Polygons, raster: Grid, empty: bool) -> Polygons:
    """Those that reach into the raster."""
    if not len(polygons) and not empty:
        raise DatasetError("polygons: there is no polygon with an area in it. Draw water first.")
    georef, *size = raster
    footprint = shapely.Polygon(georef.corners(size[0], size[1]))
    geometries = turned(polygons.geometries, georef.crs, footprint)
    inside = shapely.intersects(geometries, footprint)
    if len(polygons) and not inside.any() and not empty:
        raise DatasetError(
            f"polygons: they do not overlap the raster. They cover "
            f"{extent_of(shapely.total_bounds(polygons.geometries))}, the raster "
            f"{extent_of(footprint.bounds)} (left, bottom, right, top). Are they in its CRS?"
        )
    labels = tuple(np.array(polygons.labels, object)[inside].tolist())
    return Polygons(geometries[inside], labels, polygons.name, polygons.notes)


def _check_labels(polygons: Polygons, wanted: tuple[str, ...]) -> None:
    """Where there are several classes, each polygon must say of which it is."""
    if len(wanted) == 1:
        return
    missing = polygons.labels.count("")
    if missing:
        raise DatasetError(
            f"polygons: {missing} of {len(polygons)} have no label; with several classes each "
            f"says in its property label which one it is: {', '.join(wanted)}."
        )
    unknown = sorted(set(polygons.labels) - set(wanted))
    if len(polygons) and not set(polygons.labels) & set(wanted):
        raise DatasetError(
            f"polygons: none is {' or '.join(wanted)}; they are {', '.join(unknown[:5])}."
        )


def _area(aoi: Mapping[str, Any], raster: Grid) -> Area:
    shape = shapely.make_valid(geometry_of(aoi, "aoi:", AreaError))
    georef, *size = raster
    footprint = shapely.Polygon(georef.corners(size[0], size[1]))
    (shape,) = turned(np.array([shape], object), georef.crs, footprint)
    if not shapely.intersects(shape, footprint):
        raise AreaError(
            f"aoi: does not overlap the raster. It covers {extent_of(shape.bounds)}, the raster "
            f"{extent_of(footprint.bounds)} (left, bottom, right, top). Is it in the raster's CRS?"
        )
    return Area(shape, "aoi")


def _decisions(chips: Mapping[str, str]) -> Iterable[tuple[tuple[int, int], str]]:
    for corner, said in chips.items():
        place = CORNER.fullmatch(corner)
        if place is None:
            raise OptionError(f"chips.{corner}: a chip is named row_col, as in 0_448.")
        yield (int(place[1]), int(place[2])), said
