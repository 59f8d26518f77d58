# SPDX-License-Identifier: GPL-3.0-or-later
"""PaliGemma 2 3B on a GPU: memory and samples per second of every method and answer.

    python benchmarks/finetune_gpu.py --methods full lora qlora frozen-tower --answers objects dense

The model is randomly initialised: what it costs to train does not ask what the weights say. Each
row is a whole run of `finetune`, with its estimate, steps, a look through the real segmenter and
the files; the first three steps do not count as speed. Without a CUDA device a tiny configuration
runs, to show that the script does.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gpu_paligemma2 import config
from transformers import AutoTokenizer, PaliGemmaForConditionalGeneration

from waterseg_core.dataset.answer import answer_of
from waterseg_core.dataset.folder import About, Chip, write_index, write_picture
from waterseg_core.errors import WatersegError
from waterseg_core.finetuning import Progress, finetune
from waterseg_core.finetuning.estimate import Estimate
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.options_finetune import FinetuneOptions
from waterseg_core.paligemma.hub import BUNDLED, NANO

CHIPS, VAL, WARM = 64, 8, 3


def write_base(folder: Path, size: int, tiny: bool, device: str) -> Path:
    """A random checkpoint with the bundled model's tokenizer and codec."""
    nano = BUNDLED / NANO
    folder.mkdir(parents=True)
    for name in ("tokenizer.json", "tokenizer_config.json", "codec.safetensors"):
        shutil.copyfile(nano / name, folder / name)
    settings = json.loads((nano / "preprocessor_config.json").read_text())
    settings["size"] = {"height": size, "width": size}
    (folder / "preprocessor_config.json").write_text(json.dumps(settings))
    says = {"answer": "objects", "answers": ["objects", "grid"], "codec": "codec.safetensors"}
    (folder / "waterseg.json").write_text(json.dumps(says))
    shape = config(size, tiny)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    shape.image_token_id = tokenizer.convert_tokens_to_ids("<image>")
    torch.set_default_dtype(torch.bfloat16)
    with torch.device(device):
        model = PaliGemmaForConditionalGeneration(shape)
    torch.set_default_dtype(torch.float32)
    model.save_pretrained(folder)
    return folder


def write_set(folder: Path, side: int) -> Path:
    """Chips of noise with dark discs."""
    codec, chips = MaskCodec.load(), []
    rng = np.random.default_rng(0)
    rows, cols = np.mgrid[:side, :side]
    (folder / "masks").mkdir(parents=True)
    for number in range(CHIPS + VAL):
        split = "train" if number < CHIPS else "val"
        (folder / split).mkdir(exist_ok=True)
        centre = rng.uniform(0.3, 0.7, 2) * side
        wet = np.hypot(rows - centre[0], cols - centre[1]) < rng.uniform(0.1, 0.3) * side
        land = rng.integers(90, 200, (side, side, 3))
        write_picture(
            folder / split / f"{number}.png", np.where(wet[..., None], 20, land).astype(np.uint8)
        )
        write_picture(folder / "masks" / f"{number}.png", wet.astype(np.uint8))
        suffix = answer_of(wet.astype(np.uint8), ("water",), codec).suffix
        chips.append(Chip(str(number), split, suffix))
    write_index(folder, About("segment water", ("water",), "nano", codec.sha256, {}), chips)
    return folder


def measured(base: Path, data: Path, out: Path, options: FinetuneOptions) -> dict[str, Any]:
    """One run: what was estimated, what it took."""
    cuda = torch.cuda.is_available()
    if cuda:
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    times: list[float] = []
    peaks: list[int] = []
    plans: list[Estimate] = []

    def watch(done: Progress) -> None:
        if done.stage == "train":
            times.append(time.monotonic())
            peaks.append(torch.cuda.max_memory_allocated() if cuda else 0)

    def ask(plan: Estimate) -> bool:
        plans.append(plan)
        return True

    began = time.monotonic()
    finetune(options, data, out, progress=watch, ask=ask)
    batch = options.batch or 1
    speed = batch * (len(times) - 1 - WARM) / (times[-1] - times[WARM])
    return {
        "method": options.method,
        "answer": options.answer,
        "samples_per_s": round(speed, 2),
        "at_once": plans[0].part,
        "learned_million": round(plans[0].learned / 1e6, 1),
        "estimated_gb": round(plans[0].memory / 1e9, 1),
        "peak_training_gb": round(peaks[-1] / 1e9, 1),
        "model_mb": round(sum(p.stat().st_size for p in out.iterdir() if p.is_file()) / 1e6),
        "whole_run_s": round(time.monotonic() - began, 1),
    }


def main() -> None:
    """One line of JSON per run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=224, help="224, 448 or 896")
    parser.add_argument("--methods", nargs="+", default=["full", "frozen-tower", "lora", "qlora"])
    parser.add_argument("--answers", nargs="+", default=["objects", "dense"])
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--out", type=Path, help="work here instead of a temporary folder")
    args = parser.parse_args()
    cuda = torch.cuda.is_available()
    root = args.out or Path(tempfile.mkdtemp(prefix="finetune-gpu-"))
    base = write_base(root / "base", args.size, not cuda, "cuda" if cuda else "cpu")
    data = write_set(root / "set", args.size)
    print(json.dumps({"device": torch.cuda.get_device_name() if cuda else "cpu, tiny"}), flush=True)
    for method in args.methods:
        for answer in args.answers:
            out = root / f"{method}-{answer}"
            options = FinetuneOptions(
                model=str(base),
                method=method,
                answer=answer,
                batch=args.batch,
                epochs=args.steps * args.batch / CHIPS,
                looks=1,
                val_chips=VAL,
            )
            try:
                print(json.dumps(measured(base, data, out, options)), flush=True)
            except WatersegError as error:
                print(json.dumps({"method": method, "answer": answer, "error": str(error)}))
            shutil.rmtree(out, ignore_errors=True)


if __name__ == "__main__":
    main()
