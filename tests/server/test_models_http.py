# SPDX-License-Identifier: GPL-3.0-or-later
"""Models that are sent to a server: taken whole, checked before they are offered, removed."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from live import PATIENCE_S, Live, Raster, table
from own_models import write_adapter, write_model
from pixelwise import PixelwiseSegmenter, lakes, write_scene

from waterseg_core.errors import Cancelled, ModelError
from waterseg_core.model_list import own, remember
from waterseg_core.segmenter import load_segmenter
from waterseg_core.uploads import checks, store
from waterseg_core.uploads.trial import problem, try_model

Files = Mapping[str, bytes]
Start = Callable[..., Live]


def load(name: str, **how: Any) -> Any:
    """The real thing, but for the bundled model, which is loaded at the start and not used here."""
    return PixelwiseSegmenter() if name == "nano" else load_segmenter(name, **how)


@pytest.fixture
def apart() -> None:
    """Models are tried in a process of their own, as ever."""


@pytest.fixture(autouse=True)
def trial_in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same trial where it takes no seconds to begin, unless a test asks for `apart`."""
    if "apart" not in request.fixturenames:
        monkeypatch.setattr(checks, "try_model", in_this_process)


def in_this_process(folder: Path, base: str | None, stop: threading.Event) -> None:
    said = problem(folder, base)
    if said:
        raise ModelError(said)


@pytest.fixture
def start(serve: Any) -> Start:
    """A function that starts a server that takes models, and loads real ones."""

    def started(**options: Any) -> Live:
        how = {"load": load, "device": "cpu", "allow_uploads": True, **options}
        live: Live = serve(**how)
        return live

    return started


@pytest.fixture
def live(start: Start) -> Live:
    return start()


@pytest.fixture(scope="module")
def ponds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model's folder, as a training leaves it."""
    return write_model(tmp_path_factory.mktemp("trained") / "ponds")


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def packed(files: Files) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return made.getvalue()


