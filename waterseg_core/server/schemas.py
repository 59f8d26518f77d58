# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of what travels, for checking requests and for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

Number = Annotated[float, Field(allow_inf_nan=False)]


class Problem(BaseModel):
    """What went wrong."""

    error: str = Field(description="The class of the error, for programs.")
    message: str = Field(description="A sentence for the person who can act.")


class Alive(BaseModel):
    """Somebody is there."""

    alive: Literal[True]


class ModelAbout(BaseModel):
    """A model on offer; null where a fact is not known."""

    name: str
    title: str
    tile_px: int | None
    default: bool
    bundled: bool
    kind: Literal["bundled", "own", "hub"]
    base: str | None = Field(description="What an adapter belongs to.")
    parameters: int | None
    needs: str = Field(description="Which device, in words; empty where it is not known.")
    answers: list[str]
    data: str | None = Field(description="What it learned from.")
    licence: str | None
    iou_per_image: float | None = Field(description="Mean IoU over held-out images.")
    iou_pooled: float | None = Field(description="IoU over all their pixels together.")
    gained: bool | None = Field(
        description="False where the training ended no better than the model it began with."
    )
    seconds_per_tile: float | None = Field(description="Measured here; null before the first use.")


class LimitsAbout(BaseModel):
    """What the server takes."""

    body_bytes: int
    json_bytes: int = Field(description="The largest body that is no pixels.")
    pixels: int
    jobs: int
    tile_px: int
    disk_bytes_free: int


class Permissions(BaseModel):
    """What the server does for whoever has its token, beside jobs."""

    train: bool = Field(description="Train and evaluate models.")
    upload: bool = Field(description="Take models that are sent, and remove them.")


class OptionAbout(BaseModel):
    """An option of a job, as `options.py` declares it."""

    name: str
    kind: Literal["number", "integer", "text", "boolean", "numbers"]
    default: Any
    low: float | None
    high: float | None
    open_ends: bool = Field(description="True if low and high themselves are not allowed.")
    choices: list[str]
    unit: str
    group: str
    help: str


class Info(BaseModel):
    """Who answers, and what it can do."""

    protocol: Literal[1]
    version: str
    device: str
    device_name: str
    models: list[ModelAbout]
    limits: LimitsAbout
    formats: list[str]
    options: list[OptionAbout] = Field(description="Of jobs that segment.")
    dataset_options: list[OptionAbout] = Field(description="Of jobs that make a training set.")
    finetune_options: list[OptionAbout] = Field(description="Of trainings.")
    evaluate_options: list[OptionAbout] = Field(description="Of evaluations.")
    permissions: Permissions


class Size(BaseModel):
    """Rows and columns."""

    height: int
    width: int


class TileWindow(BaseModel):
    """The pixels of tile n."""

    n: int
    row: int
    col: int
    height: int
    width: int


class JobAbout(BaseModel):
    """How far a job is."""

    id: str
    kind: Literal["segment", "dataset"]
    name: str
    state: Literal["waiting", "running", "finishing", "done", "cancelled", "failed"]
    done: int = Field(description="The model's tiles, or the chips, that are done.")
    total: int = Field(description="All of them; 0 until the model is loaded, if it must be.")
    message: str
    error: str
    notes: list[str]
    empty: int
    undecodable: int
    water_pixels: int
    features: int
    created: str
    seconds_left: float | None
    overview: Size | None
    tiles: list[TileWindow] | None
    wanted: list[int]


class JobList(BaseModel):
    """All jobs, newest first."""

    jobs: list[JobAbout]


class Feature(BaseModel):
    """A polygon of a finished strip."""

    id: int
    label: str
    geometry: dict[str, Any]


class Features(BaseModel):
    """Polygons that are new, and what to ask for next."""

    features: list[Feature]
    next: int
