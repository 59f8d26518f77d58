# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh after new_user.py. A machine with QGIS and nothing else: the zip, the button, the engine that
# is downloaded, the first polygon. Says how many clicks that took, and how many seconds each wait.
# Argument: the zip.
clicks=0
person() { clicks=$((clicks + 1)); click "$1"; }
since=$SECONDS
took() { echo "$1: $((SECONDS - since)) s, $clicks clicks so far"; since=$SECONDS; }

wait_for_layer scene
clicks=1
until_seen "'mActionManagePlugins' in widgets" click Plugins
person mActionManagePlugins
wait_for "'Plugins' in modal"
person "row:Install from ZIP"
type_into mZipFileWidget "$1"
person buttonInstallFromZip
wait_for "'Security warning' in modal"
person button:Yes
wait_for "'waterseg_segment' in widgets and 'waterseg' in plugins"
clicks=$((clicks + 1))
until_seen "not modal" press Escape
took "the plugin"
person waterseg_segment
wait_for "'waterseg_set_up' in widgets"
shot 1_welcome
person waterseg_set_up
wait_for "'waterseg_install' in widgets and widgets['waterseg_install']['enabled']"
shot 2_plan
person waterseg_install
wait_for "'waterseg_install_cancel' in widgets"
shot 3_installing
wait_for "'waterseg_install_cancel' not in widgets" 3000
shot 4_installed
wait_for "'waterseg_install' not in widgets"
clicks=$((clicks + 1))
until_seen "'waterseg_plan' not in widgets" press Escape
took "the engine"
wait_for "'CPU' in widgets['waterseg_engine']['text'].upper()"
wait_for "'tile' in widgets['waterseg_estimate']['text']"
shot 5_ready
took "its start"
person waterseg_run
wait_for "any('so far' in name for name in layers) or 'waterseg_summary' in widgets" 600
shot 6_first_polygon
took "the first polygon"
wait_for "'waterseg_summary' in widgets" 600
shot 7_result
took "the result"
