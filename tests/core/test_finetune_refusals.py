# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be trained is told in one sentence that says what to do; nothing is left behind."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filelock
import numpy as np
import pytest
import tiny_paligemma as tiny
import tiny_set
import torch
from safetensors.torch import save_file

from waterseg_core.cli.main import run
from waterseg_core.errors import DatasetError, ModelError, OptionError, OutputError
from waterseg_core.finetuning import finetune
from waterseg_core.finetuning.estimate import check_room, estimate
from waterseg_core.maskcodec_net import MaskVQVAE
from waterseg_core.options_finetune import FinetuneOptions
from waterseg_core.segmenter import load_segmenter

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def ponds(base: Path, tmp_path: Path) -> Path:
    return tiny_set.write_set(tmp_path / "ponds", base / "codec.safetensors")


def options(base: Path, **wishes: Any) -> FinetuneOptions:
    usual = {"device": "cpu", "dtype": "fp32", "batch": 3, "epochs": 1, "looks": 1}
    return FinetuneOptions(**({"model": str(base)} | usual | wishes))


def other_codec(folder: Path) -> Path:
    torch.manual_seed(99)
    save_file(MaskVQVAE().state_dict(), folder / "other.safetensors")
    return folder / "other.safetensors"


def test_a_set_where_nothing_has_a_suffix(base: Path, ponds: Path, tmp_path: Path) -> None:
    head, *rows = (ponds / "manifest.csv").read_text().splitlines()
    column = head.split(",").index("suffix")
    cells = [row.split(",") for row in rows]
    dry = [",".join([*row[:column], "", *row[column + 1 :]]) for row in cells]
    (ponds / "manifest.csv").write_text("\n".join([head, *dry]) + "\n")
    with pytest.raises(DatasetError, match="no chip to learn from has a suffix"):
        finetune(options(base), ponds, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_no_set(base: Path, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no training set of waterseg"):
        finetune(options(base), tmp_path, tmp_path / "new")


@pytest.mark.parametrize(
    ("name", "told"),
    [("gone", "There is no folder"), ("ponds/train.jsonl", "is a file. Give the folder")],
)
def test_a_set_that_is_no_folder(
    base: Path, ponds: Path, tmp_path: Path, name: str, told: str
) -> None:
    with pytest.raises(DatasetError, match=told):
        finetune(options(base), tmp_path / name, tmp_path / "new")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: "", r"train\.jsonl and manifest\.csv say different things of train/chip0"),
        (lambda text: text + '{"image": "train/ch', r"train\.jsonl, line 7: this is not JSON"),
        (lambda text: text.replace("<loc", "<lok", 1), "say different things"),
        (lambda text: text + text.splitlines()[0].replace("chip0", "chip99"), "chip99"),
    ],
)
def test_lines_that_somebody_changed_are_not_passed_over(
    base: Path, ponds: Path, tmp_path: Path, change: Callable[[str], str], told: str
) -> None:
    lines = ponds / "train.jsonl"
    lines.write_text(change(lines.read_text()))
    with pytest.raises(DatasetError, match=told):
        finetune(options(base), ponds, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_set_is_looked_at_before_a_model_is_fetched(tmp_path: Path) -> None:
    far = FinetuneOptions(model="google/paligemma2-3b-pt-224", device="cpu")
    with pytest.raises(DatasetError, match="There is no folder"):
        finetune(far, tmp_path / "gone", tmp_path / "new")


def test_suffixes_of_another_codec_without_masks(base: Path, tmp_path: Path) -> None:
    ponds = tiny_set.write_set(tmp_path / "ponds", other_codec(tmp_path), masks=False)
    with pytest.raises(DatasetError, match="another codec"):
        finetune(options(base), ponds, tmp_path / "new")


def test_suffixes_of_another_codec_with_masks_are_made_again(base: Path, tmp_path: Path) -> None:
    ponds = tiny_set.write_set(tmp_path / "ponds", other_codec(tmp_path))
    outcome = finetune(options(base, answer="objects"), ponds, tmp_path / "new")
    assert any("made again from its masks" in note for note in outcome.notes)


def test_a_set_without_masks_is_learned_from_its_suffixes(base: Path, tmp_path: Path) -> None:
    ponds = tiny_set.write_set(tmp_path / "ponds", base / "codec.safetensors", masks=False)
    assert finetune(options(base), ponds, tmp_path / "new").finished


def test_a_truncated_image(base: Path, ponds: Path, tmp_path: Path) -> None:
    image = ponds / "train" / "chip1.png"
    image.write_bytes(image.read_bytes()[:300])
    with pytest.raises(DatasetError, match=r"chip1\.png is not a whole picture"):
        finetune(options(base), ponds, tmp_path / "new")


def test_a_mask_of_another_size(base: Path, ponds: Path, tmp_path: Path) -> None:
    from waterseg_core.dataset.folder import write_picture

    write_picture(ponds / "masks" / "chip1.png", np.zeros((16, 32), np.uint8))
    with pytest.raises(DatasetError, match="the mask of chip1 is 32 x 16 pixels"):
        finetune(options(base), ponds, tmp_path / "new")


def test_a_prompt_that_speaks_of_something_else(base: Path, tmp_path: Path) -> None:
    codec = base / "codec.safetensors"
    ponds = tiny_set.write_set(tmp_path / "ponds", codec, prefix="segment lake")
    with pytest.raises(DatasetError, match="looks for lake, but its masks show water"):
        finetune(options(base), ponds, tmp_path / "new")


def test_a_base_model_that_is_not_there(base: Path, ponds: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no model"):
        finetune(options(base, model=str(tmp_path / "gone")), ponds, tmp_path / "new")


def test_a_base_model_that_is_a_file(base: Path, ponds: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"is a file\. Give the folder"):
        finetune(options(base, model=str(base / "config.json")), ponds, tmp_path / "new")


def test_a_revision_of_what_has_none(base: Path, ponds: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="--revision abc: only models on the Hugging Face hub"):
        finetune(options(base, revision="abc"), ponds, tmp_path / "new")


def test_a_seed_that_no_generator_takes() -> None:
    with pytest.raises(OptionError, match="--seed 1000000000000: must be 0 to 4000000000"):
        FinetuneOptions(seed=10**12)


def test_quantised_training_without_a_gpu(base: Path, ponds: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="needs an NVIDIA GPU"):
        finetune(options(base, method="qlora"), ponds, tmp_path / "new")


def test_an_output_folder_that_has_something_in_it(base: Path, ponds: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match=r"is in use: thesis\.txt is in it"):
        finetune(options(base), ponds, tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["thesis.txt"]


def test_an_output_folder_that_a_model_is_in(base: Path, ponds: Path) -> None:
    with pytest.raises(OutputError, match="is in use: a model is in it; give another one"):
        finetune(options(base), ponds, base)


def test_an_output_folder_that_takes_no_file(base: Path, ponds: Path, tmp_path: Path) -> None:
    (tmp_path / "new" / ".lock").mkdir(parents=True)  # also root cannot make a file of it
    with pytest.raises(OutputError, match="Nothing can be written into the folder"):
        finetune(options(base), ponds, tmp_path / "new")


def test_an_output_folder_below_a_file(base: Path, ponds: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"cannot be made: .*\. Give another one"):
        finetune(options(base), ponds, tmp_path / "file" / "new")


def test_an_output_folder_that_another_run_holds(base: Path, ponds: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with (
        filelock.FileLock(tmp_path / "new" / ".lock"),
        pytest.raises(OutputError, match="Another run is training into"),
    ):
        finetune(options(base), ponds, tmp_path / "new")


def test_going_on_where_nothing_began(base: Path, ponds: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nothing to go on with"):
        finetune(options(base), ponds, tmp_path / "new", resume=True)
    assert not (tmp_path / "new").exists()


def stopped(base: Path, ponds: Path, new: Path) -> FinetuneOptions:
    """A run that was stopped after its first step."""
    import threading

    stop = threading.Event()
    how = options(base, epochs=4)
    outcome = finetune(how, ponds, new, progress=lambda done: done.step and stop.set(), cancel=stop)
    assert not outcome.finished
    return how


def test_going_on_with_other_options_another_set_or_another_model(
    base: Path, ponds: Path, tmp_path: Path
) -> None:
    how = stopped(base, ponds, tmp_path / "new")
    other = dataclasses.replace(how, rate=0.5)
    with pytest.raises(OptionError, match=r"--rate 0\.5: the run that --resume goes on with"):
        finetune(other, ponds, tmp_path / "new", resume=True, given=["rate"])
    again = tmp_path / "again"
    again.mkdir()
    changed = tiny_set.write_set(again, base / "codec.safetensors", train=7)
    with pytest.raises(DatasetError, match="not the set that this run began with"):
        finetune(how, changed, tmp_path / "new", resume=True)
    with pytest.raises(OutputError, match="go on with --resume"):
        finetune(how, ponds, tmp_path / "new")
    assert finetune(how, ponds, tmp_path / "new", resume=True).finished


def test_a_plan_of_what_began_is_refused_and_nothing_goes_on(
    base: Path, ponds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped(base, ponds, tmp_path / "new")
    kept = (tmp_path / "new" / "state" / "state.pt").read_bytes()
    assert run(["finetune", str(ponds), "-o", str(tmp_path / "new"), "--resume", "--dry-run"]) == 2
    assert "--dry-run is for a new run" in capsys.readouterr().err
    assert (tmp_path / "new" / "state" / "state.pt").read_bytes() == kept


def test_an_adapter_is_trained_without_warnings_of_others(
    base: Path, ponds: Path, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    finetune(options(base, method="lora", answer="objects"), ponds, tmp_path / "new")
    assert [str(one.message) for one in recwarn if one.category is FutureWarning] == []


def test_an_adapter_of_another_base(base: Path, ponds: Path, tmp_path: Path) -> None:
    finetune(options(base, method="lora", answer="objects"), ponds, tmp_path / "new")
    twin = tiny.write_extras(tiny.write_checkpoint(tmp_path / "twin", seed=7), grid=2)
    with pytest.raises(ModelError, match="was trained for"):
        load_segmenter(str(twin), adapter=str(tmp_path / "new"), device="cpu")
    with pytest.raises(ModelError, match="is an adapter of"):
        finetune(options(base, model=str(tmp_path / "new")), ponds, tmp_path / "more")


def test_a_state_that_was_damaged(base: Path, ponds: Path, tmp_path: Path) -> None:
    how = stopped(base, ponds, tmp_path / "new")
    (tmp_path / "new" / "state" / "state.pt").write_bytes(b"nothing of use")
    with pytest.raises(Exception, match="cannot be read") as caught:
        finetune(how, ponds, tmp_path / "new", resume=True)
    assert "begin anew" in str(caught.value)


def test_a_gpu_without_enough_memory(tmp_path: Path) -> None:
    plan = estimate(3_000_000_000, "full", torch.device("cpu"), rank=16)
    plan = dataclasses.replace(plan, free=16_000_000_000, disk=1)
    with pytest.raises(ModelError, match=r"has 16\.0 GB free\. Take --method lora"):
        check_room(plan, "full", torch.device("cuda"), tmp_path)


def test_a_disk_without_enough_room(tmp_path: Path) -> None:
    plan = estimate(3_000_000_000, "full", torch.device("cpu"), rank=16)
    with pytest.raises(OutputError, match="of disk"):
        check_room(dataclasses.replace(plan, disk=1 << 60), "full", torch.device("cpu"), tmp_path)


def test_what_others_wrote_into_the_settings_is_no_reason_to_fail_badly(
    base: Path, ponds: Path, tmp_path: Path
) -> None:
    finetune(options(base, method="lora", answer="objects"), ponds, tmp_path / "new")
    settings = tmp_path / "new" / "waterseg.json"
    said = json.loads(settings.read_text())
    settings.write_text(json.dumps(said | {"base": ["what"]}))
    with pytest.raises(ModelError, match=r"waterseg\.json cannot be read"):
        load_segmenter(str(tmp_path / "new"), device="cpu")
