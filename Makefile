# Everything starts here: `make help` lists what can be done.
# All paths are relative, so that the folder may have any name, with spaces too.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
# Further words for pip when it installs PyTorch, such as where to find a build for processors only.
TORCH_PIP_ARGS ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export FLASK_APP := wsgi.py

# An environment that was copied, moved or lost its Python is made anew.
ifneq ($(shell scripts/make-environment --works $(VENV) && echo yes),yes)
.PHONY: $(VENV)/.created
endif

FRONTEND := package.json package-lock.json $(shell find frontend -type f -not -name '.*') \
            $(wildcard seeds/reference/prefectures.geojson)
TESTS ?= tests
PYTEST_ARGS ?=
TEST_PROCESSES ?= 2

.PHONY: help setup run installed check fix test format-check lint types imports frontend-check clean

help: ## Say what can be done
	@echo "めぐりあわせ — make TARGET"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile
	@echo "Settings come from the environment or a file .env: see docs/configuration.md."

setup: installed ## Install, build, unpack the model, migrate, load data (needs Python 3.11+)
	@$(PYTHON) -m flask release

run: installed ## Set up what is missing and start the service on http://127.0.0.1:8000 (or PORT=…)
	@exec $(PYTHON) -m flask start

installed: $(VENV)/.product matchmaker/static/dist/manifest.json

check: format-check lint types imports frontend-check ## Check format, lint, types and import rules

fix: $(VENV)/.development ## Format and repair what can be repaired automatically
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

test: check ## Run all checks and all tests (TESTS=tests/jobs for a part)
	@OMP_NUM_THREADS=1 $(PYTHON) -m pytest -n $(TEST_PROCESSES) --dist loadfile $(PYTEST_ARGS) $(TESTS)

clean: ## Remove what was installed and built; data in instance/ stays
	rm -rf $(VENV) node_modules matchmaker/static/dist

format-check: $(VENV)/.development
	@$(PYTHON) -m ruff format --check .

lint: $(VENV)/.development
	@$(PYTHON) -m ruff check .

types: $(VENV)/.development
	@$(PYTHON) -m mypy

imports: $(VENV)/.development
	@$(BIN)/lint-imports --no-logo

frontend-check: matchmaker/static/dist/manifest.json
	@scripts/with-node npm run --silent check

# Each file below says that a step is done; it is done again when what it depends on has changed.

$(VENV)/.created:
	@scripts/make-environment $(VENV)

# PyTorch comes first and by itself: an open version would pull gigabytes of another build.
$(VENV)/.torch: $(VENV)/.created requirements-torch.txt
	@echo "Installing PyTorch (this takes a few minutes the first time)"
	@$(PYTHON) -m pip install --quiet $(TORCH_PIP_ARGS) -c requirements.txt -r requirements-torch.txt
	@touch $@

$(VENV)/.product: $(VENV)/.torch requirements.txt
	@echo "Installing the packages the product needs"
	@$(PYTHON) -m pip install --quiet -r requirements.txt
	@touch $@

$(VENV)/.development: $(VENV)/.product requirements-dev.txt
	@echo "Installing the packages for checks and tests"
	@$(PYTHON) -m pip install --quiet -r requirements-dev.txt
	@touch $@

node_modules/.installed: $(VENV)/.product package.json package-lock.json
	@echo "Installing the packages of the front end"
	@scripts/with-node npm ci --silent
	@touch $@

matchmaker/static/dist/manifest.json: node_modules/.installed $(FRONTEND)
	@echo "Building the front end"
	@scripts/with-node npm run --silent build
	@touch $@
