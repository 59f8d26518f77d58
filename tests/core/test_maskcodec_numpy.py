# SPDX-License-Identifier: GPL-3.0-or-later
"""The mask codec computes the published architecture: held to a NumPy of a few lines, in float64.

The architecture is that of big_vision's `segmentation.py` (Ning et al., arXiv 2301.02229): four
strided convolutions, two residual blocks, the nearest of 128 vectors, two residual blocks, four
transposed convolutions. Nothing here shares a line with the codec: convolution is a sum of
shifted products, transposed convolution its adjoint, and arrays are taken from the file by name.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.lib.stride_tricks import sliding_window_view

from waterseg_core.maskcodec import MaskCodec
from waterseg_core.maskcodec_net import MaskVQVAE

Array = np.ndarray
Arrays = dict[str, np.ndarray]
#: The layers, as the file numbers them: what lies between is ReLU.
DOWN = ("encoder.0", "encoder.2", "encoder.4", "encoder.6")
UP = ("decoder.4", "decoder.6", "decoder.8", "decoder.10")
CLOSE = 1e-5


def relu(x: Array) -> Array:
    return np.maximum(x, 0)


def convolved(x: Array, arrays: Arrays, name: str, stride: int = 1, pad: int = 0) -> Array:
    """To x (n, in, h, w) with weight (out, in, k, k): an output is a window times the weight."""
    weight, bias = arrays[f"{name}.weight"], arrays[f"{name}.bias"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = sliding_window_view(padded, weight.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("nihwkl,oikl->nohw", windows, weight, optimize=True) + bias[:, None, None]


def spread(x: Array, arrays: Arrays, name: str) -> Array:
    """To x (n, in, h, w) with weight (in, out, 4, 4): pixels paint it, two apart."""
    weight, bias = arrays[f"{name}.weight"], arrays[f"{name}.bias"]
    count, _, height, width = x.shape
    canvas = np.zeros((count, weight.shape[1], 2 * height + 2, 2 * width + 2))
    for row in range(4):
        for col in range(4):
            painted = np.einsum("nihw,io->nohw", x, weight[:, :, row, col], optimize=True)
            canvas[:, :, row : row + 2 * height : 2, col : col + 2 * width : 2] += painted
    return canvas[:, :, 1:-1, 1:-1] + bias[:, None, None]


def block(x: Array, arrays: Arrays, name: str) -> Array:
    inner = relu(convolved(x, arrays, f"{name}.net.0", pad=1))
    inner = relu(convolved(inner, arrays, f"{name}.net.2", pad=1))
    return x + convolved(inner, arrays, f"{name}.net.4")


def features_of(masks: Array, arrays: Arrays) -> Array:
    """Masks (n, 64, 64) in 0..1 to what is quantised: (n, 16, 512), row by row."""
    x = masks[:, None] * 2.0 - 1.0
    for name in DOWN:
        x = relu(convolved(x, arrays, name, stride=2, pad=1))
    x = block(block(x, arrays, "encoder.8"), arrays, "encoder.9")
    x = convolved(x, arrays, "encoder.10")
    return x.reshape(len(x), 512, 16).swapaxes(1, 2)


def distances(features: Array, arrays: Arrays) -> Array:
    """Squared distances to the 128 vectors of the codebook: (n, 16, 128)."""
    book = arrays["_vq_vae._embedding"]
    return np.square(features[:, :, None] - book).sum(-1)


def decoded(codes: Array, arrays: Arrays) -> Array:
    """Codes (n, 16) to raw masks (n, 64, 64)."""
    vectors = arrays["_vq_vae._embedding"][codes]
    x = vectors.swapaxes(1, 2).reshape(len(codes), 512, 4, 4)
    x = relu(convolved(x, arrays, "decoder.0"))
    x = block(block(x, arrays, "decoder.2"), arrays, "decoder.3")
    for name in UP:
        x = relu(spread(x, arrays, name))
    return convolved(x, arrays, "decoder.12")[:, 0]


def random_arrays() -> Arrays:
    """Weights of the right names and shapes that keep the signal's size through the layers."""
    rng = np.random.default_rng(11)
    arrays = {}
    for name, value in MaskVQVAE().state_dict().items():
        shape = tuple(value.shape)
        inputs = np.prod(shape[1:]) if "decoder" in name or "encoder" in name else 1
        size = np.sqrt(2 / inputs) if len(shape) == 4 else 0.2
        arrays[name] = (rng.normal(size=shape) * size).astype(np.float32)
    # A codebook among the features, or one code would be the nearest of all.
    features = features_of(soft_masks(8, seed=2), arrays).reshape(-1, 512)
    book = features[rng.choice(len(features), 128, replace=False)]
    arrays["_vq_vae._embedding"] = book.astype(np.float32)
    return arrays


