# SPDX-License-Identifier: GPL-3.0-or-later
"""build_set: from scenes and what is drawn on them to a training set, the story on one screen.

    inputs -> plan (no pixels) -> hidden folder -> chips, row by row -> index, card, map -> rename

Memory is one row of chips, whatever the scenes' size. A set is complete or absent; a run that is
stopped or killed goes on with the chips it has made, and gives the same bytes.
"""

from __future__ import annotations

import importlib.metadata
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from waterseg_core.dataset.adding import Before
from waterseg_core.dataset.card import poor_chips, write_card
from waterseg_core.dataset.chips import chip_id
from waterseg_core.dataset.folder import About, Chip, write_index
from waterseg_core.dataset.hidden import Hidden, told
from waterseg_core.dataset.look import data_share
from waterseg_core.dataset.map import write_map
from waterseg_core.dataset.passing import put_tree, share
from waterseg_core.dataset.plan import Plan, Site, plan_sites
from waterseg_core.dataset.work import BuildProgress, Input, Watch, Work
from waterseg_core.errors import Cancelled, DatasetError, OutputError
from waterseg_core.geo import Window
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.options_dataset import BuildOptions

__all__ = ["BuildProgress", "Built", "Input", "build_set", "site_of"]

#: So many chips that the codec cannot carry are named in a note; the card has more.
NAMED = 5


@dataclass(frozen=True)
class Built:
    """A set that was made: its folder, all its chips, and sentences for the person.

    new: how many chips were added to what was there; resumed: how many of these an interrupted
    run had made.
    """

    path: Path
    chips: tuple[Chip, ...]
    notes: tuple[str, ...]
    new: int
    resumed: int


def site_of(given: Input) -> Site:
    """What a plan needs to know of an input."""
    scene = given.scene
    return Site(
        scene.name,
        scene.georef,
        scene.height,
        scene.width,
        given.drawn,
        given.decided,
        data_share(scene.overview.valid, scene.height, scene.width),
        given.alike,
    )


def build_set(
    inputs: Sequence[Input],
    out: Path,
    options: BuildOptions,
    *,
    plan: Plan | None = None,
    progress: Watch | None = None,
    cancel: threading.Event | None = None,
) -> Built:
    """Make a training set of the inputs in the folder `out`, which appears when it is whole.

    All inputs have the same labels. plan: of the same inputs, if somebody has it already.
    Raises DatasetError, RasterError, CodecError, OutputError, and Cancelled once `cancel` is
    set: then the same call goes on later.
    """
    _check_names(inputs)
    before = _before(out)
    codec = MaskCodec.load(options.codec)
    if before is not None:
        before.check(_about(inputs, options, codec, Plan(())))
    plan = plan or _plan(inputs, options, before, progress, cancel)
    about = _about(inputs, options, codec, plan)
    if before is not None:
        about = before.about(about)
        plan = _new(plan, before, inputs)
        about = _with_note(about, _redrawn(before, inputs))
        if not plan.taken:
            return Built(out, before.folder.chips, about.notes, 0, 0)
    elif not any(chip.state == "water" for chip in plan.taken):
        raise DatasetError(_no_water(plan, options))
    hidden = Hidden.claim(out, _job(inputs, plan, about, before))
    try:
        if before is not None:
            with told(out):
                put_tree(out, hidden.set, share)
        resumed = len(hidden.chips)
        chips, note = Work(inputs, plan, options, codec, hidden, progress, cancel).run()
        about = _with_note(_with_note(about, note), _poor(chips, options.min_iou))
        own = before.folder.chips if before is not None else ()
        whole = _sorted((*own, *chips), about.sources)
        _finish(hidden, inputs, about, whole, options)
    finally:
        hidden.release()
    return Built(out, whole, about.notes, len(chips), resumed)


def _before(out: Path) -> Before | None:
    """The set that is there; raises OutputError if the place cannot be written."""
    if not out.absolute().parent.is_dir():
        raise OutputError(f"The folder {out.absolute().parent} does not exist; make it first.")
    with told(out), tempfile.TemporaryFile(dir=out.absolute().parent, prefix=".waterseg-"):
        pass
    Hidden.recover(out)
    return Before.at(out)


def _plan(
    inputs: Sequence[Input],
    options: BuildOptions,
    before: Before | None,
    progress: Watch | None,
    cancel: threading.Event | None,
) -> Plan:
    def tick(done: int, total: int) -> None:
        if cancel is not None and cancel.is_set():
            raise Cancelled("Stopped while planning; nothing was written.")
        if progress is not None:
            progress(BuildProgress(done, total, 0, planning=True))

    fixed = before.fixed if before is not None else None
    return plan_sites([site_of(each) for each in inputs], options, fixed, tick)


def _new(plan: Plan, before: Before, inputs: Sequence[Input]) -> Plan:
    """The plan without the chips that the set holds or that an audit set aside."""
    known = before.chips.keys() | before.rejected
    chips = tuple(
        replace(chip, split="", why="in the set already, or set aside by an audit")
        if chip_id(inputs[chip.site].scene.name, chip.window) in known
        else chip
        for chip in plan.chips
    )
    return replace(plan, chips=chips)


