# SPDX-License-Identifier: GPL-3.0-or-later
"""An evaluation reads any kind of truth, survives interruption, and tells what is wrong."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio.features
import shapely
from PIL import Image
from pixelwise import PixelwiseSegmenter, lakes, write_scene

from waterseg_core.cli.main import run
from waterseg_core.errors import (
    AreaError,
    Cancelled,
    DatasetError,
    InputError,
    ModelError,
    OptionError,
    RasterError,
)
from waterseg_core.evaluation.answers import shown_by_qgis
from waterseg_core.evaluation.cases import Looked
from waterseg_core.evaluation.memory import Peak
from waterseg_core.evaluation.pictures import _outlines
from waterseg_core.evaluation.report import _watery
from waterseg_core.evaluation.result import Evaluation
from waterseg_core.evaluation.run import Progress, evaluate
from waterseg_core.evaluation.sets import source_of
from waterseg_core.evaluation.words import facts
from waterseg_core.maskcodec import MaskCodec, crop_to_box
from waterseg_core.options_evaluate import EvaluateOptions
from waterseg_core.segmenter import Segmenter
from waterseg_core.tokens import Instance, format_text

SIZES = [(70, 90), (64, 64), (100, 60), (80, 80)]


class Redder(PixelwiseSegmenter):
    """A worse segmenter: it takes for water what is bluer than red by 30."""

    name = "redder"

    def _one(self, image: np.ndarray) -> Any:
        changed = image.astype(np.int16)
        changed[..., 0] += 30
        return super()._one(np.clip(changed, 0, 255).astype(np.uint8))


def truth_of(rgb: np.ndarray) -> np.ndarray:
    """What `PixelwiseSegmenter` calls water, but for bodies below 10 pixels."""
    found: np.ndarray = rgb[..., 2] >= rgb[..., 0]
    return found


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """images/ and masks/ with four pairs; masks are black and white."""
    for part in ("images", "masks"):
        (tmp_path / part).mkdir()
    for number, size in enumerate(SIZES):
        rgb = lakes(*size, seed=number, smooth=9.0)
        Image.fromarray(rgb).save(tmp_path / "images" / f"{number}.png")
        mask = truth_of(rgb).astype(np.uint8) * 255
        Image.fromarray(mask).save(tmp_path / "masks" / f"{number}.png")
    return tmp_path


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("WATERSEG_CACHE", str(folder))
    return folder


def pairs(folder: Path, **more: Any) -> EvaluateOptions:
    where = {"images": str(folder / "images"), "masks": str(folder / "masks")}
    return EvaluateOptions(**{"resamples": 200, **where, **more})


def scored(
    options: EvaluateOptions,
    target: str | None = None,
    model: Segmenter | None = None,
    **how: Any,
) -> Evaluation:
    source = source_of(target, options)
    try:
        return evaluate(source, model or PixelwiseSegmenter(), options=options, **how)
    finally:
        source.close()


def numbers(found: Evaluation) -> dict[str, Any]:
    """Every number but those of time and memory."""
    told = found.model.to_dict()
    told["metrics"]["pooled"].pop("seconds")
    return {name: value for name, value in told.items() if "memory" not in name}


def test_a_model_that_says_the_truth_is_nearly_perfect(folders: Path) -> None:
    found = scored(pairs(folders, min_area=0.0))
    values = dict(found)
    assert values["iou per image"] == values["iou pooled"] == 1.0
    assert values["boundary_iou pooled"] == values["object_f1 pooled"] == values["pq pooled"] == 1.0
    assert values["area_error pooled"] == 0.0
    assert values["seconds pooled"] > 0


def test_small_bodies_are_left_out_of_the_answer_as_a_user_gets_it(folders: Path) -> None:
    values = dict(scored(pairs(folders)))
    assert 0.9 < values["iou pooled"] < 1.0
    assert values["object_f1 pooled"] == 1.0
    assert values["recall pooled"] < 1.0 == values["precision pooled"]


def test_two_models_are_compared_on_the_same_images(folders: Path) -> None:
    options = pairs(folders)
    found = evaluate(source_of(None, options), PixelwiseSegmenter(), Redder(), options)
    assert found.comparison is not None
    assert found.comparison.verdict == "better"
    assert found.comparison.sentence.startswith("pixelwise is better than redder")
    values = dict(found)
    difference = values["iou per image"] - values["baseline iou per image"]
    assert values["difference iou per image"] == pytest.approx(difference)


def test_an_evaluation_that_was_stopped_goes_on_and_gives_the_same(
    folders: Path, cache: Path
) -> None:
    options, stop = pairs(folders), threading.Event()
    whole = numbers(scored(options))

    def stop_after_two(progress: Progress) -> None:
        if progress.done == 2:
            stop.set()

    first = PixelwiseSegmenter()
    with pytest.raises(Cancelled, match="2 of 4 images"):
        scored(options, model=first, progress=stop_after_two, cancel=stop)
    assert list((cache / "jobs").iterdir())
    second = PixelwiseSegmenter()
    assert numbers(scored(options, model=second)) == whole
    assert 0 < second.seen < first.seen + second.seen
    assert not list((cache / "jobs").iterdir())


def test_a_changed_mask_is_another_evaluation(folders: Path) -> None:
    options, stop = pairs(folders), threading.Event()
    with pytest.raises(Cancelled):
        scored(options, progress=lambda done: done.done and stop.set(), cancel=stop)
    Image.fromarray(np.zeros(SIZES[0], np.uint8)).save(folders / "masks" / "0.png")
    model = PixelwiseSegmenter()
    assert dict(scored(options, model=model))["dry images"] == 1


def test_at_256_pixels_image_and_mask_are_squares(folders: Path) -> None:
    found = scored(pairs(folders, protocol="256"))
    assert {(one.height, one.width) for one in found.model.records} == {(256, 256)}
    assert dict(found)["iou per image"] > 0.9


def test_only_the_named_images_count(folders: Path) -> None:
    names = folders / "names.txt"
    names.write_text("1.jpg\n3.jpg\n")
    found = scored(pairs(folders, names=str(names)))
    assert [record.name for record in found.model.records] == ["1", "3"]


def test_black_frames_count_only_if_that_is_wanted(folders: Path) -> None:
    rgb = lakes(90, 90, seed=9)
    rgb[:, :20] = 0
    Image.fromarray(rgb).save(folders / "images" / "0.png")
    mask = np.zeros((90, 90), np.uint8)
    mask[:, :20] = 255
    Image.fromarray(mask).save(folders / "masks" / "0.png")
    known = [
        scored(pairs(folders, count_frames=count)).model.records[0].sums["known"]
        for count in (False, True)
    ]
    assert known == [90 * (90 - 22), 90 * 90]


def test_an_image_without_a_known_pixel_is_left_out_and_named(folders: Path) -> None:
    Image.fromarray(np.zeros((64, 64, 3), np.uint8)).save(folders / "images" / "1.png")
    found = scored(pairs(folders))
    assert found.about.left_out == ("1",)
    assert len(found.model.records) == 3


def jsonl(folder: Path, lines: list[dict[str, str]], name: str = "test.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_masks_beside_a_jsonl_file_are_the_truth_and_255_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "masks").mkdir()
    (tmp_path / "test").mkdir()
    rgb = lakes(64, 64, seed=2, smooth=9.0)
    classes = truth_of(rgb).astype(np.uint8) * 2
    classes[:, 40:] = 255
    Image.fromarray(rgb).save(tmp_path / "test" / "a.png")
    Image.fromarray(classes).save(tmp_path / "masks" / "a.png")
    line = {"image": "test/a.png", "prefix": "segment pond", "suffix": ""}
    source = source_of(str(jsonl(tmp_path, [line])), EvaluateOptions())
    assert source.prompt == "segment pond"
    found = scored(EvaluateOptions(min_area=0.0), str(tmp_path / "test.jsonl"))
    assert dict(found)["iou pooled"] == 1.0
    assert found.model.records[0].sums["known"] == 64 * 40
    by_folder = scored(EvaluateOptions(min_area=0.0), str(tmp_path))
    assert numbers(by_folder) == numbers(found)


def test_without_masks_the_truth_is_what_the_suffix_decodes_to(tmp_path: Path) -> None:
    rgb = lakes(64, 64, seed=4, smooth=12.0)
    Image.fromarray(rgb).save(tmp_path / "a.png")
    codec, box = MaskCodec.load(None), (0.0, 0.0, 1.0, 1.0)
    (codes,) = codec.encode(np.array(crop_to_box(truth_of(rgb), box)[None]))
    suffix = format_text([Instance(box, tuple(int(code) for code in codes), "water")])
    path = jsonl(tmp_path, [{"image": "a.png", "prefix": "segment water", "suffix": suffix}])
    found = scored(EvaluateOptions(truth_codec="nano"), str(path))
    assert dict(found)["iou pooled"] > 0.6
    assert "no mask" in found.about.notes[0]


def truth_file(path: Path, scene: Path, crs: str | None) -> Path:
    """The scene's own water as polygons, in another CRS if one is named."""
    with rasterio.open(scene) as source:
        water = truth_of(np.moveaxis(source.read(), 0, -1)).astype(np.uint8)
        shapes = rasterio.features.shapes(water, water > 0, transform=source.transform)
        polygons = [shapely.geometry.shape(shape) for shape, _ in shapes]
        pyogrio.raw.write(
            path,
            shapely.to_wkb(np.array(polygons)),
            field_data=[],
            fields=[],
            geometry_type="Polygon",
            crs=str(source.crs),
        )
    if crs is not None:
        frame = pyogrio.read_dataframe(path).to_crs(crs)
        path.unlink()
        frame.to_file(path)
    return path


