# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh after training.py. Two lakes are drawn with the mouse, one with an island; what the
# tokens say of them is looked at; the model suggests a third; the set is written; the bundled model learns from it for
# a minute; what came of it is chosen for segmenting and compared with the one before. SIDE pixels has the scene.
SIDE=1800

on_scene() {   # on_scene ROW COL: the mouse goes to a pixel of the scene, which lies in the middle of the map
    local x y width height least
    read -r x y width height < <(state "' '.join(map(str, canvas))")
    least=$((width < height ? width : height))
    xdotool mousemove $((x + width / 2 + ($2 * 2 - SIDE) * least / (2 * SIDE))) \
        $((y + height / 2 + ($1 * 2 - SIDE) * least / (2 * SIDE)))
}
click_scene() { on_scene "$1" "$2"; click_here "${3:-1}"; }
around() {   # around ROW COL RADIUS CORNERS: "row col" of corners on a circle
    python3 -c "
import math, sys
row, col, radius, corners = map(int, sys.argv[1:])
for step in range(corners):
    turn = 2 * math.pi * step / corners
    print(round(row - radius * math.cos(turn)), round(col + radius * math.sin(turn)))" "$@"
}
click_around() {   # the corners one by one, then a right click that closes
    local row col
    while read -r row col; do click_scene "$row" "$col"; done < <(around "$@")
    click_here 3
}
drag_along() {   # drag_along "ROW COL" "ROW COL"...: with the button pressed
    local point first=1
    for point in "$@"; do
        # shellcheck disable=SC2086
        on_scene $point
        [ $first = 1 ] && { settle; xdotool mousedown 1; first=0; }
        sleep 0.05
    done
    settle
    xdotool mouseup 1
    settle
}
drawn() { wait_for "widgets['waterseg_training_saved']['text'].startswith('$1 polygon')"; }

wait_for_layer scene
click waterseg_training
wait_for "'waterseg_training_tile' in widgets"
_chip_of() { click waterseg_training_tile; xdotool key ctrl+a; xdotool type --delay 40 "$1"; xdotool key Tab; settle; }
until_seen "widgets['waterseg_training_tile']['text'] == '256 px'" _chip_of 256
wait_for "int(widgets['waterseg_training_count_unlabelled']['text'].strip('–') or 0) > 16"
wait_for "not drawing"
shot 1_area

click waterseg_training_step_draw
click waterseg_training_tool_polygon
click_around 450 450 205 16
drawn 1
click waterseg_training_tool_island
click_around 450 450 62 8
drawn 1
shot 2_polygon_with_island
press w
wait_for "'waterseg_training_tolerance' in widgets"
drag_along "750 1350" "750 1355" "750 1362"
drawn 2
shot 3_wand
click waterseg_training_tool_freehand
mapfile -t pond < <(around 1560 1400 80 40)
drag_along "${pond[@]}"
drawn 3
click waterseg_training_tool_eraser
drag_along "1560 1330" "1560 1370" "1560 1400" "1560 1430" "1560 1480"
drawn 3
shot 4_freehand_and_eraser
press ctrl+z                              # the eraser's stroke
press ctrl+z                              # the pond
drawn 2
shot 5_undone
click waterseg_training_step_area
wait_for "int(widgets['waterseg_training_count_water']['text'].strip('–') or 0) > 3"
click waterseg_training_exclude
click_scene 100 1700
wait_for "widgets['waterseg_training_count_excluded']['text'] == '1'"
click waterseg_training_dry
click_scene 900 900
wait_for "widgets['waterseg_training_count_dry']['text'] == '1'"
click_scene 1700 1100
wait_for "widgets['waterseg_training_count_dry']['text'] == '2'"
shot 6_chips

click waterseg_training_step_suggest
click waterseg_training_suggest
wait_for "'waterseg_training_suggestion' in widgets" 600
wait_for "not drawing"
shot 7_suggestion
click waterseg_training_accept
wait_for "'waterseg_training_accept' not in widgets"

click waterseg_training_step_check
on_scene 400 330
wait_for "'IoU' in widgets['waterseg_training_iou']['text']"
shot 8_check
click waterseg_training_check_all
wait_for "'waterseg_training_check_cancel' not in widgets" 600
shot 9_checked

click waterseg_training_step_write
type_into waterseg_training_name ponds
wait_for "'with water' in widgets['waterseg_training_status']['text']"
shot 10_write
click waterseg_training_write
wait_for "'waterseg_training_summary' in widgets" 600
settle
shot 11_written

click waterseg_training_finetune
wait_for "'waterseg_finetune_minutes' in widgets and widgets['waterseg_finetune_name']['text'] == 'ponds'"
_minutes() { click waterseg_finetune_minutes; xdotool key ctrl+a; xdotool type --delay 40 "$1"; xdotool key Tab; settle; }
until_seen "widgets['waterseg_finetune_minutes']['text'].startswith('1 ')" _minutes 1
shot 12_finetune
click waterseg_finetune_start
wait_for "'waterseg_finetune_train' in widgets" 600
shot 13_estimate
click waterseg_finetune_train
wait_for "'waterseg_finetune_stop_epoch' in widgets" 300
wait_for "'waterseg_finetune_samples' in widgets or 'waterseg_finetune_use' in widgets" 600
shot 14_learning
wait_for "'waterseg_finetune_use' in widgets" 900
settle
shot 15_learned
click waterseg_finetune_compare
wait_for "'row:ponds: water in scene' in widgets and 'row:nano: water in scene' in widgets" 600
wait_for "not drawing"
shot 16_compared
drag_canvas 50 50 30 50
shot 17_swiped
press Escape
click waterseg_finetune_use
wait_for "'ponds' in widgets.get('waterseg_model', {}).get('text', '')"
wait_for "widgets['waterseg_layer']['text'] == 'scene'"
shot 18_chosen
