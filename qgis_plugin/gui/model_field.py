# SPDX-License-Identifier: GPL-3.0-or-later
"""Which model looks, with what is known about it."""

from qgis.PyQt.QtCore import QLocale, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QVBoxLayout, QWidget

from ..words import tr
from .qt import hint_label


class ModelField(QWidget):
    """The models that the engine offers; before it was asked, only the one that comes along."""

    changed = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.box = QComboBox(self)
        self.box.setObjectName("waterseg_model")
        self.box.setToolTip(
            tr("The model that looks for water. Larger ones see more and need a GPU.")
        )
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(12)
        self.hint = hint_label(parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.box)
        column.addWidget(self.hint)
        self.box.currentIndexChanged.connect(self._on_choice)
        self._models = {}
        self.set_info(None)

    def set_info(self, info, chosen=""):
        """Offer the models of the engine's `Info`, or nothing but the default one."""
        wanted = self.name() or chosen
        self._models = {model.name: model for model in (info.models if info else ())}
        self.box.blockSignals(True)
        self.box.clear()
        for model in self._models.values():
            self.box.addItem(model.title or model.name, model.name)
        if not self._models:
            self.box.addItem(tr("The model that comes with waterseg"), "")
        default = info.default_model if info else None
        found = self.box.findData(wanted)
        if found < 0 and default is not None:
            found = self.box.findData(default.name)
        self.box.setCurrentIndex(max(found, 0))
        self.box.blockSignals(False)
        self._on_choice()

    def name(self):
        """The name of the model for a job; empty for the engine's own choice."""
        return self.box.currentData() or ""

    def _on_choice(self):
        model = self._models.get(self.name())
        self.hint.setText(describe(model) if model else "")
        self.hint.setVisible(bool(self.hint.text()))
        self.changed.emit()


def describe(model):
    """A line of numbers about a model: size, accuracy, speed; only what is known."""
    parts = []
    if model.parameters:
        parts.append(tr("{millions} million parameters").format(millions=_millions(model)))
    if model.iou_per_image is not None:
        parts.append(
            tr("IoU {value} on held-out images").format(value=_number(model.iou_per_image))
        )
    if model.seconds_per_tile:
        parts.append(tr("{seconds} s per tile").format(seconds=_number(model.seconds_per_tile)))
    return " · ".join(parts)


def _millions(model):
    millions = model.parameters / 1e6
    return QLocale().toString(millions, "f", 1 if millions < 100 else 0)


def _number(value):
    return QLocale().toString(float(value), "f", 2)
