# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg dataset retarget`: the same chips with other answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from waterseg_core.cli.console import Console
from waterseg_core.cli.flags import grouped, option_flags, options_from_flags, talk_flags
from waterseg_core.cli.signals import stop_on_signals
from waterseg_core.options_dataset_show import RetargetOptions


@click.command("retarget", cls=grouped(RetargetOptions))
@click.argument("folder", metavar="SET", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Leave SET as it is and write a new one.",
)
@option_flags(RetargetOptions)
@talk_flags()
def command(
    folder: Path, output: Path | None, quiet: bool, verbose: bool, as_json: bool, **flags: Any
) -> int:
    """Make the suffixes of SET again: for another codec, prompt, target, or with other labels.

    Images and masks stay as they are. A set of others (Roboflow's PaliGemma export, for example)
    becomes one of ours, with masks, at -o.
    """
    from waterseg_core.dataset.retarget import retarget

    options, console = options_from_flags(RetargetOptions, flags), Console(quiet, verbose)
    with stop_on_signals(console) as stop, console.bar(folder.name, "chips") as bar:
        made = retarget(folder, options, output, bar.update, stop)
    for note in made.notes:
        console.detail(note)
    ious = (made.iou_before, made.iou)
    words = " -> ".join("none" if iou is None else f"{iou:.3f}" for iou in ious)
    asked = f"every prefix is now '{made.prefix}', " if made.is_asked_anew else ""
    console.say(
        f"{asked}{made.changed} of {made.chips} suffixes changed, mean round-trip IoU {words}: "
        f"{made.path}"
    )
    if as_json:
        about = {"set": str(made.path), "chips": made.chips, "changed": made.changed}
        console.data({**about, "iou_before": made.iou_before, "iou": made.iou})
    return 0
