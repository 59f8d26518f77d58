# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of the dock: what to look at, with what, and where the result goes."""

from qgis.core import QgsMapLayerProxyModel
from qgis.gui import QgsDoubleSpinBox, QgsMapLayerComboBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from ..errors import LayerError
from ..layer_tiles import needs_resolution
from ..words import tr
from .area_field import LAYER, VIEW, AreaField
from .bands_field import BandsField
from .model_field import ModelField
from .more_options import MoreOptions
from .output_field import OutputField
from .qt import form_layout, hint_label
from .view import view_resolution

PROMPT = "segment water"


class SegmentForm(QWidget):
    """Emits `changed` whenever a run would be another one. Reads no pixels."""

    changed = pyqtSignal()

    def __init__(self, canvas, parent=None):
        super().__init__(parent)
        self.layer_box = QgsMapLayerComboBox(self)
        self.layer_box.setObjectName("waterseg_layer")
        self.layer_box.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.layer_box.setToolTip(tr("The image in which water is looked for."))
        self.layer_box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.layer_box.setMinimumContentsLength(10)
        self.layer_hint = hint_label(parent=self)
        self.area = AreaField(canvas, self)
        self._resolution_touched = False
        self.resolution = QgsDoubleSpinBox(self)
        self.bands = BandsField(self)
        self.model = ModelField(self)
        self.prompt = QLineEdit(PROMPT, self)
        self.more = MoreOptions(self)
        self.output = OutputField(self)
        self._set_up_fields()
        self._lay_out()
        self.layer_box.layerChanged.connect(self.show_layer)
        self.area.changed.connect(self._on_area)
        for part in (self.bands, self.model, self.more, self.output):
            part.changed.connect(self.changed)
        self.resolution.valueChanged.connect(lambda _value: self.changed.emit())
        self.resolution.editingFinished.connect(self._on_resolution_edited)
        self.prompt.textChanged.connect(lambda _text: self.changed.emit())
        self.show_layer(self.layer())

    def _set_up_fields(self):
        self.resolution.setObjectName("waterseg_resolution")
        self.resolution.setRange(0.01, 1e6)
        self.resolution.setDecimals(2)
        self.resolution.setSuffix(tr(" m per pixel"))
        self.resolution.setClearValue(10)
        self.resolution.setValue(10)
        self.resolution.setToolTip(
            tr("This layer has no pixels of its own: the size of a pixel in which it is looked at.")
        )
        self.prompt.setObjectName("waterseg_prompt")
        self.prompt.setPlaceholderText(PROMPT)
        self.prompt.setMaxLength(200)
        self.prompt.setToolTip(
            tr(
                "What to look for, in English, as the model learned it. Several things with "
                "' ; ' between them, as in 'segment lake ; river'."
            )
        )

    def _lay_out(self):
        layer = QWidget(self)
        column = QVBoxLayout(layer)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.layer_box)
        column.addWidget(self.layer_hint)
        self.form = form_layout()
        for label, field in (
            (tr("Layer"), layer),
            (tr("Area"), self.area),
            (tr("Pixel size"), self.resolution),
            (tr("Bands"), self.bands),
            (tr("Model"), self.model),
            (tr("Look for"), self.prompt),
            (tr("Save to"), self.output),
        ):
            self.form.addRow(label, field)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 8, 8, 8)
        whole.setSpacing(10)
        whole.addLayout(self.form)
        whole.addWidget(self.more)
        whole.addStretch(1)

    def layer(self):
        """The raster layer that is chosen, or None."""
        return self.layer_box.currentLayer()

    def choose_layer(self, layer):
        """Choose this raster layer."""
        self.layer_box.setLayer(layer)

    def _on_area(self):
        layer = self.layer()
        if layer is not None and self.area.layer is layer and needs_resolution(layer):
            self._suggest_resolution(layer)
        self.changed.emit()

    def _on_resolution_edited(self):
        self._resolution_touched = True

    def set_info(self, info, model=""):
        """What the engine offers; `model` is the name of the one that was chosen last."""
        self.model.set_info(info, model)
        self.more.set_info(info)

    def request(self, make, temporary, exact=True):
        """The run that the form describes, by `make(layer, output, ...)`. Raises LayerError.

        `temporary(name)` gives the path of the result if nobody chose one. Not `exact` is enough
        for an estimate, and quick.
        """
        layer = self.layer()
        if layer is None or not layer.isValid():
            raise LayerError(tr("Choose a raster layer."))
        options = dict(self.more.values(), prompt=self.prompt.text().strip() or PROMPT)
        if self.model.name():
            options["model"] = self.model.name()
        return make(
            layer,
            self.output.value() or temporary("water.gpkg"),
            resolution=self.resolution.value() if needs_resolution(layer) else None,
            bands=self.bands.value(),
            options=options,
            **self.area.value(exact),
        )

    def show_layer(self, layer):
        """Offer what this layer can be asked."""
        usable = layer is not None and layer.isValid()
        remote = usable and needs_resolution(layer)
        self.layer_hint.setText(_layer_hint(layer))
        self.layer_hint.setVisible(bool(self.layer_hint.text()))
        self._show_resolution(layer, remote)
        self.bands.set_layer(layer)
        self.output.set_layer(layer)
        if not self.area.touched:
            self.area.set_kind(VIEW if remote else LAYER)
        self.area.set_layer(layer if usable else None)
        self.changed.emit()

    def _show_resolution(self, layer, shown):
        self.resolution.setVisible(shown)
        self.form.labelForField(self.resolution).setVisible(shown)
        if shown:
            self._suggest_resolution(layer)

    def _suggest_resolution(self, layer):
        """What the map shows now, as long as nobody typed another one."""
        if not self._resolution_touched:
            self.resolution.blockSignals(True)
            self.resolution.setValue(view_resolution(self.area.canvas, layer))
            self.resolution.blockSignals(False)


def _layer_hint(layer):
    if layer is None:
        return tr("Add an image to the project: Layer, Add Layer, Add Raster Layer.")
    if not layer.isValid():
        return tr("This layer cannot be read.")
    if not layer.crs().isValid():
        return tr("No CRS: sizes count in pixels, and the result cannot become GeoJSON.")
    return ""
