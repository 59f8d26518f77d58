# SPDX-License-Identifier: GPL-3.0-or-later
"""From raster to polygons: the tiling does not show, and no interruption changes the result."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from pixelwise import PixelwiseSegmenter, lakes, write_scene
from rasterio.features import rasterize

from waterseg_core import outputs
from waterseg_core.errors import Cancelled, GeoreferenceError, OptionError, OutputError
from waterseg_core.geo import Window
from waterseg_core.options import SegmentOptions
from waterseg_core.pipeline import Progress, Result, open_scene, segment_scene
from waterseg_core.segmentation import Segmentation

HEIGHT, WIDTH = 230, 310
EVERYTHING = {"min_area": 0.0}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scene") / "lakes.tif"
    return write_scene(path, lakes(HEIGHT, WIDTH), collar=9)


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    return tmp_path / "jobs"


def same(one: Result, other: Result) -> bool:
    """Whether two results say the same, but for when they were made."""
    mine, theirs = one.polygons, other.polygons
    columns = set(mine.attributes) - {"created"}
    return np.array_equal(
        shapely.to_wkb(mine.geometries), shapely.to_wkb(theirs.geometries)
    ) and all(np.array_equal(mine.attributes[c], theirs.attributes[c]) for c in columns)


@pytest.fixture(scope="module")
def whole(scene: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The result of one tile over the whole scene."""
    work = tmp_path_factory.mktemp("jobs")
    options = SegmentOptions(tile=512, **EVERYTHING)
    return segment_scene(scene, PixelwiseSegmenter(), options, work_dir=work)


@pytest.mark.parametrize("tile", [48, 64, 100, 230])
@pytest.mark.parametrize("overlap", [0.0, 0.25, 0.5])
@pytest.mark.parametrize("rows_per_strip", [1, 3, None])
def test_the_tiling_does_not_show(
    scene: Path, whole: Result, jobs: Path, tile: int, overlap: float, rows_per_strip: int | None
) -> None:
    options = SegmentOptions(tile=tile, overlap=overlap, **EVERYTHING)
    segmenter = PixelwiseSegmenter()
    result = segment_scene(scene, segmenter, options, work_dir=jobs, rows_per_strip=rows_per_strip)
    assert len(result.polygons) > 20
    assert same(result, whole)
    assert segmenter.seen == result.tiles_seen <= result.tiles


@pytest.mark.parametrize("batch", [1, 5, 64])
def test_the_batch_does_not_show(scene: Path, whole: Result, jobs: Path, batch: int) -> None:
    options = SegmentOptions(tile=64, batch=batch, **EVERYTHING)
    assert same(segment_scene(scene, PixelwiseSegmenter(), options, work_dir=jobs), whole)


def test_polygons_lie_on_the_pixels_that_are_water(scene: Path, whole: Result) -> None:
    with rasterio.open(scene) as source:
        red, _, blue = source.read().astype(int)
        valid = source.read_masks(1) > 0
        transform = source.transform
        burnt = rasterize(whole.polygons.geometries, blue.shape, transform=transform)
    water = PixelwiseSegmenter().segment([lakes(HEIGHT, WIDTH)])[0].masks[0] >= 0.5
    assert np.array_equal(burnt == 1, water & valid)
    assert (blue[burnt == 1] >= red[burnt == 1]).all()


def test_an_open_scene_will_do_as_well(scene: Path, whole: Result, jobs: Path) -> None:
    options = SegmentOptions(**EVERYTHING)
    with open_scene(scene, options) as opened:
        assert same(segment_scene(opened, PixelwiseSegmenter(), options, work_dir=jobs), whole)
        assert opened.read(Window(0, 0, 64, 64)).valid.any(), "it stays open"


def test_every_label_has_its_own_polygons(scene: Path, jobs: Path) -> None:
    both = PixelwiseSegmenter(labels=("lake", "land"))
    result = segment_scene(scene, both, SegmentOptions(**EVERYTHING), work_dir=jobs)
    assert set(result.polygons.attributes["label"]) == {"lake", "land"}


def test_tiles_without_data_never_reach_the_model(tmp_path: Path, jobs: Path) -> None:
    rgb = lakes(128, 512)
    rgb[:, :300] = 0
    path = write_scene(tmp_path / "half.tif", rgb, collar=1)
    segmenter = PixelwiseSegmenter()
    result = segment_scene(path, segmenter, SegmentOptions(overlap=0), work_dir=jobs)
    assert segmenter.seen == result.tiles_seen == 8
    assert result.tiles == 16


