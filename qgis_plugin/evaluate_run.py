# SPDX-License-Identifier: GPL-3.0-or-later
"""EvaluateRun: from a set on disk to a report and a verdict, wherever the engine is."""

import threading

from qgis.core import QgsFeedback

from .client_evaluations import EvaluationClient
from .errors import LayerError, PluginError, Refused, Stopped
from .finetune_patience import Patient
from .finetune_send import SendRun
from .wire_studies import DONE
from .words import tr

#: Seconds between two looks, and those that an evaluation nobody wants any more is waited for.
PAUSE, SHORT_PATIENCE = 0.7, 5


class Evaluations:
    """The engine as one that evaluates: its clients speak of evaluations instead of trainings."""

    def __init__(self, engine):
        self._engine = engine
        self.obituary = engine.obituary

    @property
    def state(self):
        """As the engine's."""
        return self._engine.state

    def ensure_started(self, feedback=None):
        """An `EvaluationClient`; started if need be. Blocks."""
        return EvaluationClient(self._engine.ensure_started(feedback).transport)


class EvaluateRun(Patient):
    """`go` sends the set, follows the evaluation and writes its report; gives the `Evaluation`.

    request: as a `FinetuneRequest`, with the options of an evaluation. report: path of the page.
    listener: say(sentence), sent(done, total) in bytes, changed(Evaluation).
    """

    def __init__(self, request, report, engine, feedback, listener):
        super().__init__(Evaluations(engine), feedback, listener)
        self._request, self._report = request, report
        self._id = ""

    def go(self):
        """Everything. Raises PluginError with a sentence, Stopped when it was cancelled."""
        sending = SendRun(self._request, self._engine, self._feedback, self._listener)
        self._id = sending.go().id
        try:
            evaluation = self._patiently(self._look)
            while not evaluation.is_over:
                self._wait(PAUSE)
                evaluation = self._patiently(self._look)
            if evaluation.state != DONE:
                said = evaluation.message or tr("The evaluation ended without a result.")
                raise Refused(said, evaluation.error)
            self._patiently(self._save)
            return evaluation
        finally:
            self._drop()

    def _look(self):
        if self._lost and self._deaths:
            # The engine died and was started again: what it was at goes on.
            self._client.resume_training(self._id, self._feedback)
        evaluation = self._client.training(self._id, self._feedback)
        self._listener.changed(evaluation)
        return evaluation

    def _save(self):
        try:
            self._client.save_report(self._id, self._report, self._feedback)
        except OSError as why:
            said = tr("{path} cannot be written: {why}")
            raise LayerError(said.format(path=self._report, why=why.strerror or why)) from why

    def _drop(self):
        """Whatever came of it, the engine need not keep it: the report is ours, or nobody's."""
        if self._client is None or not self._id:
            return
        deadline = QgsFeedback()
        timer = threading.Timer(SHORT_PATIENCE, deadline.cancel)
        timer.start()
        try:
            self._client.cancel_training(self._id, deadline)
            self._client.forget_training(self._id, deadline)
        except (PluginError, Stopped) as why:  # the engine may be gone: it ends all the same
            self._listener.say(str(why))
        finally:
            timer.cancel()
