# SPDX-License-Identifier: GPL-3.0-or-later
"""EvaluationClient: the calls about evaluations, which are those about trainings elsewhere."""

from dataclasses import dataclass, field

from .client import Client
from .wire_studies import Training


@dataclass(frozen=True)
class Evaluation(Training):
    """An evaluation as the engine tells it: step of steps are cases done of all.

    summary: everything that `waterseg evaluate --json` says, when it is done.
    """

    kind: str = "evaluate"
    summary: dict = field(default_factory=dict)

    @classmethod
    def of(cls, answer):
        """From the wire."""
        return super().of({**answer, "summary": answer.get("summary") or {}})

    def iou(self, how, model="model"):
        """The IoU of `model` or `baseline`, `how`: per_image or pooled; None where unknown."""
        scores = (self.summary.get(model) or {}).get("metrics") or {}
        return ((scores.get(how) or {}).get("iou") or {}).get("value")

    @property
    def images(self):
        """How many images were judged."""
        return int((self.summary.get("model") or {}).get("images") or 0)


class EvaluationClient(Client):
    """A client whose studies are evaluations. `transport`: of any other client."""

    studies_at, told_as, list_name = "/v1/evaluations", Evaluation, "evaluations"

    def save_report(self, evaluation_id, path, feedback=None):
        """Write the report, a page, to `path`: in parts, whole or not at all. Raises OSError."""
        self.save_parts(f"{self.studies_at}/{evaluation_id}/result", path, feedback)
