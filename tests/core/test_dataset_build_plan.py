# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan says without pixels what every chip is, and deals chips to splits that share no place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from affine import Affine
from drawn_scene import ROTATED, UTM, build, on_map, ponds, write_polygons, write_scene
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from waterseg_core.dataset.drawn import DrawnPolygons
from waterseg_core.dataset.look import chip_windows
from waterseg_core.dataset.places import Fixed, OldChip, crs_text, footprint
from waterseg_core.dataset.plan import Plan, Site, chip_grid, plan_chips, plan_sites
from waterseg_core.dataset.split import Chips, deal_chips
from waterseg_core.dataset.vectors import Polygons
from waterseg_core.errors import OptionError
from waterseg_core.geo import Georef
from waterseg_core.options_dataset import BuildOptions
from waterseg_core.raster import Scene
from waterseg_core.raster_area import Area

SIDE = 900
UTM_33 = CRS.from_epsg(32633)


def drawing(
    transform: Affine = UTM, area: shapely.Geometry | None = None, count: int = 16
) -> DrawnPolygons:
    shapes = on_map(ponds(SIDE, SIDE, count), transform)
    polygons = Polygons.of(shapes, ["water"] * len(shapes), "drawn")
    inside = None if area is None else Area(on_map([area], transform)[0], "area")
    return DrawnPolygons(polygons, ["water"], Georef(transform, UTM_33), SIDE, SIDE, inside)


def planned(options: BuildOptions, transform: Affine = UTM, **decided: str) -> Plan:
    said = {(int(k[1:].split("_")[0]), int(k.split("_")[1])): v for k, v in decided.items()}
    georef = Georef(transform, UTM_33)
    return plan_chips(georef, SIDE, SIDE, drawing(transform), options, said)


@given(
    st.integers(1, 400), st.integers(1, 400), st.integers(16, 128), st.integers(1, 200) | st.none()
)
def test_chips_lie_in_the_scene_and_leave_out_a_narrow_rim_only(
    height: int, width: int, tile: int, stride: int | None
) -> None:
    stride = stride and min(stride, tile)
    options = BuildOptions(tile=tile, stride=stride)
    seen = np.zeros((height, width), bool)
    corners = set()
    for window in chip_windows(height, width, options):
        assert window.shape == (min(tile, height), min(tile, width))
        assert window.stop_row <= height
        assert window.stop_col <= width
        seen[window.slices] = True
        corners.add((window.row, window.col))
    assert len(corners) == len(list(chip_windows(height, width, options)))
    rim = int(options.step / 4)
    assert seen[: height - rim, : width - rim].all()


@settings(max_examples=20)
@given(
    st.integers(70, 160),
    st.sampled_from([0.4, 0.75, 1.0]),
    st.integers(0, 90),
    st.integers(0, 50),
    st.sampled_from([UTM, ROTATED]),
)
def test_no_pixel_is_in_two_splits_and_none_within_the_buffer(
    tile: int, share: float, buffer: int, seed: int, transform: Affine
) -> None:
    options = BuildOptions(tile=tile, stride=int(tile * share), buffer=buffer, seed=seed)
    plan = planned(options, transform)
    taken = plan.taken
    splits = np.array([chip.split for chip in taken])
    assert set(splits) <= {"train", "val", "test"}
    at = np.array([(chip.window.row, chip.window.col) for chip in taken])
    apart = np.abs(at[:, None] - at[None]) - tile  # of pixels, down and across
    gap = np.hypot(*np.maximum(apart, 0).transpose(2, 0, 1))
    differ = splits[:, None] != splits[None]
    assert (apart.max(axis=2)[differ] >= 0).all()
    assert (gap[differ] >= buffer - 0.03).all()


