# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh after pictures_training.py, for scripts/pictures: a training set, step by step.
HEIGHT=1860 WIDTH=2041

on_scene() {   # on_scene ROW COL: the mouse goes to a pixel of the scene, which lies in the middle of the map
    read -r px py < <(state "'{} {}'.format(*(lambda x, y, w, h, s: (
        round(x + w / 2 + ($2 - $WIDTH / 2) * s), round(y + h / 2 + ($1 - $HEIGHT / 2) * s)))(
        *canvas, min(canvas[2] / $WIDTH, canvas[3] / $HEIGHT)))" | tr '\n' ' ')
    xdotool mousemove "$px" "$py"
}

wait_for_layer itaipu_landsat8
click waterseg_training
_chip_of() { click waterseg_training_tile; xdotool key ctrl+a; xdotool type --delay 40 "$1"; xdotool key Tab; settle; }
until_seen "widgets['waterseg_training_tile']['text'] == '224 px'" _chip_of 224
wait_for "int(widgets['waterseg_training_count_unlabelled']['text'].strip('–') or 0) > 16"
click waterseg_training_step_draw
click waterseg_training_tool_wand
on_scene 855 1059; settle
xdotool mousedown 1; settle
for step in 4 8 12 16; do on_scene 855 $((1059 + step * 3)); settle; done
xdotool mouseup 1
wait_for "'1 polygon' in widgets['waterseg_training_saved']['text']"
wait_for "'with water' in widgets['waterseg_training_status']['text'] and not drawing"
shot training_draw
click waterseg_training_step_area
wait_for "not drawing"
shot training_area
click waterseg_training_step_suggest
click waterseg_training_suggest
wait_for "'waterseg_training_suggestion' in widgets" 900
wait_for "not drawing"
shot training_suggest
click waterseg_training_accept_sure
settle
until_seen "'waterseg_training_reject_all' not in widgets" click waterseg_training_reject_all
wait_for "not drawing"
click waterseg_training_step_check
on_scene 900 760
wait_for "'IoU' in widgets['waterseg_training_iou']['text']"
shot training_check
click waterseg_training_step_write
click waterseg_training_write
wait_for "'waterseg_training_summary' in widgets" 900
shot training_written
