# SPDX-License-Identifier: GPL-3.0-or-later
"""A set trains with the official tools as it is: `datasets`, the processor, `supervision`."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small_sets import write_set
from transformers import PaliGemmaProcessor

from waterseg_core.dataset.export import export
from waterseg_core.dataset.folder import DatasetFolder
from waterseg_core.finetuning.collate import Collator, Example
from waterseg_core.maskcodec_files import BUNDLED
from waterseg_core.options_dataset_show import ExportOptions
from waterseg_core.paligemma.prompt import Prompt
from waterseg_core.tokens import format_text, parse_text
from waterseg_core.vocabulary import Vocabulary, format_ids

NANO = BUNDLED.parent
PAGE = Path(__file__).parents[2] / "docs" / "INTEROPERABILITY.md"
LABELS = ("lake", "river")
#: What `datasets` calls our splits.
THEIR_NAMES = {"train": "train", "val": "validation", "test": "test"}


@pytest.fixture(scope="module")
def ponds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set with everything that a real one has beside chips: a map, a card, rejected chips."""
    folder = write_set(tmp_path_factory.mktemp("sets") / "ponds", 12, labels=LABELS)
    (folder / "rejected").mkdir()
    for name in ("map.png", "rejected/scene-99.png"):
        (folder / name).write_bytes((folder / "train" / "scene-0.png").read_bytes())
    return folder


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """`datasets.load_dataset` with a cache of its own and no network."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    datasets.disable_progress_bars()
    try:
        yield lambda kind, **how: datasets.load_dataset(kind, cache_dir=str(tmp_path), **how)
    finally:
        datasets.enable_progress_bars()


def test_datasets_loads_the_folder_as_an_image_folder(ponds: Path, load: Any) -> None:
    loaded, source = load("imagefolder", data_dir=str(ponds)), DatasetFolder(ponds)
    assert set(loaded) == set(THEIR_NAMES.values())
    for ours, theirs in THEIR_NAMES.items():
        chips = {chip.suffix: chip for chip in source.chips if chip.split == ours}
        assert loaded[theirs].column_names == ["image", "prefix", "suffix"]
        assert len(loaded[theirs]) == sum(chip.split == ours for chip in source.chips)
        for row in loaded[theirs]:
            chip = chips[row["suffix"]]
            assert row["prefix"] == "segment lake ; river"
            if not chip.is_dry:  # dry ones have one suffix, so which one it is cannot be told
                assert np.array_equal(np.asarray(row["image"]), source.image(chip))
    dry = [row for split in loaded.values() for row in split if row["suffix"] == ""]
    assert len(dry) == 3  # the empty answer is text, not a missing value


def test_datasets_loads_the_lines_as_json(ponds: Path, load: Any) -> None:
    files = {split: str(ponds / f"{split}.jsonl") for split in THEIR_NAMES}
    loaded = load("json", data_files=files)
    for split in THEIR_NAMES:
        entries = DatasetFolder(ponds).entries(split)
        assert loaded[split].to_list() == [
            {"image": entry.image, "prefix": entry.prefix, "suffix": entry.suffix}
            for entry in entries
        ]


def test_a_set_without_val_and_test_loads_too(tmp_path: Path, load: Any) -> None:
    folder = write_set(tmp_path / "few", 2)
    loaded = load("imagefolder", data_dir=str(folder))
    assert {name: len(rows) for name, rows in loaded.items()} == {"train": 2}


@pytest.fixture(scope="module")
def processor() -> Any:
    """The processor as everybody loads it, from the bundled checkpoint."""
    return PaliGemmaProcessor.from_pretrained(NANO)


def our_batch(processor: Any, prefix: str, suffixes: list[str]) -> Any:
    """What fine-tuning here makes of the same lines."""
    prompt = Prompt.parse(prefix)
    ids = Vocabulary.of(processor.tokenizer, prompt.labels)
    start = prompt.prefix_ids(processor.tokenizer, ids)
    pixels = torch.zeros(3, 256, 256)
    examples = [
        Example(pixels, start, (tuple(format_ids(parse_text(suffix), ids)),)) for suffix in suffixes
    ]
    return Collator(ids.image, processor.image_seq_length, ids.pad)(examples)


def test_the_processor_gives_the_labels_that_our_collator_gives(
    ponds: Path, load: Any, processor: Any
) -> None:
    rows = [row for split in load("imagefolder", data_dir=str(ponds)).values() for row in split]
    suffixes = [row["suffix"] for row in rows]
    assert "" in suffixes
    assert any(suffix.count(";") for suffix in suffixes)
    theirs = processor(
        text=["<image>" + row["prefix"] for row in rows],
        images=[row["image"] for row in rows],
        suffix=suffixes,
        padding="longest",
        return_tensors="pt",
    )
    batch = our_batch(processor, rows[0]["prefix"], suffixes)
    labels = batch.labels
    for number, suffix in enumerate(suffixes):
        real = theirs["attention_mask"][number].bool()  # it pads on the left, we on the right
        count = int(real.sum())
        assert batch.ids[number, :count].tolist() == theirs["input_ids"][number, real].tolist()
        assert labels[number, :count].tolist() == theirs["labels"][number, real].tolist()
        learned = theirs["labels"][number][theirs["labels"][number] != -100].tolist()
        assert learned[-1] == processor.tokenizer.eos_token_id
        assert processor.tokenizer.decode(learned[:-1]) == suffix


def test_the_python_of_the_page_runs(
    ponds: Path, load: Any, supervision: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    export(DatasetFolder(ponds), tmp_path / "ponds-coco", ExportOptions(to="coco"))
    (tmp_path / "ponds").symlink_to(ponds)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) == 4
    names: dict[str, Any] = {"checkpoint": str(NANO)}
    for block in blocks:
        exec(block, names)
    assert names["batch"]["labels"].shape[0] == len(names["rows"]) == 6
    assert len(names["boxes"]) == names["suffix"].count(";") + 1
    masks = [DatasetFolder(ponds).mask(c) for c in DatasetFolder(ponds).chips if c.split == "train"]
    assert names["water"] == sum(np.isin(mask, (1, 2)).sum() for mask in masks)


def test_each_box_and_code_is_one_token(ponds: Path, processor: Any) -> None:
    ids = Vocabulary.of(processor.tokenizer, LABELS)
    special = {*ids.locations, *ids.segments}
    for chip in DatasetFolder(ponds).chips:
        found = processor.tokenizer.encode(chip.suffix, add_special_tokens=False)
        assert sum(token in special for token in found) == 20 * chip.instances


#: supervision's parser knows detections only: its pattern wants the label behind the box.
CODES = re.compile(r"(<seg\d{3}>)+")


@pytest.fixture(scope="module")
def supervision() -> Any:
    """The library; it does without OpenCV, and says so when it is imported."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "OpenCV", UserWarning)
        import supervision
    return supervision


