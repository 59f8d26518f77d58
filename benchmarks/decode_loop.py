# SPDX-License-Identifier: GPL-3.0-or-later
"""Tiles per second of our decoding loop beside `model.generate`, on the same checkpoint.

    python benchmarks/decode_loop.py --model nano --batch 8 --threads 2

Both get the same pixels and the same prompt and say equally many tokens: ours decodes first,
then `generate` is told to say as many tokens as the longest of our answers in the batch. Vision
tower, prefill and decoding are timed; resizing and the mask codec are not (they are the same for
both). The runs of both alternate, and the best of each counts: other work on the machine only
ever adds time. `grid` says in 16 steps what a plain loop says one box after another.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from waterseg_core.paligemma import grid, objects
from waterseg_core.paligemma.engine import Engine, Words
from waterseg_core.paligemma.load import load_checkpoint, quiet
from waterseg_core.paligemma.prompt import Prompt
from waterseg_core.vocabulary import Vocabulary, format_ids


class Race:
    """One checkpoint and one batch of images, decoded by either side."""

    def __init__(self, name: str, batch: int, seed: int = 0) -> None:
        # A model each: our loop may change what it was given to read faster.
        loaded, rival = (
            load_checkpoint(name, None, None, torch.device("cpu"), torch.float32) for _ in range(2)
        )
        self.model: Any = rival.model
        self.engine = Engine(loaded.model)
        prompt = Prompt.parse("segment water")
        vocabulary = Vocabulary.of(loaded.tokenizer, prompt.labels)
        self.words: Words = self.engine.words(vocabulary)
        self.prefix = prompt.prefix_ids(loaded.tokenizer, vocabulary)
        rng = np.random.default_rng(seed)
        side = self.engine.image_size
        tiles = [rng.integers(0, 256, (side, side, 3), dtype=np.uint8) for _ in range(batch)]
        self.pixels = self.engine.pixels(tiles)
        self.batch = batch
        ids = [vocabulary.image] * self.engine.image_tokens + list(self.prefix)
        self.ids = torch.tensor([ids] * batch)

    def objects(self, most: int) -> int:
        """Our loop; the tokens of the longest answer."""
        room = objects.room_for(self.words, most)
        features = self.engine.features(self.pixels)
        read = self.engine.prefill(features, [self.prefix] * self.batch, room)
        found = objects.answer(self.engine, read, self.words, most)
        return max(len(format_ids(one.instances, self.words.vocabulary)) for one in found)

    def grid(self, cells: int) -> int:
        """Our loop over the boxes of a grid; the tokens of a plain answer with these boxes."""
        boxes = grid.grid_boxes(cells)
        features = self.engine.features(self.pixels)
        prefixes = [self.prefix] * self.batch
        read = self.engine.prefill(features, prefixes, grid.room_for(boxes))
        found = grid.answer(self.engine, read, self.words, boxes, "water")
        return max(len(format_ids(one.instances, self.words.vocabulary)) for one in found)

    def generate(self, tokens: int) -> None:
        """`model.generate`, greedy, exactly so many tokens."""
        self.model.generate(
            input_ids=self.ids,
            pixel_values=self.pixels,
            attention_mask=torch.ones_like(self.ids),
            token_type_ids=torch.zeros_like(self.ids),
            do_sample=False,
            min_new_tokens=tokens,
            max_new_tokens=tokens,
        )


def seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def compare(race: Race, ours: Callable[[], int], repeats: int) -> tuple[float, float, int]:
    """Best seconds of our loop and of `generate`, and the tokens both said."""
    tokens = ours()
    race.generate(tokens)
    pairs = [(seconds(ours), seconds(lambda: race.generate(tokens))) for _ in range(repeats)]
    mine, theirs = zip(*pairs, strict=True)
    return min(mine), min(theirs), tokens


def report(name: str, batches: list[int], repeats: int, cells: int) -> None:
    print(f"{'answer':<22}{'batch':>6}{'tokens':>8}{'ours':>12}{'generate':>12}{'ratio':>8}")
    for batch in batches:
        race = Race(name, batch)
        answers: dict[str, Callable[[], int]] = {
            "objects, 1 instance": lambda race=race: race.objects(1),
            "objects, up to 4": lambda race=race: race.objects(4),
            f"grid, {cells} x {cells} boxes": lambda race=race: race.grid(cells),
        }
        for answer, ours in answers.items():
            mine, theirs, tokens = compare(race, ours, repeats)
            print(
                f"{answer:<22}{batch:>6}{tokens:>8}{batch / mine:>8.1f} t/s"
                f"{batch / theirs:>8.1f} t/s{theirs / mine:>8.2f}",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="nano", help="nano, a folder or a hub name")
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--cells", type=int, default=4, help="cells along a side of the grid")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    print(f"torch {torch.__version__}, {arguments.threads} threads, fp32, {arguments.model}")
    with torch.inference_mode(), quiet():
        report(arguments.model, arguments.batch, arguments.repeats, arguments.cells)


if __name__ == "__main__":
    main()
