# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg dataset export`: a set in the formats that other tools read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from waterseg_core.cli.console import Console
from waterseg_core.cli.flags import grouped, option_flags, options_from_flags, talk_flags
from waterseg_core.cli.signals import stop_on_signals
from waterseg_core.options_dataset_show import ExportOptions


@click.command("export", cls=grouped(ExportOptions))
@click.argument("folder", metavar="SET", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="A new folder.  [default: SET and the format, as in ponds-coco]",
)
@option_flags(ExportOptions)
@talk_flags()
def command(
    folder: Path, output: Path | None, quiet: bool, verbose: bool, as_json: bool, **flags: Any
) -> int:
    """Write SET for other tools: COCO instances, YOLO-seg, or rasters of classes.

    Masks are those that were drawn, not what the tokens say. SET stays as it is.
    """
    from waterseg_core.dataset.codecs import open_drawn
    from waterseg_core.dataset.export import export

    options, console = options_from_flags(ExportOptions, flags), Console(quiet, verbose)
    source = open_drawn(folder, options.codec)
    whole = folder.resolve()
    target = output or whole.with_name(f"{whole.name}-{options.to}")
    with stop_on_signals(console) as stop, console.bar(whole.name, "chips") as bar:
        made = export(source, target, options, bar.update, stop)
    for note in made.notes:
        console.say(note)
    console.say(f"{made.chips} chips with {made.objects} objects as {options.to}: {made.path}")
    if as_json:
        about = {"folder": str(made.path), "format": options.to, "chips": made.chips}
        console.data({**about, "objects": made.objects, "notes": list(made.notes)})
    return 0
