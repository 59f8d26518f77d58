# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test of the plugin may use: a live engine, rasters, a map server, the packaged zip."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
import zipfile
from pathlib import Path

import pytest
from mapserver import MapServer
from ponds import write_ponds
from rasters import lakes, write_raster

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / ".venv" / "bin" / "python"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item):
    """Let go of layers before QGIS ends: pytest would keep those of the last test, and crash."""
    item.funcargs.clear()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """Keep what came of the tests for the very end."""
    session.config.came_of_it = int(exitstatus)


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure(config):
    """Leave at once, with what came of the tests, before pytest's own hooks.

    All is told by now. Without QGIS around them, Python takes its objects down in any order, and
    one in many sessions crashed on its way out after every test had passed. pytest collects
    garbage in this very hook (since 9.2), which is such a way out.
    """
    if sys.exc_info()[0] is not None:  # another hook failed at the end, and nobody else will tell
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(getattr(config, "came_of_it", 1))


@pytest.fixture(scope="session", autouse=True)
def _own_folders(qgis_app):
    """Nothing of who runs the tests, nor of tests that run beside, is read or written."""
    from qgis.PyQt.QtCore import QSettings

    folder = tempfile.mkdtemp(prefix="waterseg-tests-")
    # pytest-qgis keeps settings in the checkout: another session there would change them.
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
    os.environ["WATERSEG_CACHE"] = os.path.join(folder, "cache")
    os.environ["WATERSEG_ENGINE"] = os.path.join(folder, "engine")
    os.environ["OMP_NUM_THREADS"] = "1"
    yield
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def core_python():
    """The interpreter that has waterseg_core; skips where it was not made."""
    if not CORE.is_file():
        pytest.skip("the core's environment .venv is not there (make test makes it)")
    return str(CORE)


@pytest.fixture(scope="session")
def running_engine(qgis_app, core_python):
    """The plugin's engine, started once for all tests that only use it."""
    from qgis_plugin.engine import the_engine

    os.environ["WATERSEG_PYTHON"] = core_python
    engine = the_engine()
    yield engine
    engine.stop(wait=True)


@pytest.fixture
def engine(running_engine):
    """The engine with the settings of a new user, whatever a test changed before."""
    from qgis_plugin import run_record, training_record
    from qgis_plugin.settings import Settings

    def forget():
        Settings().save()
        for record in (*run_record.unfinished(), *training_record.unfinished()):
            record.discard()

    forget()  # what a session that was killed has left
    yield running_engine
    forget()


@pytest.fixture(scope="session")
def bold_model():
    """The folder of a model called bold, which takes much more for water than nano does."""
    above = Path(tempfile.mkdtemp(prefix="waterseg-models-"))
    folder = above / "bold"
    shutil.copytree(ROOT / "waterseg_core" / "checkpoints" / "nano", folder)
    about = folder / "waterseg.json"
    said = json.loads(about.read_text())
    said["threshold"]["dense"] = 0.1
    about.write_text(json.dumps(said))
    yield folder
    shutil.rmtree(above, ignore_errors=True)


@pytest.fixture
def models(engine, bold_model):
    """The engine offers nano and bold; the same one for all tests that ask for it in a row."""
    from qgis_plugin.settings import Settings

    Settings(models=str(bold_model)).save()
    engine.info()
    return engine


@pytest.fixture(scope="session")
def auth_id(qgis_app):
    """Stores a token in QGIS's authentication manager; gives the id of its configuration."""
    from qgis.core import QgsApplication, QgsAuthMethodConfig

    manager = QgsApplication.authManager()
    assert manager.setMasterPassword("for tests only", True)

    def made(token):
        config = QgsAuthMethodConfig("Basic")
        config.setName("waterseg")
        config.setConfig("username", "waterseg")
        config.setConfig("password", token)
        stored = manager.storeAuthenticationConfig(config)
        assert stored if isinstance(stored, bool) else stored[0]
        return config.id()

    return made


@pytest.fixture
def lose_patience():
    """A function after which QGIS gives up after 2 seconds instead of 60."""
    from qgis.core import QgsNetworkAccessManager

    before = QgsNetworkAccessManager.timeout()
    yield lambda: QgsNetworkAccessManager.setTimeout(2000)
    QgsNetworkAccessManager.setTimeout(before)


@pytest.fixture
def make_raster(tmp_path):
    """Writes pixels as a raster into the test's own folder, as `rasters.write_raster` does."""
    return lambda pixels, name="scene.tif", **how: write_raster(tmp_path / name, pixels, **how)


@pytest.fixture(scope="session")
def lake_picture():
    """A picture of lakes in which the bundled model finds water: uint8 (3, 400, 600)."""
    return lakes(400, 600)


@pytest.fixture(scope="session")
def pond_set(core_python):
    """The folder of a tiny training set, to be read only."""
    folder = tempfile.mkdtemp(prefix="waterseg-ponds-")
    yield write_ponds(Path(folder), core_python)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def lake_layer(make_raster, lake_picture):
    """The picture as a layer, with 10 m pixels in UTM zone 33."""
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(make_raster(lake_picture, "lakes.tif"), "lakes")
    assert layer.isValid()
    return layer


@pytest.fixture
def maps(make_raster, lake_picture):
    """A live map server of the picture of lakes."""
    server = MapServer(make_raster(lake_picture, "served.tif"))
    yield server
    server.close()


@pytest.fixture(scope="session")
def packaged(core_python):
    """A folder of plugins in which the zip of `make package` was unpacked."""
    subprocess.run([core_python, ROOT / "scripts" / "package"], check=True, cwd=ROOT)
    folder = tempfile.mkdtemp(prefix="waterseg-plugins-")
    with zipfile.ZipFile(ROOT / "dist" / "waterseg.zip") as archive:
        archive.extractall(folder)
    yield Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
