# SPDX-License-Identifier: GPL-3.0-or-later
"""What the process of a study is told to do."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from waterseg_core.options_finetune import PRECISIONS
from waterseg_core.studies.folder import StudyFolder
from waterseg_core.studies.order import FINETUNE

__all__ = ["task_of"]


def task_of(study: StudyFolder, data: Path) -> dict[str, Any]:
    """The task for `child.main`. Raises OptionError for a model that is not on offer any more."""
    order, house = study.order, study.house
    names = {"model": order.options.model}
    if order.kind != FINETUNE and order.options.baseline is not None:
        names["baseline"] = order.options.baseline
    sources = {field: house.source(name) for field, name in names.items()}
    given = dict(order.given) | sources | {"device": house.device, "dtype": house.dtype}
    task = {
        "kind": order.kind,
        "name": order.name,
        "set": str(data),
        "folder": str(study.path),
        "hidden": {str(data): data.name}
        | {path: names[field] for field, path in sources.items()}
        | {str(study.output): order.name, str(study.path): order.name},
    }
    if order.kind != FINETUNE:
        return task | {
            "options": given,
            "report": str(study.report),
            "summary": str(study.summary),
            "work": str(study.path / "work"),
        }
    given["dtype"] = house.dtype if house.dtype in PRECISIONS else "auto"
    return task | {
        "options": dataclasses.asdict(dataclasses.replace(order.options, **given)),
        "output": str(study.output),
        "journal": str(study.journal_file),
        "samples": str(study.samples_folder),
        "go": study.state.go,
        "at_epoch": study.state.at_epoch,
    }
