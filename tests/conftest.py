# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test may use: the versions in the report's head, and real data where it is at hand."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

VERSIONS = ["torch", "transformers", "numpy", "rasterio", "shapely", "pyogrio", "pyproj"]


def pytest_report_header() -> str:
    """Name the versions that results depend on."""
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in VERSIONS)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real scenes and masks beside the checkout; skips where it is not."""
    folder = Path(__file__).resolve().parents[1].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real scenes and masks are not beside this checkout (../shared/data)")
    return folder
