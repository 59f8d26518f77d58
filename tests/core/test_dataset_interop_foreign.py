# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets that others made: Roboflow's export and its relatives, read as if they were ours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_sets import bundled, lake, picture, write_lines, write_set

from waterseg_core.dataset.answer import answer_of, say_again
from waterseg_core.dataset.folder import DatasetFolder
from waterseg_core.dataset.foreign import ForeignSet, is_foreign, open_set
from waterseg_core.errors import DatasetError
from waterseg_core.tokens import parse_text

BOX = "<loc0100><loc0200><loc0500><loc0600> water"
PROMPT = "segment water"


def suffix_of(seed: int, side: int = 48) -> str:
    return answer_of(lake(side, seed), ("water",), bundled()).suffix


def write_images(folder: Path, *names: str, side: int = 48) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for seed, name in enumerate(names):
        Image.fromarray(picture(lake(side, seed), seed)).save(folder / name)


@pytest.fixture
def roboflow(tmp_path: Path) -> Path:
    """As Roboflow's PaliGemma export lies on disk after unpacking."""
    folder = tmp_path / "lakes.v1i.paligemma"
    names = ["pond_jpg.rf.0a1b.jpg", "lake_jpg.rf.2c3d.jpg", "dry_jpg.rf.4e5f.jpg"]
    write_images(folder, *names)
    first = [(names[0], PROMPT, suffix_of(0)), (names[1], PROMPT, suffix_of(1))]
    write_lines(folder / "_annotations.train.jsonl", first)
    write_lines(folder / "_annotations.valid.jsonl", [(names[2], PROMPT, "")])
    (folder / "README.dataset.txt").write_text("Lakes\n\nLicense: CC BY 4.0\n")
    return folder


def test_roboflows_export_is_read_as_a_set(roboflow: Path) -> None:
    found = ForeignSet(roboflow, bundled())
    assert [(chip.id, chip.split) for chip in found.chips] == [
        ("pond_jpg.rf.0a1b", "train"),
        ("lake_jpg.rf.2c3d", "train"),
        ("dry_jpg.rf.4e5f", "val"),
    ]
    assert found.about.prefix == PROMPT
    assert found.about.labels == ("water",)
    assert found.about.licence == "CC BY 4.0"
    assert found.about.sources == ("_annotations.train.jsonl", "_annotations.valid.jsonl")
    assert found.about.notes == ()
    assert [chip.is_dry for chip in found.chips] == [False, False, True]
    assert [entry.suffix for entry in found.entries("train")] == [suffix_of(0), suffix_of(1)]


def test_its_masks_are_what_the_tokens_say(roboflow: Path) -> None:
    found = ForeignSet(roboflow, bundled())
    for chip in found.chips:
        image, mask = found.image(chip), found.mask(chip)
        assert image.shape == (*mask.shape, 3)
        said = say_again(parse_text(chip.suffix), ("water",), bundled(), 48, 48)
        assert np.array_equal(mask, said)
    assert found.mask(found.chips[0]).any()
    assert not found.mask(found.chips[2]).any()


def test_our_sets_and_those_of_others_are_told_apart(roboflow: Path, tmp_path: Path) -> None:
    ours = write_set(tmp_path / "ours", 4)
    assert is_foreign(roboflow)
    assert not is_foreign(ours)
    assert isinstance(open_set(roboflow), ForeignSet)
    assert isinstance(open_set(ours), DatasetFolder)
    (ours / "dataset.json").unlink()  # then it is a broken set of ours, not one of others
    with pytest.raises(DatasetError, match=r"no dataset\.json"):
        open_set(ours)


@pytest.mark.parametrize(
    ("lines", "images"),
    [
        ("dataset/_annotations.train.jsonl", "dataset"),
        ("train/annotations.jsonl", "train"),
        ("train/_annotations.jsonl", "train"),
        ("train.jsonl", ""),
        ("train.jsonl", "images"),
        ("train.jsonl", "train"),
    ],
)
def test_lines_and_images_are_found_where_exports_put_them(
    tmp_path: Path, lines: str, images: str
) -> None:
    write_images(tmp_path / images, "a.png")
    write_lines(tmp_path / lines, [("a.png", PROMPT, suffix_of(0))])
    (chip,) = (found := ForeignSet(tmp_path, bundled())).chips
    assert chip.split == "train"
    assert found.image(chip).shape == (48, 48, 3)


