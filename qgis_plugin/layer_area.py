# SPDX-License-Identifier: GPL-3.0-or-later
"""Areas: rectangles and polygons that the user chose, brought into a layer's CRS."""

from qgis.core import (
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsWkbTypes,
)

from .errors import LayerError
from .words import tr

#: A straight edge is bent in another CRS, so it gets this many vertices before it is changed.
EDGE_PARTS = 64


def rectangle_in_layer(extent, polygon, crs, layer):
    """The rectangle to look at, in the layer's CRS; None for all of the layer.

    extent: QgsRectangle in `crs` or None; polygon: QgsGeometry in the layer's CRS or None.
    Raises LayerError.
    """
    if extent is None or extent.isEmpty():
        return None if polygon is None else polygon.boundingBox()
    change = _change(crs, layer)
    if change is not None:
        try:
            extent = change.transformBoundingBox(extent)
        except QgsCsException as why:
            raise _nowhere(layer, why) from why
    if polygon is not None:
        extent = extent.intersect(polygon.boundingBox())
        if extent.isEmpty():
            raise LayerError(tr("The chosen polygons lie outside the chosen area."))
    return QgsRectangle(extent)


def polygon_in_layer(geometry, crs, layer):
    """Polygons in the layer's CRS, a QgsGeometry. Raises LayerError for anything else."""
    polygon = QgsGeometry(geometry)
    if polygon.isEmpty() or polygon.type() != QgsWkbTypes.GeometryType.PolygonGeometry:
        raise LayerError(tr("Only polygons can say where to look. Select at least one."))
    polygon.convertToStraightSegment()
    change = _change(crs, layer)
    if change is None:
        return polygon
    box = polygon.boundingBox()
    longest = max(box.width(), box.height())
    if longest > 0:
        polygon = polygon.densifyByDistance(longest / EDGE_PARTS)
    try:
        polygon.transform(change)
    except QgsCsException as why:
        raise _nowhere(layer, why) from why
    return polygon


def _change(crs, layer):
    """The way from `crs` into the layer's CRS; None where there is nothing to change."""
    if crs is None or not crs.isValid() or not layer.crs().isValid() or crs == layer.crs():
        return None
    change = QgsCoordinateTransform(crs, layer.crs(), QgsProject.instance())
    change.setBallparkTransformsAreAppropriate(True)
    return change


def _nowhere(layer, why):
    return LayerError(
        tr("The chosen area cannot be found in the layer {layer}: {why}").format(
            layer=layer.name(), why=why
        )
    )
