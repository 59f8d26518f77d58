# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside QGIS: the plugin is unloaded and loaded twice, and nothing of it stays behind."""

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QEvent
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface, loadPlugin, plugins, startPlugin, unloadPlugin

NAME = "waterseg"
QAction = type(iface.actionOpenProject())  # its module differs between Qt 5 and 6


def census():
    """How many of everything that a plugin adds, and what is called after this one."""
    window = iface.mainWindow()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    actions = window.findChildren(QAction)
    named = [one.objectName() for one in window.findChildren(QAction) + window.children()]
    return {
        "actions": len(actions),
        "docks": len(window.findChildren(QDockWidget)),
        "providers": sorted(one.id() for one in QgsApplication.processingRegistry().providers()),
        "raster menu": [one.text() for one in iface.rasterMenu().actions()],
        "tool bar": len(iface.pluginToolBar().actions()),
        "scene": len(iface.mapCanvas().scene().items()),
        "ours": sorted(name for name in named if name.startswith(NAME)),
    }


def use_it():
    """Open both docks, as people do, and leave a tool of ours active."""
    plugins[NAME].control.show_dock(True)
    area = plugins[NAME].control.dock.form.area
    area.set_kind("drawn")
    iface.mapCanvas().setMapTool(area.tool)
    plugins[NAME].training.show_dock(True)
    iface.mapCanvas().setMapTool(plugins[NAME].training.drawing.freehand)


# The first time QGIS itself makes menus that stay, so what is compared comes after it.
assert unloadPlugin(NAME)
without = census()
assert not without["ours"], without["ours"]
for _ in range(2):
    assert loadPlugin(NAME)
    assert startPlugin(NAME)
    use_it()
    assert census()["docks"] == without["docks"] + 2
    assert unloadPlugin(NAME)
    now = census()
    assert now == without, f"left behind: {now} instead of {without}"
assert loadPlugin(NAME)
assert startPlugin(NAME)
