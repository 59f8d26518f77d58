# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiny PaliGemmas for the tests of the core, made once per session."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tiny_paligemma stands beside the tests

from tiny_paligemma import tiny_model, tiny_tokenizer, write_checkpoint, write_extras


@pytest.fixture(scope="session")
def tokenizer() -> Any:
    """A small tokenizer with PaliGemma's added tokens."""
    return tiny_tokenizer()


@pytest.fixture(scope="session", params=[1, 2], ids=["paligemma1", "paligemma2"])
def generation(request: pytest.FixtureRequest) -> int:
    """Both generations of PaliGemma."""
    number: int = request.param
    return number


@pytest.fixture(scope="session")
def model(tokenizer: Any, generation: int) -> Any:
    """A random PaliGemma in fp32; nobody may change it."""
    return tiny_model(tokenizer, generation)


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory, generation: int) -> Path:
    """A folder with a random PaliGemma, mask head and codec; nobody may change it."""
    folder = tmp_path_factory.mktemp("checkpoints") / f"paligemma{generation}"
    return write_extras(write_checkpoint(folder, generation))


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small model to learn from; nobody may change it."""
    return write_extras(write_checkpoint(tmp_path_factory.mktemp("base")), grid=2)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of the test's own, with the list of own models in it."""
    monkeypatch.setenv("WATERSEG_CACHE", str(tmp_path / "cache"))
