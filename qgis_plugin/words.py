# SPDX-License-Identifier: GPL-3.0-or-later
"""Every text that a person reads goes through here, so that it can be translated.

`tr("Cannot read {name}.").format(name=name)`: the text is a literal, and placeholders are filled
afterwards. `scripts/translate` collects the literals from the sources.
"""

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

CONTEXT = "waterseg"
FOLDER = Path(__file__).parent / "i18n"


def tr(text):
    """The text in the language of QGIS, or as it is."""
    return QCoreApplication.translate(CONTEXT, text)


def tr_n(text, number):
    """A text about `number` things, in the right plural; `%n` in it becomes the number."""
    return QCoreApplication.translate(CONTEXT, text, None, number)


def language():
    """The language that QGIS speaks, for example "de"."""
    return QgsApplication.locale()[:2]


def load_translator():
    """The translator of the language that QGIS speaks, installed; English where there is none."""
    translator = QTranslator()
    path = FOLDER / f"waterseg_{language()}.qm"
    if not path.exists():
        path = FOLDER / "waterseg_en.qm"
    if translator.load(str(path)):
        QCoreApplication.installTranslator(translator)
    return translator


def unload_translator(translator):
    """QGIS speaks as it did before."""
    QCoreApplication.removeTranslator(translator)
