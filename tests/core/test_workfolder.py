# SPDX-License-Identifier: GPL-3.0-or-later
"""A job's folder keeps finished strips, and only those, through any interruption."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from waterseg_core.errors import OutputError
from waterseg_core.workfolder import KEPT_DAYS, WorkFolder

JOB = {"scene": "a.tif", "options": {"tile": 64}}


def fill(folder: WorkFolder, strips: int) -> None:
    for index in range(strips):
        folder.blob(index, "parts").write_bytes(b"p%d" % index)
        folder.blob(index, "more").write_bytes(b"")
        folder.finish(index, ["parts", "more"], carry=b"c%d" % index)


def test_a_released_job_goes_on_where_it_stopped(tmp_path: Path) -> None:
    folder = WorkFolder.claim(tmp_path, "a.tif", JOB)
    assert folder.finished == 0
    fill(folder, 3)
    folder.note("batch", "8")
    folder.release()

    again = WorkFolder.claim(tmp_path, "a.tif", JOB)
    assert (again.path, again.finished, again.carry()) == (folder.path, 3, b"c2")
    assert [again.blob(index, "parts").read_bytes() for index in range(3)] == [b"p0", b"p1", b"p2"]
    assert again.noted("batch") == "8"
    again.release()


def test_another_job_has_another_folder(tmp_path: Path) -> None:
    one = WorkFolder.claim(tmp_path, "a.tif", JOB)
    other = WorkFolder.claim(tmp_path, "a.tif", {**JOB, "options": {"tile": 65}})
    assert one.path != other.path
    one.remove()
    other.remove()


def test_no_resume_starts_anew(tmp_path: Path) -> None:
    folder = WorkFolder.claim(tmp_path, "a.tif", JOB)
    fill(folder, 2)
    folder.release()
    again = WorkFolder.claim(tmp_path, "a.tif", JOB, resume=False)
    assert again.finished == 0
    again.release()


def test_a_strip_without_its_marker_or_a_blob_does_not_count(tmp_path: Path) -> None:
    folder = WorkFolder.claim(tmp_path, "a.tif", JOB)
    fill(folder, 3)
    (folder.path / "000002.json").unlink()
    (folder.path / "000001.carry").write_bytes(b"c1")
    folder.release()
    again = WorkFolder.claim(tmp_path, "a.tif", JOB)
    assert again.finished == 2
    (again.path / "000000.parts").write_bytes(b"longer than it was")
    again.release()
    last = WorkFolder.claim(tmp_path, "a.tif", JOB)
    assert last.finished == 0
    last.release()


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    folder = WorkFolder.claim(tmp_path, "a.tif", JOB)
    with pytest.raises(OutputError, match="Another run"):
        WorkFolder.claim(tmp_path, "a.tif", JOB)
    folder.release()


def test_the_lock_of_a_dead_process_does_not_count(tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from waterseg_core.workfolder import WorkFolder\n"
        f"folder = WorkFolder.claim(Path({str(tmp_path)!r}), 'a.tif', {JOB!r})\n"
        "folder.blob(0, 'parts').write_bytes(b'p')\n"
        "folder.finish(0, ['parts'], carry=b'c')\n"
        "folder.blob(1, 'parts').write_bytes(b'half')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    died = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2])
    assert died.returncode == -9
    folder = WorkFolder.claim(tmp_path, "a.tif", JOB)
    assert folder.finished == 1
    folder.release()


def test_a_finished_job_leaves_nothing(tmp_path: Path) -> None:
    folder = WorkFolder.claim(tmp_path, "a.tif", JOB)
    fill(folder, 1)
    folder.remove()
    assert list(tmp_path.iterdir()) == []


def test_old_jobs_are_removed_and_held_ones_are_not(tmp_path: Path) -> None:
    old = WorkFolder.claim(tmp_path, "old", {"job": 1})
    held = WorkFolder.claim(tmp_path, "held", {"job": 2})
    fill(old, 1)
    old.release()
    long_ago = time.time() - (KEPT_DAYS + 1) * 86400
    os.utime(old.path, (long_ago, long_ago))
    os.utime(held.path, (long_ago, long_ago))
    WorkFolder.claim(tmp_path, "new", {"job": 3}).release()
    assert not old.path.exists()
    assert held.path.exists()
    held.release()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(OutputError, match="WATERSEG_CACHE"):
        WorkFolder.claim(blocked, "a.tif", JOB)


def test_names_that_are_no_file_names_are_made_so(tmp_path: Path) -> None:
    folder = WorkFolder.claim(tmp_path, "s3://bucket/../a b.tif", JOB)
    assert folder.path.parent == tmp_path
    folder.remove()
