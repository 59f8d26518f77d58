# SPDX-License-Identifier: GPL-3.0-or-later
"""Step 2: where drawing goes, and with what to draw."""

from qgis.core import QgsFieldProxyModel, QgsMapLayerProxyModel
from qgis.gui import QgsFieldComboBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..training_labels import is_labels
from ..training_polygons import LABEL
from ..words import tr
from .qt import hint_label, theme_icon, tool_button

POLYGON_TOOL, ISLAND, FREEHAND, WAND, ERASER, CORNERS = (
    "polygon",
    "island",
    "freehand",
    "wand",
    "eraser",
    "corners",
)
UNDO, REDO, SNAP = "undo", "redo", "snap"


class DrawPage(QWidget):
    """picked(tool or ""): draw with it. wanted(UNDO or REDO or SNAP). changed(): another layer."""

    picked = pyqtSignal(str)
    wanted = pyqtSignal(str)
    changed = pyqtSignal()
    newLayer = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self.layer_box = QgsMapLayerComboBox(self)
        self.field = QgsFieldComboBox(self)
        self.label = QComboBox(self)
        self.radius = QSlider(Qt.Orientation.Horizontal, self)
        self.tolerance = QSlider(Qt.Orientation.Horizontal, self)
        self.hint = hint_label(parent=self)
        self.hint.setObjectName("waterseg_training_tool_hint")
        self.saved = hint_label(parent=self)
        self.saved.setObjectName("waterseg_training_saved")
        self.tools = {}
        self._set_up_fields()
        self._lay_out()
        self.layer_box.layerChanged.connect(self._on_layer)
        self.field.fieldChanged.connect(lambda _name: self.changed.emit())
        self._on_layer(self.layer_box.currentLayer())
        self.show_tool("")

    def _set_up_fields(self):
        self.layer_box.setObjectName("waterseg_training_labels")
        self.layer_box.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        self.layer_box.setAllowEmptyLayer(True, tr("A new layer when you draw"))
        self.layer_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.layer_box.setMinimumContentsLength(10)
        self.layer_box.setLayer(None)
        self.layer_box.setToolTip(
            tr("The layer of drawn water: a new one, or any polygon layer of yours.")
        )
        self.field.setObjectName("waterseg_training_field")
        self.field.setFilters(QgsFieldProxyModel.Filter.String)
        self.field.setAllowEmptyFieldName(True)
        self.field.setToolTip(
            tr("The field that says what each polygon is, for sets of several kinds of water.")
        )
        self.label.setObjectName("waterseg_training_label_drawn")
        self.label.setToolTip(tr("What you draw is called so."))
        self.label.addItem("water")
        for slider, name, low, high, value in (
            (self.radius, "radius", 3, 60, 12),
            (self.tolerance, "tolerance", 0, 120, 24),
        ):
            slider.setObjectName("waterseg_training_" + name)
            slider.setRange(low, high)
            slider.setValue(value)

    def _lay_out(self):
        new = tool_button(
            theme_icon("mActionNewGeoPackageLayer.svg"),
            tr("Draw into a new GeoPackage…"),
            "waterseg_training_new_labels",
            self,
        )
        new.clicked.connect(lambda: self.newLayer.emit())
        where = QWidget(self)
        row = QHBoxLayout(where)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.layer_box, 1)
        row.addWidget(new)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 8, 8, 8)
        whole.setSpacing(8)
        whole.addWidget(self._row(tr("Draw into"), where))
        whole.addWidget(self._row(tr("Label field"), self.field))
        whole.addWidget(self._row(tr("Label"), self.label))
        whole.addLayout(self._tools_grid())
        whole.addLayout(self._history_row())
        whole.addWidget(self._row(tr("Eraser"), self.radius))
        whole.addWidget(self._row(tr("Tolerance"), self.tolerance))
        whole.addWidget(self.hint)
        whole.addWidget(self.saved)
        whole.addStretch(1)

    def _row(self, text, field):
        """A field with its label, which leave no gap when they are hidden."""
        row = QWidget(self)
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(10)
        label = QLabel(text, row)
        label.setMinimumWidth(76)
        inside.addWidget(label)
        inside.addWidget(field, 1)
        return row

    def _tools_grid(self):
        grid = QGridLayout()
        grid.setSpacing(4)
        for place, (name, title, icon, key) in enumerate(_tools()):
            button = QToolButton(self)
            button.setObjectName("waterseg_training_tool_" + name)
            button.setText(title)
            button.setIcon(theme_icon(icon))
            button.setToolTip(f"{title} ({key})")
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda on, name=name: self.picked.emit(name if on else ""))
            grid.addWidget(button, place // 2, place % 2)
            self.tools[name] = button
        return grid

    def _history_row(self):
        row = QHBoxLayout()
        row.setSpacing(4)
        self.undo = _text_button(self, UNDO, tr("Undo"), "mActionUndo.svg", tr("Undo (Ctrl+Z)"))
        self.redo = _text_button(
            self, REDO, tr("Redo"), "mActionRedo.svg", tr("Redo (Ctrl+Shift+Z)")
        )
        self.snap = _text_button(
            self,
            SNAP,
            tr("Snapping"),
            "mIconSnapping.svg",
            tr("New corners snap to those that are there, as QGIS is set to do (S)"),
        )
        self.snap.setCheckable(True)
        for button in (self.undo, self.redo, self.snap):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def layer(self):
        """The layer of drawn water, or None for a new one."""
        return self.layer_box.currentLayer()

    def label_field(self):
        """The field that says what each polygon is, or empty."""
        return self.field.currentField()

    def set_labels(self, labels):
        """Offer these labels for what is drawn next; one only needs no choice."""
        chosen = self.label.currentText()
        self.label.clear()
        self.label.addItems(list(labels))
        self.label.setCurrentIndex(max(self.label.findText(chosen), 0))
        self.label.parentWidget().setVisible(len(labels) > 1)
        if is_labels(self.layer()):
            self.field.setField(LABEL if len(labels) > 1 else "")

    def show_tool(self, name):
        """This tool draws now; empty: none of ours."""
        for one, button in self.tools.items():
            button.setChecked(one == name)
        self.radius.parentWidget().setVisible(name == ERASER)
        self.tolerance.parentWidget().setVisible(name == WAND)
        self.hint.setText(_hints()[name])

    def show_history(self, can_undo, can_redo, saved):
        """What can be undone, and where the drawing is."""
        self.undo.setEnabled(can_undo)
        self.redo.setEnabled(can_redo)
        self.saved.setText(saved)

    def _on_layer(self, layer):
        self.field.setLayer(layer)
        own = is_labels(layer)
        self.field.parentWidget().setVisible(layer is not None and not own)
        if own:
            self.field.setField(LABEL if self.label.count() > 1 else "")
        self.label.parentWidget().setVisible(self.label.count() > 1)
        self.changed.emit()


def _text_button(page, name, title, icon, tip):
    button = QToolButton(page)
    button.setObjectName("waterseg_training_" + name)
    button.setText(title)
    button.setIcon(theme_icon(icon))
    button.setToolTip(tip)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.clicked.connect(lambda: page.wanted.emit(name))
    return button


def _tools():
    """Name, title, icon and key of each tool."""
    return (
        (POLYGON_TOOL, tr("Polygon"), "mActionCapturePolygon.svg", "P"),
        (ISLAND, tr("Island"), "mActionAddRing.svg", "I"),
        (FREEHAND, tr("Freehand"), "mActionStreamingDigitize.svg", "F"),
        (WAND, tr("Magic wand"), "mActionSelectFreehand.svg", "W"),
        (ERASER, tr("Eraser"), "mActionDeleteSelected.svg", "E"),
        (CORNERS, tr("Move corners"), "mActionVertexToolActiveLayer.svg", "V"),
    )


def _hints():
    """How each tool is used, in a sentence."""
    return {
        "": tr("Choose a tool, then draw on the map. Every stroke is saved at once."),
        POLYGON_TOOL: tr("Click the corners of the water; a right click closes it."),
        ISLAND: tr("Click the corners of an island inside drawn water; a right click closes it."),
        FREEHAND: tr("Press and draw around the water; let go to close it."),
        WAND: tr("Press into the water and drag: to the right for more of it, left for less."),
        ERASER: tr("Press and rub over what is not water."),
        CORNERS: tr("Click a corner, move it, click again. Del removes it."),
    }
