# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries of waterseg in QGIS's tool bar and Raster menu."""

from qgis.PyQt.QtWidgets import QMenu

from ..words import tr
from .qt import QAction, finetune_icon, plugin_icon, theme_icon, training_icon


def segment_action(window):
    """Shows and hides the dock; stays pressed while the dock is there."""
    action = QAction(plugin_icon(), tr("Segment water"), window)
    action.setObjectName("waterseg_segment")
    action.setCheckable(True)
    action.setToolTip(tr("Segment water: find water in a raster layer"))
    action.setStatusTip(tr("Finds water in a raster layer and gives you polygons"))
    return action


def training_action(window):
    """Shows and hides the panel of training sets; stays pressed while it is there."""
    action = QAction(training_icon(), tr("Build training set"), window)
    action.setObjectName("waterseg_training")
    action.setCheckable(True)
    action.setToolTip(tr("Build training set: draw water, and teach a model with it"))
    action.setStatusTip(tr("Turns drawn water into chips and texts that a model learns from"))
    return action


def finetune_action(window):
    """Shows and hides the panel of fine-tuning; stays pressed while it is there."""
    action = QAction(finetune_icon(), tr("Fine-tune"), window)
    action.setObjectName("waterseg_finetune")
    action.setCheckable(True)
    action.setToolTip(tr("Fine-tune: teach a model with a training set"))
    action.setStatusTip(tr("Trains a model on a training set, and says whether it is better"))
    return action


def raster_menu(iface, *actions):
    """The submenu of QGIS's Raster menu, with these actions."""
    menu = QMenu("waterseg", iface.mainWindow())
    menu.setObjectName("waterseg_menu")
    menu.setIcon(plugin_icon())
    menu.addActions(actions)
    iface.rasterMenu().addMenu(menu)
    return menu


def options_action(window):
    """Opens the options page of waterseg."""
    action = QAction(theme_icon("mActionOptions.svg"), tr("Options…"), window)
    action.setObjectName("waterseg_open_options")
    return action
