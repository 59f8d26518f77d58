# SPDX-License-Identifier: GPL-3.0-or-later
"""Where waterseg keeps files of its own: one cache folder per user, movable by WATERSEG_CACHE."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

#: The environment variable that moves the cache folder.
CACHE_VARIABLE = "WATERSEG_CACHE"


def cache_folder() -> Path:
    """The folder for downloads and unfinished jobs; it may not exist yet."""
    moved = os.environ.get(CACHE_VARIABLE)
    return Path(moved) if moved else Path(platformdirs.user_cache_dir("waterseg", appauthor=False))


def work_folder() -> Path:
    """The folder of unfinished jobs, one folder per job inside."""
    return cache_folder() / "jobs"


def server_folder() -> Path:
    """The folder of the jobs of `waterseg serve`, one folder per job inside."""
    return cache_folder() / "server"
