# SPDX-License-Identifier: GPL-3.0-or-later
"""waterseg: satellite rasters in, water polygons out, with PaliGemma.

    from waterseg_core import load_segmenter, segment_scene

    result = segment_scene("scene.tif", load_segmenter(), output="water.gpkg")

This is the public face. Importing it loads neither torch nor rasterio: what needs them is
fetched when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from waterseg_core.errors import (
    AreaError,
    BusyError,
    Cancelled,
    CodecError,
    DatasetError,
    GeoreferenceError,
    GrammarError,
    InputError,
    JobError,
    JobStateError,
    ModelAccessError,
    ModelError,
    NoPixelsError,
    NoSuchJobError,
    NoSuchModelError,
    NotAllowedError,
    OptionError,
    OutputError,
    RasterError,
    TooLargeError,
    WatersegError,
)
from waterseg_core.options import SegmentOptions

if TYPE_CHECKING:
    from waterseg_core.evaluation.run import evaluate
    from waterseg_core.options_evaluate import EvaluateOptions
    from waterseg_core.pipeline import Progress, Result, segment_scene
    from waterseg_core.polygons import WaterPolygons
    from waterseg_core.raster import Scene
    from waterseg_core.segmenter import Segmentation, Segmenter, load_segmenter

    __version__: str

#: Which module each lazy name comes from.
_HOME = {
    "EvaluateOptions": "options_evaluate",
    "Progress": "pipeline",
    "Result": "pipeline",
    "Scene": "raster",
    "Segmentation": "segmenter",
    "Segmenter": "segmenter",
    "WaterPolygons": "polygons",
    "evaluate": "evaluation.run",
    "load_segmenter": "segmenter",
    "segment_scene": "pipeline",
}

__all__ = [
    "AreaError",
    "BusyError",
    "Cancelled",
    "CodecError",
    "DatasetError",
    "EvaluateOptions",
    "GeoreferenceError",
    "GrammarError",
    "InputError",
    "JobError",
    "JobStateError",
    "ModelAccessError",
    "ModelError",
    "NoPixelsError",
    "NoSuchJobError",
    "NoSuchModelError",
    "NotAllowedError",
    "OptionError",
    "OutputError",
    "Progress",
    "RasterError",
    "Result",
    "Scene",
    "SegmentOptions",
    "Segmentation",
    "Segmenter",
    "TooLargeError",
    "WaterPolygons",
    "WatersegError",
    "__version__",
    "evaluate",
    "load_segmenter",
    "segment_scene",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("waterseg-core")
    if name in _HOME:
        return getattr(importlib.import_module(f"waterseg_core.{_HOME[name]}"), name)
    raise AttributeError(f"module 'waterseg_core' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
