# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel Fine-tune: what it shows is what it was told, and with the live engine it trains."""

import time
from dataclasses import replace

import pytest
from qgis.core import Qgis
from qgis.gui import QgsMessageBar
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtGui import QColor, QImage, QPalette
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QMainWindow, QPushButton
from stillness import Gaps

from qgis_plugin.errors import LayerError
from qgis_plugin.finetune_memory import Memory, pick
from qgis_plugin.finetune_request import FinetuneRequest, check_name, suggested_name
from qgis_plugin.wire import Info
from qgis_plugin.wire_studies import (
    CANCELLED,
    DONE,
    EPOCH,
    FAILED,
    NOW,
    READY,
    RUNNING,
    Curve,
    Look,
    Point,
    Training,
)

BEFORE = Look(0, 0, 0.6, 0.62, 0.58)
AFTER = Look(0, 40, 0.7, 0.71, 0.69)
POINTS = tuple(Point(0, step, 2.0 / step, 1e-4) for step in range(1, 51))
CURVE = Curve(POINTS, (BEFORE, AFTER), 50)


class Iface:
    """What the panel needs of QGIS's window: somewhere to be, and a message bar."""

    def __init__(self):
        self._window, self._bar = QMainWindow(), QgsMessageBar()

    def mainWindow(self):
        return self._window

    def messageBar(self):
        return self._bar

    def addTabifiedDockWidget(self, area, dock, others, raised):
        self._window.addDockWidget(area, dock)

    def removeDockWidget(self, dock):
        self._window.removeDockWidget(dock)

    def openMessageLog(self):
        pass


@pytest.fixture
def work(qgis_app):
    from qgis_plugin.gui.finetune_work import FinetuneWork

    made = FinetuneWork()
    made.resize(340, 900)
    made.clear("ponds", "From nano")
    return made


@pytest.fixture
def panel(engine):
    """The panel beside the live engine; no training of an earlier test is in the way."""
    from qgis_plugin.gui.finetune_control import FinetuneControl

    Memory().save()
    client = engine.ensure_started()
    for training in client.trainings():
        client.cancel_training(training.id)
        client.forget_training(training.id)
    iface = Iface()
    iface.mainWindow().resize(380, 800)
    iface.mainWindow().show()
    control = FinetuneControl(iface)
    control.allow_compare()
    control.show_dock(True)
    until(lambda: control.engine.info is not None)
    yield control
    if not sip.isdeleted(control):  # a test may have ended it
        control.take_down()
    iface.mainWindow().hide()
    Memory().save()


def until(condition, seconds=240):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        QTest.qWait(30)


def press(panel, name):
    """Press a button of the panel by its name, as a person does."""
    button = panel.dock.findChild(QPushButton, "waterseg_finetune_" + name)
    assert button.isVisible(), name
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def seen(dock):
    """The names of the buttons below the training that can be seen."""
    return {name for name, one in dock.bar.buttons.items() if one.isVisibleTo(dock.bar)}


def training(state, **more):
    told = {"id": "1", "name": "ponds", "steps": 100, "before": BEFORE, **more}
    return Training(state=state, **told)


def fill(panel, folder, **options):
    form = panel.dock.form
    form.set_folder(str(folder))
    for name, value in options.items():
        field = getattr(form.more, name, None) or getattr(form, name)
        field.setText(value) if isinstance(value, str) else field.setValue(value)
    until(lambda: panel.dock.bar.buttons["start"].isEnabled(), 20)


