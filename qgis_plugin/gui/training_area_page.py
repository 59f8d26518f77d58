# SPDX-License-Identifier: GPL-3.0-or-later
"""Step 1: the image, where on it everything is labelled, and the grid of chips."""

from qgis.core import QgsMapLayerProxyModel
from qgis.gui import QgsDoubleSpinBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QGroupBox,
    QHBoxLayout,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..errors import LayerError
from ..layer_tiles import needs_resolution
from ..training_wire import EXCLUDE, INCLUDE, IS_DRY
from ..words import tr
from .area_field import VIEW, AreaField
from .bands_field import BandsField
from .qt import form_layout, hint_label, theme_icon
from .training_legend import Legend
from .view import view_resolution

TILE = 448
#: Besides the areas of `area_field`: everything is labelled in the chips with water in them.
MARKED = "marked"


class LabelledArea(AreaField):
    """Where all water is drawn; at first that is only where something was drawn or marked."""

    def __init__(self, canvas, parent=None):
        super().__init__(canvas, parent)
        self.kind_box.insertItem(0, tr("Chips that I draw in or mark"), MARKED)
        self.kind_box.setToolTip(
            tr("Where all water is drawn. Outside, nothing is taken for dry land.")
        )
        self.set_kind(MARKED)

    def value(self, exact=True):
        """As in `AreaField`; the whole layer where chips are marked."""
        if self.kind() == MARKED:
            return {"extent": None, "crs": None, "aoi": None}
        return super().value(exact)

    def _size_text(self):
        return "" if self.kind() == MARKED else super()._size_text()


