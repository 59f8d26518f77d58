# SPDX-License-Identifier: GPL-3.0-or-later
"""A map tool that draws one rectangle, visible until another is drawn or it is hidden."""

from qgis.core import QgsGeometry, QgsRectangle
from qgis.gui import QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import QPoint, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor

from .qt import POLYGON

SMALLEST_DRAG = 4  # pixels; less is a click


class RectangleTool(QgsMapTool):
    """Drag to draw; `rectangle` is in the CRS of the map and empty until something was drawn."""

    drawn = pyqtSignal()
    left = pyqtSignal()

    def __init__(self, canvas):
        super().__init__(canvas)
        self.rectangle = QgsRectangle()
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._start = None
        self._band = QgsRubberBand(canvas, POLYGON)
        self._band.setColor(QColor(21, 119, 196))
        self._band.setFillColor(QColor(21, 119, 196, 30))
        self._band.setWidth(2)
        canvas.destinationCrsChanged.connect(self.forget)

    def canvasPressEvent(self, event):
        """Begin a rectangle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._start = QPoint(event.pixelPoint())

    def canvasMoveEvent(self, event):
        """Show the rectangle so far."""
        if self._start is not None:
            self._show(self._to(event.pixelPoint()))

    def canvasReleaseEvent(self, event):
        """Keep the rectangle, if it is one."""
        if self._start is None:
            return
        dragged = event.pixelPoint() - self._start
        rectangle = self._to(event.pixelPoint())
        self._start = None
        if min(abs(dragged.x()), abs(dragged.y())) < SMALLEST_DRAG:
            self._show(self.rectangle)
            return
        self.rectangle = rectangle
        self._show(rectangle)
        self.drawn.emit()

    def keyPressEvent(self, event):
        """Esc leaves the tool."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self._start = None
            self._show(self.rectangle)
            self.canvas().unsetMapTool(self)

    def deactivate(self):
        """Tell that another tool has the map now."""
        super().deactivate()
        self.left.emit()

    def set_visible(self, visible):
        """Show or hide the rectangle that was drawn."""
        self._band.setVisible(visible and not self.rectangle.isEmpty())

    def forget(self):
        """The map has another CRS: the rectangle is somewhere else now, so it goes."""
        self.rectangle = QgsRectangle()
        self._show(self.rectangle)

    def take_down(self):
        """Remove the rectangle from the map."""
        self.canvas().destinationCrsChanged.disconnect(self.forget)
        self.canvas().scene().removeItem(self._band)

    def _to(self, point):
        return QgsRectangle(self.toMapCoordinates(self._start), self.toMapCoordinates(point))

    def _show(self, rectangle):
        if rectangle.isEmpty():
            self._band.reset(POLYGON)
        else:
            self._band.setToGeometry(QgsGeometry.fromRect(rectangle))
            self._band.show()