def _redrawn(before: Before, inputs: Sequence[Input]) -> str:
    count = before.redrawn({each.scene.name: each.drawn for each in inputs})
    if not count:
        return ""
    return (
        f"{count} chips of {before.folder.path.name} are drawn otherwise now; they stay as they "
        "were. Build into another folder to have the new drawing."
    )


def _with_note(about: About, note: str) -> About:
    notes = (*about.notes, note) if note else about.notes
    return replace(about, notes=tuple(dict.fromkeys(notes)))


def _poor(chips: Sequence[Chip], min_iou: float) -> str:
    """Names the chips that 16 codes cannot carry."""
    poor = poor_chips(chips, min_iou)
    if not poor:
        return ""
    named = ", ".join(chip.id for chip in poor[:NAMED])
    more = f" and {len(poor) - NAMED} more" if len(poor) > NAMED else ""
    return (
        f"The answers of {len(poor)} chips decode to an IoU under {min_iou:g}, so they "
        f"teach little: {named}{more} (see --min-iou, and the manifest)."
    )


def _sorted(chips: Sequence[Chip], sources: Sequence[str]) -> tuple[Chip, ...]:
    """Source by source, row by row."""
    place = {source: number for number, source in enumerate(sources)}
    return tuple(sorted(chips, key=lambda chip: (place[chip.source], chip.row, chip.col)))


def _finish(
    hidden: Hidden,
    inputs: Sequence[Input],
    about: About,
    chips: Sequence[Chip],
    options: BuildOptions,
) -> None:
    """Write what describes the chips, and put the set in its place."""
    with told(hidden.target):
        write_map(hidden.set / "map.png", [each.scene for each in inputs], chips, hidden.set)
        # Nothing of a set depends on what its folder is called.
        name = f"Training set: {about.prefix}"
        write_card(hidden.set / "README.md", name, about, chips, options.min_iou)
        write_index(hidden.set, about, chips)
    hidden.finish()


def _check_names(inputs: Sequence[Input]) -> None:
    """Raise DatasetError if chips of two rasters would have the same names."""
    seen: dict[str, str] = {}
    for name in (each.scene.name for each in inputs):
        stem = chip_id(name, Window(0, 0, 1, 1))
        if stem in seen:
            raise DatasetError(
                f"The chips of {seen[stem]} and of {name} would have the same names. Rename one of "
                "the rasters."
            )
        seen[stem] = name


def _no_water(plan: Plan, options: BuildOptions) -> str:
    counts = ", ".join(f"{count} {state}" for state, count in plan.counts.items() if count)
    return (
        f"No chip of {options.tile} pixels holds enough water to learn from ({counts}). Draw more, "
        "or look at --tile, --min-water, --min-known and --aoi."
    )


def _about(inputs: Sequence[Input], options: BuildOptions, codec: MaskCodec, plan: Plan) -> About:
    labels = inputs[0].drawn.labels
    notes: Iterable[str] = (
        *(note for each in inputs for note in (*each.scene.notes, *each.drawn.notes, *each.notes)),
        *plan.notes,
        *_taken_for_dry(plan, inputs),
    )
    return About(
        prefix=options.prefix or "segment " + " ; ".join(labels),
        labels=labels,
        codec=codec.path.name,
        codec_sha256=codec.sha256,
        options=_said(options, plan),
        sources=tuple(each.scene.name for each in inputs),
        licence=options.licence,
        notes=tuple(dict.fromkeys(notes)),
        waterseg=importlib.metadata.version("waterseg-core"),
    )


def _taken_for_dry(plan: Plan, inputs: Sequence[Input]) -> Iterator[str]:
    """What a person should know who did not say where the labelling is complete."""
    for number, given in enumerate(inputs):
        dry = any(chip.state == "dry" for chip in plan.taken if chip.site == number)
        if dry and given.drawn.is_everywhere:
            yield (
                f"All of {given.scene.name} counts as labelled: where no water is drawn, it is dry "
                "(see --aoi)."
            )


def _said(options: BuildOptions, plan: Plan) -> dict[str, Any]:
    """The options as `dataset.json` states them: nothing in it depends on where files are."""
    values = dict(vars(options))
    for name in ("masks", "aoi", "codec"):
        values[name] = Path(values[name]).name if values[name] else None
    layout = vars(plan.layout) if plan.layout is not None else None
    return {**values, "layout": layout}


def _job(
    inputs: Sequence[Input], plan: Plan, about: About, before: Before | None
) -> dict[str, Any]:
    """Everything that finished chips depend on."""
    return {
        "before": before.key if before is not None else "",
        "scenes": [each.scene.fingerprint() for each in inputs],
        "drawn": [each.drawn.fingerprint() for each in inputs],
        "about": vars(about),
        "chips": [
            [chip.site, chip.id, chip.split, chip.group, chip.trusted] for chip in plan.taken
        ],
    }
