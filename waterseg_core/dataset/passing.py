# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made of sets appears whole or not at all: hidden folders, and files shared or copied."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from waterseg_core.dataset.folder import About
from waterseg_core.dataset.hidden import JOURNAL, Hidden, is_full, told
from waterseg_core.errors import OutputError

__all__ = ["MAP", "check_new", "copy", "making", "new_folder", "put_tree", "share", "title_of"]


#: Where a set shows where its chips lie, or how they look.
MAP = "map.png"


def title_of(about: About) -> str:
    """The title of a set's card: nothing of a set depends on what its folder is called."""
    return f"Training set: {about.prefix}"


@contextmanager
def making(target: Path) -> Iterator[Hidden]:
    """Inside, fill `hidden.set`; it takes the place of `target` at the end, or is removed.

    Raises OutputError if it cannot be written, or if a build of the same set waits to go on:
    its chips are not thrown away.
    """
    path = target.with_name(f".{target.name}.building")
    if (path / JOURNAL).is_file():
        raise OutputError(
            f"An interrupted build of {target} is in {path}. Run it again to finish it, or remove "
            "that folder."
        )
    # A name of its own for every run: what a killed one left is of no use to the next.
    hidden = Hidden.claim(target, {"passing": uuid.uuid4().hex})
    try:
        try:
            with told(target), _full_told(target):
                yield hidden
        except BaseException:
            hidden.remove()
            raise
        hidden.finish()
    finally:
        hidden.release()


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Inside, fill the folder that this gives; it is renamed to `target` at the end, or removed.

    Raises OutputError if it cannot be written.
    """
    hidden = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    try:
        with told(target), _full_told(target):
            hidden.mkdir()
            yield hidden
            os.replace(hidden, target)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


@contextmanager
def _full_told(target: Path) -> Iterator[None]:
    """A full disk, where the work does not go on later but starts anew."""
    try:
        yield
    except (OSError, OutputError) as error:
        if not is_full(error, target):
            raise
        raise OutputError(
            f"{target} was not made: the disk is full. Free some space or choose another folder."
        ) from error


def check_new(output: Path, inputs: list[Path]) -> None:
    """Raise OutputError unless `output` is the name of a folder to be, outside the inputs."""
    if output.exists():
        raise OutputError(f"{output} exists; give the name of a folder that does not.")
    if not output.absolute().parent.is_dir():
        raise OutputError(f"The folder {output.parent} does not exist; make it first.")
    for path in inputs:
        if path.resolve() in output.resolve().parents:
            raise OutputError(f"{output} lies inside {path}; choose a place beside it.")


def copy(source: Path, target: Path) -> None:
    """Copy a file's content over whatever is at `target`."""
    target.unlink(missing_ok=True)
    shutil.copyfile(source, target)


def share(source: Path, target: Path) -> None:
    """Make `target` the same file as `source`, or a copy where the disk knows no links.

    For sets of which only one stays: who changes a shared file in place changes both.
    """
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def put_tree(source: Path, target: Path, put: Callable[[Path, Path], None]) -> None:
    """Put every file below `source` at the same place below `target`, by `share` or `copy`."""
    for path in _files(source):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        put(path, place)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
