#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a scenario in the real QGIS Desktop: its own Xvfb, real mouse clicks and key presses, screenshots.
#
#   run_desktop.sh [options] PLUGIN_PARENT SCENARIO.py PROFILE [-- ARG...]
#
# PLUGIN_PARENT  folder above the plugin folder(s); every plugin in it is enabled in the profile
# SCENARIO.py    Python run inside QGIS once the main window is ready: load layers, prepare things.
#                If SCENARIO.sh lies beside it, that file is sourced afterwards, here, outside QGIS:
#                it clicks, types and looks, with the functions listed below, and gets ARG... as its "$@".
# PROFILE        folder for QGIS's profiles; made when missing, so the user's own profile is never touched
#
#   -o DIR   output: screenshots (.png), log.txt, state.json, qgis.log. Default: a new temporary folder
#   -q CMD   QGIS program (default /usr/bin/qgis)
#   -r ROOT  run CMD inside this chroot (see other_qgis.sh); PLUGIN_PARENT, PROFILE, DIR and the folders of the
#            scenario and of this script must be bound there at the same paths
#   -t SEC   how long to wait for QGIS to start (default 180)
#   -w       no window manager
# SCREEN=WIDTHxHEIGHT in the environment sets the size of the screen (1280x800).
#
# What SCENARIO.sh may do is told in gestures.sh.
# Exit: 0 all went well, 1 a step failed or Python raised an error in QGIS, 2 wrong use or QGIS did not start.
set -u

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
usage() { sed -n '2,/^set -u/{/^set -u/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 2; }

OUT= QGIS=/usr/bin/qgis ROOT= START_LIMIT=180 WINDOW_MANAGER=1
while getopts o:q:r:t:wh option; do
    case $option in
    o) OUT=$OPTARG ;; q) QGIS=$OPTARG ;; r) ROOT=$OPTARG ;; t) START_LIMIT=$OPTARG ;; w) WINDOW_MANAGER=0 ;; *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -ge 3 ] || usage
[ -d "$1" ] && [ -f "$2" ] || { echo "no such plugin folder or scenario: $1, $2" >&2; exit 2; }
mkdir -p "$3" && OUT=${OUT:-$(mktemp -d)} && mkdir -p "$OUT" || exit 2
PLUGINS=$(realpath "$1") SCENARIO=$(realpath "$2") PROFILE=$(realpath "$3") OUT=$(realpath "$OUT")
shift 3
[ "${1:-}" = -- ] && shift
SCENARIO_ARGS=("$@")

RUNTIME=$(mktemp -d)      # XDG_RUNTIME_DIR, private
chmod 700 "$RUNTIME"
rm -f "$OUT/state.json" "$OUT/log.txt" "$OUT/display"
QGIS_PID= WM_PID= XVFB_PID=

end_process() {   # SIGTERM by pid (QGIS asks nothing), then SIGKILL
    [ -n "$1" ] && kill "$1" 2>/dev/null || return 0
    for _ in $(seq 20); do kill -0 "$1" 2>/dev/null || return 0; sleep 0.25; done
    kill -9 "$1" 2>/dev/null
}
clean_up() {
    end_process "$QGIS_PID"; end_process "$WM_PID"; end_process "$XVFB_PID"
    rm -rf "$RUNTIME" "$OUT/display"
}
trap clean_up EXIT

# shellcheck source=tests/desktop/gestures.sh
. "$here/gestures.sh"

