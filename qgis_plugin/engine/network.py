# SPDX-License-Identifier: GPL-3.0-or-later
"""QGIS's way to the internet for another process: its proxy and the certificates the user added."""

import os
import tempfile
from urllib.parse import quote, unquote, urlsplit
from urllib.request import getproxies

from qgis.core import QgsApplication, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

SCHEMES = {
    QNetworkProxy.ProxyType.HttpProxy: "http",
    QNetworkProxy.ProxyType.HttpCachingProxy: "http",
    QNetworkProxy.ProxyType.Socks5Proxy: "socks5h",
}
#: A system may have a proxy for each address: the one for this goes for all.
ASKED = "https://pypi.org/"
CERTIFICATES = "PIP_CERT"
#: Where a user names the certificates of a company; pip prefers the second to its own option.
BUNDLES = (CERTIFICATES, "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def network_variables():
    """Variables for pip (a dict); on the main thread. A password in it goes nowhere else.

    It may name a file, which `forget` removes.
    """
    variables = {}
    proxy = _proxy()
    scheme = SCHEMES.get(proxy.type())
    if scheme and proxy.hostName():
        address = f"{scheme}://{_login(proxy)}{_host(proxy)}:{proxy.port()}"
        variables.update(_both(HTTP_PROXY=address, HTTPS_PROXY=address, NO_PROXY=_excluded()))
    certificates = _certificates()
    if certificates:
        variables.update({CERTIFICATES: certificates, "REQUESTS_CA_BUNDLE": certificates})
    return variables


def forget(variables):
    """Remove the file that `network_variables` wrote."""
    path = variables.get(CERTIFICATES)
    if path and os.path.exists(path):
        os.remove(path)


def without_secrets(line, variables):
    """A line of output without the user and the password of a proxy."""
    for address in variables.values():
        login, at, host = address.rpartition("@")
        if not at:
            continue
        line = line.replace(address, host)
        login = login.partition("://")[2]
        password = login.partition(":")[2]
        for secret in (login, unquote(login), password, unquote(password)):
            line = line.replace(secret, "****") if secret else line
    return line


def _proxy():
    manager = QgsNetworkAccessManager.instance()
    if not manager.useSystemProxy():
        return manager.fallbackProxy()
    if {"https", "all"} & set(getproxies()):
        # pip finds this one as we do, with the exceptions that the system makes.
        return QNetworkProxy(QNetworkProxy.ProxyType.NoProxy)
    return QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(ASKED)))[0]


def _both(**variables):
    """In capitals and not: pip prefers small letters, where a proxy of the system may stand."""
    return {name: value for key, value in variables.items() for name in (key, key.lower())}


def _login(proxy):
    if not proxy.user():
        return ""
    return f"{_quoted(proxy.user())}:{_quoted(proxy.password())}@"


def _quoted(text):
    """As pip wants it: it says Latin-1, as QGIS does, and stumbles over other letters."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        text = text.encode("utf-8").decode("latin-1")
    return quote(text, safe="")


def _host(proxy):
    host = proxy.hostName()
    return f"[{host}]" if ":" in host else host


def _excluded():
    """Hosts that need no proxy: those of QGIS's list, which has beginnings of URLs, and ours."""
    manager = QgsNetworkAccessManager.instance()
    addresses = [urlsplit(url.strip()) for url in manager.noProxyList() + manager.excludeList()]
    hosts = [address.netloc.rpartition("@")[2] for address in addresses]
    system = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    return ",".join(dict.fromkeys(host for host in (*hosts, *system.split(",")) if host))


def _certificates():
    """A file with all authorities that QGIS trusts, if the user added any; else empty.

    Those that the user named for pip are in it too: only one file counts.
    """
    manager = QgsApplication.authManager()
    if manager.isDisabled() or not (manager.extraFileCAs() or manager.databaseCAs()):
        return ""
    named = {os.environ.get(name, "") for name in BUNDLES}
    with tempfile.NamedTemporaryFile("wb", suffix=".pem", delete=False) as file:
        file.write(bytes(manager.trustedCaCertsPemText()))
        for path in filter(os.path.isfile, named):
            with open(path, "rb") as bundle:
                file.write(b"\n" + bundle.read())
    return file.name
