# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of what is ordered: jobs of every kind, and what is asked about training sets.

What a shape cannot say (does a polygon overlap the raster?) the core checks, and tells.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from waterseg_core.jobs_seen import MOST_SIDE

__all__ = ["KINDS", "UNKNOWN_KIND", "CheckWords", "ChipsWords", "JobWords", "ThinnedOutWords"]

Number = Annotated[float, Field(allow_inf_nan=False)]
#: The type of the error for an order of no known kind.
UNKNOWN_KIND = "unknown_kind"
KINDS = SEGMENT, DATASET = ("segment", "dataset")


class GeorefWords(BaseModel):
    """Where the raster is."""

    model_config = ConfigDict(extra="forbid")

    transform: list[Number] = Field(
        min_length=6, max_length=6, description="a, b, c, d, e, f: x = a col + b row + c."
    )
    crs: str | None = Field(None, description="An authority's code or WKT; null if there is none.")


class PixelWords(BaseModel):
    """What tiles hold."""

    model_config = ConfigDict(extra="forbid")

    dtype: Literal["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"]
    bands: Literal[1, 3]
    nodata: Number | Literal["nan"] | None = None
    valid: bool = Field(False, description="A byte plane of validity follows the bands.")
    lossy: bool = Field(False, description="The values were compressed with loss, as by JPEG.")


class RasterWords(BaseModel):
    """What every order of a job says."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("", max_length=200)
    source: str = Field("", max_length=1000)
    height: int = Field(ge=1, le=2**31 - 1)
    width: int = Field(ge=1, le=2**31 - 1)
    georef: GeorefWords
    pixels: PixelWords
    options: dict[str, Any] = Field(default_factory=dict)
    aoi: dict[str, Any] | None = Field(
        None, description="A GeoJSON Polygon or MultiPolygon in the raster's CRS."
    )


class SegmentWords(RasterWords):
    """Water polygons are ordered."""

    kind: Literal["segment"] = "segment"


class DrawnWords(BaseModel):
    """What a person has drawn and decided."""

    polygons: dict[str, Any] = Field(
        description="A GeoJSON FeatureCollection in the raster's CRS: the water. A feature may "
        "have the property `label`."
    )
    chips: dict[str, Literal["include", "exclude", "dry"]] = Field(
        default_factory=dict,
        description="What the person decided about chips, by `row_col` of their corners in pixels "
        "of the chips' grid.",
    )


class DatasetWords(RasterWords, DrawnWords):
    """A training set is ordered. aoi: where the labelling is complete; everywhere, if null."""

    kind: Literal["dataset"]
    licence: str = Field("", max_length=200, description="Of images and masks, for the card.")


def _kind_of(words: Any) -> str | None:
    """Which of the orders this is, None for none."""
    kind = words.get("kind", SEGMENT) if isinstance(words, dict) else SEGMENT
    return kind if isinstance(kind, str) else None


#: Another kind of job is a class here, and what it is and does in the core.
JobWords = Annotated[
    Annotated[SegmentWords, Tag(SEGMENT)] | Annotated[DatasetWords, Tag(DATASET)],
    Discriminator(
        _kind_of,
        custom_error_type=UNKNOWN_KIND,
        custom_error_message=f"kind: this server knows {', '.join(KINDS)}.",
    ),
]


class GridWords(DrawnWords):
    """A raster without pixels, and what is drawn on it."""

    model_config = ConfigDict(extra="forbid")

    height: int = Field(ge=1, le=2**31 - 1)
    width: int = Field(ge=1, le=2**31 - 1)
    georef: GeorefWords
    options: dict[str, Any] = Field(default_factory=dict)
    aoi: dict[str, Any] | None = Field(
        None, description="Where the labelling is complete, in the raster's CRS; null: everywhere."
    )


class ChipsWords(GridWords):
    """Which chips would there be?"""

    data: str | None = Field(
        None,
        description="Where the raster holds data, as /v1/dataset/data answers it; null: nobody "
        "knows, and all of it counts.",
    )


class ThinnedOutWords(PixelWords):
    """What the thinned-out picture of a raster is."""

    # In a query everything is text, and text is none of the numbers that Literal names.
    bands: Annotated[Literal[1, 3], BeforeValidator(lambda text: {"1": 1, "3": 3}.get(text, text))]
    height: int = Field(ge=1, le=MOST_SIDE, description="Rows of the picture.")
    width: int = Field(ge=1, le=MOST_SIDE, description="Columns of the picture.")
    missing: str = Field("auto", max_length=100, description="The option `nodata` of the set.")

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        return self.height, self.width

    @property
    def pixels(self) -> dict[str, Any]:
        """As a job has them."""
        return self.model_dump(include=set(PixelWords.model_fields))


class ChipWindow(BaseModel):
    """A chip, in pixels of the chips' grid."""

    model_config = ConfigDict(extra="forbid")

    row: int = Field(ge=0, le=2**31 - 1)
    col: int = Field(ge=0, le=2**31 - 1)
    height: int = Field(ge=1, le=8192)
    width: int = Field(ge=1, le=8192)


class CheckWords(GridWords):
    """What can the codec say of this chip?"""

    chip: ChipWindow
    image: str | None = Field(
        None, description="The chip as the model sees it, a PNG in base64, for the warnings."
    )
