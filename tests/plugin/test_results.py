# SPDX-License-Identifier: GPL-3.0-or-later
"""A result explains itself: style, names, description, group; and it leaves as proper GeoJSON."""

import json
from itertools import pairwise
from types import SimpleNamespace

import pytest
from qgis.core import (
    QgsLayerTreeGroup,
    QgsLayerTreeModel,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.gui import QgsLayerTreeView
from test_run import run_of

from qgis_plugin import results
from qgis_plugin.errors import PluginError
from qgis_plugin.request import SegmentRequest
from qgis_plugin.run_end import message


@pytest.fixture
def found(engine, lake_layer, tmp_path, qgis_new_project):
    """(result layer in the project, its path)."""
    path = str(tmp_path / "water.gpkg")
    options = {"prompt": "segment water", "min_area": 2000.0}
    run_of(engine, lake_layer, path, options=options)
    request = SegmentRequest.of(lake_layer, path, options=options)
    return results.add_result(path, request), path


def test_a_result_without_water_says_where_to_look_first():
    nothing = QgsVectorLayer("Polygon?crs=EPSG:32633&field=area_m2:double", "nothing", "memory")
    request = SimpleNamespace(pixels=SimpleNamespace(remote=False))
    said = message(request, 1, results.summary(nothing))
    assert said.startswith("No water found.")
    assert "red, green and blue" in said
    assert "bands" not in message(request, 1, "2 water bodies, 3.40 km²")


def test_the_result_is_in_a_group_of_the_project_in_the_layers_crs(found, lake_layer):
    layer, _ = found
    assert layer.crs() == lake_layer.crs()
    assert layer.name() == "Water in lakes"
    root = QgsProject.instance().layerTreeRoot()
    (group,) = root.findGroups()
    assert [node.layerId() for node in group.findLayers()] == [layer.id()]


@pytest.mark.parametrize("folded", [False, True], ids=["as it was", "all folded up before"])
def test_a_new_group_is_seen_unfolded_in_the_panel(qgis_new_project, lake_layer, folded):
    project = QgsProject.instance()
    view = QgsLayerTreeView()
    view.setModel(QgsLayerTreeModel(project.layerTreeRoot(), view))  # which owns it
    view.resize(300, 400)
    view.show()
    project.addMapLayer(lake_layer.clone())
    if folded:
        view.collapseAll()
    layer = QgsVectorLayer("Polygon?crs=EPSG:32633", "found", "memory")
    project.addMapLayer(layer, False)
    group = QgsLayerTreeGroup("Water")
    group.insertLayer(0, layer)
    results.show_group(project.layerTreeRoot(), group)
    assert view.isExpanded(view.node2index(group))
    view.hide()


def test_fields_have_names_for_people(found):
    layer, _ = found
    names = {field.name(): field.alias() for field in layer.fields()}
    assert names.keys() - {"fid"} == results.aliases().keys()
    assert all(alias for name, alias in names.items() if name != "fid")


def test_the_style_fills_by_confidence(found):
    layer, _ = found
    labels = [item.label() for item in layer.renderer().legendSymbolItems()]
    assert len(labels) >= 3
    assert all(labels)


def test_the_description_says_source_model_options_and_date(found):
    layer, _ = found
    told = layer.metadata().abstract()
    for word in ("lakes.tif", "nano", "segment water", "min_area: 2000"):
        assert word in told
    assert layer.metadata().history()


def test_a_result_is_known_as_one_also_after_the_project_was_saved(found, tmp_path):
    layer, _ = found
    assert results.is_result(layer)
    project = QgsProject.instance()
    project.write(str(tmp_path / "p.qgs"))
    project.read(str(tmp_path / "p.qgs"))
    (again,) = (one for one in project.mapLayers().values() if isinstance(one, QgsVectorLayer))
    assert results.is_result(again)
    assert not results.is_result(QgsVectorLayer("Polygon", "other", "memory"))


def test_the_summary_adds_up_areas(found):
    layer, _ = found
    area = sum(feature["area_m2"] for feature in layer.getFeatures()) / 1e6
    assert f"{layer.featureCount()} water bodies, {area:,.2f} km²" == results.summary(layer)


def test_geojson_is_longitude_and_latitude_with_outer_rings_to_the_left(found, tmp_path):
    layer, _ = found
    path = tmp_path / "out.geojson"
    results.export_geojson(layer, str(path))
    words = json.loads(path.read_text())
    assert "crs" not in words
    assert len(words["features"]) == layer.featureCount()
    for feature in words["features"]:
        ring = feature["geometry"]["coordinates"][0]
        assert all(14.9 < lon < 15.2 and 45 < lat < 45.3 for lon, lat in ring)
        turn = sum((there[0] - here[0]) * (there[1] + here[1]) for here, there in pairwise(ring))
        assert turn < 0, "RFC 7946 wants outer rings counterclockwise"
    assert list(tmp_path.glob("*.part*")) == []


def test_an_export_replaces_a_file_only_when_it_is_whole(found, tmp_path):
    layer, _ = found
    with pytest.raises(PluginError, match="cannot be written"):
        results.export_geojson(layer, str(tmp_path / "nowhere" / "out.geojson"))


def test_without_a_crs_there_is_no_geojson_but_a_sentence(
    engine, make_raster, lake_picture, tmp_path
):
    path = make_raster(lake_picture, place=None, epsg=None)
    layer = QgsRasterLayer(path, "nowhere")
    run_of(engine, layer, tmp_path / "w.gpkg")
    found = results.open_result(str(tmp_path / "w.gpkg"), "water")
    assert found.featureCount()
    assert not found.crs().isValid()
    assert "km²" not in results.summary(found)
    with pytest.raises(PluginError, match="no CRS"):
        results.export_geojson(found, str(tmp_path / "out.geojson"))


@pytest.mark.parametrize("ending", ["geojson", "fgb"])
def test_a_run_may_write_other_formats(engine, lake_layer, tmp_path, ending):
    outcome = run_of(engine, lake_layer, tmp_path / f"w.{ending}")
    assert results.open_result(outcome.path, "w").featureCount() > 0
