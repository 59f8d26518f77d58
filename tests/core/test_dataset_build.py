# SPDX-License-Identifier: GPL-3.0-or-later
"""A training set is made of scenes and drawings, whole or not at all, and can be added to."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from drawn_scene import UTM, build, bytes_of, on_map, ponds, write_polygons, write_scene
from PIL import Image

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.folder import Chip, DatasetFolder
from waterseg_core.errors import DatasetError
from waterseg_core.tokens import parse_text

SIDE = 700
USUAL = {"tile": 128, "stride": 96}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scene, its ponds, and an area in which the labelling is complete."""
    folder = tmp_path_factory.mktemp("drawn")
    shapes = ponds(SIDE, SIDE, 12)
    write_scene(folder / "scene.tif", shapes, SIDE, SIDE)
    kinds = ["lake" if shape.area > 1500 else "pool" for shape in shapes]
    write_polygons(folder / "masks.gpkg", on_map(shapes, UTM), kind=kinds)
    west = shapely.box(0, 0, SIDE / 2 + 0.3, SIDE)
    write_polygons(folder / "west.geojson", on_map([west], UTM), into="EPSG:4326")
    return folder


@pytest.fixture(scope="module")
def made(drawn: Path) -> DatasetFolder:
    """A set of it; nobody may change it."""
    masks = str(drawn / "masks.gpkg")
    build(drawn / "scene.tif", drawn / "set", masks=masks, licence="CC0-1.0", **USUAL)
    return DatasetFolder(drawn / "set")


def footprints(chips: tuple[Chip, ...], split: str) -> list[shapely.Geometry]:
    return [shapely.from_wkt(chip.footprint) for chip in chips if chip.split == split]


def test_lines_are_what_paligemma_trains_with(made: DatasetFolder) -> None:
    for split in ("train", "val", "test"):
        chips = [chip for chip in made.chips if chip.split == split]
        lines = (made.path / f"{split}.jsonl").read_text().splitlines()
        assert len(lines) == len(chips) > 0
        for line, chip in zip(map(json.loads, lines), chips, strict=True):
            assert set(line) == {"image", "prefix", "suffix"}
            assert (made.path / line["image"]).is_file()
            assert line["prefix"] == "segment water"
            assert {one.label for one in parse_text(line["suffix"])} <= {"water"}
            assert line["suffix"] == chip.suffix


def test_images_are_the_scenes_own_pixels_and_masks_what_is_drawn(
    made: DatasetFolder, drawn: Path
) -> None:
    with rasterio.open(drawn / "scene.tif") as source:
        pixels = np.moveaxis(source.read(), 0, -1)
    for chip in made.chips:
        window = np.s_[chip.row : chip.row + chip.height, chip.col : chip.col + chip.width]
        np.testing.assert_array_equal(made.image(chip), pixels[window])
        water = made.mask(chip) == 1
        np.testing.assert_array_equal(water, pixels[window][..., 0] == 20)
        assert chip.water_share == pytest.approx(water.mean(), abs=1e-6)
        assert chip.is_dry == (not water.any())


def test_dry_chips_are_in_the_wanted_ratio(made: DatasetFolder) -> None:
    dry = sum(chip.is_dry for chip in made.chips)
    wet = len(made.chips) - dry
    assert dry > 0
    assert dry / wet == pytest.approx(0.25, abs=0.15)  # those near another split are left out


def test_no_place_is_nearer_to_another_split_than_the_buffer(made: DatasetFolder) -> None:
    for one, other in (("train", "val"), ("train", "test"), ("val", "test")):
        for shape in footprints(made.chips, one):
            gaps = shapely.distance(shape, footprints(made.chips, other))
            assert gaps.min() >= 16 * 10 - 1  # an eighth of the chip, pixels of 10 m


