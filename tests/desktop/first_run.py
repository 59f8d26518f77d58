# SPDX-License-Identifier: GPL-3.0-or-later
"""Inside QGIS: nothing to prepare; the profile is fresh and there is no engine."""
