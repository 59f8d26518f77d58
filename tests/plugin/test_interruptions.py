# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever breaks in the middle of a run ends in one sentence, and the run goes on afterwards.

Nothing is lost or double: the polygons are those of a run that nobody disturbed.
"""

import os
import signal
import subprocess
import threading
from dataclasses import replace

import numpy as np
import pytest
from qgis.core import QgsRasterBlockFeedback, QgsRasterLayer
from rasters import lakes
from servers import LiveServer, Proxy
from test_run import Heard, polygons, run_of

from qgis_plugin import run as run_module
from qgis_plugin.errors import PluginError, Unreachable
from qgis_plugin.request import SegmentRequest
from qgis_plugin.run import Run
from qgis_plugin.run_record import unfinished
from qgis_plugin.settings import SERVER, Settings

SMALL_TILES = {"tile": 128, "batch": 1}


@pytest.fixture(scope="module")
def tall_picture():
    return np.tile(lakes(300, 300, seed=4), (1, 3, 1))


@pytest.fixture
def tall(make_raster, tall_picture):
    return QgsRasterLayer(make_raster(tall_picture, "tall.tif"), "tall")


@pytest.fixture(scope="module")
def undisturbed(running_engine, tall_picture, tmp_path_factory):
    """What a run finds that nobody disturbs."""
    from rasters import write_raster

    Settings().save()
    folder = tmp_path_factory.mktemp("undisturbed")
    layer = QgsRasterLayer(write_raster(folder / "tall.tif", tall_picture), "tall")
    return polygons(run_of(running_engine, layer, folder / "w.gpkg", options=SMALL_TILES).path)


def go_on(engine, layer, tmp_path):
    """Resume the one run that is unfinished; its polygons."""
    (record,) = unfinished()
    assert record.done < record.total or record.message
    request = SegmentRequest.of(layer, str(tmp_path / "w.gpkg"), options=SMALL_TILES)
    run = Run(request, engine, QgsRasterBlockFeedback(), Heard(), record)
    found = polygons(run.go().path)
    assert not unfinished()
    return found


def test_a_cancelled_run_keeps_what_is_done_and_goes_on(engine, tall, tmp_path, undisturbed):
    feedback = QgsRasterBlockFeedback()
    heard = Heard(lambda done: done >= 20 and feedback.cancel())
    outcome = run_of(engine, tall, tmp_path / "w.gpkg", heard, feedback, options=SMALL_TILES)
    assert outcome.cancelled
    assert outcome.path.endswith("w.partial.gpkg")
    assert polygons(outcome.path)
    assert not (tmp_path / "w.gpkg").exists()
    (record,) = unfinished()
    assert 20 <= record.done < record.total
    assert record.request().pixels.grid == SegmentRequest.of(tall, outcome.path).pixels.grid
    assert go_on(engine, tall, tmp_path) == undisturbed


def test_a_worker_that_is_killed_is_started_again_and_the_run_goes_on(
    engine, tall, tmp_path, undisturbed
):
    killed = []

    def kill(done):
        if done >= 10 and not killed:
            killed.append(engine._worker.announced["pid"])
            os.kill(killed[0], signal.SIGKILL)

    outcome = run_of(engine, tall, tmp_path / "w.gpkg", Heard(kill), options=SMALL_TILES)
    assert killed
    assert engine._worker.announced["pid"] != killed[0]
    assert polygons(outcome.path) == undisturbed


def test_a_worker_that_keeps_dying_is_given_up_in_a_sentence(engine, tall, tmp_path, undisturbed):
    def kill(done):
        os.kill(engine._worker.announced["pid"], signal.SIGKILL)

    with pytest.raises(Unreachable, match=r"killed.*resume the run"):
        run_of(engine, tall, tmp_path / "w.gpkg", Heard(kill), options=SMALL_TILES)
    assert go_on(engine, tall, tmp_path) == undisturbed


def test_cancel_answers_while_the_worker_hangs(engine, tall, tmp_path, undisturbed):
    feedback = QgsRasterBlockFeedback()
    hung = []

    def hang(done):
        if done >= 10 and not hung:
            hung.append(engine._worker.announced["pid"])
            os.kill(hung[0], signal.SIGSTOP)
            threading.Timer(0.5, feedback.cancel).start()

    outcome = run_of(engine, tall, tmp_path / "w.gpkg", Heard(hang), feedback, options=SMALL_TILES)
    assert outcome.cancelled
    os.kill(hung[0], signal.SIGCONT)
    assert go_on(engine, tall, tmp_path) == undisturbed


def test_a_run_that_is_cancelled_while_it_is_ordered_leaves_no_job_that_nobody_knows(
    engine, tall, tmp_path
):
    feedback = QgsRasterBlockFeedback()
    worker = engine.ensure_started()
    before = {job.id for job in worker.jobs()}
    os.kill(engine._worker.announced["pid"], signal.SIGSTOP)
    threading.Timer(0.5, feedback.cancel).start()
    goes_on = threading.Timer(1.5, os.kill, (engine._worker.announced["pid"], signal.SIGCONT))
    goes_on.start()
    outcome = run_of(engine, tall, tmp_path / "w.gpkg", None, feedback, options=SMALL_TILES)
    goes_on.join()
    assert outcome.cancelled
    (record,) = unfinished()
    assert {job.id for job in worker.jobs()} - before == {record.job}
    worker.forget(record.job)


@pytest.mark.parametrize("times", [1, 9])
def test_a_run_that_is_cancelled_from_elsewhere_goes_on_once_and_then_ends(
    engine, tall, tmp_path, undisturbed, times
):
    """Once, because the cancel of an earlier run may arrive after the run that goes on began."""
    cancelled = []

    def cancel(done):
        if done >= 10 and len(cancelled) < times and done not in cancelled:
            (job,) = engine.ensure_started().jobs()
            engine.ensure_started().cancel(job.id)
            cancelled.append(done)

    outcome = run_of(engine, tall, tmp_path / "w.gpkg", Heard(cancel), options=SMALL_TILES)
    assert outcome.cancelled == (times > 1)
    if outcome.cancelled:
        assert go_on(engine, tall, tmp_path) == undisturbed
    else:
        assert polygons(outcome.path) == undisturbed


def test_stopping_the_engine_breaks_off_a_start(engine, tall, tmp_path):
    engine.stop(wait=True)

    def stop_soon(state):
        if state == "starting":
            threading.Timer(0.3, engine.stop).start()

    connection = engine.stateChanged.connect(stop_soon)
    try:
        with pytest.raises(PluginError, match="was stopped"):
            run_of(engine, tall, tmp_path / "w.gpkg")
    finally:
        engine.stateChanged.disconnect(connection)
    assert engine.ensure_started().alive()


def test_stopping_the_engine_ends_a_run_that_can_go_on(engine, tall, tmp_path, undisturbed):
    heard = Heard(lambda done: done >= 10 and engine.stop())
    with pytest.raises(PluginError, match=r"was stopped.*resume the run"):
        run_of(engine, tall, tmp_path / "w.gpkg", heard, options=SMALL_TILES)
    assert go_on(engine, tall, tmp_path) == undisturbed


def test_a_broken_interpreter_is_told_with_its_last_words(engine, tall, tmp_path):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'no module named water' >&2\nexit 3\n")
    broken.chmod(0o755)
    Settings(python=str(broken)).save()
    with pytest.raises(PluginError, match="no module named water"):
        run_of(engine, tall, tmp_path / "w.gpkg")
    assert not unfinished()


def test_without_an_engine_the_way_out_is_told(engine, tall, tmp_path, monkeypatch):
    monkeypatch.delenv("WATERSEG_PYTHON")
    assert not engine.is_set_up()
    with pytest.raises(PluginError, match=r"Set it up.*server"):
        run_of(engine, tall, tmp_path / "w.gpkg")


class TestServer:
    """The same against a server, through QGIS's own network stack."""

    @pytest.fixture(autouse=True)
    def _impatient(self, monkeypatch):
        """As many attempts as for a user, with shorter pauses between them."""
        monkeypatch.setattr(run_module, "PATIENCE", (0.5, 1.0, 1.0))

    @pytest.fixture(scope="class")
    def live(self, core_python, tmp_path_factory):
        server = LiveServer(core_python, tmp_path_factory.mktemp("server"))
        yield server
        server.stop()

    @pytest.fixture
    def proxy(self, live):
        """A stretch of network before the server, on which things may go wrong."""
        proxy = Proxy(live.port)
        yield proxy
        proxy.close()

    @pytest.fixture
    def far(self, engine, live, proxy, auth_id):
        """The engine with the server as its setting."""
        live.start()
        Settings(mode=SERVER, server_url=proxy.url, auth_id=auth_id(live.token)).save()
        return engine

    def test_the_server_finds_the_same_polygons(self, far, tall, tmp_path, undisturbed):
        outcome = run_of(far, tall, tmp_path / "w.gpkg", options=SMALL_TILES)
        assert polygons(outcome.path) == undisturbed

    def test_a_server_that_stops_is_told_and_the_run_goes_on_when_it_is_back(
        self, far, live, tall, tmp_path, undisturbed
    ):
        heard = Heard(lambda done: done >= 10 and live.stop())
        with pytest.raises(Unreachable, match=r"cannot be reached.*resume the run"):
            run_of(far, tall, tmp_path / "w.gpkg", heard, options=SMALL_TILES)
        live.start()
        assert go_on(far, tall, tmp_path) == undisturbed

    @pytest.mark.parametrize("trouble", ["refuse", "half an answer", "garbage"])
    def test_a_network_that_breaks_is_told_and_the_run_goes_on(
        self, far, proxy, tall, tmp_path, undisturbed, trouble
    ):
        heard = Heard(lambda done: done >= 10 and proxy.spoil(trouble))
        with pytest.raises(Unreachable, match=r"The server 127\.0\.0\.1.*resume the run"):
            run_of(far, tall, tmp_path / "w.gpkg", heard, options=SMALL_TILES)
        proxy.spoil("")
        assert go_on(far, tall, tmp_path) == undisturbed

    def test_a_network_that_breaks_for_a_moment_is_not_noticed(
        self, far, proxy, tall, tmp_path, undisturbed
    ):
        def hiccup(done):
            if done >= 10 and not proxy.spoilt:
                proxy.spoil("refuse", times=2)

        outcome = run_of(far, tall, tmp_path / "w.gpkg", Heard(hiccup), options=SMALL_TILES)
        assert proxy.spoilt
        assert polygons(outcome.path) == undisturbed

    def test_a_server_that_hangs_is_told_when_qgis_gives_up(
        self, far, proxy, tall, tmp_path, lose_patience
    ):
        def hang(done):
            if done >= 10:
                proxy.spoil("hang")
                lose_patience()

        heard = Heard(hang)
        with pytest.raises(Unreachable, match="resume the run"):
            run_of(far, tall, tmp_path / "w.gpkg", heard, options=SMALL_TILES)
        proxy.spoil("")
        (record,) = unfinished()
        far.ensure_started().forget(record.job)
        record.discard()

    def test_cancel_answers_while_the_server_hangs(self, far, proxy, tall, tmp_path):
        feedback = QgsRasterBlockFeedback()

        def hang(done):
            if done >= 10 and not proxy.spoilt:
                proxy.spoil("hang")
                threading.Timer(1.0, feedback.cancel).start()

        outcome = run_of(far, tall, tmp_path / "w.gpkg", Heard(hang), feedback, options=SMALL_TILES)
        assert outcome.cancelled
        proxy.spoil("")
        (record,) = unfinished()
        far.ensure_started().forget(record.job)
        record.discard()

    def test_a_wrong_token_is_told_and_repeated_with_the_right_one(
        self, far, live, proxy, auth_id, tall, tmp_path
    ):
        right = Settings.load()
        replace(right, auth_id=auth_id("not the token")).save()
        with pytest.raises(PluginError, match="does not accept the token"):
            run_of(far, tall, tmp_path / "w.gpkg")
        replace(right, auth_id="").save()
        with pytest.raises(PluginError, match="does not accept the token"):
            run_of(far, tall, tmp_path / "w.gpkg")
        right.save()
        assert far.info().version

    def test_another_protocol_is_told_with_both_numbers(self, far, proxy, tall, tmp_path):
        far.stop()
        proxy.spoil("another protocol")
        with pytest.raises(PluginError, match=r"protocol 99.*protocol 1"):
            run_of(far, tall, tmp_path / "w.gpkg")

    def test_something_that_is_no_waterseg_server_is_told(self, far, maps, tall, tmp_path):
        Settings(mode=SERVER, server_url=maps.url).save()
        with pytest.raises(PluginError, match=r"127\.0\.0\.1"):
            run_of(far, tall, tmp_path / "w.gpkg")

    @pytest.mark.parametrize("url", ["gpu.example.org", "ftp://x", "https://", ""])
    def test_an_address_that_is_none_is_told(self, engine, tall, tmp_path, url):
        Settings(mode=SERVER, server_url=url).save()
        with pytest.raises(PluginError, match="address"):
            run_of(engine, tall, tmp_path / "w.gpkg")


