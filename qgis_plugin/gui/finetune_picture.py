# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture as wide as the panel, sharp on any screen."""

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QPainter
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget


class PictureBox(QWidget):
    """Shows a QImage with its own proportions; never larger than its own pixels twice."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self._image = self._shown = None
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_image(self, image):
        """Show this one; None shows nothing."""
        self._image, self._shown = image, None
        self.setVisible(image is not None)
        self._fit()
        self.update()

    def image(self):
        """What is shown, or None."""
        return self._image

    def hasHeightForWidth(self):
        """As a picture has."""
        return True

    def heightForWidth(self, width):
        """The height that keeps the proportions."""
        if self._image is None:
            return 0
        width = min(width, 2 * self._image.width())
        return round(width * self._image.height() / self._image.width())

    def sizeHint(self):
        """As wide as it is."""
        return QSize(self.width(), self.heightForWidth(self.width()))

    def resizeEvent(self, event):
        """The height follows the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self):
        self.setFixedHeight(self.heightForWidth(self.width()))

    def paintEvent(self, _event):
        """Scaled once for each size."""
        if self._image is None:
            return
        ratio = self.devicePixelRatioF()
        height = round(self.height() * ratio)
        if self._shown is None or self._shown.height() != height:
            self._shown = self._image.scaledToHeight(
                max(height, 1), Qt.TransformationMode.SmoothTransformation
            )
            self._shown.setDevicePixelRatio(ratio)
        painter = QPainter(self)
        painter.drawImage(0, 0, self._shown)
        painter.end()
