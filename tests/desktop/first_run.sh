# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh after first_run.py. What a new user meets: welcome, the plan, the options.
sleep 1
click waterseg_segment
wait_for "'waterseg_set_up' in widgets" 10
shot 1_welcome
click waterseg_set_up
wait_for "'waterseg_install' in widgets and 'PyTorch' in widgets['waterseg_plan']['text']" 60
shot 2_plan
press Escape
sleep 1
click waterseg_connect
wait_for "'waterseg_server_url' in widgets" 10
shot 3_options_server
click waterseg_local
wait_for "'waterseg_create' in widgets" 10
shot 4_options_local
press Escape
sleep 1
