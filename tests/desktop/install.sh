# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh after install.py. The zip by QGIS's own plugin manager, then the button, to a result.
# Argument: the zip.
wait_for_layer scene
until_seen "'mActionManagePlugins' in widgets" click Plugins
click mActionManagePlugins
wait_for "'Plugins' in modal"
click "row:Install from ZIP"
type_into mZipFileWidget "$1"
shot 1_manager
click buttonInstallFromZip
wait_for "'Security warning' in modal"
click button:Yes
wait_for "'waterseg_segment' in widgets and 'waterseg' in plugins"
shot 2_installed
until_seen "not modal" press Escape
click waterseg_segment
wait_for "'CPU' in widgets['waterseg_engine']['text'].upper()"
wait_for "'tile' in widgets['waterseg_estimate']['text']"
shot 3_dock
click waterseg_run
wait_for "'waterseg_summary' in widgets" 600
shot 4_result
