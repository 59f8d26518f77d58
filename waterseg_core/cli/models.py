# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg models`: what there is to choose from, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    rows = [_row(model) for model in models]
    widths = [max(len(row[column]) for row in [HEAD, *rows]) for column in range(len(HEAD))]
    for kind, title in KINDS.items():
        some = [row for model, row in zip(models, rows, strict=True) if model.kind == kind]
        if some:
            yield title
            for row in (HEAD, *some):
                cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
                yield ("  " + "  ".join(cells)).rstrip()
            yield ""


HEAD = ("name", "parameters", "on disk", "needs", "IoU image/pooled", "licence", "data")


def _row(model: Listed) -> tuple[str, ...]:
    iou = "not measured"
    if model.iou_per_image is not None and model.iou_pooled is not None:
        iou = f"{model.iou_per_image:.2f} / {model.iou_pooled:.2f}"
    licence, data = model.licence or "not known", model.data or "not known"
    name = model.name if model.base is None else f"{model.name} (adapter of {model.base})"
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
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
