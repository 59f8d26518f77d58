# SPDX-License-Identifier: GPL-3.0-or-later
"""Studies: trainings and evaluations that somebody else ordered, kept on disk and at work.

    Study ─ Parts ─▶ SetStore ─▶ Run (a thread) ─▶ Child (a process) ─▶ finetune, evaluate
                                      ▲                  │
                                      └──── JSON lines ──┘

A model that learns may take all the memory there is, so it learns in a process of its own; a kill
of either side loses nothing. Nothing here knows HTTP.
"""

from __future__ import annotations

from waterseg_core.studies.house import House, StudyLimits
from waterseg_core.studies.store import Studies
from waterseg_core.studies.study import Study

__all__ = ["House", "Studies", "Study", "StudyLimits"]