@pytest.mark.parametrize("crs", [None, "EPSG:4326"])
def test_a_raster_is_compared_with_polygons_in_any_crs(tmp_path: Path, crs: str | None) -> None:
    scene = write_scene(tmp_path / "scene.tif", lakes(150, 200, seed=3), collar=4)
    truth = truth_file(tmp_path / "lakes.gpkg", scene, crs)
    options = EvaluateOptions(truth=str(truth), window=64, min_area=0.0)
    found = scored(options, str(scene))
    assert len(found.model.records) == 3 * 4
    assert sum(record.sums["known"] for record in found.model.records) == 142 * 192
    assert dict(found)["iou pooled"] > (0.999 if crs is None else 0.99)


def test_a_raster_that_was_stopped_while_it_is_segmented_goes_on(tmp_path: Path) -> None:
    scene = write_scene(tmp_path / "scene.tif", lakes(300, 200, seed=3))
    truth = truth_file(tmp_path / "lakes.gpkg", scene, None)
    options = EvaluateOptions(truth=str(truth), window=64, batch=2)
    whole, stop = numbers(scored(options, str(scene))), threading.Event()

    def stop_in_the_middle(progress: Progress) -> None:
        if progress.unit == "tiles" and progress.done > progress.total / 2:
            stop.set()

    with pytest.raises(Cancelled, match="0 of 20"):
        scored(options, str(scene), progress=stop_in_the_middle, cancel=stop)
    again = PixelwiseSegmenter()
    assert numbers(scored(options, str(scene), model=again)) == whole


