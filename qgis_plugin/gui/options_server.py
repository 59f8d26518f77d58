# SPDX-License-Identifier: GPL-3.0-or-later
"""Options for an engine on a server: its address, and a token that QGIS keeps."""

from qgis.gui import QgsAuthConfigSelect
from qgis.PyQt.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ..words import tr
from .qt import form_layout, hint_label


class ServerOptions(QWidget):
    """Shows and gathers the settings of a server."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.url = QLineEdit(self)
        self.url.setObjectName("waterseg_server_url")
        self.url.setPlaceholderText("https://gpu.example.org:8470")
        self.url.setToolTip(tr("The address that whoever runs the server told you."))
        self.auth = QgsAuthConfigSelect(self)
        self.auth.setObjectName("waterseg_server_auth")
        form = form_layout()
        form.addRow(tr("Address"), self.url)
        form.addRow(tr("Access"), self.auth)
        form.addRow(
            "",
            hint_label(
                tr(
                    "For a server with a token: add a configuration of the type Basic "
                    "authentication and put the token into the field for the password; the user "
                    "name may be anything. QGIS keeps it encrypted. Pixels of your layer are sent "
                    "to this server."
                ),
                self,
            ),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addStretch(1)

    def show_settings(self, settings):
        """Fill the fields."""
        self.url.setText(settings.server_url)
        self.auth.setConfigId(settings.auth_id)

    def values(self):
        """The fields of `Settings` that are set here."""
        return {"server_url": self.url.text().strip().rstrip("/"), "auth_id": self.auth.configId()}
