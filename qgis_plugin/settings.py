# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user set up, as one typed object kept in QgsSettings under `waterseg/`.

Secrets are not here: the server's token is in QGIS's authentication manager, and only the id
of its configuration is kept.
"""

import os
from dataclasses import dataclass, fields

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QStandardPaths

ROOT = "waterseg/"
LOCAL, SERVER = "local", "server"
#: Where the model runs on this computer.
DEVICES = ("auto", "cpu", "cuda", "mps")


@dataclass(frozen=True)
class Settings:
    """All texts. Empty means: not chosen, the plugin finds a default.

    mode: LOCAL or SERVER. server_url: for example https://gpu.example.org:8400. auth_id: id of
    a configuration in QGIS's authentication manager that adds the token. python: interpreter of
    the environment that holds the engine. engine_folder: where the plugin makes an environment
    of its own. wheel_folder: a folder of wheels for computers without a network. device: one of
    DEVICES. model: the model chosen last. models: what the engine on this computer offers beside
    the model that comes with it: folders, or names on the Hugging Face hub, with commas.
    """

    mode: str = LOCAL
    server_url: str = ""
    auth_id: str = ""
    python: str = ""
    engine_folder: str = ""
    wheel_folder: str = ""
    device: str = "auto"
    model: str = ""
    models: str = ""

    @classmethod
    def load(cls):
        """What is kept now; what makes no sense is replaced by its default."""
        store = QgsSettings()
        kept = {f.name: str(store.value(ROOT + f.name, f.default) or "") for f in fields(cls)}
        if kept["mode"] not in (LOCAL, SERVER):
            kept["mode"] = LOCAL
        if kept["device"] not in DEVICES:
            kept["device"] = "auto"
        return cls(**kept)

    def save(self):
        """Keep everything."""
        store = QgsSettings()
        for field in fields(self):
            store.setValue(ROOT + field.name, getattr(self, field.name))

    @property
    def worker_options(self):
        """What `waterseg serve --worker` is started with."""
        models = [name.strip() for name in self.models.split(",") if name.strip()]
        more = ["--model", ",".join(["nano", *models])] if models else []
        return ["--device", self.device, *more]

    @property
    def own_folder(self):
        """The folder of the environment that the plugin makes: per user, outside the plugin."""
        return self.engine_folder or default_engine_folder()


def default_engine_folder():
    """Where an environment goes if the user says nothing; WATERSEG_ENGINE moves it."""
    moved = os.environ.get("WATERSEG_ENGINE")
    if moved:
        return moved
    data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return os.path.join(data, "waterseg", "engine")
