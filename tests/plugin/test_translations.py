# SPDX-License-Identifier: GPL-3.0-or-later
"""Every text of the plugin is there in German and Spanish, also in the compiled files."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "qgis_plugin" / "i18n"


def test_every_text_of_the_sources_is_translated():
    command = [sys.executable, str(ROOT / "scripts" / "translate"), "--check"]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_the_compiled_files_say_what_the_sources_of_translation_say(qgis_app, language):
    translator = QTranslator()
    assert translator.load(str(FOLDER / f"waterseg_{language}.qm"))
    assert QCoreApplication.installTranslator(translator)
    try:
        compare(FOLDER / f"waterseg_{language}.ts")
    finally:
        QCoreApplication.removeTranslator(translator)


def compare(path):
    """Every translation of a .ts file is what Qt says now."""
    translate = QCoreApplication.translate
    messages = list(ET.parse(path).getroot().iter("message"))
    assert messages
    for message in messages:
        source, wanted = message.findtext("source"), message.find("translation")
        forms = [form.text for form in wanted.iter("numerusform")]
        if not forms:
            assert translate("waterseg", source) == wanted.text
            continue
        for number, form in ((1, forms[0]), (3, forms[1])):
            assert translate("waterseg", source, None, number) == form.replace("%n", str(number))


def test_a_german_qgis_gets_german_words_and_english_again_afterwards(qgis_app, monkeypatch):
    from qgis_plugin import words

    monkeypatch.setattr(words, "language", lambda: "de")
    translator = words.load_translator()
    try:
        assert words.tr("Run") == "Starten"
        assert words.tr_n("%n tiles", 1) == "1 Kachel"
        assert words.tr_n("%n tiles", 81) == "81 Kacheln"
    finally:
        words.unload_translator(translator)
    assert words.tr("Run") == "Run"


def test_a_language_that_is_not_there_is_english_with_its_plurals(qgis_app, monkeypatch):
    from qgis_plugin import words

    monkeypatch.setattr(words, "language", lambda: "xx")
    translator = words.load_translator()
    try:
        assert words.tr_n("%n tiles", 1) == "1 tile"
        assert words.tr_n("%n water bodies", 2) == "2 water bodies"
    finally:
        words.unload_translator(translator)
