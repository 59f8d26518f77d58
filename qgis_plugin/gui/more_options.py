# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that are right as they are for nearly everybody, folded away."""

from qgis.gui import QgsCollapsibleGroupBox, QgsDoubleSpinBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QVBoxLayout

from ..words import tr
from .qt import form_layout

#: Until an engine says its own.
DEFAULTS = {
    "overlap": 0.25,
    "threshold": None,
    "min_area": None,
    "min_hole": 0.0,
    "simplify": 0.0,
    "smooth": 0.0,
}


class NumberField(QgsDoubleSpinBox):
    """A number with its unit; its lowest value may stand for "decide for me" (None)."""

    def __init__(self, name, low, high, step, decimals, automatic="", unit=""):
        super().__init__()
        self.setObjectName("waterseg_" + name)
        self.name = name
        self.automatic = bool(automatic)
        self.scale = 100.0 if unit == "%" else 1.0
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setExpressionsEnabled(False)
        if automatic:
            self.setSpecialValueText(automatic)
        if unit:
            self.setSuffix(" " + unit)

    def set_default(self, value):
        """The number that the field shows at first and goes back to; None is "decide for me"."""
        shown = self.minimum() if value is None else value * self.scale
        self.setClearValue(shown, self.specialValueText() if value is None else "")
        self.setValue(shown)

    def number(self):
        """The value in the unit of the option, or None for "decide for me"."""
        if self.automatic and self.value() <= self.minimum():
            return None
        return self.value() / self.scale


class MoreOptions(QgsCollapsibleGroupBox):
    """Overlap, threshold, smallest sizes and outlines; `values` are options of a job."""

    changed = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(tr("More options"), parent)
        self.setObjectName("waterseg_more")
        self.setSaveCollapsedState(False)
        self.setCollapsed(True)
        form = form_layout()
        column = QVBoxLayout(self)
        column.addLayout(form)
        self.fields = {}
        self._defaults = dict(DEFAULTS)
        for label, field, tip in self._rows():
            field.setToolTip(tip)
            field.set_default(self._defaults[field.name])
            field.valueChanged.connect(lambda _value: self.changed.emit())
            form.addRow(label, field)
            form.labelForField(field).setToolTip(tip)
            self.fields[field.name] = field

    def _rows(self):
        square = tr("m²")
        return [
            (
                tr("Overlap of tiles"),
                NumberField("overlap", 0, 50, 5, 0, unit="%"),
                tr("How much neighbouring tiles share. More is slower and finds a little more."),
            ),
            (
                tr("Threshold"),
                NumberField("threshold", 0, 99, 5, 0, tr("The model's own"), "%"),
                tr(
                    "From which probability a pixel is water. Lower finds more water, "
                    "and more that is none."
                ),
            ),
            (
                tr("Smallest water body"),
                NumberField("min_area", -1, 1e9, 500, 0, tr("1000 m²"), square),
                tr("Smaller water bodies are left out, in square metres on the ground."),
            ),
            (
                tr("Smallest island"),
                NumberField("min_hole", 0, 1e9, 500, 0, unit=square),
                tr("Smaller islands become water, in square metres. 0 keeps every island."),
            ),
            (
                tr("Simplify"),
                NumberField("simplify", 0, 10000, 5, 1, unit="m"),
                tr(
                    "Leaves out corners that are closer than this to the straight line, in metres. "
                    "0 keeps the outline exact."
                ),
            ),
            (
                tr("Smooth"),
                NumberField("smooth", 0, 10000, 5, 1, unit="m"),
                tr("Rounds the corners of pixels over this length, in metres. 0 keeps them."),
            ),
        ]

    def set_info(self, info):
        """Take over the defaults that the engine declares, where nobody typed another value."""
        declared = {one.name: one for one in info.options}
        for name, field in self.fields.items():
            if name in declared and field.number() == self._defaults[name]:
                self._defaults[name] = declared[name].default
                field.set_default(declared[name].default)

    def values(self):
        """The options of a job by name, in their own units; None where the engine decides."""
        return {name: field.number() for name, field in self.fields.items()}
