# SPDX-License-Identifier: GPL-3.0-or-later
"""SegmentDescription: a raster whose water is wanted as polygons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from waterseg_core.jobs_description import Description, options_for_jobs, options_of
from waterseg_core.options import SegmentOptions
from waterseg_core.pipeline import CONTEXT_PX

__all__ = ["SegmentDescription"]

#: Options that name files or bands, that belong to whoever runs the server, or that make no sense
#: for a job whose pixels are sent.
_NOT_FOR_JOBS = {
    *("aoi", "bands", "codec", "adapter", "revision", "device", "dtype"),
    *("format", "overwrite", "resume"),
}


@dataclass(frozen=True)
class SegmentDescription(Description):
    """What is to be segmented. aoi: only inside it is water looked for."""

    kind = "segment"
    allowed = options_for_jobs(SegmentOptions, _NOT_FOR_JOBS)

    crops = True

    options: SegmentOptions

    @property
    def crop(self) -> dict[str, Any]:
        """The rectangle, and what the model may look at around the area."""
        options = self.options
        return {"bbox": options.bbox, "bbox_crs": options.bbox_crs, "context_px": CONTEXT_PX}

    @classmethod
    def _own(cls, words: Mapping[str, Any]) -> dict[str, Any]:
        return {"options": options_of(SegmentOptions, cls.allowed, words.get("options"))}
