# SPDX-License-Identifier: GPL-3.0-or-later
"""A training set drawn with a mouse in the real QGIS Desktop, and a model that learns from it."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
from PIL import Image
from test_desktop import desktop, plugins, pytestmark  # noqa: F401

SIDE = 1800


@pytest.fixture
def ponds(make_raster: Callable[..., Path]) -> Path:
    """Three round lakes in rough land, the first with an island: dark and smooth, 10 m pixels."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    noise = np.random.default_rng(0).standard_normal((SIDE // 4, SIDE // 4))
    noise = noise.repeat(4, 0).repeat(4, 1)
    pixels = np.stack([level + 10 * noise for level in (95, 115, 75)])
    island = (rows - 450) ** 2 + (columns - 450) ** 2 < 62**2
    for row, column, radius in ((450, 450, 205), (1200, 630, 135), (750, 1350, 255)):
        inside = (rows - row) ** 2 + (columns - column) ** 2 < radius**2
        pixels[:, inside & ~island] = np.array([[28], [52], [88]])
    return make_raster(pixels.clip(0, 255).astype("uint8"))


def test_two_lakes_are_drawn_and_written_and_a_third_is_suggested(
    desktop: Any,  # noqa: F811
    ponds: Path,
) -> None:
    desktop("training", SCENE=str(ponds), WATERSEG_PYTHON=sys.executable)
    folder = Path(ponds).parent
    labels = pyogrio.read_dataframe(folder / "scene_labels.gpkg")
    assert set(labels.state) == {"drawn"}
    areas = sorted(shape.area / 100 for shape in labels.geometry)
    circles = sorted(np.pi * (r * r - i * i) for r, i in ((205, 62), (135, 0), (255, 0)))
    assert areas == pytest.approx(circles, rel=0.08)
    holes = [len(part.interiors) for shape in labels.geometry for part in shape.geoms]
    assert sum(holes) == 1
    about = json.loads((folder / "ponds" / "dataset.json").read_text())
    assert about["labels"] == ["water"]
    entries = [
        json.loads(line)
        for path in sorted((folder / "ponds").glob("*.jsonl"))
        for line in path.read_text().splitlines()
    ]
    assert len(entries) > 8
    assert sum(bool(entry["suffix"]) for entry in entries) > 6
    assert any(not entry["suffix"] for entry in entries)
    water = sum(
        int((np.asarray(Image.open(path)) == 1).sum())
        for path in (folder / "ponds" / "masks").glob("*.png")
    )
    assert 0 < water <= sum(areas) * 1.01
    learn_three_steps(folder)


def learn_three_steps(folder: Path) -> None:
    """The project's own trainer takes the set as it is."""
    lines = len((folder / "ponds" / "train.jsonl").read_text().splitlines())
    command = [sys.executable, "-m", "waterseg_core.cli.main", "finetune", str(folder / "ponds")]
    command += ["-o", str(folder / "model"), "--epochs", "1", "--looks", "1", "--json"]
    command += ["--batch", str(math.ceil(lines / 3))]
    trained = subprocess.run(command, capture_output=True, text=True, timeout=1200)
    assert trained.returncode == 0, trained.stderr
    assert json.loads(trained.stdout)["steps"] == 3
    assert (folder / "model" / "waterseg.json").is_file()
