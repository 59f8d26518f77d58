# SPDX-License-Identifier: GPL-3.0-or-later
"""An audit of a whole set: what it reports, what --fix changes and keeps, and that it can go on."""

from __future__ import annotations

import csv
import json
import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from drawn_lakes import lake, landscape, write_lakes, write_pair
from PIL import Image

from waterseg_core.cli.dataset_audit import command
from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.audit import Audited, audit_set
from waterseg_core.dataset.audit_fix import Plan, write_plan
from waterseg_core.dataset.audit_kinds import Finding
from waterseg_core.dataset.audit_records import Record, write_csv
from waterseg_core.dataset.folder import DatasetFolder, write_index
from waterseg_core.dataset.imports import import_set
from waterseg_core.errors import Cancelled, DatasetError, OutputError
from waterseg_core.options_dataset_audit import AuditOptions, ImportOptions


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set without fault; nobody may change it."""
    folder = tmp_path_factory.mktemp("ready")
    write_lakes(folder, 5)
    options = ImportOptions(audit="off")
    import_set(folder / "images", folder / "masks", folder / "set", options)
    return folder / "set"


@pytest.fixture
def ponds(ready: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(ready, tmp_path / "ponds"))


def audit(folder: Path, fix: bool = False, report: Path | None = None) -> Audited:
    return audit_set(folder, AuditOptions(model="none", fix=fix), report=report)


def found_in(done: Audited) -> dict[str, set[str]]:
    return {r.id: {f.kind for f in r.findings} for r in done.records if r.findings}


def mask_file(folder: Path, number: int) -> Path:
    return sorted((folder / "masks").iterdir())[number]


def redraw(file: Path, how: object) -> np.ndarray:
    """Put another mask in place of one; the old one."""
    old = np.array(Image.open(file))
    Image.fromarray(np.ascontiguousarray(how(old))).save(file)  # type: ignore[operator]
    return old


def test_nothing_is_found_in_a_set_without_fault(ponds: Path) -> None:
    before = {path.name for path in ponds.iterdir()}
    done = audit(ponds)
    assert found_in(done) == {}
    assert {path.name for path in ponds.iterdir()} - before == {"audit.csv", "audit.html"}


def test_a_report_names_chip_split_kind_cure_and_reason(ponds: Path) -> None:
    file = mask_file(ponds, 0)
    redraw(file, lambda mask: np.rot90(mask))
    done = audit(ponds)
    assert found_in(done) == {file.stem: {"turned"}}
    with (ponds / "audit.csv").open(newline="") as source:
        (row,) = csv.DictReader(source)
    assert row["id"] == file.stem
    assert (row["kind"], row["cure"], row["done"]) == ("turned", "set aside", "")
    assert row["split"] in row["image"]
    assert "turned right by 90°" in row["why"]
    page = (ponds / "audit.html").read_text(encoding="utf-8")
    assert file.stem in page
    assert page.count("data:image/jpeg;base64,") == 1
    assert "http" not in page  # it opens without network
    assert "prefers-color-scheme:dark" in page
    assert "5 chips were looked at; something was found at 1.</p>" in page


def test_fix_mends_masks_and_their_answers_and_keeps_the_others(ponds: Path) -> None:
    file = mask_file(ponds, 1)

    def lined(mask: np.ndarray) -> np.ndarray:
        mask[:2] = 1
        return mask

    before = {chip.id: chip for chip in DatasetFolder(ponds).chips}
    redraw(file, lined)
    done = audit(ponds, fix=True)
    assert found_in(done) == {file.stem: {"frame_line"}}
    found = DatasetFolder(ponds)
    assert len(found.chips) == 5
    for chip in found.chips:
        if chip.id == file.stem:
            assert (found.mask(chip)[:2] == UNKNOWN).all()
            assert chip.known_share < 1
            assert chip.suffix in (ponds / f"{chip.split}.jsonl").read_text()
        else:
            assert chip == before[chip.id]
    assert found_in(audit(ponds)) == {}


def test_fix_sets_aside_what_has_no_right_answer_and_deletes_nothing(ponds: Path) -> None:
    file = mask_file(ponds, 0)
    bad = 1 - redraw(file, lambda mask: 1 - mask)
    image = ponds / next(c.image for c in DatasetFolder(ponds).chips if c.id == file.stem)
    pixels = image.read_bytes()
    done = audit(ponds, fix=True)
    assert done.left == 4
    assert file.stem not in {chip.id for chip in DatasetFolder(ponds).chips}
    assert not file.exists()
    assert not image.exists()
    assert (ponds / "rejected" / f"{file.stem}.png").read_bytes() == pixels
    kept = np.asarray(Image.open(ponds / "rejected" / f"{file.stem}_mask.png"))
    np.testing.assert_array_equal(kept, bad)
    lines = "".join(path.read_text() for path in ponds.glob("*.jsonl"))
    assert file.stem not in lines


def test_a_grey_mask_is_cut(ponds: Path) -> None:
    file = mask_file(ponds, 2)
    old = np.array(Image.open(file))
    Image.fromarray(old * 255).save(file.with_suffix(".jpg"), quality=75)
    grey = np.array(Image.open(file.with_suffix(".jpg")))
    file.with_suffix(".jpg").unlink()
    Image.fromarray(grey).save(file)
    assert found_in(audit(ponds, fix=True)) == {file.stem: {"grey"}}
    np.testing.assert_array_equal(np.array(Image.open(file)), old)


def test_look_alikes_across_the_split_are_found_and_the_one_that_trains_goes(
    tmp_path: Path,
) -> None:
    write_lakes(tmp_path, 4)
    mask = lake(0)
    write_pair(tmp_path, "again", np.rot90(landscape(mask, 0)).copy(), np.rot90(mask))
    options = ImportOptions(audit="off")
    import_set(tmp_path / "images", tmp_path / "masks", tmp_path / "set", options)
    found = DatasetFolder(tmp_path / "set")
    chips = []
    for chip in found.chips:  # somebody moves one of the two to another split
        split = {"again": "test", "lake00": "train"}.get(chip.id[: -len("_00000_00000")])
        if split is not None and split != chip.split:
            (found.path / split).mkdir(exist_ok=True)
            moved = type(chip)(**{**vars_of(chip), "split": split})
            os.replace(found.path / chip.image, found.path / moved.image)
            chip = moved
        chips.append(chip)
    write_index(found.path, found.about, chips)
    done = audit(tmp_path / "set", fix=True)
    (record,) = (record for record in done.records if record.findings)
    assert record.id.startswith("lake00")
    assert [finding.why for finding in record.findings] == [
        "The image looks like again_00000_00000 in test."
    ]
    assert record.done == "set aside"


def vars_of(chip: object) -> dict[str, object]:
    return {name: getattr(chip, name) for name in chip.__dataclass_fields__}  # type: ignore[attr-defined]


def test_files_that_are_missing_or_cut_short_are_named(ponds: Path) -> None:
    chips = DatasetFolder(ponds).chips
    (ponds / chips[0].image).unlink()
    blob = (ponds / chips[1].image).read_bytes()
    (ponds / chips[1].image).write_bytes(blob[:900])
    done = audit(ponds)
    assert found_in(done) == {chips[0].id: {"unreadable"}, chips[1].id: {"unreadable"}}
    assert audit(ponds, fix=True).left == 3


def test_an_audit_that_was_stopped_goes_on(ponds: Path) -> None:
    stop = threading.Event()
    options = AuditOptions(model="none")

    def ask(done: int, total: int, found: int) -> None:
        stop.set()

    with pytest.raises(Cancelled, match="Run the same again"):
        audit_set(ponds, options, progress=ask, cancel=stop)
    done = audit_set(ponds, options)
    assert 0 < done.resumed <= 5
    assert not (ponds / ".audit").exists()


def test_a_chip_that_changed_meanwhile_is_looked_at_again(ponds: Path) -> None:
    stop = threading.Event()
    options = AuditOptions(model="none")
    with pytest.raises(Cancelled):
        audit_set(ponds, options, progress=lambda *at: stop.set(), cancel=stop)
    first = DatasetFolder(ponds).chips[0]
    redraw(ponds / "masks" / f"{first.id}.png", lambda mask: 1 - mask)
    assert found_in(audit_set(ponds, options)) == {first.id: {"inverted"}}


def test_a_mending_that_was_interrupted_is_completed(ponds: Path) -> None:
    chips = DatasetFolder(ponds).chips
    work = ponds / ".audit"
    work.mkdir()
    write_plan(work, Plan(mended=(chips[1].id,), aside=(chips[0].id,)))
    better = np.array(Image.open(ponds / "masks" / f"{chips[1].id}.png"))
    better[:5] = UNKNOWN
    Image.fromarray(better).save(work / f"{chips[1].id}.png")
    (ponds / "rejected").mkdir()  # half of the move was done
    os.replace(ponds / chips[0].image, ponds / "rejected" / f"{chips[0].id}.png")
    audit(ponds, fix=True)
    found = DatasetFolder(ponds)
    assert chips[0].id not in {chip.id for chip in found.chips}
    assert (ponds / "rejected" / f"{chips[0].id}_mask.png").is_file()
    (mended,) = (chip for chip in found.chips if chip.id == chips[1].id)
    np.testing.assert_array_equal(found.mask(mended), better)
    assert mended.known_share == pytest.approx(np.mean(better != UNKNOWN))


def test_a_set_is_not_emptied(ponds: Path) -> None:
    for number in range(5):
        redraw(mask_file(ponds, number), lambda mask: 1 - mask)
    with pytest.raises(DatasetError, match="so nothing was changed"):
        audit(ponds, fix=True)
    assert len(DatasetFolder(ponds).chips) == 5


def foreign(ponds: Path) -> Path:
    """The same set as Roboflow exports it: no masks, no index of ours."""
    for name in ("dataset.json", "manifest.csv"):
        (ponds / name).unlink()
    shutil.rmtree(ponds / "masks")
    for path in ponds.glob("*.jsonl"):
        path.rename(ponds / f"_annotations.{path.name}")
    return ponds


def test_a_set_of_others_is_looked_at_through_its_suffixes(ponds: Path) -> None:
    first = DatasetFolder(ponds).chips[0]
    folder = foreign(ponds)
    image = np.array(Image.open(folder / first.image))
    Image.fromarray(np.rot90(image, 2).copy()).save(folder / first.image)
    done = audit_set(folder, AuditOptions(model="none", codec="bundled"))
    assert found_in(done) == {first.id: {"turned"}}


def test_a_set_of_others_is_not_mended(ponds: Path) -> None:
    with pytest.raises(DatasetError, match="waterseg dataset retarget"):
        audit(foreign(ponds), fix=True)


def test_a_report_can_lie_elsewhere(ponds: Path, tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    before = {path.name for path in ponds.iterdir()}
    audit(ponds, report=tmp_path / "report")
    assert {path.name for path in ponds.iterdir()} == before
    assert {path.name for path in (tmp_path / "report").iterdir()} == {"audit.csv", "audit.html"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_set_is_told_in_a_sentence(ponds: Path) -> None:
    ponds.chmod(0o555)
    try:
        with pytest.raises(OutputError, match="read-only for you; name another folder"):
            audit(ponds)
    finally:
        ponds.chmod(0o755)


def test_a_folder_that_is_no_set_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetError):
        audit(tmp_path)


def test_the_command_counts_what_it_found(ponds: Path) -> None:
    redraw(mask_file(ponds, 0), lambda mask: 1 - mask)
    told = CliRunner().invoke(command, [str(ponds), "--model", "none", "--fix", "--json"])
    assert told.exit_code == 0, told.output
    words = json.loads(told.stdout)
    assert words["findings"] == {"inverted": 1}
    assert (words["left"], words["set_aside"], words["mended"]) == (4, 1, 0)
    assert "1  Inverted masks" in told.stderr


def test_a_label_that_was_mended_is_not_said_to_agree_with_the_model_now(tmp_path: Path) -> None:
    findings = (Finding("border", "a frame"), Finding("disagrees", "IoU 0.1"))
    write_csv(tmp_path / "audit.csv", [Record("a", "train", "a.png", findings, 0.1, "mended")])
    with (tmp_path / "audit.csv").open(newline="") as source:
        told = {row["kind"]: row["done"] for row in csv.DictReader(source)}
    assert told == {"border": "mended", "disagrees": ""}
