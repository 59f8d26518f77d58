# SPDX-License-Identifier: GPL-3.0-or-later
"""Two results side by side in the project: a group of two layers in two colours.

Sky blue and orange of Okabe and Ito's palette, which people of every colour vision tell apart; the
old one's outline is dashed besides. Both are bright, because water and woods are dark.
"""

from qgis.core import QgsFillSymbol, QgsLayerTreeGroup, QgsProject, QgsSingleSymbolRenderer

from . import results
from .words import tr

NEW, OLD = "new", "old"
#: Red, green and blue of each, and how its outline is drawn.
COLOURS = {NEW: (86, 180, 233), OLD: (230, 159, 0)}
OUTLINES = {NEW: "solid", OLD: "dash"}
FILLED = 70


def add_pair(new, old):
    """Load two results into a group above all else; answers their layers, the new one first.

    new, old: (path, request, message) each. Main thread. Raises PluginError for a file that cannot
    be opened; then nothing was added.
    """
    layers = [_layer(which, *what) for which, what in ((NEW, new), (OLD, old))]
    names = {"new": _model(new[1]), "old": _model(old[1])}
    group = QgsLayerTreeGroup(tr("Compare: {new} | {old}").format(**names))
    for layer in layers:
        QgsProject.instance().addMapLayer(layer, False)
        group.addLayer(layer)
    results.show_group(QgsProject.instance().layerTreeRoot(), group)
    return layers


def _layer(which, path, request, message):
    title = tr("{model}: water in {layer}")
    title = title.format(model=_model(request), layer=request.layer_name)
    layer = results.open_result(path, title)
    results.dress(layer)
    paint(layer, which)
    results.describe(layer, request, message)
    return layer


def paint(layer, which):
    """Give polygons the one colour of NEW or OLD."""
    red, green, blue = COLOURS[which]
    symbol = QgsFillSymbol.createSimple(
        {
            "color": f"{red},{green},{blue},{FILLED}",
            "outline_color": f"{red},{green},{blue},255",
            "outline_style": OUTLINES[which],
            "outline_width": "0.6",
            "joinstyle": "round",
        }
    )
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    layer.triggerRepaint()


def _model(request):
    return request.options["model"]
