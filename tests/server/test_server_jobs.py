# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs on their way: any order, too early, cancelled, resumed, side by side, failing."""

from __future__ import annotations

import json
import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from live import PATIENCE_S, Raster, table
from pixelwise import PixelwiseSegmenter, lakes

from waterseg_core.errors import ModelError
from waterseg_core.jobs import Jobs, Limits, Models
from waterseg_core.options import SegmentOptions
from waterseg_core.pipeline import segment_scene
from waterseg_core.segmentation import Segmentation
from waterseg_core.workfolder import KEPT_DAYS

HEIGHT, WIDTH = 1060, 700
OPTIONS = {"min_area": 0, "batch": 16}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A raster of six blocks and an overview."""
    found = tmp_path_factory.mktemp("scene") / "lakes.tif"
    rgb = np.moveaxis(lakes(HEIGHT, WIDTH), -1, 0)
    profile = {"driver": "GTiff", "count": 3, "dtype": "uint8", "crs": "EPSG:32633"}
    place = rasterio.Affine(10, 0, 500_000, 0, -10, 5_000_000)
    how = {**profile, "height": HEIGHT, "width": WIDTH, "transform": place}
    with rasterio.open(found, "w", **how) as sink:
        sink.write(rgb)
    return found


@pytest.fixture(scope="module")
def raster(path: Path) -> Raster:
    return Raster(path)


@pytest.fixture(scope="module")
def whole(path: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What an undisturbed run on the file says."""
    folder = tmp_path_factory.mktemp("whole")
    output = folder / "whole.parquet"
    options = SegmentOptions(**OPTIONS)
    segment_scene(path, PixelwiseSegmenter(), options, output=output, work_dir=folder)
    return table(output)


