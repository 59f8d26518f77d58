# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks run in QGIS's task manager, tell by signals on the main thread, and leave it free."""

import time

import pytest
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QThread
from stillness import own_time

from qgis_plugin import results
from qgis_plugin.request import SegmentRequest
from qgis_plugin.run_record import unfinished
from qgis_plugin.settings import SERVER, Settings
from qgis_plugin.tasks import InfoTask, SegmentTask


class Signals:
    """Collects what a task tells, and from which thread."""

    def __init__(self, task, *names):
        self.told, self.threads = [], set()
        for name in names:
            getattr(task, name).connect(lambda *values, name=name: self._hear(name, values))

    def _hear(self, name, values):
        self.told.append((name, *values))
        self.threads.add(QThread.currentThread())

    def named(self, name):
        return [values for said, *values in self.told if said == name]


ENDS = ("finishedWith", "cancelledWith", "failedWith")


def done(task, signals, ends=ENDS, seconds=240):
    """Run a task to its end; the longest time that the main loop stood still, in seconds."""
    QgsApplication.taskManager().addTask(task)
    until, longest, last = time.monotonic() + seconds, 0.0, own_time()
    while not any(signals.named(end) for end in ends):
        assert time.monotonic() < until, "the task did not end"
        QCoreApplication.processEvents()
        now = own_time()
        longest, last = max(longest, now - last), now
        time.sleep(0.002)
    return longest


@pytest.fixture
def request_(lake_layer, tmp_path):
    return SegmentRequest.of(lake_layer, str(tmp_path / "w.gpkg"), options={"tile": 128})


def test_a_run_tells_progress_features_and_the_result_on_the_main_thread(engine, request_):
    task = SegmentTask(request_)
    signals = Signals(task, "progressed", "featuresArrived", "said", *ENDS)
    done(task, signals)
    ((path, message),) = signals.named("finishedWith")
    assert path == request_.output
    assert "water" in message
    *_, (finished, total, _, water) = signals.named("progressed")
    assert finished == total > 0
    assert water == sum(len(features) for (features,) in signals.named("featuresArrived")) > 0
    assert signals.threads == {QgsApplication.instance().thread()}


def test_the_line_about_the_polygons_comes_with_a_run_so_that_the_window_adds_nothing_up(
    engine, request_
):
    task = SegmentTask(request_)
    assert task.found == ""
    signals = Signals(task, *ENDS)
    done(task, signals)
    ((path, message),) = signals.named("finishedWith")
    assert task.found == results.summary(results.open_result(path, "")) != ""
    assert message.startswith(task.found)


def test_cancel_ends_a_run_as_cancelled_and_it_is_listed_to_go_on(engine, request_):
    task = SegmentTask(request_)
    signals = Signals(task, "progressed", *ENDS)
    task.progressed.connect(lambda finished, *_: finished >= 4 and task.cancel())
    done(task, signals)
    ((path, _message),) = signals.named("cancelledWith")
    so_far = results.summary(results.open_result(path, "")) if path else ""
    assert task.found == so_far
    (record,) = unfinished()
    again = SegmentTask(record.request(), resume=record)
    signals = Signals(again, *ENDS)
    done(again, signals)
    assert signals.named("finishedWith")


def test_a_task_that_is_cancelled_at_once_says_so(engine, request_):
    task = SegmentTask(request_)
    signals = Signals(task, *ENDS)
    manager = QgsApplication.taskManager()
    connection = manager.taskAdded.connect(lambda _: task.cancel())
    try:
        done(task, signals)
    finally:
        manager.taskAdded.disconnect(connection)
    assert signals.named("cancelledWith")


def test_a_failure_is_one_sentence(engine, request_, tmp_path):
    Settings(mode=SERVER, server_url="http://127.0.0.1:1").save()
    task = SegmentTask(request_)
    signals = Signals(task, *ENDS)
    done(task, signals)
    ((sentence,),) = signals.named("failedWith")
    assert "127.0.0.1" in sentence
    assert "Traceback" not in sentence


def test_nothing_of_the_project_and_the_layer_is_changed(engine, request_, lake_layer):
    project = QgsProject.instance()
    before = (project.crs(), lake_layer.crs(), lake_layer.extent().toString(), project.mapLayers())
    style = lake_layer.renderer().type(), lake_layer.renderer().usesBands()
    task = SegmentTask(request_)
    done(task, Signals(task, *ENDS))
    assert before == (
        project.crs(),
        lake_layer.crs(),
        lake_layer.extent().toString(),
        project.mapLayers(),
    )
    assert style == (lake_layer.renderer().type(), lake_layer.renderer().usesBands())


def test_the_engine_tells_who_it_is(engine):
    task = InfoTask()
    signals = Signals(task, "answered", "failedWith")
    done(task, signals, ("answered", "failedWith"))
    ((info,),) = signals.named("answered")
    assert info.default_model.name == "nano"
    assert info.default_model.tile_px > 0
    assert engine.known_info == info


def test_what_is_shown_before_an_engine_was_asked_are_its_own_defaults(engine):
    from qgis_plugin.gui.more_options import DEFAULTS
    from qgis_plugin.request import OVERLAP, TILE_PX

    declared = {one.name: one.default for one in engine.info().options}
    assert {name: declared[name] for name in DEFAULTS} == DEFAULTS
    assert declared["overlap"] == OVERLAP
    assert engine.info().default_model.tile_px == TILE_PX


def test_a_server_is_tried_without_touching_the_engine(engine):
    engine.ensure_started()
    state = engine.state
    task = InfoTask(Settings(mode=SERVER, server_url="http://127.0.0.1:1"))
    signals = Signals(task, "answered", "failedWith")
    done(task, signals, ("answered", "failedWith"))
    assert signals.named("failedWith")
    assert engine.state == state
