# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment of the engine's process: ours, without what belongs to QGIS.

QGIS sets variables for its own Python, PROJ and GDAL. Another Python with libraries of its own
stops at the first and computes wrong coordinates with the second.
"""

import os

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QProcessEnvironment

PREFIXES = ("PYTHON", "QGIS_", "PROJ_", "GDAL_", "OGR_", "QT_", "DYLD_", "GRASS_", "SAGA_")
NAMES = {
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "VIRTUAL_ENV",
    "QML2_IMPORT_PATH",
    "OSGEO4W_ROOT",
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_REQUIRE_VIRTUALENV",
    "__PYVENV_LAUNCHER__",
    "GEOTIFF_CSV",
    "O4W_QT_PREFIX",
    "O4W_QT_PLUGINS",
}
#: Certificates that QGIS brings are only good for QGIS; those of the user's company stay.
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
#: Where on Linux and elsewhere QGIS lives among other programs, whose folders stay on PATH.
SHARED_PREFIXES = ("", "/", "/usr", "/usr/local")


def is_foreign(name, value, prefix):
    """Whether a variable belongs to QGIS, which is installed under the folder `prefix`."""
    upper = name.upper()
    if upper in NAMES or upper.startswith(PREFIXES):
        return True
    return upper in CERTIFICATES and _inside(value, prefix)


def clean(variables, prefix):
    """The variables (a dict) that the engine's process gets."""
    kept = {name: value for name, value in variables.items() if not is_foreign(name, value, prefix)}
    for name in [name for name in kept if name.upper() == "PATH"]:
        folders = kept[name].split(os.pathsep)
        kept[name] = os.pathsep.join(part for part in folders if not _inside(part, prefix))
    return {**kept, "PYTHONNOUSERSITE": "1", "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}


def clean_environment(extra=None):
    """A QProcessEnvironment for the engine; `extra` (a dict) is added."""
    system = QProcessEnvironment.systemEnvironment()
    names = system.keys()
    variables = {name: system.value(name) for name in names}
    made = QProcessEnvironment()
    cleaned = clean(variables, QgsApplication.prefixPath())
    for name, value in {**cleaned, **(extra or {})}.items():
        made.insert(name, value)
    return made


def _inside(path, prefix):
    """Whether a path lies in QGIS's own folder; never where QGIS shares a folder with others."""
    if not path or os.path.normpath(prefix or "").rstrip("/") in SHARED_PREFIXES:
        return False
    own = os.path.normcase(os.path.normpath(prefix))
    return os.path.normcase(os.path.normpath(path)).startswith(own)
