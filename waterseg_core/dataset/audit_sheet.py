# SPDX-License-Identifier: GPL-3.0-or-later
"""The contact sheet: one HTML file, without network, with a picture and a reason of each finding.

Each picture shows the image with the shore of its mask, and the mask beside it. Pictures are made
while a chip is examined and kept as small files until the sheet is written.
"""

from __future__ import annotations

import base64
import html
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from waterseg_core.dataset.answer import UNKNOWN
from waterseg_core.dataset.audit_kinds import ASIDE, KINDS, LOOK, MEND
from waterseg_core.dataset.audit_records import Record
from waterseg_core.outputs_atomic import replacing
from waterseg_core.silence import without

__all__ = ["SHOWN", "keep_files", "keep_picture", "picture_of", "write_sheet"]

#: The longest side of a picture, and how many are shown of each kind.
SIDE_PX, SHOWN = 168, 120
WATER, SHORE, UNSAID = (38, 128, 235), (255, 60, 40), (120, 120, 120)
#: Between image and mask: seen on light and on dark pages.
BETWEEN, GAP_PX = (140, 150, 160), 4

#: What `--fix` does about a kind, for people.
CURES = {MEND: "mends them", ASIDE: "sets them aside", LOOK: "leaves them to you"}

STYLE = """\
:root{color-scheme:light dark;--page:#f4f6f8;--card:#fff;--ink:#17212b;--soft:#5b6875;
--line:#dde3e9;--accent:#1f6fc4}
@media (prefers-color-scheme:dark){:root{--page:#11161c;--card:#1a2129;--ink:#e6edf3;
--soft:#97a5b3;--line:#2b3540;--accent:#6cb0f5}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;margin:0 auto;
max-width:1560px;padding:28px 24px;color:var(--ink);background:var(--page)}
h1{font-size:28px;line-height:1.2;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:18px;margin:0;padding:26px 0 10px}h2 a{font-size:13px;font-weight:400;margin-left:.8em}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
p{margin:.3rem 0;max-width:70em}.soft{color:var(--soft)}
table{border-collapse:collapse;margin:16px 0 0;background:var(--card);border:1px solid var(--line)}
td,th{padding:.3rem .9rem;text-align:left;border-top:1px solid var(--line)}
th{color:var(--soft);font-weight:500;font-size:13.5px}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.sheet{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,362px),1fr));gap:14px}
figure{margin:0;padding:10px;background:var(--card);border:1px solid var(--line);
border-radius:10px;content-visibility:auto;contain-intrinsic-size:auto 260px}
figure img{display:block;max-width:100%;margin:0 auto 8px}
figcaption{font-size:13px;line-height:1.4;overflow-wrap:anywhere}figcaption b{font-weight:600}
.tag{color:var(--soft);font-size:12px;border:1px solid var(--line);border-radius:99px;
padding:0 7px;margin-left:6px;white-space:nowrap}
.why{color:var(--soft)}
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
        shore = right[..., 2] > 200
        left[shore ^ ndimage.binary_erosion(shore)] = SHORE
    return _beside([left, right])


def _beside(pictures: Sequence[Pixels]) -> Pixels:
    """Pictures in a row, with a gap between them."""
    height = max(len(picture) for picture in pictures)
    width = sum(picture.shape[1] for picture in pictures) + GAP_PX * (len(pictures) - 1)
    page = np.full((height, width, 3), BETWEEN, np.uint8)
    at = 0
    for picture in pictures:
        page[: len(picture), at : at + picture.shape[1]] = picture
        at += picture.shape[1] + GAP_PX
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


def keep_files(folder: Path, id: str, image: Path, mask: Path) -> None:
    """The same of a pair of files that no chip came of, as far as they can be read."""
    seen = [pixels for path in (image, mask) if (pixels := _file(path)) is not None]
    if seen:
        picture = Image.fromarray(_beside(seen))
        picture.save(folder / f"{id}.jpg", "JPEG", quality=80)


def _file(path: Path) -> Pixels | None:
    try:
        with without(), Image.open(path) as picture:
            return _thumbnail(np.asarray(picture.convert("RGB")))
    except (OSError, SyntaxError, ValueError):
        return None


def write_sheet(path: Path, title: str, records: Sequence[Record], pictures: Path) -> None:
    """Write the sheet of these records; `pictures` holds `ID.jpg`. Raises OutputError."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as sink:
        sink.writelines(f"{line}\n" for line in _page(title, records, pictures))


