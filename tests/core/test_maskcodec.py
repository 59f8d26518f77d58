# SPDX-License-Identifier: GPL-3.0-or-later
"""The mask codec: Google's layout to the byte, files refused in sentences, and round trips."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import save_file
from scipy import ndimage

from waterseg_core.errors import CodecError, ModelAccessError
from waterseg_core.maskcodec import MaskCodec, box_slices, crop_to_box, paste
from waterseg_core.maskcodec_files import (
    BUNDLED,
    GOOGLE_FILE,
    cached_codec,
    fetch,
    read_arrays,
    sha256_of,
)
from waterseg_core.maskcodec_net import MaskVQVAE

CONV = {
    "encoder.0": (16, 1, 4, 4),
    "encoder.2": (32, 16, 4, 4),
    "encoder.4": (64, 32, 4, 4),
    "encoder.6": (128, 64, 4, 4),
    "encoder.8.net.0": (128, 128, 3, 3),
    "encoder.8.net.2": (128, 128, 3, 3),
    "encoder.8.net.4": (128, 128, 1, 1),
    "encoder.9.net.0": (128, 128, 3, 3),
    "encoder.9.net.2": (128, 128, 3, 3),
    "encoder.9.net.4": (128, 128, 1, 1),
    "encoder.10": (512, 128, 1, 1),
    "decoder.0": (128, 512, 1, 1),
    "decoder.2.net.0": (128, 128, 3, 3),
    "decoder.2.net.2": (128, 128, 3, 3),
    "decoder.2.net.4": (128, 128, 1, 1),
    "decoder.3.net.0": (128, 128, 3, 3),
    "decoder.3.net.2": (128, 128, 3, 3),
    "decoder.3.net.4": (128, 128, 1, 1),
    "decoder.12": (1, 16, 1, 1),
}
TRANSPOSED = {
    "decoder.4": (128, 128, 4, 4),
    "decoder.6": (128, 64, 4, 4),
    "decoder.8": (64, 32, 4, 4),
    "decoder.10": (32, 16, 4, 4),
}
CODEBOOK = {
    "_vq_vae._embedding": (128, 512),
    "_vq_vae._ema_cluster_size": (128,),
    "_vq_vae._ema_w": (128, 512),
}
LAYOUT: dict[str, tuple[int, ...]] = dict(CODEBOOK)
for _name, _shape in CONV.items():
    LAYOUT |= {f"{_name}.weight": _shape, f"{_name}.bias": (_shape[0],)}
for _name, _shape in TRANSPOSED.items():
    LAYOUT |= {f"{_name}.weight": _shape, f"{_name}.bias": (_shape[1],)}


@pytest.fixture(scope="module")
def codec() -> MaskCodec:
    """The bundled codec."""
    return MaskCodec.load()


@pytest.fixture(scope="module")
def random_npz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of exactly Google's layout with random values."""
    rng = np.random.default_rng(3)
    path = tmp_path_factory.mktemp("codec") / "vae-oid.npz"
    scale = np.float32(0.05)
    arrays = {n: rng.standard_normal(s, dtype=np.float32) * scale for n, s in LAYOUT.items()}
    np.savez(path, **arrays)
    return path


def lakes(count: int, seed: int = 5) -> np.ndarray:
    """Lakes with islands and rivers from smooth noise: float32 (count, 64, 64), 0 or 1."""
    rng = np.random.default_rng(seed)
    masks = []
    for index in range(count):
        field = ndimage.gaussian_filter(rng.standard_normal((64, 64)), 6 + index % 4)
        field /= field.std()
        river = index % 3 == 0
        mask = np.abs(field) < 0.25 if river else field > rng.uniform(-0.8, 0.8)
        row, col = rng.integers(16, 48, 2)
        rows, cols = np.ogrid[:64, :64]
        mask &= (rows - row) ** 2 + (cols - col) ** 2 > 30
        masks.append(mask)
    return np.stack(masks).astype(np.float32)


