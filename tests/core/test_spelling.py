# SPDX-License-Identifier: GPL-3.0-or-later
"""Large polygons, spelled ring by ring, are the bytes and the text that shapely makes of them."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
import shapely.affinity
from pyproj import CRS

from waterseg_core.bites import VERTICES
from waterseg_core.outputs_geojson import on_globe
from waterseg_core.parts import strip_parts
from waterseg_core.rings import MANY, repeated
from waterseg_core.spelling import geojson, wkb


def ring(size: int, count: int) -> list[tuple[float, float]]:
    """A ring of `count` corners around the origin, `size` large."""
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return [(size * x, size * y) for x, y in zip(np.cos(turns), np.sin(turns), strict=True)]


LARGE = shapely.Polygon(ring(9, VERTICES), [ring(3, 2500)])
SMALL = shapely.Polygon(ring(1, 7), [[(0.1, 0), (0, 0.1), (0, 0)]])
BOTH = shapely.MultiPolygon([LARGE, shapely.affinity.translate(SMALL, 40)])


def objects(*geometries: shapely.Geometry) -> np.ndarray:
    made = np.empty(len(geometries), dtype=object)
    made[:] = geometries
    return made


def test_wkb_is_shapelys_byte_for_byte() -> None:
    polygons = objects(SMALL, LARGE, SMALL, LARGE)
    assert (wkb(polygons) == shapely.to_wkb(polygons)).all()


def test_wkb_of_a_body_with_thousands_of_islands_is_shapelys() -> None:
    noise = np.random.default_rng(0).integers(0, 65536, (1, 400, 400)).astype(np.uint16)
    parts = strip_parts(noise, np.ones((400, 400), np.bool_), 0, 400, 0.2)
    polygons = parts.bodies.rings.polygons()
    assert shapely.get_num_interior_rings(polygons).max() > 1000
    assert (wkb(polygons) == shapely.to_wkb(polygons)).all()


@pytest.mark.parametrize("geometry", [SMALL, LARGE, BOTH], ids=["small", "large", "two parts"])
def test_geojson_says_what_shapely_says_number_for_number(geometry: shapely.Geometry) -> None:
    (text,) = geojson(objects(geometry))
    assert json.loads(text) == json.loads(shapely.to_geojson(geometry))


def test_nothing_is_spelled_as_nothing() -> None:
    assert len(wkb(objects())) == len(geojson(objects())) == 0


def test_a_polygon_is_on_the_globe_where_it_is_whoever_is_beside_it() -> None:
    crs = CRS.from_epsg(4326)
    across = shapely.box(179, 10, 181, 11)
    many = objects(LARGE, across, SMALL, LARGE, across)
    together = on_globe(many, crs)
    alone = [on_globe(many[[at]], crs)[0] for at in range(len(many))]
    assert shapely.equals_identical(together, objects(*alone)).all()


def test_repeated_repeats_as_numpy_does_in_however_many_bites() -> None:
    counts = np.array([3, 0, MANY + 5, 1, 2])
    values = np.arange(10).reshape(5, 2)
    assert (repeated(values, counts) == np.repeat(values, counts, axis=0)).all()
    assert repeated(values[:0], counts[:0]).shape == (0, 2)
