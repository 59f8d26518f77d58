# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dock does: asks the engine, estimates, starts and stops runs, shows how they end."""

import os
from dataclasses import replace

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog

from ..errors import PluginError
from ..request import SegmentRequest, estimate, temporary_output
from ..settings import Settings
from ..words import tr
from .background import start
from .engine_watch import EngineWatch
from .export_task import ExportTask
from .messages import Messages
from .options_page import PAGE
from .qt import add_dock
from .run_bar import estimate_text
from .run_control import RunControl
from .segment_dock import SegmentDock
from .setup_dialog import SetupDialog


class SegmentControl(QObject):
    """One per QGIS. The dock is made when it is shown first."""

    dock_shown = pyqtSignal(bool)

    def __init__(self, iface):
        super().__init__(iface.mainWindow())
        self.iface = iface
        self.messages = Messages(iface)
        self.dock = None
        self.engine = None
        self.runs = None
        self._server_first = False
        # Typing changes the form many times a second; the estimate follows when it rests.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(150)
        self._soon.timeout.connect(self.update_estimate)

    def show_dock(self, shown):
        """Show or hide the dock; the first time, make it."""
        if self.dock is None:
            if not shown:
                return
            self._make_dock()
        self.dock.setUserVisible(shown)
        if shown:
            self.engine.wake()

    def segment_layer(self, layer):
        """Show the dock for this raster layer."""
        self.show_dock(True)
        self.dock_shown.emit(True)
        if not self.runs.is_running:
            self.dock.form.choose_layer(layer)

    def use_model(self, name):
        """Show the dock with this model chosen, also if it was trained a moment ago."""
        self.show_dock(True)
        self.dock_shown.emit(True)
        self.dock.form.model.choose(name)
        self._keep_model(name)

    def _make_dock(self):
        self.dock = dock = SegmentDock(self.iface.mapCanvas())
        self.engine = EngineWatch(dock, self)
        self.runs = RunControl(dock, self.messages, self)
        self.engine.changed.connect(self.schedule_estimate)
        self.runs.ended.connect(self.engine.wake)
        self.runs.ended.connect(self.schedule_estimate)
        dock.form.changed.connect(self.schedule_estimate)
        dock.bar.run.connect(self.run)
        dock.options.connect(self.open_options)
        dock.welcome.set_up.connect(self.set_up)
        dock.welcome.connect_server.connect(self.connect_server)
        dock.result.export.connect(self.export)
        dock.result.zoom.connect(self.zoom)
        dock.visibilityChanged.connect(self._on_visibility)
        add_dock(self.iface, dock, ["waterseg_training_dock", "waterseg_finetune_dock"])
        self.runs.offer_unfinished()
        layer = self.iface.activeLayer()
        # Of another kind, say the labels that somebody draws, it would leave the field empty.
        is_raster = isinstance(layer, QgsRasterLayer)
        if is_raster and dock.form.layer_box.currentLayer() is not layer:
            dock.form.choose_layer(layer)

    def _on_visibility(self, _visible):
        self.dock_shown.emit(self.dock.isUserVisible())

    def schedule_estimate(self):
        """Work the estimate out soon."""
        self._soon.start()

    def update_estimate(self):
        """Say what a run would take, or what is missing for one."""
        if self.dock is None or self.runs.is_running:
            return
        try:
            # An estimate needs no file of its own in the temporary folder.
            rough = self.dock.form.request(SegmentRequest.of, os.path.abspath, exact=False)
            guess = estimate(rough, self.engine.info)
        except PluginError as why:
            self.dock.bar.set_ready(False, str(why))
            return
        text = guess.problem or estimate_text(guess.tiles, guess.seconds)
        if self.engine.failure:
            text = self.engine.failure
        self.dock.bar.set_ready(not guess.problem, text)

    def run(self):
        """Start a run with what the form says."""
        try:
            request = self.dock.form.request(SegmentRequest.of, temporary_output)
        except PluginError as why:
            self.messages.problem(str(why))
            return
        self._keep_model(request.options.get("model", ""))
        self.runs.start(request)

    def _keep_model(self, name):
        """The model chosen last is offered first the next time."""
        settings = Settings.load()
        if name and name != settings.model:
            replace(settings, model=name).save()

    def set_up(self):
        """Show what setting up would do."""
        dialog = SetupDialog(Settings.load(), self.iface.mainWindow())
        dialog.ready.connect(self.on_options)
        dialog.show()

    def open_options(self):
        """Open QGIS's options at our page."""
        self.iface.showOptionsDialog(self.iface.mainWindow(), PAGE)

    def connect_server(self):
        """Open our page with the fields of a server."""
        self._server_first = True
        self.open_options()

    def server_first(self):
        """Whether the options were opened for a server; true only once."""
        wanted, self._server_first = self._server_first, False
        return wanted

    def on_options(self):
        """The options were kept, or an engine came or went."""
        if self.engine is not None:
            self.engine.refresh()

    def zoom(self, layer):
        """Show all of a layer on the map."""
        self.iface.setActiveLayer(layer)
        self.iface.zoomToActiveLayer()

    def export(self, layer):
        """Ask where to, and write the layer as GeoJSON."""
        if layer is None:
            return
        folder = QgsProject.instance().absolutePath() or os.path.expanduser("~")
        suggested = os.path.join(folder, layer.name().replace("/", "_") + ".geojson")
        path, _ = QFileDialog.getSaveFileName(
            self.iface.mainWindow(), tr("Export as GeoJSON"), suggested, "GeoJSON (*.geojson)"
        )
        if not path:
            return
        if not path.lower().endswith((".geojson", ".json")):
            path += ".geojson"
        task = ExportTask(layer, path)
        task.finishedWith.connect(self._on_exported)
        task.failedWith.connect(self.messages.problem)
        start(task)

    def _on_exported(self, path):
        self.messages.success(tr("Exported to {path}").format(path=path))

    def take_down(self):
        """Leave nothing behind."""
        self._soon.stop()
        if self.dock is not None:
            self.runs.take_down()
            self.engine.take_down()
            self.dock.form.area.take_down()
            self.iface.removeDockWidget(self.dock)
            self.dock.deleteLater()
            self.dock = None
        self.messages.clear()
        self.deleteLater()
