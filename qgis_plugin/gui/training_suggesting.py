# SPDX-License-Identifier: GPL-3.0-or-later
"""What the step Suggest does: a run whose polygons become suggestions, and going through them."""

from qgis.core import QgsCoordinateTransform, QgsGeometry, QgsProject
from qgis.PyQt.QtCore import QObject
from qgis.PyQt.QtGui import QColor

from .. import results
from ..errors import LayerError, PluginError
from ..request import SegmentRequest, temporary_output
from ..training_labels import is_labels
from ..training_polygons import CONFIDENCE
from ..training_task import SuggestTask
from ..words import tr, tr_n
from .background import start
from .qt import POLYGON, keys_of
from .training_suggest_page import ACCEPT, ACCEPT_SURE, NEXT, REJECT, REJECT_ALL, SURE
from .training_tools import band

MARKED = QColor(255, 225, 40)
#: How much of the map a suggestion fills when it is gone to.
ZOOM = 3.0
#: Two shores of one lake, a drawn and a found one, are this near to each other, in pixels.
MARGIN = 3.0
KEYS = {"A": ACCEPT, "R": REJECT}


class Suggesting(QObject):
    """values: a function that gives what `SegmentRequest.of` wants about the image."""

    def __init__(self, iface, dock, drawing, messages, values):
        super().__init__(dock)
        self._iface, self._page, self._drawing = iface, dock.suggest, drawing
        self._messages, self._values = messages, values
        self._canvas = iface.mapCanvas()
        self._task = None
        self._at = None  # number of the feature that is looked at
        self._band = band(self._canvas, MARKED)
        self._page.run.connect(self.run)
        self._page.cancel.connect(self.cancel)
        self._page.decided.connect(self.decide)
        self._page.moved.connect(lambda way: self.move(1 if way == NEXT else -1))
        drawing.changed.connect(self.refresh)
        self._keys = list(keys_of(KEYS, self.decide, self._canvas, dock))
        self.set_keys(False)

    def set_keys(self, on):
        """Whether the keys of decisions are ours."""
        for shortcut in self._keys:
            shortcut.setEnabled(on)

    def run(self):
        """Let the model look."""
        try:
            self._own_layer()
            values = self._values()
            layer = values.pop("layer")
            area = values.pop("area")
            request = SegmentRequest.of(
                layer,
                temporary_output("suggestions.gpkg"),
                options=self._page.options(),
                **values,
                **area,
            )
        except PluginError as why:
            self._messages.problem(str(why))
            return
        self._task = task = SuggestTask(request)
        task.progressed.connect(self._on_progress)
        task.said.connect(self._page.tell)
        task.finishedWith.connect(self._on_finished)
        task.cancelledWith.connect(lambda _path, message: self._end(message))
        task.failedWith.connect(self._on_failed)
        self._page.show_running(True, tr("Starting…"))
        start(task)

    def _own_layer(self):
        """Suggestions need a field that says so: a layer of ours. Raises LayerError."""
        layer = self._drawing.ensure_layer()
        if not is_labels(layer):
            raise LayerError(
                tr(
                    "{layer} has no place for suggestions. In the step Draw, draw into a new "
                    "GeoPackage."
                ).format(layer=layer.name())
            )

    def cancel(self):
        """Stop looking."""
        if self._task is not None:
            self._page.tell(tr("Cancelling…"))
            self._task.cancel()

    def _on_progress(self, done, total, _seconds_left, _water):
        if total:
            self._page.show_progress(done, total)

    def _on_finished(self, path, _message):
        before = len(self._all())
        try:
            self._take(path)
        except PluginError as why:
            self._on_failed(str(why))
            return
        came = len(self._all()) - before
        self._end(tr_n("%n new suggestions", came) if came else tr("Nothing new was found."))
        self.go_to_first()

    def _take(self, path):
        strokes = self._drawing.strokes
        found = results.open_result(path, "")
        change = QgsCoordinateTransform(found.crs(), strokes.layer.crs(), QgsProject.instance())
        some = []
        for feature in found.getFeatures():
            shape = QgsGeometry(feature.geometry())
            shape.transform(change)
            some.append((shape, {CONFIDENCE: feature["confidence"]}))
        strokes.suggest(some, self._drawing.label(), self._margin(change))

    def _margin(self, change):
        """Some pixels of the image, in the units of the layer of labels."""
        grid = self._task.request.pixels.grid
        pixel = change.transformBoundingBox(grid.rectangle(0, 0, 1, 1))
        return MARGIN * max(pixel.width(), pixel.height())

    def _on_failed(self, sentence):
        self._end(sentence)
        self._messages.problem(sentence)

    def _end(self, said):
        self._task = None
        self._page.show_running(False, said)
        self.refresh()

    def _all(self):
        """The suggestions, the surest first."""
        strokes = self._drawing.strokes
        found = strokes.suggestions() if strokes is not None else []
        return sorted(found, key=lambda one: (-_sure(one), one.id()))

    def refresh(self):
        """Show the suggestion that is looked at, or the next one if it was decided about."""
        some = self._all()
        numbers = [one.id() for one in some]
        if self._at not in numbers:
            self._at = numbers[0] if numbers else None
        self._band.reset(POLYGON)
        if self._at is None:
            self._page.show_suggestion(0, 0, None)
            return
        place = numbers.index(self._at)
        self._page.show_suggestion(place + 1, len(some), _sure(some[place]))
        if self._page.isVisible():
            self._band.setToGeometry(some[place].geometry(), self._drawing.strokes.layer)
            self._band.setFillColor(QColor(0, 0, 0, 0))
            self._band.show()

    def move(self, steps):
        """Go on or back."""
        some = self._all()
        numbers = [one.id() for one in some]
        if self._at in numbers:
            self._go_to(some[(numbers.index(self._at) + steps) % len(some)])

    def go_to_first(self):
        """Look at the surest one."""
        some = self._all()
        if some:
            self._go_to(some[0])

    def click(self, point):
        """Go to the suggestion at a point of the map."""
        strokes = self._drawing.strokes
        if strokes is None:
            return
        crs = self._canvas.mapSettings().destinationCrs()
        change = QgsCoordinateTransform(crs, strokes.layer.crs(), QgsProject.instance())
        place = QgsGeometry.fromPointXY(change.transform(point))
        for one in self._all():
            if one.geometry().contains(place):
                self._at = one.id()
                self.refresh()
                return

    def _go_to(self, feature):
        self._at = feature.id()
        change = QgsCoordinateTransform(
            self._drawing.strokes.layer.crs(),
            self._canvas.mapSettings().destinationCrs(),
            QgsProject.instance(),
        )
        extent = change.transformBoundingBox(feature.geometry().boundingBox())
        extent.scale(ZOOM)
        if not self._canvas.extent().contains(extent):
            self._canvas.setExtent(extent)
            self._canvas.refresh()
        self.refresh()

    def decide(self, decision):
        """Accept or reject one, the sure ones, or all that are left."""
        strokes, some = self._drawing.strokes, self._all()
        if strokes is None or not some:
            return
        one = [self._at] if decision in (ACCEPT, REJECT) else [each.id() for each in some]
        try:
            if decision == ACCEPT:
                strokes.accept(one)
            elif decision == ACCEPT_SURE:
                strokes.accept([each.id() for each in some if _sure(each) >= SURE])
            elif decision in (REJECT, REJECT_ALL):
                strokes.delete(one)
        except LayerError as why:
            self._messages.problem(str(why))

    def hide(self):
        """Another step is shown."""
        self._band.reset(POLYGON)

    def take_down(self):
        """Stop looking, and leave nothing on the map."""
        if self._task is not None:
            for signal in (
                self._task.progressed,
                self._task.said,
                self._task.finishedWith,
                self._task.cancelledWith,
                self._task.failedWith,
            ):
                signal.disconnect()
            self._task.cancel()
            self._task = None
        self._canvas.scene().removeItem(self._band)
        for shortcut in self._keys:
            shortcut.deleteLater()


def _sure(feature):
    value = feature.attribute(CONFIDENCE)
    return float(value) if isinstance(value, (int, float)) else 0.0
