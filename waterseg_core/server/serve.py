# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve: a socket, a token, the jobs and uvicorn, started and ended in the right order."""

from __future__ import annotations

import ipaddress
import os
import secrets
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from waterseg_core.errors import OptionError
from waterseg_core.jobs import Jobs, Limits, Models
from waterseg_core.options_serve import ServeOptions
from waterseg_core.places import server_folder
from waterseg_core.server.app import make_app
from waterseg_core.server.usage import users_of
from waterseg_core.studies import House, Studies, StudyLimits
from waterseg_core.uploads.store import Uploads

__all__ = ["TOKEN_VARIABLE", "Server", "bound", "token_of"]

TOKEN_VARIABLE = "WATERSEG_TOKEN"
#: Shorter tokens can be guessed.
LEAST_TOKEN = 16
#: How long a connection that nobody uses stays open: a client may read pixels meanwhile.
KEEP_ALIVE_S = 75
#: How long requests may take to end when the server does.
GRACE_S = 5
#: The zip of a training set, or of a model, is sent in parts of so many bytes.
PART_BYTES = 8 << 20


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def token_of(options: ServeOptions) -> tuple[str, bool]:
    """(the token, whether it was made just now). Raises OptionError where there must be one."""
    if options.token_file is not None:
        try:
            token = Path(options.token_file).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise OptionError(
                f"--token-file {options.token_file}: cannot be read ({error})."
            ) from None
        told = f"--token-file {options.token_file}"
    else:
        token, told = os.environ.get(TOKEN_VARIABLE, "").strip(), TOKEN_VARIABLE
        if not token and not is_loopback(options.host):
            raise OptionError(
                f"--host {options.host}: other computers can reach this address, so there must be "
                f"a token: give --token-file, or set {TOKEN_VARIABLE}."
            )
        if not token:
            return secrets.token_urlsafe(32), True
    if len(token) < LEAST_TOKEN or not token.isascii() or any(c.isspace() for c in token):
        raise OptionError(
            f"{told}: a token has at least {LEAST_TOKEN} letters and digits, without spaces."
        )
    return token, False


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises OptionError where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only a socket that is TCP by name gets TCP_NODELAY from asyncio; without, each answer to a
    # connection that is kept open waits 40 ms for the kernel.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise OptionError(
            f"--host {host} --port {port}: cannot listen there ({error.strerror or error}). Is "
            "another server running? --port 0 takes any free port."
        ) from None
    return listener


@dataclass
class Server:
    """A server that is ready to run. Raises OptionError and OutputError when made.

    options: as declared. token: what requests must bring. models: instead of those that the
    options name. limits, study_limits: beside those of the options. eager: see `Jobs`.
    """

    options: ServeOptions
    token: str
    models: Models | None = None
    limits: Limits | None = None
    eager: bool = True
    study_limits: StudyLimits | None = None

    def __post_init__(self) -> None:
        options = self.options
        if not options.models:
            raise OptionError("--model: names no model.")
        self.tls = _tls(options)
        self.socket = bound(options.host, options.port)
        self.port: int = self.socket.getsockname()[1]
        limits = self.limits or Limits(pixels=options.max_pixels, jobs=options.max_jobs)
        root = Path(options.work_dir) if options.work_dir else server_folder()
        models = self.models or Models(options.models, device=options.device, dtype=options.dtype)
        self.jobs = Jobs(root, models, limits, self.eager)
        self._make_app(root, models)
        config = uvicorn.Config(
            self.app,
            log_config=None,
            access_log=False,
            ssl_certfile=options.tls_cert,
            ssl_keyfile=options.tls_key,
            timeout_graceful_shutdown=GRACE_S,
            timeout_keep_alive=KEEP_ALIVE_S,
            server_header=False,
        )
        self._server = uvicorn.Server(config)

    def _make_app(self, root: Path, models: Models) -> None:
        options = self.options
        body_bytes = options.max_body << 20
        part_bytes = min(PART_BYTES, body_bytes)
        study_limits = self.study_limits or StudyLimits(part_bytes=part_bytes)
        house = House(root, models.source, options.device, options.dtype, study_limits)
        self.studies = Studies(house, self.eager, options.train)
        self.uploads = Uploads(
            root / "uploads",
            models,
            allowed=options.allow_uploads,
            most=options.max_upload << 30,
            part_bytes=part_bytes,
            homes=[house.models],
            users=users_of(self.jobs, self.studies),
        )
        self.app = make_app(
            self.jobs,
            self.token,
            studies=self.studies,
            uploads=self.uploads,
            body_bytes=body_bytes,
            device=options.device,
        )

    @property
    def url(self) -> str:
        """Where it is."""
        host = f"[{self.options.host}]" if ":" in self.options.host else self.options.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    def run(self, ready: Callable[[], None] | None = None) -> None:
        """Answer requests until `stop`, or Ctrl-C; then let the jobs go to sleep."""
        threading.Thread(target=self._warm_up, name="waterseg-warm", daemon=True).start()
        if ready is not None:
            ready()
        try:
            self._server.run(sockets=[self.socket])
        except KeyboardInterrupt:  # uvicorn has ended in good order and says why
            pass
        finally:
            self.uploads.stop()
            self.studies.stop()
            self.jobs.stop()

    def stop(self) -> None:
        """End; from any thread."""
        self._server.should_exit = True

    def _warm_up(self) -> None:
        try:
            self.jobs.models.warm_up()
        except Exception as error:  # told again by the first job that needs the model
            print(f"waterseg: {error}", file=sys.stderr, flush=True)


def _tls(options: ServeOptions) -> bool:
    """Whether HTTPS is spoken; raises OptionError for files that cannot be used."""
    if options.tls_cert is None:
        return False
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.tls_cert, options.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise OptionError(
            f"--tls-cert {options.tls_cert} --tls-key {options.tls_key}: cannot be used ({error})."
        ) from None
    return True
