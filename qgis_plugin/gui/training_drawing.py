# SPDX-License-Identifier: GPL-3.0-or-later
"""What the step Draw does: tools of ours and of QGIS on one layer, saved as people draw."""

import os

from qgis.core import QgsCoordinateTransform, QgsGeometry, QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog

from ..errors import LayerError
from ..training_labels import dress, is_labels, make_labels, suggested_path, without_forms
from ..training_strokes import Strokes
from ..words import tr, tr_n
from .qt import QAction, keys_of, short_path
from .training_draw_page import (
    CORNERS,
    ERASER,
    FREEHAND,
    ISLAND,
    POLYGON_TOOL,
    REDO,
    SNAP,
    UNDO,
    WAND,
)
from .training_tools import EraserTool, FreehandTool
from .training_wand import WandTool

#: QGIS's own tools, by the names of their actions.
THEIRS = {
    POLYGON_TOOL: "mActionAddFeature",
    ISLAND: "mActionAddRing",
    CORNERS: "mActionVertexToolActiveLayer",
}
KEYS = {
    "P": POLYGON_TOOL,
    "I": ISLAND,
    "F": FREEHAND,
    "W": WAND,
    "E": ERASER,
    "V": CORNERS,
}
HISTORY_KEYS = {"Ctrl+Z": UNDO, "Ctrl+Shift+Z": REDO, "Ctrl+Y": REDO}