class Gate(PixelwiseSegmenter):
    """Waits before it answers more than `free` images, until it is opened."""

    def __init__(self, free: int = 0) -> None:
        super().__init__()
        self.free, self.reached, self.open = free, threading.Event(), threading.Event()

    def segment(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
        if self.seen + len(images) > self.free + 2:  # two are for the warm-up
            self.reached.set()
            assert self.open.wait(PATIENCE_S)
        return super().segment(images)


def until(said: Callable[[], bool]) -> None:
    """Wait until something holds."""
    limit = time.monotonic() + PATIENCE_S
    while not said():
        assert time.monotonic() < limit
        time.sleep(0.005)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_tiles_in_random_order_and_twice_say_the_same(
    serve: Any, raster: Raster, whole: Any, tmp_path: Path, seed: int
) -> None:
    client = serve().client
    job = client.create(raster.words(OPTIONS))
    job = client.send(raster, job, chance=random.Random(seed))
    assert job["state"] == "done"
    assert table(client.result(job["id"], tmp_path / "w.parquet")) == whole


def test_a_slow_model_takes_pixels_no_faster_than_it_looks_at_them(
    serve: Any, raster: Raster, whole: Any, tmp_path: Path
) -> None:
    gate = Gate()
    block = 512 * 512 * 3
    client = serve(load=lambda name, **how: gate, limits=Limits(ahead_bytes=block)).client
    job = client.create(raster.words(OPTIONS))
    overview = raster.bytes(None, job["overview"])
    assert client.put(job["id"], "overview", overview).status_code == 204
    answers = [
        client.put(job["id"], f"tiles/{tile['n']}", raster.bytes(tile)) for tile in job["tiles"]
    ]
    refused = [reply for reply in answers if reply.status_code == 429]
    assert refused, [reply.status_code for reply in answers]
    assert all(int(reply.headers["retry-after"]) >= 1 for reply in refused)
    assert {reply.status_code for reply in answers} == {204, 429}
    gate.open.set()
    job = client.send(raster, client.job(job["id"], tiles=True))
    assert job["state"] == "done"
    assert table(client.result(job["id"], tmp_path / "w.parquet")) == whole


def test_cancel_answers_while_the_model_works_and_resume_loses_nothing(
    serve: Any, raster: Raster, whole: Any, tmp_path: Path
) -> None:
    gate = Gate(free=100)
    client = serve(load=lambda name, **how: gate).client
    job = client.create(raster.words({**OPTIONS, "batch": 4}))
    job = client.send(raster, job, until=lambda job: job["features"] > 0)
    assert client.cancel(job["id"])["state"] == "cancelled", "while the gate is still shut"
    assert client.job(job["id"])["wanted"] == []
    gate.open.set()
    so_far = table(client.result(job["id"], tmp_path / "so_far.parquet"))
    assert 0 < len(so_far["id"]) < len(whole["id"])

    job = client.resume(job["id"])
    assert job["state"] in ("waiting", "running")
    seen = gate.seen
    job = client.send(raster, job)
    assert job["state"] == "done"
    assert gate.seen - seen < job["total"], "finished strips are not done again"
    found = table(client.result(job["id"], tmp_path / "w.parquet"))
    assert found == whole


def test_resume_right_after_cancel_goes_on(
    serve: Any, raster: Raster, whole: Any, tmp_path: Path
) -> None:
    client = serve(load=lambda name, **how: PixelwiseSegmenter(seconds=0.002)).client
    job = client.create(raster.words(OPTIONS))
    for _ in range(6):
        client.send(raster, job, until=lambda job: job["state"] == "running")
        client.cancel(job["id"])
        assert client.resume(job["id"])["state"] != "cancelled"
    job = client.send(raster, client.job(job["id"], tiles=True))
    assert job["state"] == "done"
    assert table(client.result(job["id"], tmp_path / "w.parquet")) == whole


def test_two_jobs_side_by_side_take_turns(
    serve: Any, raster: Raster, whole: Any, tmp_path: Path
) -> None:
    gate = Gate(free=150)
    client = serve(load=lambda name, **how: gate).client
    jobs = [client.create(raster.words(OPTIONS)) for _ in range(2)]
    for job in jobs:
        client.put(job["id"], "overview", raster.bytes(None, job["overview"]))
        for tile in job["tiles"]:
            assert client.put(job["id"], f"tiles/{tile['n']}", raster.bytes(tile)).is_success
    until(lambda: all(client.job(job["id"])["state"] == "running" for job in jobs))
    gate.open.set()
    until(lambda: all(client.job(job["id"])["state"] == "done" for job in jobs))
    for number, job in enumerate(jobs):
        assert table(client.result(job["id"], tmp_path / f"{number}.parquet")) == whole


def test_features_arrive_while_it_runs_each_once_and_on_the_map(
    serve: Any, raster: Raster, whole: Any
) -> None:
    gate = Gate(free=100)
    client = serve(load=lambda name, **how: gate).client
    job = client.create(raster.words(OPTIONS))
    client.send(raster, job, until=lambda job: job["features"] > 0)
    first, after = client.features(job["id"])
    assert first
    gate.open.set()
    assert client.send(raster, client.job(job["id"], tiles=True))["state"] == "done"
    rest: list[dict[str, Any]] = []
    while True:
        page, after = client.features(job["id"], after)
        if not page:
            break
        rest += page
    assert [feature["id"] for feature in first + rest] == list(range(after))
    assert {feature["label"] for feature in first + rest} == {"water"}
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in first + rest]
    result = shapely.from_wkb(whole["geom"])
    assert shapely.area(shapes).sum() == pytest.approx(shapely.area(result).sum())
    assert shapely.union_all(shapes).equals(shapely.union_all(result))


