# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets: which files a job will write, checked before the model has worked for an hour.

Everything that can be wrong with an output's name or place is found here, at once: an unknown
ending, a folder that is missing or not writable, a file that exists.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyproj import CRS

from waterseg_core.errors import GeoreferenceError, OptionError, OutputError
from waterseg_core.options import SegmentOptions
from waterseg_core.outputs import ENDINGS, format_of

#: The format in a folder, where no name says another.
USUAL = "gpkg"


@dataclass(frozen=True)
class Target:
    """The files of one result: polygons, perhaps rasters, and the polygons of a stopped job."""

    polygons: Path
    format: str
    mask: Path | None = None
    probability: Path | None = None

    @classmethod
    def of(cls, path: str | os.PathLike[str], options: SegmentOptions) -> Target:
        """The files that belong to an output path. Raises OptionError for an unknown format."""
        polygons = Path(path)
        format = _format(polygons, options.format)
        rasters = {
            kind: polygons.with_name(f"{polygons.stem}_{kind}.tif")
            for kind in ("mask", "probability")
            if getattr(options, kind)
        }
        return cls(polygons, format, **rasters)

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that a finished job leaves."""
        rasters = (self.mask, self.probability)
        return (self.polygons, *(path for path in rasters if path is not None))

    @property
    def partial(self) -> Path:
        """Where the polygons so far of a stopped job go, for example `water.partial.gpkg`."""
        return self.polygons.with_name(f"{self.polygons.stem}.partial{self.polygons.suffix}")

    def check(self, overwrite: bool) -> None:
        """Raise OutputError if a file exists (unless `overwrite`) or cannot be written."""
        for path in self.files:
            if path.is_dir():
                raise OutputError(f"{path} is a folder; name a file, or end the name with a /.")
            if path.exists() and not overwrite:
                raise OutputError(
                    f"{path} exists. Give another name, or --overwrite to replace it."
                )
        check_folder(self.polygons.parent)

    def check_place(self, crs: CRS | None) -> None:
        """Raise GeoreferenceError if the format needs a place on Earth and there is none."""
        if self.format == "geojson" and crs is None:
            raise GeoreferenceError(
                f"{self.polygons}: GeoJSON is longitude and latitude, but the raster has no CRS. "
                "Write another format, for example .gpkg, or give the raster a CRS."
            )


def targets_of(scenes: Sequence[str], output: str, options: SegmentOptions) -> list[Target]:
    """The targets of several scenes (or one) for what a person gave as output.

    One scene goes to a file, or into a folder; several go into a folder, which is made if it is
    missing. Raises OptionError and OutputError.
    """
    into_folder = output.endswith(("/", os.sep)) or Path(output).is_dir()
    if len(scenes) == 1 and not into_folder:
        return [Target.of(output, options)]
    folder = Path(output)
    if not into_folder and folder.suffix.lower() in ENDINGS:
        raise OptionError(
            f"-o {output}: {len(scenes)} scenes need a folder for their results; end it with a /."
        )
    _make_folder(folder)
    ending = f".{options.format or USUAL}"
    targets = [Target.of(folder / f"{_stem(scene)}{ending}", options) for scene in scenes]
    seen: dict[Path, str] = {}
    for scene, target in zip(scenes, targets, strict=True):
        if target.polygons in seen:
            raise OptionError(
                f"{seen[target.polygons]} and {scene} would both be written to "
                f"{target.polygons}. Run them one after the other into different folders."
            )
        seen[target.polygons] = scene
    return targets


def _format(path: Path, asked: str | None) -> str:
    named = format_of(path)
    if asked is not None and asked != named:
        raise OptionError(f"--format {asked}: the name {path.name} says {named}.")
    return named


def _stem(scene: str) -> str:
    """The name of a scene without folders and ending."""
    name = scene.split("?")[0].rstrip("/").replace("\\", "/").rsplit("/", 1)[-1]
    return Path(name).stem or "scene"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {folder} cannot be made: {error.strerror}.") from error


def check_folder(folder: Path) -> None:
    """Raise OutputError if nothing can be written into a folder."""
    if not folder.is_dir():
        raise OutputError(f"The folder {folder} does not exist; make it first.")
    try:
        with tempfile.TemporaryFile(dir=folder, prefix=".waterseg-"):
            pass
    except OSError as error:
        raise OutputError(f"The folder {folder} cannot be written: {error.strerror}.") from error