def test_a_set_is_shown_with_its_counts_and_prompt_and_names_the_model(qgis_app, pond_set):
    from qgis_plugin.gui.finetune_form import FinetuneForm

    form = FinetuneForm()
    assert form.problem() == "Choose a training set."
    form.set_folder(str(pond_set))
    for words in ("12 chips", "Training 7", "Validation 5", "segment water"):
        assert words in form.set_hint.text()
    assert form.name.text() == "ponds"
    request = form.request()
    assert (request.folder, request.name) == (str(pond_set), "ponds")
    assert request.options["minutes"] == 5
    assert request.options["epochs"] is request.options["rate"] is None
    form.minutes.setValue(0)
    assert form.request().options["minutes"] is None
    form.name.setText("my ponds")
    assert "my ponds" in form.problem()
    form.name.setText("my_ponds")
    assert form.problem() == ""
    form.set_folder(str(pond_set / "train"))
    assert "no training set" in form.set_hint.text()
    assert form.problem() == form.set_hint.text()


def test_the_options_are_those_that_the_engine_declares(qgis_app):
    from qgis_plugin.gui.finetune_more import FinetuneMore

    more = FinetuneMore()
    assert more.values() == {"epochs": None, "answer": "auto", "seeds": 1, "rate": None}
    declared = [{"name": "answer", "choices": ["auto", "dense"]}, {"name": "seeds", "high": 3}]
    more.set_info(Info.of({"finetune_options": declared}))
    more.seeds.setValue(9)
    more.epochs.setValue(2.5)
    more.rate.setValue(0.0003)
    more.answer.setCurrentIndex(1)
    assert more.answer.count() == 2
    values = more.values()
    assert (values["epochs"], values["answer"], values["seeds"]) == (2.5, "dense", 3)
    assert values["rate"] == pytest.approx(0.0003)


@pytest.mark.parametrize("name", ["", "my ponds", "../x", ".hidden", "é", "a" * 61])
def test_what_is_no_name_for_a_model_is_told_before_anything_is_sent(name):
    with pytest.raises(LayerError):
        check_name(name)


@pytest.mark.parametrize(
    ("folder", "name"), [("/sets/ponds/", "ponds"), ("/sets/Große Seen 2", "Gro_e_Seen_2")]
)
def test_the_name_of_a_folder_becomes_a_name_that_the_engine_takes(folder, name):
    assert suggested_name(folder) == name
    check_name(name)


def test_an_engine_that_does_not_train_says_so():
    options = [{"name": "model"}]
    assert not Info.of({"protocol": 1}).can_train
    assert Info.of({"finetune_options": options}).can_train
    assert not Info.of({"finetune_options": options, "permissions": {"train": False}}).can_train


def test_the_training_that_goes_on_is_found_again_and_an_old_one_is_not():
    ours = Training(id="a", state=RUNNING)
    other = Training(id="b", state=RUNNING)
    over = Training(id="c", state=DONE)
    assert pick([other, ours], Memory("a")) is ours
    assert pick([over, other, ours], Memory()) is other
    assert pick([over], Memory("c")) is over
    assert pick([over], Memory("c", dismissed=True)) is None
    assert pick([over], Memory()) is None


def test_what_is_remembered_is_the_same_after_a_restart(qgis_app):
    request = FinetuneRequest("/sets/ponds", "ponds", {"model": "nano", "minutes": 5.0})
    Memory.of("a1", request).save()
    again = Memory.load()
    Memory().save()
    assert again.id == "a1"
    assert again.request() == request
    assert Memory.load().request() is None


def test_only_the_buttons_that_make_sense_are_there(qgis_app):
    from qgis_plugin.gui import finetune_bar as bars

    bar = bars.FinetuneBar()
    names = lambda: {name for name, one in bar.buttons.items() if one.isVisibleTo(bar)}  # noqa: E731
    assert names() == {"start"}
    assert not bar.buttons["start"].isEnabled()
    bar.set_ready(False, "Choose a training set.")
    assert bar.hint.text() == "Choose a training set."
    for state, wanted in bars.BUTTONS.items():
        bar.set_state(state)
        assert names() == set(wanted)


def test_the_estimate_is_shown_before_anything_is_trained(work):
    lines = ("8.6 million parameters learn.", "100 steps: about 2 min (see --minutes).")
    work.show_training(training(READY, estimate=lines))
    assert work.estimate.text() == "8.6 million parameters learn.\n100 steps: about 2 min."
    assert work.estimate.isVisibleTo(work)
    assert not work.progress.isVisibleTo(work)
    assert "0.620" in work.best.text()


