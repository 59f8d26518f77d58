# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions while a person works: the newest of a kind counts, and nobody is told after the end."""

import threading
import time

import pytest
from qgis.PyQt.QtCore import QCoreApplication, QEvent
from qgis.PyQt.QtTest import QTest

from qgis_plugin.errors import PluginError
from qgis_plugin.training_asker import Asker


@pytest.fixture
def asker(engine):
    engine.ensure_started()
    made = Asker()
    made.told = []
    made.answered.connect(lambda *what: made.told.append(what))
    made.failed.connect(lambda *what: made.told.append(what))
    yield made
    made.close()


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        QTest.qWait(20)


def test_of_many_questions_of_one_kind_the_newest_is_answered(asker):
    gate = threading.Event()
    asker.ask("other", 0, lambda client, feedback: gate.wait(30))
    for number in range(50):
        asker.ask("kind", number, lambda client, feedback, number=number: number)
    asker.ask("dropped", 0, lambda client, feedback: 0)
    asker.drop("dropped")
    gate.set()
    until(lambda: len(asker.told) == 2)
    QTest.qWait(100)
    assert asker.told == [("other", 0, True), ("kind", 49, 49)]


def test_what_goes_wrong_is_told_in_its_sentence(asker):
    def fail(client, feedback):
        raise PluginError("There is no such chip.")

    asker.ask("kind", "key", fail)
    asker.ask("worse", "key", lambda client, feedback: 1 / 0)
    until(lambda: len(asker.told) == 2)
    assert asker.told[0] == ("kind", "key", "There is no such chip.")
    assert "ZeroDivisionError" in asker.told[1][2]


def test_an_answer_that_comes_after_the_end_reaches_nobody(engine, monkeypatch):
    from qgis_plugin import training_asker

    engine.ensure_started()
    monkeypatch.setattr(training_asker, "FAREWELL_MS", 10)
    made, told, gate = Asker(), [], threading.Event()
    made.answered.connect(lambda *what: told.append(what))
    began = threading.Event()
    made.ask("kind", 0, lambda client, feedback: (began.set(), gate.wait(30)))
    assert began.wait(30)
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gate.set()
    until(lambda: all(one.isFinished() for one in training_asker._ending))
    QTest.qWait(100)
    assert not told
