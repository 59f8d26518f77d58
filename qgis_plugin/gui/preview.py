# SPDX-License-Identifier: GPL-3.0-or-later
"""Polygons on the map while the model works: a layer in memory, replaced by the result."""

from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsLineString,
    QgsPolygon,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QObject, QTimer

from ..result_style import PREVIEW, wear
from ..words import tr
from .leaving import Leaving

#: So few polygons, and so few corners of them, at a time that the window never waits.
AT_ONCE, CORNERS = 200, 20_000


class Preview(QObject):
    """Takes GeoJSON-like polygons in the CRS of the raster layer. Main thread only."""

    def __init__(self, name, crs, parent=None):
        super().__init__(parent)
        self._queue = []
        self._id = ""
        self._name = tr("{layer}: water so far").format(layer=name)
        self._crs = crs
        self._timer = QTimer(self)
        self._timer.setInterval(30)
        self._timer.timeout.connect(self._show_some)

    @property
    def layer(self):
        """The layer in the project, or None before the first polygon and after the end."""
        return QgsProject.instance().mapLayer(self._id) if self._id else None

    def add(self, features):
        """Show these soon."""
        self._queue.extend(features)
        if self._queue and not self._timer.isActive():
            self._timer.start()

    def remove(self):
        """Take the layer off the map. Its polygons leave the memory soon, kept by our parent."""
        self._timer.stop()
        self._queue = []
        if self.layer is not None:
            Leaving(QgsProject.instance().takeMapLayer(self.layer), self.parent())
        self._id = ""

    def _show_some(self):
        some, self._queue = _first_of(self._queue)
        if not self._queue:
            self._timer.stop()
        layer = self.layer or (None if self._id else self._make_layer())
        if layer is None:  # the user removed it: not shown again in this run
            self._queue = []
            return
        layer.dataProvider().addFeatures([_feature(one["geometry"]) for one in some])
        layer.triggerRepaint()

    def _make_layer(self):
        layer = QgsVectorLayer("MultiPolygon", self._name, "memory")
        layer.setCrs(self._crs)
        wear(layer, PREVIEW)
        # A layer in memory that goes by itself: QGIS need not warn that it would be lost.
        layer.setCustomProperty("skipMemoryLayersCheck", 1)
        project = QgsProject.instance()
        project.addMapLayer(layer, False)
        project.layerTreeRoot().insertLayer(0, layer)
        self._id = layer.id()
        return layer


def _first_of(features):
    """(those that are shown now, those that wait)."""
    corners = 0
    for number, one in enumerate(features[:AT_ONCE]):
        corners += sum(len(ring) for ring in one["geometry"]["coordinates"])
        if corners > CORNERS and number:
            return features[:number], features[number:]
    return features[:AT_ONCE], features[AT_ONCE:]


def _feature(geometry):
    """A GeoJSON Polygon as a feature of the layer. As text, QGIS would read it for far longer."""
    shell, *holes = (_ring(ring) for ring in geometry["coordinates"])
    polygon = QgsPolygon()
    polygon.setExteriorRing(shell)
    for hole in holes:
        polygon.addInteriorRing(hole)
    shape = QgsGeometry(polygon)
    shape.convertToMultiType()
    feature = QgsFeature()
    feature.setGeometry(shape)
    return feature


def _ring(corners):
    return QgsLineString([one[0] for one in corners], [one[1] for one in corners])
