#!/bin/sh
# Stops the demo when the make that runs it is told to stop. make passes TERM on to its recipe, but an INT sent to make
# alone (not typed at a terminal) it only waits out, and a killed make tells nobody. Call: watch_make.sh MAKE_PID DEMO_PID
make=$1 demo=$2
[ -r /proc/self/status ] || exit 0
# The last hexadecimal digit of a signal mask; INT is its second bit. A dead make (Z) has nothing to say.
mask() { sed -n "/^State:[[:space:]]*Z/q; s/^$1:[[:space:]]*[0-9a-f]*\([0-9a-f]\)\$/\1/p" "/proc/$make/status" 2>/dev/null; }
has_int() { case "$1" in 2 | 3 | 6 | 7 | a | b | e | f) return 0 ;; *) return 1 ;; esac }
# Started in the background by a script, make has INT ignored and never catches it: then only its death counts.
ignored=no
has_int "$(mask SigIgn)" && ignored=yes
while kill -0 "$demo" 2>/dev/null; do
    if [ "$ignored" = yes ]; then
        [ -n "$(mask SigIgn)" ] || exec kill -TERM "$demo"
    else
        # A living make catches INT until it has had one.
        has_int "$(mask SigCgt)" || exec kill -TERM "$demo"
    fi
    sleep 0.5
done
