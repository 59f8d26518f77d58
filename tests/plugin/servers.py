# SPDX-License-Identifier: GPL-3.0-or-later
"""A live `waterseg serve`, and a stretch of network before it that can be spoilt."""

import json
import os
import select
import socket
import subprocess
import threading
import time
import urllib.request


class LiveServer:
    """`waterseg serve` on a port of its own; what it keeps survives stop and start."""

    token = "onlyfortests0123456789"  # pragma: allowlist secret

    def __init__(self, python, folder, work=None):
        self._python, self._folder = python, folder
        self._work = work or folder / "work"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process = None

    def start(self):
        """Start it, if it does not run, and wait until it answers."""
        if self._process is not None:
            return
        command = [self._python, "-I", "-c", "from waterseg_core.cli.main import main; main()"]
        command += ["serve", "--port", str(self.port), "--work-dir", str(self._work)]
        with open(self._folder / "log.txt", "a") as log:
            self._process = subprocess.Popen(
                command, env={**os.environ, "WATERSEG_TOKEN": self.token}, stdout=log, stderr=log
            )
        for _ in range(2000):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v1/alive"):
                    return
            except OSError:
                time.sleep(0.1)
            if self._process.poll() is not None:
                break
        raise AssertionError((self._folder / "log.txt").read_text())

    def stop(self):
        """Kill it as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Proxy:
    """Passes bytes on to a port until it is told to `spoil` them."""

    def __init__(self, port):
        self._port, self._trouble, self._times = port, "", 0
        self.spoilt = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._open = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def spoil(self, trouble, times=0):
        """refuse, half an answer, garbage, hang, another protocol; empty: all is well again.

        times: so many connections, then all is well by itself; 0: until it is told.
        """
        self._trouble, self._times = trouble, times
        self.spoilt = self.spoilt or bool(trouble)
        if trouble != "hang":
            for end in list(self._open):
                end.close()

    def close(self):
        """No more passing."""
        self._listener.close()
        self.spoil("refuse")

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._times:
                self._times -= 1
                self._trouble = self._trouble if self._times else ""
                near.close()
                continue
            self._open.add(near)
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near):
        try:
            with near, socket.create_connection(("127.0.0.1", self._port)) as far:
                while self._pass_on(near, far):
                    pass
        except (OSError, ValueError):
            pass  # one of the two was closed
        finally:
            self._open.discard(near)

    def _pass_on(self, near, far):
        ready, _, _ = select.select([near, far], [], [], 0.2)
        while self._trouble == "hang":
            time.sleep(0.1)
        if self._trouble == "refuse":
            return False
        for end in ready:
            piece = end.recv(1 << 16)
            if not piece:
                return False
            if end is near:
                far.sendall(piece)
            else:
                piece, goes_on = self._spoilt_answer(piece)
                near.sendall(piece)
                if not goes_on:
                    return False
        return True

    def _spoilt_answer(self, piece):
        """(what is passed on of an answer, whether the connection lives on)."""
        if self._trouble == "half an answer":
            return piece[: len(piece) - 5], False
        if self._trouble == "garbage":
            return b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", False
        if self._trouble == "another protocol":
            body = json.dumps({"protocol": 99, "version": "9.9"}).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
            return head.encode() + body, False
        return piece, True
