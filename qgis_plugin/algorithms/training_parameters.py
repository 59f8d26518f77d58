# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of `waterseg:buildtrainingset`; what is left empty is the engine's choice."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
)

from ..words import tr

INPUT, MASKS, FIELD, AREA, OUTPUT = "INPUT", "MASKS", "LABEL_FIELD", "AREA", "OUTPUT"
RESOLUTION, BANDS, STYLED = "RESOLUTION", "BANDS", "AS_RENDERED"
LICENCE, TARGET, SPLIT = "LICENCE", "TARGET", "SPLIT"
TARGETS = ("auto", "union", "components")
#: Options of the engine, named as there but in capitals, with the type of their values.
TEXTS = ("LABEL", "PREFIX", "STRETCH", "NODATA")
WHOLE = ("TILE", "STRIDE", "MIN_WATER", "BUFFER", "SEED")
REAL = ("NEGATIVES", "MIN_KNOWN", "MIN_IOU")
KINDS = QgsProcessingParameterNumber.Type


def parameters():
    """Every parameter, in the order of the dialog."""
    return [
        *_plain(),
        *(_folded(one) for one in _about_pixels()),
        *(_folded(one) for one in _about_chips()),
        QgsProcessingParameterFolderDestination(OUTPUT, tr("Folder of the training set")),
    ]


def _plain():
    polygons = QgsProcessing.SourceType.TypeVectorPolygon
    return [
        QgsProcessingParameterRasterLayer(INPUT, tr("Image")),
        QgsProcessingParameterVectorLayer(MASKS, tr("Drawn water (polygons)"), [polygons]),
        QgsProcessingParameterField(
            FIELD, tr("Field that says what each polygon is"), None, MASKS, optional=True
        ),
        _text("LABEL", tr("What the water is called ('lake ; river' for several)"), "water"),
        _text("PREFIX", tr("Prompt (segment and the labels)")),
        QgsProcessingParameterFeatureSource(
            AREA, tr("Where everything is labelled (the whole image)"), [polygons], None, True
        ),
        _number("TILE", tr("Side of a chip (pixels)"), KINDS.Integer, 16, 8192, 448),
        _number("STRIDE", tr("From chip to chip (pixels; the side)"), KINDS.Integer, 1, 8192),
        _number("NEGATIVES", tr("Dry chips for each chip with water"), KINDS.Double, 0, 1000, 0.25),
        _text(SPLIT, tr("Shares of training, validation and test"), "80,10,10"),
        _text(LICENCE, tr("Licence of image and drawing")),
    ]


def _about_pixels():
    return [
        QgsProcessingParameterNumber(
            RESOLUTION,
            tr("Resolution (metres per pixel; needed for WMS, WMTS and XYZ)"),
            KINDS.Double,
            None,
            True,
            0,
        ),
        QgsProcessingParameterBand(
            BANDS,
            tr("Bands that are red, green and blue, or one (as the layer shows)"),
            None,
            INPUT,
            True,
            True,
        ),
        QgsProcessingParameterBoolean(
            STYLED, tr("Use the colours that QGIS draws instead of the values"), False, True
        ),
        _text("STRETCH", tr("Contrast: auto, none, minmax, percentile, or LO,HI (auto)")),
        _text("NODATA", tr("Value without data: auto, none, or a number (auto)")),
    ]


def _about_chips():
    targets = [
        tr("Best for the tokens"),
        tr("One for all the water"),
        tr("One per water body"),
    ]
    return [
        QgsProcessingParameterEnum(TARGET, tr("Objects"), targets, False, 0, True),
        _number("MIN_WATER", tr("Least water in a wet chip (pixels; 64)"), KINDS.Integer, 1, 10**9),
        _number("MIN_KNOWN", tr("Least share of a chip with data (0.75)"), KINDS.Double, 0, 1),
        _number("MIN_IOU", tr("Name chips whose tokens carry less (IoU; 0.5)"), KINDS.Double, 0, 1),
        _number(
            "BUFFER", tr("Distance between the parts (pixels; side / 8)"), KINDS.Integer, 0, 8192
        ),
        _number(
            "SEED",
            tr("Seed of the choice of blocks and dry chips (0)"),
            KINDS.Integer,
            0,
            2**31 - 1,
        ),
    ]


def _text(name, title, default=None):
    return QgsProcessingParameterString(name, title, default, False, True)


def _number(name, title, kind, low, high, default=None):
    return QgsProcessingParameterNumber(name, title, kind, default, True, low, high)


def _folded(parameter):
    """Shown only when the user unfolds the advanced parameters."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter
