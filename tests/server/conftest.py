# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers for the tests, each with a folder of its own, all stopped at the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "core"))  # pixelwise stands there
sys.path.insert(0, str(Path(__file__).parent))

import tiny_paligemma as tiny
import tiny_set
from live import Live
from pixelwise import PixelwiseSegmenter
from trainings import zipped

from waterseg_core.jobs import Limits

Serve = Callable[..., Live]


@pytest.fixture(autouse=True)
def no_models_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server offers the own models of its cache: here there are none but a test's."""
    monkeypatch.setenv("WATERSEG_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder `tiny` with a model to learn from; nobody may change it."""
    folder = tmp_path_factory.mktemp("base") / "tiny"
    return tiny.write_extras(tiny.write_checkpoint(folder), grid=2)


@pytest.fixture(scope="session")
def ponds(base: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The zip of a set that it can learn from."""
    folder = tiny_set.write_set(tmp_path_factory.mktemp("ponds"), base / "codec.safetensors")
    return zipped(folder)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """A function that starts a server, one that segments by pixels if nothing else is said.

    serve(load=, limits=, work=, **ServeOptions) -> Live.
    """
    running: list[Live] = []

    def start(
        load: Callable[..., Any] = lambda name, **how: PixelwiseSegmenter(),
        limits: Limits | None = None,
        work: Path | None = None,
        **options: Any,
    ) -> Live:
        live = Live(work or tmp_path / "server", load, limits or Limits(), **options)
        running.append(live)
        return live

    yield start
    for live in running:
        live.stop()
