# SPDX-License-Identifier: GPL-3.0-or-later
"""Where to look for water: whole layer, map view, drawn rectangle or selected polygons."""

from contextlib import suppress

from qgis.core import QgsFeatureRequest, QgsGeometry, QgsMapLayerProxyModel, QgsUnitTypes
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QLocale, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ..errors import LayerError
from ..layer_area import rectangle_in_layer
from ..words import tr, tr_n
from .qt import hint_label, theme_icon
from .rectangle_tool import RectangleTool

LAYER, VIEW, DRAWN, SELECTED = "layer", "view", "drawn", "selected"


class AreaField(QWidget):
    """A choice of areas; `changed` says that the area may be another one now."""

    changed = pyqtSignal()

    def __init__(self, canvas, parent=None):
        super().__init__(parent)
        self.canvas = canvas
        self.layer = None
        #: Whether a person chose the area, so that it is not changed for them.
        self.touched = False
        self.tool = RectangleTool(canvas)
        self.tool.drawn.connect(self._on_drawn)
        self.tool.left.connect(self._on_tool_left)
        self._previous_tool = None
        self._watched = None
        self._make_widgets()
        # A pan moves the view many times a second; the area is worked out once it rests.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(200)
        self._soon.timeout.connect(self.refresh)
        canvas.extentsChanged.connect(self._on_view_moved)
        self._on_kind()

    def _make_widgets(self):
        self.kind_box = QComboBox(self)
        self.kind_box.setObjectName("waterseg_area")
        self.kind_box.addItem(tr("Whole layer"), LAYER)
        self.kind_box.addItem(tr("Map view"), VIEW)
        self.kind_box.addItem(tr("Rectangle"), DRAWN)
        self.kind_box.addItem(tr("Selected polygons"), SELECTED)
        self.polygon_box = QgsMapLayerComboBox(self)
        self.polygon_box.setObjectName("waterseg_area_layer")
        self.polygon_box.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        for box in (self.kind_box, self.polygon_box):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(10)
        self.kind_box.setToolTip(tr("Only this part of the layer is searched for water."))
        self.kind_box.currentIndexChanged.connect(self._on_kind)
        self.kind_box.activated.connect(self._on_touched)
        self.draw_button = QPushButton(theme_icon("mActionAddPolygon.svg"), tr("Draw…"), self)
        self.draw_button.setObjectName("waterseg_draw")
        self.draw_button.setCheckable(True)
        self.draw_button.setToolTip(tr("Drag a rectangle on the map. Press Esc to stop drawing."))
        self.draw_button.clicked.connect(self._on_draw_button)
        self.polygon_box.setToolTip(
            tr("The polygon layer in which you have selected what is to be searched.")
        )
        self.polygon_box.layerChanged.connect(self._on_polygon_layer)
        self.hint = hint_label(parent=self)
        self.hint.setObjectName("waterseg_area_size")
        first = QHBoxLayout()
        first.addWidget(self.kind_box, 1)
        first.addWidget(self.draw_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(first)
        column.addWidget(self.polygon_box)
        column.addWidget(self.hint)

    def kind(self):
        """Which of the four areas is chosen."""
        return self.kind_box.currentData()

    def set_kind(self, kind):
        """Choose one of the four areas."""
        self.kind_box.setCurrentIndex(self.kind_box.findData(kind))

    def set_layer(self, layer):
        """The raster layer that the area is a part of, or None."""
        self.layer = layer
        self.refresh()

    def value(self, exact=True):
        """The area as `SegmentRequest.of` wants it: extent, crs and aoi; all None for the layer.

        Not `exact`, selected polygons are only their rectangle, which takes no time.
        Raises LayerError with a sentence where there is no such area.
        """
        kind = self.kind()
        if kind == LAYER:
            return {"extent": None, "crs": None, "aoi": None}
        if kind == SELECTED:
            source = self._polygon_layer()
            if not exact:
                return {"extent": source.boundingBoxOfSelected(), "crs": source.crs(), "aoi": None}
            return {"extent": None, "crs": source.crs(), "aoi": _selected_polygons(source)}
        extent = self.canvas.extent() if kind == VIEW else self.tool.rectangle
        if extent.isEmpty() and kind == VIEW:
            raise LayerError(tr("This area lies outside the layer."))
        if extent.isEmpty():
            raise LayerError(tr("Draw a rectangle on the map."))
        return {"extent": extent, "crs": self.canvas.mapSettings().destinationCrs(), "aoi": None}

    def refresh(self):
        """Show the size of the area, or what is missing; then tell who waits for it."""
        text = ""
        if self.layer is not None:
            try:
                text = self._size_text()
            except LayerError as why:
                text = str(why)
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        self.changed.emit()

    def _size_text(self):
        if self.kind() == SELECTED:
            return tr_n("%n selected polygons", self._polygon_layer().selectedFeatureCount())
        area = self.value()
        extent = rectangle_in_layer(area["extent"], None, area["crs"], self.layer)
        whole = self.layer.extent()
        inside = whole if extent is None else extent.intersect(whole)
        if inside.isEmpty():
            raise LayerError(tr("This area lies outside the layer."))
        return size_in_words(inside, self.layer.crs())

    def _polygon_layer(self):
        """The layer with selected polygons; without reading any of them."""
        source = self.polygon_box.currentLayer()
        if source is None:
            raise LayerError(tr("There is no polygon layer in the project."))
        if not source.selectedFeatureCount():
            raise LayerError(tr("Select polygons in this layer first."))
        return source

    def _on_kind(self):
        kind = self.kind()
        self.draw_button.setVisible(kind == DRAWN)
        self.polygon_box.setVisible(kind == SELECTED)
        self.tool.set_visible(kind == DRAWN)
        if kind != DRAWN:
            self._stop_drawing()
        elif self.tool.rectangle.isEmpty() and self.isVisible():
            self._start_drawing()
        self._on_polygon_layer()

    def _on_touched(self):
        self.touched = True

    def _on_polygon_layer(self):
        self._watch(self.polygon_box.currentLayer() if self.kind() == SELECTED else None)
        self.refresh()

    def _watch(self, source):
        """Follow the selection of this layer instead of the one before."""
        if self._watched is not None:
            # The layer may be gone, and its signal with it.
            with suppress(RuntimeError, TypeError):
                self._watched.selectionChanged.disconnect(self.refresh)
        self._watched = source
        if source is not None:
            source.selectionChanged.connect(self.refresh)

    def _on_view_moved(self):
        if self.kind() == VIEW:
            self._soon.start()

    def _on_draw_button(self, on):
        if on:
            self._start_drawing()
        else:
            self._stop_drawing()

    def _start_drawing(self):
        if self.canvas.mapTool() is not self.tool:
            self._previous_tool = self.canvas.mapTool()
        self.canvas.setMapTool(self.tool)
        self.draw_button.setChecked(True)

    def _stop_drawing(self):
        if self.canvas.mapTool() is self.tool:
            if self._previous_tool is not None:
                self.canvas.setMapTool(self._previous_tool)
            else:
                self.canvas.unsetMapTool(self.tool)

    def _on_drawn(self):
        self._stop_drawing()
        self.refresh()

    def _on_tool_left(self):
        self.draw_button.setChecked(False)

    def take_down(self):
        """Leave the map as it was: no tool, no rectangle, no connections."""
        self._soon.stop()
        self._stop_drawing()
        self._watch(None)
        self.tool.take_down()
        self.canvas.extentsChanged.disconnect(self._on_view_moved)


def _selected_polygons(source):
    """The selected features as one geometry, in the CRS of their layer."""
    request = QgsFeatureRequest().setNoAttributes()
    shapes = [feature.geometry() for feature in source.getSelectedFeatures(request)]
    return QgsGeometry.unaryUnion([shape for shape in shapes if not shape.isNull()])


def size_in_words(extent, crs):
    """How large a rectangle is, in the units of its CRS, for example "61.2 × 55.8 km"."""
    width, height, unit = extent.width(), extent.height(), ""
    if crs.isValid():
        unit = QgsUnitTypes.toAbbreviatedString(crs.mapUnits())
        unit = "°" if crs.isGeographic() else unit
    if unit == "m" and max(width, height) >= 10000:
        width, height, unit = width / 1000, height / 1000, "km"
    numbers = [QLocale().toString(side, "f", _decimals(side)) for side in (width, height)]
    return f"{numbers[0]} × {numbers[1]} {unit}".strip()


def _decimals(side):
    return 0 if side >= 1000 else 1 if side >= 10 else 3