def test_the_splits_have_about_the_wanted_shares() -> None:
    options = BuildOptions(tile=48, buffer=0, split=(60, 20, 20), negatives=1)
    plan = planned(options)
    counts = {split: plan.counts.get(split, 0) for split in ("train", "val", "test")}
    total = sum(counts.values())
    assert counts["train"] / total == pytest.approx(0.6, abs=0.06)
    assert counts["val"] / total == pytest.approx(0.2, abs=0.06)


def test_dry_chips_are_as_many_as_wanted_and_spread_over_the_land() -> None:
    options = BuildOptions(tile=32, buffer=0, negatives=0.5)
    plan = planned(options)
    wet = sum(chip.state == "water" for chip in plan.chips)
    dry = [chip for chip in plan.taken if chip.state == "dry"]
    assert len(dry) == round(0.5 * wet)
    squares = {(chip.window.row // 300, chip.window.col // 300) for chip in dry}
    assert len(squares) == 9


def test_what_a_person_decided_counts() -> None:
    options = BuildOptions(tile=150, buffer=0, negatives=0)
    usual = planned(options)
    assert not any(chip.state == "dry" and chip.is_taken for chip in usual.chips)
    dry = next(chip for chip in usual.chips if chip.state == "dry")
    wet = next(chip for chip in usual.chips if chip.state == "water")
    plan = planned(options, **{f"c{dry.id}": "include", f"c{wet.id}": "exclude"})
    now = {chip.id: chip for chip in plan.chips}
    assert now[dry.id].is_taken
    assert now[wet.id].state == "excluded"
    assert not now[wet.id].is_taken
    plan = planned(options, **{f"c{dry.id}": "dry", f"c{wet.id}": "dry"})
    now = {chip.id: chip for chip in plan.chips}
    assert now[dry.id].is_taken
    assert now[wet.id].state == "problem"
    with pytest.raises(OptionError, match="maybe"):
        planned(options, c0_0="maybe")


def test_outside_the_area_chips_are_not_labelled_until_a_person_vouches() -> None:
    area = shapely.box(0, 0, SIDE / 3, SIDE)
    options = BuildOptions(tile=150, buffer=0, negatives=9)
    drawn, georef = drawing(area=area), Georef(UTM, UTM_33)
    plan = plan_chips(georef, SIDE, SIDE, drawn, options)
    states = {chip.id: chip.state for chip in plan.chips}
    assert {states[f"0_{col}"] for col in (450, 600, 750)} == {"unlabelled"}
    assert {states[f"{row}_0"] for row in (0, 150, 300)} <= {"dry", "water", "problem"}
    plan = plan_chips(georef, SIDE, SIDE, drawn, options, {(0, 750): "include"})
    (chip,) = (chip for chip in plan.chips if chip.id == "0_750")
    assert chip.is_taken
    assert chip.trusted
    assert (drawn.classes(chip.window, trusted=True) != 255).all()


def test_a_plan_without_pixels_is_what_is_built(tmp_path: Path) -> None:
    shapes = ponds(SIDE, SIDE, 16)
    scene = write_scene(tmp_path / "scene.tif", shapes, SIDE, SIDE)
    masks = write_polygons(tmp_path / "masks.gpkg", on_map(shapes, UTM))
    built = build(scene, tmp_path / "set", masks=str(masks), tile=150, stride=120)
    plan = planned(BuildOptions(masks=str(masks), tile=150, stride=120))
    assert [(chip.row, chip.col, chip.split, chip.group) for chip in built.chips] == [
        (chip.window.row, chip.window.col, chip.split, chip.group) for chip in plan.taken
    ]


@pytest.mark.parametrize("resolution", [None, 10.05, 20, 33.3])
def test_the_grid_of_a_resolution_is_that_of_the_scene(
    tmp_path: Path, resolution: float | None
) -> None:
    path = write_scene(tmp_path / "scene.tif", ponds(210, 333, 2), 210, 333)
    with Scene.open(path, resolution=resolution) as scene:
        georef, height, width = chip_grid(Georef(UTM, UTM_33), 210, 333, resolution)
        assert (height, width) == (scene.height, scene.width)
        assert georef.transform.almost_equals(scene.georef.transform, 1e-9)


def test_a_resolution_finer_than_the_raster_is_refused() -> None:
    with pytest.raises(OptionError, match="pixels of 10 m"):
        chip_grid(Georef(UTM, UTM_33), 100, 100, 5)
    with pytest.raises(OptionError, match="no CRS"):
        chip_grid(Georef(UTM, None), 100, 100, 20)


def test_pictures_that_look_alike_are_in_one_split() -> None:
    nowhere = Georef(Affine(1, 0, 0, 0, -1, 0), None)
    sites = []
    for number in range(20):
        shapes = on_map(ponds(200, 200, 3, seed=number), nowhere.transform)
        polygons = Polygons.of(shapes, ["water"] * 3, "drawn")
        drawn = DrawnPolygons(polygons, ["water"], nowhere, 200, 200)
        alike = f"group {number // 2}"
        sites.append(Site(f"{number}.png", nowhere, 200, 200, drawn, alike=alike))
    plan = plan_sites(sites, BuildOptions(tile=100, min_water=8))
    splits: dict[str, set[str]] = {}
    for chip in plan.taken:
        splits.setdefault(chip.group, set()).add(chip.split)
    assert len(splits) == 10
    assert all(len(found) == 1 for found in splits.values())
    assert set.union(*splits.values()) == {"train", "val", "test"}


@given(st.integers(2, 60), st.integers(0, 10**6))
def test_a_deal_keeps_what_is_decided(count: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    groups = [f"g{number}" for number in chance.integers(0, max(count // 3, 2), count)]
    pairs = chance.integers(0, count, (count, 2))
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    kept = chance.random(count) < 0.2
    fixed = {groups[0]: "test", **{groups[n]: "test" for n in np.flatnonzero(kept)}}
    chips = Chips(groups, chance.random((count, 2)), chance.random(count), kept, pairs)
    dealt = deal_chips(chips, (80, 10, 10), 0, fixed)
    for number, (group, split) in enumerate(zip(groups, dealt.split.tolist(), strict=True)):
        assert split in (-1, ("train", "val", "test").index(dealt.groups[group]))
        assert not (kept[number] and split == -1)
    assert all(dealt.groups[group] == split for group, split in fixed.items())
    for one, other in pairs:
        apart = dealt.split[one], dealt.split[other]
        assert min(apart) == -1 or apart[0] == apart[1]


def test_few_chips_are_left_out_of_a_large_scene() -> None:
    options = BuildOptions(tile=24, stride=18, negatives=2)
    plan = planned(options)
    left = sum("too near" in chip.why for chip in plan.chips)
    assert left < 0.25 * len(plan.taken)


def in_the_set(plan: Plan, georef: Georef) -> Fixed:
    """What the set of a plan holds, for another plan that adds to it."""
    chips = [
        OldChip(
            "", chip.window, chip.split, chip.group, footprint(georef, chip.window).wkt,
            crs_text(georef.crs), chip.water_px / chip.window.area,
        )
        for chip in plan.taken
    ]  # fmt: skip
    return Fixed(plan.layout, chips)


@settings(deadline=None, max_examples=15)
@given(st.integers(48, 160), st.integers(24, 96), st.integers(0, 99), st.sampled_from((0.25, 1.0)))
def test_the_same_drawing_again_adds_no_chip(
    tile: int, stride: int, seed: int, negatives: float
) -> None:
    shapes = on_map(ponds(400, 400, 5), UTM)
    georef = Georef(UTM, UTM_33)
    polygons = Polygons.of(shapes, ["water"] * len(shapes), "drawn")
    site = Site("", georef, 400, 400, DrawnPolygons(polygons, ["water"], georef, 400, 400))
    options = BuildOptions(tile=tile, stride=stride, seed=seed, negatives=negatives)
    first = plan_sites([site], options)
    again = plan_sites([site], options, in_the_set(first, georef))
    assert [chip.window for chip in again.taken] == [chip.window for chip in first.taken]


@given(st.integers(6, 60), st.floats(0.5, 1), st.integers(0, 10**6))
def test_every_split_shows_water_where_half_of_the_chips_or_more_do(
    count: int, share: float, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    wet = round(share * count)
    water = chance.permutation(np.r_[chance.uniform(0.01, 1, wet), np.zeros(count - wet)])
    nothing, nobody = np.zeros((0, 2), np.int64), np.zeros(count, bool)
    groups = [f"g{number}" for number in range(count)]
    dealt = deal_chips(
        Chips(groups, chance.random((count, 2)), water, nobody, nothing), (80, 10, 10), seed
    )
    assert set(dealt.split[water > 0].tolist()) == {0, 1, 2}


def test_a_split_that_nobody_wants_gets_no_chip_either() -> None:
    plan = rows_of_chips(4, 5, BuildOptions(tile=64, stride=48, split=(80, 20, 0)))
    assert {chip.split for chip in plan.taken} == {"train", "val"}


def rows_of_chips(rows: int, cols: int, options: BuildOptions) -> Plan:
    """The plan of so many chips with a round lake in each."""
    step = options.step
    height, width = (count * step - step + options.tile for count in (rows, cols))
    centres = [
        (step * (col + 0.5), step * (row + 0.5)) for row in range(rows) for col in range(cols)
    ]
    lakes = on_map([shapely.Point(*at).buffer(step / 4) for at in centres], UTM)
    georef = Georef(UTM, UTM_33)
    polygons = Polygons.of(lakes, ["water"] * len(lakes), "drawn")
    drawn = DrawnPolygons(polygons, ["water"], georef, height, width)
    return plan_chips(georef, height, width, drawn, options)


def shared_pixels(plan: Plan) -> int:
    """Pixels that chips of two splits have in common."""
    return sum(
        one.window.intersection(other.window) is not None
        for one in plan.taken
        for other in plan.taken
        if one.split != other.split
    )


@pytest.mark.parametrize(("rows", "cols"), [(2, 5), (3, 4), (4, 5), (5, 6)])
def test_a_small_set_keeps_all_its_chips_and_shares_no_pixel(rows: int, cols: int) -> None:
    plan = rows_of_chips(rows, cols, BuildOptions(tile=64))
    assert len(plan.taken) == rows * cols
    wanted = {"train": 0.8, "val": 0.1, "test": 0.1}
    for split, share in wanted.items():
        assert abs(plan.counts[split] - share * rows * cols) <= 1
    assert shared_pixels(plan) == 0
    (note,) = plan.notes
    assert "8 pixels between them would cost" in note
    assert f"of {rows * cols} chips" in note


def test_a_buffer_that_somebody_asked_for_is_kept_in_a_small_set_too() -> None:
    plan = rows_of_chips(4, 5, BuildOptions(tile=64, buffer=8))
    lost = 20 - len(plan.taken)
    assert lost > 0
    assert plan.notes == (
        f"{lost} of 20 chips left out that are nearer than 8 pixels to a chip of another split "
        "(see --buffer).",
    )


def test_a_large_set_has_its_buffer() -> None:
    plan = rows_of_chips(20, 20, BuildOptions(tile=64))
    assert len(plan.taken) < 400
    (note,) = plan.notes
    assert "nearer than 8 pixels" in note


def test_small_chips_that_overlap_are_left_out_rather_than_shared() -> None:
    plan = rows_of_chips(5, 6, BuildOptions(tile=64, stride=32))
    lost = 30 - len(plan.taken)
    assert 0 < lost <= 10
    assert shared_pixels(plan) == 0
    assert f"{lost} of 30 chips left out because they overlap" in plan.notes[-1]