def test_the_same_input_gives_the_same_bytes(
    made: DatasetFolder, drawn: Path, tmp_path: Path
) -> None:
    masks = str(drawn / "masks.gpkg")
    build(drawn / "scene.tif", tmp_path / "other", masks=masks, licence="CC0-1.0", **USUAL)
    assert bytes_of(made.path) == bytes_of(tmp_path / "other")


def test_another_seed_gives_another_deal(drawn: Path, made: DatasetFolder, tmp_path: Path) -> None:
    masks = str(drawn / "masks.gpkg")
    built = build(drawn / "scene.tif", tmp_path / "other", masks=masks, seed=1, **USUAL)
    assert {(chip.id, chip.split) for chip in built.chips} != {
        (chip.id, chip.split) for chip in made.chips
    }


def test_the_card_and_the_map_say_what_is_there(made: DatasetFolder) -> None:
    card = (made.path / "README.md").read_text()
    assert "CC0-1.0" in card
    assert f"| all | {len(made.chips)} |" in card
    with Image.open(made.path / "map.png") as picture:
        colours = {colour for _, colour in picture.getcolors(picture.width * picture.height) or []}
    assert {(240, 240, 240), (255, 190, 0), (255, 70, 160)} <= colours


def test_nothing_says_where_or_when_it_was_made(made: DatasetFolder, drawn: Path) -> None:
    for name, blob in bytes_of(made.path).items():
        if not name.endswith(".png"):
            assert str(drawn).encode() not in blob


def test_outside_the_area_nothing_is_known_and_nothing_dry(drawn: Path, tmp_path: Path) -> None:
    masks, west = str(drawn / "masks.gpkg"), str(drawn / "west.geojson")
    how = {"aoi": west, "negatives": 9, "min_known": 0.4, **USUAL}
    build(drawn / "scene.tif", tmp_path / "set", masks=masks, **how)
    made = DatasetFolder(tmp_path / "set")
    assert any(chip.is_dry for chip in made.chips)
    assert any(chip.known_share < 1 for chip in made.chips)
    for chip in made.chips:
        inside = np.arange(chip.col, chip.col + chip.width) + 0.5 < SIDE / 2 + 0.3
        np.testing.assert_array_equal(made.mask(chip) != UNKNOWN, np.tile(inside, (128, 1)))
        assert chip.known_share == pytest.approx(inside.mean(), abs=1e-6)
        assert not chip.is_dry or inside.all()


def test_classes_come_from_a_field(drawn: Path, tmp_path: Path) -> None:
    masks = str(drawn / "masks.gpkg")
    build(drawn / "scene.tif", tmp_path / "set", masks=masks, label_field="kind", **USUAL)
    made = DatasetFolder(tmp_path / "set")
    assert made.about.labels == ("lake", "pool")
    assert made.about.prefix == "segment lake ; pool"
    labels = {one.label for chip in made.chips for one in parse_text(chip.suffix)}
    assert labels == {"lake", "pool"}
    values = {int(v) for chip in made.chips for v in np.unique(made.mask(chip))}
    assert values == {0, 1, 2}


def test_named_classes_have_the_named_order_and_leave_out_others(
    drawn: Path, tmp_path: Path
) -> None:
    masks = str(drawn / "masks.gpkg")
    how = {"label_field": "kind", "label": "pool ; lake", **USUAL}
    build(drawn / "scene.tif", tmp_path / "both", masks=masks, **how)
    assert DatasetFolder(tmp_path / "both").about.labels == ("pool", "lake")
    how["label"] = "pool ; pond"
    built = build(drawn / "scene.tif", tmp_path / "one", masks=masks, **how)
    assert any("left out that are lake" in note for note in built.notes)


@pytest.mark.parametrize("target", ["union", "components"])
def test_a_target_makes_one_object_or_one_per_body(
    drawn: Path, tmp_path: Path, target: str
) -> None:
    masks = str(drawn / "masks.gpkg")
    built = build(drawn / "scene.tif", tmp_path / "set", masks=masks, target=target, **USUAL)
    most = max(chip.instances for chip in built.chips)
    assert most == 1 if target == "union" else most > 1
    assert {chip.target for chip in built.chips} == {target, ""}


