# SPDX-License-Identifier: GPL-3.0-or-later
"""Pairs of images and masks become a set that is whole, says what it left out, and can go on."""

from __future__ import annotations

import csv
import hashlib
import json
import threading
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from drawn_lakes import blue_witness, lake, landscape, write_lakes, write_pair
from PIL import Image

from waterseg_core.cli.dataset_import import command
from waterseg_core.cli.table import with_table
from waterseg_core.dataset.answer import UNKNOWN, answer_of
from waterseg_core.dataset.audit_kinds import KINDS
from waterseg_core.dataset.folder import DatasetFolder
from waterseg_core.dataset.imports import Imported, import_set
from waterseg_core.dataset.imports_pairs import find_pairs
from waterseg_core.errors import Cancelled, DatasetError, OptionError, OutputError
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.options_dataset_audit import ImportOptions


def run(folder: Path, out: str = "set", **options: object) -> Imported:
    options = {"model": "none", **options}
    chosen = ImportOptions(**options)  # type: ignore[arg-type]
    return import_set(folder / "images", folder / "masks", folder / out, chosen)


def files_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def kinds_of(made: Imported) -> dict[str, set[str]]:
    return {r.image: {f.kind for f in r.findings} for r in made.records if r.findings}


@pytest.fixture
def lakes(tmp_path: Path) -> Path:
    write_lakes(tmp_path, 6)
    return tmp_path


def test_every_pair_becomes_a_chip_with_the_answer_to_its_mask(lakes: Path) -> None:
    made = run(lakes)
    found = DatasetFolder(lakes / "set")
    assert len(found.chips) == len(made.chips) == 6
    codec = MaskCodec.load()
    for chip in found.chips:
        image = np.asarray(Image.open(lakes / "images" / chip.source))
        drawn = np.asarray(Image.open(lakes / "masks" / chip.source)) > 0
        np.testing.assert_array_equal(found.image(chip), image)
        np.testing.assert_array_equal(found.mask(chip), drawn)
        assert chip.suffix == answer_of(drawn.astype(np.uint8), ["water"], codec).suffix
    assert {chip.split for chip in found.chips} == {"train", "val", "test"}
    lines = [entry for split in ("train", "val", "test") for entry in found.entries(split)]
    assert {entry.prefix for entry in lines} == {"segment water"}
    assert {"README.md", "map.png", "audit.csv", "audit.html"} <= {
        path.name for path in (lakes / "set").iterdir()
    }


def test_the_same_pairs_give_the_same_bytes(lakes: Path) -> None:
    run(lakes)
    first = files_of(lakes / "set")
    (lakes / "set").rename(lakes / "other")
    run(lakes)
    assert files_of(lakes / "set") == first


def test_an_import_that_was_stopped_goes_on_and_gives_the_same_set(lakes: Path) -> None:
    run(lakes)
    whole = files_of(lakes / "set")
    (lakes / "set").rename(lakes / "other")
    stop = threading.Event()
    options = ImportOptions(model="none")

    def ask(done: int, total: int, found: int) -> None:
        if done == 2:
            stop.set()

    place = lakes / "images", lakes / "masks", lakes / "set"
    with pytest.raises(Cancelled, match="Run the same again to go on"):
        import_set(*place, options, progress=ask, cancel=stop)
    assert not (lakes / "set").exists()
    shown: list[int] = []
    made = import_set(*place, options, progress=lambda done, total, found: shown.append(done))
    assert 0 < made.resumed < 6
    assert shown == list(range(made.resumed, 7))  # so the time left is that of what is left
    assert files_of(lakes / "set") == whole


def test_look_alikes_go_to_the_same_split(tmp_path: Path) -> None:
    write_lakes(tmp_path, 5)
    for number in range(5):
        mask = lake(number)
        image = landscape(mask, number)
        write_pair(tmp_path, f"again{number}", image[:, ::-1].copy(), mask[:, ::-1])
    made = run(tmp_path, split=(40, 30, 30))
    split = {Path(chip.source).stem: chip.split for chip in made.chips}
    assert all(split[f"lake{number:02d}"] == split[f"again{number}"] for number in range(5))
    assert len(set(split.values())) == 3


