# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see of waterseg in QGIS: the dock, the options page, menus and messages."""
