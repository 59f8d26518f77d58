# SPDX-License-Identifier: GPL-3.0-or-later
"""FileAnswer: a file of a result, streamed from disk, in parts if somebody asks for them.

A training set may have gigabytes. Whoever fetches it says `Range: bytes=0-33554431` and so on, so
that no request is long and one that broke off costs a part.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from fastapi.responses import FileResponse
from starlette.types import Receive, Scope, Send

from waterseg_core.server.statuses import tell

__all__ = ["FileAnswer"]

RANGE = re.compile(rb"bytes=(\d{1,18})-(\d{0,18})")


class FileAnswer(FileResponse):
    """All of the file (200), one part of it (206), or 416 for a part behind its end.

    Other ranges than one part are not understood and so, as RFC 9110 14.2 has it, ignored.
    """

    def __init__(self, path: Path, media_type: str) -> None:
        about = os.stat(path)
        super().__init__(path, media_type=media_type, filename=path.name, stat_result=about)
        self._size = about.st_size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        headers = scope["headers"]
        asked = next((value for name, value in headers if name == b"range"), b"")
        part = RANGE.fullmatch(asked.strip().lower())
        if part is not None and int(part[1]) >= self._size:
            said = f"The file has {self._size} bytes; there is nothing from byte {int(part[1])} on."
            answer = tell(416, "OptionError", said, {"Content-Range": f"bytes */{self._size}"})
            await answer(scope, receive, send)
            return
        if part is None or (part[2] and int(part[2]) < int(part[1])):
            scope = {**scope, "headers": [one for one in headers if one[0] != b"range"]}
        await super().__call__(scope, receive, send)
