# SPDX-License-Identifier: GPL-3.0-or-later
"""Several processes train one model: the numbers are those of one, and none is left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny_set
import torch
from safetensors.torch import load_file

from waterseg_core.errors import ModelError, OptionError
from waterseg_core.finetuning import Progress, finetune
from waterseg_core.finetuning.crew import Crew, check_devices
from waterseg_core.options_finetune import FinetuneOptions

pytestmark = [
    pytest.mark.usefixtures("own_cache"),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc"),
]


@pytest.fixture(scope="module")
def ponds(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_set.write_set(tmp_path_factory.mktemp("ponds"), base / "codec.safetensors")


def options(base: Path, **wishes: Any) -> FinetuneOptions:
    usual = {"device": "cpu", "dtype": "fp32", "batch": 3, "epochs": 4, "looks": 2, "rate": 1e-3}
    return FinetuneOptions(**({"model": str(base), "keep_state": True} | usual | wishes))


def weights(folder: Path) -> torch.Tensor:
    """All weights of a model as one long vector."""
    values = load_file(folder / "model.safetensors")
    return torch.cat([values[name].flatten().float() for name in sorted(values)])


def helpers(leader: int | None = None) -> set[int]:
    """Helpers that a process (this one) has started and that still run (Linux)."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ends while we look
            words = (folder / "cmdline").read_text()
            parent = int((folder / "stat").read_text().rpartition(") ")[2].split()[1])
            if parent == (leader or os.getpid()) and "finetuning.helper" in words:
                found.add(int(folder.name))
    return found


def runs(process: int) -> bool:
    """Whether it is there, and no zombie that nobody has asked after."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def test_chips_are_dealt_out_whole_and_once() -> None:
    chips = list(range(11))
    shares = [Crew(rank, 4).share(chips) for rank in range(4)]
    assert sorted(chip for share in shares for chip in share) == chips
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


@pytest.mark.parametrize(("answer", "devices"), [("dense", 2), ("objects", 2), ("objects", 4)])
def test_several_processes_learn_what_one_does(
    base: Path, ponds: Path, tmp_path: Path, answer: str, devices: int
) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    wishes = {"answer": answer, "rate": 0.01, "blend": 1.0}
    alone = finetune(options(base, **wishes), ponds, one)
    together = finetune(options(base, devices=devices, **wishes), ponds, many)
    assert together.steps == alone.steps
    assert helpers() == set()
    learned = (weights(one) - weights(base)).norm()
    assert learned > 1
    assert (weights(many) - weights(one)).norm() < 0.02 * learned


def test_gradients_of_several_processes_are_those_of_one(
    base: Path, ponds: Path, tmp_path: Path
) -> None:
    losses: dict[int, list[float]] = {}
    for devices in (1, 2, 3):
        told: list[Progress] = []
        wishes = options(base, answer="objects", devices=devices, epochs=2, looks=1)
        finetune(wishes, ponds, tmp_path / str(devices), progress=told.append)
        losses[devices] = [one.loss for one in told if one.stage == "train" and one.loss]
    assert len(losses[1]) == 4
    assert losses[2] == pytest.approx(losses[1], rel=1e-4)
    assert losses[3] == pytest.approx(losses[1], rel=1e-4)


def test_a_run_goes_on_after_a_process_beside_it_was_killed(
    base: Path, ponds: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new"

    def kill_one(done: Progress) -> None:
        if done.stage == "train" and done.step == 5:
            for helper in helpers():
                os.kill(helper, signal.SIGKILL)

    with pytest.raises(ModelError, match="--resume"):
        finetune(options(base, devices=2), ponds, new, progress=kill_one)
    assert helpers() == set()
    outcome = finetune(options(base, devices=2), ponds, new, resume=True)
    assert outcome.finished
    alone = finetune(options(base), ponds, tmp_path / "alone")
    assert [look.step for look in outcome.looks] == [look.step for look in alone.looks]
    pairs = zip(outcome.looks, alone.looks, strict=True)
    assert all(abs(ours.iou - theirs.iou) < 0.02 for ours, theirs in pairs)


def test_a_run_may_go_on_with_another_number_of_devices(
    base: Path, ponds: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new"

    def stop(done: Progress) -> None:
        if done.stage == "train" and done.step == 5:
            cancel.set()

    cancel = threading.Event()
    stopped = finetune(options(base, devices=2), ponds, new, progress=stop, cancel=cancel)
    assert not stopped.finished
    assert helpers() == set()
    outcome = finetune(options(base, devices=1), ponds, new, resume=True, given=["devices"])
    assert outcome.finished


@pytest.fixture
def leader(base: Path, ponds: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """(a command that trains endlessly on two devices, its helper), in a group of their own."""
    command = [str(Path(sys.executable).parent / "waterseg"), "finetune", str(ponds)]
    command += ["-o", str(tmp_path / "new"), "--model", str(base), "--device", "cpu"]
    command += ["--devices", "2", "--epochs", "9999"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    found: set[int] = set()
    end = time.monotonic() + 120
    while not found and time.monotonic() < end:
        time.sleep(0.2)
        found = helpers(process.pid)
    yield process, found.pop()
    process.kill()
    process.communicate()


def ends(process: int) -> bool:
    end = time.monotonic() + 120
    while runs(process) and time.monotonic() < end:
        time.sleep(0.2)
    return not runs(process)


def test_nobody_is_left_behind_by_a_leader_that_is_killed(
    leader: tuple[subprocess.Popen[str], int],
) -> None:
    process, helper = leader
    process.kill()
    assert ends(helper)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("begun", [False, True])
def test_a_signal_to_all_of_them_stops_the_run_as_it_stops_one(
    leader: tuple[subprocess.Popen[str], int], tmp_path: Path, number: int, begun: bool
) -> None:
    process, helper = leader
    state = tmp_path / "new" / "state" / "state.pt"
    while begun and not state.exists():  # the plan is made and kept, so it trains
        assert process.poll() is None
        time.sleep(0.1)
    os.killpg(process.pid, number)
    _, said = process.communicate(timeout=120)
    assert "Traceback" not in said
    assert "Stopp" in said
    assert ends(helper)
    assert state.exists() or not begun


def test_what_hinders_a_process_to_begin_is_told(
    base: Path, ponds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The path of the interpreter's modules does not lead the helper to torch.
    broken = tmp_path / "broken" / "torch"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('no driver for this card')")
    monkeypatch.setenv("PYTHONPATH", str(broken.parent))
    with pytest.raises(ModelError, match=r"could not begin.*no driver for this card"):
        finetune(options(base, devices=2), ponds, tmp_path / "new")
    assert helpers() == set()


def test_more_gpus_than_there_are_is_one_sentence() -> None:
    check_devices(64, torch.device("cpu"))
    with pytest.raises(OptionError, match=r"--devices 2.*one mps"):
        check_devices(2, torch.device("mps"))
    if torch.cuda.is_available():
        count = torch.cuda.device_count()
        with pytest.raises(OptionError, match=f"Take {count}"):
            check_devices(count + 1, torch.device("cuda"))
