# SPDX-License-Identifier: GPL-3.0-or-later
"""What was drawn, as the engine wants it: polygons of a layer in the raster's CRS, as GeoJSON."""

import json

from qgis.core import QgsGeometry, QgsWkbTypes

from .errors import LayerError
from .layer_area import polygon_in_layer, rectangle_in_layer
from .words import tr

#: Fields of a layer of labels: what a polygon is, whether a person stands behind it, how sure.
LABEL, STATE, CONFIDENCE = "label", "state", "confidence"
DRAWN, SUGGESTED = "drawn", "suggested"


def polygons_of(source, raster, label_field=""):
    """The drawn polygons of a vector layer as a FeatureCollection in the CRS of `raster`.

    Suggestions that nobody accepted are left out, and so is what lies outside the raster.
    label_field: the field that says what each polygon is, or empty. Main thread. Raises
    LayerError for a layer without polygons.
    """
    if source is None or not source.isValid():
        raise LayerError(tr("Choose the layer with the drawn water."))
    if source.geometryType() != QgsWkbTypes.GeometryType.PolygonGeometry:
        raise LayerError(
            tr("{layer} has no polygons: water is drawn as polygons.").format(layer=source.name())
        )
    if label_field and source.fields().indexOf(label_field) < 0:
        raise LayerError(
            tr("{layer} has no field {field}; choose another one for the labels.").format(
                layer=source.name(), field=label_field
            )
        )
    place = raster.extent()
    state = source.fields().indexOf(STATE)
    features = []
    for feature in source.getFeatures():
        if state >= 0 and feature.attribute(state) == SUGGESTED:
            continue
        shape = shape_in_raster(feature.geometry(), source, raster)
        if shape is not None and (place.isEmpty() or shape.boundingBox().intersects(place)):
            features.append(_feature(shape, feature, label_field))
    return {"type": "FeatureCollection", "features": features}


def shape_in_raster(geometry, source, raster):
    """A polygon in the raster's CRS; None for a feature without one."""
    if geometry.isNull() or geometry.isEmpty():
        return None
    return polygon_in_layer(geometry, source.crs(), raster)


def _feature(shape, feature, label_field):
    properties = {}
    if label_field:
        properties["label"] = str(feature.attribute(label_field) or "")
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shape.asJson())}


def area_of(raster, extent=None, crs=None, aoi=None):
    """Where everything is labelled, in the raster's CRS; None for all of the raster.

    extent: a QgsRectangle, aoi: a QgsGeometry of polygons, both in `crs`. Raises LayerError
    where that lies outside the raster.
    """
    if aoi is not None:
        return polygon_in_layer(aoi, crs, raster)
    if extent is None or extent.isEmpty():
        return None
    inside = rectangle_in_layer(extent, None, crs, raster)
    if not raster.extent().isEmpty():
        inside = inside.intersect(raster.extent())
    if inside.isEmpty():
        raise LayerError(tr("The chosen area lies outside the layer. Choose another area."))
    return QgsGeometry.fromRect(inside)
