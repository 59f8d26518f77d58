# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare two models on what the map shows: two runs, two layers in a group, and a swipe."""

from contextlib import suppress

from qgis.core import QgsRasterLayer
from qgis.gui import QgsMapTool
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..engine import the_engine
from ..errors import LayerError, PluginError
from ..request import estimate
from ..result_pair import add_pair
from ..words import tr
from .compare_runs import CompareRuns
from .messages import Messages
from .progress_line import ProgressLine
from .swipe_tool import SwipeTool
from .view import request_for_view


class CompareControl(QObject):
    """One per QGIS. `compared(new layer, old layer)` when both are on the map; `ended()` always."""

    compared = pyqtSignal(object, object)
    ended = pyqtSignal()

    def __init__(self, iface):
        super().__init__(iface.mainWindow())
        self.iface = iface
        self.messages = Messages(iface)
        self._runs = self._line = self._tool = self._previous = None

    @property
    def is_running(self):
        """Whether two models look right now."""
        return self._runs is not None

    @property
    def tool(self):
        """The swipe on the map, or None."""
        return self._tool

    def compare(self, old, new, layer=None):
        """Let both models look at what the map shows of a raster layer, and swipe what they find.

        old, new: names of models on offer. layer: None for the active raster layer, or else the
        uppermost on the map. Returns at once; what is wrong is told in the message bar.
        """
        try:
            requests = self._requests(old, new, layer or self._raster())
        except PluginError as why:
            self.messages.problem(str(why))
            return
        self.messages.clear()
        self._runs = runs = CompareRuns(requests, self)
        self._line = line = ProgressLine(self.iface, self)
        line.show()
        line.cancelled.connect(runs.cancel)
        runs.progressed.connect(line.tell)
        runs.finished.connect(self._on_finished)
        runs.failed.connect(self._on_failed)
        runs.cancelled.connect(self._on_cancelled)
        runs.start()

    def cancel(self):
        """Stop the runs; nothing of them stays."""
        if self._runs is not None:
            self._runs.cancel()

    def _requests(self, old, new, layer):
        if self._runs is not None:
            raise PluginError(tr("Two models are being compared already. Wait, or cancel that."))
        if old == new:
            raise PluginError(
                tr("{model} cannot be compared with itself: choose two models.").format(model=new)
            )
        if layer is None:
            raise LayerError(tr("Choose a raster layer."))
        requests = [request_for_view(self.iface.mapCanvas(), layer, name) for name in (new, old)]
        for request in requests:
            problem = estimate(request, the_engine().known_info).problem
            if problem:
                raise LayerError(problem)
        return requests

    def _raster(self):
        """The active layer if it is a raster, else the uppermost one that the map shows."""
        shown = self.iface.mapCanvas().layers()
        for layer in (self.iface.activeLayer(), *shown):
            if isinstance(layer, QgsRasterLayer) and layer.isValid():
                return layer
        return None

    def _on_finished(self, found, lines):
        self._end()
        try:
            new, old = add_pair(*found)
        except PluginError as why:
            self.messages.problem(str(why))
            self.ended.emit()
            return
        names = [request.options["model"] for _, request, _ in found]
        said = [
            tr("{model}: {bodies}.").format(model=name, bodies=line)
            for name, line in zip(names, lines)
        ]
        if self._may_take_map():
            self.swipe(new, old)
        else:
            said.append(tr("Select both layers and choose Swipe in their menu to see them."))
        self.messages.success(" ".join(said))
        self.compared.emit(new, old)
        self.ended.emit()

    def _on_failed(self, sentence):
        self._end()
        self.messages.problem(sentence)
        self.ended.emit()

    def _on_cancelled(self):
        self._end()
        self.messages.info(tr("The comparison was cancelled."))
        self.ended.emit()

    def _end(self):
        self._line.close()
        self._line.deleteLater()
        self._runs.deleteLater()
        self._line = self._runs = None

    def _may_take_map(self):
        """Not from somebody who is drawing just now."""
        tool = self.iface.mapCanvas().mapTool()
        return tool is None or not tool.flags() & QgsMapTool.Flag.EditTool

    def swipe(self, left, right):
        """Show two vector layers on either side of a line that is dragged over the map."""
        canvas = self.iface.mapCanvas()
        if self._tool is None:
            self._previous = canvas.mapTool()
        self.end_swipe()
        self._tool = tool = SwipeTool(canvas, left, right)
        tool.ended.connect(self._on_swipe_ended)
        tool.escaped.connect(self._on_escaped)
        canvas.setMapTool(tool)

    def end_swipe(self):
        """Take the swipe off the map, if there is one."""
        if self._tool is not None:
            self.iface.mapCanvas().unsetMapTool(self._tool)

    def _on_swipe_ended(self):
        tool, self._tool = self._tool, None
        if tool is not None:
            tool.deleteLater()

    def _on_escaped(self):
        """Give the map back to the tool before, if there is one still."""
        previous, self._previous = self._previous, None
        with suppress(RuntimeError):  # it went meanwhile
            if previous is not None:
                self.iface.mapCanvas().setMapTool(previous)
                return
        self.iface.actionPan().trigger()

    def take_down(self):
        """Leave nothing behind; results stay, they are the user's."""
        self.end_swipe()
        if self._runs is not None:
            self._runs.take_down()
            self._end()
        self.messages.clear()
        self.deleteLater()
