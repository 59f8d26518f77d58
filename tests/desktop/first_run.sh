# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh after first_run.py. What a new user meets: welcome, the plan, the options.
click waterseg_segment
wait_for "'waterseg_set_up' in widgets"
shot 1_welcome
click waterseg_set_up
wait_for "'waterseg_install' in widgets and 'PyTorch' in widgets['waterseg_plan']['text']"
shot 2_plan
until_seen "'waterseg_install' not in widgets" press Escape
click waterseg_connect
wait_for "'waterseg_server_url' in widgets"
shot 3_options_server
click waterseg_local
wait_for "'waterseg_create' in widgets"
shot 4_options_local
until_seen "not modal and 'waterseg_create' not in widgets" press Escape
