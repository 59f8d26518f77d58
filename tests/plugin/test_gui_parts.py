# SPDX-License-Identifier: GPL-3.0-or-later
"""The dock's other parts: what they show is what they are told, and they clean up behind them."""

import time
from types import SimpleNamespace

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QEvent, QObject
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication


def until(true, seconds=60):
    """Let QGIS work until this is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        QTest.qWait(20)


def square(corner):
    """A GeoJSON feature as the engine sends them."""
    x, y = corner
    ring = [[x, y], [x + 10, y], [x + 10, y + 10], [x, y + 10], [x, y]]
    return {
        "type": "Feature",
        "properties": {"label": "water"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@pytest.fixture
def preview(qgis_app, qgis_new_project):
    from qgis_plugin.gui.leaving import Leaving
    from qgis_plugin.gui.preview import Preview

    parent = QObject()
    made = Preview("scene", QgsCoordinateReferenceSystem("EPSG:32633"), parent)
    yield made
    made.remove()
    for layer in parent.findChildren(Leaving):
        layer.drop()


def test_polygons_appear_on_the_map_during_a_run_and_go_at_its_end(preview):
    assert preview.layer is None
    preview.add([square((i * 20, 0)) for i in range(450)])
    QTest.qWait(400)
    layer = preview.layer
    assert layer.featureCount() == 450
    assert layer.crs().authid() == "EPSG:32633"
    assert layer.extent().width() == pytest.approx(449 * 20 + 10)
    preview.remove()
    assert not QgsProject.instance().mapLayers()


def test_polygons_on_the_map_are_those_that_came_with_islands_however_large(preview):
    from qgis.core import QgsGeometry

    shell = [[x, 0] for x in range(30_000)] + [[29_999, 100], [0, 100], [0, 0]]
    island = [[10, 10], [10, 20], [20.5, 20], [20.5, 10], [10, 10]]
    lake = square((0, 0))
    lake["geometry"]["coordinates"] = [shell, island]
    preview.add([lake, square((0, 500)), lake])
    QTest.qWait(600)
    shapes = [feature.geometry() for feature in preview.layer.getFeatures()]
    assert [shape.constGet().nCoordinates() for shape in shapes] == [30_008, 5, 30_008]
    plain = QgsGeometry.fromWkt("Polygon((0 0, 29999 0, 29999 100, 0 100, 0 0))")
    hole = QgsGeometry.fromWkt("Polygon((10 10, 10 20, 20.5 20, 20.5 10, 10 10))")
    assert shapes[0].isGeosEqual(plain.difference(hole))


def test_polygons_that_the_user_removed_do_not_come_back_in_this_run(preview):
    preview.add([square((0, 0))])
    QTest.qWait(100)
    QgsProject.instance().removeMapLayer(preview.layer.id())
    preview.add([square((50, 0))])
    QTest.qWait(100)
    assert not QgsProject.instance().mapLayers()


def test_polygons_that_leave_the_map_leave_the_memory_in_steps_until_the_layer_is_gone(preview):
    from qgis_plugin.gui.leaving import AT_ONCE, Leaving

    preview.add([square((i * 20, 0)) for i in range(2 * AT_ONCE + 1)])
    until(lambda: preview.layer and preview.layer.featureCount() == 2 * AT_ONCE + 1)
    layer = preview.layer
    counted = [layer.featureCount()]
    preview.remove()
    assert not QgsProject.instance().mapLayers()
    (leaving,) = preview.parent().findChildren(Leaving)
    end = time.monotonic() + 60
    while not sip.isdeleted(leaving):
        assert time.monotonic() < end
        if counted[-1] != layer.featureCount():
            counted.append(layer.featureCount())
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert counted == [2 * AT_ONCE + 1, AT_ONCE + 1, 1, 0]
    assert sip.ispyowned(layer)  # it goes with the last who knows it: here pytest-qgis, too


def test_polygons_on_their_way_out_of_memory_go_at_once_when_the_plugin_goes(preview):
    from qgis_plugin.gui.leaving import AT_ONCE, Leaving

    preview.add([square((i * 20, 0)) for i in range(AT_ONCE + 1)])
    until(lambda: preview.layer and preview.layer.featureCount() == AT_ONCE + 1)
    preview.remove()
    (leaving,) = preview.parent().findChildren(Leaving)
    leaving.drop()
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert sip.isdeleted(leaving)


@pytest.fixture
def bar(qgis_app):
    from qgis_plugin.gui.run_bar import RunBar

    return RunBar()


def seen(bar):
    """The names of the buttons that can be seen."""
    names = ("run", "cancel", "resume", "forget")
    return {name for name in names if getattr(bar, f"{name}_button").isVisibleTo(bar)}


def test_only_the_buttons_that_make_sense_are_there(bar):
    assert seen(bar) == {"run"}
    bar.show_preparing("Starting…")
    assert seen(bar) == {"cancel"}
    assert bar.progress.maximum() == 0
    bar.set_state("stopping")
    assert seen(bar) == {"cancel"}
    assert not bar.cancel_button.isEnabled()
    bar.set_state("resumable")
    assert seen(bar) == {"run", "resume", "forget"}


def test_progress_says_tiles_time_left_and_what_was_found(bar):
    bar.show_preparing("Starting…")
    bar.show_progress(23, 81, 150.0, 7)
    assert (bar.progress.value(), bar.progress.maximum()) == (23, 81)
    for words in ("23 of 81", "2 min left", "7"):
        assert words in bar.hint.text()
    bar.show_progress(81, 81, 0, 7)
    assert "Joining" in bar.hint.text()


def test_a_run_that_cannot_start_says_why_and_cannot_be_pressed(bar):
    bar.set_ready(False, "Choose a raster layer.")
    assert not bar.run_button.isEnabled()
    assert bar.estimate.text() == "Choose a raster layer."
    bar.set_ready(True, "81 tiles")
    assert bar.run_button.isEnabled()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (89, "89 s"),
        (200, "3 min"),
        (7800, "2 h 10 min"),
        (7200, "2 h"),
        (3 * 86400, "3 days"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds, words):
    from qgis_plugin.gui.durations import in_words

    assert in_words(seconds) == words


def test_the_result_goes_from_the_dock_when_its_layer_goes(qgis_app, qgis_new_project):
    from qgis_plugin.gui.result_box import ResultBox

    box = ResultBox()
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326", "Water in scene", "memory")
    QgsProject.instance().addMapLayer(layer)
    box.show_result(layer, "12 water bodies", "The layer has no CRS.")
    assert box.title.text() == "Water in scene"
    assert box.notes.text() == "The layer has no CRS."
    exported = []
    box.export.connect(exported.append)
    box.export_button.click()
    assert exported == [layer]
    QgsProject.instance().removeMapLayer(layer.id())
    assert box.layer is None
    assert box.isHidden()


def test_a_plan_says_what_how_much_and_where_before_anything_happens():
    from qgis_plugin.gui.plan_text import plan_html

    plan = SimpleNamespace(
        folder="/home/<me>/engine",
        python="/usr/bin/python3",
        python_version="3.11",
        torch="cpu",
        torch_reason="no graphics card",
        download_bytes=550e6,
        disk_bytes=1.7e9,
        free_bytes=80e9,
        offline=False,
        problem="",
    )
    text = plan_html(plan)
    for words in ("/home/&lt;me&gt;/engine", "/usr/bin/python3", "550 MB", "1.7 GB", "80.0 GB"):
        assert words in text
    plan.problem = "The disk is full."
    assert "The disk is full." in plan_html(plan)


def test_the_options_page_keeps_what_it_shows_and_only_on_ok(qgis_app):
    from qgis_plugin.gui.options_page import OptionsPage
    from qgis_plugin.settings import SERVER, Settings

    Settings().save()
    told = []
    page = OptionsPage(lambda: told.append(1))
    page.server_choice.setChecked(True)
    page.server.url.setText(" https://gpu.example.org:8470/ ")
    page.local.device.setCurrentIndex(page.local.device.findData("cpu"))
    assert Settings.load() == Settings()
    assert not told
    page.apply()
    kept = Settings.load()
    Settings().save()
    assert (kept.mode, kept.server_url) == (SERVER, "https://gpu.example.org:8470")
    assert kept.device == "cpu"
    assert told
