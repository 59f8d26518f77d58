# SPDX-License-Identifier: GPL-3.0-or-later
"""Two models side by side on the map: two runs, two layers, a swipe, and nothing left behind."""

import time

import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsLayerTreeMapCanvasBridge, QgsLayerTreeView, QgsMapToolPan
from qgis.PyQt.QtCore import QCoreApplication, QPoint, Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QPushButton
from test_training_panel import Iface, move

from qgis_plugin import result_pair, results

LEFT = Qt.MouseButton.LeftButton
WIDTH, HEIGHT = 600, 400
NEW, OLD = (QColor(*result_pair.COLOURS[which]) for which in (result_pair.NEW, result_pair.OLD))


class Window(Iface):
    """QGIS's window with a layer tree, and what is in the context menus of layers."""

    def __init__(self, canvas):
        super().__init__(canvas)
        self.active, self.tree, self.menus = None, QgsLayerTreeView(), {}

    def activeLayer(self):
        return self.active

    def layerTreeView(self):
        return self.tree

    def addCustomActionForLayerType(self, action, menu, kind, every):
        self.menus[action] = []

    def addCustomActionForLayer(self, action, layer):
        self.menus[action].append(layer.id())

    def removeCustomActionForLayerType(self, action):
        del self.menus[action]

    def told(self):
        """What the message bar says, the newest last."""
        QTest.qWait(30)
        return [item.text() for item in reversed(self.messageBar().items())]


@pytest.fixture
def window(qgis_canvas, qgis_parent, qgis_new_project, lake_layer):
    """A map of the lakes, bound to the layer tree."""
    qgis_parent.resize(WIDTH, HEIGHT)
    qgis_canvas.resize(WIDTH, HEIGHT)
    qgis_parent.show()
    QTest.qWait(300)
    project = QgsProject.instance()
    bridge = QgsLayerTreeMapCanvasBridge(project.layerTreeRoot(), qgis_canvas)
    project.addMapLayer(lake_layer)
    qgis_canvas.setDestinationCrs(lake_layer.crs())
    qgis_canvas.setExtent(lake_layer.extent())
    until(lambda: qgis_canvas.layers())
    made = Window(qgis_canvas)
    pan = QgsMapToolPan(qgis_canvas)
    qgis_canvas.setMapTool(pan)
    yield made
    qgis_canvas.unsetMapTool(pan)
    project.clear()
    bridge.deleteLater()


@pytest.fixture
def control(window):
    from qgis_plugin.gui.compare_control import CompareControl

    made = CompareControl(window)
    yield made
    made.take_down()


@pytest.fixture
def pair(window):
    """Two layers: one covers the left three quarters of the map, the other the right ones."""
    box = QgsProject.instance().mapLayersByName("lakes")[0].extent()
    quarter = box.width() / 4
    made = []
    for which, start in ((result_pair.NEW, 0), (result_pair.OLD, 1)):
        layer = QgsVectorLayer("Polygon?crs=EPSG:32633", f"{which} water", "memory")
        feature = QgsFeature()
        left = box.xMinimum() + start * quarter
        shape = QgsRectangle(left, box.yMinimum(), left + 3 * quarter, box.yMaximum())
        feature.setGeometry(QgsGeometry.fromRect(shape))
        layer.dataProvider().addFeatures([feature])
        layer.setCustomProperty(results.MARK, True)
        result_pair.paint(layer, which)
        made.append(layer)
    QgsProject.instance().addMapLayers(made[::-1])
    until(lambda: len(window.mapCanvas().layers()) == 3)
    return made


def until(condition, seconds=300):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        QTest.qWait(20)


def jobs_of(engine):
    """The jobs that the engine has; other tests may have left some."""
    return {job.id for job in engine.ensure_started().jobs()}


def swiped(control, window):
    """Wait until the swipe has both pictures and the map rests."""
    until(lambda: control.tool.item is not None and control.tool.item.is_complete)
    window.mapCanvas().waitWhileRendering()
    QTest.qWait(100)


