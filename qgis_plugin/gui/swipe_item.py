# SPDX-License-Identifier: GPL-3.0-or-later
"""The swipe on the map: two pictures on either side of a line, and the names of what they show."""

from qgis.core import QgsPointXY
from qgis.gui import QgsMapCanvasItem
from qgis.PyQt.QtCore import QPointF, QRectF, Qt
from qgis.PyQt.QtGui import QColor, QFontMetricsF, QPainter, QPen

from ..words import tr

#: Above the map, below what people draw on it.
HEIGHT = -5
HANDLE, MARGIN, PAD = 11.0, 10.0, 6.0


class SwipeItem(QgsMapCanvasItem):
    """Paints over the map and changes nothing in it. `share`: where the line is, 0 to 1."""

    def __init__(self, canvas, titles):
        super().__init__(canvas)
        self._canvas = canvas
        self._titles = titles
        self._pictures = {}
        self._hint = tr("Drag the line; Esc ends it.")  # until somebody does
        self.share = 0.5
        self.setZValue(HEIGHT)

    @property
    def x(self):
        """Where the line is, in pixels of the map's window."""
        return self.share * self._canvas.width()

    def move_to(self, x):
        """Put the line there; it stays inside the map."""
        self.share = min(max(x / max(self._canvas.width(), 1), 0.0), 1.0)
        self._hint = ""
        self.update()

    def show_picture(self, side, image, settings):
        """The picture of a side, and the QgsMapSettings that it was drawn with."""
        self._pictures[side] = (image, settings)
        self.update()

    @property
    def is_complete(self):
        """Whether both sides have a picture."""
        return len(self._pictures) == 2

    def boundingRect(self):
        """All of the map's window."""
        return QRectF(0, 0, self._canvas.width(), self._canvas.height())

    def updatePosition(self):
        """The map was moved: pictures stay where they are on the ground."""
        self.prepareGeometryChange()
        self.setPos(QPointF(0, 0))
        self.update()

    def paint(self, painter, option=None, widget=None):
        """The two pictures, the line, the names."""
        whole, x = self.boundingRect(), self.x
        sides = (
            QRectF(0, 0, x, whole.height()),
            QRectF(x, 0, whole.width() - x, whole.height()),
        )
        for side, clip in enumerate(sides):
            if side in self._pictures and clip.width() > 0:
                self._paint_picture(painter, clip, *self._pictures[side])
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_line(painter, x, whole.height())
        for side, clip in enumerate(sides):
            self._paint_title(painter, side, clip)
        if self._hint:
            self._paint_hint(painter, whole)
        painter.restore()

    def _paint_picture(self, painter, clip, image, settings):
        size = settings.outputSize()
        to_map = settings.mapToPixel()
        # Where the corners of the picture are now: elsewhere while a new one is being drawn.
        first = self._now(to_map.toMapCoordinates(0, 0))
        last = self._now(to_map.toMapCoordinates(size.width(), size.height()))
        painter.save()
        painter.setClipRect(clip)
        painter.drawImage(QRectF(first, last), image)
        painter.restore()

    def _now(self, point):
        return self.toCanvasCoordinates(QgsPointXY(point))

    def _paint_line(self, painter, x, height):
        middle = height / 2
        for colour, width in ((QColor(0, 0, 0, 150), 4.0), (QColor(255, 255, 255), 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QPointF(x, 0), QPointF(x, height))
        painter.setPen(QPen(QColor(0, 0, 0, 150), 1.0))
        painter.setBrush(QColor(255, 255, 255))
        painter.drawEllipse(QPointF(x, middle), HANDLE, HANDLE)
        painter.setPen(QPen(QColor(60, 60, 60), 2.0))
        for way in (-1, 1):
            tip = QPointF(x + way * HANDLE * 0.62, middle)
            for up in (-1, 1):
                painter.drawLine(tip, QPointF(x + way * HANDLE * 0.27, middle + up * 4))

    def _paint_title(self, painter, side, clip):
        metrics = QFontMetricsF(painter.font())
        room = clip.width() - 2 * (MARGIN + PAD) - HANDLE
        if room < 3 * metrics.height():
            return
        text = metrics.elidedText(self._titles[side], Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(text) + 2 * PAD
        left = clip.left() + MARGIN if side == 0 else clip.right() - MARGIN - width
        height = metrics.height() + PAD
        # At the bottom: QGIS's message bar lies over the top of the map.
        box = QRectF(left, clip.bottom() - MARGIN - height, width, height)
        _paint_label(painter, box, text)

    def _paint_hint(self, painter, whole):
        metrics = QFontMetricsF(painter.font())
        width, height = metrics.horizontalAdvance(self._hint) + 2 * PAD, metrics.height() + PAD
        middle = whole.height() / 2 + 2 * HANDLE
        _paint_label(painter, QRectF(self.x - width / 2, middle, width, height), self._hint)


def _paint_label(painter, box, text):
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
