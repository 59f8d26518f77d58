# SPDX-License-Identifier: GPL-3.0-or-later
"""The card of a trained model: `README.md` for people, `training.json` for programs, pictures."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from ..dataset.answer import UNKNOWN
from ..dataset.folder import Chip
from ..outputs_atomic import replacing
from ..segmenter import Segmenter
from .estimate import duration
from .recipes import Recipe
from .sets import TrainingSet
from .telling import Look

TRAINING, README, PICTURE = "training.json", "README.md", "validation.png"
LIBRARIES = ("waterseg-core", "torch", "transformers", "peft", "numpy")
#: Outlines: what was drawn, and what the model says.
DRAWN, SAID = (255, 210, 60), (60, 220, 255)
_SIDE, _GAP = 256, 8

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Story:
    """All that a card tells."""

    name: str
    recipe: Recipe
    data: TrainingSet
    base: str
    base_revision: str
    licence: str
    options: Mapping[str, Any]
    plan: Mapping[str, Any]
    looks: Sequence[Look]
    before: Look | None
    best: Look | None
    verdict: str
    gained: bool | None
    device: str
    seconds: float
    finished: bool
    learned: int
    parameters: int


def write_story(folder: Path, story: Story) -> None:
    """Write `training.json` and `README.md`. Raises OutputError."""
    with replacing(folder / TRAINING) as temporary:
        text = json.dumps(_facts(story), indent=2, ensure_ascii=False, default=str)
        temporary.write_text(text + "\n", "utf-8")
    with replacing(folder / README) as temporary:
        temporary.write_text(_readme(story), "utf-8")


def _facts(story: Story) -> dict[str, Any]:
    data, recipe = story.data, story.recipe
    return {
        "name": story.name,
        "finished": story.finished,
        "verdict": story.verdict,
        "gained": story.gained,
        "best": story.best.words() if story.best else None,
        "before": story.before.words() if story.before else None,
        "looks": [look.words() for look in story.looks],
        "base": {"name": story.base, "revision": story.base_revision},
        "licence": story.licence,
        "data": {
            "name": data.name,
            "sha256": data.sha256,
            "licence": data.licence,
            "prompt": data.prefix,
            "train": len(data.train),
            "val": len(data.val),
            "test": len(data.test),
        },
        "options": dict(story.options),
        "recipe": {name: value for name, value in vars(recipe).items() if name != "sources"},
        "sources": recipe.sources,
        "plan": dict(story.plan),
        "parameters": {"all": story.parameters, "learned": story.learned},
        "device": story.device,
        "seconds": round(story.seconds, 1),
        "versions": versions(),
        "notes": list(data.notes),
    }


def versions() -> dict[str, str]:
    """Of the libraries that a result depends on."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _readme(story: Story) -> str:
    data, recipe = story.data, story.recipe
    notes = "".join(f"- {note}\n" for note in data.notes)
    return f"""# {story.name}

{story.verdict}

![The drawn outline in yellow, the model's in blue]({PICTURE})

Use it: `waterseg segment scene.tif -o water.gpkg --model {story.name} --prompt '{data.prefix}'`.

## What it is

{story.base} ({story.base_revision}), trained further by `waterseg finetune`: method
`{recipe.method}`, answer `{recipe.answer}`, {story.learned / 1e6:,.1f} of \
{story.parameters / 1e6:,.1f} million parameters.
Licence: {story.licence or "not known"}.

## Data

`{data.name}`: {len(data.train)} chips to learn from, {len(data.val)} to look at{_tested(data)}; \
prompt `{data.prefix}`; licence {data.licence or "not known"}.
SHA-256 of what was read: `{data.sha256}`.

{notes}
## Numbers

On validation chips, through the same decoding as `waterseg segment`. IoU per image is the mean over
chips with water, pooled takes all chips as one image. The threshold was chosen on these chips too.

{_table(story)}
{duration(story.seconds)} on {story.device}.

## Recipe

{_recipe(recipe)}
"""


def _tested(data: TrainingSet) -> str:
    return f", {len(data.test)} for the verdict" if data.test else ""


def _table(story: Story) -> str:
    lines = ["| seed | step | loss | IoU per image | IoU pooled |", "|---|---|---|---|---|"]
    if story.before:
        lines.append(_row(story.before, "before", ""))
    for look in story.looks:
        lines.append(_row(look, str(look.seed), " (kept)" if look == story.best else ""))
    return "\n".join(lines) + "\n"


def _row(look: Look, seed: str, mark: str) -> str:
    loss = "" if look.loss is None else f"{look.loss:.4f}"
    return f"| {seed} | {look.step}{mark} | {loss} | {look.iou:.3f} | {look.pooled:.3f} |"


def _recipe(recipe: Recipe) -> str:
    lines = ["| number | value | from |", "|---|---|---|"]
    for name in (
        "rate",
        "head_rate",
        "batch",
        "epochs",
        "warmup",
        "smoothing",
        "decay",
        "beta2",
        "clip",
        "smallest",
        "blend",
    ):
        lines.append(f"| {name} | {getattr(recipe, name):g} | {recipe.sources.get(name, '')} |")
    return "\n".join(lines) + "\n"


def draw_looks(path: Path, segmenter: Segmenter, data: TrainingSet, chips: Sequence[Chip]) -> None:
    """A picture of some chips: drawn outlines in yellow, the model's in blue.

    Raises OutputError.
    """
    squares = []
    for chip in chips:
        rgb, classes = data.read(chip)
        (said,) = segmenter.segment([rgb])
        water = np.asarray((said.masks > segmenter.threshold).any(axis=0))
        drawn = (classes > 0) & (classes != UNKNOWN)
        squares.append(outlined(outlined(shrunk(rgb), drawn, DRAWN), water, SAID))
    across = min(4, len(squares)) or 1
    down = -(-len(squares) // across)
    step = _SIDE + _GAP
    sheet = np.full((down * step - _GAP, across * step - _GAP, 3), 255, np.uint8)
    for place, square in enumerate(squares):
        top, left = place // across * step, place % across * step
        sheet[top : top + _SIDE, left : left + _SIDE] = square
    with replacing(path) as temporary:
        Image.fromarray(sheet).save(temporary)


def shrunk(rgb: Pixels, side: int = _SIDE) -> Pixels:
    """An image uint8 (h, w, 3) as a square of that side."""
    return np.asarray(Image.fromarray(rgb).resize((side, side), Image.Resampling.BILINEAR))


def outlined(square: Pixels, mask: npt.NDArray[np.bool_], colour: tuple[int, int, int]) -> Pixels:
    """The square with the edge of a mask of any size drawn in it, one pixel wide."""
    side = square.shape[0]
    grey = Image.fromarray(mask.astype(np.uint8) * 255)
    small = np.asarray(grey.resize((side, side), Image.Resampling.BILINEAR)) > 127
    edge = small & ~ndimage.binary_erosion(small, border_value=1)
    out = square.copy()
    out[edge] = colour
    return out
