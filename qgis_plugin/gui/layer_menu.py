# SPDX-License-Identifier: GPL-3.0-or-later
"""What waterseg adds to the context menu of layers: Segment water on rasters, export on results."""

from qgis.core import QgsProject, QgsRasterLayer

from ..words import tr
from .qt import QAction, plugin_icon, theme_icon

try:
    from qgis.core import Qgis

    RASTER, VECTOR = Qgis.LayerType.Raster, Qgis.LayerType.Vector
except AttributeError:  # before QGIS 3.30
    from qgis.core import QgsMapLayerType

    RASTER, VECTOR = QgsMapLayerType.RasterLayer, QgsMapLayerType.VectorLayer


class LayerMenu:
    """Adds two entries; `take_down` removes them. `is_result(layer)` says which layers are ours."""

    def __init__(self, iface, segment, export, is_result):
        self._iface = iface
        self._is_result = is_result
        window = iface.mainWindow()
        self._segment = QAction(plugin_icon(), tr("Segment water…"), window)
        self._segment.setObjectName("waterseg_layer_segment")
        self._segment.triggered.connect(lambda: self._on_raster(segment))
        self._export = QAction(
            theme_icon("mActionFileSaveAs.svg"), tr("Export as GeoJSON…"), window
        )
        self._export.setObjectName("waterseg_layer_export")
        self._export.triggered.connect(lambda: export(iface.layerTreeView().currentLayer()))
        iface.addCustomActionForLayerType(self._segment, "", RASTER, True)
        iface.addCustomActionForLayerType(self._export, "", VECTOR, False)
        project = QgsProject.instance()
        self._on_added(project.mapLayers().values())
        project.layersAdded.connect(self._on_added)

    def _on_raster(self, segment):
        layer = self._iface.layerTreeView().currentLayer()
        if isinstance(layer, QgsRasterLayer):
            segment(layer)

    def _on_added(self, layers):
        for layer in layers:
            if self._is_result(layer):
                self._iface.addCustomActionForLayer(self._export, layer)

    def take_down(self):
        """Remove both entries."""
        QgsProject.instance().layersAdded.disconnect(self._on_added)
        for action in (self._segment, self._export):
            self._iface.removeCustomActionForLayerType(action)
            action.deleteLater()
