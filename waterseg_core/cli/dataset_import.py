# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg dataset import`: pairs of images and mask rasters become a training set."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from waterseg_core.cli.console import Console
from waterseg_core.cli.flags import grouped, option_flags, options_from_flags
from waterseg_core.cli.signals import stop_on_signals
from waterseg_core.options_dataset_audit import ImportOptions


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
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say more, and show where an error arose.")
@click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON on stdout.")
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
    from waterseg_core.dataset.audit_kinds import ASIDE
    from waterseg_core.dataset.imports import import_set

    options, console = options_from_flags(ImportOptions, flags), Console(quiet, verbose)
    with stop_on_signals(console) as stop, console.bar(output.name) as bar:
        made = import_set(
            images,
            masks,
            output,
            options,
            progress=lambda done, total, found: bar.update(done, total, f"{found} doubtful"),
            cancel=stop,
        )
    for note in made.notes:
        console.say(note)
    splits = Counter(chip.split for chip in made.chips)
    aside = [record for record in made.records if record.done == "set aside"]
    mended = sum(record.done == "mended" for record in made.records)
    for record in aside:
        why = next(finding.why for finding in record.findings if finding.cure == ASIDE)
        console.detail(f"Set aside: {record.image}: {why}")
    parts = ", ".join(f"{count} {split}" for split, count in splits.items())
    console.say(f"{output}: {len(made.chips)} chips ({parts}).")
    kinds = Counter(finding.kind for record in made.records for finding in record.findings)
    if kinds:
        console.say(
            f"{mended} masks were mended and {len(aside)} pairs set aside; see "
            f"{output / 'audit.html'}."
        )
    if as_json:
        console.data(
            {
                "folder": str(output),
                "chips": len(made.chips),
                "splits": dict(splits),
                "mended": mended,
                "set_aside": len(aside),
                "findings": dict(kinds),
                "resumed": made.resumed,
                "notes": list(made.notes),
            }
        )
    return 0
