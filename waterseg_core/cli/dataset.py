# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg dataset`: everything about training sets, a module per sub-command."""

from __future__ import annotations

import importlib
import importlib.util

import click

#: Sub-commands in the order of the help; `build` is `command` in `cli/dataset_build.py`.
COMMANDS = ("build", "import", "audit", "preview", "retarget", "merge", "export")


class LazyGroup(click.Group):
    """A group that imports a sub-command's module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the sub-commands."""
        return [name for name in COMMANDS if importlib.util.find_spec(module_of(name))]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The sub-command of that name, or None."""
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(module_of(name)).command
        return command


def module_of(name: str) -> str:
    """The module that holds a sub-command."""
    return f"waterseg_core.cli.dataset_{name}"


@click.group("dataset", cls=LazyGroup)
def command() -> None:
    """Make, check, show and pass on training sets."""
