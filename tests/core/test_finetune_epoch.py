# SPDX-License-Identifier: GPL-3.0-or-later
"""A training that is ended at the end of an epoch, and the pictures that it draws on its way."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
import tiny_set
from PIL import Image

from waterseg_core.finetuning import Progress, finetune
from waterseg_core.options_finetune import FinetuneOptions

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture(scope="module")
def ponds(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ponds")
    return tiny_set.write_set(folder, base / "codec.safetensors", train=7, val=8)


def options(base: Path) -> FinetuneOptions:
    return FinetuneOptions(
        model=str(base), device="cpu", dtype="fp32", batch=3, epochs=4, looks=1, seeds=2
    )


def test_said_enough_it_ends_with_the_epoch_and_is_finished(
    base: Path, ponds: Path, tmp_path: Path
) -> None:
    enough = threading.Event()
    told: list[Progress] = []

    def stop_soon(done: Progress) -> None:
        told.append(done)
        if done.step == 4:
            enough.set()

    outcome = finetune(options(base), ponds, tmp_path / "new", progress=stop_soon, enough=enough)
    # 7 chips by 3: the second epoch ends in the fifth step, and no second seed begins
    assert outcome.finished
    assert [(look.seed, look.step) for look in outcome.looks] == [(0, 5)]
    assert outcome.best is not None
    assert "step 5 of 9 of seed 0" in outcome.notes[-1]
    assert json.loads((tmp_path / "new" / "training.json").read_text())["finished"]
    assert not (tmp_path / "new" / "state").exists()
    steps = [done.epoch for done in told if done.stage == "train"]
    assert steps == pytest.approx([step * 3 / 7 for step in range(1, 6)])


def test_the_model_before_is_told_as_a_look_of_step_0(
    base: Path, ponds: Path, tmp_path: Path
) -> None:
    told: list[Progress] = []
    outcome = finetune(
        options(base), ponds, tmp_path / "new", progress=told.append, ask=lambda plan: False
    )
    (before,) = [done.look for done in told if done.look is not None]
    assert before == outcome.before
    assert before.step == 0


def test_samples_are_drawn_after_each_look(base: Path, ponds: Path, tmp_path: Path) -> None:
    samples = tmp_path / "samples"
    outcome = finetune(options(base), ponds, tmp_path / "new", samples=samples)
    names = sorted(path.name for path in samples.iterdir())
    assert names == ["0000.png", "0001.png", "0002.png"]
    assert len(outcome.looks) == 2
    pictures = [Image.open(samples / name) for name in names]
    assert {picture.size for picture in pictures} == {(3 * 192 + 2 * 6, 6 * 192 + 5 * 6)}
    left = [picture.crop((0, 0, 192, 192)).tobytes() for picture in pictures]
    right = [picture.crop((2 * 198, 0, 588, 1182)).tobytes() for picture in pictures]
    assert left[0] == left[1] == left[2], "the images stay"
    assert right[0] != right[2], "the answers change"
    assert not (tmp_path / "new" / "samples").exists()
