# SPDX-License-Identifier: GPL-3.0-or-later
"""What /v1/info says."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping
from functools import cache
from typing import Any

from waterseg_core import outputs
from waterseg_core.jobs import Jobs
from waterseg_core.jobs_description_dataset import DatasetDescription
from waterseg_core.jobs_description_segment import SegmentDescription
from waterseg_core.optionfield import Spec
from waterseg_core.segmenter import devices
from waterseg_core.server.guard import JSON_BYTES
from waterseg_core.studies.order import EVALUATE, FINETUNE, OPTIONS

__all__ = ["PROTOCOL", "info"]

PROTOCOL = 1
#: Options that a client shows say their kind in a word.
KINDS: dict[Any, str] = {bool: "boolean", int: "integer", float: "number", str: "text"}


def info(
    jobs: Jobs, device: str, body_bytes: int, permissions: Mapping[str, bool]
) -> dict[str, Any]:
    """Who answers, and what it can do. device: as in the options, `auto` is the best there is."""
    return {
        **_lasting(device),
        "models": jobs.models.cards(),
        "limits": {
            "body_bytes": body_bytes,
            "json_bytes": min(body_bytes, JSON_BYTES),
            "pixels": jobs.limits.pixels,
            "jobs": jobs.limits.jobs,
            "tile_px": 8192,
            "disk_bytes_free": jobs.disk_free,
        },
        "permissions": dict(permissions),
    }


@cache
def _lasting(device: str) -> dict[str, Any]:
    """What does not change while the server runs."""
    at_hand = devices()
    name = next(iter(at_hand)) if device == "auto" else device.partition(":")[0]
    return {
        "protocol": PROTOCOL,
        "version": importlib.metadata.version("waterseg-core"),
        "device": name,
        "device_name": at_hand.get(name, name),
        "formats": list(outputs.FORMATS),
        "options": [_option(spec) for spec in SegmentDescription.allowed],
        "dataset_options": [_option(spec) for spec in DatasetDescription.allowed],
        "finetune_options": [_option(spec) for spec in OPTIONS[FINETUNE]],
        "evaluate_options": [_option(spec) for spec in OPTIONS[EVALUATE]],
    }


def _option(spec: Spec) -> dict[str, Any]:
    about = spec.info
    return {
        "name": spec.name,
        "kind": KINDS.get(spec.kind, "numbers"),
        "default": spec.default,
        "low": about.low,
        "high": about.high,
        "open_ends": about.open_ends,
        "choices": list(about.choices),
        "unit": about.unit,
        "group": about.group,
        "help": about.help,
    }
