# SPDX-License-Identifier: GPL-3.0-or-later
"""A segmenter gives every image its masks: right order, right size, whatever the batch."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny_paligemma import HEAD, IMAGE_SIZE, IMAGE_TOKENS, write_extras
from transformers import PaliGemmaProcessor

from waterseg_core import load_segmenter
from waterseg_core.errors import CodecError, InputError, ModelError, OptionError
from waterseg_core.maskcodec import paste
from waterseg_core.paligemma.devices import pick_batch, pick_device, pick_dtype
from waterseg_core.paligemma.engine import Engine
from waterseg_core.paligemma.head import MaskHead
from waterseg_core.paligemma.load import load_checkpoint
from waterseg_core.paligemma.prompt import Prompt
from waterseg_core.paligemma.runtime import PaliGemmaSegmenter
from waterseg_core.segmenter import Segmentation, devices, models
from waterseg_core.vocabulary import Vocabulary

ANSWERS = ["dense", "grid", "objects"]
SIZES = [(32, 32), (20, 45), (64, 33), (1, 7), (32, 32)]


def noise(sizes: Sequence[tuple[int, int]], seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.integers(0, 256, (*size, 3), dtype=np.uint8) for size in sizes]


def equal(one: Segmentation, other: Segmentation, tolerance: float = 1e-4) -> bool:
    same = [i.codes for i in one.instances] == [i.codes for i in other.instances]
    close = np.allclose(one.masks, other.masks, atol=tolerance)
    return same and close and abs(one.presence - other.presence) < tolerance


@pytest.mark.parametrize("answer", ANSWERS)
def test_masks_have_the_size_of_their_image(checkpoint: Path, answer: str) -> None:
    segmenter = load_segmenter(str(checkpoint), answer=answer, device="cpu")
    found = segmenter.segment(noise(SIZES))
    assert [one.masks.shape for one in found] == [(1, *size) for size in SIZES]
    for one in found:
        assert one.masks.dtype == np.float32
        assert one.masks.min() >= 0
        assert one.masks.max() <= 1
        assert 0 <= one.presence <= 1
        assert all(instance.label == "water" for instance in one.instances)


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_result_does_not_depend_on_the_batch(checkpoint: Path, answer: str) -> None:
    images = noise(SIZES)
    whole = load_segmenter(str(checkpoint), answer=answer, device="cpu").segment(images)
    by_two = load_segmenter(str(checkpoint), answer=answer, device="cpu", batch=2)
    assert all(map(equal, by_two.segment(images), whole))
    assert equal(by_two.segment(images[3:4])[0], whole[3])


def test_no_images_give_no_segmentations(checkpoint: Path) -> None:
    assert load_segmenter(str(checkpoint), device="cpu").segment([]) == []


def test_dense_is_the_head_over_the_states_of_transformers(checkpoint: Path) -> None:
    loaded = load_checkpoint(str(checkpoint), None, None, torch.device("cpu"), torch.float32)
    prefix = Prompt.parse("segment water").prefix_ids(
        loaded.tokenizer, Vocabulary.of(loaded.tokenizer)
    )
    (image,) = noise([(IMAGE_SIZE, IMAGE_SIZE)])
    pixels = torch.tensor(image).permute(2, 0, 1)[None] / 127.5 - 1
    ids = torch.tensor([[loaded.model.config.image_token_index] * IMAGE_TOKENS + list(prefix)])
    states = loaded.model(
        input_ids=ids,
        pixel_values=pixels,
        attention_mask=torch.ones_like(ids),
        token_type_ids=torch.zeros_like(ids),
        output_hidden_states=True,
    ).hidden_states[-1]
    head = MaskHead(**HEAD).eval()
    head.load_state_dict(load_file(checkpoint / "mask_head.safetensors"))
    expected = head(states[:, :IMAGE_TOKENS], pixels).sigmoid()[0].detach()
    (found,) = load_segmenter(str(checkpoint), device="cpu").segment([image])
    np.testing.assert_allclose(found.masks, expected, atol=1e-4)
    assert found.presence == found.masks.max()


def test_objects_are_water_inside_their_boxes_only(checkpoint: Path) -> None:
    (found,) = load_segmenter(str(checkpoint), answer="objects", device="cpu").segment(
        noise([(40, 30)])
    )
    assert found.instances
    boxes = [paste(np.ones((64, 64)), one.box, 40, 30) > 0 for one in found.instances]
    assert (found.masks[0][~np.any(boxes, axis=0)] == 0).all()
    assert all(found.masks[0][box].max() > 0 for box in boxes)


def test_grid_cells_that_name_water_hold_some(checkpoint: Path) -> None:
    (found,) = load_segmenter(str(checkpoint), answer="grid", device="cpu").segment(
        noise([(40, 30)])
    )
    for one in found.instances:
        assert found.masks[0][paste(np.ones((64, 64)), one.box, 40, 30) > 0].max() >= 0.5
    assert found.presence == found.masks.max()


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_label_has_its_mask(checkpoint: Path, answer: str) -> None:
    segmenter = load_segmenter(
        str(checkpoint), prompt="segment lake ; river", answer=answer, device="cpu"
    )
    assert segmenter.labels == ("lake", "river")
    found = segmenter.segment(noise(SIZES[:3]))
    assert [one.masks.shape for one in found] == [(2, *size) for size in SIZES[:3]]
    for one in found:
        named = {instance.label for instance in one.instances}
        assert named <= {"lake", "river"}
        for place, label in enumerate(segmenter.labels):
            assert answer != "objects" or label in named or not one.masks[place].any()


@pytest.mark.parametrize("answer", ["dense", "grid"])
def test_a_label_is_answered_as_if_asked_alone(checkpoint: Path, answer: str) -> None:
    images = noise(SIZES[:2])
    both = load_segmenter(
        str(checkpoint), prompt="segment lake ; river", answer=answer, device="cpu"
    ).segment(images)
    alone = load_segmenter(
        str(checkpoint), prompt="segment river", answer=answer, device="cpu"
    ).segment(images)
    for one, other in zip(both, alone, strict=True):
        np.testing.assert_allclose(one.masks[1], other.masks[0], atol=1e-5)


class _Tight(PaliGemmaSegmenter):
    """A segmenter on a computer that holds no more than `most` images."""

    most = 2
    error: Exception = torch.OutOfMemoryError("CUDA out of memory.")

    def _answer(self, images: Sequence[np.ndarray]) -> list[Segmentation]:
        if len(images) > self.most:
            raise self.error
        return super()._answer(images)


def tight(checkpoint: Path, most: int, error: Exception) -> _Tight:
    loaded = load_checkpoint(str(checkpoint), None, None, torch.device("cpu"), torch.float32)
    segmenter = _Tight(loaded, Prompt.parse("segment water"), "dense", None, batch=8)
    segmenter.most, segmenter.error = most, error
    return segmenter


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory."),
        RuntimeError("[enforce fail] DefaultCPUAllocator: not enough memory: you tried to"),
        RuntimeError("MPS backend out of memory"),
        MemoryError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_full_memory_halves_the_batch_and_the_work_goes_on(
    checkpoint: Path, error: Exception
) -> None:
    images = noise(SIZES)
    segmenter = tight(checkpoint, 2, error)
    found = segmenter.segment(images)
    whole = load_segmenter(str(checkpoint), device="cpu").segment(images)
    assert all(map(equal, found, whole))
    assert segmenter.batch == 2


def test_a_memory_that_holds_no_image_is_told(checkpoint: Path) -> None:
    with pytest.raises(ModelError, match="one image"):
        tight(checkpoint, 0, MemoryError()).segment(noise(SIZES[:1]))


def test_other_errors_are_not_swallowed(checkpoint: Path) -> None:
    with pytest.raises(RuntimeError, match="shapes"):
        tight(checkpoint, 0, RuntimeError("shapes differ")).segment(noise(SIZES[:1]))


@pytest.mark.parametrize(
    "image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3))]
)
def test_an_image_is_rgb_bytes(checkpoint: Path, image: np.ndarray) -> None:
    with pytest.raises(InputError, match="uint8"):
        load_segmenter(str(checkpoint), device="cpu").segment([image])


def test_what_the_checkpoint_says_holds(checkpoint: Path) -> None:
    segmenter = load_segmenter(str(checkpoint), device="cpu")
    assert isinstance(segmenter, PaliGemmaSegmenter)
    assert (segmenter.name, segmenter.answer) == (checkpoint.name, "dense")
    assert (segmenter.tile_size, segmenter.threshold) == (IMAGE_SIZE, 0.4)
    assert load_segmenter(str(checkpoint), answer="grid", device="cpu").threshold == 0.5


def test_bf16_is_close_to_fp32(checkpoint: Path) -> None:
    images = noise(SIZES[:2])
    fine = load_segmenter(str(checkpoint), device="cpu", dtype="fp32").segment(images)
    coarse = load_segmenter(str(checkpoint), device="cpu", dtype="bf16").segment(images)
    for one, other in zip(fine, coarse, strict=True):
        assert np.abs(one.masks - other.masks).mean() < 0.02


def save_adapter(checkpoint: Path, folder: Path) -> Any:
    """A random LoRA adapter on language model and vision tower; the model that it is part of."""
    peft = pytest.importorskip("peft")
    loaded = load_checkpoint(str(checkpoint), None, None, torch.device("cpu"), torch.float32)
    config = peft.LoraConfig(r=2, target_modules=["q_proj", "up_proj"], init_lora_weights=False)
    adapted: Any = peft.get_peft_model(loaded.model, config)
    adapted.save_pretrained(folder)
    return adapted


def test_an_adapter_is_merged(checkpoint: Path, tmp_path: Path) -> None:
    adapted, folder = save_adapter(checkpoint, tmp_path / "adapter"), str(tmp_path / "adapter")
    images = noise(SIZES[:1])
    plain = load_segmenter(str(checkpoint), device="cpu")
    other = load_segmenter(str(checkpoint), device="cpu", adapter=folder)
    assert other.name == f"{plain.name}+adapter"
    assert other.revision.startswith(plain.revision + "+")
    assert not np.allclose(other.segment(images)[0].masks, plain.segment(images)[0].masks)
    ours = load_checkpoint(str(checkpoint), None, folder, torch.device("cpu"), torch.float32)
    theirs = adapted.merge_and_unload().state_dict()
    for name, weight in ours.model.state_dict().items():
        torch.testing.assert_close(weight, theirs[name], msg=name)


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("vision_tower.encoder", "vision_tower.vision_model.encoder"),
        ("model.model.language_model.", "model.language_model.model."),
    ],
)
def test_an_adapter_may_use_the_names_of_an_older_transformers(
    checkpoint: Path, tmp_path: Path, new: str, old: str
) -> None:
    save_adapter(checkpoint, tmp_path)
    images, path = noise(SIZES[:1]), tmp_path / "adapter_model.safetensors"
    (before,) = load_segmenter(str(checkpoint), device="cpu", adapter=str(tmp_path)).segment(images)
    weights = load_file(path)
    renamed = {name.replace(new, old): value for name, value in weights.items()}
    assert renamed.keys() != weights.keys()
    save_file(renamed, path)
    (after,) = load_segmenter(str(checkpoint), device="cpu", adapter=str(tmp_path)).segment(images)
    assert equal(before, after)


def test_an_adapter_whose_weights_find_no_place_is_refused(
    checkpoint: Path, tmp_path: Path
) -> None:
    save_adapter(checkpoint, tmp_path)
    path = tmp_path / "adapter_model.safetensors"
    weights = load_file(path)
    save_file({n.replace("layers.1", "layers.7"): v for n, v in weights.items()}, path)
    with pytest.raises(ModelError, match=r"layers\.7"):
        load_segmenter(str(checkpoint), device="cpu", adapter=str(tmp_path))


def test_pixels_and_prompt_are_those_of_the_processor(checkpoint: Path) -> None:
    processor: Any = PaliGemmaProcessor.from_pretrained(checkpoint)
    loaded = load_checkpoint(str(checkpoint), None, None, torch.device("cpu"), torch.float32)
    (image,) = noise([(IMAGE_SIZE, IMAGE_SIZE)])
    theirs = processor(images=[image], text="<image>segment lake ; river", return_tensors="pt")
    vocabulary = Vocabulary.of(loaded.tokenizer)
    prefix = Prompt.parse("segment lake;river").prefix_ids(loaded.tokenizer, vocabulary)
    ids = [vocabulary.image] * IMAGE_TOKENS + list(prefix)
    assert theirs["input_ids"][0].tolist() == ids
    pixels = Engine(loaded.model).pixels([image])
    torch.testing.assert_close(pixels, theirs["pixel_values"], atol=1e-5, rtol=0)


def test_a_folder_without_head_has_no_dense_answer(checkpoint: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    shutil.copytree(checkpoint, folder)
    write_extras(folder, answer="objects", head=None)
    with pytest.raises(OptionError, match="mask head"):
        load_segmenter(str(folder), answer="dense", device="cpu")
    (found,) = load_segmenter(str(folder), device="cpu").segment(noise(SIZES[:1]))
    assert found.masks.shape == (1, *SIZES[0])


def test_a_missing_codec_is_told(checkpoint: Path) -> None:
    with pytest.raises(CodecError, match="nowhere"):
        load_segmenter(str(checkpoint), answer="grid", codec="/nowhere/codec.npz", device="cpu")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"answer": "poem"}, "--answer"),
        ({"device": "tpu"}, "--device tpu"),
        ({"dtype": "int4"}, "--dtype"),
        ({"batch": 0}, "--batch"),
        ({"prompt": "segment "}, "--prompt"),
        ({"prompt": "segment a ; ; b"}, "--prompt"),
        ({"prompt": "segment a ; a"}, "twice"),
        ({"prompt": "segment <loc0000>"}, "--prompt"),
    ],
)
def test_nonsense_is_refused_before_anything_is_loaded(options: dict[str, Any], word: str) -> None:
    with pytest.raises(OptionError, match=word):
        load_segmenter("no-such-model", **options)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_an_absent_device_is_told() -> None:
    with pytest.raises(OptionError, match="cuda"):
        pick_device("cuda")


def test_the_cpu_computes_in_fp32_with_a_fixed_batch() -> None:
    device = torch.device("cpu")
    assert pick_dtype("auto", device) == torch.float32
    assert pick_batch(device, 1) == pick_batch(device, 1 << 40)


def test_devices_and_models_are_listed() -> None:
    assert "cpu" in devices()
    assert "google/paligemma2-3b-mix-448" in models()


@pytest.mark.parametrize(
    ("text", "words", "labels"),
    [
        ("segment water", "segment water", ("water",)),
        ("  segment   lake;river ", "segment lake ; river", ("lake", "river")),
        ("the big lake", "the big lake", ("the big lake",)),
        ("detect boat", "detect boat", ("boat",)),
    ],
)
def test_prompts_are_read_as_people_write_them(
    text: str, words: str, labels: tuple[str, ...]
) -> None:
    assert Prompt.parse(text) == Prompt(words, labels)


def test_a_prompt_with_several_labels_can_be_asked_one_by_one() -> None:
    singles = Prompt.parse("segment lake ; river").singles()
    assert [single.text for single in singles] == ["segment lake", "segment river"]


def test_a_segmentation_checks_its_masks() -> None:
    with pytest.raises(InputError, match="float32"):
        Segmentation(np.zeros((4, 4), np.float32))


def test_an_answer_that_the_model_was_not_trained_for_is_told(
    checkpoint: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(checkpoint, tmp_path / "model")
    write_extras(folder, answers=["dense"])
    with pytest.raises(OptionError, match="was not trained for it"):
        load_segmenter(str(folder), answer="grid", device="cpu")
