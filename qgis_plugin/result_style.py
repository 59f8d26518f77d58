# SPDX-License-Identifier: GPL-3.0-or-later
"""How water polygons look on the map: styles of resources/, with words in the user's language."""

import os

from qgis.core import QgsMapLayer, QgsRuleBasedRenderer
from qgis.PyQt.QtXml import QDomDocument

from .words import tr

FOLDER = os.path.join(os.path.dirname(__file__), "resources")
RESULT, PREVIEW = "water.qml", "preview.qml"


def wear(layer, style):
    """Give a vector layer one of the styles.

    Not by loadNamedStyle: for a GeoPackage that takes the style in the file instead.
    """
    with open(os.path.join(FOLDER, style), encoding="utf-8") as file:
        document = QDomDocument()
        document.setContent(file.read())
    layer.importNamedStyle(document, QgsMapLayer.StyleCategory.Symbology)
    renderer = layer.renderer()
    if isinstance(renderer, QgsRuleBasedRenderer):
        words = labels()
        for rule in renderer.rootRule().children():
            rule.setLabel(words.get(rule.label(), rule.label()))
    layer.triggerRepaint()
    layer.emitStyleChanged()


def labels():
    """The legend's words, by what the style calls its classes."""
    return {
        "sure": tr("Sure (70 % and more)"),
        "likely": tr("Likely (50 to 70 %)"),
        "doubtful": tr("Doubtful (below 50 %)"),
    }
