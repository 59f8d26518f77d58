# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of `waterseg evaluate`; those about pixels, models and tiles are `segment`'s."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from waterseg_core.errors import OptionError
from waterseg_core.optionfield import check_all, option
from waterseg_core.options import MODEL, OUTPUT, SegmentOptions

TRUTH, SCORE = "Truth", "Score"
PROTOCOLS = ("native", "256")
#: The side, in pixels, that the protocol `256` shrinks or stretches images and masks to.
SMALL_PX = 256

_SEGMENT = {field.name: field for field in dataclasses.fields(SegmentOptions)}


def _as_segment(name: str) -> Any:
    """The option of that name as `segment` declares it."""
    field = _SEGMENT[name]
    return dataclasses.field(default=field.default, metadata=field.metadata)


@dataclass(frozen=True, kw_only=True)
class EvaluateOptions:
    """What is compared, and how. Raises OptionError when a value makes no sense."""

    images: str | None = option(
        None,
        help="A folder of images, instead of a training set; the masks have the same names.",
        group=TRUTH,
        metavar="FOLDER",
    )
    masks: str | None = option(
        None,
        help="The folder of masks for --images: what is lighter than middle grey, or 1, is water.",
        group=TRUTH,
        metavar="FOLDER",
    )
    names: str | None = option(
        None,
        help="Only the images whose names are in this file, one a line.",
        group=TRUTH,
        metavar="FILE",
    )
    truth: str | None = option(
        None,
        help="The polygons of water in a raster (any vector format, any CRS).",
        group=TRUTH,
        metavar="FILE",
    )
    truth_codec: str = option(
        "google",
        help="The codec that made the suffixes of a set without masks: google, nano, or a file.",
        group=TRUTH,
        metavar="FILE",
    )
    protocol: str = option(
        "native",
        help="native: the whole pipeline on each image as it is; 256: images and masks are resized "
        "to 256 × 256 pixels first, as results of U-Nets are published.",
        group=SCORE,
        choices=PROTOCOLS,
    )
    count_frames: bool = option(
        False,
        help="Black frames of images, which hold no data, count too, as in many published results.",
        group=SCORE,
    )
    window: int = option(
        512,
        help="The side of the windows of a raster that count as an image each.",
        group=SCORE,
        unit="pixels",
        low=64,
        high=8192,
    )
    tokens: bool = option(
        True,
        help="Also let a PaliGemma answer in tokens, with and without the grammar, and count what "
        "is empty, malformed or said twice.",
        group=SCORE,
    )
    resamples: int = option(
        2000,
        help="How often images are drawn anew for the intervals.",
        group=SCORE,
        low=100,
        high=100_000,
        metavar="TIMES",
        late=True,
    )
    model: str = _as_segment("model")
    baseline: str | None = option(
        None,
        help="A second model to compare with.",
        group=MODEL,
        metavar="NAME",
    )
    baseline_answer: str = dataclasses.field(
        default="auto",
        metadata={
            "option": dataclasses.replace(
                _SEGMENT["answer"].metadata["option"], help="How the second model answers."
            )
        },
    )
    prompt: str | None = option(
        None,
        help="What to look for.",
        group=MODEL,
        metavar="TEXT",
        default_text="what the set asks, else segment water",
    )
    answer: str = _as_segment("answer")
    threshold: float | None = _as_segment("threshold")
    adapter: str | None = _as_segment("adapter")
    codec: str | None = _as_segment("codec")
    device: str = _as_segment("device")
    dtype: str = _as_segment("dtype")
    batch: int | None = _as_segment("batch")
    bands: tuple[int, ...] | None = _as_segment("bands")
    stretch: str = _as_segment("stretch")
    nodata: str = _as_segment("nodata")
    tile: int | None = _as_segment("tile")
    overlap: float = _as_segment("overlap")
    min_area: float | None = _as_segment("min_area")
    report: str | None = option(
        None,
        help="Write a report with pictures to this HTML file; it needs no network.",
        group=OUTPUT,
        metavar="FILE",
        late=True,
    )
    overwrite: bool = _as_segment("overwrite")
    resume: bool = option(
        True,
        help="Go on where an interrupted evaluation of the same stopped; --no-resume starts anew.",
        group=OUTPUT,
        late=True,
    )

    def __post_init__(self) -> None:
        """Check every value alone, then those that depend on each other."""
        check_all(self)
        if (self.images is None) != (self.masks is None):
            raise OptionError("--images and --masks belong together; give both or none.")
        if self.truth is not None and self.images is not None:
            raise OptionError("--truth belongs to a raster, --images to --masks; give one of them.")
        if self.images is not None and self.images == self.masks:
            raise OptionError(
                f"--masks {self.masks}: that is the folder of --images. Give the folder of the "
                "masks."
            )
        if self.baseline is None and self.baseline_answer != "auto":
            raise OptionError(
                f"--baseline-answer {self.baseline_answer}: there is no second model. Name it with "
                "--baseline, or leave the option out."
            )
        if self.protocol == "256" and self.truth is not None:
            raise OptionError(
                "--protocol 256 is for sets of images; a raster with --truth is evaluated as it is."
            )

    def pipeline(self, has_own_threshold: bool = True) -> SegmentOptions:
        """How each image is segmented; the second model keeps its own threshold."""
        small = self.protocol == "256" and self.min_area is None
        return SegmentOptions(
            bands=self.bands,
            stretch=self.stretch,
            nodata=self.nodata,
            tile=self.tile,
            overlap=self.overlap,
            # Published U-Nets leave nothing out that is small.
            min_area=0.0 if small else self.min_area,
            threshold=self.threshold if has_own_threshold else None,
            probability=True,
            resume=self.resume,
        )
