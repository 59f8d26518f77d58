# SPDX-License-Identifier: GPL-3.0-or-later
"""The map tool that swipes: drag a line; left of it is one layer, right of it the other."""

from contextlib import suppress

from qgis.gui import QgsMapTool
from qgis.PyQt.QtCore import Qt, pyqtSignal

from .swipe_item import SwipeItem
from .swipe_pictures import SwipePictures

#: Pixels by which a key moves the line.
STEP = 20
KEYS = {Qt.Key.Key_Comma: -STEP, Qt.Key.Key_Period: STEP}


class SwipeTool(QgsMapTool):
    """Lives from `setMapTool` until another tool is chosen, Esc, or one of its layers goes.

    left, right: vector layers. ended(): the map is as it was before. escaped(): and the user wants
    the tool before it back.
    """

    ended = pyqtSignal()
    escaped = pyqtSignal()

    def __init__(self, canvas, left, right):
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self._layers = (left, right)
        self._names = (left.name(), right.name())
        self._dragging = False
        self.item = None
        self._pictures = None

    @property
    def layers(self):
        """(left, right)."""
        return self._layers

    def activate(self):
        """Show the swipe."""
        super().activate()
        if self.item is not None:  # chosen again while it is there
            return
        canvas = self.canvas()
        self.item = SwipeItem(canvas, self._names)
        self._pictures = SwipePictures(self)
        self._pictures.drawn.connect(self.item.show_picture)
        canvas.renderStarting.connect(self._draw)
        for layer in self._layers:
            layer.willBeDeleted.connect(self._escape)
        self._draw()

    def deactivate(self):
        """Another tool has the map now: nothing of this one stays."""
        super().deactivate()
        if self.item is None:
            return
        self.canvas().renderStarting.disconnect(self._draw)
        for layer in self._layers:
            with suppress(RuntimeError, TypeError):  # the layer may be on its way out
                layer.willBeDeleted.disconnect(self._escape)
        self._pictures.drawn.disconnect()
        self._pictures.stop()
        self._pictures.deleteLater()
        self.canvas().scene().removeItem(self.item)
        self.item = self._pictures = None
        self._layers = ()
        self.ended.emit()

    def canvasPressEvent(self, event):
        """The line jumps to where the mouse is pressed."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragging = True
            self.item.move_to(event.pixelPoint().x())

    def canvasMoveEvent(self, event):
        """The line follows."""
        if self._dragging:
            self.item.move_to(event.pixelPoint().x())

    def canvasReleaseEvent(self, event):
        """The line stays."""
        self._dragging = False

    def keyPressEvent(self, event):
        """Esc ends it; comma and full stop move the line."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self._escape()
        elif event.key() in KEYS:
            event.accept()
            self.item.move_to(self.item.x + KEYS[event.key()])

    def _escape(self):
        self.canvas().unsetMapTool(self)
        self.escaped.emit()

    def _draw(self):
        self._pictures.draw(self.canvas().mapSettings(), self._layers)
