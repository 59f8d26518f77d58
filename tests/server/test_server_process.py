# SPDX-License-Identifier: GPL-3.0-or-later
"""The server as a process: how it starts, what it refuses, how it ends, and what a kill leaves."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
import pytest
import trustme
from live import PATIENCE_S, TOKEN, Client, Raster, table
from pixelwise import PixelwiseSegmenter, lakes

from waterseg_core.errors import OptionError
from waterseg_core.options import SegmentOptions
from waterseg_core.options_serve import ServeOptions
from waterseg_core.pipeline import segment_scene
from waterseg_core.server.serve import TOKEN_VARIABLE, Server, bound, token_of

CORE_TESTS = Path(__file__).parents[1] / "core"
WATERSEG = [sys.executable, "-m", "waterseg_core.cli.main"]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """A function that starts a process with pipes; what still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def run(*words: str, **environment: str) -> subprocess.Popen[str]:
        env = {**os.environ, "WATERSEG_CACHE": str(tmp_path / "cache"), **environment}
        env = {name: value for name, value in env.items() if value}
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            words, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=env, cwd=CORE_TESTS
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


def announced(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The worker's line."""
    assert process.stdout is not None
    line: dict[str, Any] = json.loads(process.stdout.readline())
    return line


#: A server of its own process that segments by pixels, slowly, and hangs after some images.
SLOW = """
import sys, time
from live import TOKEN, ServeOptions, Server, Models, Limits
from pixelwise import PixelwiseSegmenter
class Hanging(PixelwiseSegmenter):
    def segment(self, images):
        while self.seen + len(images) > float(sys.argv[3]):
            time.sleep(1)
        return super().segment(images)
models = Models(load=lambda name, **how: Hanging(seconds=float(sys.argv[2])))
server = Server(ServeOptions(port=0, work_dir=sys.argv[1]), TOKEN, models, Limits())
server.run(lambda: print(server.url, flush=True))
"""


Pixelwise = Callable[..., "tuple[subprocess.Popen[str], Client]"]


@pytest.fixture
def pixelwise(start: Start, tmp_path: Path) -> Iterator[Pixelwise]:
    """A function that starts a process with such a server; all share a folder of jobs.

    seconds: for each image. images: it hangs rather than look at more of them.
    """
    clients: list[Client] = []

    def serve(seconds: float, images: float = math.inf) -> tuple[subprocess.Popen[str], Client]:
        words = [sys.executable, "-c", SLOW, str(tmp_path / "server"), str(seconds), str(images)]
        process = start(*words, PYTHONPATH=str(Path(__file__).parent))
        assert process.stdout is not None
        clients.append(Client(process.stdout.readline().strip(), TOKEN))
        return process, clients[-1]

    yield serve
    for client in clients:
        client.http.close()


def test_a_worker_says_where_it_is_and_ends_with_its_parent(start: Start) -> None:
    worker = start(*WATERSEG, "serve", "--worker", WATERSEG_TOKEN="the-token-of-something-else")
    line = announced(worker)
    assert (line["waterseg"], line["pid"]) == (1, worker.pid)
    addresses = {c.laddr.ip for c in psutil.Process(worker.pid).net_connections("tcp")}
    assert addresses == {"127.0.0.1"}
    url = f"http://127.0.0.1:{line['port']}"
    assert httpx.get(f"{url}/v1/info").status_code == 401
    client = Client(url, line["token"])
    assert client.info()["version"] == line["version"]
    client.http.close()
    out, err = worker.communicate(timeout=PATIENCE_S)
    assert (worker.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_the_bundled_model_says_the_same_to_a_worker_and_to_the_command_line(
    start: Start, make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    raster = Raster(make_raster(np.moveaxis(lakes(400, 300), -1, 0)))
    direct = tmp_path / "direct.parquet"
    words = ["segment", str(raster.path), "-o", str(direct), "--min-area", "0"]
    start(*WATERSEG, *words).communicate(timeout=PATIENCE_S)
    line = announced(start(*WATERSEG, "serve", "--worker"))
    client = Client(f"http://127.0.0.1:{line['port']}", line["token"])
    client.segment(raster, tmp_path / "http.parquet", min_area=0)
    assert len(table(direct)["id"]) > 5
    assert table(tmp_path / "http.parquet") == table(direct)
    assert client.info()["models"][0]["seconds_per_tile"] > 0
    client.http.close()


def test_two_servers_share_a_folder_of_jobs(pixelwise: Pixelwise) -> None:
    (_, first), (_, second) = pixelwise(0), pixelwise(0)
    words = {
        "height": 64,
        "width": 64,
        "georef": {"transform": [10, 0, 0, 0, -10, 0], "crs": None},
        "pixels": {"dtype": "uint8", "bands": 3},
    }
    job = first.create(words)
    assert second.http.get(f"/v1/jobs/{job['id']}").status_code == 404, "the other one's"
    first.cancel(job["id"])
    assert second.job(job["id"])["state"] == "cancelled"
    resume = f"/v1/jobs/{job['id']}/resume"
    until = time.monotonic() + PATIENCE_S
    while (reply := second.http.post(resume)).status_code == 429:  # the first one lets go
        assert time.monotonic() < until
        time.sleep(0.01)
    assert reply.json()["state"] == "waiting"
    assert first.http.post(resume).status_code == 429


#: A worker whose libraries print where they should not.
NOISY = """
import os, sys
from waterseg_core.cli.main import run
from waterseg_core import segmenter
import waterseg_core.jobs_models as models
def load(name, **how):
    print("a stray line"); os.write(1, b"another one\\n"); os.system("echo from a child")
    raise SystemError("no model")
models.Models.__init__.__kwdefaults__["load"] = load
run(["serve", "--worker"])
"""


def test_stray_prints_do_not_reach_the_parent(start: Start) -> None:
    worker = start(sys.executable, "-c", NOISY)
    line = announced(worker)
    client = Client(f"http://127.0.0.1:{line['port']}", line["token"])
    client.info()
    assert worker.stderr is not None
    heard = ""
    while "from a child" not in heard:
        heard += worker.stderr.readline()
    client.http.close()
    out, _ = worker.communicate(timeout=PATIENCE_S)
    assert out == ""


def refusal(monkeypatch: pytest.MonkeyPatch, token: str = "", **options: Any) -> str:
    """The sentence with which a server does not start."""
    monkeypatch.setenv(TOKEN_VARIABLE, token)

    def begin() -> None:
        how = ServeOptions(**options)
        Server(how, token_of(how)[0])

    with pytest.raises(OptionError) as refused:
        begin()
    return str(refused.value)


def test_a_refusal_is_one_sentence_and_an_exit_code(start: Start) -> None:
    process = start(*WATERSEG, "serve", "--host", "0.0.0.0", WATERSEG_TOKEN="")
    out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out) == (2, "")
    (line,) = err.splitlines()
    assert "--token-file" in line


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_other_computers_are_not_served_without_a_token(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    sentence = refusal(monkeypatch, host=host)
    assert "--token-file" in sentence
    assert TOKEN_VARIABLE in sentence


def test_a_token_that_can_be_guessed_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("secret\n")
    assert "at least 16" in refusal(monkeypatch, token_file=str(tmp_path / "token"))
    assert "at least 16" in refusal(monkeypatch, token="secret")
    assert "at least 16" in refusal(monkeypatch, token="a secret with spaces in it")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"token_file": "missing"}, "--token-file missing"),
        ({"tls_cert": "cert.pem"}, "--tls-key"),
        ({"tls_cert": "no.pem", "tls_key": "no.pem"}, "--tls-cert no.pem"),
        ({"host": "192.0.2.1"}, "cannot listen there"),
        ({"host": "no such name"}, "cannot listen there"),
        ({"port": 70000}, "--port 70000"),
        ({"model": " , "}, "--model"),
        ({"max_jobs": 0}, "--max-jobs 0"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], says: str
) -> None:
    assert says in refusal(monkeypatch, token=TOKEN, **options)


