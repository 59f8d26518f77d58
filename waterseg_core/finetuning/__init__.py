# SPDX-License-Identifier: GPL-3.0-or-later
"""A training set and a PaliGemma become a PaliGemma that knows your water.

    TrainingSet -> augment -> examples -> Batch -> Learner -> loss        (loop)
                                                      |
              best <- look: the real segmenter on the validation chips <- exported files

`finetune` in `run` tells the story. Everything random follows from the seed and the number of
the step, so a run that was killed goes on to the very same numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .run import finetune
    from .telling import Outcome, Progress

__all__ = ["Outcome", "Progress", "finetune"]


def __getattr__(name: str) -> Any:
    """Load torch only when something is to be trained."""
    if name == "finetune":
        from .run import finetune

        return finetune
    if name in ("Outcome", "Progress"):
        from . import telling

        return getattr(telling, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
