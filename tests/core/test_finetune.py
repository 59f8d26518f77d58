# SPDX-License-Identifier: GPL-3.0-or-later
"""Training from the first step to the published model, on a tiny PaliGemma."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_paligemma as tiny
import tiny_set
import torch
from PIL import Image
from safetensors.torch import load_file

from waterseg_core.errors import DatasetError
from waterseg_core.finetuning import Outcome, Progress, finetune
from waterseg_core.model_list import listed, resolved
from waterseg_core.options_finetune import FinetuneOptions
from waterseg_core.segmenter import load_segmenter

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture(scope="module")
def ponds(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_set.write_set(tmp_path_factory.mktemp("ponds"), base / "codec.safetensors")


def options(base: Path, **wishes: Any) -> FinetuneOptions:
    usual = {"device": "cpu", "dtype": "fp32", "batch": 3, "epochs": 4, "looks": 2, "rate": 1e-3}
    return FinetuneOptions(**({"model": str(base)} | usual | wishes))


def weights(folder: Path) -> dict[str, torch.Tensor]:
    found = {}
    for path in sorted(folder.glob("*.safetensors")):
        found |= {f"{path.stem}/{name}": value for name, value in load_file(path).items()}
    return found


def same(one: Path, other: Path) -> bool:
    first, second = weights(one), weights(other)
    return first.keys() == second.keys() and all(
        torch.equal(first[name], second[name]) for name in first
    )


@pytest.mark.parametrize("answer", ["dense", "grid", "objects"])
def test_every_answer_can_be_learned_and_the_result_segments(
    base: Path, ponds: Path, tmp_path: Path, answer: str
) -> None:
    outcome = finetune(options(base, answer=answer), ponds, tmp_path / "new")
    assert outcome.finished
    assert [look.step for look in outcome.looks] == [4, 8]
    segmenter = load_segmenter(str(tmp_path / "new"), device="cpu")
    assert segmenter.answer == answer  # type: ignore[attr-defined]
    (said,) = segmenter.segment([tiny_set.pond(0)[0]])
    assert said.masks.shape == (1, 32, 32)
    assert not same(base, tmp_path / "new")


def test_the_second_generation_learns_too(ponds: Path, tmp_path: Path) -> None:
    base = tiny.write_extras(tiny.write_checkpoint(tmp_path / "base", generation=2))
    finetune(options(base, answer="objects", epochs=1, looks=1), ponds, tmp_path / "new")
    load_segmenter(str(tmp_path / "new"), device="cpu").segment([tiny_set.pond(1)[0]])


@pytest.mark.parametrize("method", ["full", "frozen-tower", "lora"])
def test_a_method_changes_what_it_says_and_nothing_else(
    base: Path, ponds: Path, tmp_path: Path, method: str
) -> None:
    new = tmp_path / "new"
    finetune(options(base, method=method, answer="objects", epochs=1, looks=1), ponds, new)
    before, after = weights(base), weights(new)
    moved = {
        name
        for name, value in after.items()
        if name in before and not torch.equal(before[name].half(), value)
    }
    if method == "lora":
        assert {name.split("/")[0] for name in after} == {"adapter_model", "codec"}
        assert (new / "adapter_config.json").is_file()
        assert resolved(str(new)) == (str(base.resolve()), str(new))
    else:
        assert any("language_model" in name for name in moved)
        assert any("vision_tower" in name for name in moved) == (method == "full")
    load_segmenter(str(new), device="cpu").segment([tiny_set.pond(1)[0]])


def test_a_head_can_be_learned_beside_an_adapter_of_a_model_without_one(
    tmp_path: Path, ponds: Path
) -> None:
    base = tiny.write_checkpoint(tmp_path / "plain")
    new = tmp_path / "new"
    outcome = finetune(options(base, method="lora", answer="dense", epochs=1, looks=1), ponds, new)
    assert outcome.before is None
    assert outcome.gained is None
    assert "gained" not in json.loads((new / "waterseg.json").read_text())
    assert "could not answer so" in outcome.verdict
    assert (new / "mask_head.safetensors").is_file()
    segmenter = load_segmenter("new", device="cpu")  # by its name, from anywhere
    assert segmenter.segment([tiny_set.pond(1)[0]])[0].masks.max() > 0


def test_the_folder_tells_the_whole_story(base: Path, ponds: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    outcome = finetune(options(base), ponds, new)
    story = json.loads((new / "training.json").read_text())
    assert story["verdict"] == outcome.verdict
    assert story["gained"] == outcome.gained
    assert story["data"]["train"] == 6
    assert story["data"]["licence"] == "CC0-1.0"
    assert len(story["data"]["sha256"]) == 64
    assert story["versions"]["torch"] == torch.__version__
    assert story["base"]["revision"].startswith("local-")
    assert set(story["sources"]) >= {"rate", "epochs", "batch", "clip"}
    says = json.loads((new / "waterseg.json").read_text())
    assert says["gained"] == outcome.gained
    assert says["iou_pooled"] == round(outcome.best.pooled, 3)  # type: ignore[union-attr]
    assert says["threshold"] == {"dense": outcome.best.threshold}  # type: ignore[union-attr]
    assert (new / "README.md").read_text().startswith("# new\n")
    assert (new / "validation.png").read_bytes()[:4] == b"\x89PNG"
    assert not (new / "state").exists()
    assert not (new / ".lock").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from waterseg_core.finetuning import finetune
from waterseg_core.options_finetune import FinetuneOptions
import json
def die(done):
    if done.stage == "train" and done.step == int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)
finetune(FinetuneOptions(**json.loads(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3]),
         progress=die)
"""


