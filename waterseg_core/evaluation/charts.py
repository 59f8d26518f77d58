# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts as inline SVG: colours are classes, so that the page's style makes them light or dark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

__all__ = ["Frame", "Series", "differences", "histogram", "lines", "scatter"]

Values = npt.NDArray[np.float64]

WIDTH, HEIGHT = 480, 330
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 14, 42
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, eq=False)
class Series:
    """A line of a chart; NaN interrupts it. style: classes such as `model` or `baseline dashed`."""

    title: str
    x: Values
    y: Values
    style: str
    dots: bool = False


@dataclass(frozen=True)
class Frame:
    """The axes from 0 to 1, and where a point lies on the sheet.

    y_most: what the vertical axis says at its upper end instead of 1.
    """

    x_title: str
    y_title: str
    y_most: float = 1.0

    def x(self, value: float) -> float:
        """Sheet coordinate of a value on the horizontal axis."""
        return round(LEFT + value * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Sheet coordinate of a value on the vertical axis."""
        return round(HEIGHT - BOTTOM - value * (HEIGHT - TOP - BOTTOM), 1)

    def axes(self) -> Iterable[str]:
        """Grid, numbers and titles."""
        low, high, left, right = self.y(0), self.y(1), self.x(0), self.x(1)
        for tick in TICKS:
            x, y = self.x(tick), self.y(tick)
            yield _line(x, low, x, high, "grid")
            yield _line(left, y, right, y, "grid")
            yield _text(x, low + 16, f"{tick:g}", "tick middle")
            yield _text(left - 7, y + 4, f"{tick * self.y_most:g}", "tick end")
        yield _text((left + right) / 2, HEIGHT - 6, self.x_title, "title middle")
        middle = (low + high) / 2
        turn = f' transform="rotate(-90 12 {middle})"'
        yield _text(12, middle, self.y_title, "title middle", turn)

    def path(self, series: Series) -> Iterable[str]:
        """A line, and its dots."""
        steps, pen = [], "M"
        for x, y in zip(series.x, series.y, strict=True):
            if not (math.isfinite(x) and math.isfinite(y)):
                pen = "M"
                continue
            steps.append(f"{pen}{self.x(x)} {self.y(y)}")
            pen = "L"
        yield f'<path class="line {series.style}" d="{"".join(steps)}"/>'
        if series.dots:
            for x, y in zip(series.x, series.y, strict=True):
                if math.isfinite(x) and math.isfinite(y):
                    yield dot(self.x(x), self.y(y), 3.5, series.style, f"{x:.2f}: {y:.2f}")


def lines(
    frame: Frame,
    series: Sequence[Series],
    marks: Sequence[tuple[float, str]] = (),
    diagonal: bool = False,
) -> Markup:
    """Lines on axes from 0 to 1; marks are vertical lines at (value, style)."""
    parts = list(frame.axes())
    if diagonal:
        parts.append(_line(frame.x(0), frame.y(0), frame.x(1), frame.y(1), "ideal"))
    parts += [
        _line(frame.x(value), frame.y(0), frame.x(value), frame.y(1), f"mark {style}")
        for value, style in marks
    ]
    for one in series:
        parts += frame.path(one)
    return _svg(parts)


def scatter(
    frame: Frame, points: Iterable[tuple[float, float, str]], diagonal: bool = False
) -> Markup:
    """A dot for each (x, y, name), and the diagonal on which both are equal if it is wanted."""
    parts = list(frame.axes())
    if diagonal:
        parts.append(_line(frame.x(0), frame.y(0), frame.x(1), frame.y(1), "ideal"))
    parts += [
        dot(frame.x(x), frame.y(y), 3, "model point", f"{name}: {x:.2f}, {y:.2f}")
        for x, y, name in points
    ]
    return _svg(parts)


def histogram(x_title: str, y_title: str, values: Values, bins: int = 20) -> Markup:
    """Bars of how many values there are between 0 and 1."""
    counts, edges = np.histogram(values, bins, (0, 1))
    most = 5 * max(1, math.ceil(counts.max(initial=0) / 5))  # every line of the grid a whole number
    frame = Frame(x_title, y_title, most)
    parts = list(frame.axes())
    for count, low, high in zip(counts, edges[:-1], edges[1:], strict=True):
        if count:
            top = frame.y(count / most)
            wide, tall = frame.x(high) - frame.x(low) - 1.5, frame.y(0) - top
            told = f"<title>{low:.2f} to {high:.2f}: {count}</title>"
            box = f'x="{frame.x(low)}" y="{top}" width="{wide:.1f}" height="{tall:.1f}"'
            parts.append(f'<rect class="bar model" {box} rx="1.5">{told}</rect>')
    return _svg(parts)


def differences(rows: Sequence[tuple[str, float, float, float, str]]) -> Markup:
    """A row for each (title, value, low, high, verdict): a dot with its interval beside 0."""
    finite = [abs(end) for row in rows for end in row[1:4] if math.isfinite(end)]
    reach = max([*finite, 0.01]) * 1.1
    left, right, height = 125, WIDTH - RIGHT, HEIGHT
    step = (height - 50) / max(len(rows), 1)

    def across(value: float) -> float:
        return round((left + right) / 2 + value / reach * (right - left) / 2, 1)

    parts = [_line(across(0), 6, across(0), height - 30, "zero")]
    for number, (title, value, low, high, verdict) in enumerate(rows):
        y = round(10 + step * (number + 0.5), 1)
        style = verdict.split()[0]
        parts.append(_text(left - 14, y + 4, title, "tick end"))
        if math.isfinite(low) and math.isfinite(high):
            parts.append(_line(across(low), y, across(high), y, f"interval {style}"))
        if math.isfinite(value):
            told = f"{value:+.3f} ({low:+.3f} to {high:+.3f}): {verdict}"
            parts.append(dot(across(value), y, 5, style, told))
    for tick in (-reach, 0.0, reach):
        anchor = "start" if tick < 0 else "end" if tick > 0 else "middle"
        parts.append(
            _text(
                across(tick), height - 10, f"{tick:+.2f}".replace("-", "−") if tick else "0", anchor
            )
        )
    return _svg(parts)


def dot(x: float, y: float, radius: float, style: str, told: str) -> str:
    """A dot that says what it is when it is pointed at."""
    title = f"<title>{Markup.escape(told)}</title>"
    return f'<circle class="dot {style}" cx="{x}" cy="{y}" r="{radius}">{title}</circle>'


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line class="{style}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def _text(x: float, y: float, words: str, style: str, more: str = "") -> str:
    return f'<text class="{style}" x="{x}" y="{y}"{more}>{Markup.escape(words)}</text>'


def _svg(parts: Iterable[str]) -> Markup:
    return Markup(f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{"".join(parts)}</svg>')
