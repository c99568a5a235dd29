#!/bin/sh
# Stops the demo when the make that runs it is told to stop. make passes TERM on to its recipe, but an INT sent to make
# alone (not typed at a terminal) it only waits out, and a killed make tells nobody. Call: watch_make.sh MAKE_PID DEMO_PID
make=$1 demo=$2
[ -r /proc/self/status ] || exit 0
caught='/^State:[[:space:]]*Z/q; s/^SigCgt:[[:space:]]*[0-9a-f]*\([0-9a-f]\)$/\1/p'
while kill -0 "$demo" 2>/dev/null; do
    case "$(sed -n "$caught" "/proc/$make/status" 2>/dev/null)" in
    # INT is the second bit: a living make catches it until it has had one; a dead one (Z) has nothing to say.
    2 | 3 | 6 | 7 | a | b | e | f) sleep 0.5 ;;
    *) exec kill -TERM "$demo" ;;
    esac
done