def test_large_images_are_cut_and_small_ones_stay_whole(tmp_path: Path) -> None:
    for name, height, width in (("big", 150, 210), ("small", 40, 30)):
        mask = lake(1, height, width)
        write_pair(tmp_path, name, landscape(mask, 1), mask)
    made = run(tmp_path, tile=64, stride=48, audit="off")
    sizes = {(chip.height, chip.width) for chip in made.chips if chip.source == "big.png"}
    assert sizes == {(64, 64)}
    corners = {(chip.row, chip.col) for chip in made.chips if chip.source == "big.png"}
    assert corners == {(r, c) for r in (0, 48, 86) for c in (0, 48, 96, 144)} or len(corners) >= 6
    (small,) = (chip for chip in made.chips if chip.source == "small.png")
    assert (small.height, small.width) == (40, 30)
    assert len({chip.split for chip in made.chips if chip.source == "big.png"}) == 1
    found = DatasetFolder(tmp_path / "set")
    drawn = np.asarray(Image.open(tmp_path / "masks" / "big.png")) > 0
    for chip in found.chips:
        if chip.source == "big.png":
            part = drawn[chip.row : chip.row + 64, chip.col : chip.col + 64]
            np.testing.assert_array_equal(found.mask(chip) == 1, part)


def test_dry_chips_are_kept_in_the_ratio_asked_for(tmp_path: Path) -> None:
    write_lakes(tmp_path, 4)
    for number in range(8):
        dry = np.zeros((96, 96), bool)
        write_pair(tmp_path, f"dry{number}", landscape(dry, 50 + number), dry)
    made = run(tmp_path, negatives=0.5)
    assert sum(chip.is_dry for chip in made.chips) == 2
    assert sum(not chip.is_dry for chip in made.chips) == 4
    folder = tmp_path / "set"
    assert len(list((folder / "masks").iterdir())) == 6


def test_classes_are_taken_by_their_numbers(tmp_path: Path) -> None:
    mask = lake(0).astype(np.uint8)
    mask[:, 48:][mask[:, 48:] > 0] = 2
    write_pair(tmp_path, "both", landscape(mask > 0, 0), mask)
    Image.fromarray(mask).save(tmp_path / "masks" / "both.png")
    run(tmp_path, label="lake ; river")
    found = DatasetFolder(tmp_path / "set")
    assert found.about.labels == ("lake", "river")
    assert found.about.prefix == "segment lake ; river"
    (chip,) = found.chips
    assert chip.suffix.endswith(" river")
    np.testing.assert_array_equal(found.mask(chip), mask)


def test_jpeg_masks_are_cut_without_loss_and_said(lakes: Path) -> None:
    drawn = np.asarray(Image.open(lakes / "masks" / "lake00.png"))
    (lakes / "masks" / "lake00.png").unlink()
    Image.fromarray(drawn).save(lakes / "masks" / "lake00.jpg", quality=75)
    made = run(lakes)
    assert kinds_of(made) == {"lake00.png": {"grey"}}
    found = DatasetFolder(lakes / "set")
    (chip,) = (chip for chip in found.chips if chip.source == "lake00.png")
    np.testing.assert_array_equal(found.mask(chip), drawn > 0)


