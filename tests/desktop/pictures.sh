# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh after pictures.py, for scripts/pictures: the states worth showing.
sleep 2
click waterseg_segment
wait_for "'CPU' in widgets['waterseg_engine']['text'].upper()" 90
wait_for "'tile' in widgets['waterseg_estimate']['text']"
click_in waterseg_more 90 10
sleep 1
shot dock
click_in waterseg_more 90 10
click waterseg_run
wait_for "int(widgets['waterseg_progress']['text'].strip('%') or 0) > 40" 90
shot run
wait_for "'waterseg_summary' in widgets" 180
click_in theLayerTreeView 20 12
sleep 1
shot result
click waterseg_options
wait_for "'waterseg_test' in widgets" 10
click waterseg_test
wait_for "'CPU' in widgets['waterseg_answer']['text']" 60
shot options
press Escape