def test_many_who_wait_for_a_result_leave_the_server_free(
    serve: Any, raster: Raster, tmp_path: Path
) -> None:
    gate = Gate()
    live = serve(load=lambda name, **how: gate)
    client = live.client
    job = client.create(raster.words(OPTIONS))
    path = f"/v1/jobs/{job['id']}/result"
    client.send(raster, job, until=lambda job: gate.reached.is_set())
    client.cancel(job["id"])
    limits = httpx.Limits(max_connections=None)
    with (
        httpx.Client(headers=client.http.headers, limits=limits, timeout=PATIENCE_S) as others,
        ThreadPoolExecutor(60) as pool,
    ):
        asked = [pool.submit(others.get, f"{live.server.url}{path}") for _ in range(60)]
        until(lambda: live.server.app.state.patient.borrowed_tokens > 0)
        assert client.info()["protocol"] == 1
        assert client.job(job["id"])["state"] == "cancelled"
        assert [one.result() for one in asked if one.done()] == []
        gate.open.set()
        assert {one.result().status_code for one in asked} <= {200, 429}


def test_every_format_is_there_and_says_the_same(
    serve: Any, raster: Raster, whole: Any, tmp_path: Path
) -> None:
    client = serve().client
    job = client.segment(raster, tmp_path / "w.gpkg", **OPTIONS, mask=True, probability=True)
    for ending in ("gpkg", "fgb", "geojson"):
        file = client.result(job["id"], tmp_path / f"w.{ending}")
        about = pyogrio.read_info(file, layer="lakes")
        assert about["features"] == len(whole["id"])
        assert about["crs"] == ("EPSG:4326" if ending == "geojson" else "EPSG:32633")
    for raster_kind in ("mask", "probability"):
        reply = client.http.get(f"/v1/jobs/{job['id']}/result", params={"format": raster_kind})
        (tmp_path / "r.tif").write_bytes(reply.content)
        with rasterio.open(tmp_path / "r.tif") as source:
            assert source.shape == (HEIGHT, WIDTH)
            if raster_kind == "mask":
                assert (source.read(1) == 1).sum() == sum(whole["pixels"])


