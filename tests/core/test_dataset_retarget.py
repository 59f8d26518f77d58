# SPDX-License-Identifier: GPL-3.0-or-later
"""Retarget: other answers for the same chips; whole or not at all, and nothing else changes."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from small_sets import write_lines, write_set

from waterseg_core.cli.main import run
from waterseg_core.dataset.answer import answer_of
from waterseg_core.dataset.entries import read_entries
from waterseg_core.dataset.folder import DatasetFolder, write_index
from waterseg_core.dataset.retarget import DECODED, Retargeted, retarget
from waterseg_core.errors import (
    Cancelled,
    CodecError,
    DatasetError,
    OptionError,
    OutputError,
)
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.maskcodec_net import MaskVQVAE
from waterseg_core.options_dataset_show import RetargetOptions
from waterseg_core.tokens import parse_text

#: What a retarget may change.
INDEX = {
    *("train.jsonl", "val.jsonl", "test.jsonl", "manifest.csv", "dataset.json", "README.md"),
    *("train/metadata.jsonl", "val/metadata.jsonl", "test/metadata.jsonl"),
}


def again(folder: Path, output: Path | None = None, **options: str) -> Retargeted:
    return retarget(folder, RetargetOptions(**options), output)  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="session")
def other_codec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A codec of random weights: its codes are others for sure."""
    file: Path = tmp_path_factory.mktemp("codec") / "other.safetensors"
    state = torch.random.get_rng_state()
    torch.manual_seed(4)
    net = MaskVQVAE()
    torch.random.set_rng_state(state)
    save_file(net.state_dict(), file)
    return file


@pytest.fixture
def ponds(tmp_path: Path) -> Path:
    folder = write_set(tmp_path / "ponds", 8)
    (folder / "rejected").mkdir()
    (folder / "rejected" / "reasons.csv").write_text("id,reason\n")
    (folder / "map.png").write_bytes(b"a map")
    return folder


def test_another_codec_gives_the_answers_that_it_would_have_given_at_first(
    ponds: Path, other_codec: Path
) -> None:
    made = again(ponds, codec=str(other_codec))
    codec, found = MaskCodec.load(other_codec), DatasetFolder(ponds)
    assert found.about.codec == "other.safetensors"
    assert found.about.codec_sha256 == codec.sha256
    for chip in found.chips:
        expected = answer_of(found.mask(chip), ("water",), codec)
        assert chip.suffix == expected.suffix
        assert chip.round_trip_iou == pytest.approx(expected.iou, abs=1e-6)
    assert made.changed == sum(not chip.is_dry for chip in found.chips) == 6


def test_only_the_index_changes(ponds: Path, other_codec: Path) -> None:
    before = contents(ponds)
    again(ponds, codec=str(other_codec), prefix="segment lakes", label="lakes", target="union")
    after = contents(ponds)
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == INDEX
    assert sorted(path.name for path in ponds.parent.iterdir()) == ["ponds"]


def test_there_and_back_is_the_same_set_byte_for_byte(ponds: Path, other_codec: Path) -> None:
    again(ponds, target="auto")  # the card and the version are ours now
    before = contents(ponds)
    again(ponds, codec=str(other_codec), target="union")
    assert contents(ponds) != before
    again(ponds, codec="bundled", target="auto")
    assert contents(ponds) == before


def test_the_target_of_the_set_stays_where_none_is_asked_for(
    ponds: Path, other_codec: Path
) -> None:
    again(ponds, target="union")
    again(ponds, codec=str(other_codec))
    found = DatasetFolder(ponds)
    assert {chip.target for chip in found.chips if not chip.is_dry} == {"union"}
    assert found.about.options["target"] == "union"


def test_new_words_keep_the_codes(tmp_path: Path) -> None:
    ponds = write_set(tmp_path / "two", 4, labels=("lake", "river"))
    before = DatasetFolder(ponds)
    again(ponds, label="pond ; stream")
    after = DatasetFolder(ponds)
    assert after.about.labels == ("pond", "stream")
    assert after.about.prefix == "segment pond ; stream"  # it named the labels, so it follows
    assert {entry.prefix for entry in after.entries("train")} == {"segment pond ; stream"}
    for old, new in zip(before.chips, after.chips, strict=True):
        pairs = zip(parse_text(old.suffix), parse_text(new.suffix), strict=True)
        for first, second in pairs:
            assert (first.box, first.codes) == (second.box, second.codes)
            assert second.label == {"lake": "pond", "river": "stream"}[first.label]
        assert old.round_trip_iou == pytest.approx(new.round_trip_iou)


def test_a_prompt_of_ones_own_stays_when_labels_change(tmp_path: Path) -> None:
    ponds = write_set(tmp_path / "own", 2, prefix="outline the water")
    again(ponds, label="lake")
    assert DatasetFolder(ponds).about.prefix == "outline the water"
    again(ponds, prefix="draw it")
    assert DatasetFolder(ponds).about.prefix == "draw it"