def iou(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Intersection over union per mask of bool (n, h, w)."""
    axes = (1, 2)
    return (found & truth).sum(axes) / np.maximum((found | truth).sum(axes), 1)


# the layout of Google's file


def test_state_dict_has_exactly_the_49_arrays_of_googles_file() -> None:
    found = {name: tuple(value.shape) for name, value in MaskVQVAE().state_dict().items()}
    assert len(LAYOUT) == 49
    assert found == LAYOUT


def test_an_npz_of_googles_layout_has_its_exact_size_and_loads(random_npz: Path) -> None:
    assert random_npz.stat().st_size == GOOGLE_FILE.size == 8_479_556
    codec = MaskCodec.load(random_npz, known=None)
    codes = codec.encode(lakes(3))
    assert codes.shape == (3, 16)
    assert codec.decode(codes).shape == (3, 64, 64)
    assert codec.sha256 == sha256_of(random_npz)
    stored = np.load(random_npz)["_vq_vae._embedding"]
    assert np.array_equal(codec.net.codebook.numpy(), stored)


def test_decoder_is_googles_formula_on_a_known_path(random_npz: Path) -> None:
    """Cut the mask off after the first decoder layer and compare with plain matrices."""
    codec = MaskCodec.load(random_npz, known=None)
    arrays = read_arrays(random_npz, None)
    codes = np.arange(16)[None]
    vectors = arrays["_vq_vae._embedding"][codes.reshape(4, 4)]
    weight = arrays["decoder.0.weight"][:, :, 0, 0]
    expected = np.einsum("od,yxd->oyx", weight, vectors) + arrays["decoder.0.bias"][:, None, None]
    given = codec.net.codebook[torch.from_numpy(codes.reshape(1, 4, 4))].permute(0, 3, 1, 2)
    assert np.allclose(codec.net.decoder[0](given)[0].numpy(), expected, atol=1e-5)


# files that are refused


def test_wrong_sha256_names_the_file_both_sums_and_what_to_do(random_npz: Path) -> None:
    with pytest.raises(CodecError) as caught:
        MaskCodec.load(random_npz)
    text = str(caught.value)
    for part in (str(random_npz), sha256_of(random_npz), GOOGLE_FILE.sha256, "--codec"):
        assert part in text


def test_truncated_npz_is_refused_by_its_size(random_npz: Path, tmp_path: Path) -> None:
    path = tmp_path / "vae-oid.npz"
    path.write_bytes(random_npz.read_bytes()[:-100])
    with pytest.raises(CodecError, match=r"8,479,456 bytes.*8,479,556"):
        MaskCodec.load(path)
    with pytest.raises(CodecError, match="cannot be read as a mask codec"):
        MaskCodec.load(path, known=None)


def test_truncated_safetensors_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "codec.safetensors"
    path.write_bytes(BUNDLED.read_bytes()[:5000])
    with pytest.raises(CodecError, match="cannot be read as a mask codec"):
        MaskCodec.load(path)


def test_pickled_arrays_are_never_read(tmp_path: Path) -> None:
    path = tmp_path / "evil.npz"
    np.savez(path, a=np.array([object()], dtype=object))
    with pytest.raises(CodecError, match="cannot be read as a mask codec"):
        MaskCodec.load(path, known=None)


def test_single_array_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.npy"
    np.save(path, np.zeros(3))
    with pytest.raises(CodecError, match="not an archive"):
        MaskCodec.load(path, known=None)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("missing", "the array decoder.12.bias is missing"),
        ("shape", "decoder.12.bias has the shape"),
        ("nan", "values that are not numbers"),
        ("extra", "it also holds more"),
    ],
)
def test_other_layouts_are_refused(tmp_path: Path, change: str, sentence: str) -> None:
    arrays = read_arrays(BUNDLED)
    if change == "missing":
        del arrays["decoder.12.bias"]
    elif change == "extra":
        arrays["more"] = np.zeros(1, np.float32)
    else:
        arrays["decoder.12.bias"] = np.full(1 if change == "nan" else 2, np.nan, np.float32)
    path = tmp_path / "codec.safetensors"
    save_file(arrays, path)
    with pytest.raises(CodecError, match=sentence):
        MaskCodec.load(path)


def test_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CodecError, match="There is no mask codec at"):
        MaskCodec.load(tmp_path / "none.npz")


# fetching


def test_fetched_file_appears_only_when_verified(random_npz: Path, tmp_path: Path) -> None:
    path = cached_codec(tmp_path / "cache")
    here = dataclasses.replace(GOOGLE_FILE, url=random_npz.as_uri())
    with pytest.raises(CodecError, match=r"not the published vae-oid\.npz"):
        fetch(here, path)
    assert list(path.parent.iterdir()) == []
    good = dataclasses.replace(here, sha256=sha256_of(random_npz))
    assert fetch(good, path).read_bytes() == random_npz.read_bytes()
    assert list(path.parent.iterdir()) == [path]
    loaded = MaskCodec.load("google", cache=tmp_path / "cache", known=good)
    assert loaded.path == path


def test_cached_file_is_verified_as_well(random_npz: Path, tmp_path: Path) -> None:
    cached_codec(tmp_path).write_bytes(random_npz.read_bytes())
    with pytest.raises(CodecError, match="not the published"):
        MaskCodec.load("google", cache=tmp_path)


def test_failed_download_says_what_to_do_and_leaves_nothing(tmp_path: Path) -> None:
    absent = dataclasses.replace(GOOGLE_FILE, url=(tmp_path / "absent").as_uri())
    with pytest.raises(ModelAccessError, match="--codec PATH"):
        fetch(absent, tmp_path / "cache" / "vae-oid.npz")
    assert list((tmp_path / "cache").iterdir()) == []


# codes and masks


def test_empty_and_full_masks_come_back_nearly_empty_and_full(codec: MaskCodec) -> None:
    masks = np.stack([np.zeros((64, 64)), np.ones((64, 64))]).astype(np.float32)
    water = (codec.decode(codec.encode(masks)) > 0).mean((1, 2))
    assert water[0] < 0.005
    assert water[1] > 0.995


def test_round_trip_of_lakes_with_islands_and_rivers(codec: MaskCodec) -> None:
    masks = lakes(48)
    found = codec.decode(codec.encode(masks)) > 0
    scores = iou(found, masks > 0.5)
    rivers = np.arange(48) % 3 == 0
    assert scores[~rivers].mean() > 0.88
    assert scores[rivers].mean() > 0.5


def test_every_code_is_used_by_something(codec: MaskCodec) -> None:
    codes = codec.encode(lakes(120))
    assert len(np.unique(codes)) > 100


def test_decode_soft_of_certainty_equals_decode(codec: MaskCodec) -> None:
    codes = np.random.default_rng(1).integers(0, 128, (5, 16))
    certain = np.eye(128, dtype=np.float32)[codes]
    assert np.allclose(codec.decode_soft(certain), codec.decode(codes), atol=1e-4)


def test_decode_tensor_takes_codes_and_probabilities_of_any_dtype(codec: MaskCodec) -> None:
    codes = np.random.default_rng(2).integers(0, 128, (2, 16))
    expected = codec.decode(codes)
    by_code = codec.decode_tensor(torch.from_numpy(codes).int())
    by_probability = codec.decode_tensor(
        torch.nn.functional.one_hot(torch.from_numpy(codes), 128).bfloat16()
    )
    assert by_code.dtype == by_probability.dtype == torch.float32
    assert np.allclose(by_code.numpy(), expected, atol=1e-4)
    assert np.allclose(by_probability.numpy(), expected, atol=1e-4)


def test_batches_of_any_size_give_the_same(codec: MaskCodec) -> None:
    masks = np.tile(lakes(20), (14, 1, 1))
    codes = codec.encode(masks)
    assert codes.shape == (280, 16)
    assert codes.dtype == np.int64
    assert np.array_equal(codes[:20], codec.encode(masks[:20]))
    assert np.array_equal(codes[:20], codes[260:])
    assert codec.encode(masks[:0]).shape == (0, 16)
    assert codec.decode(codes[:0]).shape == (0, 64, 64)
    assert codec.decode_soft(np.zeros((0, 16, 128), np.float32)).shape == (0, 64, 64)


@pytest.mark.parametrize(
    "call",
    [
        lambda codec: codec.encode(np.zeros((1, 32, 64), np.float32)),
        lambda codec: codec.decode(np.zeros((1, 15), np.int64)),
        lambda codec: codec.decode(np.zeros((1, 16), np.float32)),
        lambda codec: codec.decode(np.full((1, 16), 128)),
        lambda codec: codec.decode(np.full((1, 16), -1)),
        lambda codec: codec.decode_soft(np.zeros((1, 16, 127), np.float32)),
    ],
)
def test_arrays_that_do_not_fit_are_refused(codec: MaskCodec, call: object) -> None:
    with pytest.raises(CodecError, match="must"):
        call(codec)  # type: ignore[operator]


def test_nearby_codes_are_rows_of_probabilities_that_peak_at_the_code(codec: MaskCodec) -> None:
    table = codec.nearby_codes()
    assert table.shape == (128, 128)
    assert np.allclose(table.sum(1), 1, atol=1e-5)
    assert np.array_equal(table.argmax(1), np.arange(128))
    sharp = codec.nearby_codes(1e-5)
    assert np.allclose(sharp, np.eye(128), atol=1e-2)


# boxes

_boxes = st.tuples(*[st.floats(0, 1, allow_nan=False)] * 4).map(
    lambda v: (min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3]))
)


@given(_boxes, st.integers(1, 300), st.integers(1, 300))
def test_a_box_always_covers_at_least_one_pixel_inside(
    box: tuple[float, float, float, float], height: int, width: int
) -> None:
    rows, cols = box_slices(box, height, width)
    assert 0 <= rows.start < rows.stop <= height
    assert 0 <= cols.start < cols.stop <= width


@settings(max_examples=40)
@given(_boxes, st.integers(1, 130), st.integers(1, 130))
def test_paste_is_the_inverse_of_crop_for_a_filled_box(
    box: tuple[float, float, float, float], height: int, width: int
) -> None:
    rows, cols = box_slices(box, height, width)
    mask = np.zeros((height, width), bool)
    mask[rows, cols] = True
    part = crop_to_box(mask, box)
    assert np.allclose(part, 1)
    assert np.allclose(paste(part * 2 - 1, box, height, width), mask, atol=1e-6)


def test_crop_and_paste_close_on_a_lake_of_the_codecs_own_size() -> None:
    mask = np.zeros((200, 300), bool)
    lake = lakes(2)[1] > 0.5
    mask[40:104, 120:184] = lake
    box = (40 / 200, 120 / 300, 104 / 200, 184 / 300)
    part = crop_to_box(mask, box)
    assert np.array_equal(part > 0.5, lake)
    assert np.array_equal(paste(part * 2 - 1, box, 200, 300) > 0.5, mask)


def test_crop_is_antialiased_when_it_shrinks() -> None:
    stripes = np.zeros((640, 640), bool)
    stripes[::2] = True
    part = crop_to_box(stripes, (0.0, 0.0, 1.0, 1.0))
    assert part.dtype == np.float32
    assert np.abs(part - 0.5).max() < 0.06


def test_paste_is_a_probability_that_is_half_where_raw_is_zero() -> None:
    raw = np.full((64, 64), 5, np.float32)
    raw[32:] = 0
    placed = paste(raw, (0.0, 0.0, 1.0, 1.0), 64, 64)
    assert placed.dtype == np.float32
    assert placed.max() == 1
    assert np.all(placed[33:] == 0.5)


# real masks


def test_round_trip_of_validation_masks_beats_the_published_floor(
    codec: MaskCodec, shared_data: Path
) -> None:
    names = Path(__file__).parents[2] / "training" / "nano" / "val_names.txt"
    scores = []
    for name in names.read_text(encoding="utf-8").split()[::6]:
        with Image.open(shared_data / "water_bodies" / "masks" / name) as image:
            mask = np.asarray(image.convert("L").resize((256, 256))) > 127
        if mask.any() and not mask.all():
            edges = [(i / 4, j / 4, (i + 1) / 4, (j + 1) / 4) for i in range(4) for j in range(4)]
            crops = np.stack([crop_to_box(mask, box) for box in edges])
            found = np.zeros_like(mask)
            for raw, box in zip(codec.decode(codec.encode(crops)), edges, strict=True):
                found |= paste(raw, box, 256, 256) > 0.5
            scores.append((found & mask).sum() / (found | mask).sum())
    assert np.mean(scores) > 0.88


def test_importing_the_package_does_not_load_torch() -> None:
    code = "import sys, waterseg_core; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
