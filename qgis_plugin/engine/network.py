# SPDX-License-Identifier: GPL-3.0-or-later
"""QGIS's way to the internet for another process: its proxy and the certificates the user added."""

import os
import tempfile
from urllib.parse import quote

from qgis.core import QgsApplication, QgsNetworkAccessManager
from qgis.PyQt.QtNetwork import QNetworkProxy

SCHEMES = {
    QNetworkProxy.ProxyType.HttpProxy: "http",
    QNetworkProxy.ProxyType.HttpCachingProxy: "http",
    QNetworkProxy.ProxyType.Socks5Proxy: "socks5h",
}


def network_variables():
    """Variables for pip (a dict); on the main thread. A password in it goes nowhere else."""
    variables = {}
    proxy = QgsNetworkAccessManager.instance().fallbackProxy()
    scheme = SCHEMES.get(proxy.type())
    if scheme and proxy.hostName():
        address = f"{scheme}://{_login(proxy)}{proxy.hostName()}:{proxy.port()}"
        variables.update(HTTP_PROXY=address, HTTPS_PROXY=address)
    certificates = _certificates()
    if certificates and "PIP_CERT" not in os.environ:
        variables["PIP_CERT"] = certificates
    return variables


def _login(proxy):
    if not proxy.user():
        return ""
    return f"{quote(proxy.user(), safe='')}:{quote(proxy.password(), safe='')}@"


def _certificates():
    """A file with all authorities that QGIS trusts, if the user added any; else empty."""
    manager = QgsApplication.authManager()
    if manager.isDisabled() or not (manager.extraFileCAs() or manager.databaseCAs()):
        return ""
    with tempfile.NamedTemporaryFile("wb", suffix=".pem", delete=False) as file:
        file.write(bytes(manager.trustedCaCertsPemText()))
    return file.name
