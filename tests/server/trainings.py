# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of trainings and evaluations need: small sets, their zips, and a small client."""

from __future__ import annotations

import hashlib
import io
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
from live import OVER, PATIENCE_S, Client

PART = 4096
#: A training of four steps, the same to the last bit wherever it runs.
SHORT = {"epochs": 2, "batch": 3, "looks": 2, "rate": 1e-3, "answer": "dense"}
#: One that is long enough to be stopped in the middle.
LONG = {**SHORT, "epochs": 20, "looks": 4}


def zipped(folder: Path) -> bytes:
    """The zip of a set's folder."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed.write(path, path.relative_to(folder).as_posix())
    return made.getvalue()


def zip_of(files: Mapping[str | zipfile.ZipInfo, bytes]) -> bytes:
    """A zip of some files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in files.items():
            packed.writestr(name, body)
    return made.getvalue()


def about(blob: bytes) -> dict[str, Any]:
    """How a zip is announced."""
    return {"bytes": len(blob), "sha256": hashlib.sha256(blob).hexdigest(), "file": "zip"}


def weights(folder: Path) -> dict[str, bytes]:
    """Everything that a model in a folder has learned."""
    return {path.name: path.read_bytes() for path in folder.glob("*.safetensors")}


class Trainer:
    """The calls about trainings, or about evaluations."""

    def __init__(self, client: Client, kind: str = "trainings") -> None:
        self.http, self.root = client.http, f"/v1/{kind}"

    def post(self, blob: bytes, name: str = "ponds", **words: Any) -> httpx.Response:
        order = {"name": name, "set": about(blob), **words}
        return self.http.post(self.root, json=order)

    def create(self, blob: bytes, name: str = "ponds", **words: Any) -> dict[str, Any]:
        return Client.ok(self.post(blob, name, **words))

    def send(self, study: dict[str, Any], blob: bytes) -> None:
        size = study["part_bytes"]
        for number in study["wanted"]:
            reply = self.part(study["id"], number, blob[number * size : (number + 1) * size])
            assert reply.status_code == 204, reply.text

    def part(self, id: str, number: int, body: bytes) -> httpx.Response:
        return self.http.put(f"{self.root}/{id}/parts/{number}", content=body)

    def begin(self, blob: bytes, name: str = "ponds", **words: Any) -> str:
        """Order and send; the id."""
        study = self.create(blob, name, **words)
        self.send(study, blob)
        return str(study["id"])

    def get(self, id: str) -> dict[str, Any]:
        return Client.ok(self.http.get(f"{self.root}/{id}"))

    def ask(self, id: str, what: str, **words: Any) -> dict[str, Any]:
        return Client.ok(self.http.post(f"{self.root}/{id}/{what}", json=words))

    def until(
        self, id: str, *states: str, when: Callable[[dict[str, Any]], bool] | None = None
    ) -> dict[str, Any]:
        """Wait for one of these states, or for `when`; never past the end."""
        limit = time.monotonic() + PATIENCE_S
        while True:
            study = self.get(id)
            if study["state"] in states or (when is not None and when(study)):
                return study
            assert study["state"] not in OVER, study
            assert time.monotonic() < limit, study
            time.sleep(0.02)
