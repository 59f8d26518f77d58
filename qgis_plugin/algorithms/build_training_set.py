# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg:buildtrainingset`: a layer and drawn water become a folder that trains a model."""

import os

from qgis.core import (
    QgsGeometry,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsRasterBlockFeedback,
)
from qgis.PyQt.QtGui import QIcon

from .. import training_folder
from ..engine import the_engine
from ..errors import PluginError
from ..layer_tiles import RENDERED
from ..training_polygons import polygons_of
from ..training_request import TrainingRequest
from ..training_run import TrainingRun
from ..words import tr
from .segment_water import SegmentWater
from .training_parameters import (
    AREA,
    BANDS,
    FIELD,
    INPUT,
    LICENCE,
    MASKS,
    OUTPUT,
    REAL,
    RESOLUTION,
    SPLIT,
    STYLED,
    TARGET,
    TARGETS,
    TEXTS,
    WHOLE,
    parameters,
)

ICON = os.path.join(os.path.dirname(os.path.dirname(__file__)), "resources", "training.svg")


class BuildTrainingSet(QgsProcessingAlgorithm):
    """Layers in, folder out. What touches layers happens in prepareAlgorithm."""

    canExecute = SegmentWater.canExecute

    def __init__(self):
        super().__init__()
        self._request = None
        self._blocks = None

    def createInstance(self):
        """A fresh one for each run."""
        return BuildTrainingSet()

    def name(self):
        """Part of the id."""
        return "buildtrainingset"

    def displayName(self):
        """What the toolbox shows."""
        return tr("Build training set")

    def shortDescription(self):
        """One sentence."""
        return tr("Turns an image and drawn water into chips and texts that a model learns from.")

    def shortHelpString(self):
        """The help beside the parameters."""
        return tr(
            "Cuts an image and the water that was drawn on it into chips, and writes for each the "
            "text of tokens that PaliGemma learns to answer. The folder trains with the official "
            "tools as it is, and with waterseg finetune.\n\n"
            "Chips without water are taken only from inside the area where everything is "
            "labelled. Training, validation and test are blocks of land, so that none has seen "
            "the other.\n\n"
            "Draw the water, and look at what the tokens can say of it, in the panel Build "
            "training set."
        )

    def tags(self):
        """Words by which it is found."""
        return tr("water,training,dataset,labels,masks,chips,PaliGemma,fine-tune").split(",")

    def icon(self):
        """The icon of training sets."""
        return QIcon(ICON)

    def initAlgorithm(self, configuration=None):
        """Declare the parameters."""
        for parameter in parameters():
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputNumber("CHIPS", tr("Number of chips")))
        self.addOutput(QgsProcessingOutputNumber("WET", tr("Number of chips with water")))

    def prepareAlgorithm(self, values, context, feedback):
        """On the main thread: gather everything about the layers."""
        layer = self.parameterAsRasterLayer(values, INPUT, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(values, INPUT))
        masks = self.parameterAsVectorLayer(values, MASKS, context)
        field = self.parameterAsString(values, FIELD, context) if values.get(FIELD) else ""
        self._blocks = QgsRasterBlockFeedback()
        feedback.canceled.connect(self._blocks.cancel)
        bands = self.parameterAsInts(values, BANDS, context) if values.get(BANDS) else None
        if self.parameterAsBool(values, STYLED, context):
            bands = RENDERED
        try:
            self._request = TrainingRequest.of(
                layer,
                polygons_of(masks, layer, field),
                area=self._area(values, context),
                resolution=self._number(values, RESOLUTION, context),
                bands=tuple(bands) if isinstance(bands, list) else bands,
                output=self.parameterAsString(values, OUTPUT, context).rstrip("/\\"),
                options=self._options(values, context),
                licence=self.parameterAsString(values, LICENCE, context),
            )
            self._request.check()
        except PluginError as why:
            raise QgsProcessingException(str(why)) from why
        return True

    def processAlgorithm(self, values, context, feedback):
        """In the background."""
        try:
            run = TrainingRun(self._request, the_engine(), self._blocks, _Told(feedback))
            outcome = run.go()
            if outcome.cancelled:
                run.drop()
                return {}
            written = training_folder.read(outcome.path)
        except PluginError as why:
            raise QgsProcessingException(str(why)) from why
        feedback.pushInfo(outcome.message)
        for note in written.notes:
            feedback.pushInfo(note)
        return {OUTPUT: outcome.path, "CHIPS": written.chips, "WET": written.wet}

    def _area(self, values, context):
        source = self.parameterAsSource(values, AREA, context) if values.get(AREA) else None
        if source is None:
            return None
        shapes = [one.geometry() for one in source.getFeatures() if not one.geometry().isNull()]
        return {"aoi": QgsGeometry.unaryUnion(shapes), "crs": source.sourceCrs()}

    def _options(self, values, context):
        chosen = {"target": TARGETS[self.parameterAsEnum(values, TARGET, context)]}
        for option in (name for name in TEXTS if values.get(name)):
            chosen[option.lower()] = self.parameterAsString(values, option, context)
        for option in (name for name in WHOLE if values.get(name) not in (None, "")):
            chosen[option.lower()] = self.parameterAsInt(values, option, context)
        for option in REAL:
            chosen[option.lower()] = self._number(values, option, context)
        shares = self.parameterAsString(values, SPLIT, context)
        if shares:
            chosen["split"] = _shares(shares)
        return chosen

    def _number(self, values, name, context):
        if values.get(name) in (None, ""):
            return None
        return self.parameterAsDouble(values, name, context)


def _shares(text):
    """Three whole numbers from "80,10,10". Raises PluginError."""
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise PluginError(
            tr("{text} is no split: write three whole numbers, as in 80,10,10.").format(text=text)
        ) from None


class _Told:
    """Tells a run's progress to Processing."""

    def __init__(self, feedback):
        self._feedback = feedback

    def progress_made(self, done, total, seconds_left, water):
        """So many chips are done."""
        if total:
            self._feedback.setProgress(100.0 * done / total)

    def features_came(self, features):
        """There are none."""

    def say(self, sentence):
        """What is going on."""
        self._feedback.pushInfo(sentence)
