# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of a picture are found however they were turned, shrunk and compressed; others are not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from drawn_lakes import lake, landscape
from PIL import Image

from waterseg_core.dataset.duplicates import LENGTH, alike_pairs, fingerprint, frame_of, groups_of


def scene(seed: int, height: int = 128, width: int = 112) -> np.ndarray:
    return landscape(lake(seed, height, width), seed)


def prints_of(*images: np.ndarray) -> np.ndarray:
    return np.stack([fingerprint(image) for image in images])


@pytest.mark.parametrize("turn", range(8))
def test_turned_and_mirrored_copies_are_in_one_group(turn: int) -> None:
    image = scene(0)
    turned = np.rot90(image.swapaxes(0, 1) if turn >= 4 else image, turn % 4)
    first, second, other = groups_of(prints_of(image, np.ascontiguousarray(turned), scene(1)))
    assert first == second != other


def test_a_smaller_compressed_copy_is_in_the_same_group() -> None:
    image = scene(0)
    sink = io.BytesIO()
    Image.fromarray(image).resize((70, 80)).save(sink, "JPEG", quality=40)
    first, second = groups_of(np.stack([fingerprint(image), fingerprint(Image.open(sink))]))
    assert first == second


def test_other_landscapes_are_groups_of_their_own() -> None:
    prints = prints_of(*(scene(seed) for seed in range(12)))
    assert len(set(groups_of(prints))) == 12
    assert not list(alike_pairs(prints))


def test_a_frame_does_not_make_unlike_images_alike() -> None:
    def framed(seed: int) -> np.ndarray:
        image = scene(seed)
        image[:, :14] = image[-20:] = 0
        return image

    assert len(set(groups_of(prints_of(framed(2), framed(3))))) == 2


def test_groups_join_through_others_and_do_not_depend_on_the_order() -> None:
    rng = np.random.default_rng(0)
    one, way = rng.normal(size=(2, LENGTH))
    one /= np.linalg.norm(one)
    way -= way @ one * one
    way /= np.linalg.norm(way)
    angles = [0.0, 0.5, 1.0]  # neighbours correlate by 0.88, the ends by 0.54
    prints = np.array([np.cos(a) * one + np.sin(a) * way for a in angles], np.float32)
    names = ["a", "b", "c"]
    assert len(set(groups_of(prints, names))) == 1
    assert groups_of(prints[::-1], names[::-1])[0] == groups_of(prints, names)[0]
    assert len(set(groups_of(prints[[0, 2]]))) == 2


def test_blank_images_are_one_group() -> None:
    black, grey = np.zeros((40, 40, 3), np.uint8), np.full((50, 30, 3), 128, np.uint8)
    first, second, other = groups_of(prints_of(black, grey, scene(0)))
    assert first == second != other


def test_pairs_across_blocks_are_found() -> None:
    rng = np.random.default_rng(0)
    prints = rng.normal(size=(4100, LENGTH)).astype(np.float32)
    prints /= np.linalg.norm(prints, axis=1, keepdims=True)
    prints[4099] = prints[3]
    prints[2050] = prints[2049]
    assert [(one, two) for one, two, _ in alike_pairs(prints)] == [(3, 4099), (2049, 2050)]


def test_no_images_are_no_groups() -> None:
    assert groups_of(np.zeros((0, LENGTH), np.float32)) == []


def test_a_frame_is_what_reaches_the_edge() -> None:
    dark = np.zeros((6, 6), bool)
    dark[0] = dark[3, 3] = True
    assert frame_of(dark).sum() == 6
