# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel of training sets with a mouse on a real map and the live engine: every step of it."""

import time

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.gui import QgsMessageBar
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QUrl, pyqtSlot
from qgis.PyQt.QtGui import QDesktopServices, QMouseEvent
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QMainWindow, QWidget

from qgis_plugin import training_folder, training_record
from qgis_plugin.gui.qt import QAction

LEFT = Qt.MouseButton.LeftButton


class Iface:
    """What the panel needs of QGIS's window: a map in it, a message bar, and the hand tool."""

    def __init__(self, canvas):
        self._window, self._canvas = QMainWindow(), canvas
        self._bar, self._pan = QgsMessageBar(), QAction("pan", self._window)

    def mainWindow(self):
        return self._window

    def mapCanvas(self):
        return self._canvas

    def messageBar(self):
        return self._bar

    def actionPan(self):
        return self._pan

    def activeLayer(self):
        return None

    def addTabifiedDockWidget(self, area, dock, others, raised):
        self._window.addDockWidget(area, dock)

    def removeDockWidget(self, dock):
        self._window.removeDockWidget(dock)

    def openMessageLog(self):
        pass


@pytest.fixture
def panel(engine, qgis_canvas, qgis_parent, qgis_new_project, lake_layer, tmp_path):
    """The panel beside a map of the lakes; the project is saved, so labels go beside it."""
    from qgis_plugin.gui.training_control import TrainingControl

    qgis_parent.resize(600, 400)
    qgis_canvas.resize(600, 400)
    qgis_parent.show()
    QTest.qWait(300)
    project = QgsProject.instance()
    project.write(str(tmp_path / "lakes.qgz"))
    project.addMapLayer(lake_layer)
    qgis_canvas.setDestinationCrs(lake_layer.crs())
    qgis_canvas.setExtent(lake_layer.extent())
    iface = Iface(qgis_canvas)
    iface.mainWindow().resize(420, 700)
    iface.mainWindow().show()
    control = TrainingControl(iface)
    control.show_dock(True)
    control.dock.area.tile.setValue(128)
    yield control
    if not sip.isdeleted(control):  # a test may have ended it
        control.take_down()
    iface.mainWindow().hide()
    project.clear()


def test_the_panel_that_is_made_apart_belongs_to_the_window_and_goes_with_it(panel):
    window = panel.iface.mainWindow()
    assert panel.dock.parent() is window
    assert window.findChild(QWidget, "waterseg_training_dock") is panel.dock


def until(condition, seconds=300):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        QTest.qWait(50)


def pixel(panel, x, y, crs=None):
    """The point of the map's window where a place of the layer is."""
    canvas = panel.iface.mapCanvas()
    crs = crs or QgsCoordinateReferenceSystem("EPSG:32633")
    settings = canvas.mapSettings()
    change = QgsCoordinateTransform(crs, settings.destinationCrs(), QgsProject.instance())
    found = settings.mapToPixel().transform(change.transform(QgsPointXY(x, y)))
    return QPoint(round(found.x()), round(found.y()))


def move(viewport, point, buttons=Qt.MouseButton.NoButton):
    """QTest moves the cursor only, which a map in a window without a screen does not feel."""
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        QPointF(viewport.mapToGlobal(point)),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)


def drag(panel, places):
    viewport = panel.iface.mapCanvas().viewport()
    points = [pixel(panel, *place) for place in places]
    QTest.mousePress(viewport, LEFT, Qt.KeyboardModifier.NoModifier, points[0])
    for point in points[1:]:
        move(viewport, point, LEFT)
    QTest.mouseRelease(viewport, LEFT, Qt.KeyboardModifier.NoModifier, points[-1])


def box(x, y, side, step=100):
    """Places around a square, from its lower left corner."""
    there = [(x + way, y) for way in range(0, side, step)]
    there += [(x + side, y + way) for way in range(0, side, step)]
    there += [(x + side - way, y + side) for way in range(0, side, step)]
    return there + [(x, y + side - way) for way in range(0, side, step)]


def labels(panel):
    """The polygons in the file, in metres of the layer's CRS."""
    path = panel.dock.draw.layer().source()
    return [one.geometry() for one in QgsVectorLayer(path, "again", "ogr").getFeatures()]