def soft_masks(count: int, seed: int) -> Array:
    """Masks as crops are: blobs with antialiased shores, float (n, 64, 64) in 0..1."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:64, :64] / 64
    masks = np.zeros((count, 64, 64))
    for mask in masks:
        for _ in range(3):
            row, col, size = rng.uniform((0.1, 0.1, 0.1), (0.9, 0.9, 0.5))
            mask[:] = np.maximum(mask, np.clip(9 * (size - np.hypot(y - row, x - col)), 0, 1))
    return masks


@pytest.fixture(scope="module")
def arrays() -> Arrays:
    return random_arrays()


@pytest.fixture(scope="module")
def codec(arrays: Arrays, tmp_path_factory: pytest.TempPathFactory) -> MaskCodec:
    """The codec with these weights, from a file of Google's layout."""
    file: Path = tmp_path_factory.mktemp("codec") / "vae.npz"
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return MaskCodec.load(file, known=None)


def test_codes_are_those_of_the_published_architecture(codec: MaskCodec, arrays: Arrays) -> None:
    masks = soft_masks(12, seed=5)
    found = codec.encode(masks)
    far = distances(features_of(masks, arrays), arrays)
    assert len(np.unique(found)) > 20  # a test on one code alone would say little
    assert np.array_equal(found, far.argmin(-1))
    nearest, second = np.sort(far, axis=-1)[..., :2].transpose(2, 0, 1)
    assert np.median((second - nearest) / nearest) > 0.01  # the choice was no toss of a coin


def test_features_are_equal_to_1e_5(codec: MaskCodec, arrays: Arrays) -> None:
    masks = soft_masks(4, seed=6)
    expected = features_of(masks, arrays)
    found = codec.net.features(torch.from_numpy(masks.astype(np.float32))).numpy()
    np.testing.assert_allclose(found.reshape(4, 16, 512), expected, rtol=CLOSE, atol=CLOSE)


def test_decoded_values_are_equal_to_1e_5(codec: MaskCodec, arrays: Arrays) -> None:
    codes = np.random.default_rng(7).integers(0, 128, (6, 16))
    expected, found = decoded(codes, arrays), codec.decode(codes)
    assert expected.std() > 0.05 * np.abs(expected).max()  # it is a picture, not a constant
    np.testing.assert_allclose(found, expected, rtol=CLOSE, atol=CLOSE)


def test_the_bundled_codec_is_that_architecture_too() -> None:
    bundled = MaskCodec.load()
    arrays = {name: value.numpy() for name, value in bundled.net.state_dict().items()}
    masks = soft_masks(8, seed=8)
    codes = bundled.encode(masks)
    assert np.array_equal(codes, distances(features_of(masks, arrays), arrays).argmin(-1))
    np.testing.assert_allclose(
        bundled.decode(codes), decoded(codes, arrays), rtol=CLOSE, atol=CLOSE
    )


def test_the_order_of_codes_is_row_by_row(codec: MaskCodec, arrays: Arrays) -> None:
    """A mask whose lower right corner changes may change the last codes, not the first."""
    masks = np.zeros((2, 64, 64))
    masks[1, 52:, 52:] = 1
    first, second = features_of(masks, arrays)
    changed = np.abs(first - second).max(-1).reshape(4, 4)
    assert changed[3, 3] == changed.max()
    assert changed[0, 0] == changed.min()
    codes = codec.encode(masks)
    assert np.array_equal(codes, distances(np.stack([first, second]), arrays).argmin(-1))
