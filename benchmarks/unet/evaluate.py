# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores a U-Net beside a PaliGemma, image by image, as `waterseg evaluate` does.

    python benchmarks/unet/evaluate.py IMAGES unet.pt --report unet.html
    python benchmarks/unet/evaluate.py IMAGES unet.pt --protocol 256 --json unet256.json

IMAGES is the folder with images/ and masks/; the images are those of the validation part that the
bundled model was not trained with either. Everything but the two models is the same: pipeline,
truth, metrics and draws of the bootstrap.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from unet import UNetSegmenter

from waterseg_core import load_segmenter
from waterseg_core.evaluation.run import Progress, evaluate
from waterseg_core.evaluation.sets import source_of
from waterseg_core.evaluation.words import summary
from waterseg_core.options_evaluate import PROTOCOLS, EvaluateOptions

NAMES = Path(__file__).parents[2] / "training" / "nano" / "val_names.txt"


def show(progress: Progress) -> None:
    if progress.done % 20 == 0:
        print(progress, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("unet", type=Path, help="what train.py wrote")
    parser.add_argument("--model", default="nano", help="the PaliGemma to compare with")
    parser.add_argument("--names", type=Path, default=NAMES)
    parser.add_argument("--protocol", choices=PROTOCOLS, default="native")
    parser.add_argument("--count-frames", action="store_true")
    parser.add_argument("--tile", type=int, default=512, help="side of the U-Net's tiles")
    parser.add_argument("--report", type=Path)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    options = EvaluateOptions(
        images=str(args.images / "images"),
        masks=str(args.images / "masks"),
        names=str(args.names),
        protocol=args.protocol,
        count_frames=args.count_frames,
        tokens=False,
        report=None if args.report is None else str(args.report),
    )
    rival, model = UNetSegmenter(args.unet, args.tile), load_segmenter(args.model)
    print(rival.told, file=sys.stderr, flush=True)
    source = source_of(None, options)
    title = f"{args.images.name}, {args.names.name}"
    found = evaluate(source, model, rival, options, title=title, progress=show)
    print(summary(found))
    if args.json is not None:
        args.json.write_text(json.dumps(found.to_dict(), indent=2) + "\n")


if __name__ == "__main__":
    main()
