# SPDX-License-Identifier: GPL-3.0-or-later
"""The contact sheet: one HTML file, without network, with a picture and a reason of each finding.

Each picture shows the image with the shore of its mask, and the mask beside it. Pictures are made
while a chip is examined and kept as small files until the sheet is written.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.audit_kinds import KINDS
from waterseg_core.dataset.audit_records import Record
from waterseg_core.outputs_atomic import replacing

__all__ = ["SHOWN", "keep_picture", "picture_of", "write_sheet"]

#: The longest side of a picture, and how many are shown of each kind.
SIDE_PX, SHOWN = 168, 120
WATER, SHORE, UNSAID = (38, 128, 235), (255, 60, 40), (120, 120, 120)

STYLE = """\
body{font:15px/1.45 system-ui,sans-serif;margin:2rem;color:#19232d;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
table{border-collapse:collapse}td,th{padding:.15rem .8rem .15rem 0;text-align:left}
td.n{text-align:right;font-variant-numeric:tabular-nums}
.sheet{display:flex;flex-wrap:wrap;gap:14px}
figure{margin:0;width:348px}figure img{display:block;max-width:348px}
figcaption{font-size:12.5px;overflow-wrap:anywhere}figcaption b{font-weight:600}
.why{color:#4a5763}
"""

Pixels = npt.NDArray[np.uint8]


def picture_of(image: Pixels, classes: Pixels | None) -> Pixels:
    """The image with the mask's shore in red, and the mask beside: uint8 (h, w, 3), small.

    Blue is water, grey unknown. Without a mask the image alone.
    """
    left = _thumbnail(image)
    if classes is None:
        return left
    right = _thumbnail(_coloured(classes))
    if classes.shape == image.shape[:2]:
        water = _thumbnail(_coloured(classes))[..., 2] > 200
        shore = water ^ ndimage.binary_erosion(water)
        left[shore] = SHORE
    height = max(len(left), len(right))
    page = np.full((height, left.shape[1] + 4 + right.shape[1], 3), 255, np.uint8)
    page[: len(left), : left.shape[1]] = left
    page[: len(right), left.shape[1] + 4 :] = right
    return page


def _coloured(classes: Pixels) -> Pixels:
    colours = np.zeros((*classes.shape, 3), np.uint8)
    colours[(classes > 0) & (classes != UNKNOWN)] = WATER
    colours[classes == UNKNOWN] = UNSAID
    return colours


def _thumbnail(pixels: Pixels) -> Pixels:
    picture = Image.fromarray(pixels)
    scale = SIDE_PX / max(picture.size)
    size = (max(round(picture.width * scale), 1), max(round(picture.height * scale), 1))
    how = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.BOX
    return np.array(picture.resize(size, how))


def keep_picture(folder: Path, id: str, image: Pixels, classes: Pixels | None) -> None:
    """Keep the picture of a chip for the sheet, as `ID.jpg`. Raises OSError."""
    picture = Image.fromarray(picture_of(image, classes))
    picture.save(folder / f"{id}.jpg", "JPEG", quality=80)


def write_sheet(path: Path, title: str, records: Sequence[Record], pictures: Path) -> None:
    """Write the sheet of these records; `pictures` holds `ID.jpg`. Raises OutputError."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as sink:
        sink.writelines(f"{line}\n" for line in _page(title, records, pictures))


def _page(title: str, records: Sequence[Record], pictures: Path) -> Iterator[str]:
    name = html.escape(title)
    yield "<!doctype html>"
    yield f'<html lang="en"><head><meta charset="utf-8"><title>Audit of {name}</title>'
    yield f"<style>{STYLE}</style></head><body>"
    yield f"<h1>Audit of {name}</h1>"
    faulty = sum(bool(record.findings) for record in records)
    yield f"<p>{len(records)} chips were looked at; something was found at {faulty}.</p>"
    by_kind = {kind: _of_kind(records, kind) for kind in KINDS}
    yield "<table><tr><th>what</th><th>chips</th><th>--fix</th></tr>"
    for kind, found in by_kind.items():
        if found:
            about = KINDS[kind]
            link = f'<a href="#{kind}">{about.title}</a>'
            yield f'<tr><td>{link}</td><td class="n">{len(found)}</td><td>{about.cure}</td></tr>'
    yield "</table>"
    for kind, found in by_kind.items():
        if found:
            yield from _section(kind, found, pictures)
    yield "</body></html>"


def _of_kind(records: Sequence[Record], kind: str) -> list[tuple[Record, str]]:
    """Records with such a finding and its reason, the worst disagreement first."""
    found = [(r, f.why) for r in records for f in r.findings if f.kind == kind]
    return sorted(found, key=lambda pair: (_rank(pair[0]), pair[0].id))


def _rank(record: Record) -> float:
    return 1.0 if record.model_iou is None else record.model_iou


def _section(kind: str, found: list[tuple[Record, str]], pictures: Path) -> Iterator[str]:
    more = f": the first {SHOWN} of {len(found)}" if len(found) > SHOWN else ""
    yield f'<h2 id="{kind}">{KINDS[kind].title}{more}</h2><div class="sheet">'
    for record, why in found[:SHOWN]:
        yield f"<figure>{_img(pictures / f'{record.id}.jpg')}<figcaption>"
        done = f" ({record.done})" if record.done else ""
        yield f"<b>{html.escape(record.id)}</b> {record.split}{done}<br>"
        yield f'<span class="why">{html.escape(why)}</span></figcaption></figure>'
    yield "</div>"


def _img(path: Path) -> str:
    if not path.is_file():
        return ""
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img alt="" loading="lazy" src="data:image/jpeg;base64,{data}">'
