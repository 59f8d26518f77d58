# SPDX-License-Identifier: GPL-3.0-or-later
"""The Processing provider: lists waterseg's algorithms."""

import os

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .algorithms.build_training_set import BuildTrainingSet
from .algorithms.evaluate import Evaluate
from .algorithms.finetune import Finetune
from .algorithms.segment_water import SegmentWater

ICON = os.path.join(os.path.dirname(__file__), "resources", "icon.svg")


class WatersegProvider(QgsProcessingProvider):
    """Everything that waterseg does, for batch processing, models and qgis_process."""

    def id(self):
        """What algorithms' names begin with."""
        return "waterseg"

    def name(self):
        """What the toolbox shows."""
        return "waterseg"

    def icon(self):
        """The plugin's icon."""
        return QIcon(ICON)

    def loadAlgorithms(self):
        """Add every algorithm."""
        self.addAlgorithm(SegmentWater())
        self.addAlgorithm(BuildTrainingSet())
        self.addAlgorithm(Finetune())
        self.addAlgorithm(Evaluate())
