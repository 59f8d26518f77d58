# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person names becomes a source: a JSONL file, two folders, or a raster with polygons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from waterseg_core.dataset.entries import Entry, read_entries
from waterseg_core.dataset.folder import ABOUT, MASKS, SPLITS, DatasetFolder
from waterseg_core.errors import DatasetError, GrammarError, ModelAccessError, OptionError
from waterseg_core.evaluation.cases import Source
from waterseg_core.evaluation.pairs import ClassMask, GreyMask, Pair, PairSource, Spoken, Truth
from waterseg_core.evaluation.windows import WindowSource
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.options_evaluate import SMALL_PX, EvaluateOptions
from waterseg_core.tokens import Instance, parse_text

__all__ = ["source_of"]

#: Files beside images that are none.
NO_IMAGES = {".json", ".jsonl", ".xml", ".txt", ".csv", ".md", ".tfw", ".jgw", ".pgw", ".wld"}


def source_of(target: str | None, options: EvaluateOptions) -> Source:
    """The source that `target` (a JSONL file, a set's folder or a raster) and `options` name.

    Raises OptionError if they name none or several, and DatasetError, RasterError or AreaError if
    what they name cannot be used.
    """
    if options.images is not None and options.masks is not None:
        if target is not None:
            raise OptionError(f"{target} and --images: give one of them.")
        return _folders(Path(options.images), Path(options.masks), options)
    if target is None:
        raise OptionError(
            "Name what to evaluate on: a JSONL file, --images and --masks, or a raster and its "
            "--truth."
        )
    if options.truth is not None:
        if options.names is not None:
            raise OptionError("--names chooses among images; a raster with --truth has none.")
        return WindowSource(target, options.truth, options.pipeline(), options.window)
    path = Path(target)
    if path.is_dir():
        return _lines(_split_of(path), options)
    if path.suffix.lower() not in (".jsonl", ".json") and path.exists():
        raise OptionError(f"{target} is no JSONL file; a raster needs its water with --truth.")
    return _lines(path, options)


def _split_of(folder: Path) -> Path:
    """The lines to judge by in a set: those for testing, else for validation."""
    for split in reversed(SPLITS[1:]):
        if (folder / f"{split}.jsonl").is_file():
            return folder / f"{split}.jsonl"
    raise DatasetError(
        f"{folder} has neither a test.jsonl nor a val.jsonl. Name a JSONL file, or folders with "
        "--images and --masks."
    )


def _folders(images: Path, masks: Path, options: EvaluateOptions) -> PairSource:
    """Pairs of one name, whatever their endings."""
    pictures, truths = _files(images, "--images"), _files(masks, "--masks")
    wanted = _wanted(options)
    both = sorted(pictures.keys() & truths.keys())
    if wanted is not None:
        both = [name for name in both if name in wanted]
    if not both:
        among = "" if wanted is None else f" among the names in {options.names}"
        raise DatasetError(
            f"{images} and {masks} have no file names in common{among}. A mask has the name of its "
            "image; only the ending may be another."
        )
    alone = len(pictures.keys() - truths.keys()) if wanted is None else len(wanted) - len(both)
    notes = [f"{alone} images without a mask are left out."] if alone > 0 else []
    cases = [_pair(name, pictures[name], GreyMask(truths[name]), "", options) for name in both]
    return PairSource(cases, notes)


def _files(folder: Path, flag: str) -> dict[str, Path]:
    """Files of a folder by name without ending."""
    if not folder.is_dir():
        raise OptionError(f"{flag} {folder}: there is no such folder.")
    return {
        path.stem: path
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith(".") and path.suffix.lower() not in NO_IMAGES
    }


def _wanted(options: EvaluateOptions) -> set[str] | None:
    """Names without endings that --names lists."""
    if options.names is None:
        return None
    if not Path(options.names).is_file():
        raise OptionError(f"--names {options.names}: there is no such file.")
    try:
        lines = Path(options.names).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(f"--names {options.names}: cannot be read as text.") from error
    return {Path(line.strip()).stem for line in lines if line.strip()}


