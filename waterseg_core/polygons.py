# SPDX-License-Identifier: GPL-3.0-or-later
"""WaterPolygons: what waterseg found, on the map, with everything there is to say about it.

The way here: `strip_parts` outlines each finished strip, `merge_parts` joins the strips,
`make_polygons` keeps what is wanted, measures it and puts it on the map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from affine import Affine
from pyproj import CRS

from waterseg_core.geo import Georef
from waterseg_core.ground import ground_of
from waterseg_core.mosaic import FULL
from waterseg_core.parts import Bodies, Parts, strip_parts, water_pixels
from waterseg_core.polygons_postprocess import Wanted, outlined, sized
from waterseg_core.rings import Rings
from waterseg_core.seams import merge_parts

__all__ = [
    "FIELDS",
    "Bodies",
    "Parts",
    "Provenance",
    "Wanted",
    "WaterPolygons",
    "make_polygons",
    "merge_parts",
    "on_map",
    "strip_parts",
    "water_pixels",
]

Columns = dict[str, npt.NDArray[Any]]

#: The columns of every output, in order, with their numpy dtypes (object: text).
FIELDS: dict[str, type] = {
    "id": np.int64,  # 1, 2, 3, ... by row, then column, of the first pixel
    "label": object,  # what was looked for
    "area_m2": np.float64,  # on the ellipsoid, exact outline, islands subtracted; NaN without CRS
    "perimeter_m": np.float64,  # of the outline as it is, islands included; NaN without CRS
    "confidence": np.float64,  # mean probability of its pixels, 0..1
    "pixels": np.int64,  # how many there are
    "holes": np.int64,  # islands
    "touches_edge": np.bool_,  # at the raster's edge or beside pixels without data: may go on
    "source": object,
    "model": object,
    "revision": object,
    "prompt": object,
    "threshold": np.float64,
    "created": object,  # UTC, ISO 8601
}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where polygons come from; the same for all of one job.

    source: the raster's name; model, revision: what segmented it; created: UTC, ISO 8601.
    """

    source: str = ""
    model: str = ""
    revision: str = ""
    prompt: str = ""
    threshold: float = 0.5
    created: str = ""


@dataclass(frozen=True, eq=False)
class WaterPolygons:
    """Polygons of water and their attributes.

    geometries: shapely Polygons, object `(n,)`, x and y of `crs` (x right or east, y up or north),
    each valid. crs: None for a raster without CRS; its polygons then overlay the image as QGIS
    shows it: with the image's own transform, or with y = -row where it has none. attributes: an
    array `(n,)` for each of `FIELDS`. Raises ValueError if they do not fit together.
    """

    geometries: npt.NDArray[np.object_]
    crs: CRS | None
    attributes: Columns

    def __post_init__(self) -> None:
        if list(self.attributes) != list(FIELDS):
            raise ValueError(f"Attributes are {', '.join(FIELDS)}, not {list(self.attributes)}.")
        for name, values in self.attributes.items():
            if len(values) != len(self.geometries):
                raise ValueError(f"{len(self.geometries)} polygons need as many values of {name}.")

    def __len__(self) -> int:
        return len(self.geometries)

    @classmethod
    def none(cls, crs: CRS | None) -> WaterPolygons:
        """No polygon, with every column."""
        columns: Columns = {name: np.zeros(0, dtype) for name, dtype in FIELDS.items()}
        return cls(np.empty(0, dtype=object), crs, columns)

    def take(self, which: npt.NDArray[Any] | slice) -> WaterPolygons:
        """Some of the polygons, by index, a slice or a bool for each; they keep their ids."""
        columns = {name: values[which] for name, values in self.attributes.items()}
        return WaterPolygons(self.geometries[which], self.crs, columns)

    @property
    def area_m2(self) -> float:
        """All areas together, m²; NaN without a CRS (unless there is no polygon)."""
        return float(self.attributes["area_m2"].sum())


def make_polygons(
    bodies: Bodies,
    georef: Georef,
    *,
    labels: Sequence[str] = ("water",),
    provenance: Provenance | None = None,
    wanted: Wanted | None = None,
) -> WaterPolygons:
    """The wanted bodies on the map.

    georef: of the raster that was segmented. labels: what `bodies.label` counts. Areas are those
    before simplification, on the ellipsoid. Without a CRS the lengths in `wanted` are pixels and
    the areas square pixels, and area_m2 and perimeter_m are NaN, because nobody knows them.
    """
    wanted, provenance = wanted or Wanted(), provenance or Provenance()
    ground = ground_of(georef)
    bodies, areas = sized(bodies, ground, wanted)
    outlines = outlined(bodies, ground, wanted, lambda rings: on_map(rings, georef))
    perimeters = outlines.polygon_sums(ground.ring_lengths(outlines))
    in_metres = ground.unit == "m"
    unknown = np.full(len(bodies), np.nan)
    measured = {
        "id": np.arange(1, len(bodies) + 1),
        "label": np.array([*labels, ""], dtype=object)[bodies.label],
        "area_m2": areas if in_metres else unknown,
        "perimeter_m": perimeters if in_metres else unknown,
        "confidence": bodies.probability_sum / np.maximum(bodies.pixels, 1) / FULL,
        "pixels": bodies.pixels,
        "holes": np.diff(outlines.polygon_start) - 1,
        "touches_edge": bodies.touches_edge,
    }
    told = {**asdict(provenance), "created": provenance.created or _now()}
    columns: Columns = {
        name: np.asarray(measured[name], dtype)
        if name in measured
        else np.full(len(bodies), told[name], dtype)
        for name, dtype in FIELDS.items()
    }
    return WaterPolygons(on_map(outlines, georef).polygons(), georef.crs, columns)


def on_map(rings: Rings, georef: Georef) -> Rings:
    """Pixel coordinates through the affine transform, at the very end."""
    t = georef.transform
    if georef.crs is None and t == Affine.identity():
        # QGIS shows an image without georeference below the x axis.
        t = Affine.scale(1, -1)
    x, y = rings.xy[:, 0], rings.xy[:, 1]
    return rings.moved(np.stack([t.a * x + t.b * y + t.c, t.d * x + t.e * y + t.f], axis=1))