def drag(window, start, end):
    viewport = window.mapCanvas().viewport()
    points = [QPoint(x, HEIGHT // 3) for x in (start, (start + end) // 2, end)]
    QTest.mousePress(viewport, LEFT, Qt.KeyboardModifier.NoModifier, points[0])
    for point in points[1:]:
        move(viewport, point, LEFT)
    QTest.mouseRelease(viewport, LEFT, Qt.KeyboardModifier.NoModifier, points[-1])
    QTest.qWait(30)


def colour_at(window, x, y=HEIGHT // 4):
    """Whose water is seen there: new, old, both or none; by the tint over the picture."""
    pixel = window.mapCanvas().grab().toImage().pixelColor(round(x), y)
    plain = window.plain.pixelColor(round(x), y)
    seen = (pixel.red() - plain.red(), pixel.green() - plain.green(), pixel.blue() - plain.blue())
    share = result_pair.FILLED / 255
    for name, colour in (("new", NEW), ("old", OLD)):
        here = (colour.red(), colour.green(), colour.blue())
        under = (plain.red(), plain.green(), plain.blue())
        if all(
            abs(part - share * (a - b)) < 4 for part, a, b in zip(seen, here, under, strict=True)
        ):
            return name
    return "none" if max(map(abs, seen)) < 4 else "both"


@pytest.fixture
def plain(window):
    """Remember how the map looks without results."""
    window.mapCanvas().waitWhileRendering()
    QTest.qWait(300)
    window.plain = window.mapCanvas().grab().toImage()


def state(window):
    """All of the project that somebody could have changed."""
    project, canvas = QgsProject.instance(), window.mapCanvas()
    tree = project.layerTreeRoot()
    return (
        project.crs().authid(),
        canvas.mapSettings().destinationCrs().authid(),
        canvas.extent().toString(),
        [layer.id() for layer in canvas.layers()],
        [(node.name(), node.itemVisibilityChecked()) for node in tree.findLayers()],
        [layer.opacity() for layer in project.mapLayers().values()],
        [layer.renderer().dump() for layer in canvas.layers() if hasattr(layer, "fields")],
        [layer.subsetString() for layer in canvas.layers() if hasattr(layer, "subsetString")],
        len(canvas.scene().items()),
    )


def test_left_of_the_line_is_the_new_water_and_right_of_it_the_old(plain, window, control, pair):
    window.mapCanvas().waitWhileRendering()
    QTest.qWait(200)
    assert colour_at(window, WIDTH / 2) == "both"
    control.swipe(*pair)
    swiped(control, window)
    assert [colour_at(window, x) for x in (0.2 * WIDTH, 0.4 * WIDTH)] == ["new", "new"]
    assert [colour_at(window, x) for x in (0.6 * WIDTH, 0.8 * WIDTH)] == ["old", "old"]
    drag(window, WIDTH // 2, round(0.7 * WIDTH))
    assert [colour_at(window, 0.6 * WIDTH), colour_at(window, 0.65 * WIDTH)] == ["new", "new"]
    assert colour_at(window, 0.8 * WIDTH) == "old"
    drag(window, round(0.7 * WIDTH), round(0.1 * WIDTH))
    assert colour_at(window, 0.15 * WIDTH) == "none"
    assert colour_at(window, 0.4 * WIDTH) == "old"


def test_esc_ends_the_swipe_and_gives_the_tool_before_back(window, control, pair):
    before, tool = state(window), window.mapCanvas().mapTool()
    control.swipe(*pair)
    swiped(control, window)
    drag(window, WIDTH // 2, 100)
    assert state(window)[:-1] == before[:-1]
    QTest.keyClick(window.mapCanvas(), Qt.Key.Key_Escape)
    assert control.tool is None
    assert window.mapCanvas().mapTool() is tool
    assert state(window) == before


def test_another_tool_ends_the_swipe(window, control, pair):
    before = state(window)
    control.swipe(*pair)
    swiped(control, window)
    other = QgsMapToolPan(window.mapCanvas())
    window.mapCanvas().setMapTool(other)
    assert control.tool is None
    assert window.mapCanvas().mapTool() is other
    assert state(window) == before
    window.mapCanvas().unsetMapTool(other)


def test_a_layer_that_goes_takes_the_swipe_with_it(window, control, pair):
    control.swipe(*pair)
    QgsProject.instance().removeMapLayer(pair[0].id())
    QTest.qWait(50)
    assert control.tool is None


def test_a_project_that_is_closed_takes_the_swipe_with_it(window, control, pair):
    control.swipe(*pair)
    swiped(control, window)
    pair.clear()
    QgsProject.instance().clear()
    QTest.qWait(50)
    assert control.tool is None


def test_the_swipe_follows_the_map(plain, window, control, pair):
    control.swipe(*pair)
    swiped(control, window)
    canvas = window.mapCanvas()
    box = canvas.extent()
    canvas.setExtent(box.buffered(-box.width() / 8))  # the line is in the middle of both
    canvas.refresh()
    until(lambda: shown_extent(control, 1) == canvas.mapSettings().visibleExtent())
    assert shown_extent(control, 0) == canvas.mapSettings().visibleExtent()


def shown_extent(control, side):
    return control.tool.item._pictures[side][1].visibleExtent()


def test_until_it_is_drawn_anew_the_picture_stays_at_its_place_on_the_ground(
    plain, window, control, pair
):
    control.swipe(*pair)
    swiped(control, window)
    canvas = window.mapCanvas()
    box = canvas.extent()
    box.setXMaximum(box.xMaximum() + box.width())
    box.setYMaximum(box.yMaximum() + box.height())
    canvas.setExtent(box)  # nothing is drawn before the next refresh
    drag(window, WIDTH // 2, WIDTH - 1)
    now = canvas.grab().toImage()
    assert now.pixelColor(100, HEIGHT - 50) != canvas.canvasColor()
    assert now.pixelColor(WIDTH - 100, 200) == canvas.canvasColor()


def test_a_layer_that_is_not_ticked_is_swiped_all_the_same(plain, window, control, pair):
    node = QgsProject.instance().layerTreeRoot().findLayer(pair[0].id())
    node.setItemVisibilityChecked(False)
    until(lambda: len(window.mapCanvas().layers()) == 2)
    control.swipe(*pair)
    swiped(control, window)
    assert colour_at(window, 0.4 * WIDTH) == "new"
    assert not node.itemVisibilityChecked()


def test_the_line_is_moved_with_keys_and_stays_inside_the_map(window, control, pair):
    control.swipe(*pair)
    item = control.tool.item
    middle = item.x
    QTest.keyClick(window.mapCanvas(), Qt.Key.Key_Period)
    assert item.x > middle
    for _ in range(100):
        QTest.keyClick(window.mapCanvas(), Qt.Key.Key_Comma)
    assert item.x == 0


def test_unloading_takes_the_swipe_off_the_map(window, pair):
    from qgis_plugin.gui.compare_control import CompareControl

    before = state(window)
    control = CompareControl(window)
    control.swipe(*pair)  # and at once, while its pictures are being drawn
    control.take_down()
    QTest.qWait(300)
    assert state(window) == before


def test_swipe_is_in_the_menu_of_two_results_only(window, control, pair):
    from qgis.core import QgsLayerTreeModel
    from qgis.PyQt.QtCore import QItemSelectionModel

    from qgis_plugin.gui.swipe_menu import SwipeMenu

    # The tree owns its model: one that outlives it crashes when the next group is unfolded.
    model = QgsLayerTreeModel(QgsProject.instance().layerTreeRoot(), window.tree)
    window.tree.setModel(model)
    swipes = []
    menu = SwipeMenu(window, lambda *layers: swipes.append(layers), results.is_result)
    try:
        assert sorted(window.menus[menu.action]) == sorted(layer.id() for layer in pair)
        nodes = {node.name(): node for node in QgsProject.instance().layerTreeRoot().findLayers()}

        def select(*names):
            window.tree.clearSelection()
            for name in names:
                index = window.tree.node2index(nodes[name])
                flag = QItemSelectionModel.SelectionFlag.Select
                window.tree.selectionModel().select(index, flag)
            return menu.action.isVisible()

        assert not select("new water")
        assert not select("new water", "lakes")
        assert select("old water", "new water")
        menu.action.trigger()
        ((left, right),) = swipes
        upper = [node.name() for node in QgsProject.instance().layerTreeRoot().findLayers()][:2]
        assert [left.name(), right.name()] == upper
    finally:
        menu.take_down()
    assert not window.menus


def test_two_models_are_compared_on_what_the_map_shows(models, window, control, lake_layer):
    box = lake_layer.extent()
    view = QgsRectangle(box.xMinimum(), box.yMinimum(), box.center().x(), box.center().y())
    window.mapCanvas().setExtent(view)
    view = window.mapCanvas().extent()
    before = QgsProject.instance().crs().authid(), lake_layer.renderer().type()
    jobs = jobs_of(models)
    found, ended = [], []
    control.compared.connect(lambda *layers: found.append(layers))
    control.ended.connect(lambda: ended.append(1))
    control.compare("nano", "bold", lake_layer)
    assert control.is_running
    until(lambda: ended)
    ((new, old),) = found
    root = QgsProject.instance().layerTreeRoot()
    group = root.children()[0]
    assert group.name() == "Compare: bold | nano"
    assert [node.layerId() for node in group.findLayers()] == [new.id(), old.id()]
    assert next(new.getFeatures())["model"] == "bold"
    assert next(old.getFeatures())["model"] == "nano"
    area = [sum(one["area_m2"] for one in layer.getFeatures()) for layer in (new, old)]
    assert area[0] > area[1] > 0
    for layer in (new, old):
        assert view.buffered(20).contains(layer.extent())
        assert layer.crs() == lake_layer.crs()
        assert results.is_result(layer)
    colours = [layer.renderer().symbol().color().name() for layer in (new, old)]
    assert colours == [NEW.name(), OLD.name()]
    assert before == (QgsProject.instance().crs().authid(), lake_layer.renderer().type())
    (said,) = window.told()
    for words in ("bold: ", "nano: ", "water bod", "km²"):
        assert words in said
    swiped(control, window)
    assert control.tool.layers == (new, old)
    assert jobs_of(models) == jobs


def test_the_window_stays_alive_during_a_comparison(models, window, control, lake_layer):
    ended, longest = [], 0.0
    control.ended.connect(lambda: ended.append(1))
    control.compare("nano", "bold", lake_layer)
    until_then = time.monotonic() + 300
    while not ended:
        assert time.monotonic() < until_then, "it did not end"
        # Work of this thread, and not how long others had the processor.
        begun = time.thread_time()
        QCoreApplication.processEvents()
        longest = max(longest, time.thread_time() - begun)
        time.sleep(0.002)
    print(f"the longest work was {longest * 1000:.0f} ms")
    assert longest < 0.1


def test_progress_and_cancel_are_in_the_message_bar(models, window, control, lake_layer):
    jobs = jobs_of(models)
    told, ended = [], []
    control.ended.connect(lambda: ended.append(1))
    control.compare("nano", "bold", lake_layer)
    control._runs.progressed.connect(lambda *what: told.append(what))
    until(lambda: any("bold looks for water: " in text for _, text in told))
    (button,) = window.messageBar().findChildren(QPushButton, "waterseg_line_cancel")
    button.click()
    until(lambda: ended)
    assert not control.is_running
    assert window.told() == ["The comparison was cancelled."]
    assert [one.name() for one in QgsProject.instance().mapLayers().values()] == ["lakes"]
    assert control.tool is None
    until(lambda: jobs_of(models) == jobs, 30)


def test_cancelling_the_second_model_in_the_task_manager_ends_it_all(
    models, window, control, lake_layer
):
    ended = []
    control.ended.connect(lambda: ended.append(1))
    control.compare("nano", "bold", lake_layer)

    def stop_second(_percent, text):
        if text.startswith("nano looks for water: "):
            for task in QgsApplication.taskManager().activeTasks():
                task.cancel()

    control._runs.progressed.connect(stop_second)
    until(lambda: ended)
    assert window.told() == ["The comparison was cancelled."]
    assert len(QgsProject.instance().mapLayers()) == 1


def test_a_plugin_that_is_unloaded_during_a_comparison_leaves_nothing(models, window, lake_layer):
    from qgis_plugin.gui.compare_control import CompareControl

    jobs = jobs_of(models)
    control = CompareControl(window)
    control.compare("nano", "bold", lake_layer)
    QTest.qWait(300)
    control.take_down()
    until(lambda: not QgsApplication.taskManager().activeTasks())
    QTest.qWait(300)
    assert window.told() == []
    assert jobs_of(models) == jobs
    assert len(QgsProject.instance().mapLayers()) == 1


def test_a_model_that_the_engine_does_not_have_is_told_in_a_sentence(
    models, window, control, lake_layer
):
    ended = []
    control.ended.connect(lambda: ended.append(1))
    control.compare("nano", "ponds", lake_layer)
    until(lambda: ended)
    (said,) = window.told()
    assert "ponds" in said
    assert "nano" in said
    assert not control.is_running
    assert len(QgsProject.instance().mapLayers()) == 1


def test_what_cannot_be_compared_is_told_at_once(window, control, lake_layer):
    control.compare("nano", "nano", lake_layer)
    assert "itself" in window.told()[-1]
    far = QgsRectangle(0, 0, 1000, 1000)
    window.mapCanvas().setExtent(far)
    control.compare("nano", "bold", lake_layer)
    assert "outside" in window.told()[-1]
    QgsProject.instance().removeMapLayer(lake_layer.id())
    until(lambda: not window.mapCanvas().layers())
    control.compare("nano", "bold")
    assert window.told()[-1] == "Choose a raster layer."
    assert not control.is_running


def test_without_a_layer_the_active_one_or_the_uppermost_raster_is_taken(
    window, control, lake_layer, pair
):
    window.active = pair[0]
    assert control._raster() is lake_layer
    window.active = lake_layer
    assert control._raster() is lake_layer


def test_the_view_is_brought_into_the_layers_crs(models, window, control, lake_layer):
    window.mapCanvas().setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    window.mapCanvas().zoomToFullExtent()
    found = []
    control.compared.connect(lambda *layers: found.append(layers))
    control.compare("nano", "bold")
    until(lambda: found)
    assert all(layer.crs() == lake_layer.crs() for layer in found[0])
    assert window.mapCanvas().mapSettings().destinationCrs().authid() == "EPSG:3857"
    swiped(control, window)
