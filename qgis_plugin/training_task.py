# SPDX-License-Identifier: GPL-3.0-or-later
"""BuildTask and SuggestTask: work for a training set in QGIS's task manager."""

from .tasks import SegmentTask
from .training_record import TrainingRecord
from .training_run import SuggestRun, TrainingRun
from .words import tr


class BuildTask(SegmentTask):
    """Writes the set of a `TrainingRequest`; `resume` is what `unfinished` was after a break.

    Signals as in `SegmentTask`; the path of finishedWith is the set's folder.
    """

    run_kind = TrainingRun

    def __init__(self, request, resume=None):
        super().__init__(request, resume or TrainingRecord(request))

    @property
    def unfinished(self):
        """What is needed to go on after Cancel or a failure, or None."""
        return self._run.unfinished

    @staticmethod
    def _title(request):
        return tr("Training set of {layer}").format(layer=request.layer_name)


class SuggestTask(SegmentTask):
    """Looks for water as `SegmentTask` does, but is not offered again when it is cancelled."""

    run_kind = SuggestRun
