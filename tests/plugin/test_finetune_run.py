# SPDX-License-Identifier: GPL-3.0-or-later
"""From a folder on disk to a trained model, against the live engine, and `waterseg:finetune`."""

import hashlib
import os
import shutil
import threading
import time
import zipfile

import pytest
from qgis.core import (
    QgsApplication,
    QgsFeedback,
    QgsProcessingException,
    QgsProcessingFeedback,
)
from qgis.PyQt.QtGui import QImage
from servers import LiveServer

from qgis_plugin.errors import LayerError, NotFound, Refused, Stopped
from qgis_plugin.finetune_follow import START, STOP, FollowRun
from qgis_plugin.finetune_memory import Memory, pick
from qgis_plugin.finetune_pack import pack
from qgis_plugin.finetune_request import FinetuneRequest
from qgis_plugin.finetune_send import SendRun
from qgis_plugin.provider import WatersegProvider
from qgis_plugin.settings import SERVER, Settings
from qgis_plugin.wire_studies import CANCELLED, DONE, NOW, READY, RUNNING, WAITING

ID = "waterseg:finetune"
#: A few steps of four chips, measured on few chips.
SHORT = {"model": "nano", "epochs": 1.0, "batch": 4, "looks": 2, "val_chips": 4}
LONG = {**SHORT, "epochs": 200.0, "looks": 50, "patience": 50}


class Heard:
    """Collects what a run tells; `when` is called with each training, to order something."""

    def __init__(self, when=None):
        self.sentences, self.sizes, self.states = [], [], []
        self.points, self.looks, self.pictures = [], (), []
        self._when = when

    def say(self, sentence):
        self.sentences.append(sentence)

    def sent(self, done, total):
        self.sizes.append((done, total))

    def changed(self, training):
        if not self.states or self.states[-1] != training.state:
            self.states.append(training.state)
        if self._when is not None:
            self._when(training)

    def curve_grew(self, curve):
        self.points.extend(curve.points)
        self.looks = curve.looks

    def samples_came(self, png):
        self.pictures.append(png)


def request_of(folder, name, options=SHORT, ask=False):
    return FinetuneRequest(str(folder), name, dict(options), ask)


def sent(engine, request, heard=None, feedback=None, training_id=""):
    run = SendRun(request, engine, feedback or QgsFeedback(), heard or Heard(), training_id)
    return run.go()


def follower(engine, training, heard=None, feedback=None):
    return FollowRun(training.id, engine, feedback or QgsFeedback(), heard or Heard())


@pytest.fixture
def drop(engine):
    """Names of trainings that a test made are forgotten at its end."""
    yield
    client = engine.ensure_started()
    for training in client.trainings():
        client.cancel_training(training.id)
        client.forget_training(training.id)