def test_windows_are_read_as_they_were_found(tmp_path: Path) -> None:
    rgb = lakes(130, 100, seed=5, smooth=9.0)
    scene = write_scene(tmp_path / "scene.tif", rgb)
    truth = truth_file(tmp_path / "lakes.gpkg", scene, None)
    options = EvaluateOptions(truth=str(truth), window=64, min_area=0.0)
    records = scored(options, str(scene)).model.records
    wet = truth_of(rgb)
    assert [record.sums["found"] for record in records] == [
        wet[row : row + 64, col : col + 64].sum() for row in (0, 64, 128) for col in (0, 64)
    ]


def test_polygons_of_an_image_without_place_are_found_below_the_axis(make_raster: Any) -> None:
    from waterseg_core.raster import Scene

    path = make_raster(lakes(20, 30).transpose(2, 0, 1), crs=None, transform=None)
    with Scene.open(path) as scene:
        assert shown_by_qgis(scene.georef).transform.e == -1


def test_peak_memory_sees_what_was_held_meanwhile() -> None:
    peak = Peak.begin(None)
    held = np.ones(40_000_000, np.uint8)
    told = peak.end()
    assert told.process is not None
    assert told.process > held.nbytes
    assert told.gpu is None


Wrong = Callable[[Path], tuple[str | None, EvaluateOptions]]


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        (lambda f: (None, EvaluateOptions()), OptionError, "--images"),
        (lambda f: ("x.jsonl", pairs(f)), OptionError, "one of them"),
        (lambda f: (str(f / "none.jsonl"), EvaluateOptions()), DatasetError, "none.jsonl"),
        (lambda f: (str(f / "images"), EvaluateOptions()), DatasetError, "test.jsonl"),
        (lambda f: (str(f / "images" / "0.png"), EvaluateOptions()), OptionError, "--truth"),
        (lambda f: (None, pairs(f, names=str(f / "no.txt"))), OptionError, "no.txt"),
        (lambda f: (None, pairs(f, names=str(f / "images" / "0.png"))), OptionError, "as text"),
        (lambda f: (None, pairs(f, images=str(f))), DatasetError, "has the name of its image"),
        (lambda f: (None, pairs(f, images=str(f / "gone"))), OptionError, "gone"),
        (lambda f: (str(f / "no.tif"), EvaluateOptions(truth="t.gpkg")), RasterError, "no.tif"),
    ],
)
def test_what_cannot_be_evaluated_is_said_in_a_sentence(
    folders: Path, wrong: Wrong, error: type[InputError], said: str
) -> None:
    target, options = wrong(folders)
    with pytest.raises(error, match=re.escape(said)) as told:
        source_of(target, options)
    assert str(told.value).endswith((".", ")"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"image": "a.png", "prefix": "segment water"}', "suffix"),
        ("not json", "line 1"),
        ('{"image": "a.png", "prefix": "segment water", "suffix": "a lake"}', "no mask"),
        ('{"image": "b.png", "prefix": "segment water", "suffix": ""}', "b.png"),
        ("", "no lines"),
    ],
)
def test_lines_that_cannot_be_used_are_named(tmp_path: Path, line: str, said: str) -> None:
    Image.fromarray(lakes(64, 64)).save(tmp_path / "a.png")
    (tmp_path / "test.jsonl").write_text(line + "\n")
    with pytest.raises(DatasetError, match=said):
        source_of(str(tmp_path / "test.jsonl"), EvaluateOptions(truth_codec="nano"))


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda f: Image.fromarray(np.zeros((10, 20), np.uint8)).save(f / "masks" / "2.png"),
            r"2\.png.*20 × 10",
        ),
        (lambda f: cut_in_half(f / "masks" / "2.png"), r"2\.png is not a whole picture"),
        (lambda f: cut_in_half(f / "images" / "3.png"), r"3\.png is not a whole picture"),
        (lambda f: (f / "images" / "3.png").write_text("no picture"), r"3\.png is not a raster"),
    ],
)
def test_a_bad_file_is_named_before_a_model_works(
    folders: Path, spoil: Callable[[Path], object], said: str
) -> None:
    spoil(folders)
    with pytest.raises(InputError, match=said):
        source_of(None, pairs(folders))


