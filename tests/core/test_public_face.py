# SPDX-License-Identifier: GPL-3.0-or-later
"""The public face is what `__all__` says, it works, and looking at it costs nothing."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

import waterseg_core
from waterseg_core import errors


def test_every_public_name_is_there() -> None:
    for name in waterseg_core.__all__:
        assert getattr(waterseg_core, name) is not None


def test_the_face_equals_all() -> None:
    assert sorted(waterseg_core.__all__) == waterseg_core.__all__ == dir(waterseg_core)


def test_every_error_is_public() -> None:
    tree = {n for n, e in vars(errors).items() if isinstance(e, type) and issubclass(e, Exception)}
    assert tree <= set(waterseg_core.__all__)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        waterseg_core.nonsense  # noqa: B018


def test_the_version_is_the_one_in_metadata_txt() -> None:
    lines = (Path(__file__).parents[2] / "metadata.txt").read_text().splitlines()
    (version,) = (line.removeprefix("version=") for line in lines if line.startswith("version="))
    assert waterseg_core.__version__ == version == importlib.metadata.version("waterseg-core")


@pytest.mark.parametrize(
    "statement",
    [
        "import waterseg_core; waterseg_core.SegmentOptions()",
        "from waterseg_core.cli.main import run; run(['--help'])",
        "from waterseg_core.cli.main import run; run(['segment', '--help'])",
        "from waterseg_core.cli.main import run; run(['serve', '--help'])",
    ],
)
def test_looking_loads_neither_torch_nor_rasterio(statement: str) -> None:
    check = "import sys; print({'torch', 'rasterio', 'transformers'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}; {check}"], capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("set()\n"), done.stdout
