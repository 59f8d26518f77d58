# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of the map as it would be without one of two layers, drawn by QGIS in the background.

Neither the layers nor the project are told of it: each picture is a job with the map's own settings
and another list of layers. Both share a cache, so that all other layers are drawn once.
"""

from qgis.core import QgsMapRendererCache, QgsMapRendererParallelJob, QgsMapSettings
from qgis.PyQt.QtCore import QObject, pyqtSignal

#: Jobs that were given up but still end: nobody may delete them before.
_ending = set()


class SwipePictures(QObject):
    """`drawn(side, image, settings)`: side 0 is without the second layer, 1 without the first."""

    drawn = pyqtSignal(int, object, object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._cache = QgsMapRendererCache()
        self._job = None
        self._waiting = []

    def draw(self, settings, layers):
        """Draw both pictures anew for a map's QgsMapSettings; what is under way is given up."""
        self.stop()
        self._waiting = [(side, without(settings, layers, side)) for side in (0, 1)]
        self._next()

    def stop(self):
        """Give up what is under way; answers at once."""
        self._waiting = []
        job, self._job = self._job, None
        if job is not None:
            job.finished.disconnect()
            _ending.add((job, self._cache))
            job.finished.connect(lambda: _ended(job))
            job.cancelWithoutBlocking()
            # A picture that is half drawn must not be found there.
            self._cache = QgsMapRendererCache()

    def _next(self):
        if not self._waiting:
            return
        side, settings = self._waiting.pop(0)
        self._job = job = QgsMapRendererParallelJob(settings)
        job.setCache(self._cache)
        job.finished.connect(lambda: self._on_drawn(job, side, settings))
        job.start()

    def _on_drawn(self, job, side, settings):
        self._job = None
        job.deleteLater()
        self.drawn.emit(side, job.renderedImage(), settings)
        self._next()


def without(settings, layers, side):
    """The settings of a map that shows layer number `side` of two and not the other one."""
    shown, hidden = layers[side], layers[1 - side]
    listed = [one for one in settings.layers() if one is not None and one is not hidden]
    if shown not in listed:  # not ticked in the tree: it is asked for all the same
        listed.insert(0, shown)
    made = QgsMapSettings(settings)
    made.setLayers(listed)
    return made


def _ended(job):
    job.deleteLater()
    for pair in [pair for pair in _ending if pair[0] is job]:
        _ending.discard(pair)