def test_a_training_says_step_epoch_time_left_and_the_best_so_far(work):
    work.add_curve(CURVE)
    running = training(RUNNING, step=50, epoch=2.0, seconds_left=130.0, best=AFTER)
    work.show_training(running)
    for words in ("50 of 100", "epoch 2.0", "2 min left"):
        assert words in work.said.text()
    for words in ("0.710", "40", "0.620"):
        assert words in work.best.text()
    assert (work.progress.value(), work.progress.maximum()) == (50, 100)
    work.show_stopping(EPOCH)
    assert "after this epoch" in work.said.text()
    work.show_stopping(NOW)
    assert work.said.text().startswith("Stopping")


def test_the_second_of_three_seeds_is_past_a_third_and_has_a_curve_of_its_own(work):
    second = Point(1, 1, 3.0, 1e-4)
    work.add_curve(Curve((*POINTS, second), (BEFORE, AFTER), 51))
    work.show_training(training(RUNNING, seed=1, seeds=3, step=1, best=AFTER))
    assert (work.progress.value(), work.progress.maximum()) == (101, 300)
    assert "seed 1" in work.said.text()
    assert "3.0" in work.chart.words_at(1)


def test_the_end_says_whether_it_is_better_and_offers_the_model(work):
    told = []
    work.verdict.use.connect(lambda: told.append("use"))
    work.verdict.compare.connect(lambda: told.append("compare"))
    done = training(DONE, best=AFTER, model="ponds", verdict="It is better.")
    work.show_end(done, True)
    assert work.verdict.title.text() == "ponds: IoU 0.620 → 0.710"
    assert work.verdict.verdict.text() == "It is better."
    work.verdict.use_button.click()
    work.verdict.compare_button.click()
    assert told == ["use", "compare"]
    work.show_end(training(FAILED, message="The disk is full."), True)
    assert work.verdict.verdict.text() == "The disk is full."
    assert not work.verdict.use_button.isVisibleTo(work)
    work.show_end(training(CANCELLED), True)
    assert not work.verdict.compare_button.isVisibleTo(work)


def test_a_model_that_is_no_better_is_to_be_looked_at_before_it_is_used(work):
    box = work.verdict
    done = training(DONE, best=AFTER, model="ponds", verdict="It is worse.", gained=False)
    for told, text in (
        (done, "Use it all the same"),
        (replace(done, gained=True), "Use this model"),
    ):
        work.show_end(told, True)
        parts = [box.layout().itemAt(row).widget() for row in range(box.layout().count())]
        assert (parts.index(box.use_button) < parts.index(box.compare_button)) == told.gained
        assert box.use_button.text() == text


@pytest.fixture
def told_of(qgis_app):
    """A function that follows a training to its end: what the message bar shows, and the panel."""
    from qgis_plugin.gui.finetune_dock import FinetuneDock
    from qgis_plugin.gui.finetune_training import OneTraining
    from qgis_plugin.gui.messages import Messages

    iface, dock = Iface(), FinetuneDock()
    one = OneTraining(dock, Messages(iface), None, lambda _training: "nano")

    def follow(over):
        one._on_changed(training(RUNNING))
        one._on_ended(over)
        until(lambda: iface.messageBar().items())
        return iface.messageBar().items(), dock.work

    return follow


VERDICT = (
    "The new model is better than the one before on 92 test chips with water: IoU per image 0.597 "
    "against 0.566, a difference of +0.031 (95 % between +0.005 and +0.061, paired bootstrap)."
)


