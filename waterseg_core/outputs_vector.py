# SPDX-License-Identifier: GPL-3.0-or-later
"""GeoPackage, FlatGeobuf and GeoParquet: polygons in their own CRS, with every column."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pyogrio
import shapely
from pyproj import CRS

from waterseg_core.bites import bites, vertices
from waterseg_core.polygons import FIELDS, WaterPolygons
from waterseg_core.silence import without
from waterseg_core.spelling import wkb

__all__ = ["write_fgb", "write_gpkg", "write_parquet"]

TYPES = {np.int64: pa.int64(), np.float64: pa.float64(), np.bool_: pa.bool_(), object: pa.string()}
GEOMETRY = "geom"
SCHEMA = pa.schema({name: TYPES[dtype] for name, dtype in FIELDS.items()} | {GEOMETRY: pa.binary()})
ROW_GROUP = 20_000
#: Polygons that a GeoPackage takes before it is closed, and opened again for the others.
IN_ONE_GO = 20_000

#: Semi-transparent blue with a thin darker outline, as QGIS writes it.
STYLE_NAME = "water"
STYLE = """<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology">
  <renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0">
    <symbols>
      <symbol type="fill" name="0" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleFill" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="color" value="31,120,220,115"/>
            <Option type="QString" name="style" value="solid"/>
            <Option type="QString" name="outline_color" value="16,66,140,255"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.3"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="joinstyle" value="round"/>
          </Option>
          <prop k="color" v="31,120,220,115"/>
          <prop k="style" v="solid"/>
          <prop k="outline_color" v="16,66,140,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.3"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="joinstyle" v="round"/>
        </layer>
      </symbol>
    </symbols>
  </renderer-v2>
  <layerGeometryType>2</layerGeometryType>
</qgis>
"""
#: The table in which QGIS keeps the styles of a GeoPackage's layers.
STYLE_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
    f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))
"""


def write_gpkg(polygons: WaterPolygons, path: Path, layer: str) -> None:
    """Write a GeoPackage with a spatial index and the style that QGIS shows it in."""
    named = {"GEOMETRY_NAME": GEOMETRY, "SPATIAL_INDEX": "YES", "IDENTIFIER": layer}
    new = {
        "dataset_options": {"VERSION": "1.3"},
        "layer_options": named,
        "layer_metadata": _provenance(polygons),
    }
    # Closing it writes the spatial index, and lets no other thread in meanwhile: 0.2 s for 147,000
    # polygons. What is added to an index that is there already costs a moment at a time.
    with _flushed_once():
        _write(polygons.take(slice(0, IN_ONE_GO)), path, "GPKG", layer, **new)
        for start in range(IN_ONE_GO, len(polygons), IN_ONE_GO):
            some = polygons.take(slice(start, start + IN_ONE_GO))
            _write(some, path, "GPKG", layer, append=True)
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute(STYLE_TABLE)
            connection.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
                "VALUES ('layer_styles', 'attributes', 'layer_styles')"
            )
            connection.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
                "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, "
                "owner) VALUES ('', '', ?, ?, ?, ?, '', 1, 'Water found by waterseg', '')",
                (layer, GEOMETRY, STYLE_NAME, STYLE),
            )
    finally:
        connection.close()


@contextlib.contextmanager
def _flushed_once() -> Iterator[None]:
    """Within it GDAL leaves it to us to flush a GeoPackage, which is done when it is whole.

    SQLite would do so for every table, and let no other thread in while the disk is busy.
    """
    option = "OGR_SQLITE_SYNCHRONOUS"
    before = pyogrio.get_gdal_config_option(option)
    pyogrio.set_gdal_config_options({option: "OFF"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({option: before})


def write_fgb(polygons: WaterPolygons, path: Path, layer: str) -> None:
    """Write a FlatGeobuf with a spatial index."""
    _write(polygons, path, "FlatGeobuf", layer, layer_options={"SPATIAL_INDEX": "YES"})


def write_parquet(polygons: WaterPolygons, path: Path, layer: str) -> None:
    """Write GeoParquet 1.1: WKB, a bbox column that covers the geometry, zstd."""
    bounds = shapely.bounds(polygons.geometries).reshape(-1, 4)
    sides = ("xmin", "ymin", "xmax", "ymax")
    covering = pa.StructArray.from_arrays([pa.array(side) for side in bounds.T], names=list(sides))
    table = pa.Table.from_batches(_batches(polygons), SCHEMA)
    table = table.add_column(len(FIELDS), "bbox", covering)
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": ["Polygon"] if len(polygons) else [],
        # Without a CRS it must be said to be unknown: left out, it would mean WGS 84.
        "crs": polygons.crs.to_json_dict() if polygons.crs is not None else None,
        "covering": {"bbox": {side: ["bbox", side] for side in sides}},
    }
    if len(polygons):
        column["bbox"] = [*bounds[:, :2].min(axis=0).tolist(), *bounds[:, 2:].max(axis=0).tolist()]
    geo = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
    metadata = {"geo": json.dumps(geo), "name": layer, **_provenance(polygons)}
    pyarrow.parquet.write_table(
        table.replace_schema_metadata(metadata), path, compression="zstd", row_group_size=ROW_GROUP
    )


def _write(
    polygons: WaterPolygons, path: Path, driver: str, layer: str, **how: Mapping[str, str] | bool
) -> None:
    rows = pa.RecordBatchReader.from_batches(SCHEMA, _batches(polygons))
    # That a raster without CRS has none was told when it was opened.
    with without(UserWarning, "'crs' was not provided"):
        pyogrio.write_arrow(
            rows,
            path,
            layer=layer,
            driver=driver,
            geometry_name=GEOMETRY,
            geometry_type="Polygon",
            crs=_crs_text(polygons.crs),
            **how,
        )


def _batches(polygons: WaterPolygons) -> Iterator[pa.RecordBatch]:
    """All polygons as Arrow, in bites; NaN becomes null."""
    for bite in bites(vertices(polygons.geometries)):
        columns = [
            pa.array(polygons.attributes[name][bite], type=TYPES[dtype], from_pandas=True)
            for name, dtype in FIELDS.items()
        ]
        shapes = pa.array(wkb(polygons.geometries[bite]), type=pa.binary())
        yield pa.RecordBatch.from_arrays([*columns, shapes], schema=SCHEMA)


def _crs_text(crs: CRS | None) -> str | None:
    """A CRS as GDAL takes it: its code if that means exactly the same, else its WKT."""
    if crs is None:
        return None
    authority = crs.to_authority(min_confidence=100)
    if authority is not None and CRS.from_authority(*authority) == crs:
        return ":".join(authority)
    text: str = crs.to_wkt()
    return text


def _provenance(polygons: WaterPolygons) -> dict[str, str]:
    """What is the same for every polygon, as text about the whole layer."""
    if len(polygons) == 0:
        return {}
    names = ("source", "model", "revision", "prompt", "threshold", "created")
    return {name: str(polygons.attributes[name][0]) for name in names}
