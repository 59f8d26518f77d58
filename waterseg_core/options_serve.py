# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of `waterseg serve`, declared as those of `segment` are."""

from __future__ import annotations

from dataclasses import dataclass

from waterseg_core.errors import OptionError
from waterseg_core.optionfield import check_all, option
from waterseg_core.options import DEVICES, DTYPES, MODEL

SERVER, LIMITS = "Server", "Limits"


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """How a server listens and what it takes. Raises OptionError when a value makes no sense."""

    host: str = option(
        "127.0.0.1",
        help="The address to listen on; anything but this computer needs a token.",
        group=SERVER,
        metavar="ADDRESS",
    )
    port: int = option(
        8470,
        help="The port to listen on; 0 takes any free one.",
        group=SERVER,
        metavar="PORT",
        low=0,
        high=65535,
    )
    token_file: str | None = option(
        None,
        help="A file that holds the token which requests must bring.",
        group=SERVER,
        metavar="FILE",
        default_text="the environment variable WATERSEG_TOKEN; on this computer else a new one",
    )
    tls_cert: str | None = option(
        None,
        help="The certificate (PEM, with its chain) to speak HTTPS with.",
        group=SERVER,
        metavar="FILE",
    )
    tls_key: str | None = option(
        None,
        help="The certificate's private key (PEM).",
        group=SERVER,
        metavar="FILE",
    )
    work_dir: str | None = option(
        None,
        help="The folder where jobs are kept.",
        group=SERVER,
        metavar="FOLDER",
        default_text="the user's cache folder",
    )
    model: str = option(
        "nano",
        help="Models on offer, with commas between them: nano, folders, names on the Hugging Face "
        "hub. The first one is the default.",
        group=MODEL,
        metavar="NAMES",
    )
    device: str = option(
        "auto",
        help="Where the models run.",
        group=MODEL,
        choices=DEVICES,
    )
    dtype: str = option(
        "auto",
        help="The precision that the models compute in.",
        group=MODEL,
        choices=DTYPES,
    )
    max_pixels: int = option(
        10_000_000_000,
        help="The largest raster.",
        group=LIMITS,
        unit="pixels",
        low=1,
    )
    max_jobs: int = option(
        16,
        help="How many jobs may be under way at once.",
        group=LIMITS,
        unit="jobs",
        low=1,
    )
    max_body: int = option(
        64,
        help="The largest body of a request.",
        group=LIMITS,
        unit="MiB",
        low=1,
    )

    train: bool = option(
        True,
        help="Let clients train models here.",
        group=LIMITS,
    )

    allow_uploads: bool = option(
        False,
        help="Take models that are sent, and remove them when asked to.",
        group=LIMITS,
    )
    max_upload: int = option(
        16,
        help="The largest model that may be sent.",
        group=LIMITS,
        unit="GiB",
        low=1,
    )

    def __post_init__(self) -> None:
        """Check every value alone, then those that depend on each other."""
        check_all(self)
        if (self.tls_cert is None) != (self.tls_key is None):
            raise OptionError("--tls-cert and --tls-key belong together; give both or none.")

    @property
    def models(self) -> tuple[str, ...]:
        """The names of the models on offer."""
        return tuple(name.strip() for name in self.model.split(",") if name.strip())