def test_a_mask_raster_gives_the_same_chips_as_polygons(
    made: DatasetFolder, drawn: Path, tmp_path: Path
) -> None:
    with rasterio.open(drawn / "scene.tif") as source:
        water, profile = (source.read(1) == 20).astype(np.uint8) * 255, source.profile
    profile.update(count=1)
    with rasterio.open(tmp_path / "mask.tif", "w", **profile) as sink:
        sink.write(water, 1)
    build(drawn / "scene.tif", tmp_path / "set", masks=str(tmp_path / "mask.tif"), **USUAL)
    other = DatasetFolder(tmp_path / "set")
    assert [(c.id, c.split, c.suffix) for c in other.chips] == [
        (c.id, c.split, c.suffix) for c in made.chips
    ]


def test_coarser_chips_hold_more_land(drawn: Path, tmp_path: Path) -> None:
    masks = str(drawn / "masks.gpkg")
    build(drawn / "scene.tif", tmp_path / "set", masks=masks, resolution=20, tile=128, min_water=8)
    made = DatasetFolder(tmp_path / "set")
    for chip in made.chips:
        assert shapely.from_wkt(chip.footprint).area == pytest.approx((128 * 20) ** 2)
        water = made.mask(chip) == 1
        blue = made.image(chip)[..., 0] < 60
        assert np.mean(water != blue) < 0.05


def test_missing_pixels_are_unknown_and_chips_of_them_left_out(tmp_path: Path) -> None:
    shapes = ponds(500, 500, 8)
    write_scene(tmp_path / "scene.tif", shapes, 500, 500, nodata=0)
    with rasterio.open(tmp_path / "scene.tif", "r+") as sink:
        sink.write(np.zeros((3, 500, 230), np.uint8), window=((0, 500), (0, 230)))
    masks = write_polygons(tmp_path / "masks.gpkg", on_map(shapes, UTM))
    build(tmp_path / "scene.tif", tmp_path / "set", masks=str(masks), **USUAL)
    made = DatasetFolder(tmp_path / "set")
    assert made.chips
    for chip in made.chips:
        known = np.tile(np.arange(chip.col, chip.col + 128) >= 230, (128, 1))
        np.testing.assert_array_equal(made.mask(chip) != UNKNOWN, known)
        assert chip.known_share >= 0.75


def test_scenes_of_one_place_share_their_blocks(drawn: Path, tmp_path: Path) -> None:
    shapes = ponds(SIDE, SIDE, 12)
    later = write_scene(tmp_path / "later.tif", shapes, SIDE, SIDE)
    masks = str(drawn / "masks.gpkg")
    built = build([drawn / "scene.tif", later], tmp_path / "set", masks=masks, **USUAL)
    split = {}
    for chip in built.chips:
        assert split.setdefault((chip.row, chip.col), chip.split) == chip.split
    assert {chip.source for chip in built.chips} == {"scene.tif", "later.tif"}


def test_building_again_changes_nothing(made: DatasetFolder, drawn: Path, tmp_path: Path) -> None:
    before = bytes_of(made.path)
    stamps = {path: path.stat().st_mtime_ns for path in made.path.rglob("*")}
    built = build(
        drawn / "scene.tif",
        made.path,
        masks=str(drawn / "masks.gpkg"),
        licence="CC0-1.0",
        **USUAL,
    )
    assert built.new == 0
    assert bytes_of(made.path) == before
    assert {path: path.stat().st_mtime_ns for path in made.path.rglob("*")} == stamps


