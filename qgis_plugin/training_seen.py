# SPDX-License-Identifier: GPL-3.0-or-later
"""Seen: where an image holds data, so that planned chips are those that will be written.

Found out once for an image, with the same thinned-out picture that a job sends first, in a
thread of its own: of a large file that takes longer than a person wants to wait for chips. Map
servers are not asked: their layers have no edge, and it would be much to fetch.
"""

from qgis.PyQt.QtCore import QObject, pyqtSignal

from .training_asker import Asker
from .training_wire import where_data_is

#: The name of the question.
DATA = "data"
#: The engine looks at a raster with so many rows and columns, at most.
MOST_SIDE = 1024


class Seen(QObject):
    """found(): of some image it is known now."""

    found = pyqtSignal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self._asker = Asker(self)
        self._asker.answered.connect(self._on_answer)
        self._asker.failed.connect(self._on_failure)
        self._known = {}

    def of(self, layer, request):
        """What the engine said of the image of a `TrainingRequest`, or "" while nobody knows."""
        pixels, missing = request.pixels, request.options.get("nodata", "auto")
        if pixels.remote:
            return ""
        key = (layer.id(), layer.source(), pixels.band_numbers, pixels.grid, missing)
        if key not in self._known:
            self._known[key] = ""  # until it is answered
            self._asker.ask(
                DATA, key, lambda client, feedback: _ask(client, pixels, missing, feedback)
            )
        return self._known[key]

    def forget(self):
        """Another engine may know, or files may have changed."""
        self._known = {}

    def _on_answer(self, _kind, key, answer):
        self._known[key] = answer
        self.found.emit()

    def _on_failure(self, _kind, _key, _sentence):
        """Then chips are planned without; what reads the image later will say what is wrong."""

    def close(self):
        """No more looking."""
        self._asker.close()


def _ask(client, pixels, missing, feedback):
    height, width = min(pixels.grid.height, MOST_SIDE), min(pixels.grid.width, MOST_SIDE)
    about = pixels.describe()
    body = pixels.overview(height, width, feedback)
    return where_data_is(client, (height, width), about, missing, body, feedback)
