# SPDX-License-Identifier: GPL-3.0-or-later
"""Removal: which models somebody may remove from a server, and when."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from waterseg_core import model_list
from waterseg_core.errors import JobStateError, ModelError, NoSuchModelError, NotAllowedError
from waterseg_core.jobs_models import Models
from waterseg_core.uploads.names import Users

__all__ = ["removable"]


def removable(name: str, models: Models, users: Users, homes: Sequence[Path]) -> Path:
    """The folder of an own model in one of the folders `homes`, which nothing uses.

    Raises NoSuchModelError, NotAllowedError, and JobStateError while it is used.
    """
    if name in models.started_with:
        raise NotAllowedError(
            f"The server was started with the model {name}; only models that were sent or trained "
            "here can be removed."
        )
    folder = model_list.own().get(name)
    if folder is None:
        raise NoSuchModelError(f"There is no model {name[:80]} here.")
    if not any(folder.is_relative_to(home.resolve()) for home in homes):
        raise NotAllowedError(
            f"The model {name} was neither sent nor trained here: whoever made it removes it, by "
            "removing its folder."
        )
    used = [*users(name), *_adapters(name, folder, models)]
    if used:
        raise JobStateError(
            f"The model {name} is used by {', '.join(used)}. Remove it when nothing needs it."
        )
    return folder


def _adapters(name: str, folder: Path, models: Models) -> list[str]:
    """Adapters that would lose their base."""
    found = []
    for other, source in models.sources().items():
        with contextlib.suppress(ModelError):
            base, adapter = model_list.resolved(source)
            if other != name and adapter is not None and Path(base) == folder:
                found.append(f"the adapter {other}")
    return found
