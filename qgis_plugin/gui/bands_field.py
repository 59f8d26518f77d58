# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bands the model sees as red, green and blue."""

import re

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ..layer_tiles import RENDERED, needs_resolution, shown_bands
from ..words import tr

CHOSEN = "chosen"


class BandsField(QWidget):
    """Colours as the map shows them, or three bands that are read from the file."""

    changed = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.kind_box = QComboBox(self)
        self.kind_box.setObjectName("waterseg_bands")
        self.kind_box.addItem(tr("Values of these bands"), CHOSEN)
        self.kind_box.addItem(tr("Colours as on the map"), RENDERED)
        self.kind_box.setToolTip(
            tr(
                "Values of bands are read from the file, and one contrast is worked out for the "
                "whole area. Colours as on the map are what your layer style shows."
            )
        )
        self.band_boxes = [self._band_box(name) for name in ("red", "green", "blue")]
        tips = (tr("Red"), tr("Green"), tr("Blue"))
        self.bands_row = QWidget(self)
        row = QHBoxLayout(self.bands_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for box, tip in zip(self.band_boxes, tips):
            box.setToolTip(tip)
            row.addWidget(box, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.kind_box)
        column.addWidget(self.bands_row)
        self.kind_box.currentIndexChanged.connect(self._on_kind)

    def _band_box(self, name):
        box = QComboBox(self)
        box.setObjectName("waterseg_band_" + name)
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        box.currentIndexChanged.connect(lambda _index: self.changed.emit())
        return box

    def set_layer(self, layer):
        """Offer the bands of this layer, as its style shows them; without any, only colours."""
        has_values = layer is not None and layer.isValid() and not needs_resolution(layer)
        shown = shown_bands(layer) if has_values else RENDERED
        bands = (1, 1, 1) if shown == RENDERED else (tuple(shown) * 3)[:3]
        for box, band in zip(self.band_boxes, bands):
            _fill(box, layer if has_values else None, band)
        self.kind_box.setCurrentIndex(
            self.kind_box.findData(RENDERED if shown == RENDERED else CHOSEN)
        )
        self.kind_box.setEnabled(has_values)
        self._on_kind()

    def value(self):
        """ "rendered", or three band numbers, counted from 1; one number for grey."""
        if self.kind_box.currentData() == RENDERED:
            return RENDERED
        bands = tuple(box.currentData() or 1 for box in self.band_boxes)
        return bands[:1] if len(set(bands)) == 1 else bands

    def _on_kind(self):
        self.bands_row.setVisible(self.kind_box.currentData() == CHOSEN)
        self.changed.emit()


def _fill(box, layer, chosen):
    """Offer the bands of a layer, the number first, so that it reads in a narrow box."""
    box.blockSignals(True)
    box.clear()
    for band in range(1, (layer.bandCount() if layer is not None else 0) + 1):
        # QGIS says "Band 1 (Red)" or "Band 01: B04", with its own word for band.
        name = re.sub(r"^\D*\d+\W*", "", layer.bandName(band)).rstrip(") ")
        box.addItem(f"{band} {name}".strip(), band)
    box.setCurrentIndex(box.findData(chosen))
    box.view().setMinimumWidth(box.view().sizeHintForColumn(0) + 24)
    box.blockSignals(False)
