# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote: HTTP to a server on QGIS's own network stack: its proxy, certificates and secrets."""

from urllib.parse import urlsplit

from qgis.core import QgsBlockingNetworkRequest
from qgis.PyQt.QtCore import QByteArray, QUrl
from qgis.PyQt.QtNetwork import QNetworkRequest

from .client_loopback import Reply, seconds
from .errors import SettingsError, Stopped, Unreachable
from .words import tr


class Remote:
    """A transport to the server at `url`. The token comes from QGIS's authentication manager.

    auth_id: id of an authentication configuration, or empty. Raises SettingsError for an
    address that is none.
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
        self.name = tr("The server {address}").format(address=parts.netloc.rpartition("@")[2])

    def send(self, method, path, body=None, content_type="", encoding="", feedback=None):
        """One call, `Reply`. Raises Unreachable, and Stopped if `feedback` was cancelled."""
        if feedback is not None and feedback.isCanceled():
            raise Stopped(tr("Cancelled."))
        request = QNetworkRequest(QUrl(self._base + path))
        for name, value in (("Content-Type", content_type), ("Content-Encoding", encoding)):
            if value:
                request.setRawHeader(name.encode("ascii"), value.encode("ascii"))
        call = QgsBlockingNetworkRequest()
        if self._auth_id:
            call.setAuthCfg(self._auth_id)
        failed = self._do(call, method, request, QByteArray(body or b""), feedback)
        if feedback is not None and feedback.isCanceled():
            raise Stopped(tr("Cancelled."))
        return self._reply(call, failed)

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
        known = content.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
        if known is None:
            why = call.errorMessage() or tr("it does not answer")
            raise Unreachable(
                tr("{server} cannot be reached: {why}.").format(
                    server=self.name, why=why.rstrip(".")
                )
            )
        status = int(known)
        if failed and 200 <= status < 300:
            raise Unreachable(
                tr("{engine} broke off in the middle of an answer.").format(engine=self.name)
            )
        after = seconds(bytes(content.rawHeader(b"Retry-After")).decode("ascii", "replace"))
        return Reply(status, bytes(content.content()), after)