@pytest.mark.parametrize(
    ("gained", "told"),
    [
        (True, "ponds is trained: see the panel."),
        (False, "ponds is trained, but not better: see the panel."),
        (None, "ponds is trained: see the panel."),
    ],
)
def test_the_message_bar_says_in_a_line_that_it_is_over_and_the_panel_how_it_compares(
    told_of, gained, told
):
    messages, panel = told_of(
        training(DONE, best=AFTER, model="ponds", verdict=VERDICT, gained=gained)
    )
    (message,) = messages
    assert message.text() == told
    assert (message.level() == Qgis.MessageLevel.Success) == (gained is not False)
    assert panel.verdict.verdict.text() == VERDICT


def test_samples_are_as_wide_as_the_panel_and_keep_their_proportions(work):
    work.show_samples(QImage(600, 300, QImage.Format.Format_RGB32))
    work.show()
    QTest.qWait(50)
    box = work.samples
    assert box.isVisibleTo(work)
    assert box.height() == pytest.approx(box.width() / 2, abs=1)
    work.hide()


def painted(chart, base, text):
    """The chart as it is painted in a palette, and how many pixels are of each colour."""
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor(base))
    palette.setColor(QPalette.ColorRole.Text, QColor(text))
    chart.setPalette(palette)
    chart.resize(340, 240)
    picture = chart.grab().toImage()
    found = {}
    for x in range(picture.width()):
        for y in range(picture.height()):
            name = picture.pixelColor(x, y).name()
            found[name] = found.get(name, 0) + 1
    return found


def test_the_chart_draws_loss_and_iou_in_light_and_in_dark(qgis_app):
    from qgis_plugin.gui.finetune_chart import DARK, LIGHT, TrainingChart

    chart = TrainingChart()
    empty = painted(chart, "#ffffff", "#000000")
    chart.show_curve(POINTS, (BEFORE, AFTER), 100, AFTER)
    for base, text, colours in (("#ffffff", "#000000", LIGHT), ("#202020", "#eeeeee", DARK)):
        found = painted(chart, base, text)
        assert found[base] > 340 * 240 / 2
        for colour in colours.values():
            assert found.get(colour.name(), 0) > 40
    assert empty.get(LIGHT["loss"].name(), 0) < 40
    assert "0.710" in chart.accessibleDescription()


def test_pointing_at_the_chart_says_the_numbers_there(qgis_app):
    from qgis_plugin.gui.finetune_chart import TrainingChart

    chart = TrainingChart()
    assert chart.words_at(1) == ""
    chart.show_curve(POINTS, (BEFORE, AFTER), 100, AFTER)
    assert chart.words_at(2) == "Step 2: loss 1.000\nBefore: IoU 0.620, pooled 0.580"
    assert "After step 40: IoU 0.710" in chart.words_at(48)
    chart.resize(340, 240)
    QTest.mouseMove(chart, QPoint(170, 120))


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 1.3), (0.62, 0.71), (0.0, 0.0), (0.999, 1.0), (0.0, 12345.0)]
)
def test_an_axis_shows_everything_with_round_steps(low, high):
    from qgis_plugin.gui.finetune_scale import ROWS, axis

    first, step = axis(low, high, 0.01)
    assert first <= low + 1e-9
    assert first + ROWS * step >= high - 1e-9
    assert first + ROWS * step <= max(2 * high, low + 0.1) + 1e-9
    top = axis(low, min(high, 1.0), 0.01, ceiling=1.0)
    assert top[0] + ROWS * top[1] <= 1.0 + 1e-9


def test_no_step_of_a_long_training_is_lost_at_the_end_of_the_curve():
    from qgis_plugin.gui.finetune_scale import thinned, ticks

    assert thinned(range(10), 20) == list(range(10))
    few = thinned(range(100_001), 600)
    assert few[0] == 0
    assert few[-1] == 100_000
    assert len(few) <= 601
    assert ticks(300, 5) == [0, 100, 200, 300]
    assert ticks(3, 5) == [0, 1, 2, 3]


