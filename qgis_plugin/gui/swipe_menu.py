# SPDX-License-Identifier: GPL-3.0-or-later
"""Swipe in the context menu of the layer tree, where two results are selected."""

from contextlib import suppress

from qgis.core import QgsProject

from ..words import tr
from .layer_menu import VECTOR
from .qt import QAction, plugin_icon


class SwipeMenu:
    """Adds one entry; `take_down` removes it. `swipe(left, right)` is called with the two layers.

    The entry belongs to results only, and can be seen only while two of them are selected.
    """

    def __init__(self, iface, swipe, is_result):
        self._iface, self._swipe, self._is_result = iface, swipe, is_result
        self.action = QAction(plugin_icon(), tr("Swipe"), iface.mainWindow())
        self.action.setObjectName("waterseg_layer_swipe")
        self.action.setToolTip(tr("Compare two results: drag a line over the map"))
        self.action.triggered.connect(lambda: self._on_swipe())
        iface.addCustomActionForLayerType(self.action, "", VECTOR, False)
        project = QgsProject.instance()
        self._on_added(project.mapLayers().values())
        project.layersAdded.connect(self._on_added)
        self._selection = iface.layerTreeView().selectionModel()
        self._selection.selectionChanged.connect(self.refresh)
        self.refresh()

    def chosen(self):
        """The two results that are selected, the upper one first; else an empty list."""
        layers = self._iface.layerTreeView().selectedLayersRecursive()
        if len(layers) != 2 or not all(self._is_result(layer) for layer in layers):
            return []
        order = [node.layerId() for node in QgsProject.instance().layerTreeRoot().findLayers()]
        return sorted(layers, key=lambda layer: order.index(layer.id()))

    def refresh(self, *_selection):
        """Show the entry only where it makes sense."""
        self.action.setVisible(bool(self.chosen()))

    def _on_swipe(self):
        chosen = self.chosen()
        if chosen:
            self._swipe(*chosen)

    def _on_added(self, layers):
        for layer in layers:
            if self._is_result(layer):
                self._iface.addCustomActionForLayer(self.action, layer)

    def take_down(self):
        """Remove the entry."""
        QgsProject.instance().layersAdded.disconnect(self._on_added)
        with suppress(RuntimeError, TypeError):  # QGIS may be on its way out
            self._selection.selectionChanged.disconnect(self.refresh)
        self._iface.removeCustomActionForLayerType(self.action)
        self.action.deleteLater()
