# SPDX-License-Identifier: GPL-3.0-or-later
"""How an option is declared: default, range, unit and help once, as a field of a frozen dataclass.

Every door derives from the declaration: the library checks values when the dataclass is made,
the command line makes its flags and help texts from it, the README its table.
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from waterseg_core.errors import OptionError

#: What a value of each type is called in a sentence for the user.
KINDS = {
    bool: "yes or no",
    int: "a whole number",
    float: "a number",
    str: "a text",
    tuple[int, ...]: "whole numbers with commas between them",
    tuple[float, float, float, float]: "four numbers with commas between them",
}
NONE_TEXTS = ("", "none", "None")

Verb = TypeVar("Verb")


@dataclass(frozen=True, slots=True)
class OptionInfo:
    """What is declared about one option beside its default and type.

    `low` and `high` bound numbers, ends included unless `open_ends`. `check` answers what is
    wrong with a value, as the end of a sentence, or None. `default_text` describes a default
    of None. `late` says that the option acts only after the strips are finished, so that an
    interrupted job may go on with another value.
    """

    help: str
    group: str = ""
    unit: str = ""
    metavar: str = ""
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    open_ends: bool = False
    default_text: str = ""
    late: bool = False
    check: Callable[[Any], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """One option of a verb, ready for a door: name, flag, type, default and declaration."""

    name: str
    kind: Any
    optional: bool
    default: Any
    info: OptionInfo

    @property
    def flag(self) -> str:
        """The option's name on the command line, for example `--min-area`."""
        return "--" + self.name.replace("_", "-")

    @property
    def allowed(self) -> str:
        """What values are allowed, in words; empty if anything of the type is."""
        info = self.info
        if info.choices:
            return ", ".join(info.choices)
        if info.low is None and info.high is None:
            return ""
        if info.high is None:
            return f"{'above' if info.open_ends else 'at least'} {_spelled(info.low)}"
        low, high = _spelled(info.low), _spelled(info.high)
        return f"above {low} and below {high}" if info.open_ends else f"{low} to {high}"


def _spelled(bound: float | None) -> str:
    """A bound as a person would write it: 4000000000, not 4e+09."""
    bound = -math.inf if bound is None else bound
    return f"{bound:.0f}" if float(bound).is_integer() else f"{bound:g}"


def option(default: Any, *, help: str, **about: Any) -> Any:
    """A dataclass field that is an option; `about` are the other fields of `OptionInfo`."""
    return dataclasses.field(default=default, metadata={"option": OptionInfo(help=help, **about)})


def specs(verb: type) -> tuple[Spec, ...]:
    """The options that the dataclass `verb` declares, in order."""
    hints = typing.get_type_hints(verb)
    return tuple(
        Spec(field.name, *_kind(hints[field.name]), field.default, field.metadata["option"])
        for field in dataclasses.fields(verb)
    )


def _kind(hint: Any) -> tuple[Any, bool]:
    """The type of an option and whether it may be None."""
    if isinstance(hint, types.UnionType):
        (kind,) = (part for part in typing.get_args(hint) if part is not type(None))
        return kind, True
    return hint, False


def checked(spec: Spec, value: Any) -> Any:
    """`value` as the option's own type; raises OptionError with a sentence if it makes no sense."""
    if value is None and spec.optional:
        return None
    typed = _typed(spec, value)
    if spec.kind is str and spec.info.choices and typed not in spec.info.choices:
        raise refused(spec, value, f"must be one of {spec.allowed}")
    if spec.kind in (int, float) and not _inside(spec.info, typed):
        raise refused(spec, value, f"must be {spec.allowed}")
    wrong = spec.info.check(typed) if spec.info.check else None
    if wrong:
        raise refused(spec, value, wrong)
    return typed


def check_all(verb: Any) -> None:
    """Check every option of a new `verb`, a frozen dataclass, and give each its own type.

    Raises OptionError.
    """
    for spec in specs(type(verb)):
        object.__setattr__(verb, spec.name, checked(spec, getattr(verb, spec.name)))


def parse(spec: Spec, text: str) -> Any:
    """The value that a person means by `text`; raises OptionError."""
    if spec.optional and text.strip() in NONE_TEXTS:
        return None
    if spec.kind is str:
        return checked(spec, text)
    try:
        value = _from_text(spec.kind, text)
    except ValueError:
        raise refused(spec, text, f"must be {KINDS[spec.kind]}") from None
    return checked(spec, value)


def from_texts(verb: type[Verb], texts: Mapping[str, str | bool]) -> Verb:
    """The options `verb` from what a person typed, by field name; raises OptionError."""
    by_name = {spec.name: spec for spec in specs(verb)}
    values: dict[str, Any] = {}
    for name, text in texts.items():
        if name not in by_name:
            raise OptionError(f"There is no option --{name.replace('_', '-')}.")
        values[name] = text if isinstance(text, bool) else parse(by_name[name], text)
    return verb(**values)


def refused(spec: Spec, value: Any, why: str) -> OptionError:
    """The error for a value that an option does not take."""
    if isinstance(value, (tuple, list)):
        value = ",".join(str(part) for part in value)
    unit = f" ({spec.info.unit})" if spec.info.unit else ""
    return OptionError(f"{spec.flag} {value}: {why}{unit}.")


def _from_text(kind: Any, text: str) -> Any:
    if kind is int or kind is float:
        return kind(text)
    part = int if kind == tuple[int, ...] else float
    return tuple(part(piece) for piece in text.split(","))


def _typed(spec: Spec, value: Any) -> Any:
    try:
        return _coerced(spec.kind, value)
    except (TypeError, ValueError):
        raise refused(spec, value, f"must be {KINDS[spec.kind]}") from None


def _coerced(kind: Any, value: Any) -> Any:
    """`value` as `kind`, without guessing: True is no number, 1.5 is no whole number."""
    if kind is bool or kind is str:
        if not isinstance(value, kind):
            raise TypeError
        return value
    if kind is int:
        if isinstance(value, (bool, str)) or int(value) != value:
            raise TypeError
        return int(value)
    if kind is float:
        if isinstance(value, (bool, str)) or not math.isfinite(value):
            raise TypeError
        return float(value)
    part = int if kind == tuple[int, ...] else float
    parts = tuple(_coerced(part, piece) for piece in value)
    if not parts or (part is float and len(parts) != 4):
        raise ValueError
    return parts


def _inside(info: OptionInfo, value: float) -> bool:
    low = -math.inf if info.low is None else info.low
    high = math.inf if info.high is None else info.high
    return low < value < high if info.open_ends else low <= value <= high