def test_a_set_is_packed_whole_and_to_the_same_bytes_again(pond_set, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(pond_set, copy)
    (copy / "preview.html").write_text("a page for people")
    (copy / ".hidden").mkdir()
    (copy / ".hidden" / "x").write_text("x")
    told = []
    feedback = QgsFeedback()
    one = pack(str(pond_set), str(tmp_path / "a.zip"), feedback, lambda *done: told.append(done))
    two = pack(str(copy), str(tmp_path / "b.zip"), feedback, lambda *done: None)
    assert one.sha256 == two.sha256
    assert one.sha256 == hashlib.sha256((tmp_path / "b.zip").read_bytes()).hexdigest()
    done, total = told[-1]
    assert done == total > 0
    with zipfile.ZipFile(one.path) as packed:
        assert packed.testzip() is None
        there = {path.relative_to(pond_set).as_posix() for path in pond_set.rglob("*.*")}
        assert set(packed.namelist()) == there
    parts = [one.part(number, 1000) for number in range(-(-one.bytes // 1000))]
    assert b"".join(parts) == (tmp_path / "a.zip").read_bytes()


def test_packing_stops_when_it_is_cancelled(pond_set, tmp_path):
    feedback = QgsFeedback()
    with pytest.raises(Stopped):
        pack(
            str(pond_set), str(tmp_path / "a.zip"), feedback, lambda done, _total: feedback.cancel()
        )


def test_what_is_no_set_is_told_before_the_engine_is_asked(tmp_path):
    with pytest.raises(LayerError, match="not a whole training set"):
        SendRun(request_of(tmp_path, "x"), None, QgsFeedback(), Heard()).go()


def test_a_training_waits_for_a_yes_and_ends_as_a_model_on_offer(engine, drop, pond_set):
    def yes(training):
        if training.state == READY and not asked:
            asked.append(training)
            run.order(START)

    asked, heard = [], Heard(yes)
    training = sent(engine, request_of(pond_set, "run_done", ask=True), heard)
    assert not training.wanted
    assert heard.sizes[-1][0] == heard.sizes[-1][1]
    run = follower(engine, training, heard)
    over = run.go()
    assert asked[0].estimate
    assert asked[0].estimate_seconds > 0
    assert heard.states.index(READY) < heard.states.index(RUNNING)
    assert (over.state, over.model) == (DONE, "run_done"), over.message
    assert "validation chips" in over.verdict
    assert [one.step for one in heard.points] == list(range(1, over.steps + 1))
    assert len(heard.looks) == over.looks >= 2
    assert over.before.step == 0 < over.best.step
    assert not QImage.fromData(heard.pictures[-1]).isNull()
    assert len(heard.pictures) > 1
    (model,) = (one for one in engine.info().models if one.name == "run_done")
    assert model.family == "own"


def test_an_engine_that_is_killed_in_the_middle_is_started_again_and_goes_on(
    engine, drop, pond_set
):
    def kill(training):
        if training.state == RUNNING and training.step >= 2 and not killed:
            killed.append(engine.info)
            os.kill(engine._worker.announced["pid"], 9)
        elif killed and training.state == RUNNING and training.step > 3:
            run.order(STOP, NOW)

    killed = []
    training = sent(engine, request_of(pond_set, "run_killed", LONG))
    heard = Heard(kill)
    run = follower(engine, training, heard)
    over = run.go()
    assert over.state == CANCELLED
    assert over.step > 3
    assert any("Trying again" in sentence for sentence in heard.sentences)


def test_what_is_cancelled_on_its_way_is_forgotten(engine, drop, pond_set):
    class Cancelling(Heard):
        def say(self, sentence):
            super().say(sentence)
            if sentence.startswith("Sending"):
                feedback.cancel()

    feedback = QgsFeedback()
    before = {one.id for one in engine.ensure_started().trainings()}  # other tests may leave some
    with pytest.raises(Stopped):
        sent(engine, request_of(pond_set, "run_cancelled", LONG), Cancelling(), feedback)
    assert {one.id for one in engine.ensure_started().trainings()} == before


def test_a_set_that_was_cut_off_on_its_way_is_sent_to_its_end(engine, drop, pond_set, tmp_path):
    # Another set than the engine has had before.
    ours = tmp_path / "ours"
    shutil.copytree(pond_set, ours)
    (ours / "README.md").write_text("ours")
    request = request_of(ours, "run_cut_off", ask=True)
    packed = pack(str(ours), str(tmp_path / "set.zip"), QgsFeedback(), lambda *done: None)
    client = engine.ensure_started()
    begun = client.create_training(request.description(packed))
    assert (begun.state, begun.wanted) == (WAITING, (0,))
    training = sent(engine, request, training_id=begun.id)
    assert training.id == begun.id
    assert not training.wanted


def test_what_the_engine_does_not_take_is_told_in_its_own_sentence(engine, drop, pond_set):
    with pytest.raises(Refused) as caught:
        sent(engine, request_of(pond_set, "nano"))
    assert "nano" in str(caught.value)
    with pytest.raises(Refused) as caught:
        sent(engine, request_of(pond_set, "run_x", {**SHORT, "rate": 7.0}))
    assert "rate" in str(caught.value)


def test_giving_up_stops_what_goes_on(engine, drop, pond_set):
    feedback = QgsFeedback()
    training = sent(engine, request_of(pond_set, "run_given_up", LONG))
    heard = Heard(lambda now: now.state == RUNNING and now.step > 1 and feedback.cancel())
    run = follower(engine, training, heard, feedback)
    with pytest.raises(Stopped):
        run.go()
    over = run.give_up()
    assert over.state == CANCELLED


@pytest.fixture
def provider(engine, qgis_processing):
    provider = WatersegProvider()
    assert QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)


def test_the_algorithm_gives_the_model_and_the_verdict(provider, engine, drop, pond_set):
    import processing

    feedback = QgsProcessingFeedback()
    asked = {"SET": str(pond_set), "NAME": "alg_ponds", "EPOCHS": 1, "SEEDS": 1, "MINUTES": 2}
    found = processing.run(ID, asked, feedback=feedback)
    assert found["MODEL_NAME"] == "alg_ponds"
    assert "validation chips" in found["VERDICT"]
    assert feedback.progress() == 100
    assert "IoU" in feedback.textLog()


def test_the_algorithm_ends_soon_when_it_is_cancelled(provider, engine, drop, pond_set):
    import processing

    feedback = QgsProcessingFeedback()
    timer = threading.Timer(1.0, feedback.cancel)
    timer.start()
    begun = time.monotonic()
    asked = {"SET": str(pond_set), "NAME": "alg_cancelled", "EPOCHS": 500, "MINUTES": 0}
    found = processing.run(ID, asked, feedback=feedback)
    assert time.monotonic() - begun < 30
    assert "VERDICT" not in found or not found["VERDICT"]
    going = [one for one in engine.ensure_started().trainings() if not one.is_over]
    assert not going


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"SET": "/nowhere"}, "training set"), ({"NAME": "my ponds"}, "no name for a model")],
)
def test_nonsense_is_told_in_a_sentence(provider, pond_set, values, sentence):
    import processing

    feedback = QgsProcessingFeedback()
    with pytest.raises(QgsProcessingException) as caught:
        processing.run(ID, {"SET": str(pond_set), **values}, feedback=feedback)
    assert sentence in str(caught.value) + feedback.textLog()