def test_a_killed_run_goes_on_to_the_same_weights(base: Path, ponds: Path, tmp_path: Path) -> None:
    how = options(base, method="lora", answer="dense")
    finetune(how, ponds, tmp_path / "whole")
    step = int(np.random.default_rng().integers(1, 8))
    words = [json.dumps(asdict(how)), str(ponds), str(tmp_path / "killed"), str(step)]
    killed = subprocess.run([sys.executable, "-c", KILLED, *words], capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    outcome = finetune(how, ponds, tmp_path / "killed", resume=True)
    assert outcome.finished
    assert same(tmp_path / "whole", tmp_path / "killed"), f"killed at step {step}"


class Killed(BaseException):
    """As if the power went."""


@pytest.mark.parametrize("step", [1, 5, 8])
def test_wherever_it_dies_it_goes_on_to_the_same_looks_and_weights(
    base: Path, ponds: Path, tmp_path: Path, step: int
) -> None:
    how = options(base, answer="objects", seeds=1)
    whole = finetune(how, ponds, tmp_path / "whole")

    def die(done: Progress) -> None:
        if done.step == step:
            raise Killed

    with pytest.raises(Killed):
        finetune(how, ponds, tmp_path / "killed", progress=die)
    resumed = finetune(how, ponds, tmp_path / "killed", resume=True)
    assert [(look.step, look.score, look.loss) for look in resumed.looks] == [
        (look.step, look.score, look.loss) for look in whole.looks
    ]
    assert same(tmp_path / "whole", tmp_path / "killed")


def test_stopping_keeps_the_best_model_and_going_on_ends_as_if_nothing_was(
    base: Path, ponds: Path, tmp_path: Path
) -> None:
    how = options(base)
    stop = threading.Event()

    def ask_to_stop(done: Progress) -> None:
        if done.step == 5:
            stop.set()

    outcome = finetune(how, ponds, tmp_path / "new", progress=ask_to_stop, cancel=stop)
    assert not outcome.finished
    assert outcome.best is not None
    load_segmenter(str(tmp_path / "new"), device="cpu")
    outcome = finetune(how, ponds, tmp_path / "new", resume=True)
    whole = finetune(how, ponds, tmp_path / "whole")
    assert _numbers(outcome) == _numbers(whole)
    assert same(tmp_path / "new", tmp_path / "whole")


def _numbers(outcome: Outcome) -> list[Any]:
    return [outcome.best, outcome.verdict, *outcome.looks]


def test_several_seeds_leave_the_best_of_them(base: Path, ponds: Path, tmp_path: Path) -> None:
    outcome = finetune(options(base, seeds=2), ponds, tmp_path / "new")
    assert {look.seed for look in outcome.looks} == {0, 1}
    best = max(look.score for look in outcome.looks)
    assert outcome.best is not None
    assert outcome.best.score >= best


def test_a_training_that_spoils_the_model_says_so_in_its_folder_and_in_the_list(
    ponds: Path, tmp_path: Path
) -> None:
    much = options(Path("nano"), epochs=1, looks=1, rate=0.05, blend=1.0)
    outcome = finetune(much, ponds, tmp_path / "worse")
    assert outcome.before is not None
    assert outcome.best is not None
    assert outcome.best.score < outcome.before.score
    assert outcome.gained is False
    assert "Go on with the one before" in outcome.verdict
    assert "Go on with the one before" in (tmp_path / "worse" / "README.md").read_text()
    (mine,) = [model for model in listed() if model.name == "worse"]
    assert mine.gained is False


def test_the_verdict_is_about_the_test_chips_where_the_set_has_enough_places_of_them(
    base: Path, tmp_path: Path
) -> None:
    codec = base / "codec.safetensors"
    told = {}
    for count in (2, 6):
        data = tiny_set.write_set(tmp_path / f"set{count}", codec, test=count)
        told[count] = finetune(options(base), data, tmp_path / f"new{count}").verdict
    assert "validation chips with water" in told[2]
    assert "4 test chips with water" in told[6]  # every fifth chip is dry
    card = (tmp_path / "new6" / "README.md").read_text()
    assert told[6] in card
    assert "6 for the verdict" in card


def test_where_the_validation_chips_are_dry_chips_with_water_are_held_out_beside_them(
    base: Path, tmp_path: Path
) -> None:
    data = tiny_set.write_set(tmp_path / "set", base / "codec.safetensors", train=4, val=1)
    outcome = finetune(options(base), data, tmp_path / "new")
    assert "on 1 validation chip with water" in outcome.verdict
    card = (tmp_path / "new" / "README.md").read_text()
    assert "no validation chips with water: 1 of its training chips is held out" in card
    assert "3 chips to learn from, 2 to look at" in card


def test_a_set_of_one_chip_is_measured_on_what_it_learned_from_and_that_is_said(
    base: Path, tmp_path: Path
) -> None:
    data = tiny_set.write_set(tmp_path / "set", base / "codec.safetensors", train=1, val=0)
    outcome = finetune(options(base), data, tmp_path / "new")
    assert "on 1 training chip with water" in outcome.verdict
    assert "says nothing of others" in outcome.verdict
    assert "measured on the chips that it learns from" in "".join(outcome.notes)


def test_a_test_chip_that_changes_makes_it_another_set(base: Path, tmp_path: Path) -> None:
    data = tiny_set.write_set(tmp_path / "set", base / "codec.safetensors", test=6)

    def die(done: Progress) -> None:
        if done.step == 3:
            raise Killed

    with pytest.raises(Killed):
        finetune(options(base), data, tmp_path / "new", progress=die)
    Image.new("RGB", (32, 32)).save(data / "test" / "chip9.png")
    with pytest.raises(DatasetError, match="is not the set that this run began with"):
        finetune(options(base), data, tmp_path / "new", resume=True)


def test_an_estimate_can_be_had_without_training(base: Path, ponds: Path, tmp_path: Path) -> None:
    plans = []

    def refuse(plan: Any) -> bool:
        plans.append(plan)
        return False

    outcome = finetune(options(base), ponds, tmp_path / "new", ask=refuse)
    assert not outcome.finished
    assert not outcome.looks
    assert plans[0].steps == 8
    assert plans[0].seconds > 0
    assert "8 steps of 3 chips" in plans[0].sentences()[-1]
    assert not (tmp_path / "new").exists()


def test_a_batch_that_the_memory_does_not_hold_is_taken_in_parts(
    base: Path, ponds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from waterseg_core.finetuning import loop

    real = loop.Collator.__call__
    sizes = []

    def small(self: Any, examples: Any) -> Any:
        sizes.append(len(examples))
        if len(examples) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return real(self, examples)

    monkeypatch.setattr(loop.Collator, "__call__", small)
    outcome = finetune(options(base, batch=4, epochs=2, looks=1), ponds, tmp_path / "new")
    assert outcome.finished
    assert sizes[:3] == [4, 2, 2]
