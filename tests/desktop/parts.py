# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside QGIS: the scene in the project and on the map, nothing else. SCENE is its path."""

import os

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface

scene = QgsRasterLayer(os.environ["SCENE"], os.environ.get("SCENE_NAME", "scene"))
QgsProject.instance().addMapLayer(scene)
QgsProject.instance().setCrs(scene.crs())
iface.mapCanvas().setExtent(scene.extent())
iface.mapCanvas().refresh()
for dock in iface.mainWindow().findChildren(QDockWidget):
    if dock.objectName() == "Browser":  # more room for the map in screenshots
        dock.hide()
