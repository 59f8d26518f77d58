# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside QGIS: the scene for the pictures of training sets, in a project in the own folder."""

import os

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.utils import iface

with open(os.path.join(os.path.dirname(__file__), "pictures.py"), encoding="utf-8") as file:
    exec(compile(file.read(), "pictures.py", "exec"))
folder = os.path.expanduser("~/itaipu")
os.makedirs(folder, exist_ok=True)
QgsProject.instance().write(os.path.join(folder, "itaipu.qgz"))
canvas = iface.mapCanvas()
size = []


def fill_map():
    """The scene lies in the middle of the map whatever the panel's size is."""
    now = [canvas.width(), canvas.height()]
    if now != size:
        size[:] = now
        canvas.setExtent(QgsProject.instance().mapLayersByName("itaipu_landsat8")[0].extent())
        canvas.refresh()


fill_map()
canvas.fill_timer = QTimer()
canvas.fill_timer.timeout.connect(fill_map)
canvas.fill_timer.start(300)
