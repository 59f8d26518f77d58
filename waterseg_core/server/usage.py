# SPDX-License-Identifier: GPL-3.0-or-later
"""What uses a model now: jobs, trainings and evaluations that are under way."""

from __future__ import annotations

from waterseg_core.jobs import Jobs
from waterseg_core.studies import Studies
from waterseg_core.studies.order import EVALUATE, FINETUNE
from waterseg_core.uploads.names import Users

__all__ = ["users_of"]


def users_of(jobs: Jobs, studies: Studies) -> Users:
    """A function that says what uses, or makes, the model of a name."""

    def users(name: str) -> list[str]:
        found = [
            f"the job {job.folder.about.name!r}"
            for job in jobs
            if job.is_under_way and getattr(job.folder.about.options, "model", None) == name
        ]
        for kind, word in ((FINETUNE, "training"), (EVALUATE, "evaluation")):
            for study in studies.all(kind):
                made = [study.order.name] if kind == FINETUNE else []
                if not study.state.is_over and name in (*study.order.models, *made):
                    found.append(f"the {word} {study.order.name!r}")
        return found

    return users
