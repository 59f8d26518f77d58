# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of `waterseg:segmentwater`, with the engine's own defaults where left empty."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from ..words import tr

INPUT, OUTPUT, AREA = "INPUT", "OUTPUT", "EXTENT"
RESOLUTION, BANDS, STYLED = "RESOLUTION", "BANDS", "AS_RENDERED"
#: Options of the engine, named as there but in capitals, with the type of their values.
OPTIONS = {
    "MODEL": str,
    "PROMPT": str,
    "THRESHOLD": float,
    "OVERLAP": float,
    "MIN_AREA": float,
    "MIN_HOLE": float,
    "SIMPLIFY": float,
    "SMOOTH": float,
    "STRETCH": str,
    "NODATA": str,
}
REAL = QgsProcessingParameterNumber.Type.Double


def parameters():
    """Every parameter, in the order of the dialog."""
    return [
        *_plain(),
        *(_folded(one) for one in _model()),
        *(_folded(one) for one in _shapes()),
        QgsProcessingParameterVectorDestination(
            OUTPUT, tr("Water"), QgsProcessing.SourceType.TypeVectorPolygon
        ),
    ]


def _plain():
    resolution = QgsProcessingParameterNumber(
        RESOLUTION,
        tr("Resolution (metres per pixel; needed for WMS, WMTS and XYZ)"),
        REAL,
        None,
        True,
        0,
    )
    bands = QgsProcessingParameterBand(
        BANDS,
        tr("Bands that are red, green and blue, or one (as the layer shows)"),
        None,
        INPUT,
        True,
        True,
    )
    return [
        QgsProcessingParameterRasterLayer(INPUT, tr("Image")),
        QgsProcessingParameterExtent(AREA, tr("Area (all of the layer)"), None, True),
        resolution,
        bands,
        QgsProcessingParameterBoolean(
            STYLED, tr("Use the colours that QGIS draws instead of the values"), False, True
        ),
    ]


def _model():
    return [
        _text("MODEL", tr("Model (the engine's own choice)")),
        _text("PROMPT", tr("What to look for"), "segment water"),
        _number("THRESHOLD", tr("Probability from which a pixel is water (the model's own)"), 1),
        _number("OVERLAP", tr("Overlap of tiles, as a fraction (0.25)"), 0.5),
        _text("STRETCH", tr("Contrast: auto, none, minmax, percentile, or LO,HI (auto)")),
        _text("NODATA", tr("Value without data: auto, none, or a number (auto)")),
    ]


def _shapes():
    return [
        _number("MIN_AREA", tr("Leave out water smaller than this (m²; 1000)")),
        _number("MIN_HOLE", tr("Fill islands smaller than this (m²; 0)")),
        _number("SIMPLIFY", tr("Simplify outlines within this distance (m; 0)")),
        _number("SMOOTH", tr("Round pixel corners over this length (m; 0)")),
    ]


def _text(name, title, default=None):
    return QgsProcessingParameterString(name, title, default, False, True)


def _number(name, title, most=None):
    if most is None:
        return QgsProcessingParameterNumber(name, title, REAL, None, True, 0)
    return QgsProcessingParameterNumber(name, title, REAL, None, True, 0, most)


def _folded(parameter):
    """Shown only when the user unfolds the advanced parameters."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter
