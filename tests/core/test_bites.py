# SPDX-License-Identifier: GPL-3.0-or-later
"""Bites: what is done in pieces is what would come of it in one go."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pyogrio
import pytest
import rasterio.features
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely.geometry import shape

from waterseg_core.bites import VERTICES, bites, in_bites, vertices
from waterseg_core.geo import Georef
from waterseg_core.jobs_preview import PAGE, Preview
from waterseg_core.jobs_result import load_polygons, save_polygons
from waterseg_core.outputs import write
from waterseg_core.parts import Parts, strip_parts
from waterseg_core.polygons import make_polygons
from waterseg_core.rings import Rings
from waterseg_core.seams import merge_parts

GEOREF = Georef(Affine(10.5, 0, 400000, 0, -10.25, 5000000), CRS.from_epsg(32633))


@pytest.fixture(scope="module")
def speckle() -> Parts:
    """A strip of noise: thousands of bodies, one of them larger than a bite."""
    noise = np.random.default_rng(0).integers(0, 65536, (1, 500, 700)).astype(np.uint16)
    parts = strip_parts(noise, np.ones((500, 700), np.bool_), 0, 500, 0.41)
    sizes = np.diff(parts.bodies.rings.ring_start[parts.bodies.rings.polygon_start])
    assert sizes.max() > VERTICES, "one is larger than a bite"
    assert len(sizes) > 2 * PAGE, "they fill several pages"
    return parts


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(1, 80))
def test_bites_hold_every_item_once_and_are_small_or_one_item(sizes: list[int], most: int) -> None:
    cut = list(bites(np.array(sizes, np.int64), most))
    assert [at for bite in cut for at in range(bite.start, bite.stop)] == list(range(len(sizes)))
    assert all(sum(sizes[bite]) <= most or bite.stop == bite.start + 1 for bite in cut)
    assert all(sum(sizes[one.start : two.start + 1]) > most for one, two in pairwise(cut))


def test_outlines_of_several_bites_are_gdals_byte_for_byte(speckle: Parts) -> None:
    made = speckle.bodies.rings.polygons()
    noise = np.random.default_rng(0).integers(0, 65536, (500, 700)).astype(np.uint16)
    water = noise > int(0.41 * 65535)
    known = rasterio.features.shapes(water.astype(np.uint8), mask=water, connectivity=4)
    by_gdal = np.array([shape(outline) for outline, _ in known], dtype=object)
    assert sorted(in_bites(shapely.to_wkb, shapely.normalize(made))) == sorted(
        shapely.to_wkb(shapely.normalize(by_gdal))
    )
    again = Rings.of(made)
    assert (again.xy == speckle.bodies.rings.xy).all()
    assert (again.ring_start == speckle.bodies.rings.ring_start).all()
    assert (again.polygon_start == speckle.bodies.rings.polygon_start).all()
    assert len(list(bites(vertices(made)))) > 2


@pytest.mark.parametrize("format", ["gpkg", "fgb", "parquet"])
def test_files_of_several_bites_hold_every_polygon_and_column(
    speckle: Parts, format: str, tmp_path: Path
) -> None:
    polygons = make_polygons(merge_parts([speckle]), GEOREF)
    path = tmp_path / f"water.{format}"
    write(polygons, path)
    if format == "parquet":
        table = pyarrow.parquet.read_table(path)
        ids, blobs = table["id"].to_numpy(), table["geom"].to_numpy()
    else:  # a FlatGeobuf has an order of its own
        about, _, blobs, columns = pyogrio.raw.read(path, layer="water")
        ids = columns[list(about["fields"]).index("id")]
    shapes = shapely.from_wkb(blobs)[np.argsort(ids)]
    assert shapely.equals_identical(shapes, polygons.geometries).all()
    assert (np.sort(ids) == polygons.attributes["id"]).all()


def test_kept_polygons_come_back_as_they_were(speckle: Parts, tmp_path: Path) -> None:
    polygons = make_polygons(merge_parts([speckle]), GEOREF)
    save_polygons(polygons, tmp_path / "polygons.npz")
    again = load_polygons(tmp_path / "polygons.npz")
    assert shapely.equals_identical(again.geometries, polygons.geometries).all()


def test_a_preview_pages_through_every_outline_exactly_also_after_a_restart(
    speckle: Parts, tmp_path: Path
) -> None:
    preview = Preview(tmp_path)
    for _ in range(2):
        preview.add(speckle, GEOREF, ("lake",), 0.0)
    known = shapely.transform(
        speckle.bodies.rings.polygons(),
        lambda xy: np.stack([10.5 * xy[:, 0] + 400000, -10.25 * xy[:, 1] + 5000000], axis=1),
    )
    for shown in (preview, Preview(tmp_path)):
        assert len(shown) == 2 * len(known)
        texts: list[str] = []
        while page := shown.page(len(texts))[0]:
            texts += page
        features = [json.loads(text) for text in texts]
        assert [feature["id"] for feature in features] == list(range(2 * len(known)))
        assert {feature["label"] for feature in features} == {"lake"}
        seen = np.array([shape(feature["geometry"]) for feature in features], dtype=object)
        assert shapely.equals_identical(seen, np.concatenate([known, known])).all()
        assert json.loads(shown.page(7)[0][0])["id"] == 7
