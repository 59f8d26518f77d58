# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg dataset merge`: several sets as one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from waterseg_core.cli.console import Console
from waterseg_core.cli.flags import talk_flags
from waterseg_core.cli.signals import stop_on_signals


@click.command("merge")
@click.argument("folders", metavar="SET...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="The new set.",
)
@talk_flags()
def command(
    folders: tuple[Path, ...], output: Path, quiet: bool, verbose: bool, as_json: bool
) -> int:
    """Make one set of several SETs, which stay as they are.

    Splits are kept, labels united, ids made unique. All must have one codec and one prompt; see
    waterseg dataset retarget.
    """
    from waterseg_core.dataset.merge import merge

    console = Console(quiet, verbose)
    with stop_on_signals(console) as stop, console.bar(output.name, "chips") as bar:
        made = merge(folders, output, bar.update, stop)
    for note in made.notes:
        console.say(note)
    counts = Counter(chip.split for chip in made.chips)
    splits = ", ".join(f"{count} {split}" for split, count in counts.items())
    console.say(f"{len(made.chips)} chips of {len(folders)} sets ({splits}): {made.path}")
    if as_json:
        about = {"set": str(made.path), "chips": len(made.chips), "splits": dict(counts)}
        console.data({**about, "notes": list(made.notes)})
    return 0
