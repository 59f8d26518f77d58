# SPDX-License-Identifier: GPL-3.0-or-later
"""The chip grid on the map: each chip in the colour of its state, with its split."""

from qgis.core import QgsPointXY, QgsRectangle
from qgis.gui import QgsMapCanvasItem
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QBrush, QColor, QFont, QPen, QPolygonF, QTransform
from qgis.PyQt.QtWidgets import QGraphicsItem

from ..training_wire import DRY, EXCLUDED, PROBLEM, UNLABELLED, WATER
from ..words import tr

COLOURS = {
    WATER: QColor(24, 128, 214),
    DRY: QColor(196, 132, 28),
    UNLABELLED: QColor(235, 235, 235, 190),
    PROBLEM: QColor(222, 38, 38),
    EXCLUDED: QColor(120, 120, 120),
}
#: How strongly a chip is filled, of 255: the image must be seen through it.
FILLS = {WATER: 42, DRY: 42, UNLABELLED: 0, PROBLEM: 60, EXCLUDED: 110}
#: On the screen, in pixels: from neighbour to neighbour, and from which size a chip has a name.
GAP, NAMED = 3, 46


def split_name(split):
    """A part of a set in the user's language."""
    return {"train": tr("Training"), "val": tr("Validation"), "test": tr("Test")}.get(split, "")


def state_name(state):
    """A chip's state in the user's language."""
    return {
        WATER: tr("Water"),
        DRY: tr("Dry"),
        UNLABELLED: tr("Not labelled yet"),
        PROBLEM: tr("Problem"),
        EXCLUDED: tr("Left out"),
    }[state]


class ChipsItem(QgsMapCanvasItem):
    """Draws chips over the map, and knows which one lies at a point."""

    def __init__(self, canvas):
        super().__init__(canvas)
        self._canvas = canvas
        self._shapes = []  # (chip, polygon, its QRectF) in the CRS of the map
        self._marked = None  # key of the chip that is looked at
        self.setZValue(40)
        # Thousands of chips are not drawn again because a tool moves over them.
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def show_chips(self, chips, change):
        """Show these instead; change: QgsCoordinateTransform from their CRS to the map's."""
        self._shapes = [_shape(chip, change) for chip in chips]
        self.update()

    def mark(self, key):
        """Frame the chip of this key, or none."""
        if key != self._marked:
            self._marked = key
            self.update()

    def chip_at(self, point):
        """The chip at a point of the map, the nearest of several; None outside the grid."""
        place = QPointF(point.x(), point.y())
        found = [
            (_distance(box.center(), place), index)
            for index, (_, polygon, box) in enumerate(self._shapes)
            if box.contains(place) and polygon.containsPoint(place, Qt.FillRule.OddEvenFill)
        ]
        return self._shapes[min(found)[1]][0] if found else None

    def extent_of(self, key):
        """QgsRectangle of a chip in the CRS of the map; None if there is no such chip."""
        for chip, _, box in self._shapes:
            if chip.key == key:
                return QgsRectangle(box.left(), box.top(), box.right(), box.bottom())
        return None

    def boundingRect(self):
        """All of the map's window."""
        return QRectF(self._canvas.viewport().rect())

    def updatePosition(self):
        """The map was moved: everything is somewhere else."""
        self.prepareGeometryChange()
        self.setPos(0, 0)
        self.update()

    def paint(self, painter, option=None, widget=None):
        """Draw the chips that are seen."""
        to_screen = self._canvas.mapSettings().mapToPixel().transform()
        window = self.boundingRect()
        for chip, polygon, _ in self._shapes:
            drawn = to_screen.map(polygon)
            box = drawn.boundingRect()
            if box.intersects(window):
                _paint(painter, chip, _shrunk(drawn, box), box, chip.key == self._marked)


def _shape(chip, change):
    corners = [QgsPointXY(x, y) for x, y in chip.footprint["coordinates"][0]]
    moved = [change.transform(corner) for corner in corners]
    polygon = QPolygonF([QPointF(corner.x(), corner.y()) for corner in moved])
    return chip, polygon, polygon.boundingRect()


def _distance(one, other):
    return (one.x() - other.x()) ** 2 + (one.y() - other.y()) ** 2


def _shrunk(polygon, box):
    """Neighbours share an edge: each draws its own a little inside."""
    side = max(min(box.width(), box.height()), 1)
    share = max(1 - GAP / side, 0.5)
    centre = box.center()
    shrink = QTransform.fromTranslate(centre.x(), centre.y()).scale(share, share)
    return shrink.translate(-centre.x(), -centre.y()).map(polygon)


def _paint(painter, chip, polygon, box, marked):
    colour = COLOURS[chip.state]
    fill = QColor(colour)
    fill.setAlpha(FILLS[chip.state])
    line = QPen(colour, 1.6)
    painter.setBrush(QBrush(fill))
    if chip.state == UNLABELLED:
        line = QPen(colour, 1.2, Qt.PenStyle.DotLine)
    elif chip.state in (WATER, DRY) and not chip.split:  # it could be in the set, but is not
        line = QPen(colour, 1.6, Qt.PenStyle.DashLine)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    else:
        painter.setPen(QPen(QColor(0, 0, 0, 90), 3))
        painter.drawPolygon(polygon)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(line)
    painter.drawPolygon(polygon)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if marked:
        painter.setPen(QPen(QColor(255, 235, 60), 3))
        painter.drawPolygon(polygon)
    inside = polygon.boundingRect()
    if chip.state == EXCLUDED:
        painter.setPen(QPen(QColor(255, 255, 255, 170), 1.4))
        painter.drawLine(inside.topLeft(), inside.bottomRight())
        painter.drawLine(inside.topRight(), inside.bottomLeft())
    if min(box.width(), box.height()) >= NAMED:
        _paint_name(painter, chip, inside, colour)


def _paint_name(painter, chip, inside, colour):
    """A little flag in the upper left corner: the part it is in, or that something is wrong."""
    text = "!" if chip.state == PROBLEM else ""
    if chip.split in ("val", "test"):
        text = split_name(chip.split)
    if not text:
        return
    font = QFont(painter.font())
    font.setPixelSize(11)
    painter.setFont(font)
    width = painter.fontMetrics().horizontalAdvance(text) + 8
    if width > inside.width():
        return
    flag = QRectF(inside.left(), inside.top(), width, 15)
    painter.fillRect(flag, colour)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, text)
