# SPDX-License-Identifier: GPL-3.0-or-later
"""DatasetDescription: a raster, and what is drawn on it, of which a training set is wanted."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from waterseg_core.dataset.plan import chip_grid
from waterseg_core.errors import OptionError
from waterseg_core.jobs_description import (
    Description,
    area_of,
    georef_of,
    options_for_jobs,
    options_of,
)
from waterseg_core.jobs_drawing import Drawing, Grid
from waterseg_core.maskcodec_files import GOOGLE
from waterseg_core.optionfield import Spec
from waterseg_core.options_dataset import BuildOptions

__all__ = ["BUILD_OPTIONS", "DatasetDescription", "build_options", "check_count", "raster_of"]

#: Chips that a job may have.
MOST_CHIPS = 200_000

#: Options that name files, bands or fields: pixels, polygons and their labels are sent.
_NOT_FOR_JOBS = {"masks", "label_field", "aoi", "bands"}


def _without_files(spec: Spec) -> Spec:
    """The codec is one that has a name: no request names a file of the server."""
    if spec.name != "codec":
        return spec
    said = f"The mask codec: {GOOGLE} fetches Google's, for a model of Google's."
    return dataclasses.replace(
        spec, info=dataclasses.replace(spec.info, help=said, choices=(GOOGLE,), metavar="")
    )


#: The options that such a job may have.
BUILD_OPTIONS = tuple(_without_files(s) for s in options_for_jobs(BuildOptions, _NOT_FOR_JOBS))


@dataclass(frozen=True)
class DatasetDescription(Description):
    """What a training set is to be made of. aoi: where the labelling is complete."""

    kind = "dataset"
    allowed = BUILD_OPTIONS
    sparse = True

    options: BuildOptions
    drawing: Drawing

    @classmethod
    def _own(cls, words: Mapping[str, Any]) -> dict[str, Any]:
        options, raster = build_options(words), raster_of(words)
        drawing = Drawing.of(words, area_of(words.get("aoi")), options, raster)
        check_count(options, chip_grid(*raster, options.resolution))
        return {"options": options, "drawing": drawing}


def raster_of(words: Mapping[str, Any]) -> Grid:
    """The raster that the words tell. Raises GeoreferenceError."""
    return georef_of(words["georef"]), int(words["height"]), int(words["width"])


def check_count(options: BuildOptions, grid: Grid, most: int = MOST_CHIPS) -> None:
    """Raise OptionError for more chips than anybody wants, before they are looked at."""
    _, *size = grid
    count = math.prod(max(side - options.tile, 0) // options.step + 1 for side in size)
    if count > most:
        raise OptionError(
            f"options.stride {options.step}: the raster has about {count} chips, more than {most}. "
            "Choose a larger stride, a larger tile, or a coarser resolution."
        )


def build_options(words: Mapping[str, Any]) -> BuildOptions:
    """The options that the words tell. Raises OptionError."""
    options = options_of(BuildOptions, BUILD_OPTIONS, words.get("options"))
    if options.codec not in (None, GOOGLE):
        raise OptionError(f"options.codec {options.codec}: must be {GOOGLE}, or left out.")
    licence = words.get("licence")
    return dataclasses.replace(options, licence=str(licence)) if licence else options