def test_every_parameter_has_a_title_and_the_algorithm_a_help_text(provider):
    algorithm = provider.algorithm("finetune")
    assert len(algorithm.shortHelpString()) > 100
    assert algorithm.shortDescription()
    assert all(one.description() for one in algorithm.parameterDefinitions())
    assert [one.name() for one in algorithm.outputDefinitions()] == ["MODEL_NAME", "VERDICT"]


def test_the_options_of_the_panel_are_options_of_the_engine(engine):
    declared = {one.name for one in engine.info().finetune_options}
    assert {"model", "minutes", "epochs", "answer", "seeds", "rate"} <= declared


def test_a_server_goes_on_while_nobody_looks_and_is_found_again(
    engine, pond_set, core_python, tmp_path, auth_id
):
    server = LiveServer(core_python, tmp_path)
    server.start()
    url = f"http://127.0.0.1:{server.port}"
    Settings(mode=SERVER, server_url=url, auth_id=auth_id(server.token)).save()
    try:
        feedback = QgsFeedback()
        training = sent(engine, request_of(pond_set, "run_served", LONG))
        heard = Heard(lambda now: now.step >= 1 and feedback.cancel())
        with pytest.raises(Stopped):
            follower(engine, training, heard, feedback).go()
        engine.stop(wait=True)  # QGIS is closed, and opened again
        found = pick(engine.ensure_started().trainings(), Memory(training.id))
        assert (found.id, found.state) == (training.id, RUNNING)
        heard = Heard(lambda now: now.step > 2 and now.state == RUNNING and again.order(STOP, NOW))
        again = follower(engine, found, heard)
        over = again.go()
        assert (over.state, over.name) == (CANCELLED, "run_served")
        assert heard.pictures
        engine.ensure_started().forget_training(training.id)
        with pytest.raises(NotFound):
            engine.ensure_started().training(training.id)
    finally:
        server.stop()
