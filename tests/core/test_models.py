# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of models, and the names that own models go by."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import tiny_paligemma as tiny
from click.testing import CliRunner

from waterseg_core.cli.main import waterseg
from waterseg_core.errors import ModelError
from waterseg_core.model_list import about, forget, listed, own, remember, resolved, stamp
from waterseg_core.paligemma.hub import KNOWN
from waterseg_core.segmenter import card, load_segmenter


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATERSEG_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def ponds(tmp_path: Path) -> Path:
    folder = tmp_path / "models" / "ponds"
    folder.mkdir(parents=True)
    tiny.write_checkpoint(folder)
    data = {"name": "ponds", "chips": 12, "sha256": "0" * 64}
    said = {"licence": "CC0-1.0", "iou_per_image": 0.5, "iou_pooled": 0.625, "data": data}
    return tiny.write_extras(folder, **said)


def adapter(folder: Path, base: str | None) -> Path:
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": base}))
    return folder


def test_the_list_begins_with_the_bundled_model_and_ends_with_those_on_the_hub() -> None:
    models = listed()
    assert [model.name for model in models] == ["nano", *KNOWN]
    nano = models[0]
    assert nano.here
    assert nano.needs == "any computer"
    assert nano.iou_pooled is not None
    assert {"dense", "grid", "objects"} == set(nano.answers)
    assert all(model.needs.startswith("a GPU with") for model in models[1:])


def test_an_own_model_is_listed_with_what_is_known_of_it(ponds: Path) -> None:
    assert remember(ponds) == "ponds"
    (mine,) = [model for model in listed() if model.kind == "own"]
    assert (mine.name, mine.where, mine.licence) == ("ponds", str(ponds.resolve()), "CC0-1.0")
    assert (mine.iou_per_image, mine.iou_pooled, mine.data) == (0.5, 0.625, "ponds, 12 chips")
    assert mine.bytes == sum(path.stat().st_size for path in ponds.iterdir())


def test_a_model_that_became_no_better_says_so_in_the_list(ponds: Path) -> None:
    remember(ponds)
    assert "no better than before" not in CliRunner().invoke(waterseg, ["models"]).stdout
    _say(ponds, gained=False)
    shown = CliRunner().invoke(waterseg, ["models"]).stdout
    assert "0.50 / 0.62, no better than before" in shown
    (mine,) = [model for model in listed() if model.kind == "own"]
    assert mine.gained is False


def test_words_about_itself_that_make_no_sense_are_not_known(ponds: Path) -> None:
    _say(ponds, iou_per_image="high", iou_pooled=7, gained="yes", licence=[], data={}, title=3)
    mine = about(str(ponds))
    assert (mine.iou_per_image, mine.iou_pooled, mine.gained, mine.licence) == (None,) * 4
    assert mine.data == "?, ? chips"
    assert card(str(ponds))["title"] == str(ponds)


def _say(folder: Path, **words: object) -> None:
    path = folder / "waterseg.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | words))


def test_an_own_model_is_loaded_by_its_name(ponds: Path) -> None:
    remember(ponds)
    assert load_segmenter("ponds", device="cpu").revision.startswith("local-")
    assert card("ponds")["title"] == "ponds"
    assert card("ponds")["tile_px"] == tiny.IMAGE_SIZE


def test_a_model_whose_folder_is_gone_is_not_listed(ponds: Path) -> None:
    remember(ponds)
    shutil.rmtree(ponds)
    assert own() == {}
    with pytest.raises(ModelError, match="There is no model 'ponds'"):
        load_segmenter("ponds", device="cpu")


def test_a_models_folder_in_reach_goes_before_a_name_and_nano_is_always_the_bundled_one(
    ponds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(ponds)
    remember(shutil.copytree(ponds, tmp_path / "models" / "nano"))
    assert resolved("nano") == ("nano", None)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ponds, tmp_path / "ponds")
    assert resolved("ponds") == ("ponds", None)


