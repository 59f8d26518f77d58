# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names a model that is sent may have: one that no other model here has or is to have."""

from __future__ import annotations

from collections.abc import Callable

from waterseg_core import model_list
from waterseg_core.errors import OptionError
from waterseg_core.jobs_models import Models
from waterseg_core.paligemma.hub import KNOWN, NANO

__all__ = ["Users", "check_free"]

#: Says what uses the model of a name now, or makes one of that name, in words; else nothing.
Users = Callable[[str], list[str]]


def check_free(name: str, models: Models, users: Users) -> None:
    """Raise OptionError for a name that is taken."""
    known = {NANO.casefold(), *(one.rpartition("/")[2].casefold() for one in KNOWN)}
    if name.casefold() in known:
        raise OptionError(
            f"name {name}: a model that waterseg knows is called so; choose another name."
        )
    taken = {one.casefold() for one in (*models.sources(), *model_list.own())}
    if name.casefold() in taken or users(name):
        raise OptionError(
            f"name {name}: this server has, or makes, a model of that name; choose another one, "
            "or remove that model first."
        )
