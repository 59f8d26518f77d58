# SPDX-License-Identifier: GPL-3.0-or-later
"""Picture: a raster layer as a person sees it on the map, as a PNG for the engine to look at."""

from dataclasses import dataclass

from qgis.PyQt.QtCore import QBuffer, QIODevice
from qgis.PyQt.QtGui import QColor, QImage, QPainter

from .errors import LayerError
from .layer_rendered import chain_of
from .words import tr


@dataclass(frozen=True)
class View:
    """A part of a layer at some size. extent: QgsRectangle in the layer's CRS."""

    extent: object
    height: int
    width: int

    def pixel_of(self, point):
        """(row, col) of a point in the layer's CRS; None outside."""
        col = (point.x() - self.extent.xMinimum()) / self.extent.width() * self.width
        row = (self.extent.yMaximum() - point.y()) / self.extent.height() * self.height
        if not (0 <= col < self.width and 0 <= row < self.height):
            return None
        return int(row), int(col)


class Picture:
    """Made on the main thread, read in one other thread."""

    def __init__(self, layer):
        self._chain = chain_of(layer)
        self._name = layer.name()

    def image(self, view, feedback=None):
        """QImage of a `View`, without transparency: what is missing is black. Raises LayerError."""
        block = self._chain[-1].block(1, view.extent, view.width, view.height, feedback)
        if not block.isValid() or block.isEmpty():
            raise LayerError(tr("{layer} cannot be drawn.").format(layer=self._name))
        drawn = block.image()
        opaque = QImage(drawn.size(), QImage.Format.Format_RGB32)
        opaque.fill(QColor(0, 0, 0))
        painter = QPainter(opaque)
        painter.drawImage(0, 0, drawn)
        painter.end()
        return opaque


def png_text(image):
    """A QImage as PNG in base64, an ASCII text."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().toBase64()).decode("ascii")


def image_of(text):
    """A QImage from a PNG in base64; a null image for an empty text."""
    import base64

    image = QImage()
    if text:
        image.loadFromData(base64.b64decode(text))
    return image
