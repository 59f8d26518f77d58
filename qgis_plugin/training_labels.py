# SPDX-License-Identifier: GPL-3.0-or-later
"""A layer of labels in an ordinary GeoPackage: made, found again, and dressed."""

import os

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsProject,
    QgsRuleBasedRenderer,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)

from .errors import LayerError
from .results import NO_CRS
from .training_polygons import CONFIDENCE, LABEL, STATE, SUGGESTED
from .words import tr

try:
    from qgis.core import Qgis

    NO_FORM = Qgis.AttributeFormSuppression.On
except AttributeError:  # before QGIS 3.32
    from qgis.core import QgsEditFormConfig

    NO_FORM = QgsEditFormConfig.FeatureFormSuppress.SuppressOn

#: The property by which a layer is known as one of ours.
MARK = "waterseg/labels"
TABLE = "labels"
#: Drawn water is filled lightly, so that the image shows; suggestions are hatched.
DRAWN_STYLE = {
    "color": "30,136,214,80",
    "outline_color": "13,82,143,255",
    "outline_width": "0.46",
}
SUGGESTED_STYLE = {
    "color": "240,140,20,235",
    "style": "f_diagonal",
    "outline_color": "214,104,0,255",
    "outline_style": "dash",
    "outline_width": "0.46",
}


def make_labels(path, crs, name):
    """The layer of labels in the GeoPackage `path`; made if it is not there. Raises LayerError.

    crs: that of the image, so that what is drawn on it lies where its pixels lie.
    """
    if not os.path.exists(path):
        _create(path, crs)
    layer = QgsVectorLayer(f"{path}|layername={TABLE}", name, "ogr")
    if not layer.isValid() or not is_polygonal(layer):
        raise LayerError(
            tr("{path} is there already and has no labels in it. Choose another file.").format(
                path=path
            )
        )
    if layer.crs().toWkt().startswith(NO_CRS):
        layer.setCrs(QgsCoordinateReferenceSystem())
    return layer


def _create(path, crs):
    fields = f"field={LABEL}:string(80)&field={STATE}:string(12)&field={CONFIDENCE}:double"
    empty = QgsVectorLayer(f"MultiPolygon?{fields}", TABLE, "memory")
    empty.setCrs(crs)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = TABLE
    context = QgsProject.instance().transformContext()
    code, why = QgsVectorFileWriter.writeAsVectorFormatV3(empty, path, context, options)[:2]
    if code != QgsVectorFileWriter.WriterError.NoError:
        raise LayerError(tr("{path} cannot be written: {why}").format(path=path, why=why))


def dress(layer):
    """Give a layer of labels its style, readable names and our mark; forms do not pop up."""
    layer.setRenderer(_renderer())
    layer.triggerRepaint()
    layer.emitStyleChanged()
    names = {
        LABEL: tr("What it is"),
        STATE: tr("Drawn or suggested"),
        CONFIDENCE: tr("Confidence (0 to 1)"),
    }
    for field, alias in names.items():
        index = layer.fields().indexOf(field)
        if index >= 0:
            layer.setFieldAlias(index, alias)
    layer.setCustomProperty(MARK, True)


def _renderer():
    root = QgsRuleBasedRenderer.Rule(None)
    for label, filter_text, style in (
        (tr("Suggested"), f"\"{STATE}\" = '{SUGGESTED}'", SUGGESTED_STYLE),
        (tr("Drawn"), "ELSE", DRAWN_STYLE),
    ):
        symbol = QgsFillSymbol.createSimple(style)
        root.appendChild(QgsRuleBasedRenderer.Rule(symbol, 0, 0, filter_text, label))
    return QgsRuleBasedRenderer(root)


def without_forms(layer):
    """A new polygon is kept at once: QGIS asks nothing about its fields."""
    form = layer.editFormConfig()
    form.setSuppress(NO_FORM)
    layer.setEditFormConfig(form)


def is_labels(layer):
    """Whether a map layer was made by `make_labels`."""
    return isinstance(layer, QgsVectorLayer) and bool(layer.customProperty(MARK, False))


def is_polygonal(layer):
    """Whether a vector layer holds polygons."""
    return layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry


def suggested_path(raster, home):
    """Where labels of a raster go if nobody says: beside the project, else in `home`."""
    folder = QgsProject.instance().absolutePath() or home
    name = "".join(sign if sign.isalnum() else "_" for sign in raster.name()).strip("_")
    return os.path.join(folder, f"{name or 'image'}_labels.gpkg")
