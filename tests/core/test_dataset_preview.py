# SPDX-License-Identifier: GPL-3.0-or-later
"""The preview of a set: one page, worst first, bounded, without network, true to the set."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import os
import re
import shutil
import threading
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_sets import bundled, write_lines, write_set

from waterseg_core.cli.main import run
from waterseg_core.dataset.answer import iou_of, say_again
from waterseg_core.dataset.folder import Chip, DatasetFolder, write_index
from waterseg_core.dataset.foreign import ForeignSet
from waterseg_core.dataset.preview import Preview, sample_of, write_preview
from waterseg_core.dataset.preview_chip import AGREED, EXTRA, LAND, MISSED, card_of
from waterseg_core.errors import Cancelled, OutputError
from waterseg_core.options_dataset_show import PreviewOptions
from waterseg_core.tokens import parse_text


class Page(HTMLParser):
    """What a browser would load and show of a page: cards in order, and all addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.cards: list[dict[str, str]] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.addresses += [found[name] for name in ("src", "href", "action") if name in found]
        if found.get("class") == "card":
            self.cards.append(found)


def preview(folder: Path, output: Path, **options: object) -> tuple[Preview, Page]:
    chosen = PreviewOptions(**options)  # type: ignore[arg-type]
    made = write_preview(DatasetFolder(folder), bundled(), output, chosen)
    return made, Page(output.read_text(encoding="utf-8"))


@pytest.fixture
def ponds(tmp_path: Path) -> Path:
    return write_set(tmp_path / "ponds", 8)


def test_every_chip_is_shown_worst_first(ponds: Path, tmp_path: Path) -> None:
    made, page = preview(ponds, tmp_path / "preview.html")
    chips = {chip.id: chip for chip in DatasetFolder(ponds).chips}
    assert {card["data-name"] for card in page.cards} == chips.keys()
    ious = [float(card["data-iou"]) for card in page.cards]
    wet = [iou for iou in ious if iou >= 0]
    assert wet == sorted(wet)
    assert ious[len(wet) :] == [-1, -1]  # dry ones come last
    for card in page.cards:
        stated = chips[card["data-name"]].round_trip_iou
        assert float(card["data-iou"]) == pytest.approx(-1 if stated is None else stated, abs=1e-6)
    assert made.iou == pytest.approx(np.mean(wet), abs=1e-6)
    assert (made.shown, made.total, made.dry, made.faults) == (8, 8, 2, ())


def test_the_page_loads_nothing_but_its_own_pictures(ponds: Path, tmp_path: Path) -> None:
    _, page = preview(ponds, tmp_path / "preview.html")
    assert len(page.addresses) == 3 * 8
    assert all(address.startswith("data:image/webp;base64,") for address in page.addresses)
    assert not {"link", "iframe", "object", "embed"} & set(page.tags)
    text = (tmp_path / "preview.html").read_text()
    assert "default-src 'none'" in text
    assert not re.search(r"https?:|url\(|@import", re.sub(r"base64,[^\"]*", "", text))


def test_the_same_set_gives_the_same_bytes(ponds: Path, tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        preview(ponds, tmp_path / name, chips=5, seed=3)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_larger_set_is_sampled_and_the_page_says_so(ponds: Path, tmp_path: Path) -> None:
    made, page = preview(ponds, tmp_path / "preview.html", chips=3, seed=1)
    assert (made.shown, made.total, len(page.cards)) == (3, 8, 3)
    text = (tmp_path / "preview.html").read_text()
    assert "3 of 8 chips, a random sample (seed 1)." in text


def test_samples_follow_their_seed() -> None:
    chips = [Chip(f"{number:04d}", "train", "") for number in range(1000)]
    first = sample_of(chips, 50, 0)
    assert first == sample_of(chips, 50, 0)
    assert [chip.id for chip in first] == sorted({chip.id for chip in first})
    assert first != sample_of(chips, 50, 1)
    assert sample_of(chips, 1000, 0) == chips


def test_the_page_is_bounded(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "large", 4, side=600)
    _, page = preview(folder, tmp_path / "preview.html")
    assert (tmp_path / "preview.html").stat().st_size < 4 * 60_000 + 20_000
    for address in page.addresses:
        picture = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))
        assert max(picture.size) == 240


def test_the_colours_say_what_is_agreed_missed_and_added(ponds: Path) -> None:
    source = DatasetFolder(ponds)
    chip = source.chips[0]
    card = card_of(source, chip, bundled())
    drawn = source.mask(chip)
    said = say_again(parse_text(chip.suffix), ("water",), bundled(), *drawn.shape)
    picture = Image.open(io.BytesIO(base64.b64decode(card.pictures[1].partition(",")[2])))
    colours = np.asarray(picture.convert("RGBA"))
    known = drawn != 255
    for where, colour in (
        ((drawn == 1) & (said == 1), (*AGREED, 255)),
        ((drawn == 1) & (said == 0), (*MISSED, 255)),
        ((drawn == 0) & (said == 1), (*EXTRA, 255)),
        ((drawn == 0) & (said == 0), LAND),
    ):
        assert where.any()
        assert np.array_equal(colours[where & known], np.tile(colour, (np.sum(where & known), 1)))
    assert card.iou == pytest.approx(iou_of(drawn, said))


def test_two_classes_that_are_mixed_up_do_not_agree(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "two", 3, labels=("lake", "river"))
    whole = DatasetFolder(folder)
    swapped = [
        dataclasses.replace(
            chip,
            suffix=chip.suffix.replace("lake", "?").replace("river", "lake").replace("?", "river"),
        )
        for chip in whole.chips
    ]
    write_index(folder, whole.about, swapped)
    made, _ = preview(folder, tmp_path / "preview.html")
    assert made.iou == pytest.approx(0, abs=0.05)
    assert "another class" in (tmp_path / "preview.html").read_text()