class AreaPage(QWidget):
    """changed(): other chips. deciding(decision or ""): clicks on the map decide about chips."""

    changed = pyqtSignal()
    deciding = pyqtSignal(str)
    forgetDecisions = pyqtSignal()

    def __init__(self, canvas, parent=None):
        super().__init__(parent)
        self.canvas = canvas
        self.layer_box = QgsMapLayerComboBox(self)
        self.layer_box.setObjectName("waterseg_training_layer")
        self.layer_box.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.layer_box.setToolTip(tr("The image on which water is drawn."))
        self.layer_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.layer_box.setMinimumContentsLength(10)
        self.area = LabelledArea(canvas, self)
        self.bands = BandsField(self)
        self.resolution = QgsDoubleSpinBox(self)
        self.tile = QSpinBox(self)
        self.stride = QSpinBox(self)
        self.legend = Legend(self)
        self.notes = hint_label(parent=self)
        self.notes.setObjectName("waterseg_training_plan_notes")
        self.shown = QCheckBox(tr("Show the chips on the map"), self)
        self._set_up_fields()
        self._lay_out()
        self.show_plan(None, [])
        self.layer_box.layerChanged.connect(self.show_layer)
        for part in (self.area, self.bands):
            part.changed.connect(self.changed)
        for number in (self.resolution, self.tile, self.stride):
            number.valueChanged.connect(lambda _value: self.changed.emit())
        self.show_layer(self.layer())

    def _set_up_fields(self):
        for child in (*self.area.findChildren(QWidget), *self.bands.findChildren(QWidget)):
            child.setObjectName(child.objectName().replace("waterseg_", "waterseg_training_"))
        self.resolution.setObjectName("waterseg_training_resolution")
        self.resolution.setRange(0.01, 1e6)
        self.resolution.setDecimals(2)
        self.resolution.setSuffix(tr(" m per pixel"))
        self.resolution.setValue(10)
        for box, name, low, tip in (
            (self.tile, "tile", 16, tr("The side of a chip, in pixels of the image.")),
            (
                self.stride,
                "stride",
                15,
                tr("From one chip to the next, in pixels; less than a side makes chips overlap."),
            ),
        ):
            box.setObjectName("waterseg_training_" + name)
            box.setRange(low, 8192)
            box.setSuffix(" px")
            box.setSingleStep(16)
            box.setKeyboardTracking(False)
            box.setToolTip(tip)
        self.tile.setValue(TILE)
        self.stride.setSpecialValueText(tr("One side: no overlap"))
        self.stride.setValue(self.stride.minimum())
        self.shown.setObjectName("waterseg_training_shown")
        self.shown.setChecked(True)

    def _lay_out(self):
        self.form = form_layout()
        for label, field in (
            (tr("Image"), self.layer_box),
            (tr("Labelled area"), self.area),
            (tr("Pixel size"), self.resolution),
            (tr("Bands"), self.bands),
            (tr("Chip"), self.tile),
            (tr("Step"), self.stride),
        ):
            self.form.addRow(label, field)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 8, 8, 8)
        whole.setSpacing(10)
        whole.addLayout(self.form)
        whole.addWidget(self._chips_box())
        whole.addStretch(1)

    def _chips_box(self):
        box = QGroupBox(tr("Chips"), self)
        column = QVBoxLayout(box)
        column.setSpacing(8)
        column.addWidget(self.legend)
        column.addWidget(self.notes)
        column.addWidget(self.shown)
        hint = hint_label(tr("Choose one of these, then click chips on the map; again undoes it."))
        column.addWidget(hint)
        row = QHBoxLayout()
        row.setSpacing(4)
        self._decisions = QButtonGroup(box)
        self._decisions.setExclusive(False)
        for name, title, icon, tip in _decisions():
            button = QToolButton(box)
            button.setObjectName("waterseg_training_" + name)
            button.setText(title)
            button.setIcon(theme_icon(icon))
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.clicked.connect(lambda on, name=name: self.choose_decision(name if on else ""))
            self._decisions.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self.forget = QToolButton(box)
        self.forget.setObjectName("waterseg_training_forget")
        self.forget.setIcon(theme_icon("mActionUndo.svg"))
        self.forget.setToolTip(tr("Forget all decisions about chips"))
        self.forget.setAutoRaise(True)
        self.forget.clicked.connect(lambda: self.forgetDecisions.emit())
        row.addWidget(self.forget)
        column.addLayout(row)
        return box

    def choose_decision(self, name):
        """Clicks on the map decide so from now on; empty: they decide nothing."""
        for button in self._decisions.buttons():
            button.setChecked(button.objectName() == "waterseg_training_" + name)
        self.deciding.emit(name)

    def layer(self):
        """The raster layer that is chosen, or None."""
        return self.layer_box.currentLayer()

    def values(self, exact=True):
        """What `TrainingRequest.of` wants of this page; raises LayerError."""
        layer = self.layer()
        if layer is None or not layer.isValid():
            raise LayerError(tr("Choose a raster layer."))
        return {
            "layer": layer,
            "area": self.area.value(exact),
            "resolution": self.resolution.value() if needs_resolution(layer) else None,
            "bands": self.bands.value(),
        }

    def is_marked(self):
        """Whether everything is labelled in the chips with water in them, and nowhere else."""
        return self.area.kind() == MARKED

    def options(self):
        """The options of the grid."""
        options = {"tile": self.tile.value()}
        if self.stride.value() > self.stride.minimum():
            options["stride"] = self.stride.value()
        return options

    def show_layer(self, layer):
        """Offer what this layer can be asked."""
        usable = layer is not None and layer.isValid()
        remote = usable and needs_resolution(layer)
        self.resolution.setVisible(remote)
        self.form.labelForField(self.resolution).setVisible(remote)
        if remote:
            self.resolution.setValue(view_resolution(self.canvas, layer))
        self.bands.set_layer(layer)
        if not self.area.touched:
            self.area.set_kind(VIEW if remote else MARKED)
        self.area.set_layer(layer if usable else None)
        self.changed.emit()

    def show_plan(self, plan, notes):
        """The chips as they are now, and sentences about them."""
        self.legend.show_plan(plan)
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))


def _decisions():
    return (
        (
            INCLUDE,
            tr("Take"),
            "mActionAdd.svg",
            tr("This chip is in the set, whatever the ratio of dry ones says."),
        ),
        (EXCLUDE, tr("Leave out"), "mActionRemove.svg", tr("This chip is not in the set.")),
        (
            IS_DRY,
            tr("Dry"),
            "mIconSuccess.svg",
            tr("There is no water in this chip: it is labelled, though nothing is drawn."),
        ),
    )
