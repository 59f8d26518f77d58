# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg:finetune`: a training set and a model become a better model, and a verdict."""

import os

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputString,
)
from qgis.PyQt.QtGui import QIcon

from ..engine import the_engine
from ..errors import PluginError, Stopped
from ..finetune_follow import FollowRun
from ..finetune_request import FinetuneRequest, suggested_name
from ..finetune_send import SendRun
from ..wire_studies import DONE, RUNNING
from ..words import tr
from .finetune_parameters import (
    ANSWER,
    ANSWERS,
    EPOCHS,
    MINUTES_NAME,
    MODEL,
    NAME,
    SEEDS,
    SET,
    parameters,
)
from .segment_water import SegmentWater
from .told import Told

ICON = os.path.join(os.path.dirname(os.path.dirname(__file__)), "resources", "finetune.svg")
#: Names of what comes of it.
MODEL_NAME, VERDICT = "MODEL_NAME", "VERDICT"


class Finetune(QgsProcessingAlgorithm):
    """Folder in, the name of a model out."""

    canExecute = SegmentWater.canExecute

    def createInstance(self):
        """A fresh one for each run."""
        return Finetune()

    def name(self):
        """Part of the id."""
        return "finetune"

    def displayName(self):
        """What the toolbox shows."""
        return tr("Fine-tune")

    def shortDescription(self):
        """One sentence."""
        return tr("Trains a model on a training set, and says whether it is better.")

    def shortHelpString(self):
        """The help beside the parameters."""
        return tr(
            "Trains a model on a training set, as Build training set writes it. The new model has "
            "a name of its own; the one that it starts from stays as it is.\n\n"
            "On the way the model is measured on the set's validation chips, and the best one is "
            "kept. At the end one sentence says whether it is better than the one before. Then it "
            "can be chosen as a model in Segment water.\n\n"
            "The training runs in the engine, on this computer or on a server. Watch the curves, "
            "and stop or resume a training, in the panel Fine-tune."
        )

    def tags(self):
        """Words by which it is found."""
        return tr("water,training,fine-tune,model,learn,PaliGemma,deep learning").split(",")

    def icon(self):
        """The icon of fine-tuning."""
        return QIcon(ICON)

    def initAlgorithm(self, configuration=None):
        """Declare the parameters."""
        for parameter in parameters():
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputString(MODEL_NAME, tr("Name of the new model")))
        self.addOutput(QgsProcessingOutputString(VERDICT, tr("Whether it is better")))

    def processAlgorithm(self, values, context, feedback):
        """In the background."""
        request = self._request(values, context)
        told = _Told(feedback)
        try:
            training = SendRun(request, the_engine(), feedback, told).go()
            training = _follow(training, feedback, told)
        except Stopped:
            return {}
        except PluginError as why:
            raise QgsProcessingException(str(why)) from why
        if training is None:
            return {}
        for note in training.notes:
            feedback.pushInfo(note)
        if training.state != DONE and not training.model:
            if feedback.isCanceled():
                return {}
            raise QgsProcessingException(
                training.message or tr("The training ended without a model.")
            )
        told.ended(training.verdict)
        return {MODEL_NAME: training.model, VERDICT: training.verdict}

    def _request(self, values, context):
        folder = self.parameterAsFile(values, SET, context).rstrip("/\\")
        options = {
            "model": self.parameterAsString(values, MODEL, context) if values.get(MODEL) else None,
            "minutes": self._number(values, MINUTES_NAME, context) or None,
            "epochs": self._number(values, EPOCHS, context) or None,
            "answer": ANSWERS[self.parameterAsEnum(values, ANSWER, context)],
            "seeds": self.parameterAsInt(values, SEEDS, context),
        }
        name = self.parameterAsString(values, NAME, context) if values.get(NAME) else ""
        made = FinetuneRequest(folder, name or suggested_name(folder), options, ask=False)
        try:
            made.check()
        except PluginError as why:
            raise QgsProcessingException(str(why)) from why
        return made

    def _number(self, values, name, context):
        """What was given, the default where nothing was; None where there is none."""
        if name in values and values[name] in (None, ""):
            return None
        if name not in values and self.parameterDefinition(name).defaultValue() is None:
            return None
        return self.parameterAsDouble(values, name, context)


def _follow(training, feedback, told):
    """The `Training` when it is over; one that is cancelled keeps the best so far."""
    run = FollowRun(training.id, the_engine(), feedback, told)
    try:
        return run.go()
    except Stopped:
        return run.give_up()


class _Told(Told):
    """Tells a training's progress to Processing."""

    def changed(self, training):
        """How far it is."""
        self.say("\n".join(training.estimate))
        every = training.steps * max(training.seeds, 1)
        if training.state == RUNNING and every:
            nth = max(training.seed, 0) * training.steps if training.seeds > 1 else 0
            self.worked(nth + training.step, every)

    def curve_grew(self, curve):
        """The measurements that were made."""
        for look in curve.looks[-1:]:
            said = tr("After step {step}: IoU {iou}, pooled {pooled}")
            self.say(
                said.format(step=look.step, iou=f"{look.iou:.3f}", pooled=f"{look.pooled:.3f}")
            )

    def samples_came(self, picture):
        """Processing shows none."""
