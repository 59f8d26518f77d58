# SPDX-License-Identifier: GPL-3.0-or-later
"""Which codec a set's suffixes speak: the one whose hash the set states, or one that was given.

Decoding with another codec gives pictures that look plausible and are wrong, so a wrong file is
refused instead.
"""

from __future__ import annotations

from pathlib import Path

from waterseg_core.dataset.folder import About, DatasetFolder
from waterseg_core.dataset.foreign import ForeignSet, is_foreign
from waterseg_core.errors import CodecError, DatasetError
from waterseg_core.maskcodec import MaskCodec
from waterseg_core.maskcodec_files import GOOGLE, GOOGLE_FILE

__all__ = ["BUNDLED", "check_masks", "codec_of", "load_codec", "open_decoded", "open_drawn"]

BUNDLED = "bundled"


def load_codec(choice: str) -> MaskCodec:
    """A codec by choice: `bundled`, `google` (fetched if it is not there), or a path.

    Raises CodecError, or ModelAccessError where it cannot be fetched.
    """
    return MaskCodec.load(None if choice == BUNDLED else choice)


def codec_of(path: Path, about: About, choice: str | None) -> MaskCodec:
    """The codec that made the suffixes of the set of ours at `path`.

    choice: a file, `google` or `bundled`; None looks for the one that the set names. Raises
    CodecError if it is not that one, or if it is not at hand.
    """
    if choice is None:
        bundled = MaskCodec.load()
        if about.codec_sha256 == bundled.sha256:
            return bundled
        if about.codec_sha256 != GOOGLE_FILE.sha256:
            raise CodecError(
                f"{path} was made with the codec {about.codec} (SHA-256 "
                f"{about.codec_sha256[:12]}…), which does not come with waterseg: give the file "
                "with --codec, or make the suffixes again with waterseg dataset retarget --codec "
                f"{BUNDLED}."
            )
        choice = GOOGLE
    codec = load_codec(choice)
    if codec.sha256 != about.codec_sha256:
        raise CodecError(
            f"{codec.path} is not the codec that made the suffixes of {path}, which is "
            f"{about.codec} (SHA-256 {about.codec_sha256[:12]}…). Give that one, or make the "
            f"suffixes again: waterseg dataset retarget {path} --codec {choice}."
        )
    return codec


def open_decoded(path: Path, choice: str | None) -> tuple[DatasetFolder | ForeignSet, MaskCodec]:
    """A set of ours or of others, and the codec that its suffixes speak; others' is Google's.

    Raises DatasetError if it is no set, or one that has no masks; CodecError.
    """
    if not is_foreign(path):
        ours = DatasetFolder(path)
        return ours, codec_of(path, ours.about, choice)
    theirs, codec = _theirs(path, choice)
    return theirs, codec


def open_drawn(path: Path, choice: str | None) -> DatasetFolder | ForeignSet:
    """A set with its masks: ours as drawn, others' as decoded by the codec of choice or Google's.

    Raises DatasetError if it is no set, or one that has no masks; CodecError.
    """
    return _theirs(path, choice)[0] if is_foreign(path) else DatasetFolder(path)


def _theirs(path: Path, choice: str | None) -> tuple[ForeignSet, MaskCodec]:
    check_masks(ForeignSet(path))
    codec = load_codec(choice or GOOGLE)
    return ForeignSet(path, codec), codec


def check_masks(found: DatasetFolder | ForeignSet) -> None:
    """Raise DatasetError if a set has chips to segment, but no mask for any."""
    if isinstance(found, DatasetFolder) or found.has_masks:
        return
    if any(not chip.is_dry for chip in found.chips):
        why = " ".join(found.about.notes)
        raise DatasetError(
            f"{found.path} has no masks: {why} To segment, masks are needed: import images and "
            "masks with waterseg dataset import."
        )
