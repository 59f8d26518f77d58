# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of a training set: `{"image", "prefix", "suffix"}`, as PaliGemma's tools read them.

Roboflow's PaliGemma export has the same three keys, so sets of others are read here as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waterseg_core.errors import DatasetError
from waterseg_core.outputs_atomic import replacing

__all__ = ["Entry", "read_entries", "write_entries"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: the image's path relative to the file's folder, the prompt, and the answer."""

    image: str
    prefix: str
    suffix: str

    def line(self) -> str:
        """The line as JSON, without its end; characters as they are."""
        words = {"image": self.image, "prefix": self.prefix, "suffix": self.suffix}
        return json.dumps(words, ensure_ascii=False)


def read_entries(path: Path) -> list[Entry]:
    """All lines of a JSONL file, in order; blank ones do not count.

    Raises DatasetError with the number of the line that is not an entry.
    """
    return list(_entries(path))


def _entries(path: Path) -> Iterator[Entry]:
    try:
        # Not splitlines: a JSON text may hold other characters that end lines, such as U+2028.
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        raise DatasetError(f"There is no file {path}. Check the name.") from None
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DatasetError(f"{path} is not a JSONL file of text (UTF-8).") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _entry(line, f"{path}, line {number}")


def _entry(line: str, where: str) -> Entry:
    try:
        words: Any = json.loads(line)
    except ValueError:
        raise DatasetError(f"{where}: this is not JSON. Each line is one object.") from None
    if not isinstance(words, dict):
        raise DatasetError(f"{where}: this is not a JSON object.")
    for key in ("image", "prefix", "suffix"):
        if not isinstance(words.get(key), str):
            raise DatasetError(f'{where}: there is no text "{key}", as a training set needs.')
    return Entry(words["image"], words["prefix"], words["suffix"])


def write_entries(path: Path, entries: Iterable[Entry]) -> None:
    """Write a JSONL file, whole or not at all. Raises OutputError."""
    with replacing(path) as temporary:
        text = "".join(f"{entry.line()}\n" for entry in entries)
        temporary.write_text(text, encoding="utf-8", newline="\n")
