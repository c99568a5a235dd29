"""How the suite is shared out between processes, as a pytest plugin: a file stays whole, with its fixtures.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
MADE := .venv/.made
ASSETS := package-lock.json requirements-node.lock scripts/build_assets.py $(wildcard bihuan/locale/*/LC_MESSAGES/*.po)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install -qq --root-user-action=ignore
# Scripts and the editable install carry absolute paths: a moved or copied checkout gets a new environment.
MOVED := $(if $(filter-out x$(shell cat $(MADE)/venv 2>/dev/null | tr -d '[:space:]'),x$(shell pwd | tr -d '[:space:]')),again)
UNBUILT := $(if $(wildcard bihuan/web/static/vendor/*),,again)

.PHONY: help setup ocr demo test check fix bench long where lock again

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 8

setup: $(MADE)/bihuan $(MADE)/assets ## .venv with bihuan in it; no service, no apt
	@$(BIN)/bihuan --version

ocr: setup $(MADE)/ocr ## the extra that reads scans, 130 MB; offline ever after

demo: setup ## a county to look at, in the foreground: PORT SEED FINDINGS ON BIHUAN_HOME; stop it by Ctrl-C
	@(sh scripts/watch_make.sh $$PPID $$$$ &) >/dev/null 2>&1; exec $(BIN)/bihuan demo

test: setup $(MADE)/dev ## the tests, a process for each core; ARGS="tests/rules -k calendar" runs some, in one
	@sh scripts/browser.sh
	@$(BIN)/pytest $(if $(ARGS),$(ARGS),-n $$(nproc) --maxprocesses 8 --dist loadfile --no-loadscope-reorder)

check: setup $(MADE)/dev ## format, lint, types, contracts, templates, then the tests
	@$(BIN)/python scripts/check.py
	@$(MAKE) --no-print-directory test

fix: $(MADE)/dev ## mend what a machine can mend: format and the safe part of lint
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .
	@$(BIN)/python scripts/lifecycle_page.py

bench: setup $(MADE)/dev ## measure; ARGS=name for one of bench/
	@$(BIN)/python scripts/measure.py $(ARGS)

long: setup $(MADE)/dev ## the tests that take minutes
	@sh scripts/browser.sh
	@$(BIN)/pytest -m long $(ARGS)

where: ## the files of one noun over all layers: NOUN=findings
	@$(PYTHON) scripts/where.py "$(NOUN)"

lock: ## lock the packages again after a change of pyproject.toml
	@sh scripts/lock.sh

$(MADE)/venv: $(MOVED)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "setup: Python 3.11 or newer is needed; name one with: make setup PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv --clear .venv || { echo "setup: on Debian, first: apt-get install python3-venv" >&2; exit 2; }
	@mkdir -p $(MADE) && pwd > $@

$(MADE)/run: requirements.lock $(MADE)/venv
	@echo "setup: installing the locked packages (about a minute the first time)" >&2
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(MADE)/bihuan: pyproject.toml $(MADE)/run
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q bihuan
	@touch $@

$(MADE)/assets: $(MADE)/run $(ASSETS) $(UNBUILT)
	@echo "setup: building styles and labels" >&2
	@$(BIN)/python scripts/build_assets.py >&2
	@touch $@

$(MADE)/ocr: requirements-ocr.lock $(MADE)/run
	@echo "setup: installing what recognizes scans" >&2
	@$(PIP) --require-hashes -r requirements-ocr.lock
	@touch $@

$(MADE)/dev: requirements-dev.lock $(MADE)/run
	@echo "setup: installing what the tests need" >&2
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
