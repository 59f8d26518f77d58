# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: one small module per command, it parses, calls the library, prints."""
