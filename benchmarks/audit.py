# SPDX-License-Identifier: GPL-3.0-or-later
"""How well an audit finds bad labels: 200 faults of known kinds among real lakes.

    python benchmarks/audit.py IMAGES MASKS --cache /tmp/opinions --json audit.json

Images are taken in the order of a hash of their names. One whose mask agrees with the bundled model
(IoU over 0.8 where there is data) counts as rightly labelled; its mask is cut at 127, black frames
are dry, and its outermost pixels repeat those further in, so that the data's own frame lines are
gone. Twenty faults of each of ten kinds are planted, one to an image; as many images stay as they
are, and so do windows that are all dry and all water. Then each pair is looked at as
`waterseg dataset import` does, by the same functions. Recall: faults that were found by their
kind. Precision: findings of a kind that are planted ones of that kind. A fault that brings another
along by its nature (an inverted mask calls the black frame water) is not counted against the
other kind.

The bundled model was trained on most of these images; `--names` takes a list of others.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from accuracy import read_mask, with_data
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from waterseg_core.dataset.audit_chip import Opinion, examine
from waterseg_core.dataset.audit_witness import Witness, load_witness
from waterseg_core.dataset.duplicates import groups_of
from waterseg_core.dataset.imports_pairs import Pair, find_pairs
from waterseg_core.dataset.imports_read import read_mask as read_mask_raster
from waterseg_core.dataset.imports_read import read_pixels, survey
from waterseg_core.geo import Window
from waterseg_core.strips import without_blanks

Bools = NDArray[np.bool_]
Pixels = NDArray[np.uint8]

AGREES = 0.8
EACH = 20
LEAST_PX, LEAST_SHARE, MOST_SHARE = 48, 0.03, 0.9
#: A turned or shifted mask must differ so much from the right one, in IoU, to be a fault.
DIFFERS = 0.75
#: Findings that a planted fault brings along by its nature.
ENTAILED = {
    "all_water": {"border", "frame_line"},
    "inverted": {"border", "frame_line"},
    "turned": {"border", "frame_line"},
    "shifted": {"border", "frame_line"},
    "speckle": {"border"},
    "frame_line": {"border"},
}


class Remembering(Witness):
    """A witness that keeps its opinions in a folder, so that a second run takes seconds."""

    def __init__(self, witness: Witness, folder: Path) -> None:
        self._inner, self._folder = witness, folder
        self.name, self.revision = witness.name, witness.revision
        folder.mkdir(parents=True, exist_ok=True)

    def opinion(self, image: Pixels) -> Opinion:
        """See Witness."""
        text = f"{self.name} {self.revision} {image.shape}".encode()
        file = self._folder / f"{hashlib.sha256(text + image.tobytes()).hexdigest()[:24]}.npz"
        if not file.is_file():
            said = self._inner.opinion(image)
            small = np.round(said.probability * 255).astype(np.uint8)
            np.savez_compressed(file, probability=small, threshold=said.threshold)
        with np.load(file) as kept:
            return Opinion(kept["probability"] / np.float32(255), float(kept["threshold"]))


@dataclass(frozen=True, eq=False)
class Base:
    """A rightly labelled image: RGB (h, w, 3) and its mask (h, w)."""

    name: str
    image: Pixels
    mask: Bools


def bases(
    args: argparse.Namespace, names: list[str], witness: Witness
) -> Iterator[tuple[Base, bool]]:
    """Images that can carry a fault, and whether the model agrees with their label."""

    def order(name: str) -> bytes:
        return hashlib.sha256(f"{args.seed or ''}{name}".encode()).digest()

    for name in sorted(names, key=order):
        picture = Image.open(args.images / name).convert("RGB")
        data = with_data(picture)
        mask = cleaned(read_mask(args.masks / name)) & data
        if min(mask.shape) < LEAST_PX or data.mean() < 0.5:
            continue
        if not LEAST_SHARE < mask[data].mean() < MOST_SHARE:
            continue
        image = np.asarray(picture)
        said = witness.opinion(image)
        shape = (mask.shape[1], mask.shape[0])
        grown = np.asarray(Image.fromarray(said.probability).resize(shape)) > said.threshold
        union = np.count_nonzero((grown | mask) & data)
        iou = np.count_nonzero(grown & mask & data) / max(union, 1)
        yield Base(name, image, mask), iou > AGREES


def cleaned(mask: Bools, rim: int = 4) -> Bools:
    """The mask with its outermost pixels as those further in: no frame lines."""
    inner = mask[rim:-rim, rim:-rim]
    return np.pad(inner, rim, mode="edge") if inner.size else mask


def all_water(base: Base, rng: np.random.Generator) -> tuple[Pixels, Bools]:
    return base.image, np.ones_like(base.mask)


def empty(base: Base, rng: np.random.Generator) -> tuple[Pixels, Bools]:
    return base.image, np.zeros_like(base.mask)


def inverted(base: Base, rng: np.random.Generator) -> tuple[Pixels, Bools]:
    return base.image, ~base.mask


def border(base: Base, rng: np.random.Generator) -> tuple[Pixels, Bools]:
    """A black wedge along one side, as reprojection leaves it, that the mask calls water."""
    height, width = base.mask.shape
    side, near, far = rng.integers(4), *rng.uniform(0.01, 0.15, 2)
    wedge = Image.new("L", (width, height))
    corners = [
        [(0, 0), (width, 0), (width, far * height), (0, near * height)],
        [(width, 0), (width, height), (width * (1 - far), height), (width * (1 - near), 0)],
        [(0, height), (width, height), (width, height * (1 - far)), (0, height * (1 - near))],
        [(0, 0), (near * width, 0), (far * width, height), (0, height)],
    ][side]
    ImageDraw.Draw(wedge).polygon(corners, fill=255)
    black = np.asarray(wedge) > 0
    image = base.image.copy()
    image[black] = 0
    return as_jpeg(image), base.mask | black


def turned(base: Base, rng: np.random.Generator) -> tuple[Pixels, Bools]:
    """One of the seven other positions of a square, stretched back if sides were swapped."""
    for turn in rng.permutation(np.arange(1, 8)).tolist():
        mask = np.rot90(base.mask.T if turn >= 4 else base.mask, turn % 4)
        picture = Image.fromarray(np.ascontiguousarray(mask).astype(np.uint8) * 255)
        mask = np.asarray(picture.resize(base.mask.shape[::-1], Image.Resampling.NEAREST)) > 0
        if iou(mask, base.mask) < DIFFERS:
            return base.image, mask
    raise ValueError("alike in every turn")


def shifted(base: Base, rng: np.random.Generator) -> tuple[Pixels, Bools]:
    """Moved by 6 to 15 % of the side; what comes in is dry."""
    for _ in range(20):
        angle, size = rng.uniform(0, 2 * np.pi), rng.uniform(0.06, 0.15)
        move = np.round(size * np.array([np.sin(angle), np.cos(angle)]) * base.mask.shape)
        mask = ndimage.shift(base.mask.astype(np.uint8), move, order=0) > 0
        if iou(mask, base.mask) < DIFFERS:
            return base.image, mask
    raise ValueError("alike in every shift")


def frame_line(base: Base, rng: np.random.Generator) -> tuple[Pixels, Bools]:
    mask = base.mask.copy()
    for side in rng.permutation(4)[: rng.integers(1, 5)].tolist():
        view = np.rot90(mask, side)
        if view[4].mean() < 0.5:
            view[: rng.integers(1, 3)] = True
    if (mask == base.mask).all():
        raise ValueError("water on every side")
    return base.image, mask


def speckle(base: Base, rng: np.random.Generator) -> tuple[Pixels, Bools]:
    return base.image, base.mask ^ (rng.random(base.mask.shape) < rng.uniform(0.12, 0.3))


def grey(base: Base, rng: np.random.Generator) -> tuple[Pixels, Bools]:
    return base.image, base.mask


def copy(base: Base, rng: np.random.Generator) -> tuple[Pixels, Bools]:
    """Another file of the same picture: turned, smaller and with more loss."""
    turn = int(rng.integers(8))
    image, mask = (part.swapaxes(0, 1) if turn >= 4 else part for part in (base.image, base.mask))
    image, mask = np.rot90(image, turn % 4), np.rot90(mask, turn % 4)
    picture = Image.fromarray(np.ascontiguousarray(image))
    scale = rng.uniform(0.5, 0.9)
    size = [max(round(side * scale), 16) for side in picture.size]
    drawn = Image.fromarray(np.ascontiguousarray(mask)).resize(size, Image.Resampling.NEAREST)
    return as_jpeg(np.asarray(picture.resize(size)), 60), np.asarray(drawn)


Plant = Callable[[Base, np.random.Generator], tuple[Pixels, Bools]]
PLANTS: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        *(all_water, empty, inverted, border, turned),
        *(grey, shifted, frame_line, speckle, copy),
    )
}


def iou(one: Bools, two: Bools) -> float:
    return float(np.count_nonzero(one & two) / max(np.count_nonzero(one | two), 1))


def as_jpeg(image: Pixels, quality: int = 90) -> Pixels:
    sink = io.BytesIO()
    Image.fromarray(image).save(sink, "JPEG", quality=quality)
    return np.asarray(Image.open(io.BytesIO(sink.getvalue())))


def write_pair(folder: Path, name: str, image: Pixels, mask: Bools, as_grey: bool) -> None:
    picture = folder / "images" / f"{name}.png"
    if picture.is_file():  # an earlier run with the same options
        return
    drawn = Image.fromarray(mask.astype(np.uint8) * 255)
    if as_grey:
        drawn.save(folder / "masks" / f"{name}.jpg", quality=75)
    else:
        drawn.save(folder / "masks" / f"{name}.png", compress_level=1)
    Image.fromarray(image).save(picture, compress_level=1)


def windows(base: Base, size: int = 128) -> Iterator[tuple[str, Pixels, Bools]]:
    """Windows of an image that are all dry or all water, `size` pixels wide."""
    height, width = base.mask.shape
    for row in range(0, height - size + 1, size):
        for col in range(0, width - size + 1, size):
            at = np.s_[row : row + size, col : col + size]
            share = base.mask[at].mean()
            if share in (0, 1) and base.image[at].max(axis=2).min() > 16:
                yield ("dry" if share == 0 else "wet"), base.image[at], base.mask[at]


def plant_all(args: argparse.Namespace, witness: Witness, folder: Path) -> dict[str, str]:
    """Write all pairs; the planted kind of each name, empty for those left as they are."""
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    everything = sorted(path.name for path in args.images.iterdir())
    names = args.names.read_text().split() if args.names else everything
    rng = np.random.default_rng(args.seed)
    kinds: dict[str, str] = {}
    todo = [kind for kind in PLANTS for _ in range(args.each)]
    clean = len(todo)
    for base, agrees in bases(args, names, witness):
        if not agrees:
            continue
        kind = ""
        if clean and (not todo or len(kinds) % 2 == 0):
            clean -= 1
        elif plant(base, todo[0], rng, folder, kinds):
            kind = todo.pop(0)
        else:  # this lake cannot carry this fault
            continue
        if not kind or kind == "copy":
            stem = Path(base.name).stem
            write_pair(folder, stem, base.image, base.mask, False)
            kinds[stem] = ""
        spare_windows(base, kinds, folder, args.windows)
        if not todo and not clean:
            break
    print(f"{len(kinds)} pairs, planted: {Counter(kinds.values())}")
    return kinds


def plant(
    base: Base, kind: str, rng: np.random.Generator, folder: Path, kinds: dict[str, str]
) -> bool:
    """Write a pair with a fault; False if this image cannot carry it."""
    try:
        image, mask = PLANTS[kind](base, rng)
    except ValueError:
        return False
    stem = Path(base.name).stem + ("-again" if kind == "copy" else "")
    write_pair(folder, stem, image, mask, kind == "grey")
    kinds[stem] = kind
    return True


def spare_windows(base: Base, kinds: dict[str, str], folder: Path, most: int) -> None:
    """Write a dry and a wet window of an image, if it has them and they are wanted."""
    for what, image, mask in windows(base):
        name = f"{what}-{Path(base.name).stem}"
        if name not in kinds and sum(own.startswith(what) for own in kinds) < most:
            write_pair(folder, name, image, mask, False)
            kinds[name] = ""


def look_at(pair: Pair, witness: Witness | None) -> tuple[str, set[str], NDArray[np.float32]]:
    """Name, kinds that were found, and fingerprint of a pair, as an import sees it."""
    seen = survey(pair)
    assert seen.fingerprint is not None
    classes, greys = read_mask_raster(pair.mask, 1)
    ((tile, _),) = read_pixels(pair.image, [Window(0, 0, *classes.shape)])
    opinion = witness.opinion(without_blanks(tile)) if witness is not None else None
    verdict = examine(tile.rgb, classes, opinion, ~tile.valid)
    found = {finding.kind for finding in (*greys, *verdict.findings)}
    return pair.image.stem, found, seen.fingerprint


def look_at_all(
    folder: Path, kinds: dict[str, str], witness: Witness | None
) -> dict[str, set[str]]:
    """The kinds that were found at each name; look-alikes are a kind of their own here."""
    pairs, _ = find_pairs(folder / "images", folder / "masks")
    pairs = [pair for pair in pairs if pair.image.stem in kinds]
    with ThreadPoolExecutor(2) as pool:
        looks = list(pool.map(lambda pair: look_at(pair, witness), pairs))
    found = {name: own for name, own, _ in looks}
    groups = groups_of(np.stack([prints for _, _, prints in looks]), list(found))
    whole = [name for name in found if not name.startswith(("dry-", "wet-"))]
    of = dict(zip(found, groups, strict=True))
    mates = Counter(of[name] for name in whole)
    for name in whole:
        if mates[of[name]] > 1:
            found[name].add("copy")
    return found


def judge(kinds: dict[str, str], found: dict[str, set[str]]) -> dict[str, Any]:
    """Recall and precision per kind, with the names of what went wrong."""
    told = {}
    for kind in PLANTS:
        planted = {name for name, own in kinds.items() if own == kind}
        if kind == "copy":  # the pair is found, so both are right
            planted |= {name.removesuffix("-again") for name in planted}
        said = {name for name, own in found.items() if kind in own}
        false = {name for name in said - planted if kind not in ENTAILED.get(kinds[name], set())}
        right = len(said & planted)
        told[kind] = {
            "planted": len(planted),
            "recall": round(right / max(len(planted), 1), 3),
            "precision": round(right / max(right + len(false), 1), 3),
            "missed": sorted(planted - said),
            "false": sorted(false),
        }
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("masks", type=Path)
    parser.add_argument("--names", type=Path, help="a file with one name a line; default: all")
    parser.add_argument("--cache", type=Path, required=True, help="where opinions are kept")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", type=int, default=EACH, help="faults of each kind")
    parser.add_argument("--windows", type=int, default=60, help="dry, and wet, windows")
    parser.add_argument("--model", default="nano", help="none: audit without one")
    parser.add_argument("--pairs", type=Path, help="where planted pairs are kept")
    parser.add_argument("--json", type=Path, help="write the numbers here as well")
    args = parser.parse_args()
    nano = load_witness("nano", "segment water", "auto")
    assert nano is not None
    witness = Remembering(nano, args.cache)
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.pairs or Path(scratch)
        kinds = plant_all(args, witness, folder)
        began = time.monotonic()
        found = look_at_all(folder, kinds, None if args.model == "none" else witness)
        told: dict[str, Any] = judge(kinds, found)
        told["seconds"] = round(time.monotonic() - began, 1)
    print(json.dumps(told, indent=2))
    if args.json:
        args.json.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
