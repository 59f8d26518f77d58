# SPDX-License-Identifier: GPL-3.0-or-later
"""The pieces under trainings from outside: a file sent in parts, a curve that survives kills."""

from __future__ import annotations

import hashlib
import json
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterseg_core.errors import OptionError
from waterseg_core.studies.journal import Journal
from waterseg_core.studies.parts import Parts


@given(blob=st.binary(min_size=1, max_size=200), part=st.integers(1, 60), seed=st.integers())
def test_parts_in_any_order_are_the_file(blob: bytes, part: int, seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        parts = Parts(Path(folder) / "parts", len(blob), part)
        numbers = parts.wanted()
        random.Random(seed).shuffle(numbers)
        for number in numbers:
            assert number in parts.wanted()
            parts.put(number, blob[number * part : (number + 1) * part])
        assert parts.wanted() == []
        assert parts.sha256() == hashlib.sha256(blob).hexdigest()
        chance = random.Random(seed)
        with parts.open() as file:
            for _ in range(5):
                start, count = chance.randrange(len(blob) + 9), chance.randrange(len(blob) + 9)
                file.seek(start)
                assert file.read(count) == blob[start : start + count]


def test_a_part_of_another_length_is_not_kept(tmp_path: Path) -> None:
    parts = Parts(tmp_path / "parts", 10, 4)
    for number, size in ((0, 3), (2, 4), (3, 1), (-1, 4)):
        with pytest.raises(OptionError):
            parts.put(number, bytes(size))
    assert parts.wanted() == [0, 1, 2]


def point(seed: int, step: int) -> dict[str, dict[str, float]]:
    return {"point": {"seed": seed, "step": step, "loss": 1 / step, "rate": 0.1}}


def look(step: int, score: float = 0.5) -> dict[str, dict[str, float]]:
    return {"look": {"seed": 0, "step": step, "score": score}}


def test_a_curve_is_only_ever_added_to_and_tells_repeated_steps_once(tmp_path: Path) -> None:
    path = tmp_path / "curve.jsonl"
    first = Journal(path, writes=True)
    for entry in (look(0), point(0, 1), point(0, 2), look(2), point(0, 3)):
        assert first.add(entry)
    again = Journal(path, writes=True)
    for entry in (look(0), point(0, 2), look(2), point(0, 3)):
        assert not again.add(entry)
    for entry in (point(0, 4), point(1, 1), look(2, 0.6)):
        assert again.add(entry)
    read = Journal(path)
    places = [(one["seed"], one["step"]) for one in read.points]
    assert places == [(0, 1), (0, 2), (0, 3), (0, 4), (1, 1)]
    assert [one["score"] for one in read.looks] == [0.6]
    assert read.before == look(0)["look"]


def test_a_line_that_a_kill_cut_short_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "curve.jsonl"
    path.write_text(json.dumps(point(0, 1)) + "\n" + json.dumps(point(0, 2))[:20])
    journal = Journal(path, writes=True)
    assert len(journal.points) == 1
    journal.add(point(0, 2))
    assert [one["step"] for one in Journal(path).points] == [1, 2]
