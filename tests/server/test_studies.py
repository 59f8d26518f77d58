# SPDX-License-Identifier: GPL-3.0-or-later
"""Trainings over HTTP: the whole story, and every wish on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tiny_paligemma as tiny
import tiny_set
from live import Live
from trainings import PART, SHORT, Trainer, zipped

from waterseg_core.model_list import remember
from waterseg_core.studies import StudyLimits

Serve = Callable[..., Live]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base") / "tiny"
    return tiny.write_extras(tiny.write_checkpoint(folder), grid=2)


@pytest.fixture(scope="module")
def ponds(base: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tiny_set.write_set(tmp_path_factory.mktemp("ponds"), base / "codec.safetensors")
    return zipped(folder)


@pytest.fixture
def trainer(serve: Serve, base: Path) -> Trainer:
    remember(base)
    return Trainer(serve(study_limits=StudyLimits(part_bytes=PART)).client)


def test_the_whole_story_from_a_zip_to_a_model_on_offer(trainer: Trainer, ponds: bytes) -> None:
    study = trainer.create(ponds, options={"model": "tiny", **SHORT}, ask=True)
    assert (study["state"], study["kind"], study["name"]) == ("waiting", "finetune", "ponds")
    assert study["wanted"] == list(range(-(-len(ponds) // PART)))
    trainer.send(study, ponds)
    id = study["id"]
    study = trainer.until(id, "ready")
    assert study["wanted"] == []
    assert "4 steps of 3 chips" in study["estimate"][-1]
    assert study["before"]["step"] == 0
    trainer.ask(id, "start")
    study = trainer.until(id, "done")
    assert study["model"] == "ponds"
    assert study["verdict"]
    print(study)
