# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg serve`: the same work over HTTP, for the QGIS plugin and for other computers."""

from __future__ import annotations

import dataclasses
import os
import secrets
import sys
from typing import Any

import click

from waterseg_core.cli.console import Console
from waterseg_core.cli.flags import grouped, option_flags, options_from_flags, talk_flags
from waterseg_core.options_serve import ServeOptions


@click.command("serve", cls=grouped(ServeOptions))
@option_flags(ServeOptions)
@click.option(
    "--worker",
    is_flag=True,
    help="Serve the program that started this one: any free port of this computer, told as JSON on "
    "standard output, until standard input closes.",
)
@talk_flags(json=None)
def command(worker: bool, quiet: bool, verbose: bool, **flags: Any) -> None:
    """Answer jobs over HTTP, as docs/PROTOCOL.md says.

    Listens to this computer only, unless --host says otherwise; then a token must be given, and
    --tls-cert and --tls-key should be. Jobs survive a restart and go on.
    """
    options = options_from_flags(ServeOptions, flags)
    console = Console(quiet, verbose)
    if worker:
        _serve_parent(options)
    else:
        _serve(options, console)


def _serve_parent(options: ServeOptions) -> None:
    """As the worker of the program that started this one."""
    stdout = _own_stdout()
    from waterseg_core.server.serve import Server
    from waterseg_core.server.worker import run_worker

    server = Server(
        dataclasses.replace(options, host="127.0.0.1", port=0, tls_cert=None, tls_key=None),
        secrets.token_urlsafe(32),
        eager=False,
    )
    run_worker(server, stdout)
    _leave()


def _own_stdout() -> int:
    """A descriptor of the real standard output; whatever else is printed goes to stderr now."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return kept


def _serve(options: ServeOptions, console: Console) -> None:
    from waterseg_core.server.serve import Server, is_loopback, token_of

    token, new = token_of(options)
    server = Server(options, token)
    if not is_loopback(options.host) and not server.tls:
        console.say("Without --tls-cert, everybody on the way can read the token and the images.")
    if new:  # nobody else can know it
        click.echo(f"The token is {token}", err=True)
    server.run(lambda: console.say(f"Listening on {server.url}"))
    _leave()


def _leave() -> None:
    """End now: everything is on disk, and the libraries' threads may abort an orderly exit."""
    sys.stderr.flush()
    os._exit(0)
