# SPDX-License-Identifier: GPL-3.0-or-later
"""Water drawn on the lakes of the tests, as a person would send it."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import rasterio
import rasterio.features
import shapely
import shapely.geometry
from live import Client, Raster
from pixelwise import lakes
from scipy.ndimage import gaussian_filter


def outlines(path: Path, least: int = 150) -> list[Any]:
    """Smooth lakes of a raster that shows `lakes`, as polygons in its CRS; none in the east."""
    with rasterio.open(path) as source:
        rgb = lakes(source.height, source.width).astype(float)
        water = gaussian_filter(rgb[..., 2] - rgb[..., 0], 4) > 25
        water[:, source.width * 3 // 5 :] = False
        found = rasterio.features.shapes(
            water.astype(np.uint8), water, connectivity=4, transform=source.transform
        )
        shapes = [shapely.geometry.shape(geometry) for geometry, _ in found]
        side = abs(source.transform.determinant)
    return [shape for shape in shapes if shape.area > least * side]


def collection(shapes: Sequence[Any], labels: Sequence[str] | None = None) -> dict[str, Any]:
    """GeoJSON."""
    words = labels or [""] * len(shapes)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"label": label} if label else {},
                "geometry": shapely.geometry.mapping(shape),
            }
            for shape, label in zip(shapes, words, strict=True)
        ],
    }


def as_file(path: Path, raster: Path, shapes: Sequence[Any], labels: Sequence[str] = ()) -> Path:
    """The same in a GeoPackage."""
    with rasterio.open(raster) as source:
        crs = source.crs
    columns = {"label": list(labels)} if labels else {"id": list(range(len(shapes)))}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of pyogrio, about a missing CRS
        geopandas.GeoDataFrame(columns, geometry=list(shapes), crs=crs).to_file(path)
    return path


def order(raster: Raster, shapes: Sequence[Any], **more: Any) -> dict[str, Any]:
    """The description of a job."""
    options = {"tile": 96, "min_water": 20, **more.pop("options", {})}
    labels = more.pop("labels", None)
    return raster.words(options, kind="dataset", polygons=collection(shapes, labels), **more)


def fetched(client: Client, id: str, folder: Path) -> Path:
    """The set of a job, unpacked."""
    reply = client.http.get(f"/v1/jobs/{id}/result", params={"format": "zip"})
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(reply.content)) as packed:
        packed.extractall(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a set."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
