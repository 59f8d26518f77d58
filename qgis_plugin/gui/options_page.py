# SPDX-License-Identifier: GPL-3.0-or-later
"""The page "waterseg" in QGIS's options: where the model runs."""

from dataclasses import replace

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtWidgets import QGroupBox, QHBoxLayout, QRadioButton, QStackedWidget, QVBoxLayout

from ..engine import the_engine
from ..settings import LOCAL, SERVER, Settings
from ..words import tr
from .options_engine import EngineCare
from .options_local import LocalOptions
from .options_server import ServerOptions
from .options_test import TestRow
from .qt import hint_label, plugin_icon

PAGE = "waterseg_options"


class OptionsFactory(QgsOptionsWidgetFactory):
    """Makes the page each time the options are opened; `changed()` is called once they are kept.

    `server_first()` says whether the page shall begin with the server, whatever is kept.
    """

    def __init__(self, changed, server_first):
        super().__init__()
        self._changed = changed
        self._server_first = server_first
        self.setTitle("waterseg")

    def icon(self):
        """The icon in the list of pages."""
        return plugin_icon()

    def createWidget(self, parent):
        """A new page."""
        page = OptionsPage(self._changed, parent)
        if self._server_first():
            page.server_choice.setChecked(True)
        return page


class OptionsPage(QgsOptionsPageWidget):
    """This computer or a server, with what either needs."""

    def __init__(self, changed, parent=None):
        super().__init__(parent)
        self.setObjectName(PAGE)
        self._changed = changed
        self._settings = Settings.load()
        self.local = LocalOptions(self)
        self.server = ServerOptions(self)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.local)
        self.pages.addWidget(self.server)
        self.care = EngineCare(self.local, self.gathered, self._on_engine, self)
        self.test = TestRow(self.gathered, self)
        self._lay_out()
        self._show()

    def _lay_out(self):
        self.local_choice = QRadioButton(tr("This computer"), self)
        self.local_choice.setObjectName("waterseg_local")
        self.server_choice = QRadioButton(tr("A server"), self)
        self.server_choice.setObjectName("waterseg_server")
        self.server_choice.toggled.connect(lambda on: self.pages.setCurrentIndex(int(on)))
        group = QGroupBox(tr("Where the model runs"), self)
        choices = QHBoxLayout()
        choices.setSpacing(24)
        choices.addWidget(self.local_choice)
        choices.addWidget(self.server_choice)
        choices.addStretch(1)
        inside = QVBoxLayout(group)
        inside.setSpacing(10)
        inside.addLayout(choices)
        inside.addWidget(self.pages)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 8, 6, 6)
        column.setSpacing(10)
        column.addWidget(
            hint_label(
                tr(
                    "The model that finds water runs in the engine, a program of its own, so that "
                    "QGIS stays quick and safe."
                ),
                self,
            )
        )
        column.addWidget(group)
        column.addWidget(self.test)
        column.addStretch(1)

    def _show(self):
        self.local.show_settings(self._settings)
        self.server.show_settings(self._settings)
        chosen = self.server_choice if self._settings.mode == SERVER else self.local_choice
        chosen.setChecked(True)
        self.care.refresh()

    def gathered(self):
        """The `Settings` that the page shows now, kept or not."""
        return replace(
            self._settings,
            mode=SERVER if self.server_choice.isChecked() else LOCAL,
            **self.local.values(),
            **self.server.values(),
        )

    def _on_engine(self):
        """An engine was made or removed: show the Python that is used now."""
        self._settings = replace(self.gathered(), python=Settings.load().python)
        self.local.show_settings(self._settings)
        self._changed()

    def apply(self):
        """Keep what the page shows; QGIS calls this for OK."""
        before, self._settings = Settings.load(), self.gathered()
        self._settings.save()
        if before != self._settings:
            the_engine().stop()
        self._changed()
