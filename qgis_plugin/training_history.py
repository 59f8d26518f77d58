# SPDX-License-Identifier: GPL-3.0-or-later
"""History: a layer that is on disk after every change, and can be undone all the same.

QGIS forgets how to undo when a layer is saved. So this keeps, for every saved change, what the
features were before and after, whichever tool made the change, ours or one of QGIS's own.
"""

from qgis.core import QgsFeature
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from .errors import LayerError
from .words import tr

#: Strokes that can be undone.
MOST = 200


class History(QObject):
    """Watches one vector layer, saves after each change, and undoes and redoes.

    changed(): something else is drawn now. failed(sentence): it could not be saved. Main thread.
    """

    changed = pyqtSignal()
    failed = pyqtSignal(str)

    def __init__(self, layer, parent=None):
        super().__init__(parent)
        self.layer = layer
        self._now = {one.id(): QgsFeature(one) for one in layer.getFeatures()}
        self._touched, self._reshaped = set(), set()
        self._undo, self._redo = [], []
        self._replay_into = None  # the stack that gets what a replay changed
        self._again = []  # what a replay adds again, until it has its new number
        # QGIS's own tools are in the middle of something when they tell that it changed.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.save)
        self._links = [
            (layer.featureAdded, self._on_edit),
            (layer.featureDeleted, self._on_edit),
            (layer.geometryChanged, self._on_reshaped),
            (layer.attributeValueChanged, self._on_edit),
            (layer.committedFeaturesAdded, self._on_added),
            (layer.committedFeaturesRemoved, lambda _layer, ids: self._touched.update(ids)),
            (layer.committedGeometriesChanges, lambda _layer, some: self._touched.update(some)),
            (
                layer.committedAttributeValuesChanges,
                lambda _layer, some: self._touched.update(some),
            ),
        ]
        for signal, slot in self._links:
            signal.connect(slot)

    def begin(self):
        """Let people edit the layer. Whether that works."""
        return self.layer.isEditable() or self.layer.startEditing()

    def rest(self):
        """Save, and stop editing for now."""
        self.save()
        if self.layer.isEditable():
            self.layer.commitChanges()

    def end(self):
        """Save, and let the layer be."""
        self.rest()
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links = []
        self._soon.stop()

    def can_undo(self):
        """Whether there is a stroke to take back."""
        return bool(self._undo)

    def can_redo(self):
        """Whether there is a stroke to do again."""
        return bool(self._redo)

    def undo(self):
        """Take back the last stroke."""
        self._revert(self._undo, self._redo)

    def redo(self):
        """Do again what was taken back last."""
        self._revert(self._redo, self._undo)

    def _revert(self, stack, other):
        """Undo the last stroke of one stack; what that changed is the other stack's next one."""
        if not stack:
            return
        stroke, self._replay_into = stack.pop(), other
        try:
            with self._stroke(tr("Undo")):
                for before, after in stroke:
                    self._restore(before, after)
        finally:
            self._replay_into, self._again = None, []

    def _restore(self, before, after):
        if before is None:
            self.layer.deleteFeature(after.id())
        elif after is None:
            self._again.append(before)
            self.layer.addFeature(QgsFeature(before))
        else:
            self.layer.changeGeometry(after.id(), before.geometry())
            for index, value in enumerate(before.attributes()):
                if value != after.attribute(index):
                    self.layer.changeAttributeValue(after.id(), index, value)

    def save(self):
        """Write what was changed to disk, as one stroke."""
        self._soon.stop()
        if not self.layer.isEditable():
            return
        self._before_saving()
        if not self.layer.isModified():
            return
        if not self.layer.commitChanges(False):
            self.failed.emit(
                tr("What was drawn on {layer} could not be saved: {why}").format(
                    layer=self.layer.name(), why="; ".join(self.layer.commitErrors()[-2:])
                )
            )
            return
        self._take_note()

    def _before_saving(self):
        """What has to be set right in a change before it is saved."""

    def _stroke(self, title):
        return _Stroke(self, title)

    def _on_edit(self, *_what):
        self._soon.start()

    def _on_reshaped(self, number, _shape):
        self._reshaped.add(number)
        self._soon.start()

    def _on_added(self, _layer, features):
        """Saved polygons have their numbers now; those that came again may have another one."""
        for feature in features:
            self._touched.add(feature.id())
            shape = feature.geometry().asWkb()
            for before in self._again:
                if before.geometry().asWkb() == shape:
                    self._again.remove(before)
                    self._renumber(before.id(), feature.id())
                    break

    def _renumber(self, old, new):
        for stroke in (*self._undo, *self._redo):
            for one in (half for both in stroke for half in both):
                if one is not None and one.id() == old:
                    one.setId(new)

    def _take_note(self):
        """After saving: what the polygons were before, and are now."""
        stroke = []
        for number in sorted(self._touched):
            after = self.layer.getFeature(number)
            after = QgsFeature(after) if after.isValid() else None
            stroke.append((self._now.get(number), after))
            if after is None:
                self._now.pop(number, None)
            else:
                self._now[number] = QgsFeature(after)
        self._touched = set()
        if stroke and self._replay_into is None:
            self._undo = [*self._undo[1 - MOST :], stroke]
            self._redo = []
        elif stroke:
            self._replay_into.append(stroke)
        self.changed.emit()


class _Stroke:
    """Changes that are saved together, or not made at all."""

    def __init__(self, strokes, title):
        self._strokes, self._title = strokes, title

    def __enter__(self):
        strokes = self._strokes
        strokes.save()  # what one of QGIS's tools left is a stroke of its own
        if not strokes.begin():
            raise LayerError(
                tr("{layer} cannot be changed. Is its file read-only?").format(
                    layer=strokes.layer.name()
                )
            )
        strokes.layer.beginEditCommand(self._title)

    def __exit__(self, kind, why, trace):
        if kind is not None:
            self._strokes.layer.destroyEditCommand()
            return
        self._strokes.layer.endEditCommand()
        self._strokes.save()
