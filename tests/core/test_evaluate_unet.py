# SPDX-License-Identifier: GPL-3.0-or-later
"""The U-Net of benchmarks/unet is a segmenter like any other, and learns from known pixels only."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from pixelwise import lakes

pytest.importorskip(
    "segmentation_models_pytorch", reason="segmentation-models-pytorch is not installed"
)
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "unet"))

import train as training
from unet import UNetSegmenter, build, normalised

from waterseg_core.evaluation.run import evaluate
from waterseg_core.options_evaluate import EvaluateOptions


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("unet") / "unet.pt"
    training.keep(path, build("resnet18"), {"encoder": "resnet18", "crops": 0})
    return path


def test_masks_have_the_size_of_their_image(checkpoint: Path) -> None:
    segmenter = UNetSegmenter(checkpoint)
    sizes = [(64, 64), (33, 70), (1, 100)]
    for size, said in zip(sizes, segmenter.segment([lakes(*s) for s in sizes]), strict=True):
        assert said.masks.shape == (1, *size)
        assert 0 <= said.masks.min() <= said.masks.max() <= 1


@torch.inference_mode()
def test_padding_changes_nothing_for_an_image_of_the_right_size(checkpoint: Path) -> None:
    image = lakes(64, 96)
    segmenter = UNetSegmenter(checkpoint)
    pixels = normalised(torch.from_numpy(image).permute(2, 0, 1)[None].float())
    theirs = segmenter._net(pixels).sigmoid()[0].numpy()
    np.testing.assert_allclose(segmenter.segment([image])[0].masks, theirs, atol=1e-6)


def test_what_is_unknown_does_not_change_the_loss() -> None:
    logits, target = torch.randn(2, 1, 8, 8), (torch.rand(2, 1, 8, 8) > 0.5).float()
    known = torch.ones(2, 1, 8, 8)
    known[..., 5:] = 0
    other_logits, other_target = logits.clone(), target.clone()
    other_logits[..., 5:] += 3
    other_target[..., 5:] = 1 - other_target[..., 5:]
    one = training.loss_of(logits, target, known)
    other = training.loss_of(other_logits, other_target, known)
    torch.testing.assert_close(one, other)


def test_a_few_steps_on_one_batch_lower_its_loss() -> None:
    torch.manual_seed(1)
    net: Any = build("resnet18")
    adam = torch.optim.AdamW(net.parameters(), lr=1e-3)
    rgb = np.stack([lakes(64, 64, seed=seed, smooth=8.0) for seed in range(4)])
    mask = np.where(rgb[..., 2] > rgb[..., 0], np.uint8(255), np.uint8(0))
    losses = [training.step_on(net, adam, [rgb, mask, np.full_like(mask, 255)]) for _ in range(8)]
    assert losses[-1] < 0.8 * losses[0]


def test_a_u_net_is_evaluated_like_any_segmenter(checkpoint: Path, tmp_path: Path) -> None:
    for part in ("images", "masks"):
        (tmp_path / part).mkdir()
    rgb = lakes(70, 90)
    Image.fromarray(rgb).save(tmp_path / "images" / "a.png")
    mask = (rgb[..., 2] > rgb[..., 0]).astype(np.uint8) * 255
    Image.fromarray(mask).save(tmp_path / "masks" / "a.png")
    options = EvaluateOptions(
        images=str(tmp_path / "images"), masks=str(tmp_path / "masks"), resamples=100
    )
    found = evaluate(None, UNetSegmenter(checkpoint), options=options, work_dir=tmp_path / "work")
    assert found.model.about.name == "U-Net resnet18"
    assert 0 <= dict(found)["iou per image"] <= 1