def draw_square(panel, x=501_000, y=4_997_000, side=1500):
    panel.drawing.pick("freehand")
    drag(panel, box(x, y, side))
    until(lambda: panel.planning.plan is not None and panel.planning.plan.number("water"))


def test_a_stroke_of_the_hand_lies_where_it_was_drawn_and_is_saved(panel):
    draw_square(panel)
    (shape,) = labels(panel)
    wanted = QgsGeometry.fromPolygonXY([[QgsPointXY(*p) for p in box(501_000, 4_997_000, 1500)]])
    shared = shape.intersection(wanted).area()
    assert shared / shape.combine(wanted).area() > 0.95
    assert panel.dock.draw.undo.isEnabled()
    panel.drawing.do("undo")
    assert labels(panel) == []
    panel.drawing.do("redo")
    assert len(labels(panel)) == 1


def test_on_a_map_of_another_crs_it_lies_there_too(panel):
    canvas = panel.iface.mapCanvas()
    map_crs = QgsCoordinateReferenceSystem("EPSG:3857")
    layer = panel.dock.area.layer()
    change = QgsCoordinateTransform(layer.crs(), map_crs, QgsProject.instance())
    canvas.setDestinationCrs(map_crs)
    canvas.setExtent(change.transformBoundingBox(layer.extent()))
    QTest.qWait(200)
    draw_square(panel)
    (shape,) = labels(panel)
    assert panel.dock.draw.layer().crs() == layer.crs()
    box_of = shape.boundingBox()
    assert abs(box_of.xMinimum() - 501_000) < 40
    assert abs(box_of.yMaximum() - 4_998_500) < 40


def test_rubbing_through_the_middle_takes_a_stripe_away(panel):
    draw_square(panel)
    before = labels(panel)[0].area()
    panel.drawing.pick("eraser")
    drag(panel, [(500_800 + 100 * step, 4_997_750) for step in range(20)])
    (left,) = labels(panel)
    assert 0.4 * before < left.area() < 0.9 * before
    assert len(left.asMultiPolygon()) == 2


def test_the_wand_takes_the_lake_that_was_pressed_into(panel, lake_picture):
    # Red is 25 in the lakes and 110 on land.
    dark = [
        (row, col)
        for row in range(40, 360, 10)
        for col in range(40, 560, 10)
        if lake_picture[0, row - 9 : row + 10, col - 9 : col + 10].max() < 60
    ]
    row, col = dark[0]
    place = (500_000 + 10 * col + 5, 5_000_000 - 10 * row - 5)
    panel.drawing.pick("wand")
    drag(panel, [place, (place[0] + 60, place[1])])
    until(lambda: panel.drawing.strokes is not None and panel.drawing.strokes.count() == 1)
    (shape,) = labels(panel)
    assert shape.contains(QgsGeometry.fromPointXY(QgsPointXY(*place)))
    share = shape.area() / 100 / (lake_picture[0] < 60).sum()
    assert 0.02 < share < 1.1
    assert panel.dock.draw.tolerance.value() == panel.drawing.wand.tolerance


def test_a_click_leaves_a_chip_out_and_another_takes_it_back(panel):
    draw_square(panel)
    wet = panel.planning.plan.number("water")
    panel.dock.area.choose_decision("exclude")
    viewport = panel.iface.mapCanvas().viewport()
    middle = pixel(panel, 501_700, 4_997_700)
    QTest.mouseClick(viewport, LEFT, Qt.KeyboardModifier.NoModifier, middle)
    until(lambda: panel.planning.plan.number("excluded") == 1)
    assert panel.planning.plan.number("water") == wet - 1
    assert panel.dock.area.legend.findChild(object, "waterseg_training_count_excluded")
    QTest.mouseClick(viewport, LEFT, Qt.KeyboardModifier.NoModifier, middle)
    until(lambda: panel.planning.plan.number("excluded") == 0)
    panel.dock.area.choose_decision("dry")  # another decision, with the same tool
    land = pixel(panel, 505_500, 4_999_500)
    QTest.mouseClick(viewport, LEFT, Qt.KeyboardModifier.NoModifier, land)
    until(lambda: panel.planning.plan.number("dry") == 1)
    # Decisions are of this grid, and kept with the image.
    panel.dock.area.tile.setValue(96)
    assert not panel.planning.request().chips
    panel.dock.area.tile.setValue(128)
    assert list(panel.planning.request().chips.values()) == ["dry"]
    panel.planning.forget_decisions()
    assert not panel.planning.request().chips


