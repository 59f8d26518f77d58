# SPDX-License-Identifier: GPL-3.0-or-later
"""`waterseg info`: version, devices, models at hand, and where waterseg keeps its files."""

from __future__ import annotations

import importlib.metadata
import platform
from pathlib import Path
from typing import Any

import click

from waterseg_core.cli.console import Console
from waterseg_core.cli.flags import talk_flags
from waterseg_core.places import CACHE_VARIABLE, cache_folder, work_folder

#: Libraries whose versions a report of a problem needs.
LIBRARIES = ("torch", "transformers", "rasterio", "shapely", "pyproj", "pyogrio", "numpy")


@click.command("info")
@talk_flags(json="Print it as JSON.", levels=False)
def command(as_json: bool) -> None:
    """Show version, devices, models at hand, and where files are kept."""
    facts = gather()
    if as_json:
        Console().data(facts)
    else:
        click.echo("\n".join(_lines(facts)))


def gather() -> dict[str, Any]:
    """What there is to know about this installation, ready for JSON."""
    from waterseg_core.segmenter import devices, models

    return {
        "version": importlib.metadata.version("waterseg-core"),
        "python": platform.python_version(),
        "system": platform.platform(),
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "devices": devices(),
        "models": models(),
        "cache": str(cache_folder()),
        "jobs": {path.name: _size(path) for path in _jobs()},
        "jobs_folder": str(work_folder()),
    }


def _jobs() -> list[Path]:
    folder = work_folder()
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _size(folder: Path) -> int:
    """Bytes of a job's files."""
    return sum(path.stat().st_size for path in folder.iterdir())


def _grouped(models: dict[str, str]) -> dict[str, list[str]]:
    """Models by what is said about them."""
    grouped: dict[str, list[str]] = {}
    for name, about in models.items():
        grouped.setdefault(about, []).append(name)
    return grouped


def _lines(facts: dict[str, Any]) -> list[str]:
    libraries = ", ".join(f"{name} {version}" for name, version in facts["libraries"].items())
    lines = [
        f"waterseg {facts['version']}, Python {facts['python']}, {facts['system']}",
        libraries,
        "",
        "devices",
        *(f"  {name}: {about}" for name, about in facts["devices"].items()),
        "models",
        *(f"  {', '.join(names)}: {about}" for about, names in _grouped(facts["models"]).items()),
        "files",
        f"  cache: {facts['cache']} (the environment variable {CACHE_VARIABLE} moves it)",
        f"  unfinished jobs: {facts['jobs_folder']}",
    ]
    lines += [f"    {name}: {size / 1e6:.1f} MB" for name, size in facts["jobs"].items()]
    return lines