def test_the_model_does_not_see_a_black_collar(tmp_path: Path, jobs: Path) -> None:
    class Looking(PixelwiseSegmenter):
        darkest = 255

        def segment(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
            self.darkest = min(self.darkest, *(int(image.max(axis=2).min()) for image in images))
            return super().segment(images)

    path = write_scene(tmp_path / "collar.tif", lakes(128, 128), collar=20)
    segmenter = Looking()
    segment_scene(path, segmenter, work_dir=jobs)
    assert segmenter.darkest >= 105


def test_progress_reaches_the_end_and_counts_water(scene: Path, jobs: Path) -> None:
    told: list[Progress] = []
    result = segment_scene(scene, PixelwiseSegmenter(), work_dir=jobs, progress=told.append)
    done = [one.tiles_done for one in told]
    assert done == sorted(done)
    assert done[-1] == told[-1].tiles_total == result.tiles
    assert told[-1].water_pixels >= result.polygons.attributes["pixels"].sum() > 0


def test_all_files_are_written_beside_each_other(scene: Path, tmp_path: Path, jobs: Path) -> None:
    options = SegmentOptions(mask=True, probability=True, **EVERYTHING)
    result = segment_scene(
        scene, PixelwiseSegmenter(), options, output=tmp_path / "w.fgb", work_dir=jobs
    )
    names = ["w.fgb", "w_mask.tif", "w_probability.tif"]
    assert [path.name for path in result.files] == names
    with rasterio.open(tmp_path / "w_mask.tif") as mask:
        assert mask.shape == (HEIGHT, WIDTH)
        assert (mask.read(1) == 1).sum() == result.polygons.attributes["pixels"].sum()
    assert list(jobs.iterdir()) == [], "a finished job leaves nothing"


def test_no_water_is_a_valid_empty_file(tmp_path: Path, jobs: Path) -> None:
    land = np.full((80, 80, 3), (200, 120, 40), np.uint8)
    path = write_scene(tmp_path / "land.tif", land)
    output = tmp_path / "none.geojson"
    result = segment_scene(path, PixelwiseSegmenter(), output=output, work_dir=jobs)
    assert len(result.polygons) == 0
    assert result.area_m2 == 0
    assert json.loads(output.read_text())["features"] == []


def test_small_water_is_left_out_by_default(scene: Path, whole: Result, jobs: Path) -> None:
    result = segment_scene(scene, PixelwiseSegmenter(), work_dir=jobs)
    areas = whole.polygons.attributes["area_m2"]
    assert 0 < len(result.polygons) == (areas >= 1000).sum() < len(areas)


def test_only_the_area_of_interest_is_answered(scene: Path, jobs: Path) -> None:
    box = (500_500.0, 4_998_500.0, 501_500.0, 4_999_500.0)
    options = SegmentOptions(bbox=box, **EVERYTHING)
    result = segment_scene(scene, PixelwiseSegmenter(), options, work_dir=jobs)
    assert len(result.polygons) > 3
    assert shapely.covers(shapely.box(*box), result.polygons.geometries).all()


@pytest.mark.parametrize(
    ("name", "options", "error"),
    [
        ("w.shp", {}, OptionError),
        ("w.gpkg", {"format": "fgb"}, OptionError),
        ("missing/w.gpkg", {}, OutputError),
        ("there.gpkg", {}, OutputError),
        (".", {}, OutputError),
    ],
)
def test_a_wrong_output_is_found_before_the_model_works(
    scene: Path,
    tmp_path: Path,
    jobs: Path,
    name: str,
    options: dict[str, str],
    error: type[Exception],
) -> None:
    (tmp_path / "there.gpkg").write_text("mine")
    segmenter = PixelwiseSegmenter()
    with pytest.raises((error, OptionError)):
        segment_scene(
            scene, segmenter, SegmentOptions(**options), output=tmp_path / name, work_dir=jobs
        )
    assert segmenter.seen == 0
    assert (tmp_path / "there.gpkg").read_text() == "mine"


def test_geojson_needs_a_place_on_earth(tmp_path: Path, jobs: Path) -> None:
    path = write_scene(tmp_path / "photo.tif", lakes(70, 70), crs=None)
    segmenter = PixelwiseSegmenter()
    with pytest.raises(GeoreferenceError, match="CRS"):
        segment_scene(path, segmenter, output=tmp_path / "w.geojson", work_dir=jobs)
    assert segmenter.seen == 0
    result = segment_scene(path, segmenter, output=tmp_path / "w.gpkg", work_dir=jobs)
    assert len(result.polygons) > 0
    assert np.isnan(result.area_m2)


class StopsAfter(PixelwiseSegmenter):
    """Asks the job to stop after some images."""

    def __init__(self, images: int) -> None:
        super().__init__()
        self.images, self.stop = images, threading.Event()

    def segment(self, images: object) -> object:  # type: ignore[override]
        answers = super().segment(images)  # type: ignore[arg-type]
        if self.seen >= self.images:
            self.stop.set()
        return answers


def test_a_stopped_job_keeps_what_it_has_and_goes_on(
    scene: Path, whole: Result, tmp_path: Path, jobs: Path
) -> None:
    output = tmp_path / "w.geojson"
    options = SegmentOptions(batch=4, **EVERYTHING)
    stopping = StopsAfter(18)
    how = {"output": output, "work_dir": jobs, "rows_per_strip": 1}
    with pytest.raises(Cancelled, match=r"w\.partial\.geojson.*Run the same again"):
        segment_scene(scene, stopping, options, cancel=stopping.stop, **how)
    assert not output.exists()
    so_far = json.loads((tmp_path / "w.partial.geojson").read_text())["features"]
    assert 0 < len(so_far) < len(whole.polygons)

    rest = PixelwiseSegmenter()
    result = segment_scene(scene, rest, options, **how)
    assert same(result, whole)
    assert result.tiles_resumed > 0
    assert rest.seen + result.tiles_resumed <= result.tiles
    assert output.exists()
    assert not (tmp_path / "w.partial.geojson").exists()


def test_another_scene_or_other_options_start_anew(scene: Path, tmp_path: Path, jobs: Path) -> None:
    stopping = StopsAfter(12)
    how = {"work_dir": jobs, "rows_per_strip": 1}
    with pytest.raises(Cancelled):
        segment_scene(scene, stopping, SegmentOptions(batch=4), cancel=stopping.stop, **how)
    other = write_scene(tmp_path / "lakes.tif", lakes(HEIGHT, WIDTH, seed=1), collar=9)
    fresh = [
        segment_scene(other, PixelwiseSegmenter(), SegmentOptions(batch=4), **how),
        segment_scene(scene, PixelwiseSegmenter(), SegmentOptions(batch=4, threshold=0.4), **how),
        segment_scene(scene, PixelwiseSegmenter(tile_size=80), SegmentOptions(batch=4), **how),
    ]
    assert [result.tiles_resumed for result in fresh] == [0, 0, 0]
    kept = segment_scene(scene, PixelwiseSegmenter(), SegmentOptions(batch=4, min_area=9), **how)
    assert kept.tiles_resumed > 0, "what acts after the strips does not matter to them"


def test_no_resume_starts_anew(scene: Path, jobs: Path) -> None:
    stopping = StopsAfter(12)
    how = {"work_dir": jobs, "rows_per_strip": 1}
    with pytest.raises(Cancelled):
        segment_scene(scene, stopping, SegmentOptions(batch=4), cancel=stopping.stop, **how)
    options = SegmentOptions(batch=4, resume=False)
    assert segment_scene(scene, PixelwiseSegmenter(), options, **how).tiles_resumed == 0


def test_two_runs_of_one_job_do_not_mix(scene: Path, jobs: Path) -> None:
    second: list[Exception] = []

    def run_again(done: Progress) -> None:
        if not second:
            try:
                segment_scene(scene, PixelwiseSegmenter(), work_dir=jobs)
            except OutputError as error:
                second.append(error)

    segment_scene(scene, PixelwiseSegmenter(), work_dir=jobs, progress=run_again)
    assert "Another run" in str(second[0])


#: Ten children of one process that has loaded its libraries are killed outright at random
#: moments; the last one is left alone. Prints how many strips were finished after each kill.
DRIVER = """
import os, random, signal, sys, time
from pathlib import Path
from pixelwise import PixelwiseSegmenter
from waterseg_core.options import SegmentOptions
from waterseg_core.pipeline import segment_scene

scene, output, jobs = sys.argv[1:]
options = SegmentOptions(batch=2, min_area=0.0, overwrite=True)

class Telling(PixelwiseSegmenter):
    def segment(self, images):
        os.write(telling, b".")
        return super().segment(images)

def run(segmenter):
    segment_scene(scene, segmenter, options, output=output, work_dir=jobs, rows_per_strip=1)

chance = random.Random(7)
for kill in range(10):
    told, telling = os.pipe()
    child = os.fork()
    if child == 0:
        run(Telling(seconds=0.02))
        os._exit(0)
    os.close(telling)
    if kill % 3:  # else perhaps before the first tile, or after the last one
        os.read(told, 1)
    time.sleep(chance.uniform(0.0, 0.8))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(told)
    print(len(list(Path(jobs).glob("*/0*.json"))), os.path.exists(output), flush=True)
run(PixelwiseSegmenter())
"""


def test_ten_kills_at_random_moments_do_not_change_the_result(
    scene: Path, whole: Result, tmp_path: Path, jobs: Path
) -> None:
    output = tmp_path / "w.parquet"
    words = [sys.executable, "-c", DRIVER, str(scene), str(output), str(jobs)]
    folder = Path(__file__).parent
    done = subprocess.run(words, capture_output=True, text=True, cwd=folder, check=True)
    kills = [line.split() for line in done.stdout.splitlines()]
    assert len(kills) == 10
    assert any(int(finished) > 0 for finished, _ in kills), "none was under way"
    undisturbed = tmp_path / "undisturbed.parquet"
    outputs.write(whole.polygons, undisturbed)
    assert table(output) == table(undisturbed)


def table(path: Path) -> object:
    """What a GeoParquet file says, but for when it was made."""
    import geopandas

    frame = geopandas.read_parquet(path).drop(columns="created")
    return frame.to_wkb().to_dict("list")
