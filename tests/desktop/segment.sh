# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh after segment.py. From the button to GeoJSON, with a break in the middle.
# Argument: where the GeoJSON goes.
sleep 2                                   # the map has drawn the scene
shot 1_start
click waterseg_segment
wait_for "'CPU' in widgets['waterseg_engine']['text'].upper()" 90
wait_for "'tile' in widgets['waterseg_estimate']['text']"
shot 2_dock
click waterseg_run
wait_for "'waterseg_cancel' in widgets" 10
wait_for "'of water' in widgets['waterseg_said']['text']" 120
shot 3_running
click waterseg_cancel
wait_for "'waterseg_resume' in widgets" 60
shot 4_cancelled
click waterseg_resume
wait_for "'waterseg_summary' in widgets and 'waterseg_run' in widgets and 'waterseg_resume' not in widgets" 600
sleep 1
shot 5_result
click waterseg_export
wait_for "'QFileDialog' in modal" 10
type_text "$1"
shot 6_export
press Return
wait_for "any('geojson' in message for message in messages)" 20
shot 7_exported
