# SPDX-License-Identifier: GPL-3.0-or-later
"""Map tools of training sets: point at a chip, draw water by hand, rub it out."""

import math

from qgis.core import QgsGeometry, QgsPointXY
from qgis.gui import QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import QPoint, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor

from ..training_strokes import polygons_in
from .qt import POLYGON

INK, RUBBER = QColor(24, 128, 214), QColor(235, 70, 50)
#: Points of a stroke are so many pixels of the screen apart, at least.
STEP = 2
#: What is drawn may differ from the hand by so many pixels of the screen.
TOLERANCE = 0.6
CIRCLE = 24


def band(canvas, colour):
    """A polygon on the map that is not in any layer."""
    made = QgsRubberBand(canvas, POLYGON)
    fill = QColor(colour)
    fill.setAlpha(70)
    made.setStrokeColor(colour)
    made.setFillColor(fill)
    made.setWidth(2)
    return made


class MapTool(QgsMapTool):
    """Tells when another tool takes over. Esc leaves."""

    left = pyqtSignal()

    def __init__(self, canvas, cursor=Qt.CursorShape.CrossCursor):
        super().__init__(canvas)
        self.setCursor(cursor)

    def deactivate(self):
        """Another tool has the map now."""
        super().deactivate()
        self.left.emit()

    def keyPressEvent(self, event):
        """Esc leaves the tool."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.canvas().unsetMapTool(self)


class PointTool(MapTool):
    """Tells where the mouse points, and where it clicks, in the CRS of the map."""

    hovered = pyqtSignal(QgsPointXY)
    clicked = pyqtSignal(QgsPointXY)

    def __init__(self, canvas):
        super().__init__(canvas, Qt.CursorShape.PointingHandCursor)

    def canvasMoveEvent(self, event):
        """The mouse moved."""
        self.hovered.emit(self.toMapCoordinates(event.pixelPoint()))

    def canvasReleaseEvent(self, event):
        """A click."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(self.toMapCoordinates(event.pixelPoint()))


class StrokeTool(MapTool):
    """A line that the hand drew with the button pressed; `shape_of` makes a polygon of it."""

    drawn = pyqtSignal(QgsGeometry)
    colour = INK

    def __init__(self, canvas):
        super().__init__(canvas)
        self._line = []
        self._band = band(canvas, self.colour)

    def shape_of(self, line):
        """QgsGeometry in the CRS of the map, empty for a line that is too short."""
        raise NotImplementedError

    def canvasPressEvent(self, event):
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._line = [QPoint(event.pixelPoint())]
            self._show()

    def canvasMoveEvent(self, event):
        """Go on with it."""
        point = QPoint(event.pixelPoint())
        if self._line and (point - self._line[-1]).manhattanLength() >= STEP:
            self._line.append(point)
            self._show()

    def canvasReleaseEvent(self, event):
        """Keep it, if it is one."""
        line, self._line = self._line, []
        self._band.reset(POLYGON)
        shape = self.shape_of(line) if line else QgsGeometry()
        if not shape.isEmpty():
            self.drawn.emit(shape)

    def deactivate(self):
        """A stroke that is not finished is none."""
        self._line = []
        self._band.reset(POLYGON)
        super().deactivate()

    def take_down(self):
        """Leave nothing on the map."""
        self.canvas().scene().removeItem(self._band)

    def _show(self):
        shape = self.shape_of(self._line)
        if shape.isEmpty():
            self._band.reset(POLYGON)
        else:
            self._band.setToGeometry(shape)
            self._band.show()

    def _to_map(self, line):
        return [self.toMapCoordinates(point) for point in line]

    def _unit(self):
        return self.canvas().mapUnitsPerPixel()


class FreehandTool(StrokeTool):
    """Draw around the water; the stroke closes itself."""

    def shape_of(self, line):
        """What the line goes around."""
        if len(line) < 3:
            return QgsGeometry()
        shape = QgsGeometry.fromPolygonXY([self._to_map(line)]).simplify(TOLERANCE * self._unit())
        return polygons_in(shape)  # a hand crosses its own line


class EraserTool(StrokeTool):
    """Rub over the water; what the circle touched goes. radius: pixels on the screen."""

    colour = RUBBER

    def __init__(self, canvas):
        super().__init__(canvas)
        self.radius = 12
        self._ring = band(canvas, self.colour)

    def shape_of(self, line):
        """All that the circle touched."""
        points = self._to_map(line)
        path = (
            QgsGeometry.fromPolylineXY(points)
            if len(points) > 1
            else QgsGeometry.fromPointXY(points[0])
        )
        return path.buffer(self.radius * self._unit(), CIRCLE // 4)

    def canvasMoveEvent(self, event):
        """The circle follows the mouse."""
        super().canvasMoveEvent(event)
        centre = self.toMapCoordinates(event.pixelPoint())
        reach = self.radius * self._unit()
        turns = [2 * math.pi * step / CIRCLE for step in range(CIRCLE)]
        ring = [
            QgsPointXY(centre.x() + reach * math.cos(turn), centre.y() + reach * math.sin(turn))
            for turn in turns
        ]
        self._ring.setToGeometry(QgsGeometry.fromPolygonXY([ring]))
        self._ring.show()

    def deactivate(self):
        """The circle goes."""
        self._ring.reset(POLYGON)
        super().deactivate()

    def take_down(self):
        """Leave nothing on the map."""
        super().take_down()
        self.canvas().scene().removeItem(self._ring)
