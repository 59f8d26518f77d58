# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh after parts.py. The context menu, a drawn rectangle, the options with an engine.
sleep 2
click_in theLayerTreeView 90 12 3
click waterseg_layer_segment
wait_for "'CPU' in widgets['waterseg_engine']['text'].upper()" 90
click waterseg_area
press Down; press Down; press Return
wait_for "'waterseg_draw' in widgets" 5
drag_canvas 20 12 48 40
wait_for "'km' in widgets['waterseg_area_size']['text'] or ' m' in widgets['waterseg_area_size']['text']" 5
shot 1_rectangle
click waterseg_run
wait_for "'waterseg_summary' in widgets" 180
shot 2_result
click waterseg_options
wait_for "'waterseg_test' in widgets" 10
click waterseg_test
wait_for "'CPU' in widgets['waterseg_answer']['text']" 60
shot 3_options
press Escape
sleep 1
click_in theLayerTreeView 110 30 3
wait_for "'waterseg_layer_export' in widgets" 5
shot 4_menu
press Escape
