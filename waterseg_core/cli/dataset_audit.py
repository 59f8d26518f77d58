# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg dataset audit`: names the bad labels of a training set."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from waterseg_core.cli.console import Console
from waterseg_core.cli.flags import grouped, option_flags, options_from_flags, talk_flags
from waterseg_core.cli.signals import stop_on_signals
from waterseg_core.options_dataset_audit import AuditOptions


@click.command("audit", cls=grouped(AuditOptions))
@click.argument("folder", metavar="SET", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where audit.csv and audit.html are written. [default: the set]",
)
@option_flags(AuditOptions)
@talk_flags()
def command(
    folder: Path, output: Path | None, quiet: bool, verbose: bool, as_json: bool, **flags: Any
) -> int:
    """Look at every chip of SET and name those whose label is bad, with a reason and a picture.

    SET is a training set of waterseg, or one of others with PaliGemma's lines. The report is
    audit.csv and audit.html, which opens without network.
    """
    from waterseg_core.dataset.audit import audit_set
    from waterseg_core.dataset.audit_kinds import KINDS

    options, console = options_from_flags(AuditOptions, flags), Console(quiet, verbose)
    with stop_on_signals(console) as stop, console.bar(folder.resolve().name, unit="chips") as bar:
        done = audit_set(
            folder,
            options,
            report=output,
            progress=lambda at, total, found: bar.update(at, total, f"{found} doubtful"),
            cancel=stop,
        )
    kinds = Counter(finding.kind for record in done.records for finding in record.findings)
    for kind, about in KINDS.items():
        if kinds[kind]:
            console.say(f"{kinds[kind]:6d}  {about.title}")
    faulty = sum(bool(record.findings) for record in done.records)
    did = Counter(record.done for record in done.records)
    if options.fix:
        console.say(f"{did['mended']} masks mended, {did['set aside']} chips set aside.")
    console.say(f"Something was found at {faulty} of {len(done.records)} chips: {done.report}")
    if as_json:
        console.data(
            {
                "set": str(folder),
                "chips": len(done.records),
                "left": done.left,
                "findings": dict(kinds),
                "mended": did["mended"],
                "set_aside": did["set aside"],
                "report": str(done.report),
                "resumed": done.resumed,
            }
        )
    return 0
