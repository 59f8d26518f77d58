# SPDX-License-Identifier: GPL-3.0-or-later
"""Small scenes and what is drawn on them, for the tests of training sets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import rasterio
import shapely
from affine import Affine
from pyproj import Transformer

from waterseg_core.dataset.build import Built, build_set
from waterseg_core.dataset.inputs import open_inputs
from waterseg_core.options_dataset import BuildOptions

UTM = Affine(10, 0, 500_000, 0, -10, 5_000_000)
DEGREES = Affine(1e-4, 0, 15.0, 0, -1e-4, 45.0)
ROTATED = UTM @ Affine.rotation(30)


def ponds(height: int, width: int, count: int = 14, seed: int = 3) -> list[Any]:
    """Rough round ponds in pixels, every third one with an island, none across another."""
    chance = np.random.default_rng(seed)
    found: list[Any] = []
    while len(found) < count:
        radius = chance.uniform(12, 34)
        x, y = chance.uniform(radius, width - radius), chance.uniform(radius, height - radius)
        angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
        waves = chance.uniform(-0.2, 0.2, 2)
        far = radius * (1 + waves[0] * np.sin(2 * angle) + waves[1] * np.cos(3 * angle))
        pond = shapely.Polygon(np.column_stack([x + far * np.cos(angle), y + far * np.sin(angle)]))
        if len(found) % 3 == 0:
            pond = pond - shapely.Point(x, y).buffer(radius / 3)
        if all(pond.distance(other) > 4 for other in found):
            found.append(pond)
    return found


def on_map(shapes: Sequence[Any], transform: Affine) -> list[Any]:
    """Shapes in pixels on the map of a transform."""
    a, b, c, d, e, f = tuple(transform)[:6]
    return [
        shapely.transform(
            shape,
            lambda at: np.column_stack(
                [a * at[:, 0] + b * at[:, 1] + c, d * at[:, 0] + e * at[:, 1] + f]
            ),
        )
        for shape in shapes
    ]


def write_scene(
    path: Path,
    shapes: Sequence[Any],
    height: int,
    width: int,
    transform: Affine = UTM,
    crs: str | None = "EPSG:32633",
    **creation: Any,
) -> Path:
    """A scene of brown noise in which the shapes, in pixels, are blue."""
    from rasterio.features import rasterize

    chance = np.random.default_rng(1)
    rgb = chance.integers(90, 150, (3, height, width)).astype(np.uint8)
    water = rasterize(shapes, out_shape=(height, width), transform=Affine.identity()) == 1
    rgb[:, water] = np.array([20, 50, 90], np.uint8)[:, None]
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 3, "crs": crs, **creation}
    with rasterio.open(
        path, "w", height=height, width=width, transform=transform, **profile
    ) as sink:
        sink.write(rgb)
    return path


def write_polygons(
    path: Path,
    shapes: Sequence[Any],
    crs: str | None = "EPSG:32633",
    into: str | None = None,
    **fields: Sequence[Any],
) -> Path:
    """Shapes on the map as a vector file, perhaps in another CRS."""
    shapes = list(shapes)
    if into is not None:
        project = Transformer.from_crs(crs, into, always_xy=True).transform
        shapes = [
            shapely.transform(shape, lambda at: np.column_stack(project(at[:, 0], at[:, 1])))
            for shape in shapes
        ]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(shapes, dtype=object)),
        [np.array(list(values), dtype=object) for values in fields.values()],
        list(fields),
        geometry_type="Unknown",
        crs=into or crs,
        driver={".gpkg": "GPKG", ".geojson": "GeoJSON", ".fgb": "FlatGeobuf"}[path.suffix],
    )
    return path


def build(scenes: Path | Sequence[Path], out: Path, **options: Any) -> Built:
    """Build a set as the command does."""
    paths = [scenes] if isinstance(scenes, Path) else scenes
    chosen = BuildOptions(**options)
    with open_inputs([str(path) for path in paths], chosen) as inputs:
        return build_set(inputs, out, chosen)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its relative path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