def test_nothing_is_dry_until_somebody_says_so(panel):
    draw_square(panel)
    assert panel.planning.plan.number("dry") == 0
    panel.dock.area.area.set_kind("layer")
    until(lambda: panel.planning.plan.number("dry") > 0)
    assert panel.planning.plan.number("unlabelled") == 0


def test_the_chip_under_the_mouse_is_checked(panel):
    draw_square(panel)
    panel.dock.go_to(3)
    viewport = panel.iface.mapCanvas().viewport()
    move(viewport, pixel(panel, 501_700, 4_997_700))
    page = panel.dock.check
    until(lambda: page.suffix.toPlainText().endswith("water"))
    assert "IoU" in page.result.text()
    assert page.copy.isEnabled()
    assert page.list.item(0).text() == "Nothing to warn of so far."
    page.checkAll.emit()
    until(lambda: page.list.item(0).text() != "Nothing to warn of so far.")
    until(lambda: not page.stop_button.isVisible())
    checked = "All chips with water were checked: nothing to warn of."
    warned = [page.list.item(row).text() for row in range(page.list.count())]
    assert warned == [checked] or all(text.startswith("Row ") for text in warned)


def test_a_click_on_a_warning_shows_its_chip_on_the_map(panel):
    draw_square(panel)
    panel.dock.go_to(3)
    page, canvas = panel.dock.check, panel.iface.mapCanvas()
    chip = next(one for one in panel.planning.plan.chips if one.state == "water")
    page.show_warnings([(chip.key, "A warning.")])
    row = page.list.visualItemRect(page.list.item(0))
    QTest.mouseClick(page.list.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, row.center())
    place = panel.planning.chips.extent_of(chip.key)
    assert canvas.extent().contains(place)
    assert canvas.extent().width() < 4 * max(place.width(), place.height())
    assert f"row {chip.row}, column {chip.col}" in page.title.text()


def test_the_snapping_of_qgis_is_switched_in_the_panel(panel):
    panel.dock.go_to(1)
    snap = panel.dock.draw.snap
    before = QgsProject.instance().snappingConfig().enabled()
    assert snap.isChecked() is before
    snap.click()
    assert QgsProject.instance().snappingConfig().enabled() is not before
    snap.click()
    assert QgsProject.instance().snappingConfig().enabled() is before


def test_a_set_is_written_and_shown(panel, tmp_path):
    draw_square(panel)
    page = panel.dock.write
    page.folder.setFilePath(str(tmp_path))
    page.name.setText("ponds")
    until(lambda: page.write_button.isEnabled())
    page.write.emit()
    until(lambda: page.result.isVisibleTo(page))
    assert (tmp_path / "ponds" / "dataset.json").is_file()
    assert "chip" in page.result.title.text()
    page.write.emit()  # the folder is taken now
    assert "already" in page.said.text()


@pytest.fixture
def cut_off(panel, engine, tmp_path):
    """The panel as in a new QGIS, after one that ended while it wrote the set `ponds`."""
    from qgis_plugin.gui.training_control import TrainingControl

    draw_square(panel)
    panel.dock.area.area.set_kind("layer")
    until(lambda: panel.planning.plan.number("dry"))
    page = panel.dock.write
    page.folder.setFilePath(str(tmp_path))
    page.name.setText("ponds")
    until(lambda: page.write_button.isEnabled())
    page.write.emit()
    task = panel.writing._task
    until(lambda: task._run._record.job)
    panel.take_down()
    until(lambda: training_record.unfinished() and sip.isdeleted(panel))
    again = TrainingControl(panel.iface)
    again.show_dock(True)
    assert not (tmp_path / "ponds").exists()
    yield again
    again.take_down()
    client = engine.ensure_started()
    for job in client.jobs():  # a record that was let go leaves its job to the engine
        client.forget(job.id)


