# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `waterseg`: finds the sub-command, and turns every failure into one sentence.

Exit codes: 0 done, 1 something else, 2 an option, 3 a raster, an area or a
training set, 4 a model, 5 an output, 130 stopped by the person.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import click

from waterseg_core.errors import Cancelled, WatersegError

#: Sub-commands in the order of the help, each a module of this package with a command `command`.
COMMANDS = ("segment", "evaluate", "serve", "dataset", "finetune", "models", "info", "demo")
STOPPED = Cancelled.exit_code


class LazyGroup(click.Group):
    """A group that imports a command's module only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the sub-commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The sub-command of that name, or None."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"waterseg_core.cli.{name}")
        command: click.Command = module.command
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="waterseg-core", prog_name="waterseg")
def waterseg() -> None:
    """Turn satellite and aerial rasters into water polygons."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # A job scheduler's polite request is as good as Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = run(words)
    except BrokenPipeError:  # whoever read our output has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


def run(words: list[str]) -> int:
    """Run the command line; the exit code. Failures are told on stderr."""
    verbose = "-v" in words or "--verbose" in words
    try:
        result: Any = waterseg.main(words, prog_name="waterseg", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return tell("Stopped.", STOPPED)
    except WatersegError as error:
        if verbose:
            traceback.print_exc()
        return tell(str(error), error.exit_code)
    except BrokenPipeError:
        raise
    except Exception as error:
        return unexpected(error, verbose)
    return result if isinstance(result, int) else 0


def unexpected(error: Exception, verbose: bool) -> int:
    """Tell about a failure that nobody foresaw; the exit code."""
    if verbose:
        traceback.print_exc()
    kind = type(error).__name__
    hint = "" if verbose else " Run again with -v to see where, and please report it."
    return tell(f"Something unexpected went wrong: {kind}: {error}.{hint}", 1)


def tell(sentence: str, code: int) -> int:
    """Print one sentence on stderr and pass the exit code on."""
    click.echo(f"waterseg: {sentence}", err=True)
    return code


if __name__ == "__main__":
    main()
