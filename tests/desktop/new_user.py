# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside QGIS: a scene, no plugin and no engine. SCENE is the scene's path."""

import os

from qgis.core import QgsProject, QgsRasterLayer
from qgis.utils import active_plugins, iface

assert "waterseg" not in active_plugins
scene = QgsRasterLayer(os.environ["SCENE"], "scene")
QgsProject.instance().addMapLayer(scene)
QgsProject.instance().setCrs(scene.crs())
iface.mapCanvas().setExtent(scene.extent())
