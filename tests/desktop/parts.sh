# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh after parts.py. The context menu, a drawn rectangle, the options with an engine.
wait_for_layer scene
until_seen "'waterseg_layer_segment' in widgets" click row:scene 3
click waterseg_layer_segment
wait_for "'CPU' in widgets['waterseg_engine']['text'].upper()"
until_seen "'row:Rectangle' in widgets" click waterseg_area
click row:Rectangle
wait_for "'waterseg_draw' in widgets"
until_seen "any(unit in widgets['waterseg_area_size']['text'] for unit in ('km', ' m'))" drag_canvas 20 12 48 40
shot 1_rectangle
click waterseg_run
wait_for "'waterseg_summary' in widgets" 600
shot 2_result
click waterseg_options
wait_for "'waterseg_test' in widgets"
click waterseg_test
wait_for "'CPU' in widgets['waterseg_answer']['text']"
shot 3_options
until_seen "not modal and 'waterseg_test' not in widgets" press Escape
until_seen "'waterseg_layer_export' in widgets" click "row:Water in scene" 3
shot 4_menu
until_seen "not popup" press Escape