def test_a_set_that_was_cut_off_is_resumed_by_a_new_qgis(cut_off, tmp_path):
    page = cut_off.dock.write
    cut_off.dock.go_to(4)
    assert page.resume_button.isVisible()
    assert "ponds is not finished yet" in page.said.text()
    QgsProject.instance().removeMapLayer(cut_off.dock.area.layer().id())  # it is opened again
    page.resume_button.click()
    until(lambda: page.result.isVisibleTo(page))
    assert training_folder.read(str(tmp_path / "ponds")).chips > 1
    assert not training_record.unfinished()
    assert not page.resume_button.isVisible()


def test_what_has_changed_since_is_told_and_a_new_set_takes_its_place(
    cut_off, make_raster, lake_picture, tmp_path
):
    page = cut_off.dock.write
    (record,) = training_record.unfinished()
    QgsProject.instance().removeMapLayer(cut_off.dock.area.layer().id())
    make_raster(lake_picture[:, :300], "lakes.tif")
    page.resume_button.click()
    assert "lakes has changed since the run began" in page.said.text()
    assert training_record.unfinished() == [record]
    layer = QgsRasterLayer(str(tmp_path / "lakes.tif"), "lakes")
    QgsProject.instance().addMapLayer(layer)
    cut_off.dock.area.layer_box.setLayer(layer)
    draw_square(cut_off, 502_000, 4_998_000, 900)
    write(cut_off, tmp_path / "others")
    assert not training_record.unfinished()


@pytest.fixture
def opened(qgis_app):
    """The files and folders that this computer is asked to show."""

    class Handler(QObject):
        def __init__(self):
            super().__init__()
            self.urls = []

        @pyqtSlot(QUrl)
        def show(self, url):
            self.urls.append(url.toLocalFile())

    handler = Handler()
    QDesktopServices.setUrlHandler("file", handler, "show")
    yield handler.urls
    QDesktopServices.unsetUrlHandler("file")


def is_told(panel, words):
    """Whether a sentence in QGIS's message bar has these words."""
    return any(words in item.text() for item in panel.iface.messageBar().items())


def test_folder_and_preview_of_a_set_are_opened_as_long_as_they_are_there(panel, opened, tmp_path):
    draw_square(panel)
    write(panel, tmp_path / "ponds")
    result = panel.dock.write.result
    for button in (result.folder_button, result.preview_button):
        button.click()
    assert opened == [str(tmp_path / "ponds"), str(tmp_path / "ponds" / "preview.html")]
    (tmp_path / "ponds").rename(tmp_path / "lakes")
    result.folder_button.click()
    until(lambda: is_told(panel, "ponds is not there any more"))
    result.preview_button.click()
    until(lambda: is_told(panel, "preview.html is not there any more"))
    assert len(opened) == 2


@pytest.fixture
def holes(panel, make_raster, lake_picture):
    """The panel with a picture of which the east and a square in the first chip hold no data."""
    pixels = lake_picture.copy()
    pixels[:, :, 384:] = 0
    pixels[:, 20:70, 10:60] = 0
    layer = QgsRasterLayer(make_raster(pixels, "holes.tif", nodata=0), "holes")
    QgsProject.instance().addMapLayer(layer)
    panel.dock.area.layer_box.setLayer(layer)
    panel.dock.area.area.set_kind("layer")
    return panel


def write(panel, folder):
    """Write the set that the panel shows; the keys of its chips."""
    page = panel.dock.write
    page.folder.setFilePath(str(folder.parent))
    page.name.setText(folder.name)
    until(lambda: page.write_button.isEnabled())
    page.write.emit()
    until(lambda: page.result.isVisibleTo(page))
    return training_folder.read(str(folder)).keys


def taken(panel):
    return {chip.key for chip in panel.planning.plan.chips if chip.split}


def test_chips_that_hold_no_data_are_problems_before_anything_is_written(holes, tmp_path):
    panel = holes
    draw_square(panel)
    until(lambda: panel.planning.plan.number("problem"))
    empty = [chip for chip in panel.planning.plan.chips if chip.state == "problem"]
    assert {chip.col for chip in empty} == {384, 472}
    assert all("no data" in chip.why for chip in empty)
    before = taken(panel)
    panel.dock.write.negatives.setValue(5)
    until(lambda: len(taken(panel)) > len(before))
    shown = taken(panel)
    assert write(panel, tmp_path / "set") == shown
    assert "planned chips" not in panel.dock.write.result.text.text()