def test_what_was_said_of_the_old_answers_is_not_said_of_the_new(
    ponds: Path, other_codec: Path
) -> None:
    whole = DatasetFolder(ponds)
    said = {"target": "union", "label": "water", "prefix": None, "codec": None, "tile": 48}
    notes = ("The answers of 3 chips decode to an IoU under 0.5.", "It rained.")
    about = dataclasses.replace(whole.about, options=said, notes=notes)
    write_index(ponds, about, whole.chips)
    again(ponds, label="lake", prefix="find the lake")
    found = DatasetFolder(ponds).about
    assert found.options == {**said, "label": "lake", "prefix": "find the lake"}
    assert found.notes == notes
    again(ponds, codec=str(other_codec))
    found = DatasetFolder(ponds).about
    assert found.options["codec"] == "other.safetensors"
    assert found.notes == ("It rained.",)


def test_a_new_set_beside_leaves_the_old_one_and_shares_no_file(
    ponds: Path, tmp_path: Path, other_codec: Path
) -> None:
    before = contents(ponds)
    again(ponds, tmp_path / "new", codec=str(other_codec))
    assert contents(ponds) == before
    assert contents(tmp_path / "new").keys() == before.keys()
    for path in (tmp_path / "new").rglob("*"):
        assert path.is_dir() or path.stat().st_nlink == 1
    assert {path.name for path in tmp_path.iterdir()} == {"ponds", "new"}


def test_a_stop_changes_nothing(ponds: Path) -> None:
    before, stop = contents(ponds.parent), threading.Event()

    def watch(done: int, total: int) -> None:
        if done == 4:
            stop.set()

    with pytest.raises(Cancelled, match="nothing was changed"):
        retarget(ponds, RetargetOptions(target="union"), None, watch, stop)
    assert contents(ponds.parent) == before


def test_what_goes_wrong_in_the_middle_changes_nothing(
    ponds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(ponds.parent)

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OutputError, match="the disk is full"):
        again(ponds, target="union")
    assert contents(ponds.parent) == before


def test_disks_without_links_get_copies(ponds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: str, target: str) -> None:
        raise OSError(95, "Operation not supported")

    before = contents(ponds)
    monkeypatch.setattr(os, "link", refuse)
    again(ponds, target="union")
    after = contents(ponds)
    assert {name for name in after if after[name] != before[name]} <= INDEX


def test_an_interrupted_build_is_not_thrown_away(ponds: Path) -> None:
    waiting = ponds.with_name(".ponds.building")
    waiting.mkdir()
    (waiting / "journal.jsonl").write_text("{}\n")
    with pytest.raises(OutputError, match=r"interrupted build .* Run it again"):
        again(ponds, target="union")
    assert (waiting / "journal.jsonl").is_file()


@pytest.fixture
def theirs(ponds: Path, tmp_path: Path) -> Path:
    """The same chips as Roboflow would export them."""
    folder, source = tmp_path / "theirs", DatasetFolder(ponds)
    lines = [(f"{chip.id}.jpg", "segment water", chip.suffix) for chip in source.chips]
    write_lines(folder / "_annotations.train.jsonl", lines[:6])
    write_lines(folder / "_annotations.valid.jsonl", lines[6:])
    for chip in source.chips:
        Image.fromarray(source.image(chip)).save(folder / f"{chip.id}.jpg", quality=95)
    return folder


def test_a_set_of_others_becomes_ours_with_the_very_same_answers(
    theirs: Path, tmp_path: Path
) -> None:
    before = contents(theirs)
    made = again(theirs, tmp_path / "adopted", from_codec="bundled")
    assert contents(theirs) == before
    found = DatasetFolder(tmp_path / "adopted")
    lines = read_entries(theirs / "_annotations.train.jsonl")
    assert [entry.suffix for entry in found.entries("train")] == [line.suffix for line in lines]
    assert (made.chips, made.changed, made.iou) == (8, 0, 1.0)
    assert found.about.notes == (DECODED,)
    card = (tmp_path / "adopted" / "README.md").read_text()
    assert "- _annotations.train.jsonl: 6 chips" in card
    assert "- _annotations.valid.jsonl: 2 chips" in card
    for chip in found.chips:
        assert found.image(chip).shape[:2] == found.mask(chip).shape == (chip.height, chip.width)
        assert (chip.water_share > 0) == (not chip.is_dry)


def test_a_set_of_others_is_encoded_anew_for_another_codec(
    theirs: Path, tmp_path: Path, other_codec: Path
) -> None:
    again(theirs, tmp_path / "adopted", from_codec="bundled", codec=str(other_codec))
    found, codec = DatasetFolder(tmp_path / "adopted"), MaskCodec.load(other_codec)
    assert found.about.codec_sha256 == codec.sha256
    for chip in found.chips:
        assert chip.suffix == answer_of(found.mask(chip), ("water",), codec).suffix


