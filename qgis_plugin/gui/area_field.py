# SPDX-License-Identifier: GPL-3.0-or-later
"""Where to look for water: the whole layer, the map view, a drawn rectangle or selected polygons."""

from qgis.core import (
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeatureRequest,
    QgsGeometry,
    QgsMapLayerProxyModel,
    QgsProject,
    QgsUnitTypes,
)
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

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
        self.kind_box.addItem(tr("What the map shows"), VIEW)
        self.kind_box.addItem(tr("A rectangle on the map"), DRAWN)
        self.kind_box.addItem(tr("Selected polygons"), SELECTED)
        self.polygon_box = QgsMapLayerComboBox(self)
        self.polygon_box.setObjectName("waterseg_area_layer")
        self.polygon_box.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        for box in (self.kind_box, self.polygon_box):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
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

    def value(self):
        """The area: (extent, polygons), both in the layer's CRS.

        The extent is None for the whole layer; the polygons are a QgsGeometry for selected
        polygons, else None. Raises ValueError with a sentence where there is no such area.
        """
        kind = self.kind()
        if self.layer is None:
            raise ValueError(tr("Choose a raster layer."))
        if kind == VIEW:
            return self._in_layer(self.canvas.extent()), None
        if kind == DRAWN:
            if self.tool.rectangle.isEmpty():
                raise ValueError(tr("Draw a rectangle on the map."))
            return self._in_layer(self.tool.rectangle), None
        if kind == SELECTED:
            polygons = self._selected_polygons()
            return polygons.boundingBox(), polygons
        return None, None

    def refresh(self):
        """Show the size of the area, or what is missing; then tell who waits for it."""
        try:
            extent, _ = self.value()
            self.hint.setText(self._size_text(extent))
        except ValueError as error:
            self.hint.setText(str(error) if self.layer is not None else "")
        self.hint.setVisible(bool(self.hint.text()))
        self.changed.emit()

    def _size_text(self, extent):
        extent = extent or self.layer.extent()
        unit = self.layer.crs().mapUnits()
        name = QgsUnitTypes.toAbbreviatedString(unit)
        width, height = extent.width(), extent.height()
        if name == "m" and max(width, height) >= 10000:
            name, width, height = "km", width / 1000, height / 1000
        text = "{:,.4g} × {:,.4g} {}".format(width, height, name if self.layer.crs().isValid() else "")
        if self.kind() != SELECTED:
            return text.strip()
        count = self.polygon_box.currentLayer().selectedFeatureCount()
        return tr_n("%n selected polygon(s)", count) + ", " + text.strip()

    def _in_layer(self, rectangle):
        source = self.canvas.mapSettings().destinationCrs()
        try:
            moved = self._transform(source).transformBoundingBox(rectangle)
        except QgsCsException:
            raise ValueError(tr("This area cannot be placed in the layer's CRS.")) from None
        inside = moved.intersect(self.layer.extent())
        if inside.isEmpty():
            raise ValueError(tr("This area lies outside the layer."))
        return inside

    def _selected_polygons(self):
        source = self.polygon_box.currentLayer()
        if source is None:
            raise ValueError(tr("There is no polygon layer in the project."))
        if not source.selectedFeatureCount():
            raise ValueError(tr("Select polygons in this layer first."))
        request = QgsFeatureRequest().setNoAttributes()
        shapes = [feature.geometry() for feature in source.getSelectedFeatures(request)]
        polygons = QgsGeometry.unaryUnion([shape for shape in shapes if not shape.isNull()])
        try:
            polygons.transform(self._transform(source.crs()))
        except QgsCsException:
            raise ValueError(tr("This area cannot be placed in the layer's CRS.")) from None
        if not polygons.boundingBox().intersects(self.layer.extent()):
            raise ValueError(tr("This area lies outside the layer."))
        return polygons

    def _transform(self, source):
        return QgsCoordinateTransform(source, self.layer.crs(), QgsProject.instance())

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
            try:
                self._watched.selectionChanged.disconnect(self.refresh)
            except (RuntimeError, TypeError):
                pass  # the layer is gone, and its signal with it
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
