# SPDX-License-Identifier: GPL-3.0-or-later
"""A company's network in small: a proxy, an authority for certificates, packages behind HTTPS.

The names that are used here lead nowhere without the proxy, so what arrives came through it.
"""

import base64
import http.client
import http.server
import socket
import socketserver
import ssl
import subprocess
import threading
import zipfile
from functools import partial

#: Headers that are for the next hop only.
OF_THE_HOP = {"connection", "proxy-connection", "proxy-authorization", "keep-alive"}


class Server:
    """An HTTP server on a port of 127.0.0.1, in threads, with `handler` for each connection."""

    def __init__(self, handler, secured=lambda listener: listener):
        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.socket = secured(self._http.socket)
        self._http.daemon_threads = True
        self._http.handle_error = lambda *_: None  # a client that trusts nobody hangs up
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        """No more answers."""
        self._http.shutdown()
        self._http.server_close()


class Passing(http.server.BaseHTTPRequestHandler):
    """Passes requests on to another server."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Nobody reads a log of this."""

    def pass_on(self, address, path):
        """This request to a server (host, port), and its answer back."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {k: v for k, v in self.headers.items() if k.lower() not in OF_THE_HOP}
        far = http.client.HTTPConnection(*address, timeout=60)
        try:
            far.request(self.command, path, body or None, headers)
            answer = far.getresponse()
            self.answer(answer.status, answer.read(), answer.getheaders())
        except OSError as why:
            self.answer(502, str(why).encode())
        finally:
            far.close()

    def answer(self, status, body=b"", headers=()):
        """An answer with its length, so that the connection may be used again."""
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in {*OF_THE_HOP, "content-length", "transfer-encoding"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class ForwardProxy(Server):
    """Plain forwarding and CONNECT, as a company's proxy does it.

    leads: {host: port of 127.0.0.1}, where a name leads; any other name is answered 502.
    login: (user, password) without which it answers 407, or None. forbidden: hosts that it
    answers 403. went: hosts that were led somewhere. refused: how many requests were answered 407.
    """

    def __init__(self, leads, login=None, forbidden=()):
        self.leads, self.forbidden = leads, forbidden
        self.went, self.refused = [], 0
        # Latin-1 as pip and Qt send it, UTF-8 for what Latin-1 has no letter for.
        words = ":".join(login or ())
        self.wanted = {_basic(words, charset) for charset in ("latin-1", "utf-8")} if login else ()
        super().__init__(partial(_Forwarding, self))


class _Forwarding(Passing):
    def __init__(self, proxy, *connection):
        self._proxy = proxy
        super().__init__(*connection)

    def do_CONNECT(self):
        host, _, _ = self.path.rpartition(":")
        port = self._lead(host)
        if port is None:
            return
        self.close_connection = True
        with socket.create_connection(("127.0.0.1", port)) as far:
            self.send_response(200, "Connection established")
            self.end_headers()
            threading.Thread(target=_pump, args=(far, self.connection), daemon=True).start()
            _pump(self.connection, far)

    def _plain(self):
        host, _, path = self.path.partition("//")[2].partition("/")
        port = self._lead(host.partition(":")[0])
        if port is not None:
            self.pass_on(("127.0.0.1", port), f"/{path}")

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _plain

    def _lead(self, host):
        """The port that a host leads to; None if it may not, and then that is answered."""
        proxy = self._proxy
        if proxy.wanted and self.headers.get("Proxy-Authorization") not in proxy.wanted:
            proxy.refused += 1
            ask = [("Proxy-Authenticate", 'Basic realm="the company"')]
            self._refuse(407, b"<html>Who are you?</html>", ask)
        elif host in proxy.forbidden:
            self._refuse(403, b"<html>Not during working hours</html>")
        elif host not in proxy.leads:
            self._refuse(502, b"<html>No such host</html>")
        else:
            proxy.went.append(host)
            return proxy.leads[host]
        return None

    def _refuse(self, status, body, headers=()):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer(status, body, [*headers, ("Content-Type", "text/html")])


class SocksProxy(socketserver.ThreadingTCPServer):
    """A SOCKS5 proxy without a password. leads, went: as of `ForwardProxy`."""

    daemon_threads = True

    def __init__(self, leads):
        self.leads, self.went = leads, []
        super().__init__(("127.0.0.1", 0), _Socks)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        """No more answers."""
        self.shutdown()
        self.server_close()


class _Socks(socketserver.BaseRequestHandler):
    def handle(self):
        """RFC 1928: greeting, then CONNECT to a name; each a handful of bytes."""
        near, leads = self.request, self.server.leads
        near.recv(64)
        near.sendall(b"\x05\x00")
        wanted = near.recv(512)
        host = wanted[5:-2].decode("ascii")
        if wanted[:4] != b"\x05\x01\x00\x03" or host not in leads:
            near.sendall(b"\x05\x04\x00\x01" + bytes(6))
            return
        self.server.went.append(host)
        with socket.create_connection(("127.0.0.1", leads[host])) as far:
            near.sendall(b"\x05\x00\x00\x01" + bytes(6))
            threading.Thread(target=_pump, args=(far, near), daemon=True).start()
            _pump(near, far)


class Front(Server):
    """HTTPS before a plain server on a port of 127.0.0.1. pem: (certificate, key), two files."""

    def __init__(self, port, pem):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*pem)
        secured = partial(context.wrap_socket, server_side=True, do_handshake_on_connect=False)
        super().__init__(partial(_Fronting, ("127.0.0.1", port)), secured)


class _Fronting(Passing):
    def __init__(self, address, *connection):
        self._address = address
        super().__init__(*connection)

    def _all(self):
        self.pass_on(self._address, self.path)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _all


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Nobody reads a log of this."""


class Shelf(Server):
    """A package index: what `put` was given, below any path such as /simple or /whl/cpu."""

    def __init__(self, folder):
        self._folder = folder
        super().__init__(partial(_Quiet, directory=str(folder)))

    def put(self, wheel, index="simple"):
        """Offer a wheel (a path) in an index."""
        name = wheel.name.partition("-")[0].replace("_", "-")
        page = self._folder / index / name
        page.mkdir(parents=True)
        (page / wheel.name).write_bytes(wheel.read_bytes())
        (page / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')


def write_wheel(folder, name, version, files, requires=()):
    """A wheel of pure Python. files: {path: text}. The path of it."""
    about = f"{name}-{version}.dist-info"
    head = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {r}" for r in requires)]
    entries = {
        **files,
        f"{about}/METADATA": "\n".join(["Metadata-Version: 2.1", *head, ""]),
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in (*entries, f"{about}/RECORD"))
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**entries, f"{about}/RECORD": record}.items():
            archive.writestr(path, text)
    return wheel


def make_authority(python, folder, hosts):
    """(the authority's certificate, (certificate, key) for `hosts`): files in PEM.

    python: an interpreter that has trustme. Raises CalledProcessError if it has not.
    """
    command = [python, "-m", "trustme", "--quiet", "--dir", str(folder), "--identities", *hosts]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "client.pem", (folder / "server.pem", folder / "server.key")


def _basic(words, charset):
    try:
        return "Basic " + base64.b64encode(words.encode(charset)).decode("ascii")
    except UnicodeEncodeError:
        return ""


def _pump(near, far):
    """Bytes from one to the other until the one has no more."""
    try:
        while piece := near.recv(1 << 16):
            far.sendall(piece)
        far.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other hung up
