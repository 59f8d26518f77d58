# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg:segmentwater`: water polygons from a raster layer, for batch, models and scripts."""

import os

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterBlockFeedback,
)
from qgis.PyQt.QtGui import QIcon

from .. import results
from ..engine import the_engine
from ..errors import PluginError
from ..request import RENDERED, SegmentRequest
from ..run import Run
from ..words import tr
from .segment_parameters import AREA, BANDS, INPUT, OPTIONS, OUTPUT, RESOLUTION, STYLED, parameters

ICON = os.path.join(os.path.dirname(os.path.dirname(__file__)), "resources", "icon.svg")


class SegmentWater(QgsProcessingAlgorithm):
    """Layer in, water polygons out. What touches the layer happens in prepareAlgorithm."""

    def __init__(self):
        super().__init__()
        self._request = None
        self._blocks = None
        self._post = None

    def createInstance(self):
        """A fresh one for each run."""
        return SegmentWater()

    def name(self):
        """Part of the id."""
        return "segmentwater"

    def displayName(self):
        """What the toolbox shows."""
        return tr("Segment water")

    def shortDescription(self):
        """One sentence."""
        return tr("Finds water in a raster layer and gives polygons.")

    def shortHelpString(self):
        """The help beside the parameters."""
        return tr(
            "Finds the water in a satellite or aerial image and gives polygons with their area, "
            "shoreline and confidence, in the CRS of the layer.\n\n"
            "Works with files of any type and number of bands, and with WMS, WMTS and XYZ layers, "
            "which need a resolution.\n\n"
            "The model runs in an engine outside QGIS, on this computer or on a server. Set it up "
            "once in Settings, Options, waterseg.\n\n"
            "Cancelled runs can be resumed in the panel Segment water."
        )

    def tags(self):
        """Words by which it is found."""
        return tr("water,lake,river,polygon,vectorize,segmentation,satellite,deep learning").split(
            ","
        )

    def icon(self):
        """The plugin's icon."""
        return QIcon(ICON)

    def initAlgorithm(self, configuration=None):
        """Declare the parameters."""
        for parameter in parameters():
            self.addParameter(parameter)

    def canExecute(self):
        """(whether it can run, why not)."""
        if the_engine().is_set_up():
            return True, ""
        return False, tr(
            "waterseg has no engine yet. Set it up, or connect to a server, in Settings, Options, "
            "waterseg."
        )

    def prepareAlgorithm(self, values, context, feedback):
        """On the main thread: gather everything about the layer."""
        layer = self.parameterAsRasterLayer(values, INPUT, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(values, INPUT))
        self._blocks = QgsRasterBlockFeedback()
        feedback.canceled.connect(self._blocks.cancel)
        crs = self.parameterAsExtentCrs(values, AREA, context)
        bands = self.parameterAsInts(values, BANDS, context) if values.get(BANDS) else None
        if self.parameterAsBool(values, STYLED, context):
            bands = RENDERED
        try:
            self._request = SegmentRequest.of(
                layer,
                self.parameterAsOutputLayer(values, OUTPUT, context),
                extent=self.parameterAsExtent(values, AREA, context),
                crs=crs,
                resolution=self._number(values, RESOLUTION, context),
                bands=tuple(bands) if isinstance(bands, list) else bands,
                options=self._options(values, context),
            )
        except PluginError as why:
            raise QgsProcessingException(str(why)) from why
        return True

    def processAlgorithm(self, values, context, feedback):
        """In the background."""
        try:
            run = Run(self._request, the_engine(), self._blocks, _Told(feedback))
            outcome = run.go()
        except PluginError as why:
            raise QgsProcessingException(str(why)) from why
        feedback.pushInfo(outcome.message)
        if outcome.cancelled:
            return {}
        self._dress_later(outcome.path, context)
        return {OUTPUT: outcome.path}

    def _dress_later(self, path, context):
        """If the result is loaded into a project, it gets its style there."""
        if context.willLoadLayerOnCompletion(path):
            self._post = _Dresser(self._request)
            details = context.layerToLoadOnCompletionDetails(path)
            details.setPostProcessor(self._post)

    def _options(self, values, context):
        chosen = {}
        for option, kind in OPTIONS.items():
            if values.get(option) in (None, ""):
                continue
            if kind is str:
                chosen[option.lower()] = self.parameterAsString(values, option, context)
            else:
                chosen[option.lower()] = self._number(values, option, context)
        return chosen

    def _number(self, values, name, context):
        if values.get(name) in (None, ""):
            return None
        return self.parameterAsDouble(values, name, context)


class _Told:
    """Tells a run's progress to Processing."""

    def __init__(self, feedback):
        self._feedback = feedback

    def progress_made(self, done, total, seconds_left, water):
        """So much is done."""
        if total:
            self._feedback.setProgress(100.0 * done / total)

    def features_came(self, features):
        """Processing shows results at the end only."""

    def say(self, sentence):
        """What is going on."""
        self._feedback.pushInfo(sentence)


class _Dresser(QgsProcessingLayerPostProcessorInterface):
    """Styles the result when QGIS has loaded it."""

    def __init__(self, request):
        super().__init__()
        self._request = request

    def postProcessLayer(self, layer, context, feedback):
        """On the main thread."""
        results.dress(layer)
        results.describe(layer, self._request)