enable_plugins() {   # in the profile's settings file, as the plugin manager would
    local settings=$PROFILE/profiles/default/QGIS/QGIS3.ini folder name
    mkdir -p "$(dirname "$settings")"
    touch "$settings"
    # QGIS looks for plugins on the internet before it shows those that are here: not in a test.
    grep -q '^plugin_repositories' "$settings" ||
        printf '\n[app]\nplugin_repositories\\QGIS%%20Official%%20Plugin%%20Repository\\enabled=false\n' >> "$settings"
    grep -q '^\[PythonPlugins\]' "$settings" || printf '\n[PythonPlugins]\n' >> "$settings"
    for folder in "$PLUGINS"/*/; do
        name=$(basename "$folder")
        [ -f "$folder/metadata.txt" ] || continue
        grep -q "^$name=" "$settings" || sed -i "/^\[PythonPlugins\]/a $name=true" "$settings"
    done
}

start_screen() {   # 96 dpi: otherwise Qt may scale and its coordinates are no longer X pixels
    Xvfb -displayfd 3 -screen 0 "${SCREEN:-1280x800}x24" -dpi 96 -nolisten tcp 3> "$OUT/display" > "$OUT/xvfb.log" 2>&1 &
    XVFB_PID=$!
    for _ in $(seq 300); do [ -s "$OUT/display" ] && break; sleep 0.1; done
    [ -s "$OUT/display" ] || { echo "Xvfb did not start: see $OUT/xvfb.log" >&2; exit 2; }
    DISPLAY=:$(tr -d '[:space:]' < "$OUT/display")
    export DISPLAY
    unset XAUTHORITY QT_QPA_PLATFORM
    [ "$WINDOW_MANAGER" = 0 ] || start_window_manager
}

start_window_manager() {   # again if a screen that has just begun turned it away
    local desktops
    for _ in $(seq 600); do
        if [ -z "$WM_PID" ] || ! kill -0 "$WM_PID" 2>/dev/null; then
            openbox --sm-disable >> "$OUT/openbox.log" 2>&1 &
            WM_PID=$!
        fi
        sleep 0.2
        desktops=$(xdotool get_num_desktops 2>/dev/null) && [ "$desktops" != 0 ] && return
    done
    echo "The window manager did not start: see $OUT/openbox.log" >&2
    exit 2
}

start_qgis() {
    local settings=("DISPLAY=$DISPLAY" "QGIS_PLUGINPATH=$PLUGINS" "GUI_OUT=$OUT" "GUI_SCENARIO=$SCENARIO")
    local name
    for name in SCENE WATERSEG_PYTHON WATERSEG_ENGINE WATERSEG_CACHE OMP_NUM_THREADS XDG_DATA_HOME XDG_CACHE_HOME; do
        [ -z "${!name+set}" ] || settings+=("$name=${!name}")      # a chroot begins with nothing
    done
    local options=(--profiles-path "$PROFILE" --nologo --noversioncheck --code "$here/desktop_boot.py")
    if [ -n "$ROOT" ]; then
        env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
            "${settings[@]}" chroot "$ROOT" "$QGIS" "${options[@]}" > "$OUT/qgis.log" 2>&1 &
    else
        env "XDG_RUNTIME_DIR=$RUNTIME" "${settings[@]}" "$QGIS" "${options[@]}" > "$OUT/qgis.log" 2>&1 &
    fi
    QGIS_PID=$!
    local deadline=$((SECONDS + START_LIMIT))
    until [ -s "$OUT/state.json" ] && is_true scenario_done; do
        if ! kill -0 "$QGIS_PID" 2>/dev/null || [ $SECONDS -ge $deadline ]; then
            import -window root "$OUT/not_started.png"      # a plugin that fails to load shows a modal traceback before --code is run
            echo "QGIS did not get ready in $START_LIMIT s: see $OUT/not_started.png, $OUT/qgis.log, $OUT/log.txt" >&2
            exit 2
        fi
        sleep 0.25
    done
}

echo "output: $OUT"
enable_plugins
start_screen
start_qgis
if [ -f "${SCENARIO%.py}.sh" ]; then
    set -- ${SCENARIO_ARGS[@]+"${SCENARIO_ARGS[@]}"}
    # shellcheck disable=SC1090
    . "${SCENARIO%.py}.sh"
fi
shot end
kill -0 "$QGIS_PID" 2>/dev/null || fail "QGIS died"
state "'messages: {}\nmodal: {}'.format(messages, modal)"
if is_true errors; then
    state "'\n'.join(errors)" >&2
    exit 1
fi
