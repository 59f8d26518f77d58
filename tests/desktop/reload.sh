# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh after reload.py: the button works after all that.
click waterseg_segment
wait_for "'waterseg_set_up' in widgets"