def test_what_only_its_pixels_show_is_told_in_a_sentence_and_marked_on_the_map(holes, tmp_path):
    panel = holes
    draw_square(panel)
    draw_square(panel, 500_200, 4_999_450, 200)  # all of it where there is no data
    for share in panel.dock.write.shares[1:]:
        share.setValue(0)
    until(lambda: "0_0" in taken(panel) and panel.planning.plan.number("problem"))
    until(lambda: not panel.planning.plan.in_split("test"))
    shown, problems = taken(panel), panel.planning.plan.number("problem")
    assert shown - write(panel, tmp_path / "set") == {"0_0"}
    assert f"1 of {len(shown)} planned chips left out" in panel.dock.write.result.text.text()
    until(lambda: panel.planning.plan.number("problem") == problems + 1)
    chip = panel.planning.plan.chips[0]
    assert (chip.key, chip.state) == ("0_0", "problem")
    assert "Left out when it was written" in chip.why
    panel.dock.area.tile.setValue(96)  # of other chips nothing is known
    until(lambda: panel.planning.plan.chips[0].height == 96)
    assert not any("Left out when" in one.why for one in panel.planning.plan.chips)


def test_suggestions_come_into_the_layer_and_count_when_accepted(panel):
    page = panel.dock.suggest
    panel.dock.go_to(2)
    page.smallest.setValue(20_000)
    page.run.emit()
    until(lambda: panel.drawing.strokes is not None and panel.drawing.strokes.suggestions())
    strokes = panel.drawing.strokes
    until(lambda: page.box.isVisibleTo(page))
    number = len(strokes.suggestions())
    assert strokes.count() == 0
    page.decided.emit("accept")
    assert (strokes.count(), len(strokes.suggestions())) == (1, number - 1)
    page.decided.emit("reject_all")
    assert (strokes.count(), len(strokes.suggestions())) == (1, 0)
    assert not page.box.isVisibleTo(page)


def test_a_polygon_layer_of_ones_own_is_taken_with_its_labels(panel):
    own = QgsVectorLayer("Polygon?crs=EPSG:32633&field=kind:string(20)", "own", "memory")
    for kind, x in (("lake", 501_000), ("river", 504_000)):
        feature = QgsFeature(own.fields())
        ring = [QgsPointXY(*place) for place in box(x, 4_997_000, 1000)]
        feature.setGeometry(QgsGeometry.fromPolygonXY([ring]))
        feature.setAttribute("kind", kind)
        own.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(own)
    panel.dock.draw.layer_box.setLayer(own)
    panel.dock.draw.field.setField("kind")
    panel.dock.write.label.setText("lake ; river")
    request = panel.planning.request()
    found = {one["properties"]["label"] for one in request.polygons["features"]}
    assert found == {"lake", "river"}
    assert panel.drawing.strokes is None  # looking at it does not touch it
    assert not own.isEditable()


def test_a_layer_that_is_removed_while_it_is_drawn_on_does_no_harm(panel):
    draw_square(panel)
    QgsProject.instance().removeMapLayer(panel.dock.draw.layer().id())
    QTest.qWait(100)
    assert panel.drawing.strokes is None
    assert panel.dock.draw.layer() is None
    draw_square(panel, 503_000)  # the same file is found again
    assert len(labels(panel)) == 2


def test_nothing_stays_on_the_map(panel):
    canvas = panel.iface.mapCanvas()
    draw_square(panel)
    panel.take_down()
    QTest.qWait(50)
    ours = [one for one in canvas.scene().items() if type(one).__name__ == "ChipsItem"]
    assert not ours
    assert panel.dock is None


def test_a_folder_in_ones_own_is_shown_short_and_meant_whole(panel):
    from pathlib import Path

    panel.dock.write.folder.setFilePath("~/sets")
    panel.dock.write.name.setText("ponds")
    assert panel.dock.write.output() == str(Path.home() / "sets" / "ponds")