def test_every_panel_text_fits_beside_a_scroll_bar(work):
    done = training(DONE, best=AFTER, model="ponds", verdict="It is better. " * 20)
    work.add_curve(CURVE)
    work.show_end(done, True)
    work.show_samples(QImage(800, 600, QImage.Format.Format_RGB32))
    assert work.minimumSizeHint().width() <= 330
    assert QApplication.instance() is not None


def test_a_set_is_trained_from_the_form_to_the_verdict(panel, pond_set):
    used, compared, gaps = [], [], Gaps()
    panel.useWanted.connect(used.append)
    panel.compareWanted.connect(lambda old, new: compared.append((old, new)))
    fill(panel, pond_set, name="panel_ponds", epochs=2.0)
    press(panel, "start")
    work = panel.dock.work
    until(lambda: seen(panel.dock) == {"train", "cancel"})
    assert "steps" in work.estimate.text()
    press(panel, "train")
    until(lambda: seen(panel.dock) != {"train", "cancel"})
    assert "stop_now" in seen(panel.dock)
    until(lambda: seen(panel.dock) == {"anew"})
    longest = gaps.end()
    assert work.verdict.isVisible()
    assert "validation chips" in work.verdict.verdict.text()
    assert work.samples.image() is not None
    assert work.chart.words_at(1)
    press(panel, "use")
    press(panel, "compare")
    assert used == ["panel_ponds"]
    assert compared == [("nano", "panel_ponds")]
    until(lambda: panel.dock.form.model.box.findData("panel_ponds") >= 0)
    press(panel, "anew")
    assert seen(panel.dock) == {"start"}
    assert longest < 0.5, "the window stood still"


def test_what_is_stopped_can_be_resumed_and_ends_with_its_epoch(panel, pond_set):
    fill(panel, pond_set, name="panel_stopped", epochs=300.0)
    panel.dock.form.minutes.setValue(0)
    press(panel, "start")
    until(lambda: seen(panel.dock) == {"train", "cancel"})
    press(panel, "train")
    until(lambda: panel.training.training.step > 1)
    press(panel, "stop_now")
    until(lambda: seen(panel.dock) == {"resume", "anew"})
    step = panel.training.training.step
    press(panel, "resume")
    until(lambda: panel.training.training.state == RUNNING)
    until(lambda: panel.training.training.step > step)
    press(panel, "stop_epoch")
    assert seen(panel.dock) == {"stop_now"}
    until(lambda: seen(panel.dock) == {"anew"})
    assert panel.training.training.model == "panel_stopped"
    steps = [one.step for one in panel.dock.work.curve()]
    assert steps == list(range(1, len(steps) + 1))
    assert step < steps[-1] < panel.training.training.steps


def test_closed_in_the_middle_it_is_found_again_and_cancelled_it_leaves_nothing(
    panel, engine, pond_set
):
    from qgis_plugin.gui.finetune_control import FinetuneControl

    fill(panel, pond_set, name="panel_again", epochs=100.0)
    press(panel, "start")
    until(lambda: seen(panel.dock) == {"train", "cancel"})
    begun = time.monotonic()
    panel.take_down()
    assert time.monotonic() - begun < 4
    assert panel.dock is None
    again = FinetuneControl(Iface())
    again.iface.mainWindow().show()
    again.show_dock(True)
    try:
        until(lambda: seen(again.dock) == {"train", "cancel"})
        assert again.dock.work.title.text() == "panel_again"
        assert "nano" in again.dock.work.about.text()
        assert again.dock.work.estimate.isVisible()
        until(lambda: again.dock.work.samples.image() is not None)
        press(again, "cancel")
        assert seen(again.dock) == {"start"}
        until(lambda: not engine.ensure_started().trainings())
    finally:
        again.take_down()


def test_what_the_engine_refuses_is_told_in_the_panel_and_in_the_message_bar(panel, pond_set):
    fill(panel, pond_set, name="nano")
    press(panel, "start")
    until(lambda: seen(panel.dock) == {"start"})
    assert "nano" in panel.dock.bar.hint.text()
    until(lambda: panel.iface.messageBar().items())
