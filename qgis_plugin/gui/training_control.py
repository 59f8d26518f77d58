# SPDX-License-Identifier: GPL-3.0-or-later
"""What the panel of training sets does: hands the map, and the answers, from step to step."""

from qgis.core import QgsRasterLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..engine import the_engine
from ..training_asker import Asker
from ..training_wire import WATER
from ..words import tr_n
from .messages import Messages
from .qt import add_dock
from .training_checking import ALL, ONE, Checking
from .training_dock import TrainingDock
from .training_drawing import Drawing
from .training_planning import CHIPS, Planning
from .training_steps import AREA, CHECK, DRAW, SUGGEST, WRITE
from .training_suggesting import Suggesting
from .training_tools import PointTool
from .training_wand import KIND as WAND
from .training_writing import Writing

#: The name of the question for the models that the engine offers.
MODELS = "models"


class TrainingControl(QObject):
    """One per QGIS. The panel is made when it is shown first."""

    dock_shown = pyqtSignal(bool)
    openOptions = pyqtSignal()
    fineTune = pyqtSignal(str)

    def __init__(self, iface):
        super().__init__(iface.mainWindow())
        self.iface = iface
        self.messages = Messages(iface)
        self.dock = None
        self._deciding = ""

    def show_dock(self, shown):
        """Show or hide the panel; the first time, make it."""
        if self.dock is None:
            if not shown:
                return
            self._make_dock()
        self.dock.setUserVisible(shown)

    def _make_dock(self):
        canvas = self.iface.mapCanvas()
        self.dock = dock = TrainingDock(canvas)
        self.asker = Asker(self)
        self.pointer = PointTool(canvas)
        self.planning = Planning(canvas, dock, self.asker)
        self.drawing = Drawing(self.iface, dock, self.asker, self.messages, dock.area.layer)
        self.suggesting = Suggesting(
            self.iface, dock, self.drawing, self.messages, dock.area.values
        )
        self.checking = Checking(canvas, dock, self.planning.chips, self.asker, self.planning.now)
        self.writing = Writing(dock, self.messages, self.planning)
        self._connect(dock)
        add_dock(self.iface, dock, ["waterseg_dock"])
        layer = self.iface.activeLayer()
        if isinstance(layer, QgsRasterLayer):
            dock.area.layer_box.setLayer(layer)
        dock.write.suggest_name(dock.area.layer())
        dock.draw.set_labels(dock.write.labels())
        self._ask_for_models()
        self.planning.schedule()

    def _connect(self, dock):
        dock.area.deciding.connect(self._on_deciding)
        dock.write.changed.connect(self.planning.schedule)
        dock.write.labelsChanged.connect(lambda: dock.draw.set_labels(dock.write.labels()))
        dock.options.connect(self.openOptions)
        dock.write.result.fineTune.connect(self.fineTune)
        dock.stepChosen.connect(self._on_step)
        dock.visibilityChanged.connect(self._on_visibility)
        self.planning.planned.connect(self._on_plan)
        self.drawing.changed.connect(self.planning.schedule)
        self.writing.ended.connect(self.planning.schedule)
        self.asker.answered.connect(self._on_answer)
        self.asker.failed.connect(self._on_failure)
        self.pointer.clicked.connect(self._on_click)
        self.pointer.hovered.connect(self._on_hover)
        self.pointer.left.connect(self._on_pointer_left)
        the_engine().stateChanged.connect(self._on_engine)

    def _on_answer(self, kind, key, answer):
        if self.dock is None:  # it was on its way when the panel was taken down
            return
        if kind == CHIPS:
            self.planning.show(answer)
        elif kind == MODELS:
            self.dock.suggest.model.set_info(answer)
        elif kind == WAND:
            self.drawing.wand.on_answer(key, answer)
        elif kind in (ONE, ALL):
            self.checking.on_answer(kind, key, answer)

    def _on_failure(self, kind, _key, sentence):
        if self.dock is None:
            return
        if kind == CHIPS:
            self.planning.show(None, sentence)
        elif kind == WAND:
            self.drawing.wand.on_failure(sentence)
        elif kind in (ONE, ALL):
            self.checking.on_failure(kind, sentence)

    def _on_plan(self, answer, text):
        self.checking.show_plan(answer)
        self.dock.show_status(text, the_engine().is_set_up())
        if self.writing.is_running:
            return
        ready = answer is not None and answer.number(WATER) > 0
        self.dock.write.show_ready(ready, text)

    def _on_deciding(self, decision):
        self._deciding = decision
        if decision:
            self._take_map()
        else:
            self._let_go_of_map()

    def _take_map(self):
        # A tool that is chosen again is told that it is left, too.
        if self.iface.mapCanvas().mapTool() is not self.pointer:
            self.iface.mapCanvas().setMapTool(self.pointer)

    def _let_go_of_map(self):
        if self.iface.mapCanvas().mapTool() is self.pointer:
            self.iface.actionPan().trigger()

    def _on_click(self, point):
        step = self.dock.step()
        if step == CHECK:
            self.checking.click(point)
        elif step == SUGGEST:
            self.suggesting.click(point)
        elif step == AREA and self._deciding:
            self.planning.decide(point, self._deciding)

    def _on_hover(self, point):
        if self.dock.step() == CHECK:
            self.checking.hover(point)

    def _on_pointer_left(self):
        if self._deciding:
            self._deciding = ""
            self.dock.area.choose_decision("")

    def _on_step(self, step):
        """Each step has the map in its own way."""
        self._set_keys(step)
        if step in (CHECK, SUGGEST):
            self.drawing.put_down()
            self._take_map()
        else:
            self._let_go_of_map()
        if step != CHECK:
            self.planning.chips.mark(None)
        if step == SUGGEST:
            self.suggesting.refresh()
            if not self.dock.suggest.model.name():  # the engine did not answer when it was asked
                self._ask_for_models()
        else:
            self.suggesting.hide()
        if step == WRITE and not self.writing.is_running:
            self._warn_of_suggestions()

    def _set_keys(self, step):
        self.drawing.set_keys(step in (DRAW, SUGGEST))
        self.suggesting.set_keys(step == SUGGEST)

    def _warn_of_suggestions(self):
        strokes = self.drawing.strokes
        count = len(strokes.suggestions()) if strokes is not None else 0
        text = tr_n("%n suggestions are not decided; they do not count.", count) if count else ""
        self.dock.write.tell(text or self.writing.waiting())

    def _on_visibility(self, _visible):
        shown = self.dock.isUserVisible()
        self.dock_shown.emit(shown)
        self._set_keys(self.dock.step() if shown else None)
        if shown:
            self.planning.schedule()
        else:
            self.suggesting.hide()
            self.drawing.rest()
            self._let_go_of_map()
        self.planning.show_chips()

    def _on_engine(self, _state):
        if self.dock.isVisible() and self.planning.plan is None:
            self.planning.schedule()

    def _ask_for_models(self):
        if not the_engine().is_set_up():
            return
        self.asker.ask(MODELS, None, lambda client, feedback: client.info(feedback))

    def on_options(self):
        """The options were kept, or an engine came or went."""
        if self.dock is not None:
            self._ask_for_models()
            self.planning.seen.forget()
            self.planning.schedule()

    def take_down(self):
        """Leave nothing behind."""
        if self.dock is not None:
            the_engine().stateChanged.disconnect(self._on_engine)
            self.asker.close()
            self.writing.take_down()
            self.suggesting.take_down()
            self.drawing.take_down()
            self.planning.take_down()
            self.iface.mapCanvas().unsetMapTool(self.pointer)
            self.pointer.deleteLater()
            self.dock.area.area.take_down()
            self.iface.removeDockWidget(self.dock)
            self.dock.deleteLater()
            self.dock = None
        self.messages.clear()
        self.deleteLater()
