# SPDX-License-Identifier: GPL-3.0-or-later
"""The parameters of `waterseg:finetune`; what is left empty, the engine's recipe decides."""

from qgis.core import (
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..finetune_request import MINUTES
from ..words import tr

SET, MODEL, NAME, MINUTES_NAME = "SET", "MODEL", "NAME", "MINUTES"
EPOCHS, ANSWER, SEEDS = "EPOCHS", "ANSWER", "SEEDS"
#: In the order of the parameter's choices.
ANSWERS = ("auto", "dense", "grid", "objects")
KINDS = QgsProcessingParameterNumber.Type


def parameters():
    """Every parameter, in the order of the dialog."""
    return [
        QgsProcessingParameterFile(
            SET, tr("Folder of the training set"), QgsProcessingParameterFile.Behavior.Folder
        ),
        _text(MODEL, tr("Model to start from (the engine's own choice)")),
        _text(NAME, tr("Name of the new model (that of the set)")),
        QgsProcessingParameterNumber(
            MINUTES_NAME, tr("Time limit (minutes; 0 for none)"), KINDS.Double, MINUTES, True, 0
        ),
        *(_folded(one) for one in _advanced()),
    ]


def _advanced():
    answers = [
        tr("Same as the model"),
        tr("Mask head"),
        tr("Tokens in a grid"),
        tr("Boxes and tokens"),
    ]
    often = tr("Epochs: how often every chip is seen (by the recipe)")
    times = tr("Seeds: train so often and keep the best")
    return [
        QgsProcessingParameterNumber(EPOCHS, often, KINDS.Double, None, True, 0),
        QgsProcessingParameterEnum(ANSWER, tr("Answer"), answers, False, 0, True),
        QgsProcessingParameterNumber(SEEDS, times, KINDS.Integer, 1, True, 1, 100),
    ]


def _text(name, title):
    return QgsProcessingParameterString(name, title, None, False, True)


def _folded(parameter):
    """Shown only when the user unfolds the advanced parameters."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter
