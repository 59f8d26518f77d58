# SPDX-License-Identifier: GPL-3.0-or-later
"""WatersegPlugin: what is added to QGIS, and, mirrored, removed."""

from qgis.core import QgsApplication

from .engine import the_engine
from .words import load_translator, unload_translator


class WatersegPlugin:
    """QGIS calls `initProcessing` alone in qgis_process, else `initGui`; `unload` at the end."""

    def __init__(self, iface):
        self.iface = iface
        self.provider = None
        self.control = self.training = None
        self._undo = []
        self._do(load_translator(), unload_translator)

    def _do(self, made, undo):
        """Remember how to take back what was just made; returns it."""
        self._undo.append((undo, made))
        return made

    def initProcessing(self):
        """The algorithms."""
        from .provider import WatersegProvider

        self.provider = WatersegProvider()
        registry = QgsApplication.processingRegistry()
        registry.addProvider(self.provider)
        self._do(self.provider, registry.removeProvider)

    def initGui(self):
        """Algorithms, button, menus, options page; the dock comes when it is asked for."""
        from .gui.layer_menu import LayerMenu
        from .gui.options_page import OptionsFactory
        from .gui.segment_control import SegmentControl
        from .gui.training_control import TrainingControl
        from .results import is_result

        self.initProcessing()
        self.control = control = SegmentControl(self.iface)
        self._do(control, SegmentControl.take_down)
        self.training = training = TrainingControl(self.iface)
        self._do(training, TrainingControl.take_down)
        training.openOptions.connect(control.open_options)
        self._add_actions(control, training)
        factory = self._do(
            OptionsFactory(self._on_options, control.server_first),
            self.iface.unregisterOptionsWidgetFactory,
        )
        self.iface.registerOptionsWidgetFactory(factory)
        menu = LayerMenu(self.iface, control.segment_layer, control.export, is_result)
        self._do(menu, LayerMenu.take_down)

    def _on_options(self):
        self.control.on_options()
        self.training.on_options()

    def _add_actions(self, control, training):
        from .gui.actions import options_action, raster_menu, segment_action, training_action

        window = self.iface.mainWindow()
        segment = self._do(segment_action(window), lambda action: action.deleteLater())
        segment.toggled.connect(control.show_dock)
        control.dock_shown.connect(segment.setChecked)
        self.iface.addToolBarIcon(segment)
        self._do(segment, self.iface.removeToolBarIcon)
        build = self._do(training_action(window), lambda action: action.deleteLater())
        build.toggled.connect(training.show_dock)
        training.dock_shown.connect(build.setChecked)
        self.iface.addToolBarIcon(build)
        self._do(build, self.iface.removeToolBarIcon)
        options = self._do(options_action(window), lambda action: action.deleteLater())
        options.triggered.connect(lambda: control.open_options())
        # A menu of our own: the one that QGIS would make stays behind when it is empty.
        menu = self._do(
            raster_menu(self.iface, segment, build, options), lambda one: one.deleteLater()
        )
        self._do(menu.menuAction(), self.iface.rasterMenu().removeAction)

    def unload(self):
        """Take back everything, last first, and end the engine."""
        while self._undo:
            undo, made = self._undo.pop()
            undo(made)
        self.provider = self.control = self.training = None
        the_engine().stop(wait=True)
