# SPDX-License-Identifier: GPL-3.0-or-later
"""Every error that waterseg raises on purpose.

The text of an error is one or two sentences for the person who can act: what is wrong,
with which file or option, and what to do. The command line prints it and nothing else.

    WatersegError
      InputError                 (also ValueError)   what was given cannot be used
        OptionError              an option's value makes no sense
        RasterError              a raster is missing, broken or unsuitable
          NoPixelsError          the raster has no valid pixel where one is needed
          GeoreferenceError      the raster's place on Earth is missing or unusable
        AreaError                the area of interest cannot be used
        DatasetError             a training set, or what it is made of, cannot be used
      ModelError                 a checkpoint, codec or adapter cannot be used
        ModelAccessError         a model is not on this computer and cannot be fetched
        CodecError               a mask codec's file is missing or not what it should be
      GrammarError               (also ValueError)   text or ids that are no instances
      OutputError                (also OSError)      a result cannot be written
      JobError                   a server cannot do that with a job
        NoSuchJobError           there is no such job
        NoSuchModelError         there is no such model, or upload of one
        JobStateError            the job is in a state in which that makes no sense
        BusyError                not now; the same again in a while
        TooLargeError            more than the server takes
        NotAllowedError          whoever runs the server does not allow it
      Cancelled                  the person stopped the work; what is finished is kept
"""

from __future__ import annotations


class WatersegError(Exception):
    """Root of the tree; its text is shown to the user as it is."""

    exit_code = 1


class InputError(WatersegError, ValueError):
    """What was given cannot be used."""

    exit_code = 2


class OptionError(InputError):
    """An option's value makes no sense."""


class RasterError(InputError):
    """A raster is missing, broken or unsuitable."""

    exit_code = 3


class NoPixelsError(RasterError):
    """The raster has no valid pixel where one is needed."""


class GeoreferenceError(RasterError):
    """The raster's place on Earth is missing or unusable."""


class AreaError(InputError):
    """The area of interest cannot be used."""

    exit_code = 3


class DatasetError(InputError):
    """A training set, or what it is made of, cannot be used."""

    exit_code = 3


class ModelError(WatersegError):
    """A checkpoint, codec or adapter cannot be used."""

    exit_code = 4


class ModelAccessError(ModelError):
    """A model is not on this computer and cannot be fetched."""


class CodecError(ModelError):
    """A mask codec's file is missing or not what it should be."""


class GrammarError(WatersegError, ValueError):
    """Text or token ids that are not PaliGemma instances."""


class OutputError(WatersegError, OSError):
    """A result cannot be written."""

    exit_code = 5


class Cancelled(WatersegError):
    """The person stopped the work; what is finished is kept."""

    exit_code = 130


class JobError(WatersegError):
    """A server cannot do that with a job."""


class NoSuchJobError(JobError):
    """There is no such job."""


class NoSuchModelError(JobError):
    """There is no such model, or upload of one."""


class JobStateError(JobError):
    """The job is in a state in which that makes no sense."""


class BusyError(JobError):
    """Not now; the same again in a while."""


class TooLargeError(JobError):
    """More than the server takes."""


class NotAllowedError(JobError):
    """Whoever runs the server does not allow it."""