def test_a_set_of_boxes_says_that_it_has_no_masks(tmp_path: Path) -> None:
    write_images(tmp_path, "a.png", "b.png")
    lines = [("a.png", "detect water", BOX), ("b.png", "detect water", f"{BOX} ; {BOX}")]
    write_lines(tmp_path / "_annotations.train.jsonl", lines)
    found = ForeignSet(tmp_path, bundled())
    assert not found.has_masks
    assert found.about.notes == (
        "2 of 2 suffixes have boxes without the segment tokens of a mask.",
    )
    with pytest.raises(DatasetError, match=r"entry 1: the suffix has a box without"):
        found.mask(found.chips[0])


def test_seventeen_segment_tokens_are_told_with_their_line(tmp_path: Path) -> None:
    write_images(tmp_path, "a.png")
    wrong = suffix_of(0).replace(" water", "<seg001> water", 1)
    write_lines(tmp_path / "train.jsonl", [("a.png", PROMPT, wrong)])
    found = ForeignSet(tmp_path, bundled())
    assert found.about.notes == ("1 of 1 suffixes are no answer of boxes and 16 segment tokens.",)
    with pytest.raises(DatasetError, match=r"train\.jsonl, entry 1: the suffix is no answer"):
        found.mask(found.chips[0])


def test_a_space_for_nothing_is_nothing(tmp_path: Path) -> None:
    write_images(tmp_path, "a.png")
    write_lines(tmp_path / "train.jsonl", [("a.png", PROMPT, " ")])
    found = ForeignSet(tmp_path)
    assert found.chips[0].is_dry
    assert not found.mask(found.chips[0]).any()


def test_masks_need_a_codec(roboflow: Path) -> None:
    found = ForeignSet(roboflow)
    with pytest.raises(DatasetError, match="--codec google"):
        found.mask(found.chips[0])


def test_one_image_with_several_prompts_makes_chips_with_ids_of_their_own(tmp_path: Path) -> None:
    write_images(tmp_path, "a.png")
    first, second = suffix_of(0), suffix_of(1)
    lines = [("a.png", "segment lake ; river", first), ("a.png", "segment river", second)]
    write_lines(tmp_path / "train.jsonl", lines)
    found = ForeignSet(tmp_path, bundled())
    assert [chip.id for chip in found.chips] == ["a", "a-2"]
    assert found.about.notes == ("2 different prefixes; the most frequent stands for all.",)
    assert found.about.labels == ("lake", "river", "water")


def test_names_that_lead_elsewhere_make_harmless_ids(tmp_path: Path) -> None:
    write_lines(tmp_path / "train.jsonl", [("../../etc/..pass wd.png", PROMPT, "")])
    assert [chip.id for chip in ForeignSet(tmp_path).chips] == ["pass_wd"]


def test_missing_and_broken_images_are_named(tmp_path: Path) -> None:
    lines = [("gone.png", PROMPT, suffix_of(0)), ("cut.png", PROMPT, suffix_of(0))]
    write_lines(tmp_path / "train.jsonl", lines)
    write_images(tmp_path, "cut.png")
    whole = (tmp_path / "cut.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    found = ForeignSet(tmp_path, bundled())
    for chip, words in zip(found.chips, (r"gone\.png is missing", r"cut\.png is not"), strict=True):
        with pytest.raises(DatasetError, match=words):
            found.image(chip)


def test_a_folder_without_lines_is_no_set(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"_annotations\.train\.jsonl"):
        ForeignSet(tmp_path)
    with pytest.raises(DatasetError, match="no training set"):
        open_set(tmp_path)
    write_lines(tmp_path / "train.jsonl", [])
    with pytest.raises(DatasetError, match="no training set"):
        open_set(tmp_path)
