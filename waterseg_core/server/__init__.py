# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP door of waterseg, protocol version 1 (docs/PROTOCOL.md).

from waterseg_core.server.app import make_app
from waterseg_core.server.serve import serve
"""
