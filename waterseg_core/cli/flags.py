# SPDX-License-Identifier: GPL-3.0-or-later
"""Flags of the command line, made from the options that `options.py` declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any, TypeVar

import click

from waterseg_core.optionfield import Spec, from_texts, specs

Verb = TypeVar("Verb")
Command = TypeVar("Command", bound=Callable[..., Any])


def default_in_words(spec: Spec) -> str:
    """What happens without the option, for help texts and tables; empty where nothing does."""
    if spec.info.default_text:
        return spec.info.default_text
    if spec.default is None or spec.default is False:
        return ""
    if spec.kind is bool:
        return spec.flag
    if isinstance(spec.default, tuple):
        return ",".join(f"{part:g}" for part in spec.default)
    text = f"{spec.default:g}" if spec.kind is float else str(spec.default)
    return f"{text} {spec.info.unit}".rstrip()


def flag_in_words(spec: Spec) -> str:
    """The flag as a person types it, for example `--min-area M2`."""
    if spec.kind is bool:
        return spec.flag if not spec.default else f"{spec.flag}, --no-{spec.flag[2:]}"
    return f"{spec.flag} {_metavar(spec)}"


def option_flags(verb: type) -> Callable[[Command], Command]:
    """A decorator that gives a command every option that the dataclass `verb` declares."""

    def decorate(command: Command) -> Command:
        for spec in reversed(specs(verb)):
            command = _flag(spec)(command)
        return command

    return decorate


def options_from_flags(verb: type[Verb], flags: Mapping[str, Any]) -> Verb:
    """The options `verb` from parsed flags; those that were not given are left to the default.

    Raises OptionError with a sentence for the first value that makes no sense.
    """
    return from_texts(verb, {name: text for name, text in flags.items() if text is not None})


def talk_flags(
    json: str | None = "Print a summary as JSON on stdout.", levels: bool = True
) -> Callable[[Command], Command]:
    """A decorator that gives a command the flags that say how much it tells, and in which form.

    levels: -q and -v, the parameters `quiet` and `verbose` of the command. json: what --json
    prints, its parameter `as_json`; without, there is no such flag.
    """

    def decorate(command: Command) -> Command:
        if json is not None:
            command = click.option("--json", "as_json", is_flag=True, help=json)(command)
        if levels:
            told = "Say more, and show where an error arose."
            command = click.option("-v", "--verbose", is_flag=True, help=told)(command)
            command = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")(
                command
            )
        return command

    return decorate


class GroupedCommand(click.Command):
    """A command whose help lists its options in the groups that they declare."""

    verb: type

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the verb by group, then the command's own."""
        records = {p.name: p.get_help_record(ctx) for p in self.get_params(ctx)}
        for group, members in groupby(specs(self.verb), key=lambda spec: spec.info.group):
            with formatter.section(group):
                rows = [records.pop(spec.name) for spec in members]
                formatter.write_dl([row for row in rows if row])
        with formatter.section("General"):
            formatter.write_dl([row for row in records.values() if row])


def grouped(verb: type) -> type[GroupedCommand]:
    """The class of a command that has the options `verb`."""
    return type("GroupedCommand", (GroupedCommand,), {"verb": verb})


def _flag(spec: Spec) -> Callable[[Command], Command]:
    default = default_in_words(spec)
    text = f"{spec.info.help} [default: {default}]" if default else spec.info.help
    if spec.kind is not bool:
        return click.option(spec.flag, spec.name, default=None, metavar=_metavar(spec), help=text)
    both = f"{spec.flag}/--no-{spec.flag[2:]}" if spec.default else spec.flag
    return click.option(both, spec.name, is_flag=True, default=None, help=text)


def _metavar(spec: Spec) -> str:
    info = spec.info
    if info.choices:
        return "|".join(info.choices)
    return info.metavar or info.unit.upper().replace("M²", "M2") or "NUMBER"
