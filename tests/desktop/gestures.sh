# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run_desktop.sh: what a scenario may do with mouse and keyboard, and how it looks.
#
# Nothing here hopes that some seconds are enough. A step waits until what it needs is there, then
# until QGIS's main loop has turned twice more, so that what was done has arrived. LIMIT is long,
# because a crowded machine is slow, and costs nothing where the thing is there.
#
#   click NAME [BUTTON]           a widget, by object name; a tool button or menu entry, by its action's object
#                                 name or text; "row:TEXT" a row of a list. BUTTON: 1 left (default), 2, 3 right.
#                                 Waits until it is visible, enabled, at rest, and nothing lies over it
#   aim NAME;  click_here [BUTTON]   the same in two steps, where the moment matters
#   click_canvas X Y [BUTTON]     X and Y in per cent of the map canvas;  move_canvas X Y  only moves
#   click_in NAME X Y [BUTTON]    a point of a widget, in pixels from its upper left corner
#   drag_canvas X1 Y1 X2 Y2       from one point of the map to another, the left button pressed
#   press KEY;  type_into NAME TEXT   keyboard (xdotool key names); TEXT replaces what is in the field
#   until_seen EXPR GESTURE...    makes the gesture again until EXPR is true: for what a window that is closing
#                                 or busy may swallow (a right click, a drag, Escape). Its effect must be the same
#                                 when it is made twice
#   shot NAME                     screenshot of the whole screen: DIR/NAME.png
#   state EXPR                    prints a Python expression over state.json (see desktop_boot.py)
#   wait_for EXPR [SEC]           waits until it is true (default LIMIT), else fails
#   wait_for_layer NAME           waits until it is in the tree of layers and the map is drawn
#   settle                        waits until the main loop has turned twice
#   fail TEXT                     stops with a screenshot
LIMIT=${LIMIT:-180}
#: How long the effect of a gesture may take before it is made again.
AGAIN=20

shot() { settle; import -window root "$OUT/$1.png"; }
fail() {
    echo "FAILED: $*" >&2
    import -window root "$OUT/failed.png"
    tail -n 5 "$OUT/log.txt" "$OUT/qgis.log" >&2 2>/dev/null
    state "'modal: {!r} popup: {!r} active: {!r} focus: {!r}'.format(modal, popup, active, focus)" >&2
    exit 1
}
state() {
    python3 - "$OUT/state.json" "$1" <<'PYTHON'
import json, sys
values = json.load(open(sys.argv[1]))
print(eval(sys.argv[2], values))
PYTHON
}
is_true() { [ "$(state "bool($1)" 2>/dev/null)" = True ]; }
comes_true() {   # comes_true EXPR SEC: 0 it is true, 1 not within SEC seconds, 2 QGIS is gone, 3 an error in Python
    python3 - "$OUT/state.json" "$1" "$2" "$QGIS_PID" <<'PYTHON'
import json, os, sys, time
path, expression, limit, pid = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
until = time.monotonic() + limit
while True:
    last = time.monotonic() >= until
    state = {}
    try:
        state = json.load(open(path))
        if eval(expression, state):
            sys.exit(0)
    except (OSError, LookupError, ValueError, StopIteration):
        pass  # not there yet
    if state.get("errors"):
        sys.exit(3)
    if last:
        sys.exit(1)
    try:
        os.kill(pid, 0)
    except OSError:
        sys.exit(2)
    time.sleep(0.1)
PYTHON
}
wait_for() {
    local seconds=${2:-$LIMIT} code=0
    comes_true "$1" "$seconds" || code=$?
    case $code in
    0) ;;
    3) fail "an error in QGIS: $(state "'; '.join(errors)")" ;;
    2) fail "QGIS ended while waiting for: $1" ;;
    *) fail "waited $seconds s for: $1" ;;
    esac
}
wait_for_layer() {   # without any layer the canvas has 100 x 30 pixels
    wait_for "'row:$1' in widgets and not drawing and min(canvas[2:]) > 200"
}
settle() { wait_for "tick >= $(state tick) + 2"; }
until_seen() {   # until_seen EXPR GESTURE...
    local expression=$1 deadline=$((SECONDS + LIMIT))
    shift
    "$@"
    until comes_true "$expression" $AGAIN; do
        [ $SECONDS -lt $deadline ] || fail "no effect of: $* (waited for: $expression)"
        echo "again: $*" >> "$OUT/repeated.txt"
        "$@"
    done
}

rect_of() { state "' '.join(map(str, widgets['$1']['rect']))"; }
aim_in() {   # aim_in NAME [X Y]: at rest twice in a row; its centre unless a point is given
    local x y width height before=
    while true; do
        wait_for "widgets['$1']['free'] and widgets['$1'].get('enabled', True)"
        read -r x y width height < <(rect_of "$1" 2>/dev/null)
        [ "$before" = "$x $y $width $height" ] && [ -n "$x" ] && break
        before="$x $y $width $height"
        settle
    done
    xdotool mousemove $((x + ${2:-$((width / 2))})) $((y + ${3:-$((height / 2))}))
}
click_here() { xdotool click "${1:-1}"; settle; }
aim() { aim_in "$1"; }
click() { aim_in "$1"; click_here "${2:-1}"; }
click_in() { aim_in "$1" "$2" "$3"; click_here "${4:-1}"; }
canvas_point() {
    local x y width height
    read -r x y width height < <(state "' '.join(map(str, canvas))")
    echo $((x + width * $1 / 100)) $((y + height * $2 / 100))
}
move_canvas() { local x y; read -r x y < <(canvas_point "$1" "$2"); xdotool mousemove "$x" "$y"; }
click_canvas() { move_canvas "$1" "$2"; click_here "${3:-1}"; }
drag_canvas() {
    wait_for "not modal and not popup"
    move_canvas "$1" "$2"; settle
    xdotool mousedown 1; settle
    move_canvas $((($1 + $3) / 2)) $((($2 + $4) / 2)); settle
    move_canvas "$3" "$4"; settle
    xdotool mouseup 1; settle
}
press() { xdotool key "$1"; settle; }
type_into() {
    _type() { click "$1"; xdotool key ctrl+a; xdotool type --delay 40 "$2"; settle; }
    until_seen "focus_text == '$2'" _type "$1" "$2"
}
