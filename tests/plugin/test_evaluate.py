# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg:evaluate` against the live engine: a report, numbers and a verdict, or a sentence."""

import threading
import time

import pytest
from qgis.core import QgsApplication, QgsProcessingException, QgsProcessingFeedback

from qgis_plugin.evaluate_run import Evaluations
from qgis_plugin.provider import WatersegProvider

ID = "waterseg:evaluate"


@pytest.fixture
def provider(engine, qgis_processing):
    provider = WatersegProvider()
    assert QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)


def evaluated(values, feedback=None):
    import processing

    return processing.run(ID, values, feedback=feedback or QgsProcessingFeedback())


def left(engine):
    """Evaluations that the engine still has."""
    return Evaluations(engine).ensure_started().trainings()


def test_a_model_alone_is_judged_on_a_part_of_the_set(provider, engine, pond_set, tmp_path):
    feedback = QgsProcessingFeedback()
    report = tmp_path / "report.html"
    values = {"SET": str(pond_set), "SPLIT": 2, "REPORT": str(report)}
    found = evaluated(values, feedback)
    assert 0 <= found["IOU_PER_IMAGE"] <= 1
    assert 0 <= found["IOU_POOLED"] <= 1
    assert found["IMAGES"] > 0
    assert f"{found['IOU_PER_IMAGE']:.3f}" in found["VERDICT"]
    assert f"{found['IOU_POOLED']:.3f}" in found["VERDICT"]
    assert "BASELINE_IOU_POOLED" not in found
    page = report.read_text()
    assert "<html" in page
    assert "nano" in page
    assert feedback.progress() == 100
    assert found["VERDICT"] in feedback.textLog()
    assert list(tmp_path.iterdir()) == [report]
    assert left(engine) == []


def test_two_models_are_told_apart_or_not(provider, models, pond_set):
    found = evaluated({"SET": str(pond_set), "SPLIT": 2, "MODEL": "bold", "BASELINE": "nano"})
    for name in ("IOU_PER_IMAGE", "IOU_POOLED"):
        assert 0 <= found[name] <= 1
        assert 0 <= found[f"BASELINE_{name}"] <= 1
        assert f"{found[f'BASELINE_{name}']:.3f}" in found["VERDICT"]
    assert found["VERDICT"].startswith("bold is ")
    assert "nano" in found["VERDICT"]
    with open(found["REPORT"]) as page:
        assert "bold" in page.read()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"SET": "/nowhere"}, "training set"),
        ({"MODEL": "ponds of nobody"}, "ponds of nobody"),
        ({"REPORT": "/nowhere/report.html"}, "no folder /nowhere"),
    ],
)
def test_nonsense_is_told_in_a_sentence(provider, engine, pond_set, values, sentence):
    feedback = QgsProcessingFeedback()
    with pytest.raises(QgsProcessingException) as caught:
        evaluated({"SET": str(pond_set), "SPLIT": 2, **values}, feedback)
    assert sentence in str(caught.value) + feedback.textLog()
    assert left(engine) == []


def test_it_ends_soon_when_it_is_cancelled_and_leaves_nothing(provider, engine, pond_set):
    feedback = QgsProcessingFeedback()
    timer = threading.Timer(1.0, feedback.cancel)
    timer.start()
    begun = time.monotonic()
    found = evaluated({"SET": str(pond_set), "TOKENS": True}, feedback)
    assert time.monotonic() - begun < 30
    assert not found.get("VERDICT")
    assert left(engine) == []


def test_every_parameter_has_a_title_and_the_algorithm_a_help_text(provider):
    algorithm = provider.algorithm("evaluate")
    assert len(algorithm.shortHelpString()) > 100
    assert algorithm.shortDescription()
    assert all(one.description() for one in algorithm.parameterDefinitions())
    names = {one.name() for one in algorithm.outputDefinitions()}
    assert names >= {"REPORT", "IOU_PER_IMAGE", "IOU_POOLED", "VERDICT", "IMAGES"}
