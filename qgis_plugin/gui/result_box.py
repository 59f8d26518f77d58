# SPDX-License-Identifier: GPL-3.0-or-later
"""The last result in the dock: one line about it, and the way to GeoJSON."""

from contextlib import suppress

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from ..words import tr
from .qt import hint_label, theme_icon, tool_button


class ResultBox(QFrame):
    """Hidden until there is a result; forgets it when its layer leaves the project."""

    export = pyqtSignal(object)
    zoom = pyqtSignal(object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setObjectName("waterseg_result")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.layer = None
        self.title = QLabel(self)
        self.title.setWordWrap(True)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.text = QLabel(self)
        self.text.setObjectName("waterseg_summary")
        self.text.setWordWrap(True)
        self.notes = hint_label(parent=self)
        self.notes.setObjectName("waterseg_notes")
        self.zoom_button = tool_button(
            theme_icon("mActionZoomToLayer.svg"), tr("Zoom to the result"), "waterseg_zoom", self
        )
        self.export_button = QPushButton(
            theme_icon("mActionFileSaveAs.svg"), tr("Export as GeoJSON…"), self
        )
        self.export_button.setObjectName("waterseg_export")
        self.export_button.setToolTip(
            tr("Write the polygons as GeoJSON in longitude and latitude (RFC 7946).")
        )
        self.zoom_button.clicked.connect(lambda: self.zoom.emit(self.layer))
        self.export_button.clicked.connect(lambda: self.export.emit(self.layer))
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.zoom_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addWidget(self.notes)
        column.addWidget(self.export_button)
        self.hide()

    def show_result(self, layer, summary, notes=""):
        """Show the result layer with one line about it, and what there is to know beside."""
        self.forget()
        self.layer = layer
        layer.willBeDeleted.connect(self.forget)
        self.export_button.setEnabled(layer.crs().isValid())
        self.title.setText(layer.name())
        self.text.setText(summary)
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))
        self.show()

    def forget(self):
        """There is no result any more."""
        if self.layer is not None:
            # The layer may be gone already.
            with suppress(RuntimeError, TypeError):
                self.layer.willBeDeleted.disconnect(self.forget)
        self.layer = None
        self.hide()
