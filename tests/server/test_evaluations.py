# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluations over HTTP: one model, two models, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from live import Live
from trainings import PART, Trainer

from waterseg_core.model_list import remember
from waterseg_core.studies import StudyLimits


@pytest.fixture
def judge(serve: Callable[..., Live], base: Path) -> Trainer:
    remember(base)
    live = serve(study_limits=StudyLimits(part_bytes=PART))
    return Trainer(live.client, "evaluations")


HOW: dict[str, Any] = {"model": "tiny", "answer": "dense", "tokens": False, "resamples": 100}


def test_two_models_are_compared_on_a_set_that_was_sent(
    judge: Trainer, ponds: bytes, tmp_path: Path
) -> None:
    options = HOW | {"baseline": "nano", "baseline_answer": "dense", "split": "val"}
    id = judge.begin(ponds, "ponds", options=options)
    assert judge.http.get(f"/v1/evaluations/{id}/result").status_code == 409
    study = judge.until(id, "done")
    assert (study["kind"], study["step"], study["steps"], study["model"]) == ("evaluate", 6, 6, "")
    assert study["before"] is study["best"] is study["epoch"] is None
    assert study["verdict"] == study["summary"]["sentence"]
    assert "tiny" in study["verdict"]
    assert "nano" in study["verdict"]
    assert study["summary"]["model"]["images"] == 3
    page = judge.http.get(f"/v1/evaluations/{id}/result")
    assert page.headers["content-type"].startswith("text/html")
    assert page.text.startswith("<!doctype html>") or page.text.startswith("<!DOCTYPE html>")
    for text in (page.text, str(study)):
        assert str(tmp_path) not in text, "no paths of the server"
    (listed,) = judge.http.get("/v1/evaluations").json()["evaluations"]
    assert listed == {**study, "summary": None}
    assert judge.http.get(f"/v1/trainings/{id}").status_code == 404
    reply = judge.http.delete(f"/v1/evaluations/{id}", params={"forget": True})
    assert reply.status_code == 204


def test_one_model_alone_has_a_sentence_too(judge: Trainer, ponds: bytes) -> None:
    id = judge.begin(ponds, "ponds", options=HOW)
    study = judge.until(id, "done")
    assert study["verdict"].startswith("tiny: IoU per image 0.")
    assert "on 3 images" in study["verdict"]


def test_a_part_that_the_set_lacks_is_told(judge: Trainer, ponds: bytes) -> None:
    id = judge.begin(ponds, "ponds", options=HOW | {"split": "test"})
    study = judge.until(id, "failed")
    assert (study["error"], "part test" in study["message"]) == ("DatasetError", True)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"images": "/etc"}, "options.images"),
        ({"report": "/tmp/x.html"}, "options.report"),
        ({"truth_codec": "/etc/passwd"}, "google or nano"),
        ({"split": "all"}, "--split all"),
        ({"baseline": "/etc"}, "this server offers"),
        ({"protocol": "17"}, "--protocol 17"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(
    judge: Trainer, options: dict[str, Any], says: str
) -> None:
    reply = judge.post(b"x", options=options)
    assert reply.status_code == 422
    assert says in reply.json()["message"]
