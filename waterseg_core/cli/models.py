# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg models`: what there is to choose from, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from waterseg_core.cli.console import Console
from waterseg_core.cli.flags import talk_flags

if TYPE_CHECKING:
    from waterseg_core.model_list import Listed

KINDS = {
    "bundled": "comes with waterseg",
    "own": "yours",
    "hub": "on the Hugging Face hub (accept the licence there, then run `hf auth login`)",
}


@click.command("models")
@talk_flags(json="Print it as JSON.", levels=False)
def command(as_json: bool) -> None:
    """List the models that --model takes: size, device, data, licence, measured IoU.

    The IoU of a model was measured by whoever trained it, on data like its own: numbers of
    different models are no comparison. For that there is waterseg evaluate.
    """
    from waterseg_core.model_list import listed

    models = listed()
    if as_json:
        Console().data([model.words() for model in models])
    else:
        click.echo("\n".join(_lines(models)))


def _lines(models: Sequence[Listed]) -> Iterator[str]:
    for kind, title in KINDS.items():
        some = [model for model in models if model.kind == kind]
        rows = [_row(model) for model in some if model.problem is None]
        if some:
            yield title
            yield from _table(rows)
            yield from (f"  {model.name}: {model.problem}" for model in some if model.problem)
            yield ""


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Rows below their heads; what is the same in a column of many is said once, below."""
    if not rows:
        return
    columns = list(zip(HEAD, *rows, strict=True))
    same = [len(rows) >= MANY and len(set(column[1:])) == 1 for column in columns]
    shown = [column for column, is_same in zip(columns, same, strict=True) if not is_same]
    widths = [max(map(len, column)) for column in shown]
    for row in zip(*shown, strict=True):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield ("  " + "  ".join(cells)).rstrip()
    for column, is_same in zip(columns, same, strict=True):
        if is_same:
            yield f"  {column[0]} of all: {column[1]}"


#: From so many rows on a column that says the same everywhere is no column.
MANY = 4
HEAD = ("name", "parameters", "on disk", "needs", "IoU image/pooled", "licence", "data")


def _row(model: Listed) -> tuple[str, ...]:
    iou = "not measured"
    if model.iou_per_image is not None and model.iou_pooled is not None:
        iou = f"{model.iou_per_image:.2f} / {model.iou_pooled:.2f}"
    if model.gained is False:
        iou += ", no better than before"
    licence, data = model.licence or "not known", model.data or "not known"
    base = model.base and (Path(model.base).name if Path(model.base).is_dir() else model.base)
    name = model.name if base is None else f"{model.name} (adapter of {base})"
    disk = _size(model.bytes) if model.here else "to be downloaded"
    return (name, _count(model.parameters), disk, model.needs, iou, licence, data)


def _count(parameters: int | None) -> str:
    if parameters is None:
        return ""
    if parameters >= 1e9:
        return f"{parameters / 1e9:.1f} billion"
    return f"{parameters / 1e6:.1f} million"


def _size(count: int | None) -> str:
    if count is None:
        return ""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, count / 1e6):.0f} MB"
