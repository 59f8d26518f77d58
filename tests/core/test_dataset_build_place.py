# SPDX-License-Identifier: GPL-3.0-or-later
"""What is drawn on the map comes back from the chips' answers where it was drawn."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio.features
import shapely
from affine import Affine
from drawn_scene import DEGREES, ROTATED, UTM, build, on_map, ponds, write_polygons, write_scene
from numpy.typing import NDArray

from waterseg_core.dataset.answer import UNKNOWN, say_again
from waterseg_core.dataset.chips import georef_of
from waterseg_core.dataset.folder import Chip, DatasetFolder
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.tokens import parse_text

DrawnSet = tuple[DatasetFolder, shapely.Geometry, Affine]
HEIGHT, WIDTH = 620, 700
GRIDS = {
    "utm": (UTM, "EPSG:32633"),
    "degrees": (DEGREES, "EPSG:4326"),
    "rotated": (ROTATED, "EPSG:32633"),
}


@pytest.fixture(scope="module", params=GRIDS, ids=str)
def drawn_set(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DrawnSet:
    """A set, what was drawn (as one shape on the map), and the scene's transform."""
    transform, crs = GRIDS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    shapes = ponds(HEIGHT, WIDTH)
    scene = write_scene(folder / "scene.tif", shapes, HEIGHT, WIDTH, transform, crs)
    drawn = on_map(shapes, transform)
    masks = write_polygons(folder / "masks.gpkg", drawn, crs, into="EPSG:3857")
    build(scene, folder / "set", masks=str(masks), tile=160, stride=120)
    return DatasetFolder(folder / "set"), shapely.union_all(drawn), transform


def polygons_of(classes: NDArray[np.uint8], chip: Chip) -> shapely.Geometry:
    """The water of a chip's mask on the map, outlined by GDAL, placed by the chip's footprint."""
    georef = georef_of(chip)
    assert georef is not None
    water = ((classes > 0) & (classes != UNKNOWN)).astype(np.uint8)
    shapes = rasterio.features.shapes(water, water == 1, transform=georef.transform)
    return shapely.union_all([shapely.geometry.shape(shape) for shape, _ in shapes])


def shift_px(
    found: shapely.Geometry, drawn: shapely.Geometry, transform: Affine
) -> NDArray[np.float64]:
    """How far the middle of the found water is from that of the drawn, (columns, rows)."""
    at, meant = (np.array(~transform @ (s.centroid.x, s.centroid.y)) for s in (found, drawn))
    return at - meant


def in_chip(drawn: shapely.Geometry, chip: Chip) -> shapely.Geometry:
    return drawn & shapely.from_wkt(chip.footprint)


def test_masks_outline_what_was_drawn_to_less_than_half_a_pixel(drawn_set: DrawnSet) -> None:
    folder, drawn, transform = drawn_set
    pixel = abs(transform.determinant) ** 0.5
    wet = [chip for chip in folder.chips if not chip.is_dry]
    assert len(wet) > 8
    for chip in wet:
        found, meant = polygons_of(folder.mask(chip), chip), in_chip(drawn, chip)
        off = shapely.symmetric_difference(found, meant).area / meant.length
        assert off < 0.4 * pixel
    shifts = [
        shift_px(polygons_of(folder.mask(chip), chip), in_chip(drawn, chip), transform)
        for chip in wet
    ]
    assert np.abs(np.mean(shifts, axis=0)).max() < 0.05


def test_answers_decode_to_where_it_was_drawn(drawn_set: DrawnSet) -> None:
    folder, drawn, transform = drawn_set
    codec = MaskCodec.load()
    shifts, areas = [], []
    for chip in folder.chips:
        if chip.is_dry:
            continue
        said = say_again(parse_text(chip.suffix), ["water"], codec, chip.height, chip.width)
        found, meant = polygons_of(said, chip), in_chip(drawn, chip)
        assert chip.round_trip_iou is not None
        assert (found & meant).area / (found | meant).area > chip.round_trip_iou - 0.1
        shifts.append(shift_px(found, meant, transform))
        areas.append(meant.area)
    mean = np.average(shifts, axis=0, weights=areas)
    assert np.hypot(*mean) < 0.5
    assert np.abs(shifts).mean() < 1.0


def test_a_place_in_the_manifest_is_that_of_the_scene(drawn_set: DrawnSet) -> None:
    folder, _, transform = drawn_set
    for chip in folder.chips:
        georef = georef_of(chip)
        assert georef is not None
        here, there = georef.transform, transform @ Affine.translation(chip.col, chip.row)
        assert here.almost_equals(there, 1e-9)
