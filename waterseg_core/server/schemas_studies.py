# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of what is told about trainings and evaluations."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

__all__ = ["Curve", "EvaluationList", "StudyAbout", "TrainingList"]


class LookAbout(BaseModel):
    """A measurement on the validation chips; step 0 is the model before."""

    seed: int
    step: int
    score: float = Field(description="The mean of both, which decides.")
    iou: float = Field(description="The mean over chips with water.")
    pooled: float = Field(description="All chips as one image.")
    threshold: float
    loss: float | None


class StudyAbout(BaseModel):
    """How far a training or an evaluation is."""

    id: str
    kind: Literal["finetune", "evaluate"]
    name: str
    state: Literal[
        "waiting", "preparing", "ready", "running", "finishing", "done", "cancelled", "failed"
    ]
    message: str
    error: str
    notes: list[str]
    created: str
    options: dict[str, Any] = Field(description="Those that were given.")
    wanted: list[int] = Field(description="Parts of the zip that are to be sent.")
    part_bytes: int
    estimate: list[str]
    estimate_seconds: float | None
    seed: int
    seeds: int
    step: int = Field(description="Of the seed at work; of an evaluation: cases done.")
    steps: int
    epoch: float | None
    seconds_left: float | None
    loss: float | None = Field(description="Smoothed, of the last steps.")
    before: LookAbout | None
    best: LookAbout | None
    looks: int
    verdict: str
    gained: bool | None = Field(
        description="False where the model before was as good on average, or better."
    )
    model: str = Field(description="The name under which the result is on offer; or empty.")
    points: int
    summary: dict[str, Any] | None = Field(
        description="Of an evaluation that is done, what `waterseg evaluate --json` says; null in "
        "lists."
    )


class TrainingList(BaseModel):
    """All trainings, newest first."""

    trainings: list[StudyAbout]


class EvaluationList(BaseModel):
    """All evaluations, newest first."""

    evaluations: list[StudyAbout]


class PointAbout(BaseModel):
    """A step of a training."""

    seed: int
    step: int
    loss: float | None
    rate: float | None


class Curve(BaseModel):
    """Points that are new, all looks, and what to ask for next."""

    points: list[PointAbout]
    looks: list[LookAbout]
    next: int
