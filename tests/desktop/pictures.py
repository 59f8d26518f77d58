# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside QGIS: the scene for the pictures in the documentation, as people would show it."""

import os

from qgis.core import QgsContrastEnhancement, QgsProject, QgsRasterLayer
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface

BANDS = {3: (6012, 8618), 2: (6713, 8315), 1: (7413, 8609)}  # red, green, blue; black, white


def brightness(band):
    """What becomes black and white in a band."""
    made = QgsContrastEnhancement(scene.dataProvider().dataType(band))
    low, high = BANDS[band]
    made.setContrastEnhancementAlgorithm(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    )
    made.setMinimumValue(low)
    made.setMaximumValue(high)
    return made


scene = QgsRasterLayer(os.environ["SCENE"], "itaipu_landsat8")
colours = scene.renderer()
for band, set_band, set_contrast in zip(
    BANDS,
    (colours.setRedBand, colours.setGreenBand, colours.setBlueBand),
    (
        colours.setRedContrastEnhancement,
        colours.setGreenContrastEnhancement,
        colours.setBlueContrastEnhancement,
    ),
    strict=True,
):
    set_band(band)
    set_contrast(brightness(band))
QgsProject.instance().addMapLayer(scene)
QgsProject.instance().setCrs(scene.crs())
iface.mapCanvas().setExtent(scene.extent())
for dock in iface.mainWindow().findChildren(QDockWidget):
    if dock.objectName() == "Browser":
        dock.hide()
iface.layerTreeView().collapseAll()
