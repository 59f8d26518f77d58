# SPDX-License-Identifier: GPL-3.0-or-later
"""From a layer and drawn water to a training set on disk, against the live engine."""

import csv
import json
import os
import zipfile

import pytest
from osgeo import gdal
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterBlockFeedback,
    QgsRectangle,
    QgsVectorLayer,
)
from servers import LiveServer
from test_layer_rendered import layer_of
from test_run import Heard

from qgis_plugin import training_folder
from qgis_plugin.errors import LayerError
from qgis_plugin.provider import WatersegProvider
from qgis_plugin.training_polygons import polygons_of
from qgis_plugin.training_request import TrainingRequest
from qgis_plugin.training_run import TrainingRun
from qgis_plugin.training_wire import check, plan, wand

ID = "waterseg:buildtrainingset"
#: Two lakes on the picture of 600 x 400 pixels of 10 m, one with an island.
LAKE = (
    "Polygon((500400 4999600, 501600 4999600, 501600 4998600, 500400 4998600, 500400 4999600),"
    "(500800 4999200, 501200 4999200, 501200 4998900, 500800 4998900, 500800 4999200))"
)
POND = "Polygon((504000 4998000, 504700 4998000, 504700 4997300, 504000 4997300, 504000 4998000))"


@pytest.fixture
def drawn(qgis_app):
    """A layer in memory with both lakes, one of them of another label."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633&field=kind:string(20)", "drawn", "memory")
    for shape, kind in ((LAKE, "lake"), (POND, "river")):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(shape))
        feature.setAttribute("kind", kind)
        assert layer.dataProvider().addFeature(feature)
    return layer


@pytest.fixture
def provider(engine, qgis_processing):
    provider = WatersegProvider()
    assert QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)


def request_of(layer, drawn, output="", **how):
    options = {"tile": 128, "negatives": 1.0, **how.pop("options", {})}
    return TrainingRequest.of(
        layer, polygons_of(drawn, layer), output=str(output), options=options, **how
    )


def run_of(engine, request, heard=None, feedback=None, record=None):
    feedback = feedback or QgsRasterBlockFeedback()
    return TrainingRun(request, engine, feedback, heard or Heard(), record)


def lines(folder):
    found = []
    for split in ("train", "val", "test"):
        path = folder / f"{split}.jsonl"
        if path.exists():
            found += [json.loads(line) for line in path.read_text().splitlines()]
    return found


def rows(folder):
    with open(folder / "manifest.csv", newline="") as file:
        return list(csv.DictReader(file))


def test_the_algorithm_writes_a_set_that_is_whole(provider, lake_layer, drawn, tmp_path):
    import processing

    folder = tmp_path / "ponds"
    found = processing.run(
        ID,
        {
            "INPUT": lake_layer,
            "MASKS": drawn,
            "TILE": 128,
            "NEGATIVES": 1,
            "SPLIT": "60,20,20",
            "LICENCE": "CC-BY-4.0",
            "OUTPUT": str(folder),
        },
    )
    assert found["OUTPUT"] == str(folder)
    entries = lines(folder)
    assert len(entries) == found["CHIPS"] > found["WET"] > 1
    for entry in entries:
        assert entry["prefix"] == "segment water"
        picture = gdal.Open(str(folder / entry["image"]))
        assert (picture.RasterXSize, picture.RasterYSize) == (128, 128)
    wet = [entry["suffix"] for entry in entries if entry["suffix"]]
    assert all("<loc" in one and "<seg" in one and one.endswith("water") for one in wet)
    about = json.loads((folder / "dataset.json").read_text())
    assert about["licence"] == "CC-BY-4.0"
    # Nothing but the set: no zip, no hidden folder.
    assert [one for one in os.listdir(tmp_path) if one != "lakes.tif"] == ["ponds"]


def test_what_was_drawn_lies_where_it_was_drawn(engine, lake_layer, drawn, tmp_path):
    folder = tmp_path / "ponds"
    run_of(engine, request_of(lake_layer, drawn, folder)).go()
    water = 0
    for row in rows(folder):
        mask = gdal.Open(str(folder / "masks" / f"{row['id']}.png")).ReadAsArray()
        place = QgsRectangle.fromWkt(row["footprint"])
        for feature in drawn.getFeatures():
            expected = feature.geometry().intersection(QgsGeometry.fromRect(place)).area() / 100
            water -= expected
        water += int((mask == 1).sum())
    assert abs(water) < 4


def test_several_labels_come_from_the_field_that_was_chosen(provider, lake_layer, drawn, tmp_path):
    import processing

    folder = tmp_path / "ponds"
    values = {"INPUT": lake_layer, "MASKS": drawn, "TILE": 128, "OUTPUT": str(folder)}
    processing.run(ID, {**values, "LABEL_FIELD": "kind", "LABEL": "lake ; river"})
    suffixes = {entry["suffix"].split()[-1] for entry in lines(folder) if entry["suffix"]}
    assert suffixes == {"lake", "river"}
    assert {entry["prefix"] for entry in lines(folder)} == {"segment lake ; river"}


def test_it_is_cancelled_and_goes_on_where_it_stopped(engine, lake_layer, drawn, tmp_path):
    folder = tmp_path / "ponds"
    request = request_of(lake_layer, drawn, folder)
    feedback = QgsRasterBlockFeedback()
    heard = Heard(lambda done: feedback.cancel())
    first = run_of(engine, request, heard, feedback)
    outcome = first.go()
    assert outcome.cancelled
    assert not folder.exists()
    assert first.unfinished.job
    second = run_of(engine, first.unfinished.request, record=first.unfinished)
    assert second.go().path == str(folder)
    assert second.unfinished is None
    whole = tmp_path / "whole"
    run_of(engine, request_of(lake_layer, drawn, whole)).go()
    assert lines(folder) == lines(whole)
    assert all(job.kind != "dataset" for job in engine.ensure_started().jobs())


def test_from_a_server_the_set_is_written_here(
    engine, core_python, auth_id, lake_layer, drawn, tmp_path
):
    from qgis_plugin.settings import SERVER, Settings

    server = LiveServer(core_python, tmp_path)
    server.start()
    try:
        Settings(
            mode=SERVER, server_url=f"http://127.0.0.1:{server.port}", auth_id=auth_id(server.token)
        ).save()
        folder = tmp_path / "ponds"
        outcome = run_of(engine, request_of(lake_layer, drawn, folder)).go()
    finally:
        server.stop()
        Settings().save()
    assert outcome.path == str(folder)
    assert training_folder.read(str(folder)).wet > 1


def test_the_plan_tells_every_chip_and_what_was_decided(engine, lake_layer, drawn):
    client = engine.ensure_started()
    request = request_of(lake_layer, drawn)
    first = plan(client, request.words())
    assert {chip.state for chip in first.chips} <= {"water", "dry", "unlabelled", "problem"}
    wet = next(chip for chip in first.chips if chip.state == "water")
    corner = wet.footprint["coordinates"][0][0]
    assert lake_layer.extent().buffered(1).contains(corner[0], corner[1])
    decided = request_of(lake_layer, drawn, chips={wet.key: "exclude"})
    second = plan(client, decided.words())
    (again,) = [chip for chip in second.chips if chip.key == wet.key]
    assert again.state == "excluded"
    assert not again.split


def test_a_chip_is_checked_with_its_pictures(engine, lake_layer, drawn):
    client = engine.ensure_started()
    words = request_of(lake_layer, drawn).words()
    chips = plan(client, words).chips
    wet = next(chip for chip in chips if chip.state == "water")
    said = check(client, words, wet)
    assert said.suffix.endswith("water")
    assert 0 < said.iou <= 1
    assert said.instances >= 1
    from qgis_plugin.training_picture import image_of

    assert image_of(said.drawn).width() == image_of(said.said).width() == 128


def test_the_wand_grows_from_a_click_on_the_picture_of_the_layer(engine, lake_layer):
    from qgis_plugin.training_picture import Picture, View, png_text

    view = View(lake_layer.extent(), 200, 300)
    image = Picture(lake_layer).image(view)
    assert (image.width(), image.height()) == (300, 200)
    darkest = min(
        ((row, col) for row in range(10, 190, 5) for col in range(10, 290, 5)),
        key=lambda place: image.pixelColor(place[1], place[0]).value(),
    )
    polygon = wand(engine.ensure_started(), png_text(image), *darkest, 40)
    ring = polygon["coordinates"][0]
    assert len(ring) > 4
    assert all(0 <= x <= 300 and 0 <= y <= 200 for x, y in ring)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SPLIT": "most of it"}, "80,10,10"),
        ({"TILE": 16, "STRIDE": 8192}, "stride"),
        ({"LABEL_FIELD": "nothing"}, "field"),
    ],
)
def test_nonsense_is_told_in_a_sentence(provider, lake_layer, drawn, tmp_path, change, sentence):
    import processing

    feedback = QgsProcessingFeedback()
    values = {"INPUT": lake_layer, "MASKS": drawn, "OUTPUT": str(tmp_path / "set"), **change}
    with pytest.raises(QgsProcessingException) as caught:
        processing.run(ID, values, feedback=feedback)
    assert sentence in str(caught.value) + feedback.textLog()
    assert not (tmp_path / "set").exists()


def test_polygons_elsewhere_are_told_before_anything_is_asked(lake_layer, drawn, tmp_path):
    drawn.dataProvider().deleteFeatures([one.id() for one in drawn.getFeatures()])
    far = QgsFeature(drawn.fields())
    far.setGeometry(QgsGeometry.fromRect(QgsRectangle(0, 0, 10, 10)))
    drawn.dataProvider().addFeature(far)
    with pytest.raises(LayerError, match="No water is drawn"):
        request_of(lake_layer, drawn, tmp_path / "set").check()


@pytest.mark.parametrize("trouble", ["set", "full", "file", "nowhere"])
def test_a_folder_that_cannot_be_taken_is_told_before_anything_is_asked(
    lake_layer, drawn, tmp_path, trouble
):
    folder = tmp_path / "set"
    if trouble == "file":
        folder.write_text("")
    elif trouble == "nowhere":
        folder = tmp_path / "no" / "set"
    else:
        folder.mkdir()
        name = "dataset.json" if trouble == "set" else "holiday.jpg"
        (folder / name).write_text("{}")
    with pytest.raises(LayerError, match=r"[Cc]hoose"):
        request_of(lake_layer, drawn, folder).check()


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/outside.txt", "a/../../b.txt"])
def test_a_zip_that_would_write_elsewhere_is_refused(tmp_path, name):
    archive = tmp_path / "bad.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("dataset.json", "{}")
        packed.writestr(name, "x")
    with pytest.raises(LayerError):
        training_folder.unpack(str(archive), str(tmp_path / "set"))
    assert os.listdir(tmp_path) == ["bad.zip"]


def test_half_a_zip_leaves_nothing_behind(tmp_path):
    archive = tmp_path / "half.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("dataset.json", "{}" * 1000)
    archive.write_bytes(archive.read_bytes()[:200])
    with pytest.raises(LayerError):
        training_folder.unpack(str(archive), str(tmp_path / "set"))
    assert os.listdir(tmp_path) == ["half.zip"]


def test_a_large_set_comes_in_parts_that_fit_together(
    engine, lake_layer, drawn, tmp_path, monkeypatch
):
    from qgis_plugin import client

    monkeypatch.setattr(client, "PART_BYTES", 10_007)
    run_of(engine, request_of(lake_layer, drawn, tmp_path / "parts")).go()
    monkeypatch.undo()
    run_of(engine, request_of(lake_layer, drawn, tmp_path / "whole")).go()
    assert lines(tmp_path / "parts") == lines(tmp_path / "whole")


def test_where_nobody_has_looked_nothing_is_dry_land(engine, lake_layer, drawn, tmp_path):
    from qgis_plugin.training_marked import plan_of

    client = engine.ensure_started()
    marked = request_of(lake_layer, drawn, marked=True)
    first = plan_of(client, marked)
    assert not first.number("dry")
    assert first.number("water") == plan(client, request_of(lake_layer, drawn).words()).number(
        "water"
    )
    land = next(chip for chip in first.chips if chip.state == "unlabelled")
    decided = request_of(lake_layer, drawn, tmp_path / "set", marked=True, chips={land.key: "dry"})
    assert [chip.key for chip in plan_of(client, decided).chips if chip.state == "dry"] == [
        land.key
    ]
    run_of(engine, decided).go()
    dry = [row for row in rows(tmp_path / "set") if not row["suffix"]]
    assert [f"{row['row']}_{row['col']}" for row in dry] == [land.key]


def test_before_anything_is_drawn_nothing_is_labelled(engine, lake_layer, drawn):
    from qgis_plugin.training_marked import plan_of

    drawn.dataProvider().truncate()
    nothing = plan_of(engine.ensure_started(), request_of(lake_layer, drawn, marked=True))
    assert {chip.state for chip in nothing.chips} == {"unlabelled"}


def test_a_cancelled_batch_leaves_nothing_on_the_engine(engine, lake_layer, drawn, tmp_path):
    feedback = QgsRasterBlockFeedback()
    heard = Heard(lambda done: feedback.cancel())
    run = run_of(engine, request_of(lake_layer, drawn, tmp_path / "set"), heard, feedback)
    assert run.go().cancelled
    job = run.unfinished.job
    run.drop()
    assert run.unfinished is None
    assert job not in {one.id for one in engine.ensure_started().jobs()}


@pytest.mark.parametrize("kind", ["wms", "xyz"])
def test_a_map_server_s_layer_becomes_a_set_of_what_it_shows(
    engine, maps, drawn, lake_layer, tmp_path, kind
):
    layer = layer_of(getattr(maps, kind))
    folder = tmp_path / "set"
    area = {"extent": lake_layer.extent(), "crs": lake_layer.crs()}
    request = TrainingRequest.of(
        layer,
        polygons_of(drawn, layer),
        area=area,
        resolution=20.0,
        output=str(folder),
        options={"tile": 64},
    )
    request.check()
    run_of(engine, request).go()
    wet = [entry for entry in lines(folder) if entry["suffix"]]
    assert len(wet) > 2
    picture = gdal.Open(str(folder / wet[0]["image"])).ReadAsArray()
    assert picture.shape == (3, 64, 64)
    assert picture.std() > 5
