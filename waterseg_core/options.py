# SPDX-License-Identifier: GPL-3.0-or-later
"""Every option of every verb, declared once: default, range, unit and help sentence.

A dataclass of options checks itself when it is made, so whoever holds one holds values that
make sense; what is wrong is told by `OptionError` with the flag, the value and what is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from waterseg_core.errors import OptionError
from waterseg_core.optionfield import check_all, option, specs

PIXELS, AREA, MODEL = "Pixels", "Area", "Model"
TILES, POLYGONS, OUTPUT = "Tiles", "Polygons", "Output"
#: The smallest water body that is kept by default: one Landsat pixel is 900 m², a puddle is not
#: a lake; and the same for a picture that has no place on Earth, in pixels.
MIN_AREA_M2 = 1000.0
MIN_AREA_PX = 10.0

STRETCHES = ("auto", "none", "minmax", "percentile")
DEVICES = ("auto", "cpu", "cuda", "mps")
DTYPES = ("auto", "bf16", "fp16", "fp32")


def _check_bands(bands: tuple[int, ...]) -> str | None:
    if len(bands) not in (1, 3):
        return "must be one band, or three for red, green and blue"
    return None if min(bands) >= 1 else "must be band numbers, which count from 1"


def _check_stretch(text: str) -> str | None:
    if text in STRETCHES:
        return None
    try:
        low, high = (float(part) for part in text.split(","))
    except ValueError:
        return f"must be {', '.join(STRETCHES)}, or two numbers LO,HI"
    return None if low < high else "must have LO below HI"


def _check_nodata(text: str) -> str | None:
    if text in ("auto", "none"):
        return None
    try:
        float(text)
    except ValueError:
        return "must be auto, none, or a number"
    return None


def _check_bbox(bbox: tuple[float, ...]) -> str | None:
    left, bottom, right, top = bbox
    return None if left < right and bottom < top else "must be LEFT,BOTTOM,RIGHT,TOP"


def _check_prompt(text: str) -> str | None:
    if not text.strip() or "\n" in text:
        return "must be a line of text such as 'segment water'"
    return None if len(text) <= 200 else "must be at most 200 characters"


@dataclass(frozen=True, kw_only=True)
class SegmentOptions:
    """How a raster becomes water polygons. Raises OptionError when a value makes no sense."""

    bands: tuple[int, ...] | None = option(
        None,
        help="Bands that are red, green and blue, counted from 1, for example 3,2,1; one band is "
        "shown as grey.",
        group=PIXELS,
        metavar="R,G,B",
        default_text="what the file says, else 1,2,3",
        check=_check_bands,
    )
    stretch: str = option(
        "auto",
        help="How values become brightness: auto (bytes stay as they are, all else is stretched "
        "and its dark lifted), none, minmax, percentile, or the two values LO,HI that become black "
        "and white.",
        group=PIXELS,
        metavar="HOW",
        check=_check_stretch,
    )
    nodata: str = option(
        "auto",
        help="The value that marks pixels without data: auto (what the file says, else a black "
        "collar), none, or a number.",
        group=PIXELS,
        metavar="VALUE",
        check=_check_nodata,
    )
    resolution: float | None = option(
        None,
        help="Segment coarser than the raster: metres per pixel.",
        group=PIXELS,
        unit="m",
        metavar="METRES",
        low=0,
        open_ends=True,
        default_text="the raster's own",
    )
    aoi: str | None = option(
        None,
        help="Only inside the polygons of this file (any vector format, any CRS).",
        group=AREA,
        metavar="FILE",
    )
    bbox: tuple[float, float, float, float] | None = option(
        None,
        help="Only inside this rectangle.",
        group=AREA,
        metavar="LEFT,BOTTOM,RIGHT,TOP",
        check=_check_bbox,
    )
    bbox_crs: str | None = option(
        None,
        help="The CRS of --bbox, for example EPSG:4326.",
        group=AREA,
        metavar="CRS",
        default_text="the raster's own",
    )
    model: str = option(
        "nano",
        help="Which model: nano (comes with waterseg, works offline), a folder, or a name on the "
        "Hugging Face hub such as google/paligemma2-3b-mix-448.",
        group=MODEL,
        metavar="NAME",
    )
    prompt: str = option(
        "segment water",
        help="What to look for; several things with ' ; ' between them, as in 'segment lake ; "
        "river'.",
        group=MODEL,
        metavar="TEXT",
        check=_check_prompt,
    )
    answer: str = option(
        "auto",
        help="How the model answers: dense (a mask head), grid (16 codes in each cell of a grid), "
        "objects (boxes that it chooses), or auto (what it was trained for).",
        group=MODEL,
        choices=("auto", "dense", "grid", "objects"),
    )
    threshold: float | None = option(
        None,
        help="The probability from which a pixel is water.",
        group=MODEL,
        metavar="PROBABILITY",
        low=0,
        high=1,
        open_ends=True,
        default_text="the model's own",
    )
    revision: str | None = option(
        None,
        help="The revision of a model from the hub.",
        group=MODEL,
        metavar="HASH",
        default_text="the one that waterseg knows, else the newest",
    )
    adapter: str | None = option(
        None,
        help="A PEFT adapter that was trained for the model: a folder or a name on the hub.",
        group=MODEL,
        metavar="NAME",
    )
    codec: str | None = option(
        None,
        help="The weights of the mask codec: a vae-oid.npz file, or google to fetch it.",
        group=MODEL,
        metavar="FILE",
        default_text="the model's own",
    )
    device: str = option(
        "auto",
        help="Where the model runs.",
        group=MODEL,
        choices=DEVICES,
    )
    dtype: str = option(
        "auto",
        help="The precision that the model computes in.",
        group=MODEL,
        choices=DTYPES,
    )
    batch: int | None = option(
        None,
        help="How many tiles the model sees at once.",
        group=MODEL,
        unit="tiles",
        low=1,
        high=4096,
        default_text="found automatically",
    )
    tile: int | None = option(
        None,
        help="The side of a tile; the model sees each tile at its own size.",
        group=TILES,
        unit="pixels",
        low=16,
        high=8192,
        default_text="the model's own",
    )
    overlap: float = option(
        0.25,
        help="How much neighbouring tiles overlap, as a fraction of the tile.",
        group=TILES,
        metavar="FRACTION",
        low=0,
        high=0.5,
    )
    min_area: float | None = option(
        None,
        help="Water bodies smaller than this are left out.",
        group=POLYGONS,
        unit="m²",
        low=0,
        default_text=f"{MIN_AREA_M2:g} m², or {MIN_AREA_PX:g} pixels if the raster has no CRS",
        late=True,
    )
    min_hole: float = option(
        0.0,
        help="Islands smaller than this become water; 0 keeps every island.",
        group=POLYGONS,
        unit="m²",
        low=0,
        late=True,
    )
    simplify: float = option(
        0.0,
        help="Leave out corners that are closer than this to the straight line.",
        group=POLYGONS,
        unit="m",
        low=0,
        late=True,
    )
    smooth: float = option(
        0.0,
        help="Round the corners of pixels over this length.",
        group=POLYGONS,
        unit="m",
        low=0,
        late=True,
    )
    format: str | None = option(
        None,
        help="The file format of the polygons.",
        group=OUTPUT,
        choices=("gpkg", "geojson", "fgb", "parquet"),
        default_text="from the file's ending; gpkg in a folder",
        late=True,
    )
    mask: bool = option(
        False,
        help="Also write the water mask as a GeoTIFF (COG) beside the polygons.",
        group=OUTPUT,
    )
    probability: bool = option(
        False,
        help="Also write the water probability as a GeoTIFF (COG) beside the polygons.",
        group=OUTPUT,
    )
    overwrite: bool = option(
        False,
        help="Replace files that exist.",
        group=OUTPUT,
        late=True,
    )
    resume: bool = option(
        True,
        help="Go on where an interrupted run of the same job stopped; --no-resume starts anew.",
        group=OUTPUT,
        late=True,
    )

    def __post_init__(self) -> None:
        """Check every value alone, then those that depend on each other."""
        check_all(self)
        if self.bbox_crs is not None and self.bbox is None:
            raise OptionError("--bbox-crs says the CRS of --bbox, which is missing.")

    def job_key(self) -> dict[str, Any]:
        """The options that finished strips depend on: another value makes another job."""
        return {s.name: getattr(self, s.name) for s in specs(type(self)) if not s.info.late}

    def smallest_water(self, has_crs: bool) -> float:
        """The smallest area that is kept, in m², or in pixels for a raster without CRS."""
        if self.min_area is not None:
            return self.min_area
        return MIN_AREA_M2 if has_crs else MIN_AREA_PX