def _page(title: str, records: Sequence[Record], pictures: Path) -> Iterator[str]:
    name = html.escape(title)
    yield "<!doctype html>"
    yield f'<html lang="en"><head><meta charset="utf-8"><title>Audit of {name}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>{STYLE}</style></head><body>"
    yield f'<h1 id="top">Audit of {name}</h1>'
    yield from _summary(records)
    by_kind = {kind: _of_kind(records, kind) for kind in KINDS}
    if any(by_kind.values()):
        yield '<table><tr><th>what was found</th><th class="n">chips</th><th>--fix</th></tr>'
    for kind, found in by_kind.items():
        if found:
            about = KINDS[kind]
            link = f'<a href="#{kind}">{about.title}</a>'
            cells = f'<td class="n">{len(found):,}</td><td>{CURES[about.cure]}</td>'
            yield f"<tr><td>{link}</td>{cells}</tr>"
    if any(by_kind.values()):
        yield "</table>"
    for kind, found in by_kind.items():
        if found:
            yield from _section(kind, found, pictures)
    yield "</body></html>"


def _summary(records: Sequence[Record]) -> Iterator[str]:
    """How much was found and done, in sentences, and how to read the pictures."""
    faulty = sum(bool(record.findings) for record in records)
    doubtful = sum(record.is_doubtful for record in records)
    grey = f", at {doubtful:,} more than a grey mask" if doubtful < faulty else ""
    counts = Counter(record.done for record in records if record.done)
    done = ", ".join(f"{count:,} {what}" for what, count in counts.most_common())
    yield (
        f"<p>{len(records):,} chips were looked at; something was found at {faulty:,}{grey}"
        f"{f'. Done: {done}' if done else ''}.</p>"
    )
    if faulty:
        yield (
            '<p class="soft">Left the image with the shore of its mask in red, right the mask as '
            "it was: blue water, black dry, grey unknown. The files of what was set aside are in "
            "rejected/.</p>"
        )


def _of_kind(records: Sequence[Record], kind: str) -> list[tuple[Record, str]]:
    """Records with such a finding and its reason, the worst disagreement first."""
    found = [(r, f.why) for r in records for f in r.findings if f.kind == kind]
    return sorted(found, key=lambda pair: (_rank(pair[0]), pair[0].id))


def _rank(record: Record) -> float:
    return 1.0 if record.model_iou is None else record.model_iou


def _section(kind: str, found: list[tuple[Record, str]], pictures: Path) -> Iterator[str]:
    more = f": the first {SHOWN} of {len(found):,}, all are in audit.csv"
    more = more if len(found) > SHOWN else ""
    up = '<a href="#top">to the top</a>'
    yield f'<h2 id="{kind}">{KINDS[kind].title}{more}{up}</h2><div class="sheet">'
    for record, why in found[:SHOWN]:
        yield f"<figure>{_img(pictures / f'{record.id}.jpg')}<figcaption>"
        tags = (record.split, record.done_about(KINDS[kind].cure))
        spans = "".join(f'<span class="tag">{tag}</span>' for tag in tags if tag)
        yield f"<b>{html.escape(record.id)}</b>{spans}<br>"
        yield f'<span class="why">{html.escape(why)}</span></figcaption></figure>'
    yield "</div>"


def _img(path: Path) -> str:
    if not path.is_file():
        return ""
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img alt="" loading="lazy" src="data:image/jpeg;base64,{data}">'
