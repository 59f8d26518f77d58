# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg dataset preview`: a set as a page that shows what the tokens can say of each mask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from waterseg_core.cli.console import Console
from waterseg_core.cli.flags import grouped, option_flags, options_from_flags, talk_flags
from waterseg_core.cli.signals import stop_on_signals
from waterseg_core.options_dataset_show import PreviewOptions


@click.command("preview", cls=grouped(PreviewOptions))
@click.argument("folder", metavar="SET", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", required=True, metavar="FILE", type=click.Path(path_type=Path), help="A page."
)
@option_flags(PreviewOptions)
@talk_flags()
def command(
    folder: Path, output: Path, quiet: bool, verbose: bool, as_json: bool, **flags: Any
) -> int:
    """Show SET as one HTML file: each mask as drawn, as its tokens say it, and the image.

    The worst come first. The page opens without network, and shows at most --chips chips.
    """
    from waterseg_core.dataset.codecs import open_decoded
    from waterseg_core.dataset.preview import check_preview, write_preview

    options, console = options_from_flags(PreviewOptions, flags), Console(quiet, verbose)
    check_preview(output, options)
    source, codec = open_decoded(folder, options.codec)
    with stop_on_signals(console) as stop, console.bar(source.path.name, "chips") as bar:
        made = write_preview(source, codec, output, options, bar.update, stop)
    for fault in made.faults[:3]:
        console.say(f"Cannot be shown: {fault}")
    if len(made.faults) > 3:
        console.say(f"… and {len(made.faults) - 3} more; they come first on the page.")
    shown = f"{made.shown} of {made.total}" if made.shown < made.total else f"{made.total}"
    iou = "" if made.iou is None else f", IoU {made.iou:.3f} (pooled {made.pooled_iou:.3f})"
    console.say(f"{shown} chips{iou}: {output}")
    if as_json:
        console.data(
            {
                "page": str(output),
                "shown": made.shown,
                "chips": made.total,
                "dry": made.dry,
                "iou": made.iou,
                "pooled_iou": made.pooled_iou,
                "faults": list(made.faults),
            }
        )
    return 0
