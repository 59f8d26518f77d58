# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing a result as GeoJSON in the background: a large one takes seconds."""

from qgis.core import QgsTask, QgsVectorLayer
from qgis.PyQt.QtCore import pyqtSignal

from .. import results
from ..errors import PluginError
from ..words import tr


class ExportTask(QgsTask):
    """Opens the layer's file anew in its own thread. finishedWith(path) or failedWith(sentence)."""

    finishedWith = pyqtSignal(str)
    failedWith = pyqtSignal(str)

    def __init__(self, layer, path):
        super().__init__(tr("Export as GeoJSON"), QgsTask.Flag.CanCancel)
        self._source, self._name = layer.source(), layer.name()
        self._provider, self._crs = layer.providerType(), layer.crs()
        self._path = path
        self._failure = ""

    def run(self):
        """In the background."""
        layer = QgsVectorLayer(self._source, self._name, self._provider)
        layer.setCrs(self._crs)
        try:
            results.export_geojson(layer, self._path)
        except PluginError as why:
            self._failure = str(why)
        return True

    def finished(self, fine):
        """On the main thread."""
        if self._failure or not fine:
            self.failedWith.emit(self._failure or tr("Cancelled."))
        else:
            self.finishedWith.emit(self._path)
