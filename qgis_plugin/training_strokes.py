# SPDX-License-Identifier: GPL-3.0-or-later
"""Strokes: drawing that is on disk as soon as it is drawn, and can be undone all the same.

QGIS forgets how to undo when a layer is saved. So this keeps, for every saved change, what the
polygons were before and after, whichever tool made the change, ours or one of QGIS's own.
"""

from qgis.core import QgsFeature, QgsFeatureRequest, QgsGeometry, QgsVectorLayerUtils, QgsWkbTypes
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from .errors import LayerError
from .training_polygons import DRAWN, LABEL, STATE, SUGGESTED
from .words import tr

#: Strokes that can be undone.
MOST = 200
#: Corners of a quarter of a circle.
SEGMENTS = 4


class Strokes(QObject):
    """Watches one vector layer, saves after each change, and undoes and redoes.

    changed(): something else is drawn now. failed(sentence): it could not be saved. Main thread.
    """

    changed = pyqtSignal()
    failed = pyqtSignal(str)

    def __init__(self, layer, parent=None):
        super().__init__(parent)
        self.layer = layer
        self._state = layer.fields().indexOf(STATE)
        self._label = layer.fields().indexOf(LABEL)
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

    def end(self):
        """Save, and let the layer be."""
        self.save()
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links = []
        self._soon.stop()
        if self.layer.isEditable():
            self.layer.commitChanges()

    def add(self, shape, label, state=DRAWN, values=None):
        """Draw a polygon, joined with those of the same label that it touches. In one stroke."""
        with self._stroke(tr("Draw water")):
            for other in self._near(shape):
                if not self._is_same(other, label, state) or not other.geometry().intersects(shape):
                    continue
                shape = shape.combine(other.geometry())
                self.layer.deleteFeature(other.id())
            self._put(shape, label, state, values)

    def erase(self, shape):
        """Take an area away from everything that is drawn; what is left of it stays."""
        with self._stroke(tr("Erase water")):
            for other in self._near(shape):
                rest = polygons_in(other.geometry().difference(shape))
                if rest.isEmpty():
                    self.layer.deleteFeature(other.id())
                elif not rest.equals(other.geometry()):
                    self.layer.changeGeometry(other.id(), rest)

    def suggest(self, suggestions, label, margin=0.0):
        """Add suggestions: (QgsGeometry, values by field name) each, less what is there already.

        margin: a rim of less than twice this around what is there is no suggestion, in map units.
        """
        with self._stroke(tr("Suggest water")):
            for shape, values in suggestions:
                rest = self._beside(shape, margin)
                if not rest.isEmpty():
                    self._put(rest, label, SUGGESTED, values)

    def _beside(self, shape, margin):
        """What of a shape is not there yet; two shores of one lake never lie on each other."""
        others = [one.geometry() for one in self._near(shape)]
        others = [one for one in others if one.intersects(shape)]
        for other in others:
            shape = shape.difference(other)
        if others and margin > 0:
            wide = shape.buffer(-margin, SEGMENTS).buffer(1.5 * margin, SEGMENTS)
            shape = shape.intersection(wide)
        return polygons_in(shape)

    def accept(self, ids):
        """Suggestions become drawn water."""
        with self._stroke(tr("Accept suggestions")):
            for number in ids:
                self.layer.changeAttributeValue(number, self._state, DRAWN)

    def delete(self, ids):
        """Polygons go."""
        with self._stroke(tr("Delete water")):
            self.layer.deleteFeatures(list(ids))

    def suggestions(self):
        """The suggestions that nobody decided about, the surest last."""
        if self._state < 0:
            return []
        return [one for one in self._now.values() if one.attribute(self._state) == SUGGESTED]

    def count(self):
        """How many polygons are drawn, suggestions not counted."""
        return len(self._now) - len(self.suggestions())

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
        self._decide_reshaped()
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

    def _stroke(self, title):
        return _Stroke(self, title)

    def _near(self, shape):
        return list(self.layer.getFeatures(QgsFeatureRequest(shape.boundingBox())))

    def _is_same(self, feature, label, state):
        same_state = self._state < 0 or (feature.attribute(self._state) or DRAWN) == state
        return same_state and (self._label < 0 or (feature.attribute(self._label) or "") == label)

    def _put(self, shape, label, state, values=None):
        values = {**(values or {}), STATE: state, LABEL: label}
        fields = self.layer.fields()
        known = {fields.indexOf(name): value for name, value in values.items()}
        known = {index: value for index, value in known.items() if index >= 0}
        shape = QgsGeometry(shape)
        if QgsWkbTypes.isMultiType(self.layer.wkbType()):
            shape.convertToMultiType()
        self.layer.addFeature(QgsVectorLayerUtils.createFeature(self.layer, shape, known))

    def _on_edit(self, *_what):
        self._soon.start()

    def _on_reshaped(self, number, _shape):
        self._reshaped.add(number)
        self._soon.start()

    def _decide_reshaped(self):
        """A suggestion that somebody corrected is drawn water."""
        reshaped, self._reshaped = self._reshaped, set()
        if self._state < 0 or self._replay_into is not None:
            return
        for number in reshaped:
            before = self._now.get(number)
            if before is not None and before.attribute(self._state) == SUGGESTED:
                self.layer.changeAttributeValue(number, self._state, DRAWN)

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


def polygons_in(shape):
    """Only the polygons of a geometry, made valid; empty where there is none."""
    parts = [
        part
        for part in shape.makeValid().asGeometryCollection()
        if part.type() == QgsWkbTypes.GeometryType.PolygonGeometry and part.area() > 0
    ]
    return QgsGeometry.collectGeometry(parts) if parts else QgsGeometry()
