# SPDX-License-Identifier: GPL-3.0-or-later
"""164 images teach the bundled model: what becomes better, and what do its answers look like?

    python benchmarks/finetune_seed.py IMAGES MASKS --names training/nano/val_names.txt

The experiment that this project comes from trained a PaliGemma on 164 images of this data and
tested it on 21: 14 answers were empty, 2 of the others had 17 segment tokens. Here the bundled
model learns from 164 images with the options that `waterseg finetune` has by itself; it holds out
a tenth of them to look at. It has seen all images of the data but the named ones, so all that
is learned from and tested on is drawn from these, whole images as they are: groups of
near-duplicates in a random order until there are 164, the rest is the split `test`.

On that, the model before and the new one go through `waterseg evaluate`. Then both say every image
in tokens, greedily over their whole vocabulary: how many answers are empty, malformed or say a
thing twice, how many different segment tokens there are in all of them, and how many answers do
not decode under the grammar.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
from finetune_fewshot import Picture, pictures

from waterseg_core import evaluate
from waterseg_core.dataset.answer import answer_of
from waterseg_core.dataset.folder import About, Chip, DatasetFolder, write_index, write_picture
from waterseg_core.errors import GrammarError
from waterseg_core.evaluation.speech import SPOKEN, judged
from waterseg_core.finetuning import Progress, finetune
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.options_evaluate import EvaluateOptions
from waterseg_core.options_finetune import FinetuneOptions
from waterseg_core.paligemma.free import say
from waterseg_core.paligemma.runtime import PaliGemmaSegmenter
from waterseg_core.segmenter import Segmenter, load_segmenter
from waterseg_core.tokens import parse_text

AT_ONCE = 8


def taught(some: list[Picture], wanted: int, seed: int) -> set[str]:
    """The groups to learn from: in a random order, those that still fit."""
    sizes: dict[str, int] = {}
    for one in some:
        sizes[one.group] = sizes.get(one.group, 0) + 1
    names, chosen, left = sorted(sizes), set(), wanted
    for place in np.random.default_rng(seed).permutation(len(names)):
        if sizes[names[place]] <= left:
            chosen.add(names[place])
            left -= sizes[names[place]]
    return chosen


def write_set(folder: Path, some: list[Picture], groups: set[str]) -> Path:
    """Whole images: of these groups the split `train`, of all others `test`."""
    codec, chips = MaskCodec.load(), []
    for part in ("train", "test", "masks"):
        (folder / part).mkdir(parents=True)
    for one in some:
        split, name = "train" if one.group in groups else "test", Path(one.name).stem
        write_picture(folder / split / f"{name}.png", one.rgb)
        write_picture(folder / "masks" / f"{name}.png", one.classes)
        suffix = answer_of(one.classes, ("water",), codec).suffix
        chips.append(Chip(name, split, suffix, group=one.group))
    write_index(folder, About("segment water", ("water",), "nano", codec.sha256, {}), chips)
    return folder


def spoken(segmenter: Segmenter, data: DatasetFolder, chips: Sequence[Chip]) -> dict[str, object]:
    """What a model says of the chips without the grammar, and whether it decodes under it."""
    told, codes, undecodable = dict.fromkeys(SPOKEN, 0), set[str](), 0
    for start in range(0, len(chips), AT_ONCE):
        images = [np.array(data.image(chip)) for chip in chips[start : start + AT_ONCE]]
        for one in say(cast(PaliGemmaSegmenter, segmenter), images):
            for what, number in judged(one.free, one.ended).items():
                told[what] += number
            codes |= set(re.findall(r"<seg\d+>", one.free))
            try:
                parse_text(one.bound)
            except GrammarError:
                undecodable += 1
    return told | {"segment_tokens": len(codes), "undecodable_under_grammar": undecodable}


def main() -> None:
    """Write the set, train each answer on it, compare; one JSON object per answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("masks", type=Path)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--answers", nargs="+", default=["dense"])
    parser.add_argument("--count", type=int, default=164)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, help="per answer, instead of the usual epochs")
    parser.add_argument("-o", "--out", type=Path, help="keep the set and the models here")
    args = parser.parse_args()
    root = args.out or Path(tempfile.mkdtemp(prefix="seed-"))
    place = root / "set"
    if not place.exists():
        some = pictures(args.images, args.masks, args.names.read_text().split())
        write_set(place, some, taught(some, args.count, args.seed))
    data = DatasetFolder(place)
    test = [chip for chip in data.chips if chip.split == "test"]
    print(json.dumps({"taught": len(data.chips) - len(test), "test": len(test)}), flush=True)
    for answer in args.answers:

        def show(done: Progress) -> None:
            if done.look:
                print(
                    f"  {done.step}/{done.steps} {done.look.iou:.3f} {done.look.pooled:.3f}",
                    flush=True,
                )

        options = FinetuneOptions(answer=answer, seed=args.seed, minutes=args.minutes)
        began = (root / answer / "state" / "state.pt").is_file()
        outcome = finetune(options, place, root / answer, resume=began, progress=show)
        new, old = load_segmenter(str(root / answer)), load_segmenter("nano", answer=answer)
        judge = EvaluateOptions(tokens=False)
        found = evaluate(place, new, old, judge, work_dir=root / "work")
        print(
            json.dumps(
                {
                    "answer": answer,
                    "minutes": round(outcome.seconds / 60, 1),
                    "command": outcome.verdict,
                    "evaluate": found.comparison.sentence if found.comparison else "",
                    "spoken": {
                        name: spoken(one, data, test) for name, one in (("old", old), ("new", new))
                    },
                }
            ),
            flush=True,
        )


if __name__ == "__main__":
    main()