@pytest.mark.parametrize(("width", "height"), [(448, 448), (1024, 1024), (640, 333)])
def test_supervision_reads_our_suffixes_into_the_same_boxes(
    ponds: Path, supervision: Any, width: int, height: int
) -> None:
    """It divides by 1024 where the encoder multiplied by 1023: exactly that share smaller."""
    wet = [chip for chip in DatasetFolder(ponds).chips if not chip.is_dry]
    assert any(chip.instances > 1 for chip in wet)
    for chip in wet:
        ours = parse_text(chip.suffix)
        found = supervision.Detections.from_vlm(
            supervision.VLM.PALIGEMMA, CODES.sub("", chip.suffix), resolution_wh=(width, height)
        )
        assert found.data["class_name"].tolist() == [instance.label for instance in ours]
        expected = np.array([[box[1], box[0], box[3], box[2]] for box in (i.box for i in ours)])
        scale = np.array([width, height, width, height])
        np.testing.assert_allclose(found.xyxy, expected * scale * 1023 / 1024, rtol=1e-12, atol=0)
        assert np.abs(found.xyxy - expected * scale).max() <= max(width, height) / 1024


def test_supervision_reads_no_masks_yet(ponds: Path, supervision: Any) -> None:
    """Why the codes must be taken out for it; should this fail, docs/INTEROPERABILITY.md is old."""
    chip = DatasetFolder(ponds).chips[0]
    found = supervision.Detections.from_vlm(
        supervision.VLM.PALIGEMMA, chip.suffix, resolution_wh=(448, 448)
    )
    assert len(found) == 0


def test_the_suffix_is_the_text_that_the_official_parser_expects(ponds: Path) -> None:
    """Big_vision's parser takes, again and again, text up to a box, codes, and a label up to ;."""
    official = re.compile(
        r"(.*?)" + r"<loc(\d{4})>" * 4 + "(?:" + r"<seg(\d{3})>" * 16 + r")?\s*([^;<>]+)? ?(?:; )?"
    )
    for chip in DatasetFolder(ponds).chips:
        text, found = chip.suffix, []
        while text:
            match = official.match(text)
            assert match is not None, text
            groups = match.groups()
            assert groups[0] == ""
            found.append((tuple(map(int, groups[1:5])), tuple(map(int, groups[5:21])), groups[21]))
            text = text[match.end() :]
        expected = [
            (tuple(round(value * 1023) for value in each.box), each.codes, each.label)
            for each in parse_text(chip.suffix)
        ]
        assert [(box, codes, (label or "").strip()) for box, codes, label in found] == expected
        assert format_text(parse_text(chip.suffix)) == chip.suffix
