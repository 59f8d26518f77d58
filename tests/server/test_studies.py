# SPDX-License-Identifier: GPL-3.0-or-later
"""Trainings over HTTP: the whole story, and every wish on the way."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tiny_set
from live import Client, Live
from PIL import Image
from pixelwise import PixelwiseSegmenter
from trainings import LONG, PART, SHORT, Trainer, weights, zip_of, zipped

from waterseg_core.jobs import Limits
from waterseg_core.model_list import remember
from waterseg_core.studies import StudyLimits

Serve = Callable[..., Live]


@pytest.fixture
def training(serve: Serve, base: Path) -> Callable[..., Trainer]:
    """A function that starts a server which may train, with a small model of its own."""

    def start(work: Path | None = None, **limits: Any) -> Trainer:
        remember(base)
        live = serve(work=work, study_limits=StudyLimits(**{"part_bytes": PART} | limits))
        return Trainer(live.client)

    return start


@pytest.fixture
def trainer(training: Callable[..., Trainer]) -> Trainer:
    return training()


def test_the_whole_story_from_a_zip_to_a_model_on_offer(
    trainer: Trainer, ponds: bytes, tmp_path: Path
) -> None:
    study = trainer.create(ponds, options={"model": "tiny", **SHORT}, ask=True)
    id = study["id"]
    assert (study["state"], study["kind"], study["name"]) == ("waiting", "finetune", "ponds")
    assert study["wanted"] == list(range(-(-len(ponds) // PART)))
    assert trainer.http.get(f"/v1/trainings/{id}/samples").status_code == 404
    trainer.send(study, ponds)
    study = trainer.until(id, "ready")
    assert study["wanted"] == []
    assert "4 steps of 3 chips" in study["estimate"][-1]
    assert study["estimate_seconds"] > 0
    assert (study["before"]["step"], study["points"], study["model"]) == (0, 0, "")
    assert trainer.http.get(f"/v1/trainings/{id}/result").status_code == 409
    trainer.ask(id, "start")
    study = trainer.until(id, "done")
    assert (study["model"], study["step"], study["steps"]) == ("ponds", 4, 4)
    assert (study["epoch"], study["looks"], study["points"]) == (2.0, 2, 4)
    assert "validation chips" in study["verdict"]
    advised = "Go on with the one before" not in study["verdict"]
    assert study["gained"] == advised
    assert study["best"]["score"] > 0

    curve = Client.ok(trainer.http.get(f"/v1/trainings/{id}/curve", params={"after": 1}))
    assert [point["step"] for point in curve["points"]] == [2, 3, 4]
    assert [look["step"] for look in curve["looks"]] == [2, 4]
    assert curve["next"] == 4
    for look in ({}, {"look": 0}, {"look": 2}):
        reply = trainer.http.get(f"/v1/trainings/{id}/samples", params=look)
        assert reply.headers["content-type"] == "image/png"
        assert Image.open(io.BytesIO(reply.content)).size[0] == 3 * 192 + 2 * 6
    assert trainer.http.get(f"/v1/trainings/{id}/samples", params={"look": 3}).status_code == 404

    reply = trainer.http.get(f"/v1/trainings/{id}/result")
    with zipfile.ZipFile(io.BytesIO(reply.content)) as packed:
        names = packed.namelist()
        story = json.loads(packed.read("training.json"))
    assert {"config.json", "model.safetensors", "README.md", "waterseg.json"} <= set(names)
    assert not [name for name in names if name.startswith((".", "state", "log"))]
    assert story["data"]["name"] == "ponds"
    part = trainer.http.get(f"/v1/trainings/{id}/result", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, reply.content[10:20])

    models = {one["name"]: one for one in Client.ok(trainer.http.get("/v1/info"))["models"]}
    assert models["ponds"]["kind"] == "own"
    assert models["ponds"]["gained"] == advised

    again = trainer.create(ponds, options={"model": "ponds", **SHORT})
    assert again["name"] == "ponds-2"
    assert "called ponds-2" in again["notes"][0]
    assert again["wanted"] == [], "the set is known"
    forgotten = trainer.http.delete(f"/v1/trainings/{again['id']}", params={"forget": True})
    assert forgotten.status_code == 204
    listed = Client.ok(trainer.http.get("/v1/trainings"))["trainings"]
    assert [one["id"] for one in listed] == [id]


def test_stopped_now_it_keeps_the_best_and_goes_on_to_the_same_weights(
    trainer: Trainer, ponds: bytes, tmp_path: Path
) -> None:
    how = {"options": {"model": "tiny", **LONG}, "ask": False}
    whole = trainer.begin(ponds, "whole", **how)
    trainer.until(whole, "done")
    id = trainer.begin(ponds, "parts", **how)
    trainer.until(id, when=lambda study: study["looks"] > 0)
    assert trainer.ask(id, "stop", when="now")["state"] in ("finishing", "cancelled")
    study = trainer.until(id, "cancelled")
    assert study["step"] < study["steps"]
    assert study["model"] == "parts"
    assert trainer.http.get(f"/v1/trainings/{id}/result").status_code == 200
    assert trainer.ask(id, "resume")["state"] == "waiting"
    study = trainer.until(id, "done")
    curves = [Client.ok(trainer.http.get(f"/v1/trainings/{one}/curve")) for one in (whole, id)]
    assert curves[0] == curves[1]
    assert study["verdict"] == trainer.get(whole)["verdict"]
    models = tmp_path / "server" / "models"
    assert weights(models / "whole") == weights(models / "parts")
    assert not (models / "parts" / "state").exists()


def test_stopped_with_the_epoch_it_is_done(trainer: Trainer, ponds: bytes) -> None:
    id = trainer.begin(ponds, options={"model": "tiny", **LONG}, ask=False)
    trainer.until(id, "running")
    assert trainer.ask(id, "stop", when="epoch")["message"] == "It ends with this epoch."
    study = trainer.until(id, "done")
    assert study["step"] < study["steps"]
    assert study["epoch"] == int(study["epoch"])
    assert "end of an epoch" in study["notes"][-1]
    assert study["model"] == "ponds"


def test_one_waits_for_the_other_but_not_for_a_yes_that_nobody_says(
    training: Callable[..., Trainer], ponds: bytes
) -> None:
    trainer = training(ready_seconds=1.5)
    how = {"options": {"model": "tiny", **SHORT}}
    first = trainer.begin(ponds, "first", ask=True, **how)
    trainer.until(first, "ready")
    second = trainer.begin(ponds, "second", ask=False, **how)
    study = trainer.until(second, when=lambda study: "waits until another" in study["message"])
    assert study["state"] == "waiting"
    trainer.until(second, "done")
    assert trainer.get(first)["state"] == "ready"
    trainer.ask(first, "start")
    assert trainer.until(first, "done")["model"] == "first"


def test_a_set_without_suffixes_is_told_and_leaves_no_model(
    trainer: Trainer, base: Path, tmp_path: Path
) -> None:
    folder = tiny_set.write_set(tmp_path / "dry", base / "codec.safetensors")
    rows = (folder / "manifest.csv").read_text().splitlines()
    split, suffix = rows[0].split(",").index("split"), rows[0].split(",").index("suffix")
    cells = [row.split(",") for row in rows]
    for row in cells[1:]:
        row[suffix] = ""
        assert row[split] in ("train", "val")
    (folder / "manifest.csv").write_text("\n".join(",".join(row) for row in cells) + "\n")
    id = trainer.begin(zipped(folder), "dry", options={"model": "tiny"}, ask=False)
    study = trainer.until(id, "failed")
    assert study["error"] == "DatasetError"
    assert study["message"].startswith("dry: no chip to learn from has a suffix")
    assert not (tmp_path / "server" / "models" / "dry").exists()


LINK = zipfile.ZipInfo("train/a.png")
LINK.external_attr = 0o120777 << 16


@pytest.mark.parametrize(
    ("blob", "says"),
    [
        (b"no zip at all", "no zip that can be read"),
        (zip_of({"README.md": b"# no set"}), "no dataset.json"),
        (zip_of({"../evil.txt": b"x"}), "leads out"),
        (zip_of({"/etc/evil.txt": b"x"}), "leads out"),
        (zip_of({"a\\..\\..\\evil.txt": b"x"}), "leads out"),
        (zip_of({"C:evil.txt": b"x"}), "leads out"),
        (zip_of({LINK: b"/etc/passwd"}), "a link or a device"),
        (zip_of({"a.txt": b"x", "A.TXT": b"x"}), "same name"),
        (zip_of({"train": b"x", "train/a.png": b"x"}), "in each other's way"),
        (zip_of({"big.png": bytes(200_000)}), "more than"),
    ],
)
def test_what_is_no_set_is_told_and_leaves_nothing(
    training: Callable[..., Trainer], tmp_path: Path, blob: bytes, says: str
) -> None:
    trainer = training(set_bytes=100_200)
    study = trainer.until(trainer.begin(blob, options={"model": "tiny"}), "failed")
    assert says in study["message"]
    assert not list((tmp_path / "server" / "sets").rglob("*"))
    assert not list(tmp_path.rglob("evil.txt"))


def test_what_arrives_broken_is_told_and_can_be_sent_again(trainer: Trainer, ponds: bytes) -> None:
    study = trainer.create(ponds, options={"model": "tiny", **SHORT})
    trainer.send(study, ponds[:-1] + bytes([ponds[-1] ^ 1]))
    study = trainer.until(study["id"], "failed")
    assert "another SHA-256" in study["message"]
    study = trainer.ask(study["id"], "resume")
    assert study["wanted"] == list(range(-(-len(ponds) // PART)))
    trainer.send(study, ponds)
    trainer.until(study["id"], "preparing", "ready", "running", "done")
    trainer.http.delete(f"/v1/trainings/{study['id']}", params={"forget": True})


def told(reply: Any, status: int, says: str) -> None:
    """The answer tells that, and nothing began."""
    assert reply.status_code == status, reply.text
    assert says in reply.json()["message"]


def test_nonsense_is_refused_in_a_sentence(trainer: Trainer) -> None:
    told(trainer.post(b"x", options={"colour": 1}), 422, "options.colour")
    told(trainer.post(b"x", options={"device": "cuda"}), 422, "options.device")
    told(trainer.post(b"x", options={"epochs": -1}), 422, "--epochs -1")
    told(trainer.post(b"x", options={"model": "/etc"}), 422, "this server offers")
    told(trainer.post(b"x", options={"model": "../nano"}), 422, "this server offers")
    told(trainer.post(b"x", "nano"), 422, "another name")
    told(trainer.post(b"x", "Nano"), 422, "another name")
    for name in ("", "a/b", "..", "-x", "a" * 61, "a.", "ü"):
        told(trainer.post(b"x", name), 422, "name")
    told(trainer.post(b"", "ponds"), 422, "bytes")
    told(trainer.http.get("/v1/trainings/0"), 404, "no such training")
    assert not trainer.http.get("/v1/trainings").json()["trainings"]


def test_a_part_has_its_length_and_its_number(trainer: Trainer) -> None:
    blob = bytes(PART + 10)
    id = trainer.create(blob)["id"]
    told(trainer.part(id, 0, bytes(9)), 422, "instead of 4096")
    told(trainer.part(id, 2, bytes(9)), 422, "no part 2")
    assert trainer.part(id, 1, bytes(10)).status_code == 204
    assert trainer.part(id, 1, bytes(10)).status_code == 204
    assert trainer.get(id)["wanted"] == [0]
    assert trainer.http.delete(f"/v1/trainings/{id}").json()["state"] == "cancelled"
    told(trainer.part(id, 0, bytes(PART)), 409, "resume it")
    assert trainer.ask(id, "resume")["wanted"] == [0]


def test_limits_are_told(training: Callable[..., Trainer]) -> None:
    trainer = training(set_bytes=100, waiting=1)
    told(trainer.post(bytes(101)), 413, "more than")
    trainer.create(bytes(100))
    told(trainer.post(bytes(100)), 429, "wait here")


def test_a_full_disk_is_told_before_anything_is_sent(training: Callable[..., Trainer]) -> None:
    told(training(disk_reserve=1 << 60).post(bytes(10)), 507, "no room")


def test_a_server_may_train_no_models(serve: Serve) -> None:
    client = serve(train=False).client
    assert client.info()["permissions"]["train"] is False
    told(Trainer(client).post(b"x"), 403, "--no-train")
    assert client.http.get("/v1/trainings").json() == {"trainings": []}


def test_info_says_what_trainings_and_evaluations_can_be_asked_for(trainer: Trainer) -> None:
    about = Client.ok(trainer.http.get("/v1/info"))
    assert about["permissions"]["train"] is True
    finetune = {one["name"]: one for one in about["finetune_options"]}
    evaluate = {one["name"]: one for one in about["evaluate_options"]}
    assert finetune["minutes"]["kind"] == "number"
    assert finetune["answer"]["choices"] == ["auto", "dense", "grid", "objects"]
    assert not {"device", "dtype", "revision", "keep_state"} & finetune.keys()
    assert evaluate["split"]["choices"] == ["auto", "train", "val", "test"]
    assert not {"report", "images", "masks", "adapter", "device"} & evaluate.keys()


def test_what_was_under_way_is_there_after_a_restart(
    base: Path, ponds: bytes, tmp_path: Path
) -> None:
    remember(base)

    def start() -> tuple[Live, Trainer]:
        live = Live(tmp_path / "server", PixelwiseSegmenter, Limits(), StudyLimits(part_bytes=PART))
        return live, Trainer(live.client)

    live, trainer = start()
    try:
        ready = trainer.begin(ponds, "ready", options={"model": "tiny", **SHORT}, ask=True)
        half = trainer.create(bytes(2 * PART), "half")["id"]
        trainer.part(half, 0, bytes(PART))
        before = trainer.until(ready, "ready")
    finally:
        live.stop()
    live, trainer = start()
    try:
        assert trainer.get(half)["wanted"] == [1]
        assert trainer.get(ready) == before
        trainer.ask(ready, "start")
        assert trainer.until(ready, "done")["model"] == "ready"
    finally:
        live.stop()
