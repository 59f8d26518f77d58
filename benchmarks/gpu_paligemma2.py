# SPDX-License-Identifier: GPL-3.0-or-later
"""PaliGemma 2 3B on a GPU: tiles per second of our loop, of `generate`, and what arithmetic allows.

    python benchmarks/gpu_paligemma2.py --sizes 224 448 --batches 16 64 128 --graphs

The model is randomly initialised in bf16: speed does not ask what the weights say. Every tile is
answered with one instance (four locations, sixteen codes); `generate` says 20 tokens. The limit
is the time of the multiplications at the device's dense bf16 peak for vision tower and prefill,
and per decoding step that or the time to read weights and cache once, whichever is longer.
Without a CUDA device a tiny configuration runs, to show that the script does.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from transformers import PaliGemmaConfig, PaliGemmaForConditionalGeneration

from waterseg_core.paligemma import objects
from waterseg_core.paligemma.engine import Engine
from waterseg_core.paligemma.graphs import Graphs
from waterseg_core.paligemma.load import quiet
from waterseg_core.vocabulary import Vocabulary

TOKENS = 20
#: Dense bf16 peak in TFLOP/s and memory bandwidth in TB/s, from the data sheets.
PEAKS = {"H200": (989.0, 4.8), "H100": (989.0, 3.35), "A100": (312.0, 2.0), "L40S": (362.0, 0.86)}

#: Google's ids; those of words are arbitrary, as the weights are.
GOOGLE = Vocabulary(
    locations=tuple(range(256_000, 257_024)),
    segments=tuple(range(257_024, 257_152)),
    pad=0,
    eos=1,
    bos=2,
    image=257_152,
    newline=(108,),
    separator=(2161, 235_248),
    labels={"water": (2003,)},
)
PREFIX = (GOOGLE.bos, 9766, 2003, *GOOGLE.newline)


def config(size: int, tiny: bool) -> PaliGemmaConfig:
    """PaliGemma 2 3B for images of `size` pixels; `tiny` keeps the vocabulary and little else."""
    vision: dict[str, Any] = {
        "model_type": "siglip_vision_model",
        "hidden_size": 64 if tiny else 1152,
        "intermediate_size": 128 if tiny else 4304,
        "num_hidden_layers": 2 if tiny else 27,
        "num_attention_heads": 4 if tiny else 16,
        "image_size": size,
        "patch_size": 14,
        "vision_use_head": False,
    }
    hidden = 64 if tiny else 2304
    text: dict[str, Any] = {
        "model_type": "gemma2",
        "hidden_size": hidden,
        "intermediate_size": 128 if tiny else 9216,
        "num_hidden_layers": 2 if tiny else 26,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 16 if tiny else 256,
        "query_pre_attn_scalar": 256,
        "attn_logit_softcapping": 50.0,
        "final_logit_softcapping": None,
        "sliding_window": 4096,
        "vocab_size": 257_216,
        "max_position_embeddings": 8192,
    }
    return PaliGemmaConfig(
        vision_config=vision,
        text_config=text,
        projection_dim=hidden,
        hidden_size=hidden,
        image_token_index=GOOGLE.image,
        pad_token_id=GOOGLE.pad,
        eos_token_id=GOOGLE.eos,
        bos_token_id=GOOGLE.bos,
    )


@dataclass(frozen=True)
class Limit:
    """What arithmetic and memory allow, from the sizes of a model.

    `tower`, `body` and `table` are parameters of the vision tower, of the language model's layers
    and of its embedding; `slot` is the cache of one token in bytes.
    """

    tower: int
    body: int
    table: int
    slot: int
    attention_tower: float
    attention_body: float
    image_tokens: int

    @classmethod
    def of(cls, model: Any) -> Limit:
        """Count the parameters of a model."""
        vision, text = model.config.vision_config, model.config.text_config
        tokens = (vision.image_size // vision.patch_size) ** 2
        language = model.model.language_model
        table = language.embed_tokens.weight.numel()
        wide = text.num_attention_heads * text.head_dim
        return cls(
            tower=sum(w.numel() for w in model.model.vision_tower.parameters()),
            body=sum(w.numel() for w in language.parameters()) - table,
            table=table,
            slot=2 * 2 * text.num_hidden_layers * text.num_key_value_heads * text.head_dim,
            attention_tower=4.0 * vision.num_hidden_layers * tokens**2 * vision.hidden_size,
            attention_body=4.0 * text.num_hidden_layers * (tokens + len(PREFIX)) ** 2 * wide,
            image_tokens=tokens,
        )

    def reading(self) -> float:
        """FLOP of vision tower and prefill for one tile."""
        tower = 2.0 * self.tower * self.image_tokens + self.attention_tower
        return tower + 2.0 * self.body * (self.image_tokens + len(PREFIX)) + self.attention_body

    def tiles_per_second(self, batch: int, tflops: float, tbps: float) -> float:
        """With every multiplication at the peak and every byte of a step read once."""
        seconds = self.reading() * batch / (tflops * 1e12)
        slots = self.image_tokens + len(PREFIX) + TOKENS / 2
        step_bytes = 2.0 * (self.body + self.table) + batch * slots * self.slot
        step_flop = 2.0 * (self.body + self.table) * batch
        seconds += TOKENS * max(step_bytes / (tbps * 1e12), step_flop / (tflops * 1e12))
        return batch / seconds


class Contest:
    """One model at one image size."""

    def __init__(self, size: int, device: torch.device, tiny: bool) -> None:
        torch.manual_seed(0)
        with device:
            torch.set_default_dtype(torch.float32 if tiny else torch.bfloat16)
            self.model: Any = PaliGemmaForConditionalGeneration(config(size, tiny))
            torch.set_default_dtype(torch.float32)
        self.model = self.model.eval().requires_grad_(False)
        self.engine, self.limit = Engine(self.model), Limit.of(self.model)
        self.words = self.engine.words(GOOGLE)
        self.size, self.device = size, device

    def pixels(self, batch: int) -> torch.Tensor:
        """Noise, as the vision tower wants it."""
        shape = (batch, 3, self.size, self.size)
        return torch.rand(shape, device=self.device, dtype=self.engine.dtype) * 2 - 1

    def ours(self, pixels: torch.Tensor) -> None:
        """Vision tower, prefill and our loop."""
        features = self.engine.features(pixels)
        prefixes, room = [PREFIX] * len(pixels), objects.room_for(self.words, 1)
        read = self.engine.prefill(features, prefixes, room)
        objects.answer(self.engine, read, self.words, 1)

    def reading(self, pixels: torch.Tensor) -> None:
        """Vision tower and prefill alone."""
        self.engine.prefill(self.engine.features(pixels), [PREFIX] * len(pixels))

    def generate(self, pixels: torch.Tensor) -> None:
        """The same with `generate`."""
        row = [GOOGLE.image] * self.engine.image_tokens + list(PREFIX)
        ids = torch.tensor([row] * len(pixels), device=self.device)
        self.model.generate(
            input_ids=ids,
            pixel_values=pixels,
            attention_mask=torch.ones_like(ids),
            token_type_ids=torch.zeros_like(ids),
            do_sample=False,
            min_new_tokens=TOKENS,
            max_new_tokens=TOKENS,
        )


def tiles_per_second(run: Callable[[], None], batch: int, device: torch.device, n: int) -> str:
    """The median of `n` timed runs, as text; `-` where the memory does not hold the batch."""
    try:
        run()
        times = []
        for _ in range(n):
            _wait(device)
            begun = time.perf_counter()
            run()
            _wait(device)
            times.append(time.perf_counter() - begun)
    except torch.OutOfMemoryError:
        torch.cuda.empty_cache()
        return "-"
    return f"{batch / sorted(times)[n // 2]:.1f}"


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def row(contest: Contest, batch: int, options: argparse.Namespace) -> list[str]:
    pixels, engine = contest.pixels(batch), contest.engine
    device, n = contest.device, options.repeats
    cells = [str(contest.size), str(batch)]
    cells.append(tiles_per_second(lambda: contest.reading(pixels), batch, device, n))
    engine.graphs = None
    cells.append(tiles_per_second(lambda: contest.ours(pixels), batch, device, n))
    if options.graphs:
        engine.graphs = Graphs(engine.gemma, capture=device.type == "cuda")
        cells.append(tiles_per_second(lambda: contest.ours(pixels), batch, device, n))
        engine.graphs = None
    cells.append(tiles_per_second(lambda: contest.generate(pixels), batch, device, n))
    known = options.peak_tflops and options.bandwidth_tbps
    limit = contest.limit.tiles_per_second
    cells.append(
        f"{limit(batch, options.peak_tflops, options.bandwidth_tbps):.0f}" if known else "-"
    )
    return cells


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[224, 448])
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 16, 64, 128])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--graphs", action="store_true", help="also decode with CUDA graphs")
    parser.add_argument("--peak-tflops", type=float, help="dense bf16 peak of the device")
    parser.add_argument("--bandwidth-tbps", type=float, help="memory bandwidth of the device")
    options = parser.parse_args()
    cuda = torch.cuda.is_available()
    device = torch.device("cuda" if cuda else "cpu")
    name = torch.cuda.get_device_name() if cuda else "no CUDA device: a tiny model on the CPU"
    for kind, (tflops, tbps) in PEAKS.items():
        if kind in name:
            options.peak_tflops = options.peak_tflops or tflops
            options.bandwidth_tbps = options.bandwidth_tbps or tbps
    print(f"torch {torch.__version__}, {name}")
    heads = ["px", "batch", "prefill", "ours", *(["graphs"] if options.graphs else [])]
    print("tiles per second")
    print("".join(f"{head:>10}" for head in [*heads, "generate", "limit"]))
    with torch.inference_mode(), quiet():
        for size in options.sizes:
            contest = Contest(size, device, tiny=not cuda)
            for batch in options.batches if cuda else [1, 2]:
                cells = row(contest, batch, options)
                print("".join(f"{cell:>10}" for cell in cells), flush=True)
            del contest


if __name__ == "__main__":
    main()
