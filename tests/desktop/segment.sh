# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh after segment.py. From the button to GeoJSON, with a break in the middle.
# Argument: where the GeoJSON goes.
wait_for_layer scene
shot 1_start
click waterseg_segment
wait_for "'CPU' in widgets['waterseg_engine']['text'].upper()"
wait_for "'tile' in widgets['waterseg_estimate']['text']"
shot 2_dock
click waterseg_run
aim waterseg_cancel
wait_for "'of water' in widgets['waterseg_said']['text']" 600
import -window root "$OUT/3_running.png"
click_here
wait_for "'waterseg_resume' in widgets"
shot 4_cancelled
click waterseg_resume
wait_for "'waterseg_summary' in widgets and 'waterseg_run' in widgets and 'waterseg_resume' not in widgets" 600
shot 5_result
click waterseg_export
wait_for "'QFileDialog' in modal"
type_into fileNameEdit "$1"
shot 6_export
until_seen "not modal" press Return
wait_for "any('geojson' in message for message in told)"
shot 7_exported
