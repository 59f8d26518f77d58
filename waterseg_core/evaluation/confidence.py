# SPDX-License-Identifier: GPL-3.0-or-later
"""What probabilities are worth: IoU at every threshold, and how often a pixel of 0.8 is water.

Everything here comes from the counts of `pixels.confidence_counts`. The calibration error is that
of Naeini et al. (2015) in ten bins of equal width.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from waterseg_core.evaluation.pixels import LEVELS
from waterseg_core.evaluation.ratios import ratio

__all__ = ["BINS", "Reliability", "iou_by_threshold", "reliability", "squares", "thresholds"]

Counts = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

BINS = 10
PROBABILITY = np.arange(LEVELS) / (LEVELS - 1)


@dataclass(frozen=True, eq=False)
class Reliability:
    """Per bin: mean probability, share of water (NaN where empty) and pixels; and the error.

    error: expected calibration error, 0..1.
    """

    probability: Values
    water: Values
    pixels: Values
    error: float


def thresholds() -> Values:
    """The thresholds of `iou_by_threshold`: a pixel is water from k / 255 on, k = 1 .. 255."""
    return PROBABILITY[1:]


def iou_by_threshold(counts: Counts) -> Values:
    """IoU `(..., 255)` of counts `(..., 2, 256)` at each of `thresholds`; 1 where nothing is."""
    found = np.cumsum(counts[..., ::-1], axis=-1)[..., ::-1].astype(np.float64)
    dry, water = found[..., 0, 1:], found[..., 1, 1:]
    truth = counts[..., 1, :].sum(axis=-1, keepdims=True)
    return ratio(water, dry + truth, 1.0)


def squares(counts: Counts) -> float:
    """The sum of squared differences of probability and truth over all pixels."""
    dry, water = counts
    return float((dry * PROBABILITY**2).sum() + (water * (1 - PROBABILITY) ** 2).sum())


def reliability(counts: Counts) -> Reliability:
    """Reliability of counts `(2, 256)`, in ten bins."""
    edges = np.searchsorted(PROBABILITY, np.linspace(0, 1, BINS + 1)[:-1])
    parts = [slice(low, high) for low, high in itertools.pairwise([*edges, LEVELS])]
    both = counts.sum(axis=0)
    pixels = np.array([both[part].sum() for part in parts], np.float64)
    said = np.array([(both[part] * PROBABILITY[part]).sum() for part in parts])
    water = np.array([counts[1, part].sum() for part in parts], np.float64)
    probability, share = ratio(said, pixels), ratio(water, pixels)
    gaps = np.abs(said - water).sum()
    return Reliability(probability, share, pixels, float(gaps / max(pixels.sum(), 1)))
