# SPDX-License-Identifier: GPL-3.0-or-later
"""Models are found where they are, pinned to what they were; what is wrong is one sentence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny_paligemma import HEAD, write_extras

from waterseg_core.errors import ModelAccessError, ModelError
from waterseg_core.paligemma import hub
from waterseg_core.paligemma.fingerprint import fingerprint
from waterseg_core.paligemma.load import Checkpoint, load_checkpoint
from waterseg_core.paligemma.settings import Settings

KNOWN = "google/paligemma-3b-pt-448"


def load(name: str | Path, adapter: str | None = None) -> Checkpoint:
    return load_checkpoint(str(name), None, adapter, torch.device("cpu"), torch.float32)


@pytest.fixture
def copy(checkpoint: Path, tmp_path: Path) -> Path:
    """The checkpoint again, to be broken."""
    return Path(shutil.copytree(checkpoint, tmp_path / "copy"))


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache and no network; the folder of the hub's cache."""
    cache = tmp_path / "hub"
    cache.mkdir()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    monkeypatch.setenv("WATERSEG_CACHE", str(tmp_path / "own"))
    return cache


def put_into_hub_cache(cache: Path, checkpoint: Path, commit: str) -> None:
    """What a download of `KNOWN` leaves behind, with `commit` as the newest revision."""
    folder = cache / f"models--{KNOWN.replace('/', '--')}"
    shutil.copytree(checkpoint, folder / "snapshots" / commit, dirs_exist_ok=True)
    (folder / "refs").mkdir(exist_ok=True)
    (folder / "refs" / "main").write_text(commit)


def test_a_checkpoint_is_read_quietly(checkpoint: Path, capfd: pytest.CaptureFixture[str]) -> None:
    loaded = load(checkpoint)
    assert capfd.readouterr() == ("", "")
    assert loaded.folder == checkpoint
    assert not loaded.model.training
    assert not any(weight.requires_grad for weight in loaded.model.parameters())


def truncate(folder: Path) -> None:
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[: len(weights) // 2])


def lose_a_weight(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights[next(name for name in weights if "down_proj" in name)]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


def other_kind(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"model_type": "llama"}))


def another_head(folder: Path) -> None:
    write_extras(folder, head=HEAD | {"depth": 2})


BREAKS: dict[str, Callable[[Path], object]] = {
    "cannot be read": lambda folder: (folder / "config.json").write_text("{"),
    "not a PaliGemma": other_kind,
    "no config.json": lambda folder: (folder / "config.json").unlink(),
    "cannot be read: ": truncate,
    "down_proj": lose_a_weight,
    "The tokenizer": lambda folder: (folder / "tokenizer.json").unlink(),
    "mask_head": another_head,
    "mask head": lambda folder: (folder / "mask_head.safetensors").unlink(),
    "waterseg.json cannot be read": lambda folder: (folder / "waterseg.json").write_text("[1]"),
    "answers are": lambda folder: write_extras(folder, answer="poem"),
    "needs a head": lambda folder: write_extras(folder, head=None),
    "cells": lambda folder: write_extras(folder, grid=0),
    "threshold": lambda folder: write_extras(folder, threshold={"dense": 1.5}),
}


@pytest.mark.parametrize("word", BREAKS)
def test_a_broken_folder_is_told_in_a_sentence(copy: Path, word: str) -> None:
    BREAKS[word](copy)
    with pytest.raises(ModelError, match=word) as told:
        load(copy)
    assert "\n" not in str(told.value)
    assert str(copy) in str(told.value)


@pytest.mark.parametrize("name", ["no-such-thing", "/no/such/folder", "./nothing", "a/b/c", ""])
def test_a_name_that_means_nothing_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as told:
        load(name)
    assert not isinstance(told.value, ModelAccessError)


@pytest.mark.parametrize("name", ["google/paligemma2-3b-mix-448", "paligemma2-3b-mix-448", KNOWN])
def test_without_network_the_way_to_get_access_is_told(offline: Path, name: str) -> None:
    with pytest.raises(ModelAccessError) as told:
        load(name)
    for word in (f"https://huggingface.co/google/{name.split('/')[-1]}", "HF_TOKEN", "nano"):
        assert word in str(told.value)


def test_an_adapter_that_is_none_is_told(checkpoint: Path) -> None:
    with pytest.raises(ModelError, match="adapter_config"):
        load(checkpoint, adapter=str(checkpoint))


def test_an_adapter_of_another_model_is_told(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text(
        json.dumps({"peft_type": "LORA", "r": 2, "target_modules": ["no_such_module"]})
    )
    with pytest.raises(ModelError, match="does not fit"):
        load(checkpoint, adapter=str(tmp_path))


def test_a_model_in_the_hubs_cache_needs_no_network(offline: Path, checkpoint: Path) -> None:
    put_into_hub_cache(offline, checkpoint, "a" * 40)
    loaded = load(KNOWN)
    assert (loaded.name, loaded.revision) == (KNOWN, "a" * 40)
    assert "on this computer" in hub.models_at_hand()[KNOWN]


def test_the_revision_of_the_first_time_is_kept(offline: Path, checkpoint: Path) -> None:
    put_into_hub_cache(offline, checkpoint, "a" * 40)
    assert hub.find(KNOWN).revision == "a" * 40
    put_into_hub_cache(offline, checkpoint, "b" * 40)
    assert hub.find(KNOWN).revision == "a" * 40
    assert hub.find(KNOWN, "b" * 40).revision == "b" * 40


def test_half_a_download_is_no_model(offline: Path, checkpoint: Path) -> None:
    put_into_hub_cache(offline, checkpoint, "a" * 40)
    (weights,) = offline.rglob("model.safetensors")
    weights.rename(weights.with_name("model-00001-of-00002.safetensors"))
    index = {"weight_map": {"x": "model-00001-of-00002.safetensors", "y": "missing.safetensors"}}
    weights.with_name("model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(ModelAccessError):
        hub.find(KNOWN)


def test_pinned_revisions_are_whole_hashes() -> None:
    pins = [revision for revision in hub.KNOWN.values() if revision]
    assert pins
    assert all(len(pin) == 40 and set(pin) <= set("0123456789abcdef") for pin in pins)
    assert len(set(pins)) == len(pins)


def test_another_content_is_another_revision(copy: Path) -> None:
    before = fingerprint(copy)
    assert fingerprint(copy) == before
    (copy / "notes.txt").write_text("not decisive")
    assert fingerprint(copy) == before
    write_extras(copy, grid=3)
    assert fingerprint(copy) != before


def test_a_stock_model_answers_in_objects(tmp_path: Path) -> None:
    assert Settings.read(tmp_path) == Settings(answer="objects", codec=None, head=None)
