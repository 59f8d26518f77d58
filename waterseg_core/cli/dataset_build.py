# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg dataset build`: scenes and what is drawn on them in, a training set out."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from waterseg_core.cli.console import Console
from waterseg_core.cli.flags import grouped, option_flags, options_from_flags, talk_flags
from waterseg_core.cli.signals import stop_on_signals
from waterseg_core.options_dataset import BuildOptions

if TYPE_CHECKING:
    from waterseg_core.dataset.build import Built


@click.command("build", cls=grouped(BuildOptions))
@click.argument("scenes", nargs=-1, required=True, metavar="SCENE...")
@click.option("-o", "--output", required=True, metavar="FOLDER", help="Where the set goes.")
@option_flags(BuildOptions)
@talk_flags()
def command(
    scenes: tuple[str, ...],
    output: str,
    quiet: bool,
    verbose: bool,
    as_json: bool,
    **flags: Any,
) -> None:
    """Make a training set of the water that is drawn on each SCENE.

    The set trains with PaliGemma's own tools. The same command goes on where an interrupted one
    stopped, and adds to a set that is there what is new.
    """
    options = options_from_flags(BuildOptions, flags)
    console = Console(quiet, verbose)
    from waterseg_core.dataset.build import BuildProgress, build_set
    from waterseg_core.dataset.inputs import open_inputs

    name = Path(output).name
    with (
        open_inputs(scenes, options) as inputs,
        stop_on_signals(console) as stop,
        console.bar(name, unit="chips") as made,
        contextlib.ExitStack() as planning,
    ):
        planned = planning.enter_context(console.bar(f"{name}, planned", unit="chips"))

        def show(now: BuildProgress) -> None:
            if now.planning:
                planned.update(now.done, now.total)
            else:
                planning.close()  # one bar at a time
                made.update(now.done, now.total, f"{now.wet} with water")

        built = build_set(inputs, Path(output), options, progress=show, cancel=stop)
    for note in built.notes:
        console.say(note)
    console.say(_sentence(built))
    if as_json:
        console.data(_summary(built))


def _sentence(built: Built) -> str:
    """What is in the set, and what is new in it."""
    wet = sum(not chip.is_dry for chip in built.chips)
    said = f"{len(built.chips)} chips, {wet} with water, in {built.path}"
    if built.new == len(built.chips):
        return said
    return f"{said}; {built.new} of them are new" if built.new else f"{said}; none is new"


def _summary(built: Built) -> dict[str, Any]:
    """The same for programs."""
    splits = {
        split: {
            "chips": sum(chip.split == split for chip in built.chips),
            "dry": sum(chip.split == split and chip.is_dry for chip in built.chips),
        }
        for split in ("train", "val", "test")
    }
    ious = [chip.round_trip_iou for chip in built.chips if chip.round_trip_iou is not None]
    return {
        "set": str(built.path),
        "chips": len(built.chips),
        "new": built.new,
        "resumed": built.resumed,
        "splits": splits,
        "round_trip_iou": round(sum(ious) / len(ious), 4) if ious else None,
        "notes": list(built.notes),
    }
