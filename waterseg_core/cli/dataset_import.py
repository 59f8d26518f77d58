# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg dataset import`: pairs of images and mask rasters become a training set."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from waterseg_core.cli.console import Console
from waterseg_core.cli.flags import grouped, option_flags, options_from_flags, talk_flags
from waterseg_core.cli.signals import stop_on_signals
from waterseg_core.options_dataset_audit import ImportOptions

if TYPE_CHECKING:
    from waterseg_core.dataset.audit_records import Record
    from waterseg_core.dataset.imports import Imported


@click.command("import", cls=grouped(ImportOptions))
@click.argument("images", type=click.Path(path_type=Path))
@click.argument("masks", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="The training set to be made.",
)
@option_flags(ImportOptions)
@talk_flags()
def command(
    images: Path,
    masks: Path,
    output: Path,
    quiet: bool,
    verbose: bool,
    as_json: bool,
    **flags: Any,
) -> int:
    """Make a training set of the pictures in IMAGES and the masks of the same names in MASKS.

    Masks may hold 0 and 255, 0 and 1, the numbers of classes, or the greys of JPEG. What cannot
    be used is named and left out, and the rest goes on; an interrupted import goes on when the
    same command is given again.
    """
    from waterseg_core.dataset.imports import import_set

    options, console = options_from_flags(ImportOptions, flags), Console(quiet, verbose)
    with stop_on_signals(console) as stop, console.bar(output.name, unit="chips") as bar:
        made = import_set(
            images,
            masks,
            output,
            options,
            progress=lambda done, total, found: bar.update(done, total, f"{found} doubtful"),
            cancel=stop,
        )
    _tell(made, output, console)
    if as_json:
        console.data(_summary(made, output))
    return 0


def _tell(made: Imported, output: Path, console: Console) -> None:
    """Say what came of it, and in detail what was set aside."""
    from waterseg_core.dataset.audit_kinds import ASIDE

    for note in made.notes:
        console.say(note)
    for record in _aside(made):
        why = next(finding for finding in record.findings if finding.cure == ASIDE)
        console.detail(f"Set aside: {record.reason(why)}")
    parts = ", ".join(f"{count} {split}" for split, count in _splits(made).items())
    console.say(f"{output}: {len(made.chips)} chips ({parts}).")
    if _kinds(made):
        console.say(
            f"Masks mended: {_mended(made)}; pairs set aside: {len(_aside(made))}. See "
            f"{output / 'audit.html'}."
        )


def _summary(made: Imported, output: Path) -> dict[str, Any]:
    """What came of it, for JSON."""
    return {
        "folder": str(output),
        "chips": len(made.chips),
        "splits": dict(_splits(made)),
        "mended": _mended(made),
        "set_aside": len(_aside(made)),
        "findings": dict(_kinds(made)),
        "resumed": made.resumed,
        "notes": list(made.notes),
    }


def _splits(made: Imported) -> Counter[str]:
    return Counter(chip.split for chip in made.chips)


def _kinds(made: Imported) -> Counter[str]:
    return Counter(finding.kind for record in made.records for finding in record.findings)


def _aside(made: Imported) -> list[Record]:
    return [record for record in made.records if record.done == "set aside"]


def _mended(made: Imported) -> int:
    return sum(record.done == "mended" for record in made.records)
