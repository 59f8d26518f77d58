# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan: what setting up the engine would do, how much it takes and where it goes.

Nothing is changed here. The user sees the plan before anything is downloaded.
"""

import glob
import os
import shutil
from dataclasses import dataclass

from ..words import tr
from .child import output_of
from .pythons import candidates, probe, python_of

HERE = os.path.dirname(__file__)
CONSTRAINTS = os.path.join(HERE, "constraints.txt")
TORCH = "torch==2.13.0"
INDEXES = {
    "cpu": "https://download.pytorch.org/whl/cpu",
    "cuda": "https://download.pytorch.org/whl/cu126",
}
MEGABYTE = 1_000_000
#: (download, on disk) in megabytes, measured on Linux; for cuda estimated.
SIZES = {"cpu": (550, 2000), "cuda": (3300, 7500)}


@dataclass(frozen=True)
class Plan:
    """What would be done. torch: "cpu" or "cuda". problem: why it cannot be, or empty.

    wheel: the engine's own package, from the plugin. steps: (title, arguments) for the
    interpreter `python` (the first) and for that of the new environment (the others).
    """

    folder: str
    python: str = ""
    python_version: str = ""
    torch: str = "cpu"
    torch_reason: str = ""
    download_bytes: int = 0
    disk_bytes: int = 0
    free_bytes: int = 0
    offline: bool = False
    wheel: str = ""
    wheel_folder: str = ""
    steps: tuple = ()
    problem: str = ""

    @property
    def own_python(self):
        """The interpreter that the new environment will have."""
        return python_of(self.folder)

    @property
    def commands(self):
        """The steps as lines that a person could type."""
        lines = []
        for number, (_, arguments) in enumerate(self.steps):
            program = self.python if number == 0 else self.own_python
            lines.append(" ".join(_quoted(part) for part in (program, *arguments)))
        return lines


def make_plan(settings):
    """The `Plan` for these settings. Runs each Python that it finds: takes seconds."""
    python = _suitable_python()
    kind, reason = _torch_kind(settings.device)
    download, disk = (size * MEGABYTE for size in SIZES[kind])
    wheel = bundled_wheel()
    plan = Plan(
        folder=settings.own_folder,
        python=python.path if python else "",
        python_version=python.version_text if python else "",
        torch=kind,
        torch_reason=reason,
        download_bytes=0 if settings.wheel_folder else download,
        disk_bytes=disk,
        free_bytes=_free(settings.own_folder),
        offline=bool(settings.wheel_folder),
        wheel=wheel,
        wheel_folder=settings.wheel_folder,
    )
    return _complete(plan)


def bundled_wheel():
    """The engine's wheel in the plugin's folder; empty in a checkout that was not packaged."""
    found = sorted(glob.glob(os.path.join(HERE, "waterseg_core-*.whl")))
    return found[-1] if found else ""


def _complete(plan):
    values = {**vars(plan), "steps": _steps(plan), "problem": _problem(plan)}
    return Plan(**values)


def _steps(plan):
    pip = (
        "-I",
        "-m",
        "pip",
        "install",
        "--no-input",
        "--progress-bar",
        "off",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
        "--constraint",
        CONSTRAINTS,
    )
    if plan.offline:
        source = ("--no-index", "--find-links", plan.wheel_folder)
        torch = (*pip, *source, TORCH)
        rest = (*pip, *source, plan.wheel)
    else:
        # Each index on its own: mixed, a package of one may shadow that of the other. What PyTorch
        # needs comes with the next step, in the versions that we tested.
        torch = (*pip, "--no-deps", "--index-url", INDEXES[plan.torch], TORCH)
        rest = (*pip, plan.wheel)
    return (
        (tr("Making the environment"), ("-I", "-m", "venv", plan.folder)),
        (tr("Installing PyTorch"), torch),
        (tr("Installing waterseg"), rest),
    )


def _problem(plan):
    """The sentence that stands in the way, or empty."""
    if not plan.wheel:
        return tr(
            "This copy of the plugin has no engine in it. Install the plugin from the zip that "
            "make package builds, or choose a Python in which waterseg is installed."
        )
    if not plan.python:
        return tr(
            "No Python from 3.11 on with the module venv was found. Install one from python.org "
            "(on Debian or Ubuntu: sudo apt install python3-venv) and try again, or connect to a "
            "server."
        )
    if plan.offline and not os.path.isdir(plan.wheel_folder):
        return tr("There is no folder of wheels {folder}.").format(folder=plan.wheel_folder)
    if plan.free_bytes and plan.free_bytes < plan.disk_bytes:
        return tr(
            "There is not enough room: {folder} needs {need:.1f} GB, and {free:.1f} GB are free. "
            "Make room, or choose another folder."
        ).format(folder=plan.folder, need=plan.disk_bytes / 1e9, free=plan.free_bytes / 1e9)
    return ""


def _suitable_python():
    """The first interpreter that can make an environment; None if there is none."""
    for path in candidates():
        found = probe(path)
        if found is not None and found.can_make_environments:
            return found
    return None


def _torch_kind(device):
    """("cpu" or "cuda", why)."""
    if device == "cpu":
        return "cpu", tr("chosen in the options")
    smi = shutil.which("nvidia-smi")
    if smi is None:
        return "cpu", tr("no NVIDIA graphics card was found")
    query = ["--query-gpu=name,driver_version", "--format=csv,noheader"]
    code, lines = output_of(smi, query)
    if code != 0 or not lines or "," not in lines[0]:
        return "cpu", tr("the driver of the NVIDIA graphics card does not answer")
    return "cuda", lines[0]


def _free(folder):
    """Free bytes where a folder will be; 0 if nobody knows."""
    while folder and not os.path.isdir(folder):
        parent = os.path.dirname(folder)
        folder = "" if parent == folder else parent
    try:
        return shutil.disk_usage(folder or os.path.expanduser("~")).free
    except OSError:
        return 0


def _quoted(part):
    return f'"{part}"' if " " in part else part
