# SPDX-License-Identifier: GPL-3.0-or-later
"""Merge: several sets as one that says the same of every chip, and tells what is suspicious."""

from __future__ import annotations

import dataclasses
import json
import shutil
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_sets import write_lines, write_set

from waterseg_core.cli.main import run
from waterseg_core.dataset.folder import DatasetFolder, read_picture, write_index
from waterseg_core.dataset.merge import Merged, merge
from waterseg_core.errors import Cancelled, DatasetError, OptionError, OutputError


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two sets whose chips have the same ids and groups, of different lakes."""
    return write_set(tmp_path / "a", 4), write_set(tmp_path / "b", 6, seed=40)


def merged(two: tuple[Path, ...], name: str = "both") -> tuple[Merged, DatasetFolder]:
    made = merge(two, two[0].parent / name)
    return made, DatasetFolder(made.path)


def test_every_chip_is_there_with_its_own_pixels_mask_and_answer(two: tuple[Path, Path]) -> None:
    _, found = merged(two)
    olds = [(source, chip) for source in map(DatasetFolder, two) for chip in source.chips]
    assert len(found.chips) == len(olds) == 10
    for (source, old), new in zip(olds, found.chips, strict=True):
        assert (new.split, new.suffix, new.sha256) == (old.split, old.suffix, old.sha256)
        assert new.round_trip_iou == old.round_trip_iou
        assert np.array_equal(found.image(new), source.image(old))
        assert np.array_equal(found.mask(new), source.mask(old))
    assert len(found.entries("train")) == sum(chip.split == "train" for chip in found.chips)


def test_ids_are_unique_and_named_after_their_set_where_they_had_to_change(
    two: tuple[Path, Path],
) -> None:
    made, found = merged(two)
    assert [chip.id for chip in found.chips] == [
        *("scene-0", "scene-1", "scene-2", "scene-3"),
        *("b-scene-0", "b-scene-1", "b-scene-2", "b-scene-3"),
        *("scene-4", "scene-5"),
    ]
    assert made.notes[0] == "4 chips have a new id, because two sets used the same."


def test_names_that_differ_in_case_only_are_one_name_to_some_disks(tmp_path: Path) -> None:
    first, second = write_set(tmp_path / "a", 1), write_set(tmp_path / "B", 1, seed=9)
    whole = DatasetFolder(second)
    (chip,) = whole.chips
    for folder in ("train", "masks"):
        (second / folder / "scene-0.png").rename(second / folder / "SCENE-0.png")
    write_index(second, whole.about, [dataclasses.replace(chip, id="SCENE-0")])
    _, found = merged((first, second))
    assert [chip.id for chip in found.chips] == ["scene-0", "B-SCENE-0"]


def test_groups_of_different_sets_stay_different(two: tuple[Path, Path]) -> None:
    _, found = merged(two)
    splits: dict[str, set[str]] = {}
    for chip in found.chips:
        splits.setdefault(chip.group, set()).add(chip.split)
    assert len(splits) == 10  # block-0 of one set is not block-0 of the other
    assert all(len(each) == 1 for each in splits.values())


def test_labels_are_united_and_masks_follow(tmp_path: Path) -> None:
    first = write_set(tmp_path / "a", 3, labels=("lake", "river"), prefix="segment water")
    second = write_set(tmp_path / "b", 3, labels=("river", "pond"), prefix="segment water", seed=8)
    _, found = merged((first, second))
    assert found.about.labels == ("lake", "river", "pond")
    other = DatasetFolder(second)
    table = np.arange(256)
    table[1], table[2] = 2, 3
    for old, new in zip(other.chips, found.chips[3:], strict=True):
        assert np.array_equal(found.mask(new), table[other.mask(old)])
        assert new.suffix == old.suffix
    assert {1, 2, 3, 255} <= set(np.unique([found.mask(chip) for chip in found.chips]))


def test_what_was_merged_stays_as_it_was_and_shares_no_file(two: tuple[Path, Path]) -> None:
    before = [contents(folder) for folder in two]
    made, _ = merged(two)
    assert [contents(folder) for folder in two] == before
    for path in made.path.rglob("*"):
        assert path.is_dir() or path.stat().st_nlink == 1
    assert {path.name for path in made.path.parent.iterdir()} == {"a", "b", "both"}


def test_the_same_sets_give_the_same_bytes(two: tuple[Path, Path], tmp_path: Path) -> None:
    made, _ = merged(two)
    merged(two, "whatever it is called")
    assert contents(made.path) == contents(tmp_path / "whatever it is called")


def test_chips_that_look_alike_across_splits_are_told(two: tuple[Path, Path]) -> None:
    first, second = two
    source, other = DatasetFolder(first), DatasetFolder(second)
    train = next(chip for chip in source.chips if chip.split == "train")
    test = next(chip for chip in other.chips if chip.split == "test")
    # A turned copy of a chip that trains is a chip that tests.
    quiet, _ = merged(two)
    assert quiet.notes == ("4 chips have a new id, because two sets used the same.",)
    shutil.rmtree(quiet.path)
    # A turned copy of a chip that trains is a chip that tests.
    Image.fromarray(np.rot90(source.image(train))).save(second / test.image)
    made, found = merged(two)
    assert "1 pairs of chips of different sets look alike." in made.notes
    (told,) = [note for note in made.notes if "different splits" in note]
    assert told.startswith("1 pairs")
    assert f"{train.image} and test/b-{test.id}.png" in told
    assert told in found.about.notes
    assert told in (made.path / "README.md").read_text()


def test_maps_are_joined(two: tuple[Path, Path]) -> None:
    for folder, colour, width in zip(two, ("red", "blue"), (60, 40), strict=True):
        Image.new("RGB", (width, 30), colour).save(folder / "map.png")
    made, _ = merged(two)
    page = read_picture(made.path / "map.png", "RGB")
    assert page.shape == (60, 60, 3)
    assert page[10, 50].tolist() == [255, 0, 0]
    assert page[40, 30].tolist() == [0, 0, 255]
    assert page[40, 50].tolist() == [255, 255, 255]


def test_sets_without_maps_get_a_picture_of_their_chips(two: tuple[Path, Path]) -> None:
    made, _ = merged(two)
    assert read_picture(made.path / "map.png", "RGB").std() > 10


def test_what_the_whole_says_of_itself(two: tuple[Path, Path]) -> None:
    whole = DatasetFolder(two[1])
    about = dataclasses.replace(whole.about, licence="ODbL", notes=("A note.",), sources=("b.tif",))
    write_index(two[1], about, whole.chips)
    _, found = merged(two)
    assert found.about.licence == "CC BY 4.0 and ODbL"
    assert found.about.sources == ("scene.tif", "b.tif")
    assert found.about.notes[0] == "A note."
    assert found.about.options == {"target": "auto", "min_iou": 0.5, "merged": "a, b"}


def test_a_stop_leaves_nothing(two: tuple[Path, Path]) -> None:
    stop = threading.Event()

    def watch(done: int, total: int) -> None:
        if done == 5:
            stop.set()

    with pytest.raises(Cancelled, match="nothing was written"):
        merge(two, two[0].parent / "both", watch, stop)
    assert {path.name for path in two[0].parent.iterdir()} == {"a", "b"}


def change(folder: Path, **words: object) -> None:
    whole = DatasetFolder(folder)
    about = dataclasses.replace(whole.about, **words)  # type: ignore[arg-type]
    write_index(folder, about, whole.chips)


def make_foreign(folder: Path) -> None:
    shutil.rmtree(folder)
    write_lines(folder / "_annotations.train.jsonl", [("a.png", "segment water", "")])


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda folder: change(folder, codec="mine.npz", codec_sha256="0" * 64),
            r"different codecs \(codec\.safetensors and mine\.npz\).*retarget .*b --codec",
        ),
        (
            lambda folder: change(folder, prefix="segment lake"),
            r"different prompts \('segment water' and 'segment lake'\).*retarget .*b --prefix",
        ),
        (make_foreign, r"is a set of others.*retarget .*b -o"),
        (shutil.rmtree, "Give the folder of a training set"),
        (lambda folder: (folder / "train" / "scene-0.png").unlink(), r"scene-0\.png is missing"),
        (lambda folder: (folder / "masks" / "scene-0.png").write_bytes(b"?"), "not a whole pic"),
        (lambda folder: (folder / "manifest.csv").unlink(), "is incomplete"),
    ],
)
def test_sets_that_cannot_be_merged_are_told_and_nothing_is_left(
    spoil: Callable[[Path], None], words: str, two: tuple[Path, Path]
) -> None:
    spoil(two[1])
    with pytest.raises(DatasetError, match=words):
        merge(two, two[0].parent / "both")
    assert {path.name for path in two[0].parent.iterdir()} <= {"a", "b"}


def test_a_newer_set_is_told(two: tuple[Path, Path]) -> None:
    about = json.loads((two[1] / "dataset.json").read_text())
    (two[1] / "dataset.json").write_text(json.dumps(about | {"format": 99}))
    with pytest.raises(DatasetError, match="newer waterseg"):
        merge(two, two[0].parent / "both")


def test_one_set_is_not_several(two: tuple[Path, Path], tmp_path: Path) -> None:
    for paths in ([two[0]], [two[0], two[0]], []):
        with pytest.raises(OptionError, match="two sets or more"):
            merge(paths, tmp_path / "both")


def test_places_where_no_set_can_go_are_told(two: tuple[Path, Path], tmp_path: Path) -> None:
    for place, words in (
        (two[1], "exists"),
        (tmp_path / "no" / "where", "make it first"),
        (two[0] / "both", "lies inside"),
    ):
        with pytest.raises(OutputError, match=words):
            merge(two, place)


def test_the_command_tells_and_counts(
    two: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    output = two[0].parent / "both"
    assert run(["dataset", "merge", *map(str, two), "-o", str(output), "--json"]) == 0
    told = capsys.readouterr()
    counts = Counter(chip.split for chip in DatasetFolder(output).chips)
    assert json.loads(told.out)["splits"] == counts
    assert told.err.splitlines()[-1].startswith("10 chips of 2 sets (6 train, 2 val, 2 test): ")