def test_a_truth_that_lies_elsewhere_is_refused(tmp_path: Path) -> None:
    here = write_scene(tmp_path / "here.tif", lakes(64, 64))
    far = rasterio.Affine(10, 0, 900_000, 0, -10, 1_000_000)
    there = write_scene(tmp_path / "there.tif", lakes(64, 64), transform=far)
    truth = truth_file(tmp_path / "lakes.gpkg", there, None)
    with pytest.raises(AreaError, match="overlap"):
        source_of(str(here), EvaluateOptions(truth=str(truth)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"images": "a"},
        {"masks": "a"},
        {"truth": "a", "images": "b", "masks": "c"},
        {"truth": "a", "protocol": "256"},
        {"images": "a", "masks": "a"},
        {"baseline_answer": "grid"},
        {"protocol": "512"},
        {"window": 10},
        {"resamples": 1},
    ],
)
def test_options_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(OptionError):
        EvaluateOptions(**wrong)


class Page(HTMLParser):
    """What a page would fetch, and how its elements nest."""

    VOID = frozenset({"meta", "img", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.images = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.addresses += [str(known[name]) for name in ("src", "href") if name in known]
        self.images += tag == "img"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Closed at once."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_report_needs_no_network_and_escapes_names(folders: Path) -> None:
    for part in ("images", "masks"):
        (folders / part / "0.png").rename(folders / part / "<q>0&.png")
    options = pairs(folders, report=str(folders / "report.html"))
    evaluate(source_of(None, options), PixelwiseSegmenter(), Redder(), options, title="<i>ponds")
    text = (folders / "report.html").read_text()
    page = Page()
    page.feed(text)
    assert page.open == []
    assert page.images == 2 * (4 + 4 + 2 * 4)
    assert all(address.startswith("data:image/") for address in page.addresses)
    assert "http" not in text.replace("http-equiv", "")
    assert "<q>0" not in text
    assert "&lt;q&gt;0&amp;" in text
    assert "&lt;i&gt;ponds" in text
    assert "prefers-color-scheme: dark" in text


def test_one_model_has_a_report_too(folders: Path) -> None:
    options = pairs(folders, report=str(folders / "report.html"))
    evaluate(source_of(None, options), PixelwiseSegmenter(), options=options)
    text = (folders / "report.html").read_text()
    assert "Most changed" not in text
    assert "IoU of the images" in text


def test_the_command_compares_two_ways_of_answering(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = folders / "report.html"
    where = f"--images {folders}/images --masks {folders}/masks"
    words = f"evaluate {where} --baseline nano --baseline-answer objects --resamples 100 --json"
    assert run([*words.split(), "--report", str(report)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["model"]["answer"] == "dense"
    assert told["baseline"]["answer"] == "objects"
    assert set(told["model"]["answers"]) == {"free", "bound"}
    assert told["model"]["answers"]["bound"]["answers"] == 4
    assert told["model"]["answers"]["bound"]["malformed"] == 0
    assert 0 <= told["model"]["metrics"]["per_image"]["iou"]["value"] <= 1
    assert told["verdict"] in ("better", "worse", "not to be told apart")
    assert report.is_file()
    assert run([*words.split(), "--report", str(report)]) == 5
    assert "--overwrite" in capsys.readouterr().err


def test_the_command_prints_a_table(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = f"--images {folders}/images --masks {folders}/masks --no-tokens --resamples 100"
    assert run(["evaluate", *where.split(), "--protocol", "256"]) == 0
    out = capsys.readouterr().out
    assert "4 images, protocol 256" in out
    assert "Panoptic quality" in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("evaluate", 2),
        ("evaluate missing.jsonl", 3),
        ("evaluate --images x", 2),
        ("evaluate missing.tif --truth t.gpkg", 3),
        ("evaluate --images {images} --masks {masks} --model no/such", 4),
        ("evaluate --images {images} --masks {masks} --report /no/such/r.html", 5),
        ("evaluate --images {images} --masks {masks} --report {images} --overwrite", 5),
        pytest.param(
            "evaluate --images {images} --masks {masks} --report /proc/r.html",
            5,
            marks=pytest.mark.skipif(not Path("/proc").is_dir(), reason="nobody writes there"),
        ),
    ],
)
def test_mistakes_on_the_command_line_end_in_one_sentence(
    folders: Path, capsys: pytest.CaptureFixture[str], words: str, code: int
) -> None:
    filled = words.format(images=folders / "images", masks=folders / "masks")
    assert run(filled.split()) == code
    err = capsys.readouterr().err
    assert "Traceback" not in err
    assert len([line for line in err.splitlines() if line.startswith("waterseg: ")]) == 1


def test_few_images_are_called_few(folders: Path) -> None:
    found = scored(pairs(folders))
    assert found.caution.startswith("Only 4 images")
    assert found.caution in found.to_dict()["notes"]


def test_the_library_takes_what_a_person_names(folders: Path) -> None:
    values = dict(evaluate(None, PixelwiseSegmenter(), options=pairs(folders)))
    assert values["iou per image"] == dict(scored(pairs(folders)))["iou per image"]
    with pytest.raises(DatasetError, match=r"none\.jsonl"):
        evaluate(folders / "none.jsonl", PixelwiseSegmenter())


def test_a_baseline_that_was_stopped_does_not_ask_the_model_again(folders: Path) -> None:
    options, stop = pairs(folders), threading.Event()
    model = PixelwiseSegmenter()

    def stop_at_the_baseline(progress: Progress) -> None:
        if progress.model == "redder" and progress.done == 1:
            stop.set()

    with pytest.raises(Cancelled, match="redder"):
        evaluate(None, model, Redder(), options, progress=stop_at_the_baseline, cancel=stop)
    again, other = PixelwiseSegmenter(), Redder()
    evaluate(None, again, other, options)
    assert again.seen == 0
    assert other.seen > 0


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from waterseg_core.cli.main import run; run(['evaluate', '--help']); "
        "print({'torch', 'rasterio', 'skimage', 'jinja2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.endswith("set()\n"), done.stdout + done.stderr


def test_a_model_is_not_compared_with_itself(folders: Path) -> None:
    model = PixelwiseSegmenter()
    with pytest.raises(OptionError, match="same model"):
        evaluate(None, model, PixelwiseSegmenter(), pairs(folders))
    assert model.seen == 0  # nobody waits for that


@pytest.mark.parametrize(("said", "words"), [(1, "1 is said"), (2, "2 are said")])
def test_dry_images_are_counted_in_words(folders: Path, said: int, words: str) -> None:
    result = dataclasses.replace(scored(pairs(folders)).model, dry=2, dry_wet=said)
    assert f"Of 2 dry images, {words} to have water." in list(facts(result))


@pytest.mark.parametrize(
    "water", [np.s_[500:504, 500:504], np.s_[:, :]], ids=["a pond of four pixels", "all water"]
)
def test_no_water_is_without_an_outline(water: Any) -> None:
    mask = np.zeros((1024, 1024), bool)
    mask[water] = True
    looked = Looked(np.zeros((*mask.shape, 3), np.uint8), mask, np.ones_like(mask))
    head, _, data = _outlines(looked, np.zeros_like(mask), (380, 380)).partition(",")
    assert head == "data:image/png;base64"
    sheet = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA")
    assert np.asarray(sheet)[..., 3].max() > 0


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "dry"), (0.0002, "less than 0.1 % water"), (0.123, "12.3 % water")],
)
def test_little_water_is_not_none(share: float, words: str) -> None:
    assert _watery(share) == words


def test_two_thresholds_of_one_model_are_told_apart_by_name(folders: Path) -> None:
    options = pairs(folders, threshold=0.9)
    found = evaluate(None, PixelwiseSegmenter(), PixelwiseSegmenter(), options)
    assert found.comparison is not None
    assert found.comparison.sentence.startswith("pixelwise (the model) is")
    assert "pixelwise (the baseline)" in found.comparison.sentence
    each = found.model.to_dict()["each_image"]
    mean = np.mean([image["iou"] for image in each])
    assert mean == pytest.approx(dict(found)["iou per image"], abs=1e-6)


def test_a_set_that_names_nothing_is_dry_and_says_so(tmp_path: Path) -> None:
    Image.fromarray(lakes(64, 64)).save(tmp_path / "a.png")
    path = jsonl(tmp_path, [{"image": "a.png", "prefix": "segment water", "suffix": ""}])
    found = scored(EvaluateOptions(), str(path))
    assert found.model.dry == 1
    assert "dry" in found.about.notes[0]


def test_a_codec_that_cannot_be_had_is_asked_for_by_its_own_option(tmp_path: Path) -> None:
    Image.fromarray(lakes(64, 64)).save(tmp_path / "a.png")
    suffix = format_text([Instance((0.0, 0.0, 1.0, 1.0), (0,) * 16, "water")])
    path = jsonl(tmp_path, [{"image": "a.png", "prefix": "segment water", "suffix": suffix}])
    missing = EvaluateOptions(truth_codec=str(tmp_path / "no.npz"))
    with pytest.raises(ModelError, match=r"no\.npz"):
        source_of(str(path), missing)


def test_bodies_below_the_smallest_area_count_on_neither_side(tmp_path: Path) -> None:
    for part in ("images", "masks"):
        (tmp_path / part).mkdir()
    rgb = np.full((64, 64, 3), 100, np.uint8)
    rgb[8:40, 8:40, 2] = 200  # a lake of 1024 pixels of 100 m²
    rgb[50:53, 50:53, 2] = 200  # a pond of 900 m²
    write_scene(tmp_path / "images" / "a.tif", rgb)
    mask = (rgb[..., 2] > 150).astype(np.uint8) * 255
    Image.fromarray(mask).save(tmp_path / "masks" / "a.png")
    counts = [
        scored(pairs(tmp_path, min_area=area)).model.records[0].sums["bodies_truth"]
        for area in (None, 800.0)
    ]
    assert counts == [1, 2]
