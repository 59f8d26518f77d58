# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a training set are written and read as docs/DATASET.md says, or told broken."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterseg_core.dataset.entries import Entry, read_entries, write_entries
from waterseg_core.dataset.folder import About, Chip, DatasetFolder, write_index, write_picture
from waterseg_core.errors import DatasetError

ABOUT = About("segment water", ("water",), "codec", "00", {"tile": 64}, ("a.tif",), "CC0-1.0")
CHIPS = (
    Chip("a_0_0", "train", "<loc…", "a.tif", 0, 0, 8, 8, "EPSG:4326", "POLYGON", "0_0", 0.25, 1.0),
    Chip("a_0_8", "val", "", "a.tif", 0, 8, 8, 8, round_trip_iou=None),
    Chip("ä, b", "train", "x ; y", round_trip_iou=0.5, instances=2),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("train", "val", "test", "masks"):
        (tmp_path / part).mkdir()
    for number, chip in enumerate(CHIPS):
        write_picture(tmp_path / chip.image, np.full((8, 8, 3), number, np.uint8))
        write_picture(tmp_path / "masks" / f"{chip.id}.png", np.full((8, 8), number, np.uint8))
    write_index(tmp_path, ABOUT, CHIPS)
    return tmp_path


def test_a_set_reads_as_it_was_written(folder: Path) -> None:
    made = DatasetFolder(folder)
    assert made.about == ABOUT
    assert made.chips == CHIPS
    for number, chip in enumerate(made.chips):
        assert (made.image(chip) == number).all()
        assert (made.mask(chip) == number).all()


def test_each_split_has_its_lines_and_an_empty_one_no_file(folder: Path) -> None:
    made = DatasetFolder(folder)
    assert made.entries("train") == [
        Entry(chip.image, "segment water", chip.suffix) for chip in CHIPS if chip.split == "train"
    ]
    assert made.entries("test") == []
    assert not (folder / "test.jsonl").exists()
    lines = (folder / "val/metadata.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"file_name": "a_0_8.png", "prefix": "segment water", "suffix": ""}
    ]


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=5))
def test_lines_of_any_text_come_back(tmp_path_factory: pytest.TempPathFactory, words) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("lines") / "lines.jsonl"
    entries = [Entry(*word) for word in words]
    write_entries(path, entries)
    assert read_entries(path) == entries


@pytest.mark.parametrize(
    ("line", "said"),
    [("{", "not JSON"), ("[1]", "not a JSON object"), ('{"image": "a"}', '"prefix"')],
)
def test_a_line_that_is_no_entry_is_named_by_its_number(
    tmp_path: Path, line: str, said: str
) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"image": "a", "prefix": "b", "suffix": ""}\n\n' + line + "\n")
    with pytest.raises(DatasetError, match=f"line 3.*{said}"):
        read_entries(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("dataset.json", None, "no training set"),
        ("dataset.json", "{", "broken"),
        ("dataset.json", '{"format": 99}', "newer waterseg"),
        ("dataset.json", '{"format": 1}', "broken"),
        ("manifest.csv", None, "manifest.csv is missing"),
        ("manifest.csv", "id,split,suffix,row\na,train,,one\n", "broken"),
        ("train/a_0_0.png", None, "is missing"),
        ("train/a_0_0.png", "no picture", "not a whole picture"),
    ],
)
def test_what_is_wrong_with_a_set_is_told(
    folder: Path, name: str, content: str | None, said: str
) -> None:
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content)
    with pytest.raises(DatasetError, match=said):
        DatasetFolder(folder).image(CHIPS[0])
