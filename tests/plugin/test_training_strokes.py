# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawing is on disk after every stroke, whichever tool drew, and can be undone and redone."""

import pytest
from osgeo import ogr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from qgis_plugin.training_labels import make_labels, without_forms
from qgis_plugin.training_polygons import DRAWN, STATE, SUGGESTED
from qgis_plugin.training_strokes import Strokes

UTM = QgsCoordinateReferenceSystem("EPSG:32633")


def square(x, y, side):
    return QgsGeometry.fromRect(QgsRectangle(x, y, x + side, y + side))


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "labels.gpkg")


@pytest.fixture
def strokes(qgis_app, path):
    layer = make_labels(path, UTM, "labels")
    without_forms(layer)
    made = Strokes(layer)
    yield made
    made.end()


def on_disk(path):
    """(area, state) of every polygon in the file, as another program reads it now."""
    source = ogr.Open(path)
    found = [(one.GetGeometryRef().GetArea(), one["state"]) for one in source.GetLayer(0)]
    return sorted(found)


def test_a_stroke_is_in_the_file_before_the_next_one(strokes, path):
    strokes.add(square(0, 0, 100), "water")
    assert on_disk(path) == [(10_000, DRAWN)]
    strokes.add(square(500, 0, 10), "water")
    assert on_disk(path) == [(100, DRAWN), (10_000, DRAWN)]
    assert strokes.layer.isEditable()


def test_strokes_that_touch_become_one_polygon_unless_they_are_of_another_label(strokes, path):
    strokes.add(square(0, 0, 100), "lake")
    strokes.add(square(50, 0, 100), "lake")
    strokes.add(square(120, 0, 100), "river")
    assert on_disk(path) == [(10_000, DRAWN), (15_000, DRAWN)]


def test_erasing_inside_leaves_an_island_and_erasing_all_leaves_nothing(strokes, path):
    strokes.add(square(0, 0, 100), "water")
    strokes.erase(square(40, 40, 20))
    assert on_disk(path) == [(9_600, DRAWN)]
    (feature,) = strokes.layer.getFeatures()
    assert feature.geometry().constGet().geometryN(0).numInteriorRings() == 1
    strokes.erase(square(-10, -10, 200))
    assert on_disk(path) == []


def test_every_stroke_is_undone_and_redone_on_disk_in_turn(strokes, path):
    seen = [on_disk(path)]
    for do in (
        lambda: strokes.add(square(0, 0, 100), "water"),
        lambda: strokes.add(square(300, 0, 50), "water"),
        lambda: strokes.add(square(90, 0, 250), "water"),
        lambda: strokes.erase(square(20, 20, 10)),
        lambda: strokes.erase(square(-10, -10, 1000)),
    ):
        do()
        seen.append(on_disk(path))
    for _ in range(2):
        for state in seen[-2::-1]:
            assert strokes.can_undo()
            strokes.undo()
            assert on_disk(path) == state
        assert not strokes.can_undo()
        for state in seen[1:]:
            assert strokes.can_redo()
            strokes.redo()
            assert on_disk(path) == state
        assert not strokes.can_redo()


def test_a_new_stroke_forgets_what_was_undone(strokes, path):
    strokes.add(square(0, 0, 100), "water")
    strokes.undo()
    strokes.add(square(0, 0, 10), "water")
    assert not strokes.can_redo()
    assert on_disk(path) == [(100, DRAWN)]


def test_what_a_tool_of_qgis_draws_is_saved_and_undone_too(strokes, path):
    layer = strokes.layer
    strokes.begin()
    feature = QgsFeature(layer.fields())
    feature.setGeometry(square(0, 0, 100))
    layer.addFeature(feature)
    QCoreApplication.processEvents()
    assert on_disk(path) == [(10_000, DRAWN)]
    (kept,) = layer.getFeatures()
    assert kept["label"] == "water"
    layer.addRing([square(10, 10, 10).asPolygon()[0]][0])
    QCoreApplication.processEvents()
    assert [area for area, _ in on_disk(path)] == [9_900]
    strokes.undo()
    assert [area for area, _ in on_disk(path)] == [10_000]
    strokes.undo()
    assert on_disk(path) == []


def test_suggestions_are_accepted_corrected_or_rejected(strokes, path):
    strokes.add(square(0, 0, 100), "water")
    some = [
        (square(50, 0, 100), {"confidence": 0.9}),
        (square(500, 0, 10), {"confidence": 0.5}),
        (square(10, 10, 10), {"confidence": 0.8}),
        (square(700, 0, 20), {"confidence": 0.4}),
    ]
    strokes.suggest(some, "water")
    # What is drawn already is not suggested again.
    assert on_disk(path) == [
        (100, SUGGESTED),
        (400, SUGGESTED),
        (5_000, SUGGESTED),
        (10_000, DRAWN),
    ]
    by_area = {round(one.geometry().area()): one.id() for one in strokes.suggestions()}
    assert strokes.count() == 1
    strokes.accept([by_area[5_000]])
    strokes.delete([by_area[100]])
    strokes.erase(square(700, 0, 10))
    assert on_disk(path) == [(300, DRAWN), (5_000, DRAWN), (10_000, DRAWN)]
    assert not strokes.suggestions()
    for _ in range(3):
        strokes.undo()
    assert len(strokes.suggestions()) == 3


def test_another_shore_of_a_lake_that_is_drawn_is_no_suggestion(strokes):
    strokes.add(square(0, 0, 100), "water")
    around = square(-3, -3, 106)
    beyond = square(-3, -3, 106).combine(square(95, 20, 60)).combine(square(-20, 0, 25))
    strokes.suggest([(around, {})], "water", margin=5)
    assert not strokes.suggestions()
    strokes.suggest([(beyond, {})], "water", margin=5)
    (left,) = strokes.suggestions()
    assert left.geometry().area() == pytest.approx(55 * 60, rel=0.1)


def test_a_layer_of_other_fields_and_format_can_be_drawn_on(qgis_app, tmp_path):
    from qgis.core import QgsProject, QgsVectorFileWriter

    empty = QgsVectorLayer("Polygon?crs=EPSG:32633&field=name:string(20)", "a", "memory")
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "ESRI Shapefile"
    path = str(tmp_path / "ponds.shp")
    QgsVectorFileWriter.writeAsVectorFormatV3(
        empty, path, QgsProject.instance().transformContext(), options
    )
    strokes = Strokes(QgsVectorLayer(path, "ponds", "ogr"))
    strokes.add(square(0, 0, 10), "water")
    strokes.erase(square(0, 0, 100))
    strokes.undo()
    strokes.undo()
    strokes.redo()
    areas = [one.geometry().area() for one in strokes.layer.getFeatures()]
    strokes.end()
    assert areas == [100]
    assert not strokes.layer.isEditable()


def test_a_file_of_something_else_is_not_taken_for_labels(qgis_app, tmp_path):
    from qgis_plugin.errors import LayerError

    path = tmp_path / "other.gpkg"
    path.write_text("not a GeoPackage")
    with pytest.raises(LayerError, match="Choose another file"):
        make_labels(str(path), UTM, "labels")
    assert STATE == "state"
