# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh after pictures.py, for scripts/pictures: the states worth showing.
wait_for_layer itaipu_landsat8
click waterseg_segment
wait_for "'CPU' in widgets['waterseg_engine']['text'].upper()"
wait_for "'tile' in widgets['waterseg_estimate']['text']"
click_in waterseg_more 90 10
shot dock
click_in waterseg_more 90 10
click waterseg_run
wait_for "int(widgets['waterseg_progress']['text'].strip('%') or 0) > 40"
import -window root "$OUT/run.png"
wait_for "'waterseg_summary' in widgets" 600
click_in "row:Water in itaipu_landsat8" 20 8
wait_for "not drawing"
shot result
click waterseg_options
wait_for "'waterseg_test' in widgets"
click waterseg_test
wait_for "'CPU' in widgets['waterseg_answer']['text']"
shot options
until_seen "not modal" press Escape