def test_building_with_another_scene_adds_its_chips_only(drawn: Path, tmp_path: Path) -> None:
    masks, out = str(drawn / "masks.gpkg"), tmp_path / "set"
    build(drawn / "scene.tif", out, masks=masks, **USUAL)
    before, chips = bytes_of(out), DatasetFolder(out).chips
    (out / "notes.txt").write_text("my own")
    shapes = ponds(SIDE, SIDE, 12, seed=8)
    east = UTM @ UTM.translation(SIDE - 60, 0)
    other = write_scene(tmp_path / "east.tif", shapes, SIDE, SIDE, east)
    more = write_polygons(tmp_path / "more.gpkg", on_map(shapes, east))
    built = build(other, out, masks=str(more), **USUAL)
    after = bytes_of(out)
    made = DatasetFolder(out)
    assert 0 < built.new == len(made.chips) - len(chips)
    assert set(chips) <= set(made.chips)
    assert made.about.sources == ("scene.tif", "east.tif")
    assert after["notes.txt"] == b"my own"
    images = [name for name in before if name.endswith(".png") and name != "map.png"]
    assert all(after[name] == before[name] for name in images)
    for shape in footprints(made.chips, "train"):
        assert shapely.distance(shape, footprints(made.chips, "test")).min() >= 159


def test_a_new_drawing_does_not_change_chips_but_is_told(drawn: Path, tmp_path: Path) -> None:
    masks, out = str(drawn / "masks.gpkg"), tmp_path / "set"
    build(drawn / "scene.tif", out, masks=masks, **USUAL)
    before = DatasetFolder(out).chips
    fewer = write_polygons(tmp_path / "fewer.gpkg", on_map(ponds(SIDE, SIDE, 12)[:9], UTM))
    built = build(drawn / "scene.tif", out, masks=str(fewer), **USUAL)
    assert any("drawn otherwise" in note for note in built.notes)
    assert set(before) <= set(DatasetFolder(out).chips)


@pytest.mark.parametrize(
    "changes", [{"stride": 128}, {"split": (70, 20, 10)}, {"prefix": "segment lake"}]
)
def test_building_with_other_options_is_refused(
    made: DatasetFolder, drawn: Path, changes: dict[str, object]
) -> None:
    before = bytes_of(made.path)
    how = {**USUAL, "masks": str(drawn / "masks.gpkg"), **changes}
    with pytest.raises(DatasetError, match="was built with"):
        build(drawn / "scene.tif", made.path, **how)
    assert bytes_of(made.path) == before


def test_what_an_audit_set_aside_is_not_made_again(drawn: Path, tmp_path: Path) -> None:
    masks, out = str(drawn / "masks.gpkg"), tmp_path / "set"
    build(drawn / "scene.tif", out, masks=masks, **USUAL)
    made = DatasetFolder(out)
    bad = made.chips[0]
    (out / "rejected").mkdir()
    (out / bad.image).rename(out / "rejected" / f"{bad.id}.png")
    rows = (out / "manifest.csv").read_text().splitlines(keepends=True)
    (out / "manifest.csv").write_text("".join(row for row in rows if not row.startswith(bad.id)))
    build(drawn / "scene.tif", out, masks=masks, **USUAL)
    assert bad.id not in {chip.id for chip in DatasetFolder(out).chips}


