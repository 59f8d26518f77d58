# SPDX-License-Identifier: GPL-3.0-or-later
"""Strokes: water drawn, rubbed out, suggested and decided about, on one layer of polygons."""

from qgis.core import NULL, QgsFeatureRequest, QgsGeometry, QgsVectorLayerUtils, QgsWkbTypes

from .training_history import History
from .training_polygons import DRAWN, LABEL, STATE, SUGGESTED
from .words import tr

#: Corners of a quarter of a circle.
SEGMENTS = 4
#: A rest of a suggestion has at least the area of so many squares of its margin.
SMALL_REST = 30


class Strokes(History):
    """Every method is one stroke: saved when it returns, undone in one step."""

    def __init__(self, layer, parent=None):
        super().__init__(layer, parent)
        #: What is drawn by tools that do not know of labels is called so.
        self.label = "water"
        self._state = layer.fields().indexOf(STATE)
        self._label = layer.fields().indexOf(LABEL)

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
                for rest in self._beside(shape, margin):
                    self._put(rest, label, SUGGESTED, values)

    def _beside(self, shape, margin):
        """What of a shape is not there yet, each piece for itself.

        Two shores of one lake never lie on each other: thin and small rests are no suggestion.
        """
        others = [one.geometry() for one in self._near(shape)]
        others = [one for one in others if one.intersects(shape)]
        for other in others:
            shape = shape.difference(other)
        if not others or margin <= 0:
            rest = polygons_in(shape)
            return [] if rest.isEmpty() else [rest]
        wide = shape.buffer(-margin, SEGMENTS).buffer(1.5 * margin, SEGMENTS)
        pieces = polygons_in(shape.intersection(wide)).asGeometryCollection()
        return [piece for piece in pieces if piece.area() > SMALL_REST * margin**2]

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

    def _before_saving(self):
        self._decide_reshaped()
        self._name_new()

    def _decide_reshaped(self):
        """A suggestion that somebody corrected is drawn water."""
        reshaped, self._reshaped = self._reshaped, set()
        if self._state < 0 or self._replay_into is not None:
            return
        for number in reshaped:
            before = self._now.get(number)
            if before is not None and before.attribute(self._state) == SUGGESTED:
                self.layer.changeAttributeValue(number, self._state, DRAWN)

    def _name_new(self):
        """What a tool of QGIS drew has neither state nor label yet."""
        buffer = self.layer.editBuffer()
        added = buffer.addedFeatures() if buffer is not None else {}
        for number, feature in added.items():
            for index, value in ((self._state, DRAWN), (self._label, self.label)):
                if index >= 0 and feature.attribute(index) in (None, NULL, ""):
                    self.layer.changeAttributeValue(number, index, value)


def polygons_in(shape):
    """Only the polygons of a geometry, made valid; empty where there is none."""
    parts = [
        part
        for part in shape.makeValid().asGeometryCollection()
        if part.type() == QgsWkbTypes.GeometryType.PolygonGeometry and part.area() > 0
    ]
    return QgsGeometry.collectGeometry(parts) if parts else QgsGeometry()
