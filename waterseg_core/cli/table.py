# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of options in README.md and in docs/, made from their declarations.

`python -m waterseg_core.cli.table README.md` writes them between their marks; tests hold the
pages to it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from waterseg_core.cli.flags import default_in_words, flag_in_words
from waterseg_core.optionfield import Spec, specs
from waterseg_core.options import SegmentOptions
from waterseg_core.options_dataset import BuildOptions
from waterseg_core.options_dataset_audit import AuditOptions, ImportOptions
from waterseg_core.options_evaluate import EvaluateOptions
from waterseg_core.options_finetune import FinetuneOptions
from waterseg_core.options_serve import ServeOptions

#: The mark before each table, and what it shows; the mark after each is the same.
BEGIN = {
    "<!-- options: made by python -m waterseg_core.cli.table -->": SegmentOptions,
    "<!-- options of serve: made by python -m waterseg_core.cli.table -->": ServeOptions,
    "<!-- options of dataset build: made by python -m waterseg_core.cli.table -->": BuildOptions,
    "<!-- options of dataset import: made by python -m waterseg_core.cli.table -->": ImportOptions,
    "<!-- options of dataset audit: made by python -m waterseg_core.cli.table -->": AuditOptions,
    "<!-- options of finetune: made by python -m waterseg_core.cli.table -->": FinetuneOptions,
    "<!-- options of evaluate: made by python -m waterseg_core.cli.table -->": EvaluateOptions,
}
END = "<!-- end -->"


def table(verb: type = SegmentOptions) -> str:
    """A Markdown table of every option: flag, meaning, default, and what is allowed."""
    lines = ["| option | what it does | default | allowed |", "|---|---|---|---|"]
    return "\n".join([*lines, *(_row(spec) for spec in specs(verb))])


def with_table(page: str) -> str:
    """`page` with fresh tables between its marks; raises ValueError if it has none."""
    marks = {begin: verb for begin, verb in BEGIN.items() if begin in page}
    if not marks:
        raise ValueError("There is no mark for a table of options in this page.")
    for begin, verb in marks.items():
        before, rest = page.split(begin)
        _, after = rest.split(END, 1)
        page = f"{before}{begin}\n{table(verb)}\n{END}{after}"
    return page


def _row(spec: Spec) -> str:
    allowed = "" if spec.info.choices else spec.allowed
    cells = (f"`{flag_in_words(spec)}`", spec.info.help, default_in_words(spec), allowed)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    readme = Path(sys.argv[1])
    readme.write_text(with_table(readme.read_text()))
