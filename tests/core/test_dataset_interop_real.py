# SPDX-License-Identifier: GPL-3.0-or-later
"""Real water masks become suffixes and come back from the text alone; no mask fails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_sets import bundled

from waterseg_core.dataset.answer import answer_of, iou_of, say_again
from waterseg_core.tokens import parse_text

WHITE = 127  # masks are JPEG: above this is water
#: Every so many of 2,222 masks; benchmarks/dataset_roundtrip.py takes them all.
EVERY = 90


@pytest.fixture(scope="module")
def masks(shared_data: Path) -> list[np.ndarray]:
    found = []
    for path in sorted((shared_data / "water_bodies" / "masks").glob("*.jpg"))[::EVERY]:
        with Image.open(path) as image:
            found.append((np.asarray(image.convert("L")) > WHITE).astype(np.uint8))
    return found


@pytest.mark.parametrize("target", ["union", "components", "auto"])
def test_the_text_says_what_the_manifest_promises(masks: list[np.ndarray], target: str) -> None:
    ious = []
    for mask in masks:
        answer = answer_of(mask, ("water",), bundled(), target)
        said = say_again(parse_text(answer.suffix), ("water",), bundled(), *mask.shape)
        assert (answer.iou is None) == (answer.suffix == "") == (not mask.any())
        if answer.iou is not None:
            assert iou_of(mask, said) == pytest.approx(answer.iou, abs=1e-12)
            ious.append(answer.iou)
    assert len(ious) > 20
    assert np.mean(ious) > 0.7  # all 2,175 masks with water: 0.755 as one object, else 0.806


def test_auto_is_the_better_of_both(masks: list[np.ndarray]) -> None:
    for mask in masks[::3]:
        union, components, auto = (
            answer_of(mask, ("water",), bundled(), target).iou or 0.0
            for target in ("union", "components", "auto")
        )
        assert auto == pytest.approx(max(union, components), abs=1e-3)
