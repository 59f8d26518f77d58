# SPDX-License-Identifier: GPL-3.0-or-later
"""The waterseg plugin for QGIS: water polygons from any raster layer.

QGIS calls `classFactory`. Everything else is imported there, so that reading the plugin's
package costs nothing.
"""


def classFactory(iface):
    """The plugin, as QGIS asks for it; `iface` is None in qgis_process."""
    from .plugin import WatersegPlugin

    return WatersegPlugin(iface)
