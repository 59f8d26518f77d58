# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside QGIS: a scene in a saved project, which fills the map whatever the panel's size is."""

import os

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QDockWidget, QToolBar
from qgis.utils import iface

canvas = iface.mapCanvas()
scene = QgsRasterLayer(os.environ["SCENE"], "scene")
QgsProject.instance().addMapLayer(scene)
QgsProject.instance().setCrs(scene.crs())
for dock in iface.mainWindow().findChildren(QDockWidget):
    if dock.objectName() == "Browser":  # more room for the map in screenshots
        dock.hide()
# QGIS 3.44 has so many tools that the button of a plugin's second panel would not be seen.
iface.mainWindow().findChild(QToolBar, "mLabelToolBar").hide()
# Labels and sets go beside the project.
QgsProject.instance().write(os.path.join(os.path.dirname(os.environ["SCENE"]), "ponds.qgz"))
size = []


def fill_map():
    """The mouse finds a pixel of the scene only if the scene lies in the middle of the map."""
    now = [canvas.width(), canvas.height()]
    if now != size:
        size[:] = now
        canvas.setExtent(scene.extent())
        canvas.refresh()


fill_map()
canvas.fill_timer = QTimer()
canvas.fill_timer.timeout.connect(fill_map)
canvas.fill_timer.start(300)
