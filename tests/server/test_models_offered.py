# SPDX-License-Identifier: GPL-3.0-or-later
"""What is on offer is what /v1/info says now: trained a moment ago, replaced, or gone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from live import Live, Raster, table
from own_models import write_adapter, write_model
from pixelwise import PixelwiseSegmenter, lakes, write_scene
from tiny_paligemma import IMAGE_SIZE

from waterseg_core.errors import ModelError
from waterseg_core.jobs_inference import KEPT, Inference
from waterseg_core.model_list import remember
from waterseg_core.segmenter import load_segmenter


def load(name: str, **how: Any) -> Any:
    """The real thing, but for the bundled model, which is loaded at the start and not used here."""
    return PixelwiseSegmenter() if name == "nano" else load_segmenter(name, **how)


@pytest.fixture
def live(serve: Any) -> Live:
    """A server that loads real models."""
    started: Live = serve(load=load, device="cpu")
    return started


@pytest.fixture
def scene(tmp_path: Path) -> Raster:
    return Raster(write_scene(tmp_path / "scene.tif", lakes(64, 96)))


def offered(live: Live) -> dict[str, dict[str, Any]]:
    return {model["name"]: model for model in live.client.info()["models"]}


def test_a_model_that_was_just_trained_is_offered_and_used_without_a_restart(
    live: Live, scene: Raster, tmp_path: Path
) -> None:
    assert list(offered(live)) == ["nano"]
    remember(write_model(tmp_path / "models" / "ponds"))
    models = offered(live)
    assert list(models) == ["nano", "ponds"]
    ponds = models["ponds"]
    known = {name: ponds[name] for name in ("kind", "base", "data", "licence", "default")}
    assert known == {
        "kind": "own",
        "base": None,
        "data": "ponds, 12 chips",
        "licence": "CC0-1.0",
        "default": False,
    }
    assert (ponds["iou_per_image"], ponds["iou_pooled"]) == (0.5, 0.625)
    assert (ponds["tile_px"], ponds["needs"]) == (IMAGE_SIZE, "any computer")
    assert ponds["answers"] == ["dense", "grid", "objects"]
    assert (models["nano"]["kind"], models["nano"]["default"]) == ("bundled", True)
    live.client.segment(scene, tmp_path / "water.parquet", model="ponds", min_area=0)
    assert set(table(tmp_path / "water.parquet")["model"]) == {"ponds"}


def test_a_model_whose_folder_is_gone_or_broken_is_passed_over(live: Live, tmp_path: Path) -> None:
    gone = write_model(tmp_path / "models" / "gone")
    broken = write_model(tmp_path / "models" / "broken")
    short = write_model(tmp_path / "models" / "short")
    for folder in (gone, broken, short):
        remember(folder)
    assert list(offered(live)) == ["nano", "broken", "gone", "short"]
    shutil.rmtree(gone)
    (broken / "waterseg.json").write_text("{")
    (short / "model.safetensors").write_bytes(b"\xff" * 8)
    assert list(offered(live)) == ["nano"]


def test_the_job_after_a_training_of_the_same_name_has_the_new_weights(
    live: Live, scene: Raster, tmp_path: Path
) -> None:
    folder = write_model(tmp_path / "models" / "ponds", seed=6)
    remember(folder)
    revisions = []
    for seed in (6, 7):
        if seed != 6:
            shutil.rmtree(folder)
            write_model(folder, seed=seed)
        live.client.segment(scene, tmp_path / f"{seed}.parquet", model="ponds", min_area=0)
        revisions.append(set(table(tmp_path / f"{seed}.parquet")["revision"]))
    assert revisions[0] != revisions[1]
    assert {load_segmenter("ponds", device="cpu").revision} == revisions[1]


def test_an_adapter_is_offered_with_its_base_and_answers_as_the_two_together(
    live: Live, scene: Raster, tmp_path: Path
) -> None:
    pytest.importorskip("peft")
    base = write_model(tmp_path / "models" / "ponds")
    adapter = write_adapter(tmp_path / "models" / "frost", base, named=str(base))
    remember(base)
    remember(adapter)
    frost = offered(live)["frost"]
    assert (frost["kind"], frost["base"], frost["tile_px"]) == ("own", "ponds", IMAGE_SIZE)
    job = live.client.segment(scene, tmp_path / "water.parquet", model="frost", min_area=0)
    assert job["total"] > 1
    found = table(tmp_path / "water.parquet")
    assert set(found["model"]) == {"ponds+frost"}
    assert len(set(found["revision"][0].split("+"))) == 2


def test_no_request_names_a_path_and_no_answer_does(live: Live, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "models" / "ponds")
    remember(folder)
    assert str(tmp_path) not in str(live.client.info())
    for name in (str(folder), "../ponds", "ponds/", "models.json", ""):
        scene = {"height": 8, "width": 8, "options": {"model": name}}
        words = {
            "georef": {"transform": [10, 0, 0, 0, -10, 0], "crs": "EPSG:32633"},
            "pixels": {"dtype": "uint8", "bands": 3},
        }
        reply = live.client.http.post("/v1/jobs", json=words | scene)
        assert reply.status_code == 422
        assert "this server offers nano, ponds" in reply.json()["message"]


def test_an_own_model_hides_none_that_the_server_was_started_with(
    live: Live, tmp_path: Path
) -> None:
    remember(write_model(tmp_path / "models" / "nano"))
    assert [model["kind"] for model in live.client.info()["models"]] == ["bundled"]


def test_a_model_that_was_replaced_while_a_job_is_at_work_is_not_mixed_with_the_old_one() -> None:
    inference, made = Inference(), []

    def load() -> Any:
        made.append(PixelwiseSegmenter())
        made[-1].revision = str(len(made))
        return made[-1]

    shared = inference.model("ponds", load)
    image = np.zeros((8, 8, 3), np.uint8)
    assert len(shared.segment([image])) == 1
    for number in range(KEPT):
        inference.model(number, PixelwiseSegmenter)
    with pytest.raises(ModelError, match=r"was replaced by another one .*1, now 2"):
        shared.segment([image])
    inference.stop()