def spoil(lakes: Path) -> dict[str, str]:
    """Make most pairs unusable, each in another way; the kind of each."""
    blob = (lakes / "images" / "lake00.png").read_bytes()
    (lakes / "images" / "lake00.png").write_bytes(blob[: len(blob) // 2])
    Image.fromarray(np.zeros((50, 40), np.uint8)).save(lakes / "masks" / "lake01.png")
    photo = np.asarray(Image.open(lakes / "images" / "lake02.png"))
    Image.fromarray(photo).save(lakes / "masks" / "lake02.png")
    (lakes / "masks" / "lake03.png").write_text("no picture")
    black = np.zeros((96, 96, 3), np.uint8)
    Image.fromarray(black).save(lakes / "images" / "lake04.png")
    kinds = ("unreadable", "size", "not_a_mask", "unreadable", "blank")
    return {f"lake{number:02d}.png": kind for number, kind in enumerate(kinds)}


@pytest.mark.parametrize("audit", ["off", "report", "fix"])
def test_what_cannot_be_used_is_named_and_set_aside_and_the_rest_goes_on(
    lakes: Path, audit: str
) -> None:
    kinds = spoil(lakes)
    made = run(lakes, audit=audit)
    assert [chip.source for chip in made.chips] == ["lake05.png"]
    assert kinds_of(made) == {name: {kind} for name, kind in kinds.items()}
    with (lakes / "set" / "audit.csv").open(newline="") as source:
        rows = {row["image"]: row for row in csv.DictReader(source)}
    assert all(rows[name]["done"] == "set aside" for name in kinds)
    assert "libpng" in rows["lake00.png"]["why"] or "lake00.png" in rows["lake00.png"]["why"]
    assert rows["lake01.png"]["why"] == "The image has 96x96 pixels, the mask 40x50."
    page = (lakes / "set" / "audit.html").read_text()
    assert page.count("<figure>") == page.count("<img ") == len(kinds)  # a picture of each
    aside = {path.name for path in (lakes / "set" / "rejected").iterdir()}
    assert {"lake02.png", "lake02_mask.png", "lake00.png"} <= aside


def test_fix_mends_what_can_be_and_sets_the_rest_aside(lakes: Path) -> None:
    inverted = np.asarray(Image.open(lakes / "masks" / "lake00.png")) == 0
    Image.fromarray(inverted.astype(np.uint8) * 255).save(lakes / "masks" / "lake00.png")
    image = np.array(Image.open(lakes / "images" / "lake01.png"))
    mask = np.array(Image.open(lakes / "masks" / "lake01.png"))
    image[:, :10], mask[:, :10] = 0, 255
    write_pair(lakes, "lake01", image, mask > 0)
    options = ImportOptions(audit="fix")
    place = lakes / "images", lakes / "masks", lakes / "set"
    made = import_set(*place, options, witness=blue_witness())
    assert kinds_of(made) == {"lake00.png": {"inverted"}, "lake01.png": {"border"}}
    found = DatasetFolder(lakes / "set")
    assert len(found.chips) == 5
    (chip,) = (chip for chip in found.chips if chip.source == "lake01.png")
    assert (found.mask(chip)[:, :10] == UNKNOWN).all()
    assert found.image(chip)[:, :10].min() > 10  # as a model sees it: filled, not black
    aside = np.asarray(Image.open(lakes / "set" / "rejected" / f"{made.records[0].id}_mask.png"))
    np.testing.assert_array_equal(aside > 0, inverted)


def test_copies_are_set_aside_by_fix(lakes: Path) -> None:
    for part in ("images", "masks"):
        blob = (lakes / part / "lake03.png").read_bytes()
        (lakes / part / "zz.png").write_bytes(blob)
    made = run(lakes, audit="fix")
    assert kinds_of(made) == {"zz.png": {"duplicate"}}
    assert len(made.chips) == 6


def test_names_match_without_what_tools_add(tmp_path: Path) -> None:
    for name in ("a_sat.jpg", "b.png", "C_image.tif", "alone.png", "a_mask.png"):
        (tmp_path / "one").mkdir(exist_ok=True)
        (tmp_path / "one" / name).write_bytes(b"")
    for name in ("b.png", "c_label.png", "mask_other.png"):
        (tmp_path / "two").mkdir(exist_ok=True)
        (tmp_path / "two" / name).write_bytes(b"")
    pairs, notes = find_pairs(tmp_path / "one", tmp_path / "two")
    assert {(pair.image.name, pair.mask.name) for pair in pairs} == {
        ("b.png", "b.png"),
        ("C_image.tif", "c_label.png"),
    }
    assert notes == [
        "3 images have no mask and were left out: a_mask.png, a_sat.jpg, alone.png.",
        "1 mask has no image and was left out: mask_other.png.",
    ]
    pairs, _ = find_pairs(tmp_path / "one", tmp_path / "one")
    assert [(pair.image.name, pair.mask.name) for pair in pairs] == [("a_sat.jpg", "a_mask.png")]


def test_no_pairs_are_told_with_what_is_there(lakes: Path) -> None:
    for path in list((lakes / "masks").iterdir()):
        path.rename(path.with_name("x" + path.name))
    with pytest.raises(DatasetError, match=r"No image of .* \(lake00\.png.*has a mask of its name"):
        run(lakes)
    assert not (lakes / "set").exists()


def test_a_missing_folder_and_two_images_of_one_name_are_told(lakes: Path) -> None:
    with pytest.raises(DatasetError, match="does not exist"):
        import_set(lakes / "nowhere", lakes / "masks", lakes / "set", ImportOptions(model="none"))
    (lakes / "images" / "lake00.jpg").write_bytes((lakes / "images" / "lake00.png").read_bytes())
    with pytest.raises(DatasetError, match=r"lake00\.jpg and lake00\.png .* have the same name"):
        run(lakes)


def test_nothing_usable_is_told_with_the_first_reason_and_leaves_nothing(tmp_path: Path) -> None:
    write_pair(tmp_path, "dry", landscape(np.zeros((96, 96), bool), 0), np.zeros((96, 96), bool))
    photograph = landscape(lake(0), 0)
    Image.fromarray(photograph).save(tmp_path / "masks" / "dry.png")
    told = r"gave a chip with water that can be used\. The first reason: dry\.png is not a mask: it"
    with pytest.raises(DatasetError, match=told):
        run(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"images", "masks"}


def test_a_mask_that_cannot_be_read_is_not_taken_for_its_image_of_the_same_name(
    lakes: Path,
) -> None:
    mask = lakes / "masks" / "lake00.png"
    mask.write_bytes(mask.read_bytes()[:200])
    (record,) = (record for record in run(lakes).records if record.findings)
    assert record.findings[0].why.startswith("The mask lake00.png cannot be read: ")


def test_the_picture_of_a_set_names_its_chips(lakes: Path) -> None:
    run(lakes)
    with Image.open(lakes / "set" / "map.png") as page:
        pixels = np.asarray(page)
    head, names = pixels[8:36], pixels[42:60]
    assert (head < 128).any()
    assert (names < 160).any()
    assert (pixels[:, :8] == 255).all()


def test_an_existing_set_is_not_touched(lakes: Path) -> None:
    (lakes / "set").mkdir()
    with pytest.raises(OutputError, match="exists already"):
        run(lakes)
    assert list((lakes / "set").iterdir()) == []


def test_a_stride_needs_a_tile() -> None:
    with pytest.raises(OptionError, match="needs --tile"):
        ImportOptions(stride=10)


def test_the_command_says_what_it_did(lakes: Path) -> None:
    place = [str(lakes / "images"), str(lakes / "masks"), "-o", str(lakes / "set")]
    told = CliRunner().invoke(command, [*place, "--model", "none", "--json"])
    assert told.exit_code == 0, told.output
    words = json.loads(told.stdout)
    assert words["chips"] == 6
    assert words["findings"] == {}
    assert f"{lakes / 'set'}: 6 chips (" in told.stderr


def test_the_page_of_audits_has_the_options_of_import_and_audit() -> None:
    page = (Path(__file__).parents[2] / "docs/AUDIT.md").read_text()
    assert with_table(page) == page, "python -m waterseg_core.cli.table docs/AUDIT.md renews it"
    assert all(f"| `{kind}` |" in page for kind in KINDS)
