#!/bin/sh
# Writes the locks from pyproject.toml. uv's requirements form carries names, versions and hashes and no address.
set -eu
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    [ -x build/uv/bin/uv ] || { python3 -m venv build/uv && build/uv/bin/python -m pip install --quiet uv; }
    uv=build/uv/bin/uv
fi
lock() { "$uv" pip compile --quiet --no-header --generate-hashes --universal pyproject.toml --group build "$@"; }
lock --output-file requirements.lock
lock --extra ocr --constraints requirements.lock --output-file requirements-ocr.lock
lock --extra ocr --group dev --constraints requirements-ocr.lock --output-file requirements-dev.lock