class Drawing(QObject):
    """changed(): something else is drawn. raster: a function that gives the image or None."""

    changed = pyqtSignal()

    def __init__(self, iface, dock, asker, messages, raster):
        super().__init__(dock)
        self._iface, self._page, self._messages = iface, dock.draw, messages
        self._canvas, self._raster = iface.mapCanvas(), raster
        self.strokes = None
        self.freehand = FreehandTool(self._canvas)
        self.eraser = EraserTool(self._canvas)
        self.wand = WandTool(self._canvas, asker, raster)
        self._ours = {FREEHAND: self.freehand, ERASER: self.eraser, WAND: self.wand}
        self._theirs = None  # (name, the map tool of QGIS that we chose)
        self.freehand.drawn.connect(self.add)
        self.wand.drawn.connect(self.add)
        self.eraser.drawn.connect(self.erase)
        self.wand.failed.connect(messages.problem)
        self.wand.toleranceChanged.connect(self._page.tolerance.setValue)
        self._page.tolerance.valueChanged.connect(self._on_tolerance)
        self._page.radius.valueChanged.connect(self._on_radius)
        self._page.picked.connect(self.pick)
        self._page.wanted.connect(self.do)
        self._page.newLayer.connect(self.new_layer)
        self._page.changed.connect(self._on_layer)
        self._page.label.currentTextChanged.connect(self._on_label)
        self._canvas.mapToolSet.connect(self._on_tool)
        QgsProject.instance().layersWillBeRemoved.connect(self._on_removed)
        self._shortcuts = [
            *keys_of(KEYS, self._toggle, self._canvas, dock),
            *keys_of(HISTORY_KEYS, self.do, self._canvas, dock),
        ]
        self.set_keys(False)
        self._on_layer()

    def set_keys(self, on):
        """Whether the keys of the tools are ours."""
        for shortcut in self._shortcuts:
            shortcut.setEnabled(on)

    def _toggle(self, name):
        self.pick("" if self._page.tools[name].isChecked() else name)

    def pick(self, name):
        """Draw with this tool; empty: with none of ours."""
        if not name:
            self.put_down()
            return
        try:
            self._ready()
        except LayerError as why:
            self._messages.problem(str(why))
            self._page.show_tool("")
            return
        if name in self._ours:
            self._canvas.setMapTool(self._ours[name])
        else:
            self._use_theirs(name)
        self._canvas.setFocus()

    def _use_theirs(self, name):
        """A tool of QGIS, on the layer of labels."""
        action = self._iface.mainWindow().findChild(QAction, THEIRS[name])
        if action is not None:
            self._iface.setActiveLayer(self.strokes.layer)
            action.trigger()
            self._theirs = (name, self._canvas.mapTool())
        self._on_tool(self._canvas.mapTool())

    def put_down(self):
        """No tool of ours draws any more."""
        tool = self._canvas.mapTool()
        mine = tool in self._ours.values() or (self._theirs and tool is self._theirs[1])
        self._theirs = None
        if tool is not None and mine:
            self._iface.actionPan().trigger()
        self._page.show_tool("")

    def rest(self):
        """The panel is hidden: no tool draws, and the layer is not edited any more."""
        self.put_down()
        if self.strokes is not None:
            self.strokes.rest()

    def do(self, wish):
        """Undo, redo, or snapping on and off."""
        if wish == SNAP:
            self._set_snapping(self._page.snap.isChecked())
        elif self.strokes is not None:
            self._try(self.strokes.undo if wish == UNDO else self.strokes.redo)
        self._show()

    def _set_snapping(self, on):
        snapping = QgsProject.instance().snappingConfig()
        snapping.setEnabled(on)
        QgsProject.instance().setSnappingConfig(snapping)

    def label(self):
        """What is drawn now is called so."""
        return self._page.label.currentText()

    def add(self, shape):
        """Draw a polygon of the map."""
        self._try(lambda: self.strokes.add(self._in_layer(shape), self.label()))

    def erase(self, shape):
        """Rub out a polygon of the map."""
        self._try(lambda: self.strokes.erase(self._in_layer(shape)))

    def _try(self, do):
        try:
            do()
        except LayerError as why:
            self._messages.problem(str(why))

    def _in_layer(self, shape):
        moved = QgsGeometry(shape)
        crs = self._canvas.mapSettings().destinationCrs()
        moved.transform(
            QgsCoordinateTransform(crs, self.strokes.layer.crs(), QgsProject.instance())
        )
        return moved

    def _ready(self):
        """There is a layer to draw into, and it can be edited. Raises LayerError."""
        self.ensure_layer()
        if self.strokes is None:
            self._watch(self._page.layer())
        if not self.strokes.begin():
            raise LayerError(
                tr("{layer} cannot be changed. Is its file read-only?").format(
                    layer=self.strokes.layer.name()
                )
            )
        without_forms(self.strokes.layer)

    def ensure_layer(self):
        """The layer of drawn water; made beside the project if there is none. Raises LayerError."""
        if self._page.layer() is None:
            raster = self._raster()
            if raster is None or not raster.isValid():
                raise LayerError(tr("Choose a raster layer."))
            self._add_layer(suggested_path(raster, os.path.expanduser("~")))
        return self._page.layer()

    def new_layer(self):
        """Ask for a GeoPackage, and draw into that."""
        raster = self._raster()
        if raster is None:
            self._messages.problem(tr("Choose a raster layer."))
            return
        path, _ = QFileDialog.getSaveFileName(
            self._iface.mainWindow(),
            tr("Draw into a new GeoPackage"),
            suggested_path(raster, os.path.expanduser("~")),
            tr("GeoPackage") + " (*.gpkg)",
            "",
            QFileDialog.Option.DontConfirmOverwrite,
        )
        if path:
            self._try(lambda: self._add_layer(path if path.endswith(".gpkg") else path + ".gpkg"))

    def _add_layer(self, path):
        raster = self._raster()
        name = tr("Labels of {layer}").format(layer=raster.name())
        layer = make_labels(path, raster.crs(), name)
        dress(layer)
        project = QgsProject.instance()
        project.addMapLayer(layer, False)
        project.layerTreeRoot().insertLayer(0, layer)
        self._page.layer_box.setLayer(layer)

    def _on_layer(self):
        """Another layer was chosen; one of ours is watched at once, another when it is drawn on."""
        layer = self._page.layer()
        if self.strokes is not None and self.strokes.layer is not layer:
            self._leave()
        if self.strokes is None and is_labels(layer):
            self._watch(layer)
        self._show()
        self.changed.emit()

    def _watch(self, layer):
        self.strokes = Strokes(layer, self)
        self.strokes.label = self.label()
        self.strokes.changed.connect(self._on_stroke)
        self.strokes.failed.connect(self._messages.problem)

    def _on_label(self, label):
        if self.strokes is not None and label:
            self.strokes.label = label

    def _leave(self):
        strokes, self.strokes = self.strokes, None
        self.put_down()
        strokes.end()

    def _on_removed(self, ids):
        if self.strokes is not None and self.strokes.layer.id() in ids:
            self._leave()

    def _on_stroke(self):
        self._show()
        self.changed.emit()

    def _on_tolerance(self, value):
        self.wand.tolerance = value

    def _on_radius(self, value):
        self.eraser.radius = value

    def _on_tool(self, tool, _before=None):
        """Show which tool draws, whoever chose it."""
        name = next((one for one, ours in self._ours.items() if ours is tool), "")
        if self._theirs is not None and self._theirs[1] is tool:
            name = self._theirs[0]
        self._page.show_tool(name)

    def _show(self):
        strokes, layer = self.strokes, self._page.layer()
        said = ""
        if layer is not None:
            number = strokes.count() if strokes is not None else layer.featureCount()
            path = layer.source().split("|")[0]
            said = tr("{polygons}, in {path}").format(
                polygons=tr_n("%n polygons drawn", number), path=short_path(path)
            )
        can_undo = strokes is not None and strokes.can_undo()
        self._page.show_history(can_undo, strokes is not None and strokes.can_redo(), said)
        self._page.snap.setChecked(QgsProject.instance().snappingConfig().enabled())

    def take_down(self):
        """Save and leave the layer, and leave nothing on the map."""
        QgsProject.instance().layersWillBeRemoved.disconnect(self._on_removed)
        self._canvas.mapToolSet.disconnect(self._on_tool)
        if self.strokes is not None:
            self._leave()
        self.put_down()
        for tool in self._ours.values():
            tool.take_down()
            tool.deleteLater()
        for shortcut in self._shortcuts:
            shortcut.deleteLater()
