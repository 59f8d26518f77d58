# SPDX-License-Identifier: GPL-3.0-or-later
"""A layer in memory that ends without a pause: its features go some at a time."""

from qgis.core import QgsFeatureRequest
from qgis.PyQt.QtCore import QObject, QTimer

#: So many at a time that the window never waits. 127,000 at once take a quarter of a second.
AT_ONCE = 2_000


class Leaving(QObject):
    """Takes a layer that is in no project any more, and ends when the layer has. Main thread only.

    parent: keeps it until then.
    """

    def __init__(self, layer, parent):
        super().__init__(parent)
        self._layer = layer
        self._some = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
        self._some.setLimit(AT_ONCE)
        self._timer = QTimer(self)
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._let_some_go)
        self._timer.start()

    def drop(self):
        """End at once."""
        self._timer.stop()
        self._layer = None
        self.deleteLater()

    def _let_some_go(self):
        going = [feature.id() for feature in self._layer.getFeatures(self._some)]
        if going:
            self._layer.dataProvider().deleteFeatures(going)
        else:
            self.drop()
