# SPDX-License-Identifier: GPL-3.0-or-later
"""A training whose process, or whose server, is killed: nothing is lost."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
import tiny_set
from live import PATIENCE_S, TOKEN, Client, Live
from trainings import LONG, PART, SHORT, Trainer, weights, zipped

from waterseg_core.finetuning import finetune
from waterseg_core.model_list import remember
from waterseg_core.options_finetune import FinetuneOptions
from waterseg_core.studies import StudyLimits

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture(scope="module")
def ponds(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sets") / "ponds"
    return tiny_set.write_set(folder, base / "codec.safetensors")


def direct(base: Path, ponds: Path, folder: Path, **how: Any) -> dict[str, bytes]:
    """The weights that `waterseg finetune` makes of the same."""
    finetune(FinetuneOptions(model=str(base), **how), ponds, folder)
    return weights(folder)


def learners(server: int) -> list[psutil.Process]:
    """The processes that train for a server."""
    found = []
    for process in psutil.Process(server).children():
        with contextlib.suppress(psutil.Error):
            if "waterseg_core.studies.child" in process.cmdline():
                found.append(process)
    return found


def test_a_process_that_is_killed_is_told_and_goes_on_to_the_same_weights(
    serve: Callable[..., Live], base: Path, ponds: Path, tmp_path: Path
) -> None:
    remember(base)
    trainer = Trainer(serve(study_limits=StudyLimits(part_bytes=PART)).client)
    blob = zipped(ponds)
    id = trainer.begin(blob, options={"model": "tiny", **LONG}, ask=False)
    trainer.until(id, when=lambda study: study["looks"] > 0)
    (process,) = learners(os.getpid())
    assert process.nice() >= 10, "whoever asks the server something goes first"
    began = time.monotonic()
    Client.ok(trainer.http.get("/v1/info"))
    assert time.monotonic() - began < 5
    process.kill()
    study = trainer.until(id, "failed")
    assert "ended without a word" in study["message"]
    trainer.ask(id, "resume")
    study = trainer.until(id, "done")
    points = Client.ok(trainer.http.get(f"/v1/trainings/{id}/curve"))["points"]
    assert [point["step"] for point in points] == list(range(1, study["steps"] + 1))
    assert weights(tmp_path / "server" / "models" / "ponds") == direct(
        base, ponds, tmp_path / "direct", **LONG
    )


#: A server in a process of its own.
SERVER = """
import sys
from live import TOKEN, Limits, Models, Server, ServeOptions, StudyLimits
from pixelwise import PixelwiseSegmenter
models = Models(load=lambda name, **how: PixelwiseSegmenter())
limits = StudyLimits(part_bytes=4096, disk_reserve=0)
server = Server(ServeOptions(port=0, work_dir=sys.argv[1]), TOKEN, models, Limits(disk_reserve=0),
                eager=sys.argv[2] == "eager", study_limits=limits)
server.run(lambda: print(server.url, flush=True))
"""
#: The same, whose folder is a small disk: it is full after SIGUSR1, and has room after SIGUSR2.
FULL = SERVER.replace(
    "server.run(",
    """
import os, signal
filler = os.path.join(sys.argv[1], "filler")
def fill(*about):
    with open(filler, "wb") as file:
        try:
            while True:
                file.write(bytes(1 << 16))
                file.flush()
        except OSError:
            pass
signal.signal(signal.SIGUSR1, fill)
signal.signal(signal.SIGUSR2, lambda *about: os.unlink(filler))
server.run(""",
)
Start = Callable[..., "tuple[subprocess.Popen[str], Trainer]"]


@pytest.fixture
def start(tmp_path: Path, base: Path) -> Iterator[Start]:
    """A function that starts such a server; all share a folder."""
    running: list[subprocess.Popen[str]] = []
    clients: list[Client] = []
    remember(base)

    def run(
        how: str = "eager", program: str = SERVER, before: Sequence[str] = ()
    ) -> tuple[subprocess.Popen[str], Trainer]:
        here = Path(__file__).parent
        process = subprocess.Popen(
            [*before, sys.executable, "-c", program, str(tmp_path / "server"), how],
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(here), str(here.parent / "core")]),
            },
        )
        running.append(process)
        assert process.stdout is not None
        clients.append(Client(process.stdout.readline().strip(), TOKEN))
        return process, Trainer(clients[-1])

    yield run
    for client in clients:
        client.http.close()
    for process in running:
        process.kill()
        process.communicate()


def test_a_server_that_is_killed_leaves_a_training_that_goes_on_by_itself(
    start: Start, base: Path, ponds: Path, tmp_path: Path
) -> None:
    server, trainer = start()
    id = trainer.begin(zipped(ponds), options={"model": "tiny", **LONG}, ask=False)
    trainer.until(id, when=lambda study: study["looks"] > 0)
    (learner,) = learners(server.pid)
    server.send_signal(signal.SIGKILL)
    server.wait()
    server, trainer = start()
    with contextlib.suppress(psutil.Error):
        learner.wait(PATIENCE_S)  # it ends without anybody killing it
    study = trainer.until(id, "done")
    assert study["model"] == "ponds"
    points = Client.ok(trainer.http.get(f"/v1/trainings/{id}/curve"))["points"]
    assert [point["step"] for point in points] == list(range(1, study["steps"] + 1))
    assert weights(tmp_path / "server" / "models" / "ponds") == direct(
        base, ponds, tmp_path / "direct", **LONG
    )


def test_a_worker_goes_on_when_somebody_asks(start: Start, ponds: Path) -> None:
    server, trainer = start()
    id = trainer.begin(zipped(ponds), options={"model": "tiny", **SHORT}, ask=False)
    trainer.until(id, "preparing")
    server.send_signal(signal.SIGKILL)
    server.wait()
    server, trainer = start("lazy")
    (listed,) = trainer.http.get("/v1/trainings").json()["trainings"]
    assert (listed["id"], listed["state"]) == (id, "waiting")
    assert not learners(server.pid)
    assert trainer.until(id, "done")["model"] == "ponds"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a small disk of its own")
def test_a_disk_that_fills_up_is_told_and_the_training_goes_on_when_there_is_room(
    start: Start, base: Path, ponds: Path, tmp_path: Path
) -> None:
    root = tmp_path / "server"
    root.mkdir()
    mount = 'mount -t tmpfs -o size=90000000 none "$0" && exec "$@"'
    alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, str(root)]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"]).returncode:
        pytest.skip("this system does not let a user make a small disk")
    server, trainer = start(program=FULL, before=alone)
    id = trainer.begin(zipped(ponds), options={"model": "tiny", **LONG}, ask=False)
    trainer.until(id, when=lambda study: study["looks"] > 0)
    server.send_signal(signal.SIGUSR1)
    study = trainer.until(id, "failed")
    assert study["error"] == "OutputError", study["message"]
    assert "disk" in study["message"]
    server.send_signal(signal.SIGUSR2)
    trainer.ask(id, "resume")
    study = trainer.until(id, "done")
    reply = trainer.http.get(f"/v1/trainings/{id}/result")
    with zipfile.ZipFile(io.BytesIO(reply.content)) as packed:
        names = [name for name in packed.namelist() if name.endswith(".safetensors")]
        found = {name: packed.read(name) for name in names}
    assert found == direct(base, ponds, tmp_path / "direct", **LONG)
