# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg evaluate`: how well a model finds water, alone or beside another one."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from waterseg_core.cli.console import LINE_SECONDS, Console
from waterseg_core.cli.flags import grouped, option_flags, options_from_flags, talk_flags
from waterseg_core.cli.signals import stop_on_signals
from waterseg_core.errors import OutputError
from waterseg_core.options_evaluate import EvaluateOptions

if TYPE_CHECKING:
    from waterseg_core.evaluation.result import Evaluation
    from waterseg_core.evaluation.run import Progress
    from waterseg_core.segmenter import Segmenter


@click.command("evaluate", cls=grouped(EvaluateOptions))
@click.argument("target", required=False, metavar="[SET.jsonl | RASTER]")
@option_flags(EvaluateOptions)
@talk_flags(json="Print every number as JSON on stdout.")
def command(target: str | None, quiet: bool, verbose: bool, as_json: bool, **flags: Any) -> None:
    """Score a model on images whose water is known, and compare it with another one.

    Named is a JSONL file of a training set, a raster with --truth, or --images with --masks.
    """
    options = options_from_flags(EvaluateOptions, flags)
    console = Console(quiet, verbose)
    if options.report is not None:
        check_report(Path(options.report), options.overwrite)
    found = run(target, options, console)
    if as_json:
        console.data(found.to_dict())
    elif not quiet:
        from waterseg_core.evaluation.words import summary

        click.echo(summary(found))
    if options.report is not None:
        console.say(f"The report is {options.report}.")


def check_report(path: Path, overwrite: bool) -> None:
    """Raise OutputError now if the report could not be written at the end."""
    from waterseg_core.targets import check_folder

    if path.is_dir():
        raise OutputError(f"--report {path} is a folder; give the name of a file.")
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists; name another --report, or add --overwrite.")
    check_folder(path.parent)


def run(target: str | None, options: EvaluateOptions, console: Console) -> Evaluation:
    """Open the source, load the models, and evaluate until it is done or somebody stops it."""
    from waterseg_core.evaluation.run import evaluate
    from waterseg_core.evaluation.sets import source_of

    source = source_of(target, options)
    try:
        for note in source.notes:
            console.say(note)
        prompt = options.prompt or source.prompt or "segment water"
        console.detail(f"Loading {options.model}, asked to {prompt!r}.")
        model = load(options, prompt)
        baseline = load_baseline(options, prompt)
        title = target or str(options.images)
        with stop_on_signals(console) as stop, ImageBar(console) as bar:
            return evaluate(
                source, model, baseline, options, title=title, progress=bar.show, cancel=stop
            )
    finally:
        source.close()


def load(options: EvaluateOptions, prompt: str) -> Segmenter:
    """The model that is evaluated."""
    from waterseg_core.segmenter import load_segmenter

    return load_segmenter(
        options.model,
        prompt=prompt,
        answer=options.answer,
        device=options.device,
        dtype=options.dtype,
        batch=options.batch,
        codec=options.codec,
        adapter=options.adapter,
    )


def load_baseline(options: EvaluateOptions, prompt: str) -> Segmenter | None:
    """The model that it is compared with, if there is one."""
    from waterseg_core.segmenter import load_segmenter

    if options.baseline is None:
        return None
    return load_segmenter(
        options.baseline,
        prompt=prompt,
        answer=options.baseline_answer,
        device=options.device,
        dtype=options.dtype,
        batch=options.batch,
    )


class ImageBar:
    """A bar that counts images, one model after the other, or the tiles of a raster.

    Without a terminal it is a line now and then. A context manager.
    """

    def __init__(self, console: Console) -> None:
        self._shown, self._terminal = not console.quiet, sys.stderr.isatty()
        self._tqdm: Any = None
        self._now, self._last = "", time.monotonic()

    def __enter__(self) -> ImageBar:
        return self

    def __exit__(self, *about: object) -> None:
        if self._tqdm is not None:
            self._tqdm.close()

    def show(self, progress: Progress) -> None:
        """Show how far a model is."""
        if not self._shown:
            return
        iou = "" if progress.iou is None else f"IoU per image {progress.iou:.3f}"
        if self._terminal:
            self._draw(progress, iou)
        elif time.monotonic() - self._last >= LINE_SECONDS:
            self._last = time.monotonic()
            counted = f"{progress.done} of {progress.total} {progress.unit}"
            click.echo(", ".join(filter(None, (f"{progress.model}: {counted}", iou))), err=True)

    def _draw(self, progress: Progress, iou: str) -> None:
        now = f"{progress.model} {progress.unit}"
        if now != self._now:  # another model, or another kind of work, begins at its own start
            self.__exit__()
            self._now, self._tqdm = now, _tqdm(progress)
        self._tqdm.set_postfix_str(iou, refresh=False)
        self._tqdm.update(progress.done - self._tqdm.n)


def _tqdm(progress: Progress) -> Any:
    from tqdm import tqdm

    return tqdm(
        total=progress.total,
        initial=progress.done,
        desc=progress.model,
        file=sys.stderr,
        dynamic_ncols=True,
        leave=False,
        bar_format="{desc}: {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt} "
        + progress.unit
        + "{postfix}, {remaining} left",
    )
