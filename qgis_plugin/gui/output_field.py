# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the result goes: a file of one's own, or one that waterseg names."""

import os

from qgis.core import QgsProject
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from ..words import tr


class OutputField(QWidget):
    """A GeoPackage; left empty, the result is a temporary file and the field says so."""

    changed = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.file = QgsFileWidget(self)
        self.file.setObjectName("waterseg_output")
        self.file.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.file.setFilter(tr("GeoPackage") + " (*.gpkg)")
        self.file.setDialogTitle(tr("Save the water polygons"))
        self.file.setConfirmOverwrite(True)
        self.file.lineEdit().setPlaceholderText(tr("Temporary file"))
        self.file.setToolTip(
            tr(
                "The GeoPackage that gets the water polygons. Left empty, it is a temporary file, "
                "which is gone when QGIS ends."
            )
        )
        self.file.fileChanged.connect(lambda _path: self.changed.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.file)

    def set_layer(self, layer):
        """Begin the file dialog beside the project, with a name made from the layer's."""
        folder = QgsProject.instance().absolutePath()
        name = layer.name() if layer is not None else ""
        clean = "".join(letter if letter.isalnum() else "_" for letter in name).strip("_")
        self.file.setDefaultRoot(os.path.join(folder, f"{clean or 'image'}_water.gpkg"))

    def value(self):
        """The path of a GeoPackage, or "" for a temporary file."""
        path = self.file.filePath().strip()
        if path and not path.lower().endswith(".gpkg"):
            path += ".gpkg"
        return path