def test_a_job_that_failed_tells_why_and_can_be_resumed(
    serve: Any, raster: Raster, whole: Any, tmp_path: Path
) -> None:
    class Breaks(PixelwiseSegmenter):
        broken = True

        def segment(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
            if self.broken and self.seen > 100:
                raise ModelError("The memory of the card does not hold one image. Take another.")
            return super().segment(images)

    breaks = Breaks()
    client = serve(load=lambda name, **how: breaks).client
    job = client.send(raster, client.create(raster.words(OPTIONS)))
    assert (job["state"], job["error"]) == ("failed", "ModelError")
    assert job["message"].startswith("The memory of the card")
    so_far = table(client.result(job["id"], tmp_path / "so_far.parquet"))
    assert 0 < len(so_far["id"]) < len(whole["id"])
    breaks.broken = False
    job = client.send(raster, client.resume(job["id"]))
    assert (job["state"], job["error"], job["message"]) == ("done", "", "")
    assert table(client.result(job["id"], tmp_path / "w.parquet")) == whole


def test_what_nobody_foresaw_is_told_too(serve: Any, raster: Raster) -> None:
    def load(name: str, **how: Any) -> Any:
        raise ZeroDivisionError("oops")

    client = serve(load=load).client
    job = client.create(raster.words(OPTIONS))
    until(lambda: client.job(job["id"])["state"] == "failed")
    job = client.job(job["id"])
    assert "oops" in job["message"]
    assert client.info()["models"]


def test_a_forgotten_job_leaves_nothing(serve: Any, raster: Raster, tmp_path: Path) -> None:
    client = serve().client
    before = sorted((tmp_path / "server").iterdir())
    job = client.create(raster.words(OPTIONS))
    client.put(job["id"], f"tiles/{job['tiles'][-1]['n']}", raster.bytes(job["tiles"][-1]))
    reply = client.http.delete(f"/v1/jobs/{job['id']}", params={"forget": True})
    assert reply.status_code == 204
    assert client.http.get(f"/v1/jobs/{job['id']}").status_code == 404
    until(lambda: sorted((tmp_path / "server").iterdir()) == before)


def test_the_area_of_interest_is_all_that_is_sent_and_answered(
    serve: Any, raster: Raster, tmp_path: Path
) -> None:
    area = shapely.box(500_100, 4_999_000, 501_500, 4_999_900)
    client = serve().client
    words = raster.words(OPTIONS, aoi=shapely.geometry.mapping(area))
    job = client.create(words)
    assert all(tile["row"] < 512 or 1 in (tile["height"], tile["width"]) for tile in job["tiles"])
    job = client.send(raster, job)
    assert job["state"] == "done"
    found = shapely.from_wkb(table(client.result(job["id"], tmp_path / "w.parquet"))["geom"])
    assert len(found) > 3
    # The pixels whose centres are inside.
    assert shapely.covers(area.buffer(5.1, join_style="mitre"), found).all()


def test_old_jobs_are_forgotten_and_others_are_not(
    serve: Any, raster: Raster, tmp_path: Path
) -> None:
    live = serve()
    ids = [live.client.create(raster.words(OPTIONS))["id"] for _ in range(2)]
    for id in ids:
        live.client.cancel(id)
        assert live.server.jobs[id].ended(PATIENCE_S)
    long_ago = time.time() - (KEPT_DAYS + 1) * 86400
    os.utime(tmp_path / "server" / ids[0] / "state.json", (long_ago, long_ago))
    again = serve(work=tmp_path / "server")
    assert [job["id"] for job in again.client.http.get("/v1/jobs").json()["jobs"]] == ids[1:]


def test_a_disk_that_fills_up_is_told_and_the_job_goes_on_later(
    serve: Any, raster: Raster, whole: Any, tmp_path: Path
) -> None:
    live = serve(limits=Limits(disk_reserve=0))
    client = live.client
    job = client.create(raster.words(OPTIONS))
    room = Limits(disk_reserve=shutil.disk_usage(tmp_path).total)
    live.server.jobs.limits, before = room, live.server.jobs.limits
    reply = client.put(job["id"], "tiles/0", raster.bytes(job["tiles"][0]))
    assert (reply.status_code, reply.json()["error"]) == (507, "OutputError")
    assert "disk has no room" in reply.json()["message"]
    live.server.jobs.limits = before
    job = client.send(raster, job)
    assert table(client.result(job["id"], tmp_path / "w.parquet")) == whole


def test_the_jobs_of_a_worker_sleep_until_somebody_asks(
    serve: Any, raster: Raster, tmp_path: Path
) -> None:
    live = serve(load=lambda name, **how: PixelwiseSegmenter(seconds=0.03))  # 10 s for all
    job = live.client.create(raster.words(OPTIONS))
    job = live.client.send(raster, job, until=lambda job: job["done"] > 0 and not job["wanted"])
    live.stop()
    models = Models(load=lambda name, **how: PixelwiseSegmenter())
    jobs = Jobs(tmp_path / "server", models, eager=False)
    (asleep,) = jobs
    assert asleep.tell()["state"] == "waiting"
    assert not asleep.is_under_way
    assert not [one for one in threading.enumerate() if job["id"] in one.name]
    assert jobs[job["id"]] is asleep
    assert asleep.ended(PATIENCE_S)
    assert asleep.tell()["state"] == "done"
    jobs.stop()


def test_a_job_that_nobody_sends_pixels_for_takes_no_place(
    serve: Any, raster: Raster, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve(limits=Limits(jobs=1)).client
    client.create(raster.words(OPTIONS))
    assert client.http.post("/v1/jobs", json=raster.words(OPTIONS)).status_code == 429
    monkeypatch.setattr("waterseg_core.jobs_job.SILENCE_S", 0.0)
    client.create(raster.words(OPTIONS))


def test_a_broken_job_on_disk_does_not_keep_the_server_from_starting(
    serve: Any, raster: Raster, tmp_path: Path
) -> None:
    for name, blob in (("a" * 32, b"{"), ("b" * 32, json.dumps({"height": 1}).encode())):
        (tmp_path / "server" / name).mkdir(parents=True)
        (tmp_path / "server" / name / "description.json").write_bytes(blob)
    assert serve().client.http.get("/v1/jobs").json() == {"jobs": []}
