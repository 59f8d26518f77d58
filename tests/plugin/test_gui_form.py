# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of the dock says what a run would be, for every kind of layer."""

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest

XYZ = "type=xyz&url=http://127.0.0.1:9/{z}/{x}/{y}.png&zmin=0&zmax=17"


@pytest.fixture
def form(qgis_canvas, qgis_parent, qgis_new_project):
    from qgis_plugin.gui.segment_form import SegmentForm

    qgis_parent.resize(600, 400)
    qgis_canvas.resize(600, 400)
    qgis_parent.show()
    QTest.qWait(300)
    made = SegmentForm(qgis_canvas)
    yield made
    made.area.take_down()
    made.deleteLater()


@pytest.fixture
def shown(form, lake_layer, qgis_canvas):
    """The form with the lakes in project and canvas."""
    QgsProject.instance().addMapLayer(lake_layer)
    qgis_canvas.setDestinationCrs(lake_layer.crs())
    qgis_canvas.setExtent(lake_layer.extent())
    form.choose_layer(lake_layer)
    return form


def gathered(form):
    """What the form would hand to `SegmentRequest.of`: (layer, output, everything else)."""
    return form.request(lambda layer, output, **rest: (layer, output, rest), lambda name: name)


def test_a_file_is_asked_for_all_of_it_with_its_own_bands(shown, lake_layer):
    layer, output, rest = gathered(shown)
    assert layer is lake_layer
    assert output == "water.gpkg"
    assert rest["bands"] == (1, 2, 3)
    assert rest["resolution"] is None
    assert rest["extent"] is None
    assert rest["aoi"] is None
    assert not shown.resolution.isVisibleTo(shown)


def test_options_that_nobody_touched_are_left_to_the_engine(shown):
    options = gathered(shown)[2]["options"]
    assert options["threshold"] is None
    assert options["min_area"] is None
    assert options["overlap"] == 0.25
    assert options["prompt"] == "segment water"
    assert "model" not in options


def test_options_are_gathered_in_the_units_of_the_engine(shown):
    shown.more.fields["threshold"].setValue(40)
    shown.more.fields["overlap"].setValue(50)
    shown.more.fields["min_area"].setValue(0)
    shown.more.fields["simplify"].setValue(12.5)
    options = gathered(shown)[2]["options"]
    assert options["threshold"] == pytest.approx(0.4)
    assert options["overlap"] == 0.5
    assert options["min_area"] == 0
    assert options["simplify"] == 12.5


def test_defaults_of_the_engine_replace_those_that_nobody_touched(shown):
    from qgis_plugin.wire import Info

    shown.more.fields["smooth"].setValue(7)
    options = [{"name": "overlap", "default": 0.5}, {"name": "smooth", "default": 3}]
    shown.set_info(Info.of({"options": options, "models": [{"name": "nano", "default": True}]}))
    values = gathered(shown)[2]["options"]
    assert values["overlap"] == 0.5
    assert values["smooth"] == 7
    assert values["model"] == "nano"


def test_one_band_chosen_three_times_is_grey(shown):
    for box in shown.bands.band_boxes:
        box.setCurrentIndex(1)
    assert gathered(shown)[2]["bands"] == (2,)


def test_a_layer_without_pixels_of_its_own_needs_their_size_and_takes_the_map_view(
    form, qgis_canvas
):
    layer = QgsRasterLayer(XYZ, "tiles", "wms")
    QgsProject.instance().addMapLayer(layer)
    qgis_canvas.setDestinationCrs(layer.crs())
    qgis_canvas.setExtent(QgsRectangle(1_000_000, 6_000_000, 1_010_000, 6_008_000))
    form.choose_layer(layer)
    form.resolution.setValue(4)
    rest = gathered(form)[2]
    assert rest["resolution"] == 4
    assert rest["bands"] == "rendered"
    assert form.area.kind() == "view"
    assert form.resolution.isVisibleTo(form)


def test_a_layer_without_a_crs_is_told_about(form, make_raster, lake_picture):
    layer = QgsRasterLayer(make_raster(lake_picture, "plain.tif"), "plain")
    layer.setCrs(QgsCoordinateReferenceSystem())
    QgsProject.instance().addMapLayer(layer)
    form.choose_layer(layer)
    assert "CRS" in form.layer_hint.text()
    assert gathered(form)[0] is layer


def test_without_a_layer_the_form_says_what_to_do(form):
    from qgis_plugin.errors import LayerError

    with pytest.raises(LayerError, match="layer"):
        gathered(form)
    assert form.layer_hint.text()


def test_a_rectangle_is_drawn_with_the_mouse_and_stays_until_the_area_is_another(
    shown, qgis_canvas
):
    shown.area.set_kind("drawn")
    qgis_canvas.setMapTool(shown.area.tool)
    view = qgis_canvas.viewport()
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(view, left, Qt.KeyboardModifier.NoModifier, QPoint(100, 100))
    QTest.mouseMove(view, QPoint(180, 160))
    QTest.mouseRelease(view, left, Qt.KeyboardModifier.NoModifier, QPoint(200, 180))
    extent = gathered(shown)[2]["extent"]
    unit = qgis_canvas.mapUnitsPerPixel()
    assert extent.width() == pytest.approx(100 * unit, rel=0.03)
    assert extent.height() == pytest.approx(80 * unit, rel=0.03)
    assert qgis_canvas.mapTool() is not shown.area.tool
    shown.area.set_kind("layer")
    assert gathered(shown)[2]["extent"] is None


def test_a_click_is_no_rectangle(shown, qgis_canvas):
    from qgis_plugin.errors import LayerError

    shown.area.set_kind("drawn")
    qgis_canvas.setMapTool(shown.area.tool)
    QTest.mouseClick(qgis_canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(90, 90))
    with pytest.raises(LayerError, match="rectangle"):
        shown.area.value()


def test_selected_polygons_are_the_area_and_the_form_follows_the_selection(shown, lake_layer):
    from qgis_plugin.errors import LayerError

    parks = QgsVectorLayer("Polygon?crs=EPSG:32633", "parks", "memory")
    corner = lake_layer.extent()
    feature = QgsFeature()
    feature.setGeometry(
        QgsGeometry.fromRect(
            QgsRectangle(
                corner.xMinimum(),
                corner.yMinimum(),
                corner.xMinimum() + 500,
                corner.yMinimum() + 700,
            )
        )
    )
    parks.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(parks)
    shown.area.set_kind("selected")
    with pytest.raises(LayerError, match="Select"):
        shown.area.value()
    told = []
    shown.changed.connect(lambda: told.append(1))
    parks.selectAll()
    assert told
    assert "1" in shown.area.hint.text()
    rest = gathered(shown)[2]
    assert rest["aoi"].area() == pytest.approx(500 * 700)
    assert rest["crs"] == parks.crs()
    rough = shown.area.value(exact=False)
    assert rough["aoi"] is None
    assert rough["extent"] == rest["aoi"].boundingBox()


def test_a_path_without_an_ending_becomes_a_geopackage(shown):
    shown.output.file.setFilePath("/somewhere/lakes")
    assert gathered(shown)[1] == "/somewhere/lakes.gpkg"
