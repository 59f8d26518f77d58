# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote: HTTP to a server on QGIS's own network stack: its proxy, certificates and secrets."""

import threading
from urllib.parse import urlsplit

from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsBlockingNetworkRequest,
    QgsNetworkAccessManager,
)
from qgis.PyQt.QtCore import QByteArray, QThread, QUrl
from qgis.PyQt.QtNetwork import QNetworkProxyQuery, QNetworkReply, QNetworkRequest

from .client_loopback import Reply, part_of, seconds, total_of
from .errors import Denied, SettingsError, Stopped, Unreachable
from .words import tr

Problem = QNetworkReply.NetworkError
#: The HTTP status with which a proxy wants to know who asks.
PROXY_REFUSES = 407
#: QGIS's network of the main thread, once it is known; it knows the proxy of today's options.
_main = []


def know_qgis():
    """On the main thread, so that every thread can take the proxy of today's options."""
    if QThread.currentThread() == QgsApplication.instance().thread():
        _main[:] = [QgsNetworkAccessManager.instance()]


class Remote:
    """A transport to the server at `url`. The token comes from QGIS's authentication manager.

    auth_id: id of an authentication configuration, or empty. The password of a "Basic" one is
    the token: QGIS before 3.24 has no method for a token. Any other is applied as QGIS does.
    Raises SettingsError for an address that is none.
    """

    def __init__(self, url, auth_id=""):
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise SettingsError(
                tr(
                    "The server's address {url!r} is not complete. It looks like "
                    "https://gpu.example.org:8470; set it in the options of waterseg."
                ).format(url=url)
            )
        self._base = url.strip().rstrip("/")
        self._auth_id = auth_id
        self._token = None  # asked for once: QGIS's store of secrets is slow and for one thread
        self._lock = threading.Lock()
        self._renewed = set()  # threads whose network knows the proxy of today's options
        self.name = tr("The server {address}").format(address=parts.netloc.rpartition("@")[2])

    def send(self, method, path, body=None, content_type="", encoding="", feedback=None, part=None):
        """One call, `Reply`. Raises Unreachable, Denied, and Stopped if `feedback` was cancelled.

        part: the first and the last byte that are wanted of the answer; None for all.
        """
        if feedback is not None and feedback.isCanceled():
            raise Stopped(tr("Cancelled."))
        self._renew()
        call = QgsBlockingNetworkRequest()
        headers = {"Content-Type": content_type, "Content-Encoding": encoding}
        headers["Authorization"] = self._authorization(call)
        headers["Range"] = "" if part is None else part_of(part)
        request = QNetworkRequest(QUrl(self._base + path))
        for name, value in headers.items():
            if value:
                request.setRawHeader(name.encode("ascii"), value.encode("utf-8"))
        failed = self._do(call, method, request, QByteArray(body or b""), feedback)
        if feedback is not None and feedback.isCanceled():
            raise Stopped(tr("Cancelled."))
        return self._reply(call, failed)

    def _renew(self):
        """QGIS's threads keep the proxy they began with: also when its password is set right."""
        if threading.get_ident() in self._renewed:
            return
        self._renewed.add(threading.get_ident())
        network = QgsNetworkAccessManager.instance()
        for main in _main:
            if main is not network:
                network.setFallbackProxyAndExcludes(
                    main.fallbackProxy(), main.excludeList(), main.noProxyList()
                )

    def _authorization(self, call):
        """The header with the token, or empty where QGIS adds it to `call` or there is none."""
        if not self._auth_id:
            return ""
        with self._lock:
            if self._token is None:
                self._token = _password_of(self._auth_id)
        if not self._token:
            call.setAuthCfg(self._auth_id)
            return ""
        return f"Bearer {self._token}"

    def close(self):
        """QGIS keeps the connections; there is nothing to do."""

    def _do(self, call, method, request, body, feedback):
        """Whether anything but a plain success came back."""
        none = QgsBlockingNetworkRequest.ErrorCode.NoError
        if method == "GET":
            # Qt would answer from its cache, and a job's state is never that.
            return call.get(request, True, feedback) != none
        if method == "POST":
            return call.post(request, body, True, feedback) != none
        if method == "PUT":
            return call.put(request, body, feedback) != none
        return call.deleteResource(request, feedback) != none

    def _reply(self, call, failed):
        content = call.reply()
        if failed:
            self._renewed.clear()
        known = content.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        status = None if known is None else int(known)
        if status == PROXY_REFUSES or content.error() == Problem.ProxyAuthenticationRequiredError:
            raise Denied(
                tr(
                    "The proxy {proxy} does not accept the user and the password, or wants some. "
                    "Set them in QGIS (Settings, Options, Network)."
                ).format(proxy=self._proxy())
            )
        if status is None:
            raise Unreachable(self._why(call, content.error()))
        if failed and 200 <= status < 300:
            raise Unreachable(
                tr("{engine} broke off in the middle of an answer.").format(engine=self.name)
            )
        after = seconds(bytes(content.rawHeader(b"Retry-After")).decode("ascii", "replace"))
        total = total_of(bytes(content.rawHeader(b"Content-Range")).decode("ascii", "replace"))
        return Reply(status, bytes(content.content()), after, total)

    def _why(self, call, problem):
        """The sentence where nothing came back."""
        proxy = self._proxy()
        if problem == Problem.SslHandshakeFailedError:
            said = tr(
                "{server} is not trusted: {why}. If an authority of your own signed its "
                "certificate, add that one in QGIS (Settings, Options, Authentication)."
            )
        elif proxy:
            said = tr(
                "{server} cannot be reached through the proxy {proxy}: {why}. Check the proxy in "
                "QGIS (Settings, Options, Network)."
            )
        else:
            said = tr("{server} cannot be reached: {why}.")
        why = call.errorMessage() or tr("it does not answer")
        return said.format(server=self.name, proxy=proxy, why=why.rstrip("."))

    def _proxy(self):
        """Host and port of the proxy that QGIS takes on its way to the server; empty without."""
        query = QNetworkProxyQuery(QUrl(self._base))
        for proxy in QgsNetworkAccessManager.instance().proxyFactory().queryProxy(query):
            if proxy.hostName():
                return f"{proxy.hostName()}:{proxy.port()}"
        return ""


def _password_of(auth_id):
    """The password of a "Basic" configuration; empty for one of another method."""
    manager = QgsApplication.authManager()
    if manager.configAuthMethodKey(auth_id) != "Basic":
        return ""
    config = QgsAuthMethodConfig()
    manager.loadAuthenticationConfig(auth_id, config, True)
    return config.config("password")
