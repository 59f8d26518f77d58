# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg:evaluate`: how well a model finds water on a set, alone or beside another model."""

import os

from qgis.core import (
    QgsFeedback,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
    QgsProcessingUtils,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon

from ..engine import the_engine
from ..errors import PluginError, Stopped
from ..evaluate_run import EvaluateRun
from ..finetune_request import FinetuneRequest, suggested_name
from ..wire_studies import RUNNING
from ..words import tr
from .segment_water import SegmentWater
from .told import Told

ICON = os.path.join(os.path.dirname(os.path.dirname(__file__)), "resources", "icon.svg")
SET, MODEL, BASELINE = "SET", "MODEL", "BASELINE"
SPLIT, PROTOCOL, TOKENS, REPORT = "SPLIT", "PROTOCOL", "TOKENS", "REPORT"
#: In the order of the parameters' choices.
SPLITS = ("auto", "test", "val", "train")
PROTOCOLS = ("native", "256")
#: Outputs that are numbers: (name, which IoU, of which of the two models).
NUMBERS = (
    ("IOU_PER_IMAGE", "per_image", "model"),
    ("IOU_POOLED", "pooled", "model"),
    ("BASELINE_IOU_PER_IMAGE", "per_image", "baseline"),
    ("BASELINE_IOU_POOLED", "pooled", "baseline"),
)
IMAGES, VERDICT = "IMAGES", "VERDICT"


class Evaluate(QgsProcessingAlgorithm):
    """Folder in; a report, numbers and a sentence out."""

    canExecute = SegmentWater.canExecute

    def createInstance(self):
        """A fresh one for each run."""
        return Evaluate()

    def name(self):
        """Part of the id."""
        return "evaluate"

    def displayName(self):
        """What the toolbox shows."""
        return tr("Evaluate")

    def shortDescription(self):
        """One sentence."""
        return tr("Says how well a model finds the water of a set, and whether another is better.")

    def shortHelpString(self):
        """The help beside the parameters."""
        return tr(
            "Lets a model look for water in the chips of a set whose water is known, and compares "
            "both: intersection over union, precision, recall, shores, bodies and area, with "
            "intervals.\n\n"
            "With a second model it says whether the first is better, worse, or not to be told "
            "apart.\n\n"
            "The report is one page with pictures that needs no network. Judge by chips that the "
            "model did not learn from: that is what the part Test is for."
        )

    def tags(self):
        """Words by which it is found."""
        return tr("water,evaluation,accuracy,IoU,F1,test,compare,model,report").split(",")

    def icon(self):
        """The plugin's icon."""
        return QIcon(ICON)

    def initAlgorithm(self, configuration=None):
        """Declare the parameters."""
        for parameter in parameters():
            self.addParameter(parameter)
        titles = (
            tr("IoU per image"),
            tr("IoU pooled"),
            tr("IoU per image of the second model"),
            tr("IoU pooled of the second model"),
        )
        for (name, _, _), title in zip(NUMBERS, titles):
            self.addOutput(QgsProcessingOutputNumber(name, title))
        self.addOutput(QgsProcessingOutputNumber(IMAGES, tr("Number of images")))
        self.addOutput(QgsProcessingOutputString(VERDICT, tr("What came of it")))

    def processAlgorithm(self, values, context, feedback):
        """In the background."""
        request = self._request(values, context)
        report = self._report(values, context)
        told, calls = _Told(feedback), QgsFeedback()
        # It is cancelled in another thread than this one, which has no loop to hear of it later.
        feedback.canceled.connect(calls.cancel, Qt.ConnectionType.DirectConnection)
        if feedback.isCanceled():
            calls.cancel()
        try:
            found = EvaluateRun(request, report, the_engine(), calls, told).go()
        except Stopped:
            return {}
        except PluginError as why:
            raise QgsProcessingException(str(why)) from why
        told.ended(*found.notes, found.verdict)
        numbers = {name: found.iou(how, which) for name, how, which in NUMBERS}
        known = {name: value for name, value in numbers.items() if value is not None}
        return {REPORT: report, VERDICT: found.verdict, IMAGES: found.images, **known}

    def _report(self, values, context):
        """Where the report goes; told now, not after an hour, if it cannot go there."""
        report = self.parameterAsFileOutput(values, REPORT, context)
        if not report:
            return QgsProcessingUtils.generateTempFilename("report.html")
        folder = os.path.dirname(os.path.abspath(report))
        if not os.path.isdir(folder):
            said = tr("There is no folder {folder}; choose another output.")
            raise QgsProcessingException(said.format(folder=folder))
        return report

    def _request(self, values, context):
        folder = self.parameterAsFile(values, SET, context).rstrip("/\\")
        options = {
            "split": SPLITS[self.parameterAsEnum(values, SPLIT, context)],
            "protocol": PROTOCOLS[self.parameterAsEnum(values, PROTOCOL, context)],
            "tokens": self.parameterAsBool(values, TOKENS, context),
        }
        for name in (MODEL, BASELINE):
            if values.get(name):
                options[name.lower()] = self.parameterAsString(values, name, context)
        made = FinetuneRequest(folder, suggested_name(folder) or "set", options, ask=False)
        try:
            made.check()
        except PluginError as why:
            raise QgsProcessingException(str(why)) from why
        return made


def parameters():
    """Every parameter, in the order of the dialog."""
    parts = [tr("Test, else validation"), tr("Test"), tr("Validation"), tr("Training")]
    ways = [
        tr("Native: images as they are"),
        tr("256: images and masks of 256 pixels, as U-Nets are published"),
    ]
    return [
        QgsProcessingParameterFile(
            SET, tr("Folder of the set"), QgsProcessingParameterFile.Behavior.Folder
        ),
        _text(MODEL, tr("Model (the engine's own choice)")),
        _text(BASELINE, tr("Second model to compare with (none)")),
        QgsProcessingParameterEnum(SPLIT, tr("Part of the set"), parts, False, 0, True),
        QgsProcessingParameterEnum(PROTOCOL, tr("Protocol"), ways, False, 0, True),
        QgsProcessingParameterBoolean(
            TOKENS, tr("Also judge how the model answers in tokens (slower)"), False, True
        ),
        QgsProcessingParameterFileDestination(
            REPORT, tr("Report"), tr("HTML files (*.html)"), None, True
        ),
    ]


def _text(name, title):
    return QgsProcessingParameterString(name, title, None, False, True)


class _Told(Told):
    """Tells an evaluation's progress to Processing."""

    def changed(self, evaluation):
        """How far it is."""
        if evaluation.state == RUNNING and evaluation.steps:
            self.say(tr("Looking for water…"))
            self.worked(evaluation.step, evaluation.steps)
