# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a preview: one HTML file that opens without network, in light and in dark.

Layout, style and behaviour are the files `preview_page.*` beside this one; here their gaps are
filled. Whatever comes from a set is escaped, and the page may load nothing but its own pictures.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Template

import numpy as np

from waterseg_core.dataset.folder import SPLITS, About
from waterseg_core.dataset.preview_chip import AGREED, EXTRA, MISSED, OTHER, Card

__all__ = ["page_of"]

_HERE = Path(__file__).parent
#: From which IoU a chip counts as what.
GRADES = ((0.8, "good"), (0.65, "fair"), (0.5, "poor"), (0.0, "bad"))
CAPTIONS = ("drawn", "what the tokens say", "image")
BARS = 20


def page_of(
    name: str, about: About, cards: Sequence[Card], total: int, seed: int, codec: str
) -> str:
    """The page as text. cards: worst first; total: chips of the set, of which they are a sample.

    codec: the name of the codec that decoded the suffixes.
    """
    return Template(_asset("html")).substitute(
        title=html.escape(name),
        style=_asset("css").strip(),
        script=_asset("js").strip(),
        about=_about(about, codec),
        notes=_notes(about, cards, total, seed),
        figures="\n".join(_figures(cards)),
        chart=_chart([card.iou for card in cards if card.iou is not None]),
        splits=_splits(cards),
        legend=_legend(len(about.labels)),
        cards="\n".join(_card(card, rank) for rank, card in enumerate(cards)),
        footer=f"Made by waterseg. Licence of the images and masks: {_licence(about)}.",
    )


def _asset(kind: str) -> str:
    return (_HERE / f"preview_page.{kind}").read_text(encoding="utf-8")


def _about(about: About, codec: str) -> str:
    labels = ", ".join(about.labels)
    return (
        f"Prompt <code>{html.escape(about.prefix)}</code> · labels {html.escape(labels)} · "
        f"decoded with <code>{html.escape(codec)}</code>"
    )


def _licence(about: About) -> str:
    return html.escape(about.licence) if about.licence else "not stated"


def _notes(about: About, cards: Sequence[Card], total: int, seed: int) -> str:
    notes = list(about.notes)
    if len(cards) < total:
        notes.insert(0, f"{len(cards):,} of {total:,} chips, a random sample (seed {seed}).")
    broken = sum(bool(card.fault) for card in cards)
    if broken:
        notes.insert(0, f"{broken} of the chips cannot be shown; they come first.")
    items = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    return f'<ul class="notes">{items}</ul>' if items else ""


def _figures(cards: Sequence[Card]) -> Iterator[str]:
    ious = np.array([card.iou for card in cards if card.iou is not None])
    either = sum(card.either for card in cards)
    yield _figure(f"{len(cards):,}", "chips shown")
    yield _figure(f"{len(ious):,}", "with water")
    yield _figure(f"{sum(card.is_dry for card in cards):,}", "dry")
    if len(ious):
        yield _figure(f"{ious.mean():.3f}", "mean IoU")
        yield _figure(f"{np.median(ious):.3f}", "median IoU")
        yield _figure(f"{sum(card.shared for card in cards) / either:.3f}", "pooled IoU")
        yield _figure(f"{np.count_nonzero(ious < 0.5):,}", "below 0.5")


def _figure(value: str, what: str) -> str:
    return f'<div class="figure"><b>{value}</b><span>{what}</span></div>'


def _chart(ious: Sequence[float]) -> str:
    """How the IoUs are spread, as bars of 0.05."""
    if not ious:
        return ""
    counts, _ = np.histogram(ious, BARS, (0, 1))
    wide, high = 400 / BARS, 40.0
    bars = "".join(
        f'<rect x="{n * wide + 1:g}" y="{high - high * count / counts.max():.1f}" rx="1.5" '
        f'width="{wide - 2:g}" height="{high * count / counts.max():.1f}">'
        f"<title>IoU {n / BARS:.2f} to {(n + 1) / BARS:.2f}: {count} chips</title></rect>"
        for n, count in enumerate(counts.tolist())
    )
    return (
        '<div class="figure chart"><svg viewBox="0 0 400 41" preserveAspectRatio="none" role="img" '
        f'aria-label="How the IoUs are spread">{bars}<line x1="0" x2="400" y1="40.5" y2="40.5"/>'
        "</svg><span>IoU from 0 to 1, chips with water</span></div>"
    )


def _splits(cards: Sequence[Card]) -> str:
    counts = Counter(card.chip.split for card in cards)
    return "".join(
        f'<option value="{split}">{split} ({counts[split]})</option>'
        for split in SPLITS
        if counts[split]
    )


def _legend(labels: int) -> str:
    entries = [(AGREED, "said and drawn"), (MISSED, "missed"), (EXTRA, "added")]
    if labels > 1:
        entries.append((OTHER, "another class"))
    return "".join(
        f'<span><i style="background:rgb{colour}"></i>{word}</span>' for colour, word in entries
    )


def _card(card: Card, rank: int) -> str:
    chip = card.chip
    state = "broken" if card.fault else "dry" if card.is_dry else "water"
    iou = -1.0 if card.iou is None else card.iou
    body = f'<p class="fault">{html.escape(card.fault)}</p>' if card.fault else _pictures(card)
    return (
        f'<li class="card" data-rank="{rank}" data-iou="{iou:.6f}" data-water="{card.water:.6f}" '
        f'data-objects="{card.objects}" data-split="{html.escape(chip.split)}" '
        f'data-state="{state}" data-name="{html.escape(chip.id)}">'
        f'<div class="head"><h2 title="{html.escape(chip.id)}">{html.escape(chip.id)}</h2>'
        f'<span class="split">{html.escape(chip.split)}</span>{_grade(card)}</div>'
        f"{body}{_foot(card)}</li>"
    )


def _grade(card: Card) -> str:
    if card.fault:
        return '<span class="iou bad">broken</span>'
    if card.iou is None:
        return '<span class="iou dry">dry</span>'
    grade = next(word for low, word in GRADES if card.iou >= low)
    return f'<span class="iou {grade}">IoU {card.iou:.3f}</span>'


def _pictures(card: Card) -> str:
    name = html.escape(card.chip.id)
    figures = (
        f'<figure><img loading="lazy" src="{picture}" alt="{name}: {caption}">'
        f"<figcaption>{caption}</figcaption></figure>"
        for picture, caption in zip(card.pictures, CAPTIONS, strict=True)
    )
    return f'<div class="three">{"".join(figures)}</div>'


def _foot(card: Card) -> str:
    chip, width, height = card.chip, *card.size
    words = []
    if not card.fault:
        words = [f"{width} × {height} px", f"{card.water:.1%} water"]
    if card.objects:
        target = f" ({html.escape(chip.target)})" if chip.target else ""
        words.append(f"{card.objects} object{'s' if card.objects > 1 else ''}{target}")
    if chip.source:
        words.append(html.escape(chip.source))
    spans = "".join(f"<span>{word}</span>" for word in words)
    if chip.suffix:
        spans += (
            f'<details><summary>Suffix</summary><code class="suffix">{html.escape(chip.suffix)}'
            '</code><button type="button">Copy</button></details>'
        )
    return f'<div class="foot">{spans}</div>'
