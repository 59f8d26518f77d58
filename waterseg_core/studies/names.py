# SPDX-License-Identifier: GPL-3.0-or-later
"""Which name a new model gets: the one that was asked for, or that with a number behind it.

A model is never replaced by a training: whoever trains `ponds` again gets `ponds-2` and may
compare both.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

from waterseg_core import model_list
from waterseg_core.errors import OptionError
from waterseg_core.paligemma.hub import KNOWN, NANO
from waterseg_core.studies.house import House
from waterseg_core.studies.order import FINETUNE

__all__ = ["free_name"]

LONGEST = 60


def free_name(wanted: str, house: House) -> tuple[str, str]:
    """(a name that no model and no training has, what is to be told if it is another one).

    Raises OptionError for the name of a model that comes with waterseg.
    """
    bundled = {NANO.casefold(), *(name.split("/")[-1].casefold() for name in KNOWN)}
    if wanted.casefold() in bundled:
        raise OptionError(
            f"name {wanted}: a model that waterseg knows is called so; choose another name."
        )
    taken = {name.casefold() for name in _taken(house)}

    def is_free(name: str) -> bool:
        return name.casefold() not in taken and not _is_offered(name, house)

    if is_free(wanted):
        return wanted, ""
    numbers = itertools.count(2)
    more = (f"{wanted[: LONGEST - 1 - len(str(number))]}-{number}" for number in numbers)
    name = next(filter(is_free, more))
    return name, f"There is a model or a training called {wanted}; this one is called {name}."


def _is_offered(name: str, house: House) -> bool:
    """Whether the server has such a model from elsewhere."""
    try:
        house.source(name)
    except OptionError:
        return False
    return True


def _taken(house: House) -> Iterator[str]:
    """Names of models, of folders where models go, and of trainings that may still fill theirs."""
    yield from model_list.own()
    yield from (path.name for path in house.models.iterdir())
    for path in house.studies.glob("*/order.json"):
        try:
            words = json.loads(path.read_bytes())
        except (OSError, ValueError):
            continue
        if words.get("kind") == FINETUNE:
            yield words["name"]
