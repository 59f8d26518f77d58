# SPDX-License-Identifier: GPL-3.0-or-later
"""How long something takes, in the words that people use."""

from ..words import tr


def in_words(seconds):
    """`seconds` rounded to what matters: "12 s", "4 min", "2 h 10 min"."""
    seconds = max(round(seconds), 1)
    if seconds < 90:
        return tr("{seconds} s").format(seconds=seconds)
    minutes = round(seconds / 60)
    if minutes < 90:
        return tr("{minutes} min").format(minutes=minutes)
    hours, minutes = divmod(round(minutes / 10) * 10, 60)
    if hours >= 48:
        return tr("{days} days").format(days=round(hours / 24))
    if not minutes:
        return tr("{hours} h").format(hours=hours)
    return tr("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
