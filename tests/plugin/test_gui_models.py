# SPDX-License-Identifier: GPL-3.0-or-later
"""The box of models shows what the engine offers, with numbers, and takes up what is new."""

import shutil
import time
from pathlib import Path

import pytest
from qgis.PyQt.QtCore import QLocale, Qt
from qgis.PyQt.QtTest import QTest

from qgis_plugin.wire import Info, Model

ROOT = Path(__file__).resolve().parents[2]
NANO = Model(
    name="nano",
    title="waterseg nano",
    default=True,
    bundled=True,
    kind="bundled",
    parameters=8_800_000,
    licence="GPL-3.0-or-later",
    iou_per_image=0.731,
    iou_pooled=0.812,
    seconds_per_tile=0.05,
    data="Satellite Images of Water Bodies (Kaggle), 1,781 images",
    needs="any computer",
)
PONDS = Model(name="ponds", kind="own", base="nano", data="ponds, 64 chips", iou_per_image=0.8)
LARGE = Model(
    name="google/paligemma2-3b-pt-224",
    kind="hub",
    parameters=3_030_000_000,
    needs="a GPU with 8 GB",
)


@pytest.fixture
def field(qgis_app):
    from qgis_plugin.gui.model_field import ModelField

    return ModelField()


def rows(field):
    """(text, name) of each row; a heading has no name."""
    return [(field.box.itemText(row), field.box.itemData(row)) for row in range(field.box.count())]


def test_models_are_grouped_by_where_they_come_from(field):
    field.set_info(Info(models=(NANO, LARGE, PONDS)))
    names = [name for _, name in rows(field)]
    assert names == [None, "nano", None, "ponds", None, "google/paligemma2-3b-pt-224"]
    assert field.name() == "nano"


def test_a_heading_cannot_be_chosen(field):
    field.set_info(Info(models=(NANO, PONDS)))
    for row, (_, name) in enumerate(rows(field)):
        flags = field.box.model().item(row).flags()
        assert bool(flags & Qt.ItemFlag.ItemIsSelectable) == (name is not None)
    QTest.keyClick(field.box, Qt.Key.Key_Down)
    assert field.name() == "ponds"
    QTest.keyClick(field.box, Qt.Key.Key_Up)
    QTest.keyClick(field.box, Qt.Key.Key_Up)
    assert field.name() == "nano"


def test_where_there_is_one_family_there_are_no_headings(field):
    field.set_info(Info(models=(NANO,)))
    assert rows(field) == [("waterseg nano", "nano")]


def test_the_hint_says_what_is_known_of_the_chosen_model(field):
    field.set_info(Info(models=(NANO, LARGE, PONDS)))
    for words in ("8.8 million", "0.73 per image", "0.81 pooled", "0.05 s"):
        assert words in field.hint.text()
    field.set_info(Info(models=(NANO, LARGE, PONDS)), "ponds")
    field.box.setCurrentIndex(field.box.findData("ponds"))
    assert field.hint.text().startswith("Trained from nano on ponds, 64 chips")
    field.box.setCurrentIndex(field.box.findData(LARGE.name))
    for words in ("3.0 billion", "needs a GPU with 8 GB"):
        assert words in field.hint.text()
    assert "IoU" not in field.hint.text()


def test_every_model_has_a_tooltip_with_data_licence_and_needs(field):
    field.set_info(Info(models=(NANO, LARGE, PONDS)))
    tips = {
        name: field.box.itemData(row, Qt.ItemDataRole.ToolTipRole)
        for row, (_, name) in enumerate(rows(field))
    }
    for words in ("Kaggle", "GPL-3.0", "any computer", "0.73", "0.81", "waterseg nano"):
        assert words in tips["nano"]
    assert "64 chips" in tips["ponds"]
    assert "IoU" not in tips[LARGE.name]
    assert field.box.toolTip() == tips["nano"]


def test_names_of_models_are_text_and_not_html(field):
    field.set_info(Info(models=(Model(name="<b>x</b>", kind="own"),)))
    assert "&lt;b&gt;x&lt;/b&gt;" in field.box.toolTip()


def test_numbers_are_written_as_the_user_writes_them(field):
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    try:
        field.set_info(Info(models=(NANO,)))
        assert "0,73" in field.hint.text()
    finally:
        QLocale.setDefault(before)


def test_a_model_is_described_by_what_is_known_of_it():
    from qgis_plugin.gui.model_field import describe

    assert describe(Model(name="big")) == ""
    text = describe(Model(parameters=8_800_000, iou_per_image=0.73, seconds_per_tile=0.05))
    for words in ("8.8 million", "0.73", "0.05 s"):
        assert words in text
    assert "0.61 pooled" in describe(Model(iou_pooled=0.61))


@pytest.mark.parametrize("gained", [True, False, None])
def test_a_model_that_became_no_better_says_so_wherever_it_is_offered(gained):
    from qgis_plugin.gui.model_words import describe, short, tooltip

    model = Model(name="ponds", kind="own", iou_per_image=0.73, gained=gained)
    for text in (describe(model), short(model), tooltip(model)):
        assert ("no better than the model before" in text) == (gained is False)


def test_what_an_engine_of_an_earlier_version_says_is_enough(field):
    answer = {"models": [{"name": "nano", "bundled": True}, {"name": "lakes", "bundled": False}]}
    field.set_info(Info.of(answer))
    assert [name for _, name in rows(field)] == [None, "nano", None, "lakes"]


def test_more_models_of_the_options_are_on_offer_in_the_dock(engine, tmp_path):
    from qgis_plugin.gui.model_field import ModelField
    from qgis_plugin.gui.options_page import OptionsPage

    shutil.copytree(ROOT / "waterseg_core" / "checkpoints" / "nano", tmp_path / "lakes")
    page = OptionsPage(lambda: None)
    page.local.models.setText(f" {tmp_path / 'lakes'} ,")
    page.apply()
    field = ModelField()
    field.set_info(engine.info(), "lakes")
    # Behind them may come what other tests have trained.
    assert [name for _, name in rows(field) if name][:2] == ["nano", "lakes"]
    assert field.name() == "lakes"


def test_a_model_that_was_just_trained_is_chosen_when_the_engine_was_asked_again(engine, field):
    told = []
    field.refreshed.connect(told.append)
    field.choose("nano")
    assert field.name() == ""  # asked in the background
    until = time.monotonic() + 120
    while not told:
        assert time.monotonic() < until
        QTest.qWait(20)
    assert field.name() == "nano"
    assert told[0].default_model.name == "nano"


def test_a_wanted_model_is_chosen_when_it_appears_unless_somebody_picked_another(field):
    field.set_info(Info(models=(NANO,)))
    field._wanted = "ponds"
    field.set_info(Info(models=(NANO, LARGE)))
    assert field.name() == "nano"
    field.set_info(Info(models=(NANO, LARGE, PONDS)))
    assert field.name() == "ponds"
    field.box.setCurrentIndex(field.box.findData(LARGE.name))
    field.box.activated.emit(field.box.currentIndex())
    field.set_info(Info(models=(NANO, LARGE, PONDS)))
    assert field.name() == LARGE.name