def test_pictures_with_masks_in_a_folder_are_kept_apart_by_their_looks(tmp_path: Path) -> None:
    (tmp_path / "masks").mkdir()
    pictures = []
    for number in range(12):
        chance = np.random.default_rng(number // 2)  # every second one is the first once more
        land = chance.integers(0, 255, (8, 8, 3)).astype(np.uint8)
        image = np.asarray(Image.fromarray(land).resize((130, 130), Image.Resampling.BICUBIC))
        mask = np.zeros((130, 130), np.uint8)
        mask[30:90, 20 : 60 + number] = 255
        pictures.append(tmp_path / f"{number}.png")
        Image.fromarray(image).save(pictures[-1])
        Image.fromarray(mask).save(tmp_path / "masks" / f"{number}.png")
    built = build(pictures, tmp_path / "set", masks=str(tmp_path / "masks"), tile=128)
    assert len(built.chips) == 12
    splits: dict[int, set[str]] = {}
    for chip in built.chips:
        splits.setdefault(int(Path(chip.source).stem) // 2, set()).add(chip.split)
    assert all(len(found) == 1 for found in splits.values())
    assert set.union(*splits.values()) == {"train", "val", "test"}


def test_of_several_scenes_one_without_water_is_dry_only_where_somebody_says_so(
    drawn: Path, tmp_path: Path
) -> None:
    masks = str(drawn / "masks.gpkg")
    far = UTM @ UTM.translation(5000, 0)
    other = write_scene(tmp_path / "dry.tif", [], SIDE, SIDE, far)
    scenes = [drawn / "scene.tif", other]
    built = build(scenes, tmp_path / "one", masks=masks, **USUAL)
    assert {chip.source for chip in built.chips} == {"scene.tif"}
    assert any("dry.tif left out" in note for note in built.notes)
    seen = write_polygons(tmp_path / "seen.gpkg", on_map([shapely.box(0, 0, 9000, SIDE)], UTM))
    built = build(scenes, tmp_path / "both", masks=masks, aoi=str(seen), negatives=9, **USUAL)
    assert any(chip.source == "dry.tif" and chip.is_dry for chip in built.chips)


def test_wrong_rings_are_repaired_and_overlaps_told(drawn: Path, tmp_path: Path) -> None:
    bow = shapely.Polygon([(100, 100), (300, 300), (300, 100), (100, 300)])
    other = shapely.box(200, 120, 320, 320)
    masks = write_polygons(tmp_path / "masks.gpkg", on_map([bow, other], UTM), kind=["a", "b"])
    out = tmp_path / "set"
    built = build(drawn / "scene.tif", out, masks=str(masks), label_field="kind", tile=512)
    assert any("wrong rings repaired" in note for note in built.notes)
    assert any("overlap" in note for note in built.notes)
    made = DatasetFolder(out)
    chip = made.chips[0]
    mask = made.mask(chip)[: 400 - chip.row, : 400 - chip.col]
    assert (chip.row, chip.col) == (0, 0)
    assert mask[200, 120] == 1
    assert mask[110, 200] == 0  # between the wings of the bow
    assert mask[200, 280] == 2  # the later one


def test_a_mask_raster_of_classes_keeps_them_and_what_is_unknown(
    drawn: Path, tmp_path: Path
) -> None:
    values = np.zeros((SIDE, SIDE), np.uint8)
    values[100:300, 100:300], values[400:600, 150:500], values[:, 640:] = 1, 2, UNKNOWN
    with rasterio.open(drawn / "scene.tif") as source:
        profile = {**source.profile, "count": 1}
    with rasterio.open(tmp_path / "mask.tif", "w", **profile) as sink:
        sink.write(values, 1)
    how = {"masks": str(tmp_path / "mask.tif"), "label": "lake ; river", **USUAL}
    build(drawn / "scene.tif", tmp_path / "fine", **how)
    made = DatasetFolder(tmp_path / "fine")
    assert made.about.prefix == "segment lake ; river"
    assert {one.label for chip in made.chips for one in parse_text(chip.suffix)} == {
        "lake",
        "river",
    }
    for chip in made.chips:
        window = np.s_[chip.row : chip.row + chip.height, chip.col : chip.col + chip.width]
        np.testing.assert_array_equal(made.mask(chip), values[window])
    build(drawn / "scene.tif", tmp_path / "coarse", **how, resolution=20)
    made = DatasetFolder(tmp_path / "coarse")
    for chip in made.chips:
        at = np.s_[2 * chip.row + 1 :: 2, 2 * chip.col + 1 :: 2]
        np.testing.assert_array_equal(made.mask(chip), values[at][: chip.height, : chip.width])
