# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker: a server that belongs to the program that started it.

It says on one line of its standard output where it is, and ends when its standard input closes,
so it cannot outlive its parent, however that ends.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import threading
from typing import Any

from waterseg_core.server.info import PROTOCOL
from waterseg_core.server.serve import Server

__all__ = ["run_worker"]

#: How long it may take to end in good order; after that it ends anyway. Jobs are safe on disk.
PATIENCE_S = 8.0


def run_worker(server: Server, stdout: int) -> None:
    """Announce the server on the descriptor `stdout`, serve, and end with the parent."""
    threading.Thread(
        target=_watch_parent, args=[server], name="waterseg-parent", daemon=True
    ).start()
    server.run(lambda: _announce(server, stdout))


def _announce(server: Server, stdout: int) -> None:
    line: dict[str, Any] = {
        "waterseg": PROTOCOL,
        "port": server.port,
        "token": server.token,
        "pid": os.getpid(),
        "version": importlib.metadata.version("waterseg-core"),
    }
    os.write(stdout, json.dumps(line).encode() + b"\n")
    os.close(stdout)


def _watch_parent(server: Server) -> None:
    while os.read(0, 4096):
        pass
    server.stop()
    timer = threading.Timer(PATIENCE_S, os._exit, [0])
    timer.daemon = True
    timer.start()
