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
        self.control = self.training = self.finetune = self.compare = None
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
        from .gui.finetune_control import FinetuneControl
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
        self.finetune = finetune = FinetuneControl(self.iface)
        self._do(finetune, FinetuneControl.take_down)
        finetune.openOptions.connect(control.open_options)
        finetune.useWanted.connect(control.use_model)
        training.fineTune.connect(finetune.open_with)
        self._add_compare(finetune)
        self._add_actions(control, training, finetune)
        factory = self._do(
            OptionsFactory(self._on_options, control.server_first),
            self.iface.unregisterOptionsWidgetFactory,
        )
        self.iface.registerOptionsWidgetFactory(factory)
        menu = LayerMenu(self.iface, control.segment_layer, control.export, is_result)
        self._do(menu, LayerMenu.take_down)

    def _add_compare(self, finetune):
        from .gui.compare_control import CompareControl
        from .gui.swipe_menu import SwipeMenu
        from .results import is_result

        self.compare = compare = CompareControl(self.iface)
        self._do(compare, CompareControl.take_down)
        finetune.compareWanted.connect(compare.compare)
        finetune.allow_compare()
        self._do(SwipeMenu(self.iface, compare.swipe, is_result), SwipeMenu.take_down)

    def _on_options(self):
        self.control.on_options()
        self.training.on_options()
        self.finetune.on_options()

    def _add_actions(self, control, training, finetune):
        from .gui import actions

        window = self.iface.mainWindow()
        made = []
        for make, panel in (
            (actions.segment_action, control),
            (actions.training_action, training),
            (actions.finetune_action, finetune),
        ):
            action = self._do(make(window), lambda one: one.deleteLater())
            action.toggled.connect(panel.show_dock)
            panel.dock_shown.connect(action.setChecked)
            self.iface.addToolBarIcon(action)
            self._do(action, self.iface.removeToolBarIcon)
            made.append(action)
        options = self._do(actions.options_action(window), lambda one: one.deleteLater())
        options.triggered.connect(lambda: control.open_options())
        # A menu of our own: the one that QGIS would make stays behind when it is empty.
        menu = self._do(
            actions.raster_menu(self.iface, *made, options), lambda one: one.deleteLater()
        )
        self._do(menu.menuAction(), self.iface.rasterMenu().removeAction)

    def unload(self):
        """Take back everything, last first, and end the engine."""
        while self._undo:
            undo, made = self._undo.pop()
            undo(made)
        self.provider = self.control = self.training = self.finetune = self.compare = None
        the_engine().stop(wait=True)
