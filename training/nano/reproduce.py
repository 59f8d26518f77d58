# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundled model from the images, with one command: every stage in its order.

    python training/nano/reproduce.py IMAGES --hours 4
    python training/nano/reproduce.py IMAGES --hours 0.4 --device cuda --workers 14

IMAGES is a folder with `images/` and `masks/`. What a stage leaves in `--runs` is its mark: with
the same command again, finished stages are skipped and the one that was cut off begins anew. The
checkpoint is written to `--out`; `benchmarks/accuracy.py` measures it. A stage has a share of
the hours, so two runs do not give the same bits; the order of crops is the same.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Step:
    """One command: its script and words, what it leaves, and its share of the hours."""

    name: str
    words: tuple[str, ...]
    leaves: Path
    share: float = 0.0
    learns: bool = True


def steps(images: Path, runs: Path, out: Path) -> list[Step]:
    """All steps; shares are those that the bundled checkpoint was made with."""
    tokenizer, codec = runs / "tokenizer", runs / "codec.safetensors"
    words = ("--tokenizer", str(tokenizer))
    train = (str(HERE / "train.py"), str(images), "-o", str(runs), *words)
    tokens = (str(HERE / "train_tokens.py"), str(images), "-o", str(runs), *words)
    tokens = (*tokens, "--codec", str(codec))
    build = (str(HERE / "build_tokenizer.py"), str(tokenizer))
    stages = {name: runs / f"{name}.pt" for name in ("dense128", "dense256", "tokens256", "all256")}
    masks = (str(HERE / "train_codec.py"), str(images / "masks"), "--out", str(codec))

    def init(stage: str) -> tuple[str, str]:
        return "--init", str(stages[stage])

    return [
        Step("tokenizer", build, tokenizer / "tokenizer.json", learns=False),
        Step("codec", masks, codec, 0.08, learns=False),
        Step("dense128", (*train, "--stage", "dense128"), stages["dense128"], 0.15),
        Step(
            "dense256", (*train, "--stage", "dense256", *init("dense128")), stages["dense256"], 0.37
        ),
        Step("tokens256", (*tokens, *init("dense256")), stages["tokens256"], 0.12),
        Step("all256", (*tokens, "--joint", *init("tokens256")), stages["all256"], 0.28),
        Step(
            "export",
            (str(HERE / "export.py"), str(stages["all256"]), *words, "-o", str(out)),
            out / "waterseg.json",
            learns=False,
        ),
    ]


def run(step: Step, args: argparse.Namespace) -> None:
    """Run one step, unless it left its mark already; the mark is set when it has ended well."""
    mark = args.runs / f"{step.name}.done"
    if mark.is_file() and step.leaves.exists():
        print(f"{step.name}: there already", flush=True)
        return
    words = [sys.executable, *step.words]
    if step.share:
        words += ["--minutes", f"{60 * args.hours * step.share:.2f}"]
    if step.learns:
        words += ["--device", args.device, "--workers", str(args.workers)]
    print(f"{step.name}: {' '.join(words[1:])}", flush=True)
    subprocess.run(words, check=True)
    mark.touch()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("--hours", type=float, required=True, help="for all stages together")
    parser.add_argument("--runs", type=Path, default=Path("runs/nano"))
    parser.add_argument("-o", "--out", type=Path, default=Path("runs/nano/checkpoint"))
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--workers", type=int, default=1, help="processes that prepare crops")
    args = parser.parse_args()
    args.runs.mkdir(parents=True, exist_ok=True)
    args.out.mkdir(parents=True, exist_ok=True)
    for step in steps(args.images, args.runs, args.out):
        run(step, args)
    shutil.copy(args.runs / "codec.safetensors", args.out / "codec.safetensors")
    print(f"done: {args.out}")


if __name__ == "__main__":
    main()
