# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory: which training this QGIS looks after, so that it is found again after a restart."""

import json
from dataclasses import asdict, dataclass, field, fields

from qgis.core import QgsSettings

from .finetune_request import FinetuneRequest
from .settings import ROOT

KEY = ROOT + "finetune"


@dataclass(frozen=True)
class Memory:
    """id: of the training on whatever engine has it; empty while there is none.

    folder, name, options: of its request. dismissed: the person has seen how it ended.
    """

    id: str = ""
    folder: str = ""
    name: str = ""
    options: dict = field(default_factory=dict)
    dismissed: bool = False

    @classmethod
    def of(cls, training_id, request):
        """That a request has become this training."""
        return cls(training_id, request.folder, request.name, dict(request.options))

    @classmethod
    def load(cls):
        """What is kept; what makes no sense is nothing."""
        names = {one.name for one in fields(cls)}
        try:
            kept = json.loads(QgsSettings().value(KEY, "") or "{}")
            return cls(**{name: value for name, value in kept.items() if name in names})
        except (ValueError, TypeError, AttributeError):
            return cls()

    def save(self):
        """Keep it."""
        QgsSettings().setValue(KEY, json.dumps(asdict(self)))

    def request(self):
        """The `FinetuneRequest` that the training was made of, or None."""
        return FinetuneRequest(self.folder, self.name, self.options) if self.folder else None


def pick(trainings, memory):
    """Which of the engine's `Training`s to show: ours, else the newest that goes on, or None."""
    ours = next((one for one in trainings if one.id == memory.id), None)
    if ours is not None and not ours.is_over:
        return ours
    going = next((one for one in trainings if one.kind == "finetune" and not one.is_over), None)
    if going is not None:
        return going
    return None if ours is None or memory.dismissed else ours
