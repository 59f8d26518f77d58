# SPDX-License-Identifier: GPL-3.0-or-later
"""Training sets on their way: only what chips need, cancelled, resumed, killed, fetched."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
import shapely.geometry
from drawings import collection, contents, fetched, order, outlines
from live import PATIENCE_S, TOKEN, Client, Raster
from pixelwise import lakes

from waterseg_core.dataset.folder import DatasetFolder
from waterseg_core.errors import Cancelled
from waterseg_core.jobs import Limits
from waterseg_core.jobs_pack import pack

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
HEIGHT, WIDTH = 1100, 1300
SIDE = 224
OPTIONS = {"tile": SIDE, "negatives": 0.5, "buffer": 0}
#: Wide and high: nine blocks of 512 pixels, of which chips need few.
BLOCKS = 9


@pytest.fixture(scope="module")
def raster(tmp_path_factory: pytest.TempPathFactory) -> Raster:
    """A raster with an overview of its own."""
    path = tmp_path_factory.mktemp("scene") / "lakes.tif"
    rgb = np.moveaxis(lakes(HEIGHT, WIDTH), -1, 0).clip(1, 255)
    place = rasterio.Affine(10, 0, 500_000, 0, -10, 5_000_000)
    how = {"driver": "GTiff", "count": 3, "dtype": "uint8", "crs": "EPSG:32633"}
    with rasterio.open(path, "w", height=HEIGHT, width=WIDTH, transform=place, **how) as sink:
        sink.write(rgb)
    return Raster(path)


@pytest.fixture(scope="module")
def shapes(raster: Raster) -> list[Any]:
    return outlines(raster.path)


@pytest.fixture
def words(raster: Raster, shapes: list[Any]) -> dict[str, Any]:
    return order(raster, shapes, options=OPTIONS)


@pytest.fixture(scope="module")
def whole(
    raster: Raster, shapes: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """The files of a set that nothing disturbed."""
    from live import Live
    from pixelwise import PixelwiseSegmenter

    folder = tmp_path_factory.mktemp("whole")
    live = Live(folder / "server", lambda name, **how: PixelwiseSegmenter(), Limits())
    try:
        job = live.client.create(order(raster, shapes, options=OPTIONS))
        job = live.client.send(raster, job)
        assert job["state"] == "done", job["message"]
        return contents(fetched(live.client, job["id"], folder / "set"))
    finally:
        live.stop()


def lake_in(raster: Raster, row: int, col: int, radius: int = 40) -> Any:
    """A lake at a pixel, on the map."""
    a, b, c, d, e, f = raster.georef["transform"]
    return shapely.Point(a * col + b * row + c, d * col + e * row + f).buffer(radius * a)


def gone(folder: Path) -> None:
    """Wait until a folder is removed."""
    limit = time.monotonic() + PATIENCE_S
    while folder.exists():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_only_the_pixels_under_chips_are_asked_for(serve: Any, raster: Raster) -> None:
    live = serve()
    client = live.client
    words = order(raster, [lake_in(raster, 100, 100)], options={**OPTIONS, "negatives": 0.0})
    words["pixels"]["lossy"] = True  # no collar is looked for along the sides
    job = client.create(words)
    assert len(job["tiles"]) == BLOCKS
    assert job["wanted"] == []
    sent: set[int] = set()
    while job["state"] not in ("done", "failed", "cancelled"):
        if job["overview"]:
            client.put(job["id"], "overview", raster.bytes(None, job["overview"]))
        tiles = client.job(job["id"], tiles=True)["tiles"]
        for number in job["wanted"]:
            sent.add(number)
            client.put(job["id"], f"tiles/{number}", raster.bytes(tiles[number]))
        job = client.job(job["id"])
    assert job["state"] == "done", job["message"]
    assert sent == {0}


def test_whoever_sends_everything_is_served_too(
    serve: Any, raster: Raster, words: dict[str, Any], whole: dict[str, bytes], tmp_path: Path
) -> None:
    client = serve().client
    job = client.create(words)
    assert client.put(job["id"], "overview", raster.bytes(None, job["overview"])).is_success
    for tile in job["tiles"]:
        assert client.put(job["id"], f"tiles/{tile['n']}", raster.bytes(tile)).is_success
    job = client.send(raster, job)
    assert contents(fetched(client, job["id"], tmp_path / "set")) == whole


def test_it_takes_pixels_a_bounded_way_ahead(
    serve: Any, raster: Raster, words: dict[str, Any], whole: dict[str, bytes], tmp_path: Path
) -> None:
    client = serve(limits=Limits(ahead_bytes=512 * 512 * 3)).client
    job = client.send(raster, client.create(words), chance=random.Random(1))
    assert contents(fetched(client, job["id"], tmp_path / "set")) == whole


def test_cancel_and_resume_lose_nothing(
    serve: Any, raster: Raster, words: dict[str, Any], whole: dict[str, bytes], tmp_path: Path
) -> None:
    client = serve().client
    job = client.create(words)
    job = client.send(raster, job, until=lambda job: job["done"] > 0)
    assert client.cancel(job["id"])["state"] == "cancelled"
    reply = client.http.get(f"/v1/jobs/{job['id']}/result")
    assert reply.status_code in (409, 429)
    assert client.job(job["id"])["wanted"] == []
    assert client.resume(job["id"])["state"] in ("waiting", "running")
    job = client.send(raster, client.job(job["id"], tiles=True))
    assert job["state"] == "done", job["message"]
    assert contents(fetched(client, job["id"], tmp_path / "set")) == whole


def test_a_job_whose_set_is_whole_goes_on_without_pixels(
    serve: Any, raster: Raster, words: dict[str, Any], whole: dict[str, bytes], tmp_path: Path
) -> None:
    """As after a disk that was full while the zip was written."""
    live = serve()
    client = live.client
    job = client.send(raster, client.create(words))
    folder = live.server.jobs[job["id"]].folder
    gone(folder.set)
    (packed,) = (folder.path / "result").iterdir()
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder.set / packed.stem)
    packed.unlink()
    live.stop()
    state = json.loads((folder.path / "state.json").read_bytes())
    (folder.path / "state.json").write_text(json.dumps({**state, "state": "failed"}))
    client = serve().client
    job = client.resume(job["id"])
    while client.job(job["id"])["state"] not in ("done", "failed"):
        body = raster.bytes(job["tiles"][5])
        assert client.put(job["id"], "tiles/5", body).status_code in (204, 409)
        if job["state"] == "finishing":
            assert (job["wanted"], job["overview"]) == ([], None)
        job = client.job(job["id"], tiles=True)
    assert contents(fetched(client, job["id"], tmp_path / "set")) == whole


def serving(work: Path) -> tuple[subprocess.Popen[bytes], Client]:
    """A server in a process of its own."""
    command = [sys.executable, "-m", "waterseg_core.cli.main", "serve", "--port", "0"]
    environment = {**os.environ, "WATERSEG_TOKEN": TOKEN}
    process = subprocess.Popen(
        [*command, "--work-dir", str(work)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    for line in process.stdout:
        for word in line.decode().split():
            if word.startswith("http://"):
                return process, Client(word.rstrip(".,"), TOKEN)
    raise AssertionError("the server did not say where it is")


def send_all_but_the_last(client: Client, raster: Raster, job: dict[str, Any]) -> dict[str, Any]:
    """Send all pixels but those of one block, and wait until some chips are made."""
    tiles = job["tiles"]
    last: list[int] = []
    limit = time.monotonic() + PATIENCE_S
    while not (last and job["wanted"] == last and job["done"] >= 5):
        assert time.monotonic() < limit, job
        if job["overview"]:
            client.put(job["id"], "overview", raster.bytes(None, job["overview"]))
        if job["state"] == "running" and not last:
            last = [max(job["wanted"])]
        for number in job["wanted"]:
            if [number] != last:
                client.put(job["id"], f"tiles/{number}", raster.bytes(tiles[number]))
        job = client.job(job["id"])
    return job


def end(process: subprocess.Popen[bytes], client: Client) -> None:
    """Nothing is left of a server that was told to end."""
    client.http.close()
    process.wait(PATIENCE_S)
    assert process.stdout is not None
    process.stdout.close()


def test_a_killed_server_goes_on_with_the_chips_that_it_has(
    raster: Raster, words: dict[str, Any], whole: dict[str, bytes], tmp_path: Path
) -> None:
    process, client = serving(tmp_path / "server")
    try:
        job = send_all_but_the_last(client, raster, client.create(words))
    finally:
        os.kill(process.pid, signal.SIGKILL)
        end(process, client)
    (journal,) = (tmp_path / "server").rglob("journal.jsonl")
    made = journal.read_text()
    chips = {json.loads(line)["id"] for line in made.splitlines()}
    count = len(chips)
    # The kill may have come between a chip's pictures and its line: that one is made again.
    pictures = sorted(path for path in journal.parent.rglob("*.png") if path.stem in chips)
    assert pictures
    times = [picture.stat().st_mtime_ns for picture in pictures]
    assert count >= 3

    process, client = serving(tmp_path / "server")
    try:
        limit = time.monotonic() + PATIENCE_S
        while client.job(job["id"])["done"] < count:
            assert time.monotonic() < limit
            time.sleep(0.02)
        assert journal.read_text().startswith(made)
        assert [picture.stat().st_mtime_ns for picture in pictures] == times, "made once"
        job = client.send(raster, client.job(job["id"], tiles=True))
        assert job["state"] == "done", job["message"]
        assert contents(fetched(client, job["id"], tmp_path / "set")) == whole
    finally:
        process.send_signal(signal.SIGINT)
        end(process, client)


def test_the_zip_is_a_set_that_can_be_fetched_in_parts(
    serve: Any, raster: Raster, words: dict[str, Any], whole: dict[str, bytes], tmp_path: Path
) -> None:
    client = serve().client
    job = client.send(raster, client.create(words))
    path = f"/v1/jobs/{job['id']}/result"
    all_of_it = client.http.get(path)
    assert all_of_it.headers["content-type"] == "application/zip"
    size = len(all_of_it.content)
    assert int(all_of_it.headers["content-length"]) == size
    parts = []
    for start in range(0, size, size // 3):
        how = {"Range": f"bytes={start}-{start + size // 3 - 1}"}
        part = client.http.get(path, headers=how)
        assert part.status_code == 206
        assert part.headers["etag"] == all_of_it.headers["etag"]
        assert part.headers["content-range"].endswith(f"/{size}")
        parts.append(part.content)
    assert b"".join(parts) == all_of_it.content

    with zipfile.ZipFile(io.BytesIO(all_of_it.content)) as packed:
        entries = packed.infolist()
        assert entries[-1].filename == "dataset.json"
        assert packed.testzip() is None
        for entry in entries:
            stored = entry.filename.endswith(".png")
            kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            assert entry.compress_type == kind
            assert not Path(entry.filename).is_absolute()
            assert ".." not in entry.filename
    found = DatasetFolder(fetched(client, job["id"], tmp_path / "set"))
    assert {chip.source for chip in found.chips} == {"lakes.tif"}
    for chip in found.chips:
        assert found.image(chip).shape == (SIDE, SIDE, 3)
        assert found.mask(chip).shape == (SIDE, SIDE)
    assert sum(len(found.entries(split)) for split in ("train", "val", "test")) == len(found.chips)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=99999999999-", 416),
        ("bytes=5-2", 200),
        ("bytes=0-1,4-5", 200),
        ("lines=0-1", 200),
        ("nonsense", 200),
        ("bytes=0-", 206),
        ("BYTES=0-0", 206),
    ],
)
def test_a_part_that_makes_no_sense_is_told_or_ignored(
    serve: Any, raster: Raster, asked: str, status: int
) -> None:
    client = serve().client
    small = raster.words({}, kind="segment", height=16, width=16)
    job = client.create(small)
    client.put(job["id"], "tiles/0", bytes(range(1, 193)) * 4)
    while client.job(job["id"])["state"] != "done":
        time.sleep(0.01)
    path = f"/v1/jobs/{job['id']}/result"
    reply = client.http.get(path, headers={"Range": asked})
    assert reply.status_code == status
    if status == 416:
        assert reply.json()["error"] == "OptionError"
        assert reply.headers["content-range"].startswith("bytes */")


def test_an_order_without_a_format_gets_what_its_kind_makes(
    serve: Any, raster: Raster, words: dict[str, Any]
) -> None:
    client = serve().client
    job = client.send(raster, client.create(words))
    path = f"/v1/jobs/{job['id']}/result"
    assert client.http.get(path).headers["content-type"] == "application/zip"
    reply = client.http.get(path, params={"format": "gpkg"})
    assert reply.status_code == 422
    assert "this job has zip" in reply.json()["message"]
    assert client.features(job["id"]) == ([], 0)


def test_pixels_and_the_unpacked_set_are_gone_when_it_is_done(
    serve: Any, raster: Raster, words: dict[str, Any]
) -> None:
    live = serve()
    job = live.client.send(raster, live.client.create(words))
    folder = live.server.jobs[job["id"]].folder.path
    gone(folder / "set")
    assert not (folder / "pixels").exists()
    assert [path.suffix for path in (folder / "result").iterdir()] == [".zip"]


def test_what_a_person_decided_about_chips_counts(
    serve: Any, raster: Raster, words: dict[str, Any], tmp_path: Path
) -> None:
    plain = serve().client
    words["options"]["negatives"] = 0.0
    answer = plain.http.post(
        "/v1/dataset/chips",
        json={name: words[name] for name in ("height", "width", "georef", "options", "polygons")},
    ).json()
    chips = {(chip["state"], bool(chip["split"])): chip["id"] for chip in answer["chips"]}
    wet, dry = chips["water", True], chips["dry", False]
    words["chips"] = {wet: "exclude", dry: "include"}
    job = plain.send(raster, plain.create(words))
    assert job["state"] == "done", job["message"]
    found = DatasetFolder(fetched(plain, job["id"], tmp_path / "set"))
    ids = {f"{chip.row}_{chip.col}" for chip in found.chips}
    assert wet not in ids
    assert dry in ids


def test_water_that_is_too_little_fails_in_a_sentence(serve: Any, raster: Raster) -> None:
    client = serve().client
    words = order(raster, [lake_in(raster, 100, 100, radius=2)], options=OPTIONS)
    job = client.send(raster, client.create(words))
    assert (job["state"], job["error"]) == ("failed", "DatasetError")
    assert f"No chip of {SIDE} pixels" in job["message"]


@pytest.fixture
def client(serve: Any) -> Client:
    found: Client = serve().client
    return found


def far_away(words: dict[str, Any]) -> None:
    words["polygons"] = collection([shapely.box(12.0, 45.0, 12.1, 45.1)])


def no_polygons(words: dict[str, Any]) -> None:
    words["polygons"] = collection([])


def only_lines(words: dict[str, Any]) -> None:
    line = shapely.LineString([(500_000, 5_000_000), (500_100, 4_999_900)])
    words["polygons"] = collection([line])


def another_crs(words: dict[str, Any]) -> None:
    name = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    words["polygons"]["crs"] = name


def a_missing_label(words: dict[str, Any]) -> None:
    words["options"]["label"] = "lake ; river"
    for feature in words["polygons"]["features"][1:]:
        feature["properties"]["label"] = "lake"


def other_labels(words: dict[str, Any]) -> None:
    words["options"]["label"] = "lake ; river"
    for feature in words["polygons"]["features"]:
        feature["properties"]["label"] = "sea"


def a_label_that_cannot_be_said(words: dict[str, Any]) -> None:
    words["polygons"]["features"][0]["properties"]["label"] = "<seg001>"


def aoi_elsewhere(words: dict[str, Any]) -> None:
    words["aoi"] = shapely.geometry.mapping(shapely.box(0, 0, 1, 1))


def too_many_chips(words: dict[str, Any]) -> None:
    words["options"] |= {"tile": 16, "stride": 1}


def option(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(words: dict[str, Any]) -> None:
        words["options"][name] = value

    return change


def field(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(words: dict[str, Any]) -> None:
        words[name] = value

    return change


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (far_away, "DatasetError", "do not overlap"),
        (no_polygons, "DatasetError", "no polygon"),
        (only_lines, "DatasetError", "no polygon"),
        (another_crs, "DatasetError", "polygons in the raster's CRS"),
        (a_missing_label, "DatasetError", "1 of"),
        (other_labels, "DatasetError", "lake or river"),
        (a_label_that_cannot_be_said, "DatasetError", "cannot be said"),
        (aoi_elsewhere, "AreaError", "aoi"),
        (too_many_chips, "OptionError", "stride"),
        (field("polygons", {"type": "Polygon"}), "DatasetError", "FeatureCollection"),
        (field("polygons", None), "OptionError", "polygons"),
        (field("chips", {"a": "dry"}), "OptionError", "row_col"),
        (field("chips", {"0_0": "wet"}), "OptionError", "chips.0_0"),
        (field("kind", "paint"), "OptionError", "segment, dataset"),
        (field("kind", 7), "OptionError", "segment, dataset"),
        (option("tile", 4), "OptionError", "--tile 4"),
        (option("split", [0, 50, 50]), "OptionError", "--split"),
        (option("masks", "/etc/passwd"), "OptionError", "options.masks"),
        (option("codec", "/etc/passwd"), "OptionError", "options.codec"),
        (option("model", "nano"), "OptionError", "options.model"),
        (option("resolution", 3), "OptionError", "--resolution 3"),
        (option("nodata", "1.5"), "OptionError", "nodata"),
        (option("target", "best"), "OptionError", "--target best"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_an_order_that_makes_no_sense_is_told(
    client: Client, words: dict[str, Any], change: Any, error: str, says: str
) -> None:
    words = json.loads(json.dumps(words))
    change(words)
    reply = client.http.post("/v1/jobs", json=words)
    assert reply.status_code == 422, reply.text
    answer = reply.json()
    assert answer["error"] == error, answer
    assert says in answer["message"]
    assert answer["message"][-1] in ".?"
    assert client.http.get("/v1/jobs").json() == {"jobs": []}


def test_a_drawing_that_is_repaired_is_told(client: Client, words: dict[str, Any]) -> None:
    bow = [[500_000, 5_000_000], [502_000, 4_998_000], [502_000, 5_000_000], [500_000, 4_998_000]]
    crossed = {"type": "Polygon", "coordinates": [[*bow, bow[0]]]}
    feature = {"type": "Feature", "properties": None, "geometry": crossed}
    words["polygons"] = {"type": "FeatureCollection", "features": [feature]}
    job = client.create(words)
    raster_of_words = client.job(job["id"])
    assert raster_of_words["state"] == "waiting"


def test_info_says_what_a_set_may_be_told(client: Client) -> None:
    info = client.info()
    options = {one["name"]: one for one in info["dataset_options"]}
    assert options["tile"]["default"] == 448
    assert options["split"]["kind"] == "numbers"
    assert options["target"]["choices"] == ["auto", "union", "components"]
    assert options["codec"]["choices"] == ["google"]
    assert not options.keys() & {"masks", "aoi", "bands", "label_field", "overwrite"}
    assert all(one["help"] for one in info["dataset_options"])
    assert info["limits"]["json_bytes"] == 8 << 20


def many_files(folder: Path, count: int, size: int) -> Iterator[Path]:
    for number in range(count):
        path = folder / "train" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(size))
        yield path


def test_packing_holds_a_piece_of_one_file_at_a_time(tmp_path: Path) -> None:
    size = sum(path.stat().st_size for path in many_files(tmp_path / "set", 8, 8 << 20))
    (tmp_path / "set" / "dataset.json").write_text("{}")
    tracemalloc.start()
    try:
        pack(tmp_path / "set", tmp_path / "set.zip", "dataset.json", threading.Event())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20
    assert (tmp_path / "set.zip").stat().st_size > size


def test_packing_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    list(many_files(tmp_path / "set", 2, 100))
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        pack(tmp_path / "set", tmp_path / "set.zip", "dataset.json", stop)
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_the_same_set_is_packed_into_the_same_bytes(tmp_path: Path) -> None:
    list(many_files(tmp_path / "set", 3, 1000))
    for name in ("one.zip", "two.zip"):
        pack(tmp_path / "set", tmp_path / name, "dataset.json", threading.Event())
        os.utime(tmp_path / "set" / "train" / "0.png")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
