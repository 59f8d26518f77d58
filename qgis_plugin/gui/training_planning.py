# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the chips on the map true to what is drawn, chosen and decided."""

import json

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsProject
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..engine import the_engine
from ..errors import PluginError
from ..training_marked import plan_of
from ..training_polygons import polygons_of
from ..training_request import TrainingRequest
from ..training_seen import Seen
from ..training_wire import UNLABELLED, WATER
from ..words import tr, tr_n
from .training_chips import ChipsItem

#: The name of the question for the plan.
CHIPS = "chips"
#: The property of an image in which decisions are kept.
DECISIONS = "waterseg/chips"
NOTHING = {"type": "FeatureCollection", "features": []}


class Planning(QObject):
    """plan: what the engine said last, or None. planned(Plan or None, a line about it)."""

    planned = pyqtSignal(object, str)

    def __init__(self, canvas, dock, asker):
        super().__init__(dock)
        self._canvas, self._dock, self._asker = canvas, dock, asker
        self.chips = ChipsItem(canvas)
        self.seen = Seen(self)
        self.plan = None
        self._decisions, self._grid = {}, None
        self._left_out = {}  # why, by key, of chips that turned out to be of no use
        # Typing and drawing change the chips many times a second.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(250)
        self._soon.timeout.connect(self.ask)
        self.seen.found.connect(self.schedule)
        dock.area.changed.connect(self._on_area)
        dock.area.shown.toggled.connect(self.show_chips)
        dock.area.forgetDecisions.connect(self.forget_decisions)
        canvas.destinationCrsChanged.connect(self.show_chips)
        self._on_area()

    def request(self, output=""):
        """The set as the panel says it now. Raises LayerError."""
        dock = self._dock
        values = dock.area.values()
        layer, drawn = values.pop("layer"), dock.draw.layer()
        polygons = NOTHING
        if drawn is not None:
            polygons = polygons_of(drawn, layer, dock.draw.label_field())
        return TrainingRequest.of(
            layer,
            polygons,
            chips=dict(self._decisions),
            options={**dock.area.options(), **dock.write.options()},
            licence=dock.write.licence.currentText().strip(),
            output=output,
            marked=dock.area.is_marked(),
            **values,
        )

    def now(self):
        """The request, without a folder, and the image. Raises LayerError."""
        return self.request(), self._dock.area.layer()

    def schedule(self):
        """Work the chips out soon."""
        self._soon.start()

    def ask(self):
        """Ask the engine which chips there would be."""
        if not self._dock.isVisible():
            return
        if not the_engine().is_set_up():
            self.show(None, tr("waterseg has no engine yet. Set it up, or connect to a server."))
            return
        try:
            request = self.request()
        except PluginError as why:
            self.show(None, str(why))
            return
        data = self.seen.of(self._dock.area.layer(), request)
        self._asker.ask(
            CHIPS, None, lambda client, feedback: plan_of(client, request, feedback, data)
        )
        if self.plan is None:
            self.planned.emit(None, tr("Working the chips out…"))

    def show(self, answer, why=""):
        """The engine's answer; None with a sentence where there is none."""
        answer = answer.without(self._left_out) if answer is not None else None
        self.plan = answer
        self._dock.area.show_plan(answer, answer.notes if answer is not None else [])
        self.show_chips()
        self.planned.emit(answer, why if answer is None else _in_words(answer))

    def show_chips(self, *_why):
        """Draw them where they lie on the map, if they are to be seen."""
        layer = self._dock.area.layer()
        shown = self.plan is not None and layer is not None and self._dock.area.shown.isChecked()
        if not shown or not self._dock.isUserVisible():
            self.chips.show_chips([], None)
            return
        crs = self._canvas.mapSettings().destinationCrs()
        change = QgsCoordinateTransform(layer.crs(), crs, QgsProject.instance())
        try:
            self.chips.show_chips(self.plan.chips, change)
        except QgsCsException:
            self.chips.show_chips([], None)  # the map's CRS cannot show this place

    def leave_out(self, planned, written):
        """Chips that were `planned` but are not in the set: their pixels were of no use.

        planned: a `Plan` or None; written: keys of the chips in the set.
        """
        why = tr("Left out when it was written: too little data, or none where water is drawn.")
        chips = planned.chips if planned is not None else ()
        self._left_out = {chip.key: why for chip in chips if chip.split and chip.key not in written}
        self.ask()

    def decide(self, point, decision):
        """The chip at a point of the map is decided about so; again takes it back."""
        chip = self.chips.chip_at(point)
        if chip is None:
            return
        if self._decisions.pop(chip.key, "") != decision:
            self._decisions[chip.key] = decision
        self._remember()
        self.ask()

    def forget_decisions(self):
        """The engine decides about every chip again."""
        self._decisions = {}
        self._remember()
        self.schedule()

    def _remember(self):
        """With the image, in the project: decisions are work."""
        layer = self._dock.area.layer()
        if layer is not None:
            said = json.dumps({"grid": self._grid[1:], "chips": self._decisions})
            layer.setCustomProperty(DECISIONS, said)

    def _recalled(self, layer):
        """What was decided about this image's chips on this grid."""
        try:
            said = json.loads(layer.customProperty(DECISIONS, "") if layer is not None else "")
            return dict(said["chips"]) if said["grid"] == self._grid[1:] else {}
        except (ValueError, TypeError, KeyError):
            return {}

    def _on_area(self):
        """With another image or grid, what was decided is about other chips."""
        area = self._dock.area
        layer = area.layer()
        name = layer.id() if layer is not None else ""
        grid = [name, area.resolution.value(), area.options()]
        before, self._grid = self._grid, grid
        if grid != before:
            self._left_out = {}
            self._decisions = self._recalled(layer)
            if before is not None and name != before[0]:
                self._dock.write.suggest_name(layer)
        self.schedule()

    def take_down(self):
        """Leave nothing on the map."""
        self._soon.stop()
        self.seen.close()
        self._canvas.destinationCrsChanged.disconnect(self.show_chips)
        self._canvas.scene().removeItem(self.chips)


def _in_words(answer):
    """One line about a plan: "36 chips: 12 with water, 3 dry · 21 not labelled yet"."""
    taken = [chip for chip in answer.chips if chip.split]
    if not answer.number(WATER):
        return tr("No water is drawn in any chip yet.")
    wet = sum(chip.state == WATER for chip in taken)
    text = tr("{chips}: {wet} with water, {dry} dry").format(
        chips=tr_n("%n chips", len(taken)), wet=wet, dry=len(taken) - wet
    )
    open_ones = answer.number(UNLABELLED)
    if open_ones:
        text += " · " + tr_n("%n not labelled yet", open_ones)
    return text
