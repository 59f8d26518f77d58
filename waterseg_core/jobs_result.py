# SPDX-License-Identifier: GPL-3.0-or-later
"""A job's polygons on disk, from which every format is written when it is asked for."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import shapely
from pyproj import CRS

from waterseg_core.bites import VERTICES, bites
from waterseg_core.errors import OutputError
from waterseg_core.jobs_files import write_whole
from waterseg_core.polygons import FIELDS, WaterPolygons
from waterseg_core.spelling import wkb

__all__ = ["load_polygons", "save_polygons"]

#: Bytes of shapes that are read at once.
WKB_BYTES = 16 * VERTICES


def save_polygons(polygons: WaterPolygons, path: Path) -> None:
    """Keep polygons with every attribute, exactly. Raises OutputError."""
    columns = {
        f"field_{name}": values.astype(str) if FIELDS[name] is object else values
        for name, values in polygons.attributes.items()
    }
    blobs = wkb(polygons.geometries)
    shapes = [np.frombuffer(blob, np.uint8) for blob in blobs]
    kept = io.BytesIO()
    np.savez(
        kept,
        allow_pickle=False,
        crs=np.array("" if polygons.crs is None else polygons.crs.to_wkt()),
        sizes=np.array([len(shape) for shape in shapes], np.int64),
        shapes=np.concatenate([np.zeros(0, np.uint8), *shapes]),
        **columns,
    )
    write_whole(path, kept.getvalue(), durable=True)


def load_polygons(path: Path) -> WaterPolygons:
    """What `save_polygons` kept. Raises OutputError where that cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as file:
            kept = dict(file)
        crs, ends = str(kept["crs"]), np.cumsum(kept["sizes"])
        blob = kept["shapes"].tobytes()
        shapes = [blob[end - size : end] for end, size in zip(ends, kept["sizes"], strict=True)]
        columns = {name: kept[f"field_{name}"].astype(dtype) for name, dtype in FIELDS.items()}
    except (OSError, ValueError, KeyError) as error:
        raise OutputError(
            f"The server cannot read the job's polygons ({error}). Resume the job."
        ) from error
    geometries = np.empty(len(shapes), object)
    for bite in bites(kept["sizes"], most=WKB_BYTES):
        geometries[bite] = shapely.from_wkb(shapes[bite])
    return WaterPolygons(geometries, CRS.from_wkt(crs) if crs else None, columns)