def test_a_fault_in_a_set_of_others_is_named_and_nothing_is_left(
    theirs: Path, tmp_path: Path
) -> None:
    (theirs / "scene-2.jpg").unlink()
    with pytest.raises(DatasetError, match=r"scene-2\.jpg is missing"):
        again(theirs, tmp_path / "adopted", from_codec="bundled")
    assert {path.name for path in tmp_path.iterdir()} == {"ponds", "theirs"}


def test_masks_of_an_earlier_retarget_are_the_drawn_ones(ponds: Path, other_codec: Path) -> None:
    """However bad a codec is, going through it loses nothing: masks are never decoded ones."""
    before = [DatasetFolder(ponds).mask(chip) for chip in DatasetFolder(ponds).chips]
    again(ponds, codec=str(other_codec))
    after = [DatasetFolder(ponds).mask(chip) for chip in DatasetFolder(ponds).chips]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def make_newer(folder: Path) -> None:
    about = json.loads((folder / "dataset.json").read_text())
    (folder / "dataset.json").write_text(json.dumps(about | {"format": 99}))


def break_mask(folder: Path) -> None:
    (folder / "masks" / "scene-1.png").write_bytes(b"\x89PNG\r\n\x1a\n cut off")


def take_image(folder: Path) -> None:
    (folder / "train" / "scene-1.png").unlink()


def make_unknown_codec(folder: Path) -> None:
    whole = DatasetFolder(folder)
    write_index(folder, dataclasses.replace(whole.about, codec_sha256="0" * 64), whole.chips)


@pytest.mark.parametrize(
    ("spoil", "more", "error", "words"),
    [
        (shutil.rmtree, {"target": "union"}, DatasetError, "Give the folder of a training set"),
        (make_newer, {"target": "union"}, DatasetError, "newer waterseg"),
        (break_mask, {"target": "union"}, DatasetError, r"scene-1\.png is not a whole picture"),
        (take_image, {"target": "union"}, DatasetError, r"scene-1\.png is missing"),
        (make_unknown_codec, {"target": "union"}, CodecError, "give the file with --codec"),
        (None, {"codec": "gone.npz"}, CodecError, r"no mask codec at gone\.npz"),
        (None, {"codec": __file__}, CodecError, "bytes"),
        (None, {}, OptionError, "Say what shall change"),
        (None, {"label": "a ; b"}, OptionError, r"the set has 1 classes \(water\)"),
        (None, {"label": "a ; a"}, OptionError, "every class once"),
        (None, {"label": "a<b"}, OptionError, "must be words"),
        (None, {"prefix": "two\nlines"}, OptionError, "one line of words"),
        (None, {"target": "boxes"}, OptionError, "must be one of"),
    ],
)
def test_what_cannot_be_used_is_told_and_changes_nothing(
    spoil: Callable[[Path], None] | None,
    more: dict[str, str],
    error: type[Exception],
    words: str,
    ponds: Path,
) -> None:
    if spoil is not None:
        spoil(ponds)
    before = contents(ponds.parent)
    with pytest.raises(error, match=words):
        again(ponds, **more)
    assert contents(ponds.parent) == before


def test_places_where_no_set_can_go_are_told(ponds: Path, theirs: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="exists"):
        again(ponds, theirs, target="union")
    with pytest.raises(OutputError, match="does not exist; make it first"):
        again(ponds, tmp_path / "no" / "where", target="union")
    with pytest.raises(OutputError, match="lies inside"):
        again(ponds, ponds / "new", target="union")
    with pytest.raises(OptionError, match="is a set of others"):
        again(theirs, from_codec="bundled")


def test_boxes_are_no_masks(tmp_path: Path) -> None:
    box = "<loc0100><loc0200><loc0500><loc0600> water"
    write_lines(tmp_path / "boxes" / "train.jsonl", [("a.png", "detect water", box)])
    with pytest.raises(DatasetError, match="has no masks: 1 of 1 suffixes have boxes"):
        again(tmp_path / "boxes", tmp_path / "new", from_codec="bundled")


@pytest.mark.skipif(os.name == "nt", reason="folders are not made read-only this way on Windows")
def test_a_read_only_folder_is_told(ponds: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    ponds.parent.chmod(0o555)
    try:
        with pytest.raises(OutputError, match="read-only"):
            again(ponds, target="union")
    finally:
        ponds.parent.chmod(0o755)


def test_the_command_tells_what_changed(
    ponds: Path, other_codec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["dataset", "retarget", str(ponds), "--codec", str(other_codec), "--json"]
    assert run(words) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["changed"] == 6
    assert told.err.startswith("6 of 8 suffixes changed, mean round-trip IoU 0.")


def test_the_command_tells_the_new_prompt(ponds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dataset", "retarget", str(ponds), "--prefix", "segment lake"]) == 0
    assert "every prefix is now 'segment lake', 0 of 8 suffixes" in capsys.readouterr().err
