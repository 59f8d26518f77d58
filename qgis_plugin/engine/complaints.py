# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failed command said, as one sentence for the person who can act."""

import re

from ..words import tr


def _of_the_machine():
    """(pattern, sentence): the computer or its keepers do not let it happen."""
    return [
        (
            r"No space left|not enough space|WinError 112|Errno 28",
            tr("The disk is full. Make room and try again."),
        ),
        (
            r"WinError 4551|Application Control|AppLocker|blocked by (your|group)|WinError 1260",
            tr(
                "A policy of this computer forbids programs in this folder. Ask whoever "
                "runs it, or connect to a server."
            ),
        ),
        (
            r"virus|WinError 225|malware",
            tr("The virus scanner stopped the installation. Allow the folder of the engine in it."),
        ),
        (
            r"Permission denied|Access is denied|Errno 13|WinError 5\b",
            tr("The folder of the engine may not be written. Choose another one in the options."),
        ),
    ]


def _of_the_proxy():
    """(pattern, sentence): the download does not get past QGIS's proxy."""
    return [
        (
            r"dependencies for SOCKS",
            tr(
                "pip cannot go through a SOCKS5 proxy. Set an HTTP proxy in QGIS (Settings, "
                "Options, Network), or give a folder of wheels in the options."
            ),
        ),
        (
            r"Tunnel connection failed: 407|407 (Client Error|Proxy)|HTTP error 407",
            tr(
                "The proxy does not accept the user and the password, or wants some. Set them in "
                "QGIS (Settings, Options, Network)."
            ),
        ),
        (
            r"Tunnel connection failed: 403",
            tr(
                "The proxy forbids the download. Ask whoever runs it to allow "
                "download.pytorch.org, pypi.org and files.pythonhosted.org, or give a folder of "
                "wheels in the options."
            ),
        ),
        (
            r"ProxyError|Tunnel connection failed",
            tr(
                "The proxy does not let the download through. Check it in QGIS (Settings, Options, "
                "Network)."
            ),
        ),
    ]


def _of_the_network():
    """(pattern, sentence): the download does not come."""
    return [
        (
            r"CERTIFICATE_VERIFY_FAILED|SSLError|SSL: ",
            tr(
                "The download is not trusted: something between here and the internet changes its "
                "certificates. Add your company's certificate in QGIS (Settings, Options, "
                "Authentication)."
            ),
        ),
        (
            r"new ?connection|NameResolution|Temporary failure in name|getaddrinfo|timed out"
            r"|Connection (refused|reset|aborted)|NetworkUnreachable",
            tr(
                "The download does not come through. Check the network and QGIS's proxy (Settings, "
                "Options, Network), or give a folder of wheels in the options."
            ),
        ),
    ]


def _of_python():
    """(pattern, sentence): this Python, or the libraries for it."""
    return [
        (
            r"DLL load failed|vcruntime|VC\+\+|msvcp",
            tr(
                'Windows lacks the Visual C++ runtime. Install "Microsoft Visual C++ '
                'Redistributable" and try again.'
            ),
        ),
        (
            # pip calls what its index lacks a conflict, if constraints name it too.
            r"No matching distribution|Could not find a version|ResolutionImpossible",
            tr(
                "There is no package of PyTorch or of another library for this Python and "
                "computer. Use Python 3.11 to 3.13 on 64 bits."
            ),
        ),
        (
            r"ensurepip is not available|No module named (venv|ensurepip)",
            tr(
                "This Python lacks the module venv. On Debian or Ubuntu: sudo apt install "
                "python3-venv."
            ),
        ),
    ]


def sentence_for(lines, program):
    """The sentence for the lines that a failed command said."""
    text = "\n".join(lines)
    known = [*_of_the_machine(), *_of_the_proxy(), *_of_the_network(), *_of_python()]
    for pattern, sentence in known:
        if re.search(pattern, text, re.IGNORECASE):
            return sentence
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return tr("{program} failed: {words}").format(program=program, words=last or "?")
