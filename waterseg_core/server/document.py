# SPDX-License-Identifier: GPL-3.0-or-later
"""The OpenAPI document, as it is checked in.

`python -m waterseg_core.server.document docs/openapi.json` writes it; a test holds the file to it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from waterseg_core.server.app import make_app

__all__ = ["document"]


def document() -> str:
    """The document as JSON text."""
    nobody: Any = None
    return (
        json.dumps(
            make_app(nobody, token="", studies=nobody, uploads=nobody).openapi(),
            indent=1,
            sort_keys=True,
        )
        + "\n"
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document())