def _lines(path: Path, options: EvaluateOptions) -> PairSource:
    """The images of a JSONL file; lines about one image are put together."""
    entries = read_entries(path)
    asked = options.prompt
    if asked is not None and any(entry.prefix.strip() == asked for entry in entries):
        entries = [entry for entry in entries if entry.prefix.strip() == asked]
    wanted = _wanted(options)
    if wanted is not None:
        entries = [entry for entry in entries if Path(entry.image).stem in wanted]
    if not entries:
        raise DatasetError(f"{path} has no lines to evaluate on.")
    by_image: dict[str, list[Entry]] = {}
    for entry in entries:
        by_image.setdefault(entry.image, []).append(entry)
    truths, notes = _truths(path, by_image, options)
    groups = _groups(path.parent)
    cases = [
        _pair(image, _image(path, image), truths[image], groups.get(image, ""), options)
        for image in by_image
    ]
    prefixes = Counter(entry.prefix.strip() for entry in entries)
    return PairSource(cases, notes, prefixes.most_common(1)[0][0] or None)


def _image(path: Path, image: str) -> Path:
    """Where a line's image is; Roboflow keeps some in a folder beside."""
    places = [path.parent / image, path.parent / "images" / image]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise DatasetError(f"{places[0]} is missing, though {path.name} names it.")
    return found


def _truths(
    path: Path, by_image: dict[str, list[Entry]], options: EvaluateOptions
) -> tuple[dict[str, Truth], list[str]]:
    """Each image's truth: its mask where there is one, else what its suffixes decode to."""
    masks = {image: path.parent / MASKS / f"{Path(image).stem}.png" for image in by_image}
    truths: dict[str, Truth] = {
        image: ClassMask(mask) for image, mask in masks.items() if mask.is_file()
    }
    spoken = [image for image in by_image if image not in truths]
    if not spoken:
        return truths, []
    said = {image: _instances(path, by_image[image]) for image in spoken}
    if not any(said.values()):
        dry = f"{len(spoken)} of {len(by_image)} images have neither mask nor suffix: they are dry."
        return truths | dict.fromkeys(spoken, Spoken()), [dry]
    codec = _truth_codec(path, options.truth_codec)
    truths |= {image: Spoken(said[image], codec) for image in spoken}
    note = (
        f"{len(spoken)} of {len(by_image)} images have no mask: their truth is what their suffixes "
        f"decode to with the codec {codec.path.name}, which loses detail."
    )
    return truths, [note]


def _truth_codec(path: Path, name: str) -> MaskCodec:
    try:
        return MaskCodec.load(None if name == "nano" else name)
    except ModelAccessError as error:
        raise ModelAccessError(
            f"{path} names images without masks, and the codec that made their suffixes cannot be "
            "fetched. Name its file with --truth-codec, or nano if it was waterseg's own."
        ) from error


def _instances(path: Path, entries: Iterable[Entry]) -> tuple[Instance, ...]:
    found: list[Instance] = []
    for entry in entries:
        try:
            found += parse_text(entry.suffix)
        except GrammarError as error:
            raise DatasetError(
                f"{path}: the suffix of {entry.image} is no answer in segment tokens, and there is "
                f"no mask for it. {error}"
            ) from error
    return tuple(found)


def _groups(folder: Path) -> dict[str, str]:
    """The groups of the set's chips, by image; near-duplicates and neighbours share one."""
    if not (folder / ABOUT).is_file():
        return {}
    chips = DatasetFolder(folder).chips
    return {chip.image: chip.group for chip in chips if chip.group}


def _pair(name: str, image: Path, truth: Truth, group: str, options: EvaluateOptions) -> Pair:
    return Pair(
        name,
        image,
        truth,
        group or name,
        options.pipeline(),
        side=SMALL_PX if options.protocol == "256" else None,
        count_frames=options.count_frames,
    )
