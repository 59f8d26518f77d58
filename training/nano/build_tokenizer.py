# SPDX-License-Identifier: GPL-3.0-or-later
"""The nano checkpoint's tokenizer: Gemma's scheme at a hundredth of its size.

The pieces are those of Gemma's tokenizer, so that plain `PaliGemmaProcessor.from_pretrained`
loads the folder: a byte-pair encoding over text whose spaces became "▁", bytes as fallback (any
text can be written), pad 0, eos 1, bos 2, unk 3, and behind the words, in Google's order,
`<loc0000>`..`<loc1023>`, `<seg000>`..`<seg127>` and the special token `<image>`. What is smaller is
the list of words: those of prompts and labels around water and land are one token each, all
others are spelled.

    python training/nano/build_tokenizer.py OUTDIR --image-size 256 --patch-size 16
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import GemmaTokenizer

SPECIAL_TOKENS = ("<pad>", "<eos>", "<bos>", "<unk>", "<mask>")
BYTE_TOKENS = tuple(f"<0x{value:02X}>" for value in range(256))
ALPHABET = ("▁", "\n", *(chr(code) for code in range(33, 127)))
LOCATION_TOKENS = tuple(f"<loc{index:04d}>" for index in range(1024))
SEGMENT_TOKENS = tuple(f"<seg{index:03d}>" for index in range(128))
IMAGE_TOKEN = "<image>"
MOST_TOKENS = 2048

#: Words that are one token, with a space before them and (prompts begin with a word) without.
WORDS = (
    "segment detect caption describe answer water waters lake lakes river rivers pond ponds "
    "reservoir reservoirs stream streams creek canal canals channel ditch sea ocean coast shore "
    "shoreline lagoon wetland wetlands marsh swamp bay harbour harbor estuary delta dam basin pool "
    "flood flooded island islands beach sand ice snow glacier cloud clouds shadow shadows land "
    "field fields crop crops forest forests tree trees grass soil rock bare road roads bridge "
    "building buildings city urban all classes and or of the in a an no not is"
).split()


def train_words() -> tuple[dict[str, int], list[Any]]:
    """The vocabulary (token -> id, special and byte tokens first) and the merges that reach it.

    No merge crosses a space, so a text is encoded the same as a whole and word by word.
    """
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split("▁", behavior="merged_with_next")
    trainer = trainers.BpeTrainer(
        vocab_size=MOST_TOKENS,
        min_frequency=1,
        show_progress=False,
        special_tokens=[*SPECIAL_TOKENS, *BYTE_TOKENS],
        initial_alphabet=list(ALPHABET),
    )
    corpus = [f" {word}" for word in WORDS] * 2 + list(WORDS) + [" ;"]
    tokenizer.train_from_iterator(corpus, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return dict(model["vocab"]), [tuple(pair) for pair in model["merges"]]


def build_tokenizer() -> Any:
    """A `GemmaTokenizer` with the words, the location and segment tokens and `<image>`."""
    vocabulary, merges = train_words()
    pad, eos, bos, unk, mask = SPECIAL_TOKENS
    tokenizer = GemmaTokenizer(
        vocab=vocabulary,
        merges=merges,
        pad_token=pad,
        eos_token=eos,
        bos_token=bos,
        unk_token=unk,
        mask_token=mask,
        add_bos_token=False,
    )
    plain = (*LOCATION_TOKENS, *SEGMENT_TOKENS)
    tokenizer.add_tokens([AddedToken(text, normalized=False, special=False) for text in plain])
    image = AddedToken(IMAGE_TOKEN, normalized=False, special=True)
    tokenizer.add_special_tokens({"additional_special_tokens": [image]})
    if len(tokenizer) > MOST_TOKENS:
        raise ValueError(f"The tokenizer has {len(tokenizer)} tokens; at most {MOST_TOKENS} fit.")
    return tokenizer


def image_processor_config(image_size: int, patch_size: int) -> dict[str, Any]:
    """What `preprocessor_config.json` says: squash to a square, bilinear, [-1, 1]."""
    return {
        "image_processor_type": "SiglipImageProcessor",
        "processor_class": "PaliGemmaProcessor",
        "image_seq_length": (image_size // patch_size) ** 2,
        "size": {"height": image_size, "width": image_size},
        "resample": 2,
        "do_convert_rgb": True,
        "do_resize": True,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
    }


def write_processor(folder: Path, image_size: int, patch_size: int) -> int:
    """Write the tokenizer and the image processor into `folder`; the number of tokens."""
    if image_size % patch_size:
        raise ValueError(f"Image size {image_size} is no multiple of patch size {patch_size}.")
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = build_tokenizer()
    tokenizer.save_pretrained(folder)
    settings_path = folder / "tokenizer_config.json"
    settings = json.loads(settings_path.read_text("utf-8"))
    settings.update(tokenizer_class="GemmaTokenizer", processor_class="PaliGemmaProcessor")
    # The older of the two spellings: transformers 4 cannot read the newer one, 5 reads both.
    settings.pop("extra_special_tokens", None)
    settings["additional_special_tokens"] = [IMAGE_TOKEN]
    settings_path.write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", "utf-8")
    config = json.dumps(image_processor_config(image_size, patch_size), indent=2)
    (folder / "preprocessor_config.json").write_text(config + "\n", "utf-8")
    return len(tokenizer)


def main() -> None:
    """Command line: where to write, and the image the tokens stand beside."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("outdir", type=Path, help="folder that receives the files")
    parser.add_argument("--image-size", type=int, default=256, help="side of the square, pixels")
    parser.add_argument("--patch-size", type=int, default=16, help="side of a patch, pixels")
    arguments = parser.parse_args()
    count = write_processor(arguments.outdir, arguments.image_size, arguments.patch_size)
    print(f"{arguments.outdir}: {count} tokens")


if __name__ == "__main__":
    main()
