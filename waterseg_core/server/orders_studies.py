# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of what is ordered about trainings and evaluations."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["EvaluationWords", "StopWords", "TrainingWords"]


class SetWords(BaseModel):
    """The training set that will be sent: a zip of its folder, dataset.json at the root."""

    model_config = ConfigDict(extra="forbid")

    bytes: int = Field(ge=1, le=2**50)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    file: Literal["zip"] = "zip"


class TrainingWords(BaseModel):
    """A training is ordered; its name becomes the new model's."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    set: SetWords
    options: dict[str, Any] = Field(default_factory=dict)
    ask: bool = Field(True, description="Wait in the state `ready` until somebody says yes.")


class EvaluationWords(BaseModel):
    """An evaluation is ordered; it starts as soon as its set is there."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    set: SetWords
    options: dict[str, Any] = Field(default_factory=dict)
    ask: bool = Field(False, description="An evaluation never asks.")


class StopWords(BaseModel):
    """When to stop."""

    model_config = ConfigDict(extra="forbid")

    when: Literal["now", "epoch"] = "now"
