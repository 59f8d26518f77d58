# SPDX-License-Identifier: GPL-3.0-or-later
"""How to train what on how much: every number of a recipe, and where it comes from.

PaliGemma's paper (arXiv:2407.07726, table and appendix on transfers) and its code (big_vision,
`configs/proj/paligemma/transfers`) train with 24,000 images and batches of 256; sets of chips are
a hundred times smaller, so the rates and shapes are theirs and the lengths are not.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..errors import OptionError
from ..options_finetune import FinetuneOptions

#: From this size on a model's weights are frozen unless the person says otherwise.
LARGE = 1_000_000_000
#: PaliGemma 2 28B and 10B like smaller rates than 3B (arXiv:2412.03555, figure on rates).
HUGE = 6_000_000_000
#: So many chips say enough for a model to forget what it knew before.
MANY = 1000
#: Above so many numbers (a whole model of 3B) a second copy of what learns is too dear: there is no
#: mean of the weights, and no start to blend with.
MEANT = 300_000_000
#: More looks than a training has.
NEVER = 1000


@dataclass(frozen=True)
class ModelFacts:
    """What a recipe needs to know of a model: parameters, side of its square, head, looks."""

    parameters: int
    square: int
    answer: str
    has_head: bool
    looks: int = 1


@dataclass(frozen=True)
class Recipe:
    """The numbers of a training.

    Attributes
    ----------
    method, answer
        As in `FinetuneOptions`, decided.
    rate, head_rate
        The highest learning rates, of the model and of the mask head.
    batch
        Chips per step.
    epochs
        How often every chip is seen.
    patience
        Looks without a better one after which it stops.
    blend
        The share of what was learned in the weights that are measured and kept; the rest is the
        model that it started from.
    warmup
        The share of the steps in which the rate rises; then it falls as a cosine.
    smoothing
        Label smoothing of tokens.
    decay, beta2, clip
        Of AdamW, and the largest norm of a step's gradient.
    smallest
        The least share of a chip's sides that augmentation keeps.
    sources
        Name of a number to where it comes from.
    """

    method: str
    answer: str
    rate: float
    head_rate: float
    batch: int
    epochs: float
    patience: int
    blend: float
    warmup: float = 0.05
    smoothing: float = 0.0
    decay: float = 0.0
    beta2: float = 0.999
    clip: float = 1.0
    smallest: float = 0.6
    sources: dict[str, str] = field(default_factory=dict)

    def steps(self, chips: int) -> int:
        """Steps for a set of so many chips."""
        return max(1, round(self.epochs * chips / self.batch))


def recipe_for(facts: ModelFacts, chips: int, options: FinetuneOptions) -> Recipe:
    """The recipe for a model and a set of so many chips, with the person's own numbers in it.

    Raises OptionError for numbers that the method has no use for.
    """
    large = facts.parameters >= LARGE
    method = options.method
    if method == "auto":
        method = "lora" if large else "full"
    _check_blend(facts, method, options.blend)
    answer = options.answer
    if answer == "auto":
        answer = facts.answer if facts.has_head or not large else "dense"
    sources: dict[str, str] = {
        "clip": "big_vision's transfers: 1.0",
        "beta2": "big_vision's transfers: 0.999",
        "warmup": "big_vision's transfers: 5 % of the steps, then a cosine",
    }
    epochs = _epochs(chips, _continues(facts, answer), sources)
    batch = options.batch or _batch(chips, large, sources)
    recipe = Recipe(
        method,
        answer,
        rate=_rate(facts, method, answer, sources),
        head_rate=_head_rate(facts, sources),
        batch=min(batch, max(1, chips)) if options.batch is None else batch,
        epochs=epochs,
        decay=_decay(large, sources),
        smallest=_smallest(facts, sources),
        patience=_patience(facts, answer, sources),
        blend=_blend(facts, method, answer, chips, sources),
        sources=sources,
    )
    recipe = replace(recipe, smoothing=_smoothing(recipe.steps(chips), sources))
    return _with_wishes(recipe, options)


def _check_blend(facts: ModelFacts, method: str, blend: float | None) -> None:
    """Raise OptionError where a blend would be without effect."""
    if blend in (None, 1):
        return
    if facts.parameters > MEANT:
        raise OptionError(
            f"--blend {blend:g}: a model with more than {MEANT / 1e6:.0f} million weights is kept "
            "as it was learned, for want of memory for a second copy. Leave it out."
        )
    if method in ("lora", "qlora"):
        raise OptionError(
            f"--blend {blend:g}: an adapter is kept as a whole. Leave it out, or take "
            "--method full."
        )


def _with_wishes(recipe: Recipe, options: FinetuneOptions) -> Recipe:
    """The recipe with what the person asked for."""
    wishes: dict[str, float] = {}
    for name in ("epochs", "rate", "smoothing", "blend", "patience"):
        value = getattr(options, name)
        if value is not None:
            wishes[name] = value
            recipe.sources[name] = f"--{name}"
    if options.batch is not None:
        recipe.sources["batch"] = "--batch"
    return replace(recipe, **wishes)  # type: ignore[arg-type]


def _rate(facts: ModelFacts, method: str, answer: str, sources: dict[str, str]) -> float:
    if method in ("lora", "qlora"):
        sources["rate"] = "usual for LoRA (Hu et al. 2021, arXiv:2106.09685: 1e-4 to 5e-4)"
        return 2e-4 if facts.parameters >= LARGE else 1e-3
    if facts.parameters < LARGE:
        sources["rate"] = "the bundled model: measured with benchmarks/finetune_fewshot.py"
        return 1e-4 if _continues(facts, answer) else 3e-4
    if facts.parameters >= HUGE:
        sources["rate"] = "PaliGemma 2, the sweep over rates: 10B is best at 3e-6"
        return 3e-6
    sources["rate"] = "big_vision's 'simple' transfer and RefCOCO at 448 px: 1e-5"
    return 1e-5


def _head_rate(facts: ModelFacts, sources: dict[str, str]) -> float:
    if facts.has_head:
        sources["head_rate"] = "the bundled model's training at 256 px: 3e-4 to 6e-4"
        return 3e-4
    sources["head_rate"] = "a new head begins as the bundled model's did: 1e-3"
    return 1e-3


def _decay(large: bool, sources: dict[str, str]) -> float:
    if large:
        sources["decay"] = "big_vision's transfers: none"
        return 0.0
    sources["decay"] = "the bundled model's training: 0.01"
    return 0.01


def _continues(facts: ModelFacts, answer: str) -> bool:
    """Whether a model that finds water already goes on as it was taught: it needs less."""
    return facts.has_head and answer == "dense" and facts.parameters < LARGE


def _epochs(chips: int, continues: bool, sources: dict[str, str]) -> float:
    """100 as RefCOCO for few chips, 10 as the 'simple' transfer for thousands."""
    if continues:
        sources["epochs"] = "the bundled model: 1,000 chips seen are enough, measured as the rate"
        return float(min(60.0, max(5.0, 1000 / max(chips, 1))))
    sources["epochs"] = "between big_vision's 100 (RefCOCO) and 10 ('simple'), by size of the set"
    return float(min(100.0, max(10.0, 2400 / max(chips, 1))))


def _batch(chips: int, large: bool, sources: dict[str, str]) -> int:
    sources["batch"] = "a quarter of the set, 8 to 64 (large models) or 16"
    return max(8, min(64 if large else 16, chips // 4))


def _patience(facts: ModelFacts, answer: str, sources: dict[str, str]) -> int:
    """A model that finds water already first becomes worse, so the first looks say little."""
    if _continues(facts, answer):
        sources["patience"] = "so short a training goes to its end: measured as the rate"
        return NEVER
    sources["patience"] = "our choice"
    return 5


def _blend(
    facts: ModelFacts, method: str, answer: str, chips: int, sources: dict[str, str]
) -> float:
    """The middle between both models, where the model knew water before and the chips are few.

    An adapter is two factors, and the mean of factors is not the mean of what they make.
    """
    whole = method in ("full", "frozen-tower") and facts.parameters <= MEANT
    if not (whole and _continues(facts, answer)) or chips >= MANY:
        sources["blend"] = "all of what was learned"
        return 1.0
    sources["blend"] = (
        "WiSE-FT (Wortsman et al. 2022, arXiv:2109.01903): the middle of both models is better on "
        "what neither saw; measured with benchmarks/finetune_fewshot.py"
    )
    return 0.5


def _smoothing(steps: int, sources: dict[str, str]) -> float:
    sources["smoothing"] = "big_vision: 0.3 for long runs (9,500 steps), hurts short ones"
    return 0.3 if steps >= 5000 else 0.1 if steps >= 1000 else 0.0


def _smallest(facts: ModelFacts, sources: dict[str, str]) -> float:
    if facts.looks == 2:
        sources["smallest"] = "the model looks at tiles as a whole and in parts of half their side"
        return 0.45
    sources["smallest"] = "the model sees whole tiles"
    return 0.7