def promise(live: Live, name: str, body: bytes, **other: Any) -> httpx.Response:
    words = {"name": name, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    return live.client.http.post("/v1/models", json=words | other)


def send_parts(live: Live, upload: dict[str, Any], body: bytes) -> None:
    size = upload["part_bytes"]
    for number in upload["wanted"]:
        part = body[number * size : (number + 1) * size]
        reply = live.client.http.put(f"/v1/models/{upload['id']}/parts/{number}", content=part)
        assert reply.status_code == 204, reply.text


def settled(live: Live, id: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE_S
    while True:
        upload = live.client.ok(live.client.http.get(f"/v1/models/{id}"))
        if upload["state"] in ("done", "failed"):
            return upload
        assert time.monotonic() < until, upload
        time.sleep(0.02)


def send(live: Live, name: str, body: bytes) -> dict[str, Any]:
    """Send a model; what became of it."""
    reply = promise(live, name, body)
    assert reply.status_code == 201, reply.text
    send_parts(live, reply.json(), body)
    return settled(live, reply.json()["id"])


def refused(live: Live, files: Files) -> str:
    """Send what is no model; the sentence that says why."""
    upload = send(live, "ponds", packed(files))
    assert upload["state"] == "failed", upload
    assert upload["error"] == "ModelError"
    assert [model["name"] for model in live.client.info()["models"]] == ["nano"]
    assert own() == {}
    left = live.server.uploads.root / upload["id"]
    assert not list(left.glob("*.safetensors")) + list(left.glob("new")) + list(left.glob("model"))
    return str(upload["message"])


@contextlib.contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """Writing more into a file fails as on a disk without room."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def told(reply: httpx.Response, status: int) -> str:
    assert reply.status_code == status, reply.text
    return str(reply.json()["message"])


def test_a_model_that_was_sent_is_offered_used_and_removed(
    apart: None, live: Live, ponds: Path, tmp_path: Path
) -> None:
    upload = send(live, "lakes", packed(files_of(ponds)))
    assert (upload["state"], upload["message"], upload["wanted"]) == ("done", "", [])
    (_, lakes_card) = live.client.info()["models"]
    assert (lakes_card["name"], lakes_card["kind"]) == ("lakes", "own")
    assert (lakes_card["iou_pooled"], lakes_card["data"]) == (0.625, "ponds, 12 chips")
    raster = Raster(write_scene(tmp_path / "scene.tif", lakes(64, 64)))
    live.client.segment(raster, tmp_path / "water.parquet", model="lakes", min_area=0)
    assert set(table(tmp_path / "water.parquet")["revision"]) == {
        load_segmenter(str(ponds), device="cpu").revision
    }
    folder = own()["lakes"]
    assert live.client.http.delete("/v1/models/lakes").status_code == 204
    assert [model["name"] for model in live.client.info()["models"]] == ["nano"]
    assert not folder.exists()
    assert list(live.server.uploads.root.iterdir()) == []
    told(live.client.http.delete("/v1/models/lakes"), 404)
    told(live.client.http.get(f"/v1/models/{upload['id']}"), 404)


def test_without_permission_nothing_is_taken_or_removed(start: Start, ponds: Path) -> None:
    live = start(allow_uploads=False)
    remember(ponds)
    assert live.client.info()["permissions"]["upload"] is False
    assert start(allow_uploads=True, work=ponds.parent / "other").client.info()["permissions"][
        "upload"
    ]
    for reply in (
        promise(live, "lakes", b"something"),
        live.client.http.put(f"/v1/models/{'0' * 32}/parts/0", content=b"something"),
        live.client.http.delete("/v1/models/ponds"),
    ):
        assert "--allow-uploads" in told(reply, 403)
    assert "ponds" in own()


def test_what_was_sent_survives_a_restart_and_only_the_rest_is_sent(
    start: Start, ponds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PART_BYTES", 8 << 20)
    body = packed(files_of(ponds))
    live = start(max_body=1)
    live.server.uploads._part_bytes = 20_000
    upload = promise(live, "ponds", body).json()
    assert upload["wanted"] == list(range(-(-len(body) // 20_000)))
    assert len(upload["wanted"]) > 3
    send_parts(live, {**upload, "wanted": [2, 0, 2]}, body)
    live.stop()
    live = start(max_body=1)
    again = promise(live, "ponds", body).json()
    assert again["id"] == upload["id"]
    assert again["wanted"] == [1, *range(3, len(upload["wanted"]))]
    send_parts(live, again, body)
    assert settled(live, upload["id"])["state"] == "done"
    assert promise(live, "ponds", body).json()["state"] == "done"


def test_a_check_that_a_restart_broke_off_begins_anew(start: Start, ponds: Path) -> None:
    live = start()
    body = packed(files_of(ponds))
    live.server.uploads._checks._stop.set()  # as when the server is on its way down
    upload = promise(live, "ponds", body).json()
    send_parts(live, upload, body)
    live.stop()
    assert own() == {}
    live = start()
    assert settled(live, upload["id"])["state"] == "done"
    assert "ponds" in own()


def test_a_part_of_another_length_is_refused_and_one_that_is_none(live: Live) -> None:
    upload = promise(live, "ponds", b"0" * 100).json()
    url = f"/v1/models/{upload['id']}/parts"
    assert "99 bytes instead of 100" in told(
        live.client.http.put(f"{url}/0", content=b"0" * 99), 422
    )
    told(live.client.http.put(f"{url}/1", content=b"0"), 422)
    told(live.client.http.put(f"{url}/-1", content=b"0"), 422)
    assert live.client.http.get(f"/v1/models/{upload['id']}").json()["wanted"] == [0]
    assert live.client.http.delete(f"/v1/models/{upload['id']}").status_code == 204
    told(live.client.http.get(f"/v1/models/{upload['id']}"), 404)


def test_what_is_not_what_was_promised_is_told_and_can_be_sent_again(
    live: Live, ponds: Path
) -> None:
    body = packed(files_of(ponds))
    upload = promise(live, "ponds", body).json()
    send_parts(live, upload, body[:-1] + bytes([body[-1] ^ 1]))
    failed = settled(live, upload["id"])
    assert (failed["state"], failed["error"]) == ("failed", "ModelError")
    assert "another SHA-256" in failed["message"]
    late = live.client.http.put(f"/v1/models/{upload['id']}/parts/0", content=body)
    assert "order the upload again" in told(late, 409)
    assert send(live, "ponds", body)["state"] == "done"


def test_a_zip_that_is_cut_off_and_what_is_no_zip_are_told(live: Live, ponds: Path) -> None:
    body = packed(files_of(ponds))
    for wrong in (body[: len(body) // 2], b"this is no zip"):
        upload = send(live, "ponds", wrong)
        assert "no zip that can be read" in upload["message"]
        assert not (live.server.uploads.root / upload["id"] / "parts").exists()


def test_files_that_could_hold_code_or_lie_elsewhere_are_refused(live: Live, ponds: Path) -> None:
    good = files_of(ponds)
    for name in ("pytorch_model.bin", "model.pt", "run.py", "model.pkl", ".hidden.json"):
        assert f"{name} in the zip is nothing" in refused(live, good | {name: b"cos\nsystem\n"})
    for name in ("../evil.json", "/tmp/evil.json", "a\\..\\evil.json"):
        assert "leads out of its folder" in refused(live, good | {name: b"{}"})
    assert "a folder sub beside files" in refused(live, good | {"sub/more.json": b"{}"})
    link = zipfile.ZipInfo("link.json")
    link.external_attr = 0o120777 << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    upload = send(live, "ponds", made.getvalue())
    assert "is a link" in upload["message"]


def test_words_that_name_code_or_weights_elsewhere_are_refused(live: Live, ponds: Path) -> None:
    good = files_of(ponds)

    def with_words(name: str, **words: Any) -> dict[str, bytes]:
        said = json.loads(good.get(name, b"{}")) | words
        return good | {name: json.dumps(said).encode()}

    code = {"AutoModel": "evil.Model"}
    assert "names code" in refused(live, with_words("config.json", auto_map=code))
    assert "names code" in refused(live, with_words("tokenizer_config.json", auto_map=code))
    elsewhere = {"weight": "../../other/model.safetensors"}
    index = with_words("model.safetensors.index.json", weight_map=elsewhere)
    assert "not in the zip" in refused(live, index)
    assert "no JSON" in refused(live, good | {"waterseg.json": b"{"})
    assert "holds no model" in refused(live, {"README.md": b"# nothing"})


def test_a_model_that_does_not_load_is_not_offered_and_no_folder_of_the_server_is_told(
    live: Live, ponds: Path
) -> None:
    good = files_of(ponds)
    short = refused(live, {**good, "model.safetensors": good["model.safetensors"][:-1000]})
    assert "The checkpoint in ponds cannot be read" in short
    other = json.loads(good["config.json"]) | {"model_type": "llama"}
    kind = refused(live, {**good, "config.json": json.dumps(other).encode()})
    assert "not a PaliGemma" in kind
    head = refused(live, {**good, "mask_head.safetensors": good["codec.safetensors"]})
    assert "mask head" in head
    for message in (short, kind, head):
        assert str(live.server.uploads.root) not in message


def test_a_trial_that_dies_is_told_and_one_that_is_stopped_ends(
    tmp_path: Path, ponds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(ponds, tmp_path / "new" / "ponds")
    (folder / "model.safetensors").write_bytes(b"")
    with pytest.raises(ModelError, match="cannot be read"):
        try_model(folder, None, threading.Event())
    assert not (tmp_path / "new" / "trial.json").exists()
    stop = threading.Event()
    stop.set()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        try_model(folder, None, stop)
    assert time.monotonic() - began < 10
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))  # no Python begins like that
    with pytest.raises(ModelError, match="ended without an answer"):
        try_model(folder, None, threading.Event())


def test_a_model_may_be_packed_with_its_folder(live: Live, ponds: Path) -> None:
    inside = {f"ponds/{name}": body for name, body in files_of(ponds).items()}
    assert send(live, "ponds", packed(inside))["state"] == "done"


@pytest.mark.parametrize("name", ["nano", "NANO", "paligemma2-3b-mix-448"])
def test_no_model_takes_the_name_of_one_that_is_known(live: Live, name: str) -> None:
    assert "a model that waterseg knows" in told(promise(live, name, b"0"), 422)


def test_a_name_is_a_name_and_means_one_model(live: Live, ponds: Path) -> None:
    for name in ("../ponds", "a/b", "", ".", "-x", "x" * 61, "é"):
        assert "name" in told(promise(live, name, b"0"), 422)
    remember(ponds)
    assert "has, or makes, a model of that name" in told(promise(live, "Ponds", b"0"), 422)


def test_a_model_larger_than_allowed_is_refused_packed_and_unpacked(
    live: Live, ponds: Path
) -> None:
    too_large = told(promise(live, "ponds", b"0", bytes=(16 << 30) + 1), 413)
    assert "17.2 GB is more than the 17.2 GB" in too_large
    live.server.uploads._checks._most = 100_000
    upload = send(live, "ponds", packed(files_of(ponds)))
    assert (upload["state"], upload["error"]) == ("failed", "TooLargeError")
    assert "Unpacked" in upload["message"]


def test_a_full_disk_is_told_and_what_was_sent_is_kept(
    live: Live, ponds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.server.uploads._part_bytes = 50_000
    body = packed(files_of(ponds))
    upload = promise(live, "ponds", body).json()
    with monkeypatch.context() as full:
        full.setattr(store, "DISK_RESERVE", 1 << 60)
        assert "no room" in told(promise(live, "lakes", body), 507)
        part = body[:50_000]
        late = live.client.http.put(f"/v1/models/{upload['id']}/parts/0", content=part)
        assert "what was sent is kept" in told(late, 507)
    send_parts(live, {**upload, "wanted": upload["wanted"][:-1]}, body)
    with files_at_most(100_000):  # the weights have more, and what was sent is there
        send_parts(live, {**upload, "wanted": upload["wanted"][-1:]}, body)
        failed = settled(live, upload["id"])
    assert (failed["state"], failed["error"]) == ("failed", "OutputError"), failed["message"]
    assert "disk is full" in failed["message"]
    again = promise(live, "ponds", body).json()
    assert (again["id"], again["wanted"]) == (upload["id"], [])
    assert settled(live, upload["id"])["state"] == "done"


def test_only_so_many_are_sent_at_once(live: Live) -> None:
    for number in range(store.MOST_AT_ONCE):
        assert promise(live, f"model-{number}", b"0").status_code == 201
    assert "try again" in told(promise(live, "one-more", b"0"), 429)


def test_an_adapter_goes_with_its_base_whatever_path_that_had_where_it_was_trained(
    live: Live, ponds: Path, tmp_path: Path
) -> None:
    pytest.importorskip("peft")
    there = "/home/somebody/models/ponds"
    adapter = packed(files_of(write_adapter(tmp_path / "frost", ponds, named=there)))
    failed = send(live, "frost", adapter)
    assert failed["state"] == "failed"
    assert (
        "belongs to ponds, which is not on offer here: this server has nano." in failed["message"]
    )
    assert send(live, "ponds", packed(files_of(ponds)))["state"] == "done"
    arrived = send(live, "frost", adapter)
    assert arrived["state"] == "done", arrived["message"]
    cards = {model["name"]: model for model in live.client.info()["models"]}
    assert cards["frost"]["base"] == "ponds"
    raster = Raster(write_scene(tmp_path / "scene.tif", lakes(64, 64)))
    live.client.segment(raster, tmp_path / "water.parquet", model="frost", min_area=0)
    assert set(table(tmp_path / "water.parquet")["model"]) == {"ponds+frost"}
    kept = live.client.http.delete("/v1/models/ponds")
    assert "used by the adapter frost" in told(kept, 409)
    assert live.client.http.delete("/v1/models/frost").status_code == 204
    assert live.client.http.delete("/v1/models/ponds").status_code == 204


def test_an_adapter_of_another_version_of_its_base_is_told(
    live: Live, ponds: Path, tmp_path: Path
) -> None:
    pytest.importorskip("peft")
    newer = write_model(tmp_path / "newer" / "ponds", seed=7)
    adapter = packed(files_of(write_adapter(tmp_path / "frost", newer, named="ponds")))
    assert send(live, "ponds", packed(files_of(ponds)))["state"] == "done"
    failed = send(live, "frost", adapter)
    assert failed["state"] == "failed"
    assert "was trained for ponds (local-" in failed["message"]
    assert str(tmp_path) not in failed["message"]


def test_an_adapter_that_would_make_huge_matrices_or_import_something_is_refused(
    live: Live, ponds: Path, tmp_path: Path
) -> None:
    pytest.importorskip("peft")
    remember(ponds)
    good = files_of(write_adapter(tmp_path / "frost", ponds, named="ponds"))
    for words in (
        {"r": 10**9},
        {"rank_pattern": {"q_proj": 10**9}},
        {"megatron_config": {"a": 1}, "megatron_core": "antigravity"},
        {"peft_type": "LOHA"},
    ):
        said = json.loads(good["adapter_config.json"]) | words
        body = packed(good | {"adapter_config.json": json.dumps(said).encode()})
        upload = send(live, "frost", body)
        assert (upload["state"], upload["error"]) == ("failed", "ModelError"), words
        assert "adapter" in upload["message"]


def test_only_what_came_here_is_removed_and_nothing_that_is_used(
    live: Live, ponds: Path, tmp_path: Path
) -> None:
    told(live.client.http.delete("/v1/models/nano"), 403)
    mine = shutil.copytree(ponds, tmp_path / "mine")
    remember(mine)
    assert "neither sent nor trained here" in told(live.client.http.delete("/v1/models/mine"), 403)
    assert mine.is_dir()
    assert send(live, "ponds", packed(files_of(ponds)))["state"] == "done"
    raster = Raster(write_scene(tmp_path / "scene.tif", lakes(64, 64)))
    job = live.client.create(raster.words({"model": "ponds"}))
    assert "used by the job 'scene'" in told(live.client.http.delete("/v1/models/ponds"), 409)
    live.client.cancel(job["id"])
    assert live.client.http.delete("/v1/models/ponds").status_code == 204
    told(live.client.http.delete("/v1/models/.."), 404)