def test_a_port_that_is_taken_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"--port {port}" in refusal(monkeypatch, port=port)


def test_the_socket_is_one_that_asyncio_makes_answer_at_once() -> None:
    with bound("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def listening(process: subprocess.Popen[str]) -> tuple[str, str]:
    """(URL, everything said on the way) of a server that was started by a person."""
    said = ""
    assert process.stderr is not None
    while "Listening on " not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    return said.split("Listening on ")[1].split()[0], said


def test_a_person_is_told_address_and_token(start: Start) -> None:
    server = start(*WATERSEG, "serve", "--port", "0", WATERSEG_TOKEN="")
    url, said = listening(server)
    token = said.split("The token is ")[1].split()[0]
    client = Client(url, token)
    assert client.info()["protocol"] == 1
    client.http.close()
    server.send_signal(signal.SIGINT)
    out, err = server.communicate(timeout=PATIENCE_S)
    assert (server.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_https_with_a_certificate(start: Start, tmp_path: Path) -> None:
    authority = trustme.CA()
    pair = authority.issue_cert("localhost")
    pair.private_key_pem.write_to_path(tmp_path / "key.pem")
    for part in pair.cert_chain_pems:
        part.write_to_path(tmp_path / "cert.pem", append=True)
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    files = {"token-file": "token", "tls-cert": "cert.pem", "tls-key": "key.pem"}
    words = [word for name, file in files.items() for word in (f"--{name}", str(tmp_path / file))]
    url, said = listening(start(*WATERSEG, "serve", "--port", "0", *words))
    assert url.startswith("https://")
    assert TOKEN not in said
    context = ssl.create_default_context()
    authority.configure_trust(context)
    client = Client(url.replace("127.0.0.1", "localhost"), TOKEN, verify=context)
    assert client.info()["protocol"] == 1
    client.http.close()


def test_listening_to_others_without_https_is_warned_about(start: Start) -> None:
    words = ["--host", "0.0.0.0", "--port", "0"]
    _, said = listening(start(*WATERSEG, "serve", *words, WATERSEG_TOKEN=TOKEN))
    assert "--tls-cert" in said


#: Images that a model looks at beyond those that a test waits for: the warm-up and two batches.
MARGIN = 2 + 2 * 8


def test_kills_in_the_middle_of_a_run_do_not_change_the_result(
    pixelwise: Pixelwise, make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    pixels = np.moveaxis(lakes(1100, 420), -1, 0)
    pixels[:, :9] = 0  # a collar: nothing begins before all pixels are there
    path = make_raster(pixels)
    options = {"min_area": 0, "batch": 8}
    direct = tmp_path / "direct.parquet"
    here = SegmentOptions(**options)
    segment_scene(path, PixelwiseSegmenter(), here, output=direct, work_dir=tmp_path / "work")

    raster, done, id = Raster(path), 0, ""
    for enough in (10, 70, 130):
        # A little more than enough, so that it is not done before a slow machine has looked.
        process, client = pixelwise(0.01, enough + MARGIN)
        id = id or client.create(raster.words(options))["id"]
        job = client.job(id, tiles=True)
        job = client.send(raster, job, until=lambda job, n=enough: job["done"] >= n)
        assert job["state"] == "running"
        assert job["done"] >= done, "finished strips are not done again"
        done = job["done"] // 100 * 100
        process.send_signal(signal.SIGKILL)
        process.wait()
    _, client = pixelwise(0)
    job = client.send(raster, client.job(id, tiles=True))
    assert job["state"] == "done"
    assert table(client.result(id, tmp_path / "http.parquet")) == table(direct)


def test_a_server_that_was_stopped_goes_on_by_itself(
    pixelwise: Pixelwise, make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    raster = Raster(make_raster(np.moveaxis(lakes(500, 500), -1, 0)))
    process, client = pixelwise(0.02, 60 + MARGIN)
    job = client.create(raster.words({"min_area": 0, "batch": 8}))
    job = client.send(raster, job, until=lambda job: job["done"] > 0)
    assert job["state"] == "running"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE_S)
    pixelwise(0)
    limit = time.monotonic() + PATIENCE_S
    state = tmp_path / "server" / job["id"] / "state.json"
    while json.loads(state.read_text())["state"] != "done":  # without a request for it
        assert time.monotonic() < limit
        time.sleep(0.01)


#: A server whose folder is a disk of 2 MB, all but 330 kB of it taken until it hears a signal.
FULL = """
import os, signal, sys
from live import TOKEN, Limits, Models, Server, ServeOptions
from pixelwise import PixelwiseSegmenter
root = sys.argv[1]
filler = os.path.join(root, "filler")
with open(filler, "wb") as file:
    file.write(bytes(2_000_000 - 330_000))
models = Models(load=lambda name, **how: PixelwiseSegmenter())
server = Server(ServeOptions(port=0, work_dir=root), TOKEN, models, Limits(disk_reserve=0))
signal.signal(signal.SIGUSR1, lambda *_: os.unlink(filler))
server.run(lambda: print(server.url, flush=True))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a small disk of its own")
def test_a_full_disk_is_told_and_the_job_goes_on_when_there_is_room(
    start: Start, make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    root = tmp_path / "small"
    root.mkdir()
    mount = 'mount -t tmpfs -o size=2000000 none "$0" && exec "$@"'
    alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, str(root)]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"]).returncode:
        pytest.skip("this system does not let a user make a small disk")
    raster = Raster(make_raster(np.moveaxis(lakes(300, 300, smooth=2), -1, 0)))
    direct = tmp_path / "direct.parquet"
    options = SegmentOptions(min_area=0)
    segment_scene(raster.path, PixelwiseSegmenter(), options, output=direct)

    words = [*alone, sys.executable, "-c", FULL, str(root)]
    process = start(*words, PYTHONPATH=str(Path(__file__).parent))
    assert process.stdout is not None
    client = Client(process.stdout.readline().strip(), TOKEN)
    job = client.send(raster, client.create(raster.words({"min_area": 0})))
    assert (job["state"], job["error"]) == ("failed", "OutputError")
    assert "space" in job["message"]
    assert client.http.post("/v1/jobs", json=raster.words()).status_code == 507
    process.send_signal(signal.SIGUSR1)
    until = time.monotonic() + PATIENCE_S
    while client.info()["limits"]["disk_bytes_free"] < 1_000_000:
        assert time.monotonic() < until
    job = client.send(raster, client.resume(job["id"]))
    assert job["state"] == "done", job
    assert table(client.result(job["id"], tmp_path / "http.parquet")) == table(direct)
    client.http.close()
