# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg:segmentwater` in Processing: a run, a batch, a model's background, a sentence."""

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsVectorLayer,
)
from test_run import polygons, run_of
from test_tasks import done

from qgis_plugin.provider import WatersegProvider

ID = "waterseg:segmentwater"


@pytest.fixture
def provider(engine, qgis_processing):
    """The provider, registered as the plugin does it."""
    provider = WatersegProvider()
    assert QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)


def test_it_finds_what_a_run_finds(provider, engine, lake_layer, tmp_path):
    import processing

    found = processing.run(
        ID,
        {
            "INPUT": lake_layer,
            "OUTPUT": str(tmp_path / "a.gpkg"),
            "THRESHOLD": 0.6,
            "MIN_AREA": 3000,
            "EXTENT": "500500,505000,4996500,4999500 [EPSG:32633]",
        },
    )
    from qgis.core import QgsRectangle

    run_of(
        engine,
        lake_layer,
        tmp_path / "b.gpkg",
        extent=QgsRectangle(500_500, 4_996_500, 505_000, 4_999_500),
        options={"threshold": 0.6, "min_area": 3000.0, "prompt": "segment water"},
    )
    assert polygons(found["OUTPUT"]) == polygons(tmp_path / "b.gpkg")
    assert polygons(found["OUTPUT"])


def test_it_works_in_the_background_with_a_temporary_output(provider, lake_layer):
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(ID)
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    values = {"INPUT": lake_layer, "OUTPUT": "TEMPORARY_OUTPUT", "BANDS": [1, 2, 3]}
    task = QgsProcessingAlgRunnerTask(algorithm, values, context, feedback)
    told = []

    class Signals:
        def named(self, name):
            return told

    task.executed.connect(lambda fine, results: told.append((fine, results)))
    done(task, Signals())
    ((fine, results),) = told
    assert fine, feedback.textLog()
    assert QgsVectorLayer(results["OUTPUT"], "w").featureCount() > 0
    assert feedback.progress() == 100


def test_every_parameter_has_a_title_and_the_algorithm_a_help_text(provider):
    algorithm = provider.algorithm("segmentwater")
    assert len(algorithm.shortHelpString()) > 100
    assert algorithm.shortDescription()
    assert all(one.description() for one in algorithm.parameterDefinitions())
    assert {one.name() for one in algorithm.destinationParameterDefinitions()} == {"OUTPUT"}


def test_its_options_are_options_of_the_engine(provider, engine):
    from qgis_plugin.algorithms.segment_parameters import OPTIONS

    assert {name.lower() for name in OPTIONS} <= {one.name for one in engine.info().options}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"BANDS": [1, 2]}, "band"),
        ({"THRESHOLD": 1.0}, "threshold"),
        ({"EXTENT": "0,1,0,1 [EPSG:32633]"}, "outside the layer"),
    ],
)
def test_nonsense_is_told_in_a_sentence(provider, lake_layer, tmp_path, values, sentence):
    import processing

    feedback = QgsProcessingFeedback()
    asked = {"INPUT": lake_layer, "OUTPUT": str(tmp_path / "w.gpkg"), **values}
    with pytest.raises(QgsProcessingException) as caught:
        processing.run(ID, asked, feedback=feedback)
    assert sentence in str(caught.value) + feedback.textLog()


def test_without_an_engine_it_cannot_run_and_says_what_to_do(provider, monkeypatch):
    monkeypatch.delenv("WATERSEG_PYTHON")
    fine, why = provider.algorithm("segmentwater").canExecute()
    assert not fine
    assert "server" in why