def test_what_a_set_says_cannot_become_markup(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "hostile", 2)
    whole = DatasetFolder(folder)
    about = dataclasses.replace(
        whole.about,
        prefix='segment "<script>alert(1)</script>',
        licence="<img src=x onerror=alert(1)>",
        notes=("<b>bold</b>",),
    )
    chips = [dataclasses.replace(chip, source='"><script src=x>') for chip in whole.chips]
    write_index(folder, about, chips)
    _, page = preview(folder, tmp_path / "preview.html")
    assert page.tags.count("script") == 1
    assert page.tags.count("img") == 3 * 2
    assert page.tags.count("b") == 5 + 2  # the figures' own
    assert all(address.startswith("data:") for address in page.addresses)


def test_broken_and_missing_pictures_get_a_card_with_the_reason(
    ponds: Path, tmp_path: Path
) -> None:
    chips = DatasetFolder(ponds).chips
    whole = (ponds / chips[0].image).read_bytes()
    (ponds / chips[0].image).write_bytes(whole[: len(whole) // 2])
    (ponds / chips[1].image).unlink()
    (ponds / "masks" / f"{chips[2].id}.png").unlink()
    made, page = preview(ponds, tmp_path / "preview.html")
    assert len(made.faults) == 3
    assert [card["data-state"] for card in page.cards[:4]] == ["broken"] * 3 + ["water"]
    text = (tmp_path / "preview.html").read_text()
    assert "3 of the chips cannot be shown; they come first." in text
    assert f"{chips[1].id}.png is missing" in text


def test_a_stop_leaves_nothing(ponds: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled, match="no preview was written"):
        write_preview(
            DatasetFolder(ponds), bundled(), tmp_path / "p.html", PreviewOptions(), cancel=stop
        )
    assert not list(tmp_path.glob("*.html"))


def test_a_page_that_is_there_is_kept_unless_asked(ponds: Path, tmp_path: Path) -> None:
    page = tmp_path / "preview.html"
    page.write_text("mine")
    with pytest.raises(OutputError, match="--overwrite"):
        preview(ponds, page)
    assert page.read_text() == "mine"
    preview(ponds, page, overwrite=True)
    assert page.read_text() != "mine"


def test_a_set_of_others_is_shown_as_its_tokens_say(tmp_path: Path) -> None:
    ours = DatasetFolder(write_set(tmp_path / "ours", 4))
    theirs = tmp_path / "theirs"
    lines = [(f"{chip.id}.png", "segment water", chip.suffix) for chip in ours.chips]
    write_lines(theirs / "_annotations.train.jsonl", lines)
    for chip in ours.chips:
        Image.fromarray(ours.image(chip)).save(theirs / f"{chip.id}.png")
    made = write_preview(
        ForeignSet(theirs, bundled()), bundled(), tmp_path / "p.html", PreviewOptions()
    )
    assert (made.shown, made.dry, made.iou) == (4, 1, 1.0)


def test_the_command_tells_and_shows(
    ponds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "preview.html"
    assert run(["dataset", "preview", str(ponds), "-o", str(output), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["chips"] == 8
    assert re.fullmatch(r"8 chips, IoU 0\.\d{3} \(pooled 0\.\d{3}\): .*preview\.html\n", told.err)


def make_newer(folder: Path) -> None:
    about = json.loads((folder / "dataset.json").read_text())
    (folder / "dataset.json").write_text(json.dumps(about | {"format": 99}))


def make_boxes(folder: Path) -> None:
    shutil.rmtree(folder)
    box = "<loc0100><loc0200><loc0500><loc0600> water"
    write_lines(folder / "train.jsonl", [("a.png", "detect water", box)])


def make_unknown_codec(folder: Path) -> None:
    whole = DatasetFolder(folder)
    about = dataclasses.replace(whole.about, codec="mine.npz", codec_sha256="0" * 64)
    write_index(folder, about, whole.chips)


def make_empty(folder: Path) -> None:
    write_index(folder, DatasetFolder(folder).about, [])


def take_images(folder: Path) -> None:
    for chip in DatasetFolder(folder).chips:
        (folder / chip.image).unlink()


@pytest.mark.parametrize(
    ("spoil", "more", "code", "words"),
    [
        (shutil.rmtree, [], 3, "Give the folder of a training set"),
        (make_newer, [], 3, "was written by a newer waterseg"),
        (make_boxes, [], 3, "To segment, masks are needed"),
        (make_unknown_codec, [], 4, "does not come with waterseg: give the file with --codec"),
        (make_unknown_codec, ["--codec", "bundled"], 4, "is not the codec that made the suffixes"),
        (make_empty, [], 3, "has no chips to show"),
        (take_images, [], 3, "No chip can be shown. The first:"),
        (None, ["--codec", "gone.npz"], 4, "There is no mask codec at gone.npz"),
        (None, ["--chips", "0"], 2, "--chips 0: must be 1 to 10000"),
        (None, ["-o", "nowhere/preview.html"], 5, "does not exist; make it first"),
        (None, ["-o", "."], 5, "give the name of a file"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(
    spoil: Callable[[Path], None] | None,
    more: list[str],
    code: int,
    words: str,
    ponds: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ponds.parent)
    if spoil is not None:
        spoil(ponds)
    assert run(["dataset", "preview", str(ponds), "-o", "preview.html", *more]) == code
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert words in line
    assert not Path("preview.html").exists()


@pytest.mark.skipif(os.name == "nt", reason="folders are not made read-only this way on Windows")
def test_a_read_only_folder_is_told(ponds: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(OutputError, match="read-only"):
            preview(ponds, tmp_path / "preview.html")
    finally:
        tmp_path.chmod(0o755)
