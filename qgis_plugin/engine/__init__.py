# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine: the Python process that runs the model, found or made, started, watched, stopped."""

from .engine import Engine, the_engine

__all__ = ["Engine", "the_engine"]
