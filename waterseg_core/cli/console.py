# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command says while it works: sentences and a progress bar on stderr, JSON on stdout."""

from __future__ import annotations

import json
import sys
import time
import traceback
from typing import Any

import click

#: Without a terminal a line of progress appears after so many seconds.
LINE_SECONDS = 30.0


class Console:
    """Where a command's words go. `quiet` leaves only errors and what was asked for as JSON."""

    def __init__(self, quiet: bool = False, verbose: bool = False) -> None:
        self.quiet, self.verbose = quiet, verbose

    def say(self, sentence: str) -> None:
        """A sentence for the person, unless quiet."""
        if not self.quiet:
            click.echo(sentence, err=True)

    def detail(self, sentence: str) -> None:
        """A sentence for the person who asked for details."""
        if self.verbose:
            click.echo(sentence, err=True)

    def warn(self, error: Exception) -> None:
        """An error, which also a quiet command owes; where it arose only if asked."""
        if self.verbose:
            traceback.print_exception(error)
        click.echo(f"waterseg: {error}", err=True)

    def data(self, value: Any) -> None:
        """A value for a program, as JSON on stdout."""
        click.echo(json.dumps(value, indent=2, default=str, ensure_ascii=False))

    def bar(self, title: str, unit: str = "tiles") -> Bar:
        """A progress bar, or a line now and then where stderr is no terminal."""
        return Bar(title, quiet=self.quiet, terminal=sys.stderr.isatty(), unit=unit)


class Bar:
    """Tiles done (or what `unit` says), per second, a remark, time left. A context manager."""

    def __init__(self, title: str, quiet: bool, terminal: bool, unit: str = "tiles") -> None:
        self._title, self._shown, self._unit = title, not quiet, unit
        self._tqdm: Any = None
        self._terminal = terminal
        self._start = self._last = time.monotonic()
        self._first: int | None = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *about: object) -> None:
        if self._tqdm is not None:
            self._tqdm.close()

    def update(self, done: int, total: int, remark: str = "") -> None:
        """Show that `done` of `total` are done, and a remark such as how much water was found."""
        if not self._shown:
            return
        if self._first is None:
            self._first = done  # a resumed job does not count what an earlier run did
        if self._terminal:
            self._draw(done, total, remark)
        elif time.monotonic() - self._last >= LINE_SECONDS:
            self._last = time.monotonic()
            click.echo(self._line(done, total, remark), err=True)

    def _draw(self, done: int, total: int, remark: str) -> None:
        if self._tqdm is None:
            self._tqdm = _tqdm(self._title, total, done, self._unit)
        self._tqdm.set_postfix_str(remark, refresh=False)
        self._tqdm.update(done - self._tqdm.n)

    def _line(self, done: int, total: int, remark: str) -> str:
        seconds = time.monotonic() - self._start
        rate = (done - (self._first or 0)) / seconds
        left = f", {(total - done) / rate:.0f} s left" if rate > 0 else ""
        remark = f", {remark}" if remark else ""
        speed = f"{rate:.1f} {self._unit}/s"
        return f"{self._title}: {done} of {total} {self._unit}, {speed}{remark}{left}"


def _tqdm(title: str, total: int, done: int, unit: str) -> Any:
    from tqdm import tqdm

    return tqdm(
        total=total,
        initial=done,
        desc=title,
        unit=f" {unit}",
        file=sys.stderr,
        dynamic_ncols=True,
        leave=False,
        bar_format="{desc}: {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt}{unit}, {rate_fmt}"
        "{postfix}, {remaining} left",
    )
