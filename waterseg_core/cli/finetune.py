# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg finetune`: teach a model your water."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from waterseg_core.cli.console import LINE_SECONDS, Console
from waterseg_core.cli.flags import grouped, option_flags, options_from_flags, talk_flags
from waterseg_core.cli.signals import stop_on_signals
from waterseg_core.errors import Cancelled, OptionError
from waterseg_core.options_finetune import FinetuneOptions

if TYPE_CHECKING:
    from waterseg_core.finetuning import Outcome, Progress
    from waterseg_core.finetuning.estimate import Estimate


@click.command("finetune", cls=grouped(FinetuneOptions))
@click.argument("data", metavar="SET", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="The folder of the new model. [default: models/ and the set's name]",
)
@option_flags(FinetuneOptions)
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
@click.option("--dry-run", is_flag=True, help="Only say what it would take.")
@talk_flags()
def command(
    data: Path,
    output: Path | None,
    resume: bool,
    dry_run: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
    **flags: Any,
) -> int:
    """Train a model on a SET, a folder that `waterseg dataset` made.

    While it trains, the model is measured on the set's validation chips the way it will be used,
    and the best one is kept. Ctrl-C keeps what was reached; --resume goes on.
    """
    if resume and dry_run:
        raise OptionError("--dry-run is for a new run, --resume for one that began. Leave one out.")
    options = options_from_flags(FinetuneOptions, flags)
    from waterseg_core.finetuning import finetune  # seconds, which no typing mistake should cost

    console = Console(quiet, verbose)
    target = output or Path("models") / data.resolve().name
    show = Show(console)
    with stop_on_signals(console) as stop:
        outcome = finetune(
            options,
            data,
            target,
            resume=resume,
            given=[name for name, text in flags.items() if text is not None],
            progress=show,
            cancel=stop,
            ask=lambda plan: _asked(console, plan, dry_run),
        )
    show.close()
    if dry_run:
        return 0
    if as_json:
        console.data(summary(outcome))
    for note in outcome.notes:
        console.say(note)
    console.say(outcome.verdict)
    if outcome.best is not None:
        console.say(f"The model is in {target}: --model {target.resolve().name}")
    if not outcome.finished:
        raise Cancelled("Stopped; the same command with --resume goes on.")
    return 0


def _asked(console: Console, plan: Estimate, dry_run: bool) -> bool:
    for sentence in plan.sentences():
        console.say(sentence)
    return not dry_run


def summary(outcome: Outcome) -> dict[str, Any]:
    """What came of it, for JSON."""
    return {
        "model": str(outcome.folder),
        "finished": outcome.finished,
        "verdict": outcome.verdict,
        "gained": outcome.gained,
        "best": outcome.best.words() if outcome.best else None,
        "before": outcome.before.words() if outcome.before else None,
        "looks": [look.words() for look in outcome.looks],
        "steps": outcome.steps,
        "seconds": round(outcome.seconds, 1),
        "notes": list(outcome.notes),
    }


class Show:
    """Progress as a bar on a terminal, else a line now and then, and a line for every look."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Any = None
        self._told = time.monotonic()

    def __call__(self, done: Progress) -> None:
        """Show where the training is."""
        if self._console.quiet or not done.steps:
            return
        if done.look is not None:
            self._say(_look_line(done))
        elif sys.stderr.isatty():
            self._draw(done)
        elif time.monotonic() - self._told >= LINE_SECONDS:
            self._told = time.monotonic()
            self._say(f"step {done.step} of {done.steps}, {_numbers(done)}")

    def close(self) -> None:
        """The bar disappears."""
        if self._bar is not None:
            self._bar.close()

    def _say(self, line: str) -> None:
        if self._bar is not None:
            self._bar.write(line, file=sys.stderr)
        else:
            self._console.say(line)

    def _draw(self, done: Progress) -> None:
        from tqdm import tqdm

        if self._bar is None or self._bar.total != done.steps or done.step < self._bar.n:
            self.close()
            self._bar = tqdm(
                total=done.steps,
                initial=done.step,
                desc=f"seed {done.seed}",
                file=sys.stderr,
                dynamic_ncols=True,
                leave=False,
                bar_format="{desc}: {percentage:3.0f}% |{bar}| step {n_fmt}/{total_fmt}{postfix}",
            )
        self._bar.set_postfix_str(_numbers(done), refresh=False)
        self._bar.update(done.step - self._bar.n)


def _look_line(done: Progress) -> str:
    look = done.look
    assert look is not None
    mark = ", the best so far" if look == done.best else ""
    return (
        f"step {look.step} of {done.steps}: IoU per image {look.iou:.3f}, pooled "
        f"{look.pooled:.3f}{mark}"
    )


def _numbers(done: Progress) -> str:
    from waterseg_core.finetuning.estimate import duration

    loss = "" if done.loss is None else f"loss {done.loss:.3f}"
    left = "" if done.seconds_left is None else f", {duration(done.seconds_left)} left"
    return f"{loss}{left}"
