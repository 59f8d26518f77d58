# SPDX-License-Identifier: GPL-3.0-or-later
"""The server as a process: how it starts, what it refuses, how it ends, and what a kill leaves."""

from __future__ import annotations

import json
import os
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

from waterseg_core.options import SegmentOptions
from waterseg_core.pipeline import segment_scene
from waterseg_core.server.serve import bound

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


def refused(process: subprocess.Popen[str]) -> str:
    """The one sentence of a process that does not want to start."""
    out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out) == (2, "")
    (line,) = err.splitlines()
    return line


def announced(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The worker's line."""
    assert process.stdout is not None
    line: dict[str, Any] = json.loads(process.stdout.readline())
    return line


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


def test_two_workers_share_the_folder_of_jobs(start: Start) -> None:
    lines = [announced(start(*WATERSEG, "serve", "--worker")) for _ in range(2)]
    words = {
        "height": 64,
        "width": 64,
        "georef": {"transform": [10, 0, 0, 0, -10, 0], "crs": None},
        "pixels": {"dtype": "uint8", "bands": 3},
    }
    first, second = (Client(f"http://127.0.0.1:{one['port']}", one["token"]) for one in lines)
    job = first.create(words)
    assert second.http.get(f"/v1/jobs/{job['id']}").status_code == 404, "the other one's"
    first.cancel(job["id"])
    assert second.job(job["id"])["state"] == "cancelled"
    resume = f"/v1/jobs/{job['id']}/resume"
    while (reply := second.http.post(resume)).status_code == 429:  # the first one lets go
        time.sleep(0.01)
    assert reply.json()["state"] == "waiting"
    assert first.http.post(resume).status_code == 429
    first.http.close()
    second.http.close()


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


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_other_computers_are_not_served_without_a_token(start: Start, host: str) -> None:
    line = refused(start(*WATERSEG, "serve", "--host", host, WATERSEG_TOKEN=""))
    assert "--token-file" in line
    assert "WATERSEG_TOKEN" in line


def test_a_token_that_can_be_guessed_is_refused(start: Start, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret\n")
    for words in (["--token-file", str(tmp_path / "token")], ["--host", "0.0.0.0"]):
        line = refused(start(*WATERSEG, "serve", *words, WATERSEG_TOKEN="secret"))
        assert "at least 16" in line


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--token-file", "missing"], "--token-file missing"),
        (["--tls-cert", "cert.pem"], "--tls-key"),
        (["--tls-cert", "no.pem", "--tls-key", "no.pem"], "--tls-cert no.pem"),
        (["--host", "192.0.2.1"], "cannot listen there"),
        (["--port", "70000"], "--port 70000"),
        (["--model", " , "], "--model"),
        (["--max-jobs", "0"], "--max-jobs 0"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(
    start: Start, words: list[str], says: str
) -> None:
    assert says in refused(start(*WATERSEG, "serve", *words, WATERSEG_TOKEN=TOKEN))


def test_a_port_that_is_taken_is_told(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = refused(start(*WATERSEG, "serve", "--port", port))
    assert f"--port {port}" in line


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


#: A server of its own process that segments by pixels, slowly.
SLOW = """
import sys
from live import TOKEN, ServeOptions, Server, Models, Limits
from pixelwise import PixelwiseSegmenter
models = Models(load=lambda name, **how: PixelwiseSegmenter(seconds=float(sys.argv[2])))
server = Server(ServeOptions(port=0, work_dir=sys.argv[1]), TOKEN, models, Limits())
server.run(lambda: print(server.url, flush=True))
"""


def test_kills_in_the_middle_of_a_run_do_not_change_the_result(
    start: Start, make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    pixels = np.moveaxis(lakes(1100, 420), -1, 0)
    pixels[:, :9] = 0  # a collar: nothing begins before all pixels are there
    path = make_raster(pixels)
    options = {"min_area": 0, "batch": 8}
    direct = tmp_path / "direct.parquet"
    here = SegmentOptions(**options)
    segment_scene(path, PixelwiseSegmenter(), here, output=direct, work_dir=tmp_path / "work")

    def serve(seconds: float) -> tuple[subprocess.Popen[str], Client]:
        words = [sys.executable, "-c", SLOW, str(tmp_path / "server"), str(seconds)]
        process = start(*words, PYTHONPATH=str(Path(__file__).parent))
        assert process.stdout is not None
        return process, Client(process.stdout.readline().strip(), TOKEN)

    raster, done = Raster(path), 0
    process, client = serve(0.01)
    id = client.create(raster.words(options))["id"]
    for kill in range(3):
        job = client.job(id, tiles=True)
        enough = 10 + 60 * kill
        job = client.send(raster, job, until=lambda job, n=enough: job["done"] >= n)
        assert job["state"] == "running"
        assert job["done"] >= done
        done = job["done"] // 100 * 100
        process.send_signal(signal.SIGKILL)
        process.wait()
        client.http.close()
        process, client = serve(0.01 if kill < 2 else 0)
    job = client.send(raster, client.job(id, tiles=True))
    assert job["state"] == "done"
    assert table(client.result(id, tmp_path / "http.parquet")) == table(direct)
    client.http.close()


def test_a_server_that_was_stopped_goes_on_by_itself(
    start: Start, make_raster: Callable[..., Path], tmp_path: Path
) -> None:
    raster = Raster(make_raster(np.moveaxis(lakes(500, 500), -1, 0)))
    words = [sys.executable, "-c", SLOW, str(tmp_path / "server")]
    process = start(*words, "0.02", PYTHONPATH=str(Path(__file__).parent))
    assert process.stdout is not None
    client = Client(process.stdout.readline().strip(), TOKEN)
    job = client.create(raster.words({"min_area": 0}))
    client.send(raster, job, until=lambda job: job["done"] > 0)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE_S)
    client.http.close()
    process = start(*words, "0", PYTHONPATH=str(Path(__file__).parent))
    assert process.stdout is not None
    client = Client(process.stdout.readline().strip(), TOKEN)
    limit = time.monotonic() + PATIENCE_S
    while client.job(job["id"])["state"] != "done":
        assert time.monotonic() < limit
        time.sleep(0.01)
    client.http.close()
