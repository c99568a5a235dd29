#!/bin/sh
# The journeys drive Debian's Chromium and need a Chinese font. root gets both from Debian; anybody else gets the line to run.
missing=
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="chromium"
if command -v dpkg-query >/dev/null 2>&1; then
    dpkg-query -W -f '${Status}' fonts-noto-cjk 2>/dev/null | grep -q ' installed$' || missing="$missing fonts-noto-cjk"
else
    fc-list :lang=zh-cn family 2>/dev/null | grep -q . || missing="$missing fonts-noto-cjk"
fi
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "test: the browser tests need$(printf ' %s' $missing). Please run once, then make test again:" >&2
    echo "sudo apt-get update && sudo apt-get install -y --no-install-recommends" $missing >&2
    exit 2
fi

echo "test: installing from Debian:" $missing >&2
log=$(mktemp)
if DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 update -qq >"$log" 2>&1 &&
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends $missing >>"$log" 2>&1; then
    rm -f "$log"
else
    tail -n 20 "$log" >&2
    echo "test: apt-get could not install$(printf ' %s' $missing); its whole output is in $log" >&2
    exit 2
fi
