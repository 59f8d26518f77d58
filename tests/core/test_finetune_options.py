# SPDX-License-Identifier: GPL-3.0-or-later
"""Fine-tuning's options, page and command line say the same."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from waterseg_core.cli.main import COMMANDS, waterseg
from waterseg_core.cli.table import with_table
from waterseg_core.errors import OptionError
from waterseg_core.finetuning.loop import rate_share
from waterseg_core.optionfield import specs
from waterseg_core.options import SegmentOptions
from waterseg_core.options_finetune import FinetuneOptions

PAGE = (Path(__file__).parents[2] / "docs/FINETUNING.md").read_text()


def test_the_page_has_the_options() -> None:
    assert with_table(PAGE) == PAGE, "python -m waterseg_core.cli.table docs/FINETUNING.md"


def test_the_commands_on_the_page_exist() -> None:
    flags = {spec.flag for verb in (SegmentOptions, FinetuneOptions) for spec in specs(verb)}
    flags |= {"-o", "--resume", "--dry-run"}
    lines = re.findall(r"^    (waterseg [^#\n]*)", PAGE, re.MULTILINE)
    assert len(lines) >= 5
    for line in lines:
        _, command, *words = shlex.split(line)
        assert command in COMMANDS
        assert {word for word in words if word.startswith("-")} <= flags


def test_the_help_lists_every_option() -> None:
    shown = CliRunner().invoke(waterseg, ["finetune", "--help"]).output
    assert all(spec.flag in shown for spec in specs(FinetuneOptions))


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"method": "magic"}, "--method magic: must be one of auto, full"),
        ({"epochs": 0.0}, "--epochs 0.0: must be above 0"),
        ({"rank": 0}, "--rank 0: must be 1 to 1024"),
        ({"smoothing": 1.0}, "--smoothing 1.0: must be 0 to 0.9"),
    ],
)
def test_what_makes_no_sense_is_refused(wish: dict[str, object], told: str) -> None:
    with pytest.raises(OptionError, match=re.escape(told)):
        FinetuneOptions(**wish)  # type: ignore[arg-type]


@given(st.integers(1, 3000), st.floats(0, 0.5))
def test_the_rate_rises_slowly_and_falls_to_the_end(steps: int, warmup: float) -> None:
    shares = [rate_share(step, steps, warmup) for step in range(steps)]
    top = shares.index(max(shares))
    assert all(0 < share <= 1 for share in shares)
    assert shares[: top + 1] == sorted(shares[: top + 1])
    assert shares[top:] == sorted(shares[top:], reverse=True)
    assert shares[0] <= max(1 / 20, 1 / max(1, steps // 2))