@pytest.fixture
def small_disk(tmp_path):
    """(a folder on a disk of its own, a function that makes the disk larger)."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = ["-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(["mount", *mounted], capture_output=True).returncode:
        pytest.skip("only root may make a small disk")
    larger = ["mount", "-o", "remount,size=200m", str(folder)]
    yield folder, lambda: subprocess.run(larger, check=True)
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_of_the_server_is_told_and_the_run_goes_on_when_there_is_room(
    engine, core_python, small_disk, auth_id, make_raster, tall_picture, tmp_path
):
    folder, enlarge = small_disk
    layer = QgsRasterLayer(make_raster(np.tile(tall_picture, (1, 1, 4)), "wide.tif"), "wide")
    Settings().save()
    whole = polygons(run_of(engine, layer, tmp_path / "whole.gpkg", options=SMALL_TILES).path)
    server = LiveServer(core_python, tmp_path, folder)
    server.start()
    try:
        url = f"http://127.0.0.1:{server.port}"
        Settings(mode=SERVER, server_url=url, auth_id=auth_id(server.token)).save()
        with pytest.raises(PluginError, match=r"(?i)disk|space|room"):
            run_of(engine, layer, tmp_path / "w.gpkg", options=SMALL_TILES)
        assert not (tmp_path / "w.gpkg").exists()
        enlarge()
        if unfinished():
            found = go_on(engine, layer, tmp_path)
        else:
            run_of(engine, layer, tmp_path / "w.gpkg", options=SMALL_TILES)
            found = polygons(tmp_path / "w.gpkg")
        assert found == whole
    finally:
        server.stop()
