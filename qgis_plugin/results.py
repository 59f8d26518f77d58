# SPDX-License-Identifier: GPL-3.0-or-later
"""Results: a file of water polygons as a layer that explains itself, and as GeoJSON."""

import os
from datetime import datetime, timezone

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsLayerMetadata,
    QgsLayerTreeGroup,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)

from .errors import PluginError
from .result_style import RESULT, wear
from .words import tr, tr_n

#: The property by which a layer is known as one of ours.
MARK = "waterseg/result"
#: How a GeoPackage says that a layer has no CRS; QGIS takes it for one.
NO_CRS = ('ENGCRS["Undefined', 'LOCAL_CS["Undefined')
#: Decimals of longitude and latitude: a centimetre.
PRECISION = 7


def add_result(path, request, message=""):
    """Load a result into the project, styled and described, in the group of water layers.

    Main thread. request: the `SegmentRequest` it comes from; message: what was said at its end.
    Answers the QgsVectorLayer; raises PluginError if the file cannot be opened.
    """
    layer = open_result(path, tr("Water in {layer}").format(layer=request.layer_name))
    dress(layer)
    describe(layer, request, message)
    project = QgsProject.instance()
    project.addMapLayer(layer, False)
    _into_group(project.layerTreeRoot(), layer)
    return layer


def open_result(path, name):
    """The polygons of a result file as a QgsVectorLayer. Raises PluginError."""
    layer = QgsVectorLayer(path, name, "ogr")
    if layer.isValid() and not _is_polygonal(layer):
        # A GeoPackage also holds a table of styles.
        for part in layer.dataProvider().subLayers():
            title = part.split(layer.dataProvider().sublayerSeparator())[1]
            layer = QgsVectorLayer(f"{path}|layername={title}", name, "ogr")
            if _is_polygonal(layer):
                break
    if not layer.isValid():
        raise PluginError(tr("The result {path} cannot be opened.").format(path=path))
    if layer.crs().toWkt().startswith(NO_CRS):
        layer.setCrs(QgsCoordinateReferenceSystem())
    return layer


def dress(layer):
    """Give a layer of water polygons its style, readable field names and our mark."""
    wear(layer, RESULT)
    for name, alias in aliases().items():
        index = layer.fields().indexOf(name)
        if index >= 0:
            layer.setFieldAlias(index, alias)
    layer.setCustomProperty(MARK, True)


def aliases():
    """What the fields of a result are called in the user's language."""
    return {
        "id": tr("Number"),
        "label": tr("What it is"),
        "area_m2": tr("Area (m²)"),
        "perimeter_m": tr("Shoreline (m)"),
        "confidence": tr("Confidence (0 to 1)"),
        "pixels": tr("Pixels"),
        "holes": tr("Islands"),
        "touches_edge": tr("May go on beyond the image"),
        "source": tr("Image"),
        "model": tr("Model"),
        "revision": tr("Revision of the model"),
        "prompt": tr("Prompt"),
        "threshold": tr("Threshold (0 to 1)"),
        "created": tr("Made (UTC)"),
    }


def describe(layer, request, message=""):
    """Write into the layer's metadata where it comes from and how it was made."""
    about = QgsLayerMetadata()
    about.setType("dataset")
    about.setTitle(layer.name())
    about.setIdentifier(os.path.basename(layer.source().split("|")[0]))
    about.setCrs(layer.crs())
    first = next(layer.getFeatures(), None)
    facts = [(tr("Image"), request.source)]
    if first is not None:
        for field in ("model", "revision", "prompt", "threshold"):
            facts.append((aliases()[field], first[field]))
    facts += sorted(request.options.items())
    lines = [f"{name}: {value}" for name, value in facts]
    made = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    about.setAbstract("\n".join([tr("Water found by waterseg."), *lines, message]).strip())
    about.setHistory([tr("Made by waterseg on {date}.").format(date=made), *lines])
    layer.setMetadata(about)


def is_result(layer):
    """Whether a map layer is one of ours."""
    return isinstance(layer, QgsVectorLayer) and bool(layer.customProperty(MARK, False))


def no_water():
    """The summary of a result with nothing in it."""
    return tr("No water")


def summary(layer):
    """One line: "12 water bodies, 3.40 km²", or "No water".

    Without the area where the layer has no CRS. A second for a hundred thousand of them, so not on
    the main thread.
    """
    number, area, known = 0, 0.0, False
    index = layer.fields().indexOf("area_m2")
    # Without outlines it takes half as long. One by one it lets the window have its turns, which
    # QGIS's own sum does not.
    areas = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry)
    areas.setSubsetOfAttributes([index] if index >= 0 else [])
    for feature in layer.getFeatures(areas):
        number += 1
        value = feature.attribute(index) if index >= 0 else None
        if isinstance(value, float):
            area, known = area + value, True
    if not number:
        return no_water()
    said = tr_n("%n water bodies", number)
    if not known:
        return said
    return tr("{bodies}, {area:,.2f} km²").format(bodies=said, area=area / 1e6)


def export_geojson(layer, path):
    """Write a layer as GeoJSON by its standard, RFC 7946: longitude and latitude on WGS 84.

    Whole or not at all. Raises PluginError, also for a layer without a CRS.
    """
    if not layer.crs().isValid():
        raise PluginError(
            tr(
                "{layer} has no CRS, and GeoJSON needs a place on Earth. Give the layer its CRS "
                "first."
            ).format(layer=layer.name())
        )
    context = QgsProject.instance().transformContext()
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GeoJSON"
    options.fileEncoding = "UTF-8"
    options.layerName = os.path.splitext(os.path.basename(path))[0]
    options.layerOptions = ["RFC7946=YES", f"COORDINATE_PRECISION={PRECISION}"]
    options.ct = QgsCoordinateTransform(
        layer.crs(), QgsCoordinateReferenceSystem("EPSG:4326"), context
    )
    part = f"{path}.part.geojson"
    try:
        code, why = QgsVectorFileWriter.writeAsVectorFormatV3(layer, part, context, options)[:2]
        if code != QgsVectorFileWriter.WriterError.NoError:
            raise PluginError(_unwritable(path, why))
        os.replace(part, path)
    except OSError as why:
        raise PluginError(_unwritable(path, why)) from why
    finally:
        if os.path.exists(part):
            os.remove(part)


def _unwritable(path, why):
    return tr("{path} cannot be written: {why}").format(path=path, why=why)


def _is_polygonal(layer):
    return layer.geometryType() == QgsWkbTypes.GeometryType.PolygonGeometry


def _into_group(root, layer):
    """Show a layer in the group of water layers, which is made if it is not there."""
    name = tr("Water")
    group = root.findGroup(name)
    if group is not None:
        group.insertLayer(0, layer)
        return
    group = QgsLayerTreeGroup(name)
    group.insertLayer(0, layer)
    show_group(root, group)


def show_group(root, group):
    """Put a new group, with its layers in it, above all else, and unfolded.

    QGIS may show a new group folded up though it counts as unfolded, so that nobody sees the
    result: its panel listens to changes only, so there is one, there and back.
    """
    root.insertChildNode(0, group)
    group.setExpanded(False)
    group.setExpanded(True)