def test_a_training_set_does_not_hide_the_model_of_its_name(
    ponds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(ponds)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ponds" / "train").mkdir(parents=True)
    assert resolved("ponds") == (str(ponds.resolve()), None)


def test_a_folder_with_an_adapter_means_its_base_and_itself(ponds: Path, tmp_path: Path) -> None:
    remember(ponds)
    path = str(adapter(tmp_path / "frost", "nano"))
    assert resolved(path) == ("nano", path)
    other = str(adapter(tmp_path / "mud", "ponds"))
    assert resolved(other) == (str(ponds.resolve()), other)
    assert resolved("nano", path) == ("nano", path)
    with pytest.raises(ModelError, match="does not say which model it belongs to"):
        resolved(str(adapter(tmp_path / "lost", None)))


def test_the_stamp_of_a_model_changes_with_its_files_and_with_those_of_its_base(
    ponds: Path, tmp_path: Path
) -> None:
    assert stamp("nano") == stamp("google/paligemma2-3b-mix-448") == ()
    frost = adapter(tmp_path / "frost", str(ponds))
    first = stamp(str(ponds)), stamp(str(frost))
    assert first == (stamp(str(ponds)), stamp(str(frost)))
    os.utime(ponds / "model.safetensors", (1, 1))
    second = stamp(str(ponds)), stamp(str(frost))
    assert first[0] != second[0]
    assert first[1] != second[1]
    (frost / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": "nano"}))
    assert stamp(str(frost)) != second[1]


def test_an_adapter_sees_tiles_of_its_base_where_it_says_nothing_else(
    ponds: Path, tmp_path: Path
) -> None:
    frost = adapter(tmp_path / "frost", str(ponds))
    assert card(str(frost))["tile_px"] == tiny.IMAGE_SIZE
    (frost / "waterseg.json").write_text(json.dumps({"tile": {"objects": 96}}))
    assert card(str(frost))["tile_px"] == 96


def test_only_what_is_known_is_told_of_models_on_the_hub() -> None:
    assert "WebLI" in str(about("paligemma2-3b-mix-448").data)
    assert (about("somebody/lakes").data, about("somebody/lakes").licence) == (None, None)


def test_a_weights_file_that_is_broken_is_told(ponds: Path) -> None:
    (ponds / "model.safetensors").write_bytes(b"\xff" * 9)
    with pytest.raises(ModelError, match=r"model\.safetensors cannot be read"):
        card(str(ponds))


def test_a_damaged_model_does_not_hide_the_others(ponds: Path, tmp_path: Path) -> None:
    cut, odd = (shutil.copytree(ponds, tmp_path / "own" / name) for name in ("cut", "odd"))
    for folder in (ponds, cut, odd, adapter(tmp_path / "own" / "orphan", None)):
        remember(folder)
    weights = cut / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    (odd / "waterseg.json").write_text("[1]")
    problems = {model.name: model.problem for model in listed() if model.kind == "own"}
    assert sorted(problems) == ["cut", "odd", "orphan", "ponds"]
    assert problems["ponds"] is None
    assert "damaged; fetch or train the model again" in str(problems["cut"])
    assert "damaged; fetch or train the model again" in str(problems["odd"])
    shown = CliRunner().invoke(waterseg, ["models"])
    assert shown.exit_code == 0
    assert "0.50 / 0.62" in shown.output
    assert f"  cut: {problems['cut']}" in shown.output.splitlines()


def test_an_adapter_whose_base_is_gone_is_told(ponds: Path, tmp_path: Path) -> None:
    frost = adapter(tmp_path / "frost", str(ponds.resolve()))
    ponds.rename(tmp_path / "elsewhere")
    with pytest.raises(ModelError, match=r"The adapter .*frost belongs to the model in .*ponds"):
        load_segmenter(str(frost), device="cpu")


def test_an_adapter_is_shown_with_its_bases_name(ponds: Path, tmp_path: Path) -> None:
    remember(ponds)
    remember(adapter(tmp_path / "frost", str(ponds)))
    assert "frost (adapter of ponds)" in CliRunner().invoke(waterseg, ["models"]).output


def test_a_model_that_is_struck_off_the_list_keeps_its_folder(ponds: Path) -> None:
    remember(ponds)
    forget("ponds")
    assert own() == {}
    assert ponds.is_dir()


def test_models_that_are_added_at_once_are_all_on_the_list(tmp_path: Path) -> None:
    folders = [adapter(tmp_path / f"model-{number}", "nano") for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(remember, folders))
    assert sorted(own()) == sorted(folder.name for folder in folders)


def test_a_registry_that_was_damaged_is_begun_anew(ponds: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "models.json").write_text("{")
    assert own() == {}
    remember(ponds)
    assert own() == {"ponds": ponds.resolve()}


def test_the_command_lists_them_for_people_and_for_programs(ponds: Path) -> None:
    remember(ponds)
    shown = CliRunner().invoke(waterseg, ["models"]).output
    assert "comes with waterseg" in shown
    assert "0.50 / 0.62" in shown
    assert "google/paligemma2-3b-pt-224" in shown
    assert "  licence of all: Gemma terms of use" in shown
    assert shown.count("Gemma terms of use") == 1
    told = json.loads(CliRunner().invoke(waterseg, ["models", "--json"]).output)
    assert [model["name"] for model in told][:2] == ["nano", "ponds"]
