# SPDX-License-Identifier: GPL-3.0-or-later
"""Outputs: polygons and rasters as files, each written whole or not at all.

    write(polygons, path)            GeoJSON, GeoPackage, FlatGeobuf or GeoParquet
    write_mask, write_probability    cloud-optimised GeoTIFFs

A new format is a function and a line in FORMATS.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from waterseg_core.errors import OptionError
from waterseg_core.outputs_atomic import replacing
from waterseg_core.outputs_cog import write_mask, write_probability
from waterseg_core.outputs_geojson import write_geojson
from waterseg_core.outputs_vector import write_fgb, write_gpkg, write_parquet
from waterseg_core.polygons import WaterPolygons

__all__ = ["ENDINGS", "FORMATS", "format_of", "write", "write_mask", "write_probability"]


def _geojson(polygons: WaterPolygons, path: Path, layer: str) -> None:
    with path.open("w", encoding="utf-8") as sink:
        write_geojson(polygons, sink, layer)


#: Each format's writer: polygons, the path to write to, the layer's name.
FORMATS: dict[str, Callable[[WaterPolygons, Path, str], None]] = {
    "geojson": _geojson,
    "gpkg": write_gpkg,
    "fgb": write_fgb,
    "parquet": write_parquet,
}
#: What a file name's ending says about its format.
ENDINGS = {
    ".geojson": "geojson",
    ".json": "geojson",
    ".gpkg": "gpkg",
    ".fgb": "fgb",
    ".parquet": "parquet",
    ".geoparquet": "parquet",
}


def format_of(path: Path | str) -> str:
    """The format that a file name's ending means. Raises OptionError for an unknown one."""
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise OptionError(
            f"The ending of {path} is no format that waterseg knows; it knows {', '.join(ENDINGS)}."
        )
    return ENDINGS[ending]


def write(
    polygons: WaterPolygons,
    path: Path | str,
    format: str | None = None,
    *,
    layer: str | None = None,
) -> None:
    """Write polygons to a file, replacing it as a whole.

    format: one of FORMATS; by default what the name's ending says. layer: the layer's name in
    the file, by default the file's name without ending. No polygons make a valid empty file with
    every column. Raises OptionError for an unknown format, GeoreferenceError for GeoJSON without
    a CRS, OutputError if the file cannot be written; a file that exists then stays as it was.
    """
    path = Path(path)
    format = format_of(path) if format is None else format
    if format not in FORMATS:
        raise OptionError(f"The format {format} is not known; choose {', '.join(FORMATS)}.")
    with replacing(path) as temporary:
        FORMATS[format](polygons, temporary, layer or path.stem)
